"""Altering a store as somebody with another tool would, for tests of what finds it."""

from __future__ import annotations

from storage.store import Store


def quiet(_what: str, _count: int) -> None:
    """Show nothing."""


def untied(store: Store, sql: str) -> None:
    """Run statements as somebody with another tool would: the triggers put back afterwards."""
    connection = store.connection
    triggers = connection.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    connection.execute("PRAGMA foreign_keys = OFF")
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in sql.split(";"):
        connection.execute(statement)
    for _, text in triggers:
        connection.execute(text)
