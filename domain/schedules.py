"""Who is expected to file on which day, and by when (R6, R7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from domain.calendar import Calendar
from domain.errors import UsageError
from domain.instants import Instant, Zone, parse_clock
from domain.units import Unit, in_force


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


def parse_late_until(text: str) -> LateUntil:
    """Return the late window of `23:59` or `+1d 12:00`; `23:59` means 23:59:59 (contract)."""
    days, rest = 0, text.strip()
    if rest.startswith("+"):
        head, _, rest = rest[1:].partition(" ")
        if not head.endswith("d") or not head[:-1].isascii() or not head[:-1].isdigit():
            raise UsageError("errors.late_until_bad", text=text)
        days = int(head[:-1])
        if days > 366:
            raise UsageError("errors.late_until_bad", text=text)
    clock = parse_clock(rest.strip())
    return LateUntil(days, clock.replace(second=59) if clock == time(23, 59) else clock)


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
        missed_at=max(due_at, zone.at(day + timedelta(days=late.days), late.clock)),
        locks_at=zone.at(day + timedelta(days=rules.backfill_days), cutoff),
        days=days,
        by_row=row is not None,
    )


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
    row = schedule_in_force(schedules, day)
    days = row.days if row else rules.days_by_kind.get(unit.kind, Days.NONE)
    if days is Days.NONE or (days is Days.WORKDAYS and not calendar.is_workday(day)):
        return None
    return window(rules, day, row, days)
