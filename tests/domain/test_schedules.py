"""Who is expected on which day and by when (R6, R7): rows, ties, blank ends, windows."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.errors import UsageError
from domain.instants import Zone
from domain.schedules import (
    Days,
    Exemption,
    LateUntil,
    ReportingRules,
    Schedule,
    expected,
    parse_late_until,
    schedule_in_force,
    window,
)
from domain.units import Kind, Unit

CITY = Zone("Asia/Shanghai")
CALENDAR = Calendar()
DAY = date(2026, 11, 4)
RULES = ReportingRules(
    CITY,
    time(17, 0),
    LateUntil(0, time(23, 59, 59)),
    7,
    {"department": Days.WORKDAYS, "district": Days.DAILY, "town": Days.NONE},
)
TOWN = Unit("T", "某镇", Kind.TOWN)
DISTRICT = Unit("D", "某区", Kind.DISTRICT)
DEPARTMENT = Unit("B", "某局", Kind.DEPARTMENT)


def row(
    first: date | None = None,
    last: date | None = None,
    days: Days = Days.DAILY,
    cutoff: time | None = None,
    late: str | None = None,
) -> Schedule:
    until = None if late is None else parse_late_until(late)
    return Schedule("T", days, cutoff, until, first, last)


def shown(unit: Unit = DISTRICT, day: date = DAY, *rows: Schedule) -> tuple[str, ...] | None:
    """Return the four instants of a day as people read them, or None where none is expected."""
    found = expected(unit, day, rows, RULES, CALENDAR, date.min)
    if found is None:
        return None
    four = (found.opened_at, found.due_at, found.missed_at, found.locks_at)
    return tuple(CITY.show(instant) for instant in four)


def test_the_default_day() -> None:
    assert shown() == (
        "2026-11-04 00:00:00",
        "2026-11-04 17:00:00",
        "2026-11-04 23:59:59",
        "2026-11-11 17:00:00",
    )


@pytest.mark.parametrize(
    ("late", "missed"),
    [
        ("23:59", "2026-11-04 23:59:59"),
        ("+1d 12:00", "2026-11-05 12:00:00"),
        ("+0d 18:30", "2026-11-04 18:30:00"),
        ("+2d 23:59", "2026-11-06 23:59:59"),
        ("20:00", "2026-11-04 20:00:00"),
        # A window that ends before the cut-off leaves nothing between due and missed.
        ("09:00", "2026-11-04 17:00:00"),
    ],
)
def test_the_end_of_the_late_window(late: str, missed: str) -> None:
    instants = shown(TOWN, DAY, row(late=late))
    assert instants is not None
    assert instants[2] == missed


def test_a_row_overrides_what_it_names_and_leaves_the_rest() -> None:
    assert shown(TOWN, DAY, row(cutoff=time(9, 30))) == (
        "2026-11-04 00:00:00",
        "2026-11-04 09:30:00",
        "2026-11-04 23:59:59",
        "2026-11-11 09:30:00",
    )
    late = shown(TOWN, DAY, row(late="+1d 12:00"))
    assert late is not None
    assert late[1] == "2026-11-04 17:00:00"


def test_a_cut_off_at_2359_is_its_second_0() -> None:
    instants = shown(TOWN, DAY, row(cutoff=time(23, 59)))
    assert instants is not None
    assert instants[1:3] == ("2026-11-04 23:59:00", "2026-11-04 23:59:59")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("23:59", LateUntil(0, time(23, 59, 59))),
        (" 23:59 ", LateUntil(0, time(23, 59, 59))),
        ("+1d 12:00", LateUntil(1, time(12, 0))),
        ("+366d 0:05", LateUntil(366, time(0, 5))),
        ("17:00", LateUntil(0, time(17, 0))),
    ],
)
def test_late_windows_are_read(text: str, value: LateUntil) -> None:
    assert parse_late_until(text) == value
    assert parse_late_until(str(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "+", "+1", "+1d", "1d 12:00", "+1d12:00", "+1 12:00", "-1d 12:00", "+367d 12:00"),
        *(
            "24:00",
            "12:60",
            "noon",
            "+1d noon",
            "+d 12:00",
            "+一d 12:00",
            "+1d 12:00 x",
            "23:59:59",
        ),
        "+" + "9" * 5000 + "d 12:00",
    ],
)
def test_what_is_no_late_window_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_late_until(text)
    assert refused.value.message.key == "errors.late_until_bad"


@given(st.integers(0, 366), st.times())
def test_late_windows_survive_being_written(days: int, clock: time) -> None:
    plain = clock.replace(second=0, microsecond=0, tzinfo=None)
    second = 59 if plain == time(23, 59) else 0
    late = LateUntil(days, plain.replace(second=second))
    assert parse_late_until(str(late)) == late


def test_of_two_rows_the_later_beginning_wins_whatever_their_order() -> None:
    open_ended = row(None, None, cutoff=time(1, 0))
    early = row(date(2026, 1, 1), None, cutoff=time(2, 0))
    late = row(date(2026, 6, 1), date(2026, 6, 30), cutoff=time(3, 0))
    for rows in ([open_ended, early, late], [late, early, open_ended], [early, late, open_ended]):
        at = [
            schedule_in_force(rows, day)
            for day in (
                date(2025, 12, 31),
                date(2026, 1, 1),
                date(2026, 5, 31),
                date(2026, 6, 1),
                date(2026, 6, 30),
                date(2026, 7, 1),
            )
        ]
        assert at == [open_ended, early, early, late, late, early]


def test_of_rows_that_begin_alike_the_one_entered_last_wins() -> None:
    rows = [row(DAY, cutoff=time(1, 0)), row(DAY, cutoff=time(2, 0))]
    assert schedule_in_force(rows, DAY) is rows[1]
    assert schedule_in_force(rows, DAY - timedelta(1)) is None
    assert schedule_in_force([], DAY) is None


dates = st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 1))
schedules = st.builds(row, dates, dates, cutoff=st.times())


@given(st.lists(schedules, max_size=5), st.dates(date(2026, 10, 1), date(2026, 12, 1)))
def test_the_row_in_force_covers_the_day_and_none_begins_later(
    rows: list[Schedule], day: date
) -> None:
    found = schedule_in_force(rows, day)
    covering = [
        each for each in rows if (each.valid_from or date.min) <= day <= (each.valid_to or date.max)
    ]
    if found is None:
        assert covering == []
    else:
        assert found in covering
        latest = max(each.valid_from or date.min for each in covering)
        assert (found.valid_from or date.min) == latest


@pytest.mark.parametrize(
    ("unit", "day", "asked"),
    [
        (DISTRICT, date(2026, 10, 1), True),
        (DISTRICT, date(2026, 11, 7), True),
        (DEPARTMENT, date(2026, 11, 4), True),
        (DEPARTMENT, date(2026, 11, 7), False),
        # National Day, and the Saturday that was worked for it.
        (DEPARTMENT, date(2026, 10, 1), False),
        (DEPARTMENT, date(2026, 10, 10), True),
        (TOWN, date(2026, 11, 4), False),
        (Unit("C", "某市", Kind.CITY), date(2026, 11, 4), False),
    ],
)
def test_defaults_by_kind_of_unit(unit: Unit, day: date, asked: bool) -> None:
    assert (shown(unit, day) is not None) is asked


def test_a_row_switches_a_town_on_for_its_dates() -> None:
    rows = (row(DAY, DAY + timedelta(1), Days.DAILY),)
    days = [DAY + timedelta(n) for n in (-1, 0, 1, 2)]
    assert [shown(TOWN, day, *rows) is not None for day in days] == [False, True, True, False]
    on_workdays = (row(days=Days.WORKDAYS),)
    assert shown(TOWN, date(2026, 11, 7), *on_workdays) is None
    assert shown(TOWN, date(2026, 11, 6), *on_workdays) is not None


def test_nobody_is_expected_before_the_start_or_outside_the_own_validity() -> None:
    def asked(unit: Unit, day: date, starts: date) -> bool:
        return expected(unit, day, (), RULES, CALENDAR, starts) is not None

    assert not asked(DISTRICT, DAY - timedelta(1), DAY)
    assert asked(DISTRICT, DAY, DAY)
    brief = Unit("D", "某区", Kind.DISTRICT, valid_from=DAY, valid_to=DAY)
    days = [DAY + timedelta(n) for n in (-1, 0, 1)]
    assert [asked(brief, day, date.min) for day in days] == [False, True, False]


def test_the_window_says_whose_word_it_is() -> None:
    assert window(RULES, DAY, None, Days.DAILY).by_row is False
    found = expected(TOWN, DAY, [row()], RULES, CALENDAR, date.min)
    assert found is not None
    assert found.by_row
    assert found.days is Days.DAILY


def test_the_last_days_of_the_calendar_have_windows() -> None:
    instants = shown(DISTRICT, date.max, row(late="+2d 12:00"))
    assert instants is not None
    assert instants[1] == "9999-12-31 17:00:00"
    assert shown(DISTRICT, date.min) is not None


def test_a_day_with_a_shifted_clock_is_due_at_the_cut_off() -> None:
    zone = Zone("Europe/London")
    rules = ReportingRules(zone, time(1, 30), LateUntil(1, time(1, 30)), 7, RULES.days_by_kind)
    # The clock goes back at 02:00 on 25 October: half past one comes twice, the first counts.
    found = window(rules, date(2026, 10, 25), None, Days.DAILY)
    assert found.due_at == zone.parse("2026-10-25T00:30:00Z")
    assert found.missed_at == zone.parse("2026-10-26T01:30:00Z")


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.times(),
    st.integers(0, 3),
    st.times(),
    st.integers(0, 30),
)
def test_instants_of_a_day_are_in_order(
    day: date, cutoff: time, days: int, clock: time, backfill: int
) -> None:
    late = LateUntil(days, clock.replace(microsecond=0))
    rules = ReportingRules(CITY, cutoff.replace(microsecond=0), late, backfill, {})
    found = window(rules, day, None, Days.DAILY)
    assert found.opened_at <= found.due_at <= found.missed_at
    assert found.due_at <= found.locks_at
    assert CITY.day_of(found.opened_at) == CITY.day_of(found.due_at) == day


def test_an_exemption_covers_both_its_ends() -> None:
    exemption = Exemption("T", DAY, DAY + timedelta(1), "搬迁")
    days = [DAY + timedelta(n) for n in (-1, 0, 1, 2)]
    assert [exemption.covers(day) for day in days] == [False, True, True, False]
