"""Rates over sets of unit-days (R10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum

from actions.board import BoardRow, board
from actions.networks import membership
from domain.instants import Instant
from domain.networks import Network
from domain.rates import Tally
from domain.reports import ReportKind, Status
from domain.units import Kind
from storage import units
from storage.store import Store
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
        _count(result, row)
    return result


def _count(result: Tally, row: BoardRow) -> None:
    zero = row.filed is not None and row.filed.kind is ReportKind.ZERO
    result.add(row.status, zero)


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
    groups: dict[str, Tally] = {}
    of = _groups_of(store, by)
    for row in board(store, first, last, selection, at):
        if row.status is not Status.NOT_EXPECTED:
            for group in of(row):
                _count(groups.setdefault(group, Tally()), row)
    order = _order(store, by, groups)
    return [(group, groups[group]) for group in order if group in groups]


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
    districts: dict[str, list[str]] = {}

    def district(row: BoardRow) -> list[str]:
        code = row.unit.code
        if code not in districts:
            line = units.line(store.connection, code)
            districts[code] = [unit.code for unit in line if unit.kind is Kind.DISTRICT][:1]
        return districts[code]

    return district


def _order(store: Store, by: Grouping, groups: dict[str, Tally]) -> list[str]:
    if by is Grouping.NETWORK:
        return [network.value for network in Network]
    if by in (Grouping.UNIT, Grouping.DISTRICT):
        found = units.by_code(store.connection, groups)
        return sorted(found, key=lambda code: found[code].order)
    return sorted(groups)
