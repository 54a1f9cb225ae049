"""Where units stand on the map of tiles: changing it."""

from __future__ import annotations

from collections.abc import Sequence

from actions.people import require_on
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.tiles import Tile
from storage import events
from storage import tiles as rows
from storage.store import Store


def save_tiles(store: Store, actor: Actor, new: Sequence[Tile], at: Instant) -> None:
    """Write tiles, new or moved; only an admin may."""
    with store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        before = {row.unit: row for row in rows.tiles(store.connection)}
        rows.save_tiles(store.connection, new)
        events.record(
            store.connection,
            actor,
            at,
            "tiles.save",
            "tiles",
            before=[_words(before[row.unit]) for row in new if row.unit in before],
            after=[_words(row) for row in new],
        )


def _words(row: Tile) -> list[object]:
    return [row.unit, row.line, row.place]
