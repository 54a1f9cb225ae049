"""Who is expected to file on which day, and by when (R6, R7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from enum import StrEnum

from domain.calendar import Calendar
from domain.errors import UsageError
from domain.instants import Instant, Zone, parse_clock
from domain.units import Unit, in_force
from domain.values import dataclass


class Days(StrEnum):
    """The reporting days of a schedule; `none` is for kinds that are not expected to file."""

    DAILY = "daily"
    WORKDAYS = "workdays"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LateUntil:
    """The end of the late window: `days` after the reporting day, at `clock`."""

    days: int
    clock: time

    def __str__(self) -> str:
        text = f"{self.clock:%H:%M}"
        return f"+{self.days}d {text}" if self.days else text


_LATE_UNTIL = r"\s*(?:\+(\d{1,3})d\s+)?([^\s+]+)\s*"
_MOST_LATE_DAYS = 366


def parse_late_until(text: str) -> LateUntil:
    """Return the late window of `23:59` or `+1d 12:00`; raises UsageError for anything else.

    `23:59` means 23:59:59, any other time its second 0 (contract).
    """
    match = re.fullmatch(_LATE_UNTIL, text, re.ASCII)
    if match is None or int(match[1] or 0) > _MOST_LATE_DAYS:
        raise UsageError("errors.late_until_bad", text=text)
    try:
        clock = parse_clock(match[2])
    except UsageError as error:
        raise UsageError("errors.late_until_bad", text=text) from error
    second = 59 if clock == time(23, 59) else 0
    return LateUntil(int(match[1] or 0), clock.replace(second=second))


@dataclass(frozen=True, slots=True)
class Schedule:
    """A row that overrides the default of the unit's kind for its dates (R6)."""

    unit: str
    days: Days
    cutoff: time | None = None
    late_until: LateUntil | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Return whether the row covers `day`."""
        return in_force(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class Exemption:
    """Nothing is owed from `first` to `last`, for a reason that somebody approved."""

    unit: str
    first: date
    last: date
    reason: str
    approved_by: str = ""

    def covers(self, day: date) -> bool:
        """Return whether the exemption covers `day`."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Window:
    """The instants of one expected day (R7), with the schedule row that set them, if any."""

    opened_at: Instant
    due_at: Instant
    missed_at: Instant
    locks_at: Instant
    days: Days
    by_row: bool = False


@dataclass(frozen=True, slots=True)
class ReportingRules:
    """The city's rules for reporting days, as its configuration sets them."""

    zone: Zone
    cutoff: time
    late_until: LateUntil
    backfill_days: int
    days_by_kind: dict[str, Days]


def schedule_in_force(rows: Iterable[Schedule], day: date) -> Schedule | None:
    """Return the row that covers `day`; of several, the one with the later `valid_from` (R6)."""
    best: Schedule | None = None
    for row in rows:
        if row.valid_on(day) and (
            best is None or (row.valid_from or date.min) >= (best.valid_from or date.min)
        ):
            best = row
    return best


def window(rules: ReportingRules, day: date, row: Schedule | None, days: Days) -> Window:
    """Return the instants of a reporting day under `row`, or under the city's defaults (R7)."""
    cutoff = row.cutoff if row and row.cutoff is not None else rules.cutoff
    late = row.late_until if row and row.late_until is not None else rules.late_until
    zone = rules.zone
    due_at = zone.at(day, cutoff)
    return Window(
        opened_at=zone.start_of(day),
        due_at=due_at,
        # A late window that would end before the cut-off is no window at all.
        missed_at=max(due_at, zone.at(_later(day, late.days), late.clock)),
        locks_at=zone.at(_later(day, rules.backfill_days), cutoff),
        days=days,
        by_row=row is not None,
    )


def _later(day: date, days: int) -> date:
    """Return the day `days` later, or the calendar's last."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def expected(
    unit: Unit,
    day: date,
    schedules: Sequence[Schedule],
    rules: ReportingRules,
    calendar: Calendar,
    starts: date,
) -> Window | None:
    """Return the day's instants where `unit` is expected to file on `day`, else None (R6).

    `schedules` are the unit's own rows. Exemptions are not looked at: an exempt unit is expected.
    """
    if day < starts or not unit.valid_on(day):
        return None
    return window_of(unit.kind, schedule_in_force(schedules, day), day, rules, calendar)


def window_of(
    kind: str, row: Schedule | None, day: date, rules: ReportingRules, calendar: Calendar
) -> Window | None:
    """Return the instants of `day` under `row`, or by the kind of unit; None: nothing is owed."""
    days = row.days if row else rules.days_by_kind.get(kind, Days.NONE)
    if days is Days.NONE or (days is Days.WORKDAYS and not calendar.is_workday(day)):
        return None
    return window(rules, day, row, days)
