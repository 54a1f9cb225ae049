"""Where units stand on the map of tiles: changing it."""

from __future__ import annotations

from collections.abc import Sequence

from actions.registers import Register, save_rows
from domain.instants import Instant
from domain.people import Actor
from domain.tiles import Tile
from storage import tiles as rows
from storage.store import Store


def save_tiles(store: Store, actor: Actor, new: Sequence[Tile], at: Instant) -> None:
    """Write tiles, new or moved; only an admin may."""
    save_rows(store, actor, _TILES, new, at)


def _words(row: Tile) -> list[object]:
    return [row.unit, row.line, row.place]


_TILES = Register("tiles", rows.tiles, rows.save_tiles, _words)
