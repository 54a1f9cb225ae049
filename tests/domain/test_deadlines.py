"""Deadline arithmetic (R12) and used time (R13), by example and against a naive reading."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar, DayKind
from domain.deadlines import (
    DayReason,
    Deadline,
    Limit,
    Measure,
    Suspension,
    Used,
    deadline,
    parse_limit,
    parse_suspension,
    used,
)
from domain.errors import UsageError
from domain.instants import Instant, Zone

CITY = Zone("Asia/Shanghai")
OFFICIAL = Calendar()


def due(anchor: str, limit: str, *suspended: str, roll: bool = False) -> str:
    """Return the shown deadline of a limit from a shown anchor, suspended in `A..B` ranges."""
    return CITY.show(reckoned(anchor, limit, *suspended, roll=roll).due_at)


def reckoned(anchor: str, limit: str, *suspended: str, roll: bool = False) -> Deadline:
    start = CITY.start_of(date.fromisoformat(anchor)) if " " not in anchor else CITY.parse(anchor)
    ranges = [parse_suspension(text) for text in suspended]
    return deadline(start, parse_limit(limit, roll), CITY, OFFICIAL, ranges)


@pytest.mark.parametrize(
    ("anchor", "limit", "day"),
    [
        ("2023-10-01", "60 days", "2023-11-30"),
        ("2023-10-01 23:59:59", "60 days", "2023-11-30"),
        ("2023-10-01", "0 days", "2023-10-01"),
        ("2023-12-31", "1 day", "2024-01-01"),
        ("2024-02-28", "1 day", "2024-02-29"),
        ("2023-12-25", "90 days", "2024-03-24"),
        # National Day 2023: off until 6 October, the weekend of 7 and 8 October worked.
        ("2023-09-28", "1 workday", "2023-10-07"),
        ("2023-09-28", "3 workdays", "2023-10-09"),
        # Spring Festival 2024: Sunday 4 February worked, off 10 to 17, Sunday 18 worked.
        ("2024-02-02", "1 workday", "2024-02-04"),
        ("2024-02-09", "1 workday", "2024-02-18"),
        ("2024-02-08", "10 workdays", "2024-02-28"),
        ("2024-02-10", "0 workdays", "2024-02-10"),
        ("2025-12-31", "1 workday", "2026-01-04"),
        ("2023-01-31", "1 month", "2023-02-28"),
        ("2024-01-31", "1 month", "2024-02-29"),
        ("2023-10-31", "1 month", "2023-11-30"),
        ("2023-11-30", "3 months", "2024-02-29"),
        ("2023-12-15", "1 month", "2024-01-15"),
        ("2024-02-29", "12 months", "2025-02-28"),
        ("2024-05-31", "0 months", "2024-05-31"),
    ],
)
def test_deadlines_end_with_their_day(anchor: str, limit: str, day: str) -> None:
    assert due(anchor, limit) == f"{day} 23:59:59"


@pytest.mark.parametrize(
    ("anchor", "limit", "suspended", "day"),
    [
        ("2023-10-01", "60 days", ["2023-10-10..2023-10-19"], "2023-12-10"),
        ("2023-10-01", "2 days", ["2023-10-01..2023-10-01"], "2023-10-03"),
        ("2023-10-01", "2 days", ["2023-10-03..2023-10-03"], "2023-10-04"),
        ("2023-10-01", "2 days", ["2023-10-04..2023-10-09"], "2023-10-03"),
        ("2023-10-01", "0 days", ["2023-09-01..2023-10-31"], "2023-10-01"),
        # Overlapping and touching ranges count once.
        (
            "2023-10-01",
            "10 days",
            ["2023-10-05..2023-10-09", "2023-10-03..2023-10-06", "2023-10-10..2023-10-10"],
            "2023-10-19",
        ),
        ("2023-09-28", "1 workday", ["2023-10-07..2023-10-08"], "2023-10-09"),
        ("2023-09-28", "1 workday", ["2023-10-01..2023-10-06"], "2023-10-07"),
        # Moving the deadline meets a second suspension, and moves it again.
        (
            "2023-10-15",
            "1 month",
            ["2023-11-10..2023-11-12", "2023-11-17..2023-11-18"],
            "2023-11-20",
        ),
        ("2023-10-15", "1 month", ["2023-11-15..2023-11-15"], "2023-11-16"),
        ("2023-10-15", "1 month", ["2023-10-01..2023-10-15"], "2023-11-15"),
        ("2023-10-15", "1 month", ["2023-11-16..2023-12-15"], "2023-11-15"),
    ],
)
def test_suspended_days_do_not_count(
    anchor: str, limit: str, suspended: list[str], day: str
) -> None:
    assert due(anchor, limit, *suspended) == f"{day} 23:59:59"


@pytest.mark.parametrize(
    ("anchor", "limit", "suspended", "at"),
    [
        ("2023-10-01 08:00:00", "24 hours", [], "2023-10-02 08:00:00"),
        ("2023-12-31 23:59:59", "1 hour", [], "2024-01-01 00:59:59"),
        ("2023-10-01 08:00:07", "24 hours", ["2023-10-02..2023-10-03"], "2023-10-04 08:00:07"),
        ("2023-10-01 08:00:00", "24 hours", ["2023-09-30..2023-10-02"], "2023-10-04 00:00:00"),
        ("2023-10-01 08:00:00", "0 hours", ["2023-09-30..2023-10-02"], "2023-10-01 08:00:00"),
        # The clock has run its 16 hours at the very instant at which it stops.
        ("2023-10-01 08:00:00", "16 hours", ["2023-10-02..2023-10-09"], "2023-10-02 00:00:00"),
        ("2023-10-01 08:00:00", "17 hours", ["2023-10-02..2023-10-09"], "2023-10-10 01:00:00"),
    ],
)
def test_hours(anchor: str, limit: str, suspended: list[str], at: str) -> None:
    assert due(anchor, limit, *suspended) == at


def test_rolling() -> None:
    # 1 October 2026 opens a week of holidays; 10 October is a Saturday that is worked.
    assert due("2026-09-29", "2 days", roll=True) == "2026-10-08 23:59:59"
    assert due("2026-09-10", "1 month", roll=True) == "2026-10-10 23:59:59"
    assert due("2026-08-31", "1 month", roll=True) == "2026-09-30 23:59:59"
    assert due("2026-11-22", "0 days", roll=True) == "2026-11-23 23:59:59"
    assert due("2026-11-22", "0 workdays", roll=True) == "2026-11-22 23:59:59"
    assert due("2026-11-22 10:00", "2 hours", roll=True) == "2026-11-22 12:00:00"


def test_a_deadline_reached_is_not_moved_by_a_suspension() -> None:
    assert due("2026-11-20", "1 day", "2026-11-23..2026-11-24", roll=True) == "2026-11-23 23:59:59"


def test_each_day_has_its_reason() -> None:
    days = reckoned("2023-09-28", "2 workdays", "2023-10-07..2023-10-07").days
    assert [(each.day.isoformat()[5:], each.counted, each.why, each.kind) for each in days] == [
        ("09-28", False, DayReason.ANCHOR, None),
        *((f"{day}", False, DayReason.NOT_WORKDAY, DayKind.HOLIDAY) for day in ("09-29", "09-30")),
        *((f"10-0{n}", False, DayReason.NOT_WORKDAY, DayKind.HOLIDAY) for n in range(1, 7)),
        ("10-07", False, DayReason.SUSPENDED, None),
        ("10-08", True, DayReason.COUNTED, DayKind.MAKE_UP),
        ("10-09", True, DayReason.COUNTED, DayKind.WORKDAY),
    ]


def test_rolled_days_have_their_reason() -> None:
    days = reckoned("2026-11-20", "1 day", roll=True).days
    assert [(each.counted, each.why, each.kind) for each in days] == [
        (False, DayReason.ANCHOR, None),
        (True, DayReason.COUNTED, None),
        (False, DayReason.ROLLED, DayKind.WEEKEND),
        (False, DayReason.ROLLED, DayKind.WORKDAY),
    ]


def test_days_of_an_hours_clock() -> None:
    days = reckoned("2023-10-01 08:00:00", "24 hours", "2023-10-02..2023-10-02").days
    assert [(each.counted, each.why) for each in days] == [
        (True, DayReason.ANCHOR),
        (False, DayReason.SUSPENDED),
        (True, DayReason.COUNTED),
    ]
    assert len(reckoned("2023-10-01", "24 hours").days) == 1


def test_working_days_outside_the_official_years_are_noticed_only_where_they_matter() -> None:
    calendar = Calendar()
    anchor = CITY.start_of(date(2090, 1, 1))
    deadline(anchor, Limit(30, Measure.DAYS), CITY, calendar)
    assert calendar.unknown_years == set()
    deadline(anchor, Limit(1, Measure.WORKDAYS), CITY, calendar)
    assert calendar.unknown_years == {2090}


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("60 days", 60, Measure.DAYS),
        ("1 day", 1, Measure.DAYS),
        ("60天", 60, Measure.DAYS),
        ("60 日", 60, Measure.DAYS),
        ("15个自然日", 15, Measure.DAYS),
        ("2d", 2, Measure.DAYS),
        ("3 workdays", 3, Measure.WORKDAYS),
        ("1 workday", 1, Measure.WORKDAYS),
        ("3  Working  Days", 3, Measure.WORKDAYS),
        ("3个工作日", 3, Measure.WORKDAYS),
        ("3工作日", 3, Measure.WORKDAYS),
        ("\uff13个工作日", 3, Measure.WORKDAYS),
        ("24 hours", 24, Measure.HOURS),
        ("1 hour", 1, Measure.HOURS),
        ("4h", 4, Measure.HOURS),
        ("24小时", 24, Measure.HOURS),
        ("24个小时", 24, Measure.HOURS),
        ("3 months", 3, Measure.MONTHS),
        ("1 month", 1, Measure.MONTHS),
        ("3个月", 3, Measure.MONTHS),
        ("0 days", 0, Measure.DAYS),
    ],
)
def test_forms_of_a_limit(text: str, amount: int, unit: Measure) -> None:
    assert parse_limit(text) == Limit(amount, unit)
    assert parse_limit(text, roll=True) == Limit(amount, unit, roll=True)


@pytest.mark.parametrize("text", ["", "60", "days", "-3 days", "1.5 days", "3 weeks", "3 days 4"])
def test_what_is_no_limit(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_limit(text)
    assert error.value.message.key == "deadlines.bad_limit"


@pytest.mark.parametrize("text", ["999999 days", "2000 months", "30000 workdays", "99999999 h"])
def test_a_limit_beyond_a_century_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_limit(text)
    assert error.value.message.key == "deadlines.amount"


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(UsageError):
        Limit(-1, Measure.DAYS)


def test_a_suspension_in_words() -> None:
    week = Suspension(date(2023, 10, 1), date(2023, 10, 7))
    assert parse_suspension("2023-10-01..2023-10-07") == week
    assert parse_suspension(" 2023-10-01 .. 2023-10-07 ") == week
    assert parse_suspension("-6..today", date(2023, 10, 7)) == week
    assert parse_suspension("2023-10-01..2023-10-01").last == date(2023, 10, 1)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2023-10-01", "deadlines.bad_suspension"),
        ("2023-10-01..", "instants.bad_day"),
        ("today..2023-10-01", "instants.bad_day"),
        ("2023-10-07..2023-10-01", "deadlines.suspension_order"),
    ],
)
def test_what_is_no_suspension(text: str, key: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_suspension(text)
    assert error.value.message.key == key


@pytest.mark.parametrize("limit", ["1 hour", "1 day", "1 workday", "1 month"])
def test_a_deadline_two_centuries_away_is_refused(limit: str) -> None:
    with pytest.raises(UsageError) as error:
        due("2023-10-01", limit, "2023-10-01..9999-12-31")
    assert error.value.message.key == "deadlines.too_far"
    with pytest.raises(UsageError) as error:
        due("9998-10-01", limit)
    assert error.value.message.key == "deadlines.too_far"


# The rule read as it is written, one day or one minute at a time.

DAYS = st.dates(date(2010, 1, 1), date(2028, 6, 30))
ANCHORS = st.builds(
    lambda day, minute: CITY.at(day, time(minute // 60, minute % 60)), DAYS, st.integers(0, 1439)
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Instant, list[Suspension], Calendar]:
    """Draw an anchor, suspensions around it, and a calendar with extra days around it."""
    anchor = draw(ANCHORS)
    day0 = CITY.day_of(anchor)
    near = st.integers(-15, 60).map(lambda n: day0 + timedelta(days=n))
    spans = st.tuples(near, st.integers(0, 12)).map(
        lambda span: Suspension(span[0], span[0] + timedelta(days=span[1]))
    )
    suspensions = draw(st.lists(spans, max_size=5))
    off, on = draw(st.sets(near, max_size=6)), draw(st.sets(near, max_size=6))
    return anchor, suspensions, Calendar(off - on, on)


def still(day: date, suspensions: Sequence[Suspension]) -> bool:
    return any(each.first <= day <= each.last for each in suspensions)


def naive_day(
    day0: date, limit: Limit, calendar: Calendar, suspensions: Sequence[Suspension]
) -> date:
    if limit.unit is Measure.MONTHS:
        year, month = day0.year, day0.month
        for _ in range(limit.amount):
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        same = date(year, month, min(day0.day, monthrange(year, month)[1]))
        day, moved = same, 0
        while True:
            between = [day0 + timedelta(days=n) for n in range(1, (day - day0).days + 1)]
            suspended = sum(still(each, suspensions) for each in between)
            if suspended == moved:
                break
            day, moved = same + timedelta(days=suspended), suspended
    else:
        day, left = day0, limit.amount
        while left > 0:
            day += timedelta(days=1)
            if still(day, suspensions):
                continue
            if limit.unit is Measure.WORKDAYS and not calendar.is_workday(day):
                continue
            left -= 1
    if limit.roll and limit.unit is not Measure.WORKDAYS:
        while not calendar.is_workday(day):
            day += timedelta(days=1)
    return day


def naive_hours(anchor: Instant, hours: int, suspensions: Sequence[Suspension]) -> Instant:
    now, left = anchor, hours * 60
    while left > 0:
        if not still(CITY.local(now).date(), suspensions):
            left -= 1
        now += 60
    return now


LIMITS = st.one_of(
    st.builds(Limit, st.integers(0, 70), st.sampled_from([Measure.DAYS]), st.booleans()),
    st.builds(Limit, st.integers(0, 40), st.sampled_from([Measure.WORKDAYS]), st.booleans()),
    st.builds(Limit, st.integers(0, 14), st.sampled_from([Measure.MONTHS]), st.booleans()),
)
HOURS = st.integers(0, 60).map(lambda hours: Limit(hours, Measure.HOURS))


@settings(max_examples=300)
@given(cases(), LIMITS)
def test_days_workdays_and_months_by_the_rule(
    case: tuple[Instant, list[Suspension], Calendar], limit: Limit
) -> None:
    anchor, suspensions, calendar = case
    answer = deadline(anchor, limit, CITY, calendar, suspensions)
    day = naive_day(CITY.day_of(anchor), limit, calendar, suspensions)
    assert CITY.show(answer.due_at) == f"{day} 23:59:59"
    days = [each.day for each in answer.days]
    day0 = CITY.day_of(anchor)
    assert days == [day0 + timedelta(days=n) for n in range((day - day0).days + 1)]
    if limit.unit is not Measure.MONTHS:
        assert sum(each.counted for each in answer.days) == limit.amount


@settings(max_examples=60)
@given(cases(), HOURS)
def test_hours_by_the_rule(case: tuple[Instant, list[Suspension], Calendar], limit: Limit) -> None:
    anchor, suspensions, calendar = case
    answer = deadline(anchor, limit, CITY, calendar, suspensions)
    assert answer.due_at == naive_hours(anchor, limit.amount, suspensions)
    for each in answer.days:
        assert each.counted != still(each.day, suspensions)


@given(cases(), st.one_of(LIMITS, HOURS), st.integers(0, 30))
def test_a_longer_limit_or_suspension_is_never_due_earlier(
    case: tuple[Instant, list[Suspension], Calendar], limit: Limit, longer: int
) -> None:
    anchor, suspensions, calendar = case
    first = deadline(anchor, limit, CITY, calendar, suspensions).due_at
    more = Limit(limit.amount + longer, limit.unit, limit.roll)
    assert deadline(anchor, more, CITY, calendar, suspensions).due_at >= first
    assert deadline(anchor, limit, CITY, calendar, suspensions[1:]).due_at <= first
    twice = [*reversed(suspensions), *suspensions]
    assert deadline(anchor, limit, CITY, calendar, twice).due_at == first


# Used time.


def test_used_days() -> None:
    answer = reckoned("2023-10-01", "60 days", "2023-10-10..2023-10-19")

    def at(text: str) -> Used:
        ranges = [parse_suspension("2023-10-10..2023-10-19")]
        return used(
            answer.anchor, answer.due_at, CITY.parse(text), answer.limit, CITY, OFFICIAL, ranges
        )

    assert at("2023-09-30 12:00") == Used(0, 60)
    assert at("2023-10-01 12:00") == Used(0, 60)
    assert at("2023-10-02 00:00") == Used(1, 60)
    assert at("2023-10-15 12:00") == Used(8, 60)
    assert at("2023-11-25 12:00") == Used(45, 60)
    assert at("2023-12-10 23:59:59") == Used(60, 60)
    assert at("2023-12-11 00:00") == Used(61, 60)


def test_used_of_an_extended_deadline() -> None:
    limit, anchor = Limit(3, Measure.WORKDAYS), CITY.parse("2023-09-28 09:00")
    extended = CITY.parse("2023-10-13")
    at = CITY.parse("2023-10-08 09:00")
    assert used(anchor, extended, at, limit, CITY, OFFICIAL) == Used(2, 7)


def test_used_hours_are_seconds_in_which_the_clock_ran() -> None:
    limit, anchor = Limit(24, Measure.HOURS), CITY.parse("2023-10-01 08:00:00")
    ranges = [
        parse_suspension("2023-10-02..2023-10-02"),
        parse_suspension("2023-10-02..2023-10-03"),
    ]
    due_at = deadline(anchor, limit, CITY, OFFICIAL, ranges).due_at
    day = 24 * 3600

    def at(text: str) -> Used:
        return used(anchor, due_at, CITY.parse(text), limit, CITY, OFFICIAL, ranges)

    assert at("2023-09-30 08:00:00") == Used(0, day)
    assert at("2023-10-01 09:00:01") == Used(3601, day)
    assert at("2023-10-03 12:00:00") == Used(16 * 3600, day)
    assert at("2023-10-04 08:00:00") == Used(day, day)


@settings(max_examples=200)
@given(cases(), st.one_of(LIMITS, HOURS), st.integers(-5 * 1440, 120 * 1440))
def test_used_by_the_rule(
    case: tuple[Instant, list[Suspension], Calendar], limit: Limit, minutes: int
) -> None:
    anchor, suspensions, calendar = case
    due_at = deadline(anchor, limit, CITY, calendar, suspensions).due_at
    at = anchor + 60 * minutes
    answer = used(anchor, due_at, at, limit, CITY, calendar, suspensions)
    assert used(anchor, due_at, due_at, limit, CITY, calendar, suspensions).elapsed == (
        answer.allotted
    )
    if limit.unit is Measure.HOURS:
        assert answer.allotted == limit.amount * 3600
        return

    def counted(until: Instant) -> int:
        day, total = CITY.day_of(anchor), 0
        while day < CITY.day_of(until):
            day += timedelta(days=1)
            working = limit.unit is not Measure.WORKDAYS or calendar.is_workday(day)
            total += working and not still(day, suspensions)
        return total

    assert answer == Used(counted(at), counted(due_at))
    if limit.unit is not Measure.MONTHS and not limit.roll:
        assert answer.allotted == limit.amount
