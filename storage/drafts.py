"""What people have typed and not filed: never counted as filed (R4)."""

from __future__ import annotations

from datetime import date

from domain.instants import Instant
from storage.connection import Connection


def save(connection: Connection, login: str, unit: str, day: date, body: str, at: Instant) -> None:
    """Keep what somebody has typed so far; a draft is never counted as filed."""
    connection.execute(
        "INSERT INTO drafts (login, unit, date, body, saved_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (login, unit, date) DO UPDATE SET body = excluded.body,"
        " saved_at = excluded.saved_at",
        (login, unit, day.isoformat(), body, at),
    )


def get(connection: Connection, login: str, unit: str, day: date) -> tuple[str, Instant] | None:
    """Return what was typed and not filed, and when it was kept, or None."""
    row = connection.row(
        "SELECT body, saved_at FROM drafts WHERE login = ? AND unit = ? AND date = ?",
        (login, unit, day.isoformat()),
    )
    return None if row is None else (str(row[0]), int(row[1]))


def drop(connection: Connection, login: str, unit: str, day: date) -> None:
    """Forget a draft, once it is filed or thrown away."""
    connection.execute(
        "DELETE FROM drafts WHERE login = ? AND unit = ? AND date = ?",
        (login, unit, day.isoformat()),
    )
