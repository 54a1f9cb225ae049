"""Deadline arithmetic (R12) and how much of a deadline is used (R13), to the second."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import Calendar, DayKind
from domain.errors import UsageError
from domain.instants import DAY, Instant, Zone, parse_day, parse_iso_day
from domain.values import dataclass

_ONE_DAY = timedelta(days=1)
_HOUR = 3600
_REACH = 200 * 366
"""Days after its anchor in which a deadline must fall; suspensions included."""


class Measure(StrEnum):
    """What a limit counts."""

    HOURS = "hours"
    DAYS = "days"
    WORKDAYS = "workdays"
    MONTHS = "months"


_MOST = {
    Measure.HOURS: 100 * 366 * 24,
    Measure.DAYS: 100 * 366,
    Measure.WORKDAYS: 100 * 262,
    Measure.MONTHS: 100 * 12,
}
"""The largest amount of each measure: a hundred years."""

_MEASURES = {
    "h": Measure.HOURS,
    "hour": Measure.HOURS,
    "hours": Measure.HOURS,
    "小时": Measure.HOURS,
    "d": Measure.DAYS,
    "day": Measure.DAYS,
    "days": Measure.DAYS,
    "calendar day": Measure.DAYS,
    "calendar days": Measure.DAYS,
    "天": Measure.DAYS,
    "日": Measure.DAYS,
    "自然日": Measure.DAYS,
    "workday": Measure.WORKDAYS,
    "workdays": Measure.WORKDAYS,
    "working day": Measure.WORKDAYS,
    "working days": Measure.WORKDAYS,
    "工作日": Measure.WORKDAYS,
    "month": Measure.MONTHS,
    "months": Measure.MONTHS,
    "月": Measure.MONTHS,
}
_LIMIT = r"(\d{1,9})\s*个?\s*(\D+)"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time granted; `roll` moves a `days` or `months` deadline to a working day.

    Raises UsageError for less than nothing and for more than a hundred years.
    """

    amount: int
    unit: Measure
    roll: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= _MOST[self.unit]:
            raise UsageError("deadlines.amount", amount=self.amount, most=_MOST[self.unit])


@dataclass(frozen=True, slots=True)
class Suspension:
    """A range of local dates, both inclusive, in which no clock runs 中止.

    Raises UsageError where it ends before it begins.
    """

    first: date
    last: date
    reason: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise UsageError(
                "deadlines.suspension_order",
                first=self.first.isoformat(),
                last=self.last.isoformat(),
            )


class DayReason(StrEnum):
    """Why a day counts towards a deadline, or does not."""

    ANCHOR = "anchor"
    """Day 0: the clock starts on it."""
    COUNTED = "counted"
    NOT_WORKDAY = "not_workday"
    """A limit in working days passes over it; `Counted.kind` says what day it is."""
    SUSPENDED = "suspended"
    ROLLED = "rolled"
    """The deadline was moved over it, or on to it, in search of a working day."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One day of a deadline; `kind` is None where working days played no part."""

    day: date
    counted: bool
    why: DayReason
    kind: DayKind | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A computed deadline with its reasons, day by day from day 0 to the last."""

    anchor: Instant
    due_at: Instant
    limit: Limit
    days: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """Time elapsed and time allotted, in seconds for `hours`, else in counted days (R13)."""

    elapsed: int
    allotted: int


def parse_limit(text: str, roll: bool = False) -> Limit:
    """Return the limit of `60 days`, `3 workdays`, `24小时`, `3个工作日` …; raises UsageError."""
    match = re.fullmatch(_LIMIT, unicodedata.normalize("NFKC", text).strip().lower(), re.ASCII)
    unit = _MEASURES.get(" ".join(match[2].split())) if match else None
    if match is None or unit is None:
        raise UsageError("deadlines.bad_limit", text=text)
    return Limit(int(match[1]), unit, roll)


def parse_suspension(text: str, today: date | None = None) -> Suspension:
    """Return the suspension of `2023-10-01..2023-10-07`; raises UsageError.

    With `today`, both ends may also be named as `domain.instants.parse_day` allows.
    """
    first, dots, last = text.partition("..")
    if not dots:
        raise UsageError("deadlines.bad_suspension", text=text)
    if today is None:
        return Suspension(parse_iso_day(first), parse_iso_day(last))
    return Suspension(parse_day(first, today), parse_day(last, today))


def deadline(
    anchor: Instant,
    limit: Limit,
    zone: Zone,
    calendar: Calendar,
    suspensions: Sequence[Suspension] = (),
) -> Deadline:
    """Return the deadline of a limit that runs from an anchor, with each day's reason (R12).

    A limit of nothing is due at the anchor itself (`hours`) or at the end of day 0, suspended
    or not. Rolling asks for a working day only: a suspension does not move a deadline that
    has been reached. Raises UsageError where the deadline would fall two centuries away.
    """
    day0 = zone.day_of(anchor)
    if day0.year > date.max.year - _REACH // 365 - 1:
        raise UsageError("deadlines.too_far", day=day0.isoformat())
    ranges = _merged(suspensions)
    if limit.unit is Measure.HOURS:
        due_at = _after_running(anchor, limit.amount * _HOUR, zone, ranges)
        if due_at - anchor > _REACH * DAY:
            raise UsageError("deadlines.too_far", day=day0.isoformat())
        return Deadline(anchor, due_at, limit, _running_days(anchor, due_at, zone, ranges))
    days = [Counted(day0, False, DayReason.ANCHOR)]
    left = limit.amount
    if limit.unit is Measure.MONTHS:
        left = (_months_on(day0, limit.amount) - day0).days
    while left:
        day = days[-1].day + _ONE_DAY
        if (day - day0).days > _REACH:
            raise UsageError("deadlines.too_far", day=day0.isoformat())
        days.append(_weighed(day, limit.unit, calendar, ranges))
        left -= days[-1].counted
    if limit.roll and limit.unit is not Measure.WORKDAYS:
        days.extend(_rolled(days[-1].day, calendar))
    return Deadline(anchor, zone.end_of(days[-1].day), limit, tuple(days))


def days_until(
    anchor: Instant,
    due_at: Instant,
    unit: Measure,
    zone: Zone,
    calendar: Calendar,
    suspensions: Sequence[Suspension] = (),
) -> tuple[Counted, ...]:
    """Return each day from day 0 to a date that no limit gave, as `unit` counts it (R12).

    For a deadline that was set by hand or moved by an extension.
    """
    ranges = _merged(suspensions)
    if unit is Measure.HOURS:
        return _running_days(anchor, due_at, zone, ranges)
    days = [Counted(zone.day_of(anchor), False, DayReason.ANCHOR)]
    while days[-1].day < zone.day_of(due_at):
        days.append(_weighed(days[-1].day + _ONE_DAY, unit, calendar, ranges))
    return tuple(days)


def used(
    anchor: Instant,
    due_at: Instant,
    at: Instant,
    limit: Limit,
    zone: Zone,
    calendar: Calendar,
    suspensions: Sequence[Suspension] = (),
) -> Used:
    """Return how much of a deadline is used at an instant, in the limit's own measure (R13).

    `hours` are measured in seconds in which the clock ran. The others are measured in the
    days after day 0 that lie in no suspension (`workdays`: working days only), up to and
    including the day of `at` and the day of `due_at`: on the due day all of it is used.
    `due_at` may be another than the limit's own, by an extension or by rolling; past it
    `elapsed` exceeds `allotted`. Both are 0 or more.
    """
    ranges = _merged(suspensions)
    if limit.unit is Measure.HOURS:
        return Used(_ran(anchor, at, zone, ranges), _ran(anchor, due_at, zone, ranges))
    day0 = zone.day_of(anchor)
    return Used(
        _days_counted(day0, zone.day_of(at), limit.unit, calendar, ranges),
        _days_counted(day0, zone.day_of(due_at), limit.unit, calendar, ranges),
    )


def _merged(suspensions: Iterable[Suspension]) -> list[Suspension]:
    """Return the same suspended days as ranges in order, none touching the next."""
    merged: list[Suspension] = []
    for each in sorted(suspensions, key=lambda suspension: suspension.first):
        if merged and (each.first - merged[-1].last).days <= 1:
            last = max(each.last, merged[-1].last)
            merged[-1] = Suspension(merged[-1].first, last)
        else:
            merged.append(each)
    return merged


def _suspended(day: date, ranges: Iterable[Suspension]) -> bool:
    return any(each.first <= day <= each.last for each in ranges)


def _weighed(day: date, unit: Measure, calendar: Calendar, ranges: list[Suspension]) -> Counted:
    """Return whether a day after day 0 counts.

    Months need no reading of their own: with b days from day 0 to the day n months on, "one
    day later for each suspended day up to the deadline so moved" is the b-th day that lies in
    no suspension.
    """
    if _suspended(day, ranges):
        return Counted(day, False, DayReason.SUSPENDED)
    if unit is not Measure.WORKDAYS:
        return Counted(day, True, DayReason.COUNTED)
    kind = calendar.kind(day)
    if calendar.is_workday(day):
        return Counted(day, True, DayReason.COUNTED, kind)
    return Counted(day, False, DayReason.NOT_WORKDAY, kind)


def _rolled(day: date, calendar: Calendar) -> list[Counted]:
    """Return the days over which a deadline moves to a working day; none from a working day."""
    days = []
    while not calendar.is_workday(day):
        day += _ONE_DAY
        days.append(Counted(day, False, DayReason.ROLLED, calendar.kind(day)))
    return days


def _months_on(day: date, months: int) -> date:
    """Return the same day of the month, months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    from calendar import monthrange

    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _days_counted(
    day0: date, through: date, unit: Measure, calendar: Calendar, ranges: list[Suspension]
) -> int:
    def count(after: date, to: date) -> int:
        if unit is Measure.WORKDAYS:
            return calendar.workdays_between(after, to)
        return max(0, (to - after).days)

    total = count(day0, through)
    for each in ranges:
        if each.last > day0:
            before = max(each.first, day0 + _ONE_DAY) - _ONE_DAY
            total -= count(before, min(each.last, through))
    return total


def _spans(zone: Zone, ranges: Iterable[Suspension]) -> Iterable[tuple[Instant, Instant]]:
    """Yield the instants from which and until which the clock stands still."""
    for each in ranges:
        yield zone.start_of(each.first), zone.end_of(each.last) + 1


def _after_running(
    start: Instant, seconds: int, zone: Zone, ranges: Iterable[Suspension]
) -> Instant:
    """Return the first instant at which the clock has run so many seconds."""
    now, left = start, seconds
    for still_from, still_until in _spans(zone, ranges):
        if left <= max(0, still_from - now):
            break
        if still_until > now:
            left -= max(0, still_from - now)
            now = still_until
    return now + left


def _ran(start: Instant, until: Instant, zone: Zone, ranges: Iterable[Suspension]) -> int:
    """Return the seconds between two instants in which the clock ran; 0 where none did."""
    ran = max(0, until - start)
    for still_from, still_until in _spans(zone, ranges):
        ran -= max(0, min(until, still_until) - max(start, still_from))
    return ran


def _running_days(
    anchor: Instant, due_at: Instant, zone: Zone, ranges: list[Suspension]
) -> tuple[Counted, ...]:
    """Return the days on which an hours' clock ran or stood still, before its last second."""
    first, last = zone.day_of(anchor), zone.day_of(max(anchor, due_at - 1))
    days = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        why = DayReason.COUNTED if number else DayReason.ANCHOR
        if _suspended(day, ranges):
            days.append(Counted(day, False, DayReason.SUSPENDED))
        else:
            days.append(Counted(day, True, why))
    return tuple(days)
