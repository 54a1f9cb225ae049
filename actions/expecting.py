"""The days on which reports are owed: created once, fixed once due, restated only by hand (R7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from domain.errors import Busy, Refused
from domain.instants import Instant
from domain.obligations import (
    Obligation,
    ObligationKind,
    report_obligation,
    status_of,
)
from domain.people import PROGRAM
from domain.reports import Status
from domain.schedules import (
    Days,
    Exemption,
    Schedule,
    Window,
    expected,
    window_of,
)
from domain.units import Kind, Unit
from domain.values import dataclass
from storage import (
    archives,
    events,
    expecting,
    obligations,
    recounting,
    reports,
    schedules,
    summaries,
)
from storage.store import Store
from storage.units import Selection, by_code, of_kinds, selected

Row = TypeVar("Row", Schedule, Exemption)
Key = TypeVar("Key")

# A reader does not stand in line behind an import only to create days that another will create.
_ROLL_PATIENCE = 0.2

# So many days at once are created as those of a new store are.
_MANY_DAYS = 31

# The days of so many units are read unit by unit; of more, day by day.
_FEW = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A unit's day whose status a change of the registry or the rules alters."""

    unit: str
    day: date
    before: Status
    after: Status


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


def refresh(store: Store, at: Instant, units: Collection[str] | None = None) -> None:
    """Apply changed schedules, rules or calendar to days that are not due yet, and only those.

    Days up to yesterday are due, whatever their cut-off; today is, where its cut-off has passed.
    """
    roll_within(store, at)
    today = store.today(at)
    _replan(store, units, today, today, at, past_too=False)


def restate(
    store: Store, units: Collection[str] | None, first: date, last: date, at: Instant
) -> list[Change]:
    """Recompute due days as the rules now stand; return every status that changed (R7).

    Inside the caller's transaction: who only wants the list rolls it back. Days that are archived
    stay as they are.
    """
    roll_within(store, at)
    first = max(first, archives.live_from(store.connection))
    return _replan(store, units, first, min(last, store.through), at, past_too=True)


def _replan(
    store: Store,
    units: Collection[str] | None,
    first: date,
    last: date,
    at: Instant,
    *,
    past_too: bool,
) -> list[Change]:
    """Put what the rules now plan in the place of what stands; return the changed statuses.

    Without `past_too` what has fallen due stays, and nothing is added that would have.
    """
    connection = store.connection
    known = None if units is None else list(by_code(connection, units).values())
    new = {(owed.subject, owed.unit): owed for owed in planned(store, known, first, last)}
    few = units is not None and len(units) <= _FEW
    selection = Selection(codes=tuple(units or ())) if few else Selection()
    standing = {
        (owed.subject, owed.unit): owed
        for owed in obligations.of_days(connection, first, last, selection)
        if units is None or owed.unit in units
    }
    if not past_too:
        fixed = {key for key, owed in standing.items() if owed.due_at < at}
        new = {
            key: owed
            for key, owed in new.items()
            if key not in fixed and (key in standing or owed.due_at >= at)
        }
        standing = {key: owed for key, owed in standing.items() if key not in fixed}
    changes = [
        Change(unit, date.fromisoformat(subject), before, after)
        for subject, unit in sorted(standing.keys() | new.keys())
        if (before := _status(standing.get((subject, unit)), at))
        != (after := _status(new.get((subject, unit)), at))
    ]
    differs = [key for key in standing.keys() | new.keys() if standing.get(key) != new.get(key)]
    with summaries.recounted(connection, first, last, {unit for _, unit in differs}):
        obligations.remove(connection, [standing[key] for key in differs if key not in new])
        changed = [new[key] for key in differs if key in standing and key in new]
        obligations.replace(connection, changed)
        obligations.add(connection, [new[key] for key in differs if key not in standing])
    return changes


def revalidate(store: Store, before: dict[str, Unit], after: Sequence[Unit], at: Instant) -> None:
    """Follow a change of units' validity: the registry holds as it stands now (R8).

    Days on which a unit does not exist any more are taken away; days on which it newly exists are
    created as the rules now stand. `before` has the former rows of units that were there.
    """
    roll_within(store, at)
    connection = store.connection
    live = archives.live_from(connection)
    first, last = max(store.starts, live), store.through
    for unit in after:
        old = before.get(unit.code)
        if old and (old.valid_from, old.valid_to) == (unit.valid_from, unit.valid_to):
            continue
        if old and live > date.min:
            _refuse_closed_validity(old, unit, store.starts, live - timedelta(days=1))
        gained = [
            owed
            for owed in planned(store, [unit], first, last)
            if old is None or not old.valid_on(owed.day)
        ]
        lost: list[Obligation] = []
        if old is not None:
            standing = obligations.of_days(connection, first, last, Selection(unit=unit.code))
            lost = [row for row in standing if not unit.valid_on(row.day)]
        if gained or lost:
            with summaries.recounted(connection, first, last, [unit.code]):
                obligations.add(connection, gained)
                obligations.remove(connection, lost)


def _refuse_closed_validity(old: Unit, new: Unit, first: date, last: date) -> None:
    """Raise Refused where a unit would begin or cease to exist on a day that is archived."""
    spans = [
        (max(unit.valid_from or first, first), min(unit.valid_to or last, last))
        for unit in (old, new)
    ]
    before, after = (span if span[0] <= span[1] else None for span in spans)
    if before != after:
        raise Refused("archives.unit_closed", unit=new.called, year=last.year)


def reexempt(store: Store, unit: str, at: Instant) -> list[Change]:
    """Mark the unit's days by its exemptions as they stand now; return what changed (R8)."""
    roll_within(store, at)
    connection = store.connection
    every = Selection(unit=unit)
    first = max(store.starts, archives.live_from(connection))
    before = obligations.of_days(connection, first, store.through, every)
    with summaries.recounted(connection, first, store.through, [unit]):
        obligations.set_exempt(connection, unit, schedules.exemptions(connection, [unit]))
    after = obligations.of_days(connection, first, store.through, every)
    return [
        Change(unit, old.day, _status(old, at), _status(new, at))
        for old, new in zip(before, after, strict=True)
        if _status(old, at) != _status(new, at)
    ]


def _status(owed: Obligation | None, at: Instant) -> Status:
    return status_of(owed, owed.discharged_at if owed else None, at)
