"""Why an obligation is what it is: rule, source, days, what fired, who holds the clock (R14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby, pairwise

from domain.calendar import Calendar, DayKind
from domain.deadlines import Counted, Suspension
from domain.instants import Instant, Zone
from domain.ladder import Rung, planned_at
from domain.lights import Light
from domain.matters import Entry, Matter, fold, responsible
from domain.networks import Contacts
from domain.obligations import Obligation
from domain.reports import Status
from domain.schedules import Days
from domain.units import Unit
from domain.values import dataclass
from domain.workflows import Step, StepLimit, Workflow


@dataclass(frozen=True, slots=True)
class DayNote:
    """One day since the obligation opened; `counted`: as a working day that it is overdue."""

    day: date
    counted: bool
    why: DayKind


LONG, EDGE = 62, 14
"""From how many days on a page folds them, and how many stay single at either end."""


def folded(days: Sequence[DayNote]) -> list[Sequence[DayNote]]:
    """Return the days in groups for a page: each by itself, or the middle of many by months."""
    if len(days) <= LONG:
        return [[day] for day in days]
    middle = groupby(days[EDGE:-EDGE], key=lambda note: (note.day.year, note.day.month))
    return [
        *([day] for day in days[:EDGE]),
        *(list(month) for _, month in middle),
        *([day] for day in days[-EDGE:]),
    ]


@dataclass(frozen=True, slots=True)
class PlannedRung:
    """A rung of the ladder and the instant from which it may fire."""

    rung: Rung
    at: Instant


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that can be said of a report obligation as of `at`.

    `rule` is the kind of schedule; `local_default`: nobody set it for this unit, the city's
    default did. `fired` are the rungs that went out. `holder` is the unit whose turn it is, None
    when nothing is owed any more.
    """

    obligation: Obligation
    unit: Unit
    at: Instant
    status: Status
    light: Light
    rule: Days
    local_default: bool
    days: tuple[DayNote, ...]
    overdue_seconds: int
    overdue_days: int
    overdue_workdays: int
    planned: tuple[PlannedRung, ...]
    holder: Unit | None
    contacts: Contacts
    fired: tuple[tuple[str, Instant], ...] = ()


def day_notes(
    obligation: Obligation, at: Instant, zone: Zone, calendar: Calendar
) -> tuple[DayNote, ...]:
    """Return the reporting day, then each day that the report stayed out, through `at`.

    A day counts when it is a working day after the reporting day, up to the discharge.
    """
    end = at
    if obligation.discharged_at is not None:
        end = min(end, obligation.discharged_at)
    first = obligation.day
    last = max(first, zone.day_of(end))
    notes: list[DayNote] = []
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        notes.append(DayNote(day, day > first and calendar.is_workday(day), calendar.kind(day)))
    return tuple(notes)


def planned_rungs(
    obligation: Obligation, ladder: tuple[Rung, ...], zone: Zone, calendar: Calendar
) -> tuple[PlannedRung, ...]:
    """Return each rung with the instant from which it may fire."""
    due_at = obligation.due_at
    return tuple(PlannedRung(rung, planned_at(rung, due_at, zone, calendar)) for rung in ladder)


@dataclass(frozen=True, slots=True)
class Held:
    """How long one unit held the clock of a matter, in seconds; None is a suspension."""

    unit: str | None
    seconds: int


@dataclass(frozen=True, slots=True)
class StepExplanation:
    """Everything that can be said of a step's obligation as of `at`.

    `days` are those of the deadline, counted or skipped. `limit` is None where a date was set by
    hand. `answers` are the entries about extensions and suspensions. `held` divides the time since
    the matter began among the units whose turn it was.
    """

    obligation: Obligation
    unit: Unit
    at: Instant
    light: Light
    matter: Matter
    step: Step
    limit: StepLimit | None
    days: tuple[Counted, ...]
    overdue_seconds: int
    overdue_days: int
    overdue_workdays: int
    suspended: bool
    answers: tuple[Entry, ...]
    fired: tuple[tuple[str, Instant], ...]
    planned: tuple[PlannedRung, ...]
    holder: Unit | None
    contacts: Contacts
    held: tuple[Held, ...]


def held_by(
    matter: Matter, workflow: Workflow, entries: Sequence[Entry], at: Instant, zone: Zone
) -> tuple[Held, ...]:
    """Return how the time from the opening to `at` (or the closing) divides among those whose
    turn it was. Where two units' steps are open at once, the first step's unit holds the clock;
    where none is, the closing is its unit's turn. Suspended days are nobody's, also those that
    were suspended afterwards.
    """
    seconds: dict[str | None, int] = {}
    ranges = fold(workflow, entries, at).suspensions
    marks = sorted({entry.at for entry in entries if entry.at <= at} | {at})
    for start, end in pairwise(marks):
        state = fold(workflow, entries, start)
        if state.closed_at is not None:
            continue
        unit = responsible(state.open[0].step, matter) if state.open else matter.unit
        still = _still(ranges, start, end, zone)
        seconds[unit] = seconds.get(unit, 0) + end - start - still
        if still:
            seconds[None] = seconds.get(None, 0) + still
    return tuple(Held(unit, spent) for unit, spent in seconds.items() if spent)


def _still(ranges: Sequence[Suspension], start: Instant, end: Instant, zone: Zone) -> int:
    """Return how many of the seconds from `start` to `end` lie on suspended days."""
    first, last = zone.day_of(start), zone.day_of(end)
    total = 0
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if any(span.first <= day <= span.last for span in ranges):
            total += max(0, min(end, zone.end_of(day) + 1) - max(start, zone.start_of(day)))
    return total
