"""Holding the archives of a store against the events that tell of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from domain.errors import Damaged
from storage import archives, archiving
from storage.archives import Archive
from storage.connection import Connection

ACTION: str = "archive.year"
"""The action of the event that tells of an archive."""

Progress = Callable[[str, int], None]


def check(connection: Connection, progress: Progress) -> dict[int, str]:
    """Hold every archive against its event; return the missing ones, by year, with their files.

    Raises Damaged naming the first thing that does not fit: what the store knows of its archives,
    what it still has of an archived year, the archive's rows, and at last each of its bytes.
    """
    told = _told(connection)
    known = archives.known(connection)
    for archive in known:
        if archive.year not in told:
            raise Damaged("archives.untold", year=str(archive.year))
    missing: dict[int, str] = {}
    recorded = {archive.year: archive for archive in known}
    for year, (seq, detail) in told.items():
        said = Archive(year, str(detail["file"]), str(detail["head"]))
        if recorded.get(year) != said:
            raise Damaged("archives.forgotten", year=str(year), seq=seq)
        _check_left(connection, said, seq, detail)
        path = archives.place(connection, said)
        if path.exists():
            _check_file(connection, said, seq, detail, progress)
        else:
            missing[year] = str(path)
    return missing


def _told(connection: Connection) -> dict[int, tuple[int, dict[str, Any]]]:
    found: dict[int, tuple[int, dict[str, Any]]] = {}
    for seq, body in connection.rows(
        "SELECT seq, detail FROM events WHERE action = ? ORDER BY seq", (ACTION,)
    ):
        detail = json.loads(body)
        found[int(detail["year"])] = (seq, detail)
    return found


def _check_left(connection: Connection, archive: Archive, seq: int, detail: dict[str, Any]) -> None:
    """Raise Damaged where the store has more of an archived year than it kept, or less."""
    for table in ("reports", "findings"):
        row = connection.row(
            f"SELECT MIN(date) FROM {table} WHERE date BETWEEN ? AND ?",
            (archive.first, archive.last),
        )
        if row is not None and row[0] is not None:
            raise Damaged("archives.added", day=row[0], year=str(archive.year), seq=seq)
    owed = connection.rows(
        "SELECT subject, unit FROM obligations WHERE kind = 'report' AND subject BETWEEN ? AND ?"
        " ORDER BY subject, unit",
        (archive.first, archive.last),
    )
    still = archiving.left_open(connection, archive)
    if len(owed) != detail["left_open"] or len(still) != len(owed):
        raise Damaged("archives.owed_differ", year=str(archive.year), seq=seq)


def _check_file(
    connection: Connection,
    archive: Archive,
    seq: int,
    detail: dict[str, Any],
    progress: Progress,
) -> None:
    there = archives.opened(connection, archive)
    path = archives.place(connection, archive)
    head = connection.row("SELECT hash FROM events WHERE seq = ?", (detail["events"],))
    if head != (archive.head,):
        raise Damaged("archives.another", year=str(archive.year), file=str(path))
    said = detail["moved"]
    columns = {table: said[table]["columns"] for table in archiving.TABLES}
    found = archiving.account(there, archive, progress, columns)
    for table, counted in found.items():
        if counted != said[table]:
            raise Damaged(
                "archives.rows_differ",
                table=table,
                year=str(archive.year),
                file=str(path),
                seq=seq,
                said=said[table]["count"],
                count=counted["count"],
            )
    owed = columns["obligations"]
    if archiving.left_open(there, archive, owed) != archiving.left_open(connection, archive, owed):
        raise Damaged("archives.owed_differ", year=str(archive.year), seq=seq)
    if archiving.sha256(path) != detail["sha256"]:
        raise Damaged("archives.altered", year=str(archive.year), file=str(path), seq=seq)


def filings_of(connection: Connection, year: int) -> int:
    """Return how many events tell of a filing for a day of the year."""
    row = connection.row(
        "SELECT COUNT(*) FROM events WHERE action IN ('report.file', 'report.amend')"
        " AND substr(subject, 1, 6) = ?",
        (f"R-{year:04}",),
    )
    return 0 if row is None else int(row[0])
