"""Questions about the health of a store's file, for `doctor`."""

from __future__ import annotations

import sqlite3
from datetime import date

from domain.errors import Busy, Damaged, Refused
from domain.instants import Instant
from storage.archives import parts
from storage.connection import Connection
from storage.store import Store, set_fact

LOOKED_OVER = 64 << 20
"""Bytes up to which a store is looked over at its first opening of a day: half a second's work."""
_PATIENCE = 0.2


def engine_version() -> str:
    """Return the version of SQLite in use."""
    return sqlite3.sqlite_version


def damage(connection: Connection, most: int = 5) -> list[str]:
    """Return what the engine finds wrong with the file, in its own words; nothing where sound."""
    found = [str(row[0]) for row in connection.rows(f"PRAGMA integrity_check({most})")]
    return [] if found == ["ok"] else found


def look_over(store: Store, today: date) -> None:
    """Hold the whole file against itself at its first opening of a day, and of every copy.

    A damaged index would otherwise answer wrongly in silence. Larger stores than `LOOKED_OVER`
    are left to `doctor` and to backups. Raises Damaged.
    """
    found = store.path.stat()
    mark = f"{today} {found.st_ino}"
    if store.looked_over == mark or found.st_size > LOOKED_OVER:
        return
    connection = store.connection
    if damage(connection, 1):
        raise Damaged("errors.store_damaged", store=str(store.path))
    if not connection.writable:
        return
    try:
        with connection.waiting(_PATIENCE), connection.writing():
            set_fact(connection, "looked_over", mark)
            store.looked_over = mark
    except (Busy, Refused):
        # Whoever comes next looks again.
        return


def dangling(connection: Connection) -> int:
    """Return the number of rows that refer to something that is not there."""
    return len(connection.rows("PRAGMA foreign_key_check"))


def last_event_at(connection: Connection) -> Instant | None:
    """Return when the newest event was recorded, None for a store without events."""
    row = connection.row("SELECT MAX(at) FROM events")
    return None if row is None else row[0]


def contradictions(connection: Connection) -> int:
    """Return the number of report obligations whose discharge and first filing differ (R5, R11)."""
    return sum(
        row[0]
        for part in parts(connection)
        for row in part.connection.rows(
            "SELECT COUNT(*) FROM obligations AS o LEFT JOIN reports AS r"
            " ON r.date = o.subject AND r.unit = o.unit AND r.revision = 1"
            " WHERE o.kind = 'report' AND o.discharged_at IS NOT r.filed_at"
            " AND o.subject BETWEEN ? AND ?",
            (part.first, part.last),
        )
    )
