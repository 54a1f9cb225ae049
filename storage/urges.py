"""Urges: what the ladder sent, once per rung and obligation (R14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.instants import Instant
from domain.obligations import Obligation
from storage.connection import Connection
from storage.store import fact, set_fact


@dataclass(frozen=True, slots=True)
class Urge:
    """One rung that fired for one obligation."""

    kind: str
    subject: str
    unit: str
    rung: str
    fired_at: Instant
    login: str
    addressees: str


def fire(connection: Connection, urge: Urge) -> bool:
    """Record a rung inside the caller's transaction; return False where it had fired before."""
    return (
        connection.execute(
            "INSERT INTO urges (kind, subject, unit, rung, fired_at, login, addressees)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, subject, unit, rung) DO NOTHING",
            (
                urge.kind,
                urge.subject,
                urge.unit,
                urge.rung,
                urge.fired_at,
                urge.login,
                urge.addressees,
            ),
        )
        > 0
    )


def of(connection: Connection, owed: Obligation, at: Instant) -> list[Urge]:
    """Return what fired for an obligation up to `at`, in order."""
    return [
        Urge(*row)
        for row in connection.rows(
            "SELECT kind, subject, unit, rung, fired_at, login, addressees FROM urges"
            " WHERE kind = ? AND subject = ? AND unit = ? AND fired_at <= ?"
            " ORDER BY fired_at, rung",
            (owed.kind.value, owed.subject, owed.unit, at),
        )
    ]


def last_rungs(connection: Connection, at: Instant, owed: Iterable[Obligation]) -> dict[str, str]:
    """Return the rung that fired last, by obligation id, of those that have any."""
    if connection.row("SELECT 1 FROM urges WHERE fired_at <= ? LIMIT 1", (at,)) is None:
        return {}
    found = ((row.id, of(connection, row, at)) for row in owed)
    return {name: fired[-1].rung for name, fired in found if fired}


def beat(connection: Connection, at: Instant) -> None:
    """Record that the ladder was looked at."""
    set_fact(connection, "last_urge_at", str(at))


def last_beat(connection: Connection) -> Instant | None:
    """Return when the ladder was last looked at, or None."""
    text = fact(connection, "last_urge_at")
    return None if text is None else int(text)
