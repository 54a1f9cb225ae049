"""Units that live in time (R1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from domain.errors import Message, Named
from domain.values import dataclass


class Kind(StrEnum):
    """What a unit is; `region` is anything above a city."""

    REGION = "region"
    CITY = "city"
    DEPARTMENT = "department"
    DISTRICT = "district"
    TOWN = "town"
    TEAM = "team"


def in_force(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Return whether `day` lies in the validity, both ends inclusive, None = open (R1)."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the registry; `order` is its place in the registry, from 0."""

    code: str
    name: str
    kind: Kind
    name_en: str = ""
    short: str = ""
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""
    order: int = 0

    def valid_on(self, day: date) -> bool:
        """Return whether the unit exists on `day` (R1)."""
        return in_force(self.valid_from, self.valid_to, day)

    @property
    def called(self) -> Named:
        """Return the unit's name for a sentence in either language."""
        return Named(self.name, self.name_en)

    def names(self) -> tuple[str, ...]:
        """Return every name the unit answers to, its code first, without repeats."""
        every = (self.code, self.name, self.name_en, self.short, *self.aliases)
        return tuple(dict.fromkeys(name for name in every if name))


def cycle(parents: Mapping[str, str | None]) -> list[str]:
    """Return the codes of one cycle in the parent links, in order, or an empty list."""
    done: set[str] = set()
    for start in parents:
        path: list[str] = []
        on_path: set[str] = set()
        code: str | None = start
        while code is not None and code not in done:
            if code in on_path:
                return path[path.index(code) :]
            path.append(code)
            on_path.add(code)
            code = parents.get(code)
        done.update(path)
    return []


def parent_faults(
    changed: Mapping[str, str | None], standing: Mapping[str, str | None]
) -> dict[str, Message]:
    """Return what is wrong with the parents of changed units, by code (R1).

    Both map codes to parents. A parent must be one of the units, and no unit is above itself.
    """
    parents: dict[str, str | None] = {**standing, **changed}
    faults = {
        code: Message("tables.parent_unknown", parent=parent)
        for code, parent in changed.items()
        if parent is not None and parent not in parents
    }
    while ring := cycle(parents):
        for code in ring:
            parents[code] = None
            if code in changed:
                faults[code] = Message("tables.parent_cycle", units=[*ring, ring[0]])
    return faults


def children_of(units: Iterable[Unit]) -> dict[str | None, list[Unit]]:
    """Return the units under each parent code, in the order given."""
    children: dict[str | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent, []).append(unit)
    return children
