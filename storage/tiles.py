"""Where units stand on the map of tiles: a line and a place in it, from 1."""

from __future__ import annotations

from collections.abc import Sequence

from domain.tiles import Tile
from storage.connection import Connection


def tiles(connection: Connection) -> list[Tile]:
    """Return the tiles by line and place."""
    return [
        Tile(*row)
        for row in connection.rows("SELECT unit, line, place FROM tiles ORDER BY line, place, unit")
    ]


def save_tiles(connection: Connection, rows: Sequence[Tile]) -> None:
    """Write tiles, new or moved."""
    connection.execute_many(
        "INSERT INTO tiles (unit, line, place) VALUES (?, ?, ?)"
        " ON CONFLICT (unit) DO UPDATE SET line = excluded.line, place = excluded.place",
        [(row.unit, row.line, row.place) for row in rows],
    )
