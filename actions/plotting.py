"""What pictures are drawn of: the very figures that the commands give."""

from __future__ import annotations

from collections import Counter
from datetime import date

from actions.board import BoardRow, board
from actions.matters import listed
from actions.overdue import overdue
from actions.rates import Grouping, rates
from actions.targets import TargetSheet, targets
from domain.areas import LandClass
from domain.instants import Instant, check_range
from domain.rates import Tally
from domain.tiles import Placed, laid_out
from domain.units import Kind, Unit
from domain.values import dataclass
from storage import tiles, units
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

REPORT = "report"
"""What stands for reports among the kinds of what is overdue; the others are workflows."""


@dataclass(frozen=True, slots=True)
class DayRate:
    """A day's counts (R10)."""

    day: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class AreaRow:
    """The m² of one land class found in a district, and how much of it is closed (R16)."""

    district: Unit
    land_class: str
    found: int
    closed: int


@dataclass(frozen=True, slots=True)
class CityTile:
    """A unit where it is drawn, with its day; None where it was not there or owes nothing."""

    placed: Placed
    row: BoardRow


def rates_by_day(
    store: Store, first: date, last: date, selection: Selection, at: Instant
) -> list[DayRate]:
    """Return the counts of each day, as `rates --by day` gives them."""
    found = rates(store, first, last, selection, at, Grouping.DAY)
    return [DayRate(date.fromisoformat(day), tally) for day, tally in found]


def backlog(store: Store, selection: Selection, at: Instant) -> list[tuple[str, int]]:
    """Return how many obligations are overdue, of reports and of the steps of each workflow.

    They are those of `overdue`; the most come first.
    """
    counts = Counter(
        REPORT if row.about is None else row.about.matter.workflow
        for row in overdue(store, at, selection)
    )
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def areas(
    store: Store, first: date, last: date, selection: Selection, at: Instant
) -> list[AreaRow]:
    """Return the m² of the findings opened from `first` to `last`, by district and land class.

    They are those of `matter list --workflow finding`, each where its place lies, or its unit; one
    without an area counts nothing, one in no district is left out. Registry order.
    """
    check_range(first, last)
    views = listed(store, selection, Filter(workflow="finding"), at)
    known = {unit.code: unit for unit in units.selected(store.connection, Selection())}
    found: Counter[tuple[str, str]] = Counter()
    closed: Counter[tuple[str, str]] = Counter()
    for view in views:
        matter = view.matter
        district = _district(matter.place, known) or _district(matter.unit, known)
        if not first <= store.today(matter.opened_at) <= last or district is None:
            continue
        key = (district, matter.land_class)
        found[key] += matter.area or 0
        if view.state.closed_at is not None:
            closed[key] += matter.area or 0
    order = {value.value: place for place, value in enumerate(LandClass)}
    return [
        AreaRow(known[code], land, found[code, land], closed[code, land])
        for code, land in sorted(
            found, key=lambda key: (known[key[0]].order, order.get(key[1], len(order)))
        )
        if found[code, land]
    ]


def _district(code: str, known: dict[str, Unit]) -> str | None:
    above: str | None = code
    while above in known:
        if known[above].kind is Kind.DISTRICT:
            return above
        above = known[above].parent
    return None


def held(store: Store, year: int, selection: Selection, at: Instant) -> list[TargetSheet]:
    """Return the districts' targets, as `target list` gives them (R18)."""
    return targets(store, year, selection, at)


def city(store: Store, day: date, at: Instant) -> list[CityTile]:
    """Return the districts and departments of a day where they are drawn, as `board` has them."""
    with store.reading():
        there = [
            unit
            for unit in units.selected(store.connection, Selection())
            if unit.kind in (Kind.DISTRICT, Kind.DEPARTMENT) and unit.valid_on(day)
        ]
        chosen = Selection(codes=tuple(unit.code for unit in there))
        rows = {row.unit.code: row for row in board(store, day, day, chosen, at, everything=True)}
        placed = laid_out(there, tiles.tiles(store.connection))
    return [CityTile(each, rows[each.unit.code]) for each in placed]
