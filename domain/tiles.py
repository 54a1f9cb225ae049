"""A map of tiles: each unit a square in a grid that keeps roughly to where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.units import Kind, Unit
from domain.values import dataclass

MOST = 40
"""Lines of a map, and places in a line."""
ACROSS = 6
"""Tiles in a line of units that have no place of their own."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A unit's place: its line from above and its place from the left, from 1."""

    unit: str
    line: int
    place: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit where it is drawn, from 0; departments stand in lines of their own, below."""

    unit: Unit
    line: int
    place: int


def laid_out(units: Sequence[Unit], tiles: Iterable[Tile]) -> list[Placed]:
    """Return where the districts and departments of a day stand, each in a place of its own.

    A district without a tile, or whose place is taken on that day, stands in a line below the
    others, in registry order; the departments below them all.
    """
    known = {tile.unit: (tile.line - 1, tile.place - 1) for tile in tiles}
    found: list[Placed] = []
    taken: set[tuple[int, int]] = set()
    left: list[Unit] = []
    for unit in units:
        spot = known.get(unit.code)
        if unit.kind is not Kind.DISTRICT:
            continue
        if spot is None or spot in taken:
            left.append(unit)
            continue
        taken.add(spot)
        found.append(Placed(unit, *spot))
    below = max((line for line, _ in taken), default=-1) + 1
    for group in (left, [unit for unit in units if unit.kind is Kind.DEPARTMENT]):
        for number, unit in enumerate(group):
            found.append(Placed(unit, below + number // ACROSS, number % ACROSS))
        below += -(-len(group) // ACROSS)
    return found
