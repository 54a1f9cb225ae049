"""What somebody has typed and not filed: kept across a crash, never counted as filed (R4)."""

from __future__ import annotations

from datetime import date

from domain.instants import Instant
from domain.people import Actor
from storage import drafts
from storage.store import Store


def save(store: Store, actor: Actor, unit: str, day: date, body: str, at: Instant) -> None:
    """Keep `body` as the draft of whoever sits at the keyboard; a filing takes it away."""
    with store.connection.writing():
        drafts.save(store.connection, actor.real_login, unit, day, body, at)


def read(store: Store, actor: Actor, unit: str, day: date) -> tuple[str, Instant] | None:
    """Return the draft and when it was saved, or None."""
    return drafts.get(store.connection, actor.real_login, unit, day)


def drop(store: Store, actor: Actor, unit: str, day: date) -> None:
    """Throw the draft away."""
    with store.connection.writing():
        drafts.drop(store.connection, actor.real_login, unit, day)
