"""Rates over sets of unit-days (R10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from actions.board import BoardRow, board
from actions.networks import membership
from actions.summing import Group, belonging, groups, summed, tallies
from domain.instants import Instant, check_range
from domain.networks import Network
from domain.rates import Tally, total
from domain.reports import Status
from domain.units import Kind
from storage import units
from storage.store import Store
from storage.summaries import is_node
from storage.units import Selection


class Grouping(StrEnum):
    """What one line of the rates is about."""

    UNIT = "unit"
    NETWORK = "network"
    DISTRICT = "district"
    MONTH = "month"
    DAY = "day"


def tally(rows: Iterable[BoardRow]) -> Tally:
    """Return the counts of the rows as R10 counts them."""
    result = Tally()
    for row in rows:
        result.add(row.status, row.zero)
    return result


def rates(
    store: Store,
    first: date,
    last: date,
    selection: Selection,
    at: Instant,
    by: Grouping,
) -> list[tuple[str, Tally]]:
    """Return (group, counts) as of `at`, in registry or calendar order.

    A unit-day counts in every network it belongs to that day. By district, a unit counts in the
    district that it is or lies in; units outside every district are in no group. Groups without
    an expected or exempt unit-day are left out.
    """
    check_range(first, last)
    counting = _Counting(store, first, last, selection, at)
    with store.reading():
        if by is Grouping.UNIT:
            counting.by_unit()
        elif by is Grouping.NETWORK:
            counting.by_network()
        elif by is Grouping.DISTRICT:
            counting.by_district()
        else:
            counting.by_period(day=by is Grouping.DAY)
        counting.ahead(by)
        found = {group: one for group, one in counting.groups.items() if one != Tally()}
        return [(group, found[group]) for group in _order(store, by, found) if group in found]


class _Counting:
    """The groups of one question as they are counted."""

    def __init__(
        self, store: Store, first: date, last: date, selection: Selection, at: Instant
    ) -> None:
        self.store, self.first, self.last, self.at = store, first, last, at
        self.selection = selection
        self.groups: dict[str, Tally] = {}

    def _tally(self, group: str) -> Tally:
        return self.groups.setdefault(group, Tally())

    def _of_units(self, selection: Selection, *, by_day: bool = False) -> Iterator[Group]:
        return groups(
            self.store,
            self.first,
            self.last,
            selection,
            self.at,
            by_day=by_day,
            by_unit=True,
        )

    def _sum(self, selection: Selection) -> Tally:
        found = tallies(self.store, self.first, self.last, selection, self.at)
        return total(tally for _, tally in found)

    def by_unit(self) -> None:
        """Count each unit."""
        for group in self._of_units(self.selection):
            self._tally(group.unit).add(group.status, group.zero, group.count)

    def by_period(self, *, day: bool) -> None:
        """Count each day, or each month."""
        span = (self.first, self.last)
        for period, tally in tallies(self.store, *span, self.selection, self.at, by_day=day):
            self._tally(period if day else period[:7]).merge(tally)

    def by_network(self) -> None:
        """Count each network: the tree by its sums, the others by their links day by day."""
        if self.selection.network in (None, Network.VERTICAL):
            tree = replace(self.selection, network=Network.VERTICAL)
            self._tally(Network.VERTICAL).merge(self._sum(tree))
            ends = (Network.HORIZONTAL, Network.SUPERVISION)
            parts = [(one, replace(self.selection, network=one)) for one in ends]
        else:
            parts = [(one, self.selection) for one in Network]
        for network, selection in parts:
            belongs = belonging(self.store, network, self.selection.network)
            for group in self._of_units(selection, by_day=True):
                if belongs(group.unit, group.day):
                    self._tally(network).add(group.status, group.zero, group.count)

    def by_district(self) -> None:
        """Count each district: by its sums, where no district lies in another."""
        connection = self.store.connection
        codes = units.districts(connection, self.selection.under)
        if not summed(self.store, self.selection) or codes is None:
            district = _districts(self.store)
            for group in self._of_units(self.selection):
                for code in district(group.unit):
                    self._tally(code).add(group.status, group.zero, group.count)
            return
        alone = [code for code in codes if not is_node(connection, code)]
        for code in codes:
            if code not in alone:
                self._tally(code).merge(self._sum(replace(self.selection, under=code)))
        leaves = replace(self.selection, under=None, codes=tuple(alone))
        for group in self._of_units(leaves) if alone else ():
            self._tally(group.unit).add(group.status, group.zero, group.count)

    def ahead(self, by: Grouping) -> None:
        """Count the days that have not been created yet, as the rules now stand."""
        first = max(self.first, self.store.through + timedelta(days=1))
        if first > self.last:
            return
        of = _groups_of(self.store, by)
        for row in board(self.store, first, self.last, self.selection, self.at):
            if row.status is not Status.NOT_EXPECTED:
                for group in of(row):
                    self._tally(group).add(row.status, row.zero)


def _groups_of(store: Store, by: Grouping) -> Callable[[BoardRow], list[str]]:
    if by is Grouping.UNIT:
        return lambda row: [row.unit.code]
    if by is Grouping.DAY:
        return lambda row: [row.day.isoformat()]
    if by is Grouping.MONTH:
        return lambda row: [row.day.isoformat()[:7]]
    if by is Grouping.NETWORK:
        belongs = {network: membership(store, network) for network in Network}
        return lambda row: [
            network.value for network, inside in belongs.items() if inside(row.unit, row.day)
        ]
    district = _districts(store)
    return lambda row: district(row.unit.code)


def _districts(store: Store) -> Callable[[str], list[str]]:
    """Return the district that a unit is or lies in, as a list of one or none."""
    known: dict[str, list[str]] = {}

    def district(code: str) -> list[str]:
        if code not in known:
            line = units.line(store.connection, code)
            known[code] = [unit.code for unit in line if unit.kind is Kind.DISTRICT][:1]
        return known[code]

    return district


def _order(store: Store, by: Grouping, groups: dict[str, Tally]) -> list[str]:
    if by is Grouping.NETWORK:
        return [network.value for network in Network]
    if by in (Grouping.UNIT, Grouping.DISTRICT):
        found = units.by_code(store.connection, groups)
        return sorted(found, key=lambda code: found[code].order)
    return sorted(groups)
