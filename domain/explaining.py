"""Why an obligation is what it is: rule, source, days, what fired, who holds the clock (R14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.calendar import Calendar, DayKind
from domain.instants import Instant, Zone
from domain.ladder import Rung, planned_at
from domain.lights import Light
from domain.networks import Contacts
from domain.obligations import Obligation
from domain.reports import Status
from domain.schedules import Days
from domain.units import Unit


@dataclass(frozen=True, slots=True)
class DayNote:
    """One day since the obligation opened; `counted`: as a working day that it is overdue."""

    day: date
    counted: bool
    why: DayKind


@dataclass(frozen=True, slots=True)
class PlannedRung:
    """A rung of the ladder and the instant from which it may fire."""

    rung: Rung
    at: Instant


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that can be said of a report obligation as of `at`.

    `rule` is the kind of schedule; `local_default`: nobody set it for this unit, the city's
    default did. `holder` is the unit whose turn it is, None when nothing is owed any more.
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
