"""Finding a unit as one types: by code, by any of its names, or by the initials of its pinyin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.instants import Instant
from domain.people import Actor
from domain.units import Unit
from domain.values import dataclass
from storage import units
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class Place:
    """A unit with all that it may be found by, folded, and the name of what it lies in."""

    unit: Unit
    names: tuple[str, ...]
    initials: tuple[str, ...]
    above: str


def places(store: Store, _actor: Actor, at: Instant) -> tuple[Place, ...]:
    """Return the units of today in registry order; ask in a worker: pinyin takes its time."""
    today = store.today(at)
    found = [unit for unit in units.selected(store.connection, Selection()) if unit.valid_on(today)]
    return gathered(found)


def gathered(found: Sequence[Unit]) -> tuple[Place, ...]:
    """Return the units as places."""
    from pypinyin import Style, lazy_pinyin

    names = {unit.code: unit.name for unit in found}

    def initials(text: str) -> str:
        return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()

    return tuple(
        Place(
            unit,
            tuple(name.lower() for name in unit.names()),
            tuple(dict.fromkeys(initials(name) for name in (unit.name, unit.short) if name)),
            names.get(unit.parent or "", ""),
        )
        for unit in found
    )


def matching(known: Iterable[Place], text: str, most: int) -> list[Place]:
    """Return the places that a text may mean, the likeliest first, `most` at most.

    A code or name given whole comes before one that begins with the text, then initials that
    begin with it, then names that contain it, then initials that do.
    """
    wanted = text.strip().lower()
    if not wanted:
        return []
    ranked: list[tuple[int, int, Place]] = []
    for number, place in enumerate(known):
        rank = _rank(place, wanted)
        if rank is not None:
            ranked.append((rank, number, place))
    ranked.sort(key=lambda entry: entry[:2])
    return [place for _, _, place in ranked[:most]]


def _rank(place: Place, wanted: str) -> int | None:
    if wanted in place.names:
        return 0
    if any(name.startswith(wanted) for name in place.names):
        return 1
    if any(text.startswith(wanted) for text in place.initials):
        return 2
    if any(wanted in name for name in place.names):
        return 3
    if any(wanted in text for text in place.initials):
        return 4
    return None
