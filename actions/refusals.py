"""Refusals for want of a permission: they are recorded, and never stand in anybody's way."""

from __future__ import annotations

from contextlib import suppress

from domain.errors import LianluoError, NotAllowed
from domain.instants import Instant
from domain.people import Actor
from storage import events
from storage.store import Store

ACTION: str = "refused"
"""The action of such an event; its subject is the unit, or what was wanted where there is none."""
_PATIENCE = 0.2
"""Seconds to wait for somebody else's writing: whoever is refused is not kept waiting for that."""


def note(store: Store, actor: Actor, refused: NotAllowed, at: Instant) -> None:
    """Record that somebody wanted what the permissions do not allow.

    Who may not write the file is refused all the same, and leaves no trace in it.
    """
    connection = store.connection
    if not connection.writable or connection.inside():
        return
    subject = refused.of_unit or refused.wanted
    with suppress(LianluoError), connection.waiting(_PATIENCE), connection.writing():
        events.record(connection, actor, at, ACTION, subject, wanted=refused.wanted)
