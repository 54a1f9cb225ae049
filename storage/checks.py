"""Questions about the health of a store's file, for `doctor`."""

from __future__ import annotations

import sqlite3

from domain.instants import Instant
from storage.connection import Connection


def engine_version() -> str:
    """Return the version of SQLite in use."""
    return sqlite3.sqlite_version


def damage(connection: Connection, most: int = 5) -> list[str]:
    """Return what the engine finds wrong with the file, in its own words; nothing where sound."""
    found = [str(row[0]) for row in connection.rows(f"PRAGMA quick_check({most})")]
    return [] if found == ["ok"] else found


def dangling(connection: Connection) -> int:
    """Return the number of rows that refer to something that is not there."""
    return len(connection.rows("PRAGMA foreign_key_check"))


def last_event_at(connection: Connection) -> Instant | None:
    """Return when the newest event was recorded, None for a store without events."""
    row = connection.row("SELECT MAX(at) FROM events")
    return None if row is None else row[0]


def contradictions(connection: Connection) -> int:
    """Return the number of report obligations whose discharge and first filing differ (R5, R11)."""
    row = connection.row(
        "SELECT COUNT(*) FROM obligations AS o LEFT JOIN reports AS r"
        " ON r.date = o.subject AND r.unit = o.unit AND r.revision = 1"
        " WHERE o.kind = 'report' AND o.discharged_at IS NOT r.filed_at"
    )
    assert row is not None
    return int(row[0])
