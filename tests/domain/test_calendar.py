"""Working days (R9), against the holiday notices published for 2010 to 2026."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar, DayKind
from domain.errors import UsageError

# First and last day off, then the weekend days worked in exchange.
PUBLISHED = {
    "spring 2010": ("2010-02-13", "2010-02-19", ["2010-02-20", "2010-02-21"]),
    "national 2010": ("2010-10-01", "2010-10-07", ["2010-09-26", "2010-10-09"]),
    "spring 2012": ("2012-01-22", "2012-01-28", ["2012-01-21", "2012-01-29"]),
    "national 2012": ("2012-09-30", "2012-10-07", ["2012-09-29"]),
    "spring 2014": ("2014-01-31", "2014-02-06", ["2014-01-26", "2014-02-08"]),
    "national 2014": ("2014-10-01", "2014-10-07", ["2014-09-28", "2014-10-11"]),
    "spring 2015": ("2015-02-18", "2015-02-24", ["2015-02-15", "2015-02-28"]),
    "victory 2015": ("2015-09-03", "2015-09-05", ["2015-09-06"]),
    "spring 2018": ("2018-02-15", "2018-02-21", ["2018-02-11", "2018-02-24"]),
    "national 2018": ("2018-10-01", "2018-10-07", ["2018-09-29", "2018-09-30"]),
    "spring 2020, prolonged": ("2020-01-24", "2020-02-02", ["2020-01-19"]),
    "national 2020": ("2020-10-01", "2020-10-08", ["2020-09-27", "2020-10-10"]),
    "spring 2021": ("2021-02-11", "2021-02-17", ["2021-02-07", "2021-02-20"]),
    "spring 2023": ("2023-01-21", "2023-01-27", ["2023-01-28", "2023-01-29"]),
    "national 2023": ("2023-09-29", "2023-10-06", ["2023-10-07", "2023-10-08"]),
    "spring 2024": ("2024-02-10", "2024-02-17", ["2024-02-04", "2024-02-18"]),
    "national 2024": ("2024-10-01", "2024-10-07", ["2024-09-29", "2024-10-12"]),
    "spring 2025": ("2025-01-28", "2025-02-04", ["2025-01-26", "2025-02-08"]),
    "national 2025": ("2025-10-01", "2025-10-08", ["2025-09-28", "2025-10-11"]),
    "spring 2026": ("2026-02-15", "2026-02-23", ["2026-02-14", "2026-02-28"]),
    "national 2026": ("2026-10-01", "2026-10-07", ["2026-09-20", "2026-10-10"]),
}

DAYS = st.dates(date(2003, 1, 1), date(2032, 12, 31))
NEAR = st.dates(date(2025, 12, 1), date(2027, 2, 28))
CALENDARS = st.builds(
    lambda off, on: Calendar(off - on, on), st.sets(NEAR, max_size=20), st.sets(NEAR, max_size=20)
)


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_holidays(name: str) -> None:
    first, last, worked = PUBLISHED[name]
    calendar = Calendar()
    off = every_day(date.fromisoformat(first), date.fromisoformat(last))
    assert not any(calendar.is_workday(day) for day in off)
    assert {calendar.kind(day) for day in off if day.weekday() < 5} == {DayKind.HOLIDAY}
    for day in map(date.fromisoformat, worked):
        assert day.weekday() >= 5
        assert calendar.kind(day) is DayKind.MAKE_UP
        assert calendar.is_workday(day)
    assert not calendar.unknown_years


def test_every_day_of_the_official_years() -> None:
    calendar = Calendar()
    for day in every_day(date(2006, 1, 1), date(2026, 12, 31)):
        assert calendar.is_workday(day) == chinese_calendar.is_workday(day), day


def test_ordinary_days() -> None:
    calendar = Calendar()
    assert calendar.kind(date(2026, 11, 23)) is DayKind.WORKDAY
    assert calendar.kind(date(2026, 11, 22)) is DayKind.WEEKEND
    assert calendar.holiday_name(date(2026, 11, 22)) is None


def test_holidays_have_their_names() -> None:
    calendar = Calendar()
    assert calendar.holiday_name(date(2026, 10, 1)) == ("国庆节", "National Day")
    assert calendar.holiday_name(date(2026, 2, 17)) == ("春节", "Spring Festival")
    assert calendar.holiday_name(date(2026, 10, 10)) == ("国庆节", "National Day")


def test_extra_days_win() -> None:
    national, monday, saturday = date(2026, 10, 1), date(2026, 11, 23), date(2026, 11, 28)
    calendar = Calendar([monday], [national, saturday])
    assert calendar.kind(monday) is DayKind.EXTRA_HOLIDAY
    assert calendar.kind(national) is DayKind.EXTRA_WORKDAY
    assert calendar.kind(saturday) is DayKind.EXTRA_WORKDAY
    assert [calendar.is_workday(day) for day in (monday, national, saturday)] == [
        False,
        True,
        True,
    ]
    assert calendar.holiday_name(national) is None


def test_a_day_cannot_be_both() -> None:
    with pytest.raises(UsageError) as error:
        Calendar([date(2026, 11, 23)], [date(2026, 11, 23)])
    assert error.value.message.params == {"days": ["2026-11-23"]}


def test_outside_the_official_years_monday_to_friday() -> None:
    last = max(chinese_calendar.holidays).year
    calendar = Calendar([date(last + 3, 1, 1)])
    assert calendar.known(date(last, 12, 31))
    assert not calendar.known(date(last + 1, 1, 1))
    assert not calendar.known(date(min(chinese_calendar.holidays).year - 1, 12, 31))
    assert calendar.is_workday(date(last, 1, 1)) is False
    assert calendar.kind(date(last + 3, 1, 1)) is DayKind.EXTRA_HOLIDAY
    assert calendar.unknown_years == set()
    week = every_day(date(last + 2, 10, 1), date(last + 2, 10, 7))
    assert all(calendar.is_workday(day) == (day.weekday() < 5) for day in week)
    assert calendar.unknown_years == {last + 2}


def test_steps_from_a_holiday() -> None:
    calendar = Calendar()
    assert calendar.next_workday(date(2023, 9, 29)) == date(2023, 10, 7)
    assert calendar.next_workday(date(2023, 10, 7)) == date(2023, 10, 7)
    assert calendar.add_workdays(date(2023, 9, 28), 1) == date(2023, 10, 7)
    assert calendar.add_workdays(date(2023, 9, 28), 2) == date(2023, 10, 8)
    assert calendar.add_workdays(date(2023, 10, 7), -1) == date(2023, 9, 28)
    assert calendar.add_workdays(date(2023, 9, 29), 0) == date(2023, 9, 29)
    assert calendar.workdays_between(date(2023, 9, 28), date(2023, 10, 9)) == 3
    assert calendar.workdays_between(date(2023, 10, 9), date(2023, 9, 28)) == 0


def test_the_calendar_ends_in_words() -> None:
    with pytest.raises(UsageError) as error:
        Calendar().add_workdays(date(9999, 12, 30), 5)
    assert error.value.message.key == "instants.calendar_ends"


@given(CALENDARS, DAYS, st.integers(0, 1200))
def test_counting_is_counting(calendar: Calendar, after: date, length: int) -> None:
    days = every_day(after, after + timedelta(days=length))[1:]
    expected = sum(calendar.is_workday(day) for day in days)
    assert calendar.workdays_between(after, after + timedelta(days=length)) == expected


@given(CALENDARS, NEAR, st.integers(1, 60))
def test_adding_inverts_counting(calendar: Calendar, day: date, n: int) -> None:
    later = calendar.add_workdays(day, n)
    assert calendar.is_workday(later)
    assert calendar.workdays_between(day, later) == n
    earlier = calendar.add_workdays(day, -n)
    assert calendar.is_workday(earlier)
    assert calendar.workdays_between(earlier - timedelta(days=1), day - timedelta(days=1)) == n


@given(CALENDARS, NEAR, NEAR)
def test_next_workday_keeps_the_order(calendar: Calendar, one: date, other: date) -> None:
    first, second = sorted([one, other])
    assert first <= calendar.next_workday(first) <= calendar.next_workday(second)
    assert calendar.workdays_between(first, calendar.next_workday(first)) <= 1
