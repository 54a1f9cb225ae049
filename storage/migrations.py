"""Numbered migrations, each in one transaction, safe when two processes start at once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from domain.errors import Damaged
from storage.connection import APPLICATION_ID, SCHEMA_VERSION, Connection, explained

FOLDER = Path(__file__).parent / "schema"


def migrate(connection: Connection) -> int:
    """Apply the migrations that the store lacks; return how many were applied.

    The write lock is taken before the version is read, so a second process that arrives
    meanwhile waits, looks again, and finds nothing to do.
    """
    # The program's own pragmas stand; sqlite-utils adds nothing to the connection.
    database = Database(connection.engine, use_counts_table=False)
    applied = 0
    for number, path in numbered():
        with connection.writing():
            if connection.version() >= number:
                continue
            try:
                for statement in statements(path.read_text(encoding="utf-8")):
                    database.execute(statement)
            except sqlite3.Error as error:
                raise explained(error, connection.path) from error
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
            applied += 1
    return applied


def numbered() -> list[tuple[int, Path]]:
    """Return the migrations as (number, SQL file), 1, 2, 3 … without a gap."""
    found = sorted((int(path.name[:4]), path) for path in FOLDER.glob("[0-9]*.sql"))
    if [number for number, _ in found] != list(range(1, SCHEMA_VERSION + 1)):
        raise Damaged("errors.program_incomplete", folder=str(FOLDER))
    return found


def statements(script: str) -> list[str]:
    """Return the statements of an SQL script; a trigger's inner semicolons end none."""
    found: list[str] = []
    current = ""
    for line in script.splitlines(keepends=True):
        if not current and (not line.strip() or line.lstrip().startswith("--")):
            continue
        current += line
        if sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    return found


def tables(connection: Connection) -> dict[str, int]:
    """Return every table of the store with its number of rows (for `doctor`)."""
    database = Database(connection.engine)
    return {name: database[name].count for name in database.table_names()}
