"""Moving a closed year out of the store, once a whole copy of it is known to hold it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.errors import Damaged
from domain.instants import Instant
from domain.values import dataclass
from storage.archives import Archive
from storage.connection import Connection, Row
from storage.proofs import Digest
from storage.store import set_fact

TABLES: dict[str, tuple[str, str, str]] = {
    "reports": ("date", "", "date, unit, revision"),
    "findings": ("date", "", "date, unit, revision, no"),
    "obligations": ("subject", "kind = 'report' AND ", "subject, unit"),
}
"""What is archived: the column of the day, which rows, and the order in which they are told."""

OPEN: str = "discharged_at IS NULL AND exempt = 0"
"""The reports that were never filed: they stay owed in the store as well."""

Account = dict[str, dict[str, Any]]
"""What a year has of each table: its columns, how many rows, and their digest."""

_NAME = re.compile(r"[a-z][a-z_0-9]*", re.ASCII)
_BYTES = 1 << 20


def account(
    connection: Connection,
    archive: Archive,
    progress: Callable[[str, int], None],
    columns: Mapping[str, Sequence[str]] | None = None,
) -> Account:
    """Return what a year has in this file; of these columns, or of all that there are.

    Columns that a later program adds do not change what was said of the others.
    """
    found: Account = {}
    for table, (day, narrow, order) in TABLES.items():
        names = list(connection.columns(table) if columns is None else columns[table])
        if not all(_NAME.fullmatch(str(name)) for name in names):
            raise Damaged("errors.store_damaged", store=str(connection.path))
        digest = Digest()
        for row in connection.each(
            f"SELECT {', '.join(names)} FROM {table} WHERE {narrow}{day} BETWEEN ? AND ?"
            f" ORDER BY {order}",
            (archive.first, archive.last),
        ):
            digest.add(row)
            progress("archiving", digest.count)
        found[table] = {"columns": names, **digest.detail()}
    return found


def left_open(
    connection: Connection, archive: Archive, columns: Sequence[str] = ("subject", "unit")
) -> list[Row]:
    """Return these columns of a year's reports in this file that were never filed."""
    return connection.rows(
        f"SELECT {', '.join(columns)} FROM obligations WHERE kind = 'report'"
        f" AND subject BETWEEN ? AND ? AND {OPEN} ORDER BY subject, unit",
        (archive.first, archive.last),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What keeps a year from being archived, as it stands in the store.

    `before` is the first day before the year that has something, `locks_at` when the year's last
    day locks, `matters` the open matters that rest on its reports.
    """

    before: str | None
    locks_at: Instant | None
    matters: list[str]


def standing(connection: Connection, archive: Archive, begin: str) -> Standing:
    """Return how a year stands; `begin` is the first ISO day that is not archived."""
    before = connection.row(
        "SELECT MIN(day) FROM (SELECT MIN(date) AS day FROM reports WHERE date < :first"
        " UNION ALL SELECT MIN(day) FROM days WHERE day < :first AND day >= :begin) AS earlier",
        {"first": archive.first, "begin": begin},
    )
    locks = connection.row(
        "SELECT MAX(locks_at) FROM obligations WHERE kind = 'report' AND subject BETWEEN ? AND ?",
        (archive.first, archive.last),
    )
    year = f"{archive.year:04}-"
    matters = [
        row[0]
        for row in connection.rows(
            "SELECT number FROM matters WHERE closed_at IS NULL AND"
            " (substr(origin, 1, 5) = :filed OR substr(origin, 1, 10) = :zero)"
            " UNION SELECT m.number FROM matters AS m INNER JOIN findings AS f"
            " ON f.same_as = m.number AND f.same_as <> '' WHERE m.closed_at IS NULL"
            " AND f.date BETWEEN :first AND :last ORDER BY 1",
            {
                "filed": year,
                "zero": f"zero/{year}",
                "first": archive.first,
                "last": archive.last,
            },
        )
    ]
    assert before is not None
    assert locks is not None
    return Standing(before[0], locks[0], matters)


def has_reports(connection: Connection, archive: Archive) -> bool:
    """Return whether anything was filed for a year."""
    found = connection.row(
        "SELECT 1 FROM reports WHERE date BETWEEN ? AND ? LIMIT 1", (archive.first, archive.last)
    )
    return found is not None


def move_out(connection: Connection, archive: Archive) -> None:
    """Take a year's rows out of the store inside the caller's transaction.

    The triggers that keep reports and findings from being deleted are taken away for it and put
    back word for word, in the same transaction: nobody ever sees the store without them.
    """
    guards = connection.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        " AND name IN ('reports_not_deleted', 'findings_not_deleted') ORDER BY name"
    )
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    span = (archive.first, archive.last)
    for table in ("findings", "reports"):
        connection.execute(f"DELETE FROM {table} WHERE date BETWEEN ? AND ?", span)
    connection.execute(
        "DELETE FROM obligations WHERE kind = 'report' AND subject BETWEEN ? AND ?"
        f" AND NOT ({OPEN})",
        span,
    )
    for _, sql in guards:
        connection.execute(sql)


def mark(connection: Connection, archive: Archive) -> None:
    """Make a copy of the store the archive of a year: one file that is only read from now on."""
    set_fact(connection, "archive", str(archive.year))
    connection.execute("PRAGMA journal_mode = DELETE")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_BYTES):
            digest.update(part)
    return digest.hexdigest()
