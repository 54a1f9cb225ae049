"""The board: who filed what, unit by unit and day by day (R8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from actions.expecting import days_between, expected_between
from actions.networks import membership
from domain.errors import Refused
from domain.instants import Instant
from domain.reports import Status, is_partial, status
from domain.units import Unit
from storage import reports, units
from storage.reports import Filed
from storage.store import Store
from storage.units import Selection


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
    if last < first:
        raise Refused("errors.range_reversed", first=first, last=last)
    with store.connection.reading():
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
        if obligation is None:
            state, due_at = Status.NOT_EXPECTED, None
        else:
            state = status(obligation.window(), obligation.exempt, first_filed, at)
            due_at = obligation.due_at
        rows.append(BoardRow(unit, day, state, report, due_at))
    rows.sort(key=lambda row: (row.day, row.unit.order))
    return rows
