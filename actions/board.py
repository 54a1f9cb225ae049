"""The board: who filed what, unit by unit and day by day (R8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from actions.expecting import days_between, expected_between
from actions.networks import membership
from actions.summing import groups, tallies
from domain.instants import Instant, check_range
from domain.networks import Network
from domain.obligations import status_of
from domain.rates import Tally
from domain.reports import ReportKind, Status, is_partial
from domain.summaries import WHOLE
from domain.units import Unit
from domain.values import dataclass
from storage import obligations, reports, summaries, units
from storage.reports import Filed
from storage.store import Store
from storage.units import Selection

UNFILED = (Status.PENDING, Status.OVERDUE, Status.MISSED)
"""The statuses of a day that is owed and has not been filed."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A unit's day as of an instant; `filed` is the newest revision, if any."""

    unit: Unit
    day: date
    status: Status
    filed: Filed | None
    due_at: Instant | None

    @property
    def partial(self) -> bool:
        """Return whether the report is a partial zero (R4)."""
        filed = self.filed
        return filed is not None and is_partial(
            filed.kind, filed.areas_planned, filed.areas_patrolled
        )

    @property
    def zero(self) -> bool:
        """Return whether the newest revision is a zero report (R4)."""
        return self.filed is not None and self.filed.kind is ReportKind.ZERO


def board(
    store: Store,
    first: date,
    last: date,
    selection: Selection,
    at: Instant,
    *,
    everything: bool = False,
) -> list[BoardRow]:
    """Return the selected units' days from `first` to `last` as of `at`, by day, registry order.

    A unit that is not expected and filed nothing is left out unless `everything`.
    """
    check_range(first, last)
    with store.reading():
        return _rows(store, first, last, selection, at, everything)


def _rows(
    store: Store, first: date, last: date, selection: Selection, at: Instant, everything: bool
) -> list[BoardRow]:
    connection = store.connection
    owed = {(o.subject, o.unit): o for o in expected_between(store, first, last, selection)}
    filed = reports.filed_between(connection, first, last, selection, at)
    keys: Iterable[tuple[str, str]] = owed.keys() | filed.keys()
    if everything:
        found = {unit.code: unit for unit in units.selected(connection, selection)}
        keys = [(day.isoformat(), code) for day in days_between(first, last) for code in found]
    else:
        found = units.by_code(connection, sorted({code for _, code in keys}))
    belongs = membership(store, selection.network)
    days: dict[str, date] = {}
    rows: list[BoardRow] = []
    for subject, code in keys:
        day = days.get(subject)
        if day is None:
            day = days[subject] = date.fromisoformat(subject)
        unit = found[code]
        if not unit.valid_on(day) or not belongs(unit, day):
            continue
        obligation = owed.get((subject, code))
        report = filed.get((subject, code))
        first_filed = report.first_filed_at if report else None
        due_at = None if obligation is None else obligation.due_at
        state = status_of(obligation, first_filed, at)
        rows.append(BoardRow(unit, day, state, report, due_at))
    rows.sort(key=lambda row: (row.day, row.unit.order))
    return rows


def most_rows(store: Store) -> int:
    """Return how many units a board may have at most: those of the registry, of whatever day."""
    return units.count(store.connection)


def codes(
    store: Store, first: date, last: date, selection: Selection, *, everything: bool = False
) -> list[str]:
    """Return the units that have a row on the board from `first` to `last`, in registry order.

    As in `board`: without `everything`, those that owe or filed a report on one of the days. A
    page of the board is `board` with some of these as the selection's codes.
    """
    with store.reading():
        found = units.expected_codes(
            store.connection, first, last, selection, everything=everything
        )
        if last > store.through and not everything:
            ahead = max(first, store.through + timedelta(days=1))
            more = {owed.unit for owed in expected_between(store, ahead, last, selection)}
            if not more <= set(found):
                among = units.by_code(store.connection, more.union(found))
                found = sorted(among, key=lambda code: among[code].order)
        if selection.network in (None, Network.VERTICAL):
            return found
        belongs = membership(store, selection.network)
        members = units.by_code(store.connection, found)
        days = list(days_between(first, last))
        return [code for code in found if any(belongs(members[code], day) for day in days)]


def totals(
    store: Store, first: date, last: date, selection: Selection, at: Instant
) -> dict[date, Tally]:
    """Return the counts of each day from `first` to `last` as of `at` (R10)."""
    found = {day: Tally() for day in days_between(first, last)}
    with store.reading():
        for day, tally in tallies(store, first, last, selection, at, by_day=True):
            found[date.fromisoformat(day)].merge(tally)
        ahead = max(first, store.through + timedelta(days=1))
        if ahead <= last:
            for row in board(store, ahead, last, selection, at):
                found[row.day].add(row.status, row.zero)
    return found


def unfiled(
    store: Store,
    day: date,
    selection: Selection,
    at: Instant,
    *,
    after: str = "",
    most: int | None = None,
) -> list[Unit]:
    """Return the next `most` units (None: all) after a code that owe `day` and have not filed it.

    By unit code, as of `at`: pending, overdue or missed (R8). How many there are in all is what
    `totals` says is pending and missing.
    """
    connection = store.connection
    with store.reading():
        if day > store.through:
            rows = board(store, day, day, selection, at)
            found = sorted(row.unit.code for row in rows if row.status in UNFILED)
            codes = [code for code in found if code > after][:most]
        elif selection.network in (None, Network.VERTICAL):
            text = day.isoformat()
            whole = summaries.of_node(connection, WHOLE, [text])
            stands = all(row.filed_last <= at for row in whole)
            due = sorted({row.due_at for row in whole if row.open}) if stands else None
            codes = obligations.unfiled_page(connection, text, due, selection, at, after, most)
        else:
            states = groups(store, day, day, selection, at, by_unit=True)
            found = sorted(one.unit for one in states if one.status in UNFILED)
            codes = [code for code in found if code > after][:most]
        owners = units.by_code(connection, codes)
    return [owners[code] for code in codes]
