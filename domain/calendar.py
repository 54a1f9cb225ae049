"""Working days (R9): the official calendar with its make-up days, and the city's own on top."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from domain.errors import UsageError
from domain.values import dataclass

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class DayKind(StrEnum):
    """What a day is, and whose word decides it."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    """A weekend day worked in exchange for a day off 调休上班."""
    EXTRA_HOLIDAY = "extra_holiday"
    """A day off by the configuration."""
    EXTRA_WORKDAY = "extra_workday"
    """A working day by the configuration."""


_WORKING = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP, DayKind.EXTRA_WORKDAY})


@dataclass(frozen=True, slots=True)
class _Published:
    """The official calendar as the library has it; its years are those of its own table."""

    holidays: Mapping[date, str]
    make_up: Mapping[date, str]
    chinese: Mapping[str, str]
    first_year: int
    last_year: int


@cache
def _published() -> _Published:
    # Imported at first use: most commands that print a page never ask for a working day.
    from chinese_calendar import constants

    holidays: Mapping[date, str] = constants.holidays
    return _Published(
        holidays,
        constants.workdays,
        {holiday.value: holiday.chinese for holiday in constants.Holiday},
        min(holidays).year,
        max(holidays).year,
    )


class Calendar:
    """The official Chinese calendar, with the configuration's extra days winning over it (R9).

    `unknown_years` gathers the years in which a day had to be decided by Monday to Friday
    because the library does not know them, so that a front door can say so once.
    """

    def __init__(
        self, extra_holidays: Iterable[date] = (), extra_workdays: Iterable[date] = ()
    ) -> None:
        """Take the extra days; raises UsageError for a day that is in both."""
        self._off = frozenset(extra_holidays)
        self._on = frozenset(extra_workdays)
        both = sorted(self._off & self._on)
        if both:
            raise UsageError("instants.extra_both", days=[day.isoformat() for day in both])
        self.unknown_years: set[int] = set()
        self._kinds: dict[date, DayKind] = {}
        self._years: dict[int, list[date]] = {}

    def kind(self, day: date) -> DayKind:
        """Return what a day is."""
        kind = self._kinds.get(day)
        if kind is None:
            kind = self._kinds[day] = self._decide(day)
        return kind

    def is_workday(self, day: date) -> bool:
        """Return whether a day is a working day."""
        return self.kind(day) in _WORKING

    def known(self, day: date) -> bool:
        """Return whether the official calendar covers the day's year."""
        published = _published()
        return published.first_year <= day.year <= published.last_year

    def holiday_name(self, day: date) -> tuple[str, str] | None:
        """Return the holiday of a day off, or that a make-up day makes up for, as (zh, en)."""
        kind = self.kind(day)
        published = _published()
        if kind is DayKind.HOLIDAY:
            english = published.holidays[day]
        elif kind is DayKind.MAKE_UP:
            english = published.make_up[day]
        else:
            return None
        return published.chinese[english], english

    def next_workday(self, day: date) -> date:
        """Return the first working day on or after a day."""
        while not self.is_workday(day):
            day = _moved(day, _ONE_DAY)
        return day

    def add_workdays(self, day: date, n: int) -> date:
        """Return the n-th working day after a day (before it where n < 0); n = 0 is the day."""
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        left = abs(n)
        while left:
            day = _moved(day, step)
            left -= self.is_workday(day)
        return day

    def workdays_between(self, after: date, through: date) -> int:
        """Return the number of working days d with after < d <= through; 0 for none."""
        if through <= after:
            return 0
        first = _moved(after, _ONE_DAY)
        count = 0
        for year in range(first.year, through.year + 1):
            days = self._workdays_of(year)
            low = bisect_right(days, after) if year == first.year else 0
            high = bisect_right(days, through) if year == through.year else len(days)
            count += high - low
        return count

    def _workdays_of(self, year: int) -> list[date]:
        days = self._years.get(year)
        if days is None:
            first = date(year, 1, 1).toordinal()
            last = date(year, 12, 31).toordinal()
            every = map(date.fromordinal, range(first, last + 1))
            days = self._years[year] = [day for day in every if self.is_workday(day)]
        return days

    def _decide(self, day: date) -> DayKind:
        if day in self._off:
            return DayKind.EXTRA_HOLIDAY
        if day in self._on:
            return DayKind.EXTRA_WORKDAY
        if not self.known(day):
            self.unknown_years.add(day.year)
        elif day in _published().make_up:
            return DayKind.MAKE_UP
        elif day in _published().holidays:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.WORKDAY


def _moved(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError:
        raise UsageError("instants.calendar_ends", day=day.isoformat()) from None
