"""What is expected, after a change of schedules, exemptions, validity or rules (R6-R8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from actions.expecting import planned, roll_within
from domain.errors import Refused
from domain.instants import Instant
from domain.obligations import Obligation, status_of
from domain.reports import Status
from domain.units import Unit
from domain.values import dataclass
from storage import archives, obligations, schedules, summing
from storage.store import Store
from storage.units import Selection, by_code

# The days of so many units are read unit by unit; of more, day by day.
_FEW = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A unit's day whose status a change of the registry or the rules alters."""

    unit: str
    day: date
    before: Status
    after: Status


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
    with summing.recounted(connection, first, last, {unit for _, unit in differs}):
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
            with summing.recounted(connection, first, last, [unit.code]):
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
    with summing.recounted(connection, first, store.through, [unit]):
        obligations.set_exempt(connection, unit, schedules.exemptions(connection, [unit]))
    after = obligations.of_days(connection, first, store.through, every)
    return [
        Change(unit, old.day, _status(old, at), _status(new, at))
        for old, new in zip(before, after, strict=True)
        if _status(old, at) != _status(new, at)
    ]


def _status(owed: Obligation | None, at: Instant) -> Status:
    return status_of(owed, owed.discharged_at if owed else None, at)
