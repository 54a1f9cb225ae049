"""The ladder of urging: what is sent, when, and to whom (R14)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import time, timedelta
from enum import StrEnum

from domain.calendar import Calendar
from domain.errors import UsageError
from domain.instants import Instant, Zone
from domain.values import dataclass


class OffsetUnit(StrEnum):
    """The measure of a rung's distance from the due instant."""

    MINUTES = "minutes"
    DAYS = "days"
    WORKDAYS = "workdays"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: `amount` of `unit` after the due instant (negative = before).

    `name` is a rung of the glossary; `to` are its addressees. `missed_in_a_row`: the rung is also
    reached when so many days running were missed, 0 for never.
    """

    amount: int
    unit: OffsetUnit
    name: str
    to: tuple[str, ...]
    missed_in_a_row: int = 0

    @property
    def at(self) -> str:
        """Return the offset as the configuration writes it: `-30 minutes`."""
        return f"{self.amount} {self.unit}"

    def table(self) -> dict[str, object]:
        """Return the rung as the configuration writes it."""
        table: dict[str, object] = {"at": self.at, "name": self.name, "to": list(self.to)}
        if self.missed_in_a_row:
            table["or_missed_in_a_row"] = self.missed_in_a_row
        return table


RUNG_NAMES = (
    "reminder",
    "urge",
    "reminder_sheet",
    "urging_sheet",
    "supervision_sheet",
    "circular",
)
ADDRESSEES = ("liaison", "deputy", "leader", "district", "supervision", "city")

REPORT_LADDER = (
    Rung(-30, OffsetUnit.MINUTES, "reminder", ("liaison",)),
    Rung(0, OffsetUnit.MINUTES, "urge", ("liaison", "deputy")),
    Rung(1, OffsetUnit.WORKDAYS, "reminder_sheet", ("leader",)),
    Rung(2, OffsetUnit.WORKDAYS, "urging_sheet", ("leader", "district")),
    Rung(3, OffsetUnit.WORKDAYS, "supervision_sheet", ("supervision",), 3),
    Rung(5, OffsetUnit.WORKDAYS, "circular", ("city",)),
)
STEP_LADDER = (
    Rung(-1, OffsetUnit.WORKDAYS, "reminder", ("liaison",)),
    Rung(0, OffsetUnit.MINUTES, "urge", ("liaison", "deputy")),
    Rung(1, OffsetUnit.WORKDAYS, "reminder_sheet", ("leader",)),
    Rung(3, OffsetUnit.WORKDAYS, "urging_sheet", ("leader", "district")),
    Rung(5, OffsetUnit.WORKDAYS, "supervision_sheet", ("supervision",)),
)

_OFFSET = r"\s*([+-]?\d{1,4})\s+(minutes|days|workdays)\s*"


def parse_rung(at: str, name: str, to: Sequence[str], missed_in_a_row: int = 0) -> Rung:
    """Return the rung that the configuration describes; raises UsageError for unknown words."""
    match = re.fullmatch(_OFFSET, at, re.ASCII)
    if match is None or name not in RUNG_NAMES or not set(to) <= set(ADDRESSEES) or not to:
        raise UsageError("errors.rung_bad", at=at, name=name, to=", ".join(to))
    return Rung(int(match[1]), OffsetUnit(match[2]), name, tuple(to), missed_in_a_row)


def planned_at(rung: Rung, due_at: Instant, zone: Zone, calendar: Calendar) -> Instant:
    """Return the instant at which the rung falls due, before working hours are looked at."""
    if rung.unit is OffsetUnit.MINUTES:
        return due_at + 60 * rung.amount
    local = zone.local(due_at)
    if rung.unit is OffsetUnit.DAYS:
        day = local.date() + timedelta(days=rung.amount)
    else:
        day = calendar.add_workdays(local.date(), rung.amount)
    return zone.at(day, local.time())


def horizon(ladder: Sequence[Rung], at: Instant, zone: Zone, calendar: Calendar) -> Instant:
    """Return the latest due instant whose ladder may have a rung that falls due by `at`."""
    today = zone.day_of(at)
    found = at
    for rung in ladder:
        ahead = -rung.amount
        if ahead <= 0:
            continue
        if rung.unit is OffsetUnit.MINUTES:
            found = max(found, at + 60 * ahead)
            continue
        # It may go in the last working hours before it was planned.
        last = calendar.add_workdays(today, ahead if rung.unit is OffsetUnit.WORKDAYS else 1)
        found = max(found, zone.end_of(max(last, today + timedelta(days=ahead))))
    return found


class Verdict(StrEnum):
    """What becomes of a rung when the ladder is looked at."""

    FIRES = "fires"
    FIRED = "fired"
    NOT_YET = "not_yet"
    OUTSIDE_HOURS = "outside_hours"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Judged:
    """A rung with the instant from which it may fire, and what becomes of it now."""

    rung: Rung
    at: Instant
    verdict: Verdict


def judge(
    ladder: Sequence[Rung],
    due_at: Instant,
    at: Instant,
    fired: Collection[str],
    missed_in_a_row: int,
    hours: tuple[time, time],
    zone: Zone,
    calendar: Calendar,
) -> tuple[Judged, ...]:
    """Return what becomes of each rung of an open obligation's ladder as of `at` (R14).

    `fired` are the rungs that went out already: none goes twice. A rung before the due instant is
    too late after it. Rungs planned for the due day itself, or minutes before it is due, go at
    any hour, the others in working hours only; one before the due instant with no working hours
    left until then goes in those before.
    """
    working = at_work(at, hours, zone, calendar)
    found: list[Judged] = []
    for rung in ladder:
        from_at = planned_at(rung, due_at, zone, calendar)
        at_any_hour = goes_at_any_hour(rung, due_at, zone, calendar)
        if rung.amount < 0 and not at_any_hour:
            from_at = _with_hours_left(from_at, due_at, hours, zone, calendar)
        reached = from_at <= at or (0 < rung.missed_in_a_row <= missed_in_a_row and due_at < at)
        if rung.name in fired:
            verdict = Verdict.FIRED
        elif not reached:
            verdict = Verdict.NOT_YET
        elif rung.amount < 0 and at > due_at:
            verdict = Verdict.TOO_LATE
        elif not working and not at_any_hour:
            verdict = Verdict.OUTSIDE_HOURS
        else:
            verdict = Verdict.FIRES
        found.append(Judged(rung, from_at, verdict))
    return tuple(found)


def goes_at_any_hour(rung: Rung, due_at: Instant, zone: Zone, calendar: Calendar) -> bool:
    """Return whether a rung goes outside working hours too: minutes before, or on the due day."""
    minutes_before = rung.unit is OffsetUnit.MINUTES and rung.amount < 0
    planned = planned_at(rung, due_at, zone, calendar)
    return minutes_before or zone.day_of(planned) == zone.day_of(due_at)


def at_work(at: Instant, hours: tuple[time, time], zone: Zone, calendar: Calendar) -> bool:
    """Return whether an instant lies in the working hours of a working day."""
    local = zone.local(at)
    return hours[0] <= local.time() <= hours[1] and calendar.is_workday(local.date())


def _with_hours_left(
    from_at: Instant, due_at: Instant, hours: tuple[time, time], zone: Zone, calendar: Calendar
) -> Instant:
    """Return `from_at`, or where no working hours follow by `due_at`, the start of the last before.

    Without it a step due on a Sunday night would never be reminded of: the working day before it
    ends with no hours left.
    """
    day, last = zone.day_of(from_at), zone.day_of(due_at)
    while day <= last:
        opens, closes = zone.at(day, hours[0]), zone.at(day, hours[1])
        if calendar.is_workday(day) and max(opens, from_at) <= min(closes, due_at):
            return from_at
        day += timedelta(days=1)
    day = zone.day_of(from_at)
    while not calendar.is_workday(day) or zone.at(day, hours[0]) > from_at:
        day = calendar.add_workdays(day, -1)
    return zone.at(day, hours[0])
