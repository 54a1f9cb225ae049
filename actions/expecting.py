"""The days on which reports are owed: created once, and fixed once due (R7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from domain.errors import Busy, Refused
from domain.instants import Instant
from domain.obligations import (
    Obligation,
    ObligationKind,
    report_obligation,
)
from domain.people import PROGRAM
from domain.schedules import (
    Days,
    Exemption,
    Schedule,
    Window,
    expected,
    window_of,
)
from domain.units import Kind, Unit
from storage import (
    events,
    expecting,
    obligations,
    reports,
    schedules,
)
from storage.store import Store
from storage.units import Selection, by_code, of_kinds, selected

Row = TypeVar("Row", Schedule, Exemption)
Key = TypeVar("Key")

# A reader does not stand in line behind an import only to create days that another will create.
_ROLL_PATIENCE = 0.2

# So many days at once are created as those of a new store are.
_MANY_DAYS = 31


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from `first` to `last`, both inclusive."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def roll(store: Store, at: Instant) -> int:
    """Create the expected days that have become current; return how many obligations are new.

    Whoever comes first creates them, exactly once. A reader who may not write, or meets a writer,
    leaves it to the next: `expected_between` computes what is not there yet.
    """
    if store.through >= store.today(at) or not store.connection.writable:
        return 0
    try:
        with store.connection.waiting(_ROLL_PATIENCE), store.connection.writing():
            return roll_within(store, at)
    except (Busy, Refused):
        return 0


def roll_within(store: Store, at: Instant) -> int:
    """Create the expected days up to today inside the caller's transaction."""
    store.reread()
    today = store.today(at)
    first = store.through + timedelta(days=1)
    if first > today:
        return 0
    connection = store.connection
    begin = max(first, store.starts)
    if (today - first).days < _MANY_DAYS:
        created = _create(store, begin, today)
    else:
        with expecting.creating_many(connection):
            created = _create(store, begin, today)
    store.set_through(today)
    if created:
        days = {"first": first.isoformat(), "last": today.isoformat(), "created": created}
        events.record(connection, PROGRAM, at, "days.open", "obligations", **days)
    return created


def _create(store: Store, first: date, last: date) -> int:
    """Create the days from `first` to `last`; return how many obligations are new."""
    # Whoever finds the day created does not wait for what counts it.
    from storage import recounting

    connection, rules, calendar = store.connection, store.reporting, store.calendar
    rows = schedules.by_terms(connection)
    filed = _by_day(reports.first_filings(connection, first, last))
    created = 0
    for each in days_between(first, last):
        day = each.isoformat()
        usual = {kind: window_of(kind, None, each, rules, calendar) for kind in Kind}
        # Where there is a row, the kind of unit has no say.
        own = {said: window_of("", row, each, rules, calendar) for said, row in rows.items()}
        created += expecting.create(connection, day, _owed(usual), _owed(own))
        if day in filed:
            obligations.discharge(connection, ObligationKind.REPORT, filed[day])
        recounting.add_day(connection, day, filed=day in filed)
    return created


def _owed(windows: Mapping[Key, Window | None]) -> dict[Key, Window]:
    return {key: window for key, window in windows.items() if window is not None}


def _by_day(
    filed: dict[tuple[str, str], Instant],
) -> dict[str, list[tuple[str, str, Instant]]]:
    found: dict[str, list[tuple[str, str, Instant]]] = {}
    for (day, unit), at in filed.items():
        found.setdefault(day, []).append((unit, day, at))
    return found


def planned(
    store: Store, units: Sequence[Unit] | None, first: date, last: date
) -> Iterator[Obligation]:
    """Yield the report obligations of `units` (None: all) as schedules and rules now stand.

    Reports filed already discharge them; exemptions mark them.
    """
    connection = store.connection
    codes = None if units is None else [unit.code for unit in units]
    rows = _by_unit(schedules.every(connection, codes))
    free = _by_unit(schedules.exemptions(connection, codes))
    if units is None:
        units = _ever_expected(store, rows)
    filed = reports.first_filings(connection, first, last, codes)
    for day in days_between(max(first, store.starts), last):
        for unit in units:
            window = expected(
                unit, day, rows.get(unit.code, ()), store.reporting, store.calendar, store.starts
            )
            if window is not None:
                exempt = any(row.covers(day) for row in free.get(unit.code, ()))
                owed = report_obligation(unit.code, day, window, exempt)
                first_filed = filed.get((owed.subject, unit.code)) if filed else None
                yield owed if first_filed is None else replace(owed, discharged_at=first_filed)


def _ever_expected(store: Store, rows: dict[str, list[Schedule]]) -> list[Unit]:
    kinds = [kind for kind, days in store.reporting.days_by_kind.items() if days is not Days.NONE]
    units = {unit.code: unit for unit in of_kinds(store.connection, kinds)}
    units |= by_code(store.connection, rows)
    return sorted(units.values(), key=lambda unit: unit.order)


def _by_unit(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.unit, []).append(row)
    return found


def expected_between(
    store: Store, first: date, last: date, selection: Selection
) -> list[Obligation]:
    """Return the selected units' report obligations by day and unit code.

    Days that have become current are read; later ones are computed as the rules now stand.
    """
    with store.reading():
        found = obligations.of_days(store.connection, first, min(last, store.through), selection)
        ahead = max(first, store.through + timedelta(days=1))
        if ahead <= last:
            units = None if selection.everything else selected(store.connection, selection)
            later = planned(store, units, ahead, last)
            found += sorted(later, key=lambda owed: (owed.subject, owed.unit))
    return found
