"""Counts of unit-days: the sums that are kept, and counting where they do not stand (R8, R10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from actions.networks import membership
from domain.instants import Instant
from domain.networks import VERTICAL_KINDS, Network
from domain.obligations import status_of
from domain.rates import Tally
from domain.reports import Status
from domain.summaries import WHOLE, days_of, days_of_month, months_and_days, next_month
from domain.units import Unit
from domain.values import dataclass
from storage import obligations, summaries, units
from storage.store import Store
from storage.units import Selection

Belongs = Callable[[str, date], bool]
"""Whether the unit of a code belongs to something on a day."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many unit-days have one status; `zero`: as zero reports.

    `day` and `unit` are those of every one of them, where days and units are told apart, and
    else of any one.
    """

    day: date
    unit: str
    status: Status
    zero: bool
    count: int


def groups(
    store: Store,
    first: date,
    last: date,
    selection: Selection,
    at: Instant,
    *,
    by_day: bool = True,
    by_unit: bool = False,
) -> Iterator[Group]:
    """Yield the statuses of unit-days as of `at`, counted by the store; of days created alone.

    Where dated links decide who belongs, every unit's day is looked at.
    """
    linked = selection.network not in (None, Network.VERTICAL)
    belongs = belonging(store, selection.network) if linked else None
    for alike in obligations.alike(
        store.connection,
        first,
        min(last, store.through),
        selection,
        at,
        by_day=by_day or linked,
        by_unit=by_unit or linked,
    ):
        owed = alike.obligation
        if belongs is None or belongs(owed.unit, owed.day):
            status = status_of(owed, owed.discharged_at, at)
            yield Group(owed.day, owed.unit, status, alike.zero, alike.count)


def belonging(store: Store, *networks: Network | None) -> Belongs:
    """Return whether the unit of a code belongs to all these networks on a day."""
    inside = [membership(store, network) for network in networks]
    known: dict[str, Unit] = {}

    def belongs(code: str, day: date) -> bool:
        if code not in known:
            known.update(units.by_code(store.connection, [code]))
        return all(one(known[code], day) for one in inside)

    return belongs


def tallies(
    store: Store,
    first: date,
    last: date,
    selection: Selection,
    at: Instant,
    *,
    by_day: bool = False,
) -> Iterator[tuple[str, Tally]]:
    """Yield (ISO day, counts) or, without `by_day`, (month or day, counts) as of `at`.

    Of days created alone. A node of the tree costs as many rows as there are months and odd days
    in the range, however many units report there; anything else costs its unit-days.
    """
    last = min(last, store.through)
    if not summed(store, selection):
        yield from _counted(store, first, last, selection, at, by_day=by_day)
        return
    # Nothing is owed outside the days created, so the first and the last month are whole.
    first = max(first, store.starts.replace(day=1))
    if first > last:
        return
    months, days = ([], days_of(first, last)) if by_day else months_and_days(first, last)
    for month, tally in _standing(store, months, selection, at):
        if tally is None:
            days += days_of_month(month)
        else:
            yield month, tally
    unsure: list[str] = []
    for day, tally in _standing(store, days, selection, at):
        if tally is None:
            unsure.append(day)
        else:
            yield day, tally
    for begin, end in _runs(unsure):
        yield from _counted(store, begin, end, selection, at, by_day=by_day)


def summed(store: Store, selection: Selection) -> bool:
    """Return whether a selection is a node of the tree with all below it, or everything."""
    if selection.unit is not None or selection.codes is not None or selection.text:
        return False
    if selection.network not in (None, Network.VERTICAL):
        return False
    return selection.under is None or summaries.is_node(store.connection, selection.under)


def _standing(
    store: Store, periods: Sequence[str], selection: Selection, at: Instant
) -> Iterator[tuple[str, Tally | None]]:
    """Yield (period, counts) from the sums; no counts where they are not those as of `at`."""
    kinds = None if selection.network is None else VERTICAL_KINDS
    node = WHOLE if selection.under is None else selection.under
    found = summaries.of_node(store.connection, node, periods, kinds)
    for period, rows in groupby(found, lambda row: row.period):
        tally: Tally | None = Tally()
        for row in rows:
            if tally is not None and row.stands(at):
                row.add_to(tally, at)
            else:
                tally = None
        yield period, tally


def _counted(
    store: Store, first: date, last: date, selection: Selection, at: Instant, *, by_day: bool
) -> Iterator[tuple[str, Tally]]:
    for begin, end in [(first, last)] if by_day else _by_month(first, last):
        found: dict[date, Tally] = {}
        for group in groups(store, begin, end, selection, at, by_day=by_day):
            of_day = group.day if by_day else begin
            found.setdefault(of_day, Tally()).add(group.status, group.zero, group.count)
        for day, tally in found.items():
            yield day.isoformat() if by_day else day.isoformat()[:7], tally


def _by_month(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield what a range has of each month: its first and its last day."""
    begin: date | None = first
    while begin is not None and begin <= last:
        after = next_month(begin)
        yield begin, last if after is None else min(last, after - timedelta(days=1))
        begin = after


def _runs(days: Sequence[str]) -> Iterator[tuple[date, date]]:
    """Yield the first and the last of days that follow one another."""
    begin = end = None
    for day in map(date.fromisoformat, sorted(days)):
        if end is None or day - end != timedelta(days=1):
            if begin is not None and end is not None:
                yield begin, end
            begin = day
        end = day
    if begin is not None and end is not None:
        yield begin, end
