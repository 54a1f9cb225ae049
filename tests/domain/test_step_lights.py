"""Lights of a step: by the share of its time that is used, and by the working days left (R13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.deadlines import Limit, Measure, Suspension, deadline
from domain.instants import Instant
from domain.lights import Light, Thresholds, light
from domain.obligations import Obligation, ObligationKind
from tests.matters_city import ZONE, on

CALENDAR = Calendar()


def owed(begun: str, limit: str, due: str = "", still: Sequence[Suspension] = ()) -> Obligation:
    amount, unit = limit.split()
    rule = Limit(int(amount), Measure(unit))
    anchor = on(begun)
    due_at = on(due) if due else deadline(anchor, rule, ZONE, CALENDAR, still).due_at
    return Obligation(
        ObligationKind.STEP,
        "D1",
        "F-2026-0001/verify",
        anchor,
        due_at,
        rule=limit,
        matter="F-2026-0001",
        first_due_at=due_at,
    )


def shows(
    row: Obligation,
    at: str,
    still: Sequence[Suspension] = (),
    thresholds: Thresholds | None = None,
) -> str:
    return light(row, on(at), thresholds or Thresholds(), ZONE, CALENDAR, still).value


@pytest.mark.parametrize(
    ("begun", "limit", "at", "colour"),
    [
        # Three working days from Monday: one is left on Wednesday.
        ("2026-11-23 10:00", "3 workdays", "2026-11-23 23:59:59", "green"),
        ("2026-11-23 10:00", "3 workdays", "2026-11-24 23:59:59", "green"),
        ("2026-11-23 10:00", "3 workdays", "2026-11-25 00:00:00", "amber"),
        ("2026-11-23 10:00", "3 workdays", "2026-11-26 23:59:59", "amber"),
        ("2026-11-23 10:00", "3 workdays", "2026-11-27 00:00:00", "red"),
        # Over a weekend the days off use nothing.
        ("2026-11-19 10:00", "3 workdays", "2026-11-20 12:00", "green"),
        ("2026-11-19 10:00", "3 workdays", "2026-11-22 12:00", "green"),
        ("2026-11-19 10:00", "3 workdays", "2026-11-23 12:00", "amber"),
        # No more than two working days allotted: only the share counts.
        ("2026-11-23 10:00", "2 workdays", "2026-11-24 12:00", "green"),
        ("2026-11-23 10:00", "2 workdays", "2026-11-25 00:00", "amber"),
        ("2026-11-23 10:00", "1 workdays", "2026-11-23 12:00", "green"),
        ("2026-11-23 10:00", "1 workdays", "2026-11-24 00:00", "amber"),
        # Three quarters of sixty days are forty-five.
        ("2023-10-01 10:00", "60 days", "2023-11-14 23:59:59", "green"),
        ("2023-10-01 10:00", "60 days", "2023-11-15 00:00:00", "amber"),
        ("2023-10-01 10:00", "60 days", "2023-11-30 23:59:59", "amber"),
        ("2023-10-01 10:00", "60 days", "2023-12-01 00:00:00", "red"),
        # Due on the day itself: there is nothing left to use.
        ("2026-11-23 10:00", "0 days", "2026-11-23 10:00", "amber"),
        ("2026-11-23 10:00", "0 days", "2026-11-24 00:00", "red"),
        # Hours run by the second; two working days or less were allotted.
        ("2026-11-23 10:00", "24 hours", "2026-11-24 03:59:59", "green"),
        ("2026-11-23 10:00", "24 hours", "2026-11-24 04:00:00", "amber"),
        ("2026-11-23 10:00", "24 hours", "2026-11-24 10:00:00", "amber"),
        ("2026-11-23 10:00", "24 hours", "2026-11-24 10:00:01", "red"),
        # A hundred hours cover four working days, of which one is left on the last but one.
        ("2026-11-23 10:00", "100 hours", "2026-11-25 23:59:59", "green"),
        ("2026-11-23 10:00", "100 hours", "2026-11-26 00:00:00", "amber"),
        ("2026-11-23 10:00", "3 months", "2027-01-30 12:00", "green"),
        ("2026-11-23 10:00", "3 months", "2027-01-31 12:00", "amber"),
    ],
)
def test_lights_of_steps(begun: str, limit: str, at: str, colour: str) -> None:
    assert shows(owed(begun, limit), at) == colour


def test_a_weekend_before_the_day_leaves_no_working_day() -> None:
    # Five days from Friday end on Wednesday; on Tuesday one working day is left, and 80 % used.
    row = owed("2026-11-20 10:00", "5 days")
    assert [shows(row, f"2026-11-{day} 12:00") for day in (22, 23, 24, 25)] == [
        "green",
        "green",
        "amber",
        "amber",
    ]
    # Three months end on a Sunday; on Friday no working day is left after it.
    row = owed("2026-08-22 10:00", "3 months")
    assert row.due_at == on("2026-11-22 23:59:59")


def test_an_extended_date_is_what_counts() -> None:
    row = owed("2026-11-23 10:00", "3 workdays", due="2026-12-07 23:59:59")
    assert shows(row, "2026-11-27 12:00") == "green"
    assert shows(row, "2026-12-03 12:00") == "amber"
    assert shows(row, "2026-12-07 12:00") == "amber"
    assert shows(row, "2026-12-08 00:00") == "red"


def test_a_date_set_by_hand_is_measured_in_days() -> None:
    row = replace(owed("2026-11-23 10:00", "3 workdays", due="2026-12-03 23:59:59"), rule="")
    assert shows(row, "2026-11-30 12:00") == "green"
    assert shows(row, "2026-12-01 12:00") == "amber"


STILL = [Suspension(date(2026, 11, 24), date(2026, 11, 30))]


def test_suspended_days_use_nothing() -> None:
    row = owed("2026-11-23 10:00", "4 days", still=STILL)
    assert row.due_at == on("2026-12-04 23:59:59")
    assert shows(row, "2026-11-30 12:00", STILL) == "green"
    assert shows(row, "2026-12-02 12:00", STILL) == "green"
    assert shows(row, "2026-12-03 00:00", STILL) == "amber"
    assert shows(row, "2026-12-05 00:00", STILL) == "red"


def test_on_a_suspended_day_nothing_is_overdue() -> None:
    row = owed("2026-11-16 10:00", "4 days")
    still = [Suspension(date(2026, 11, 23), date(2026, 11, 24))]
    assert shows(row, "2026-11-22 23:59:59", still) == "red"
    assert shows(row, "2026-11-23 00:00:00", still) == "amber"
    assert shows(row, "2026-11-24 23:59:59", still) == "amber"
    assert shows(row, "2026-11-25 00:00:00", still) == "red"


def test_a_step_that_is_done_is_green_from_then_on() -> None:
    row = replace(owed("2026-11-16 10:00", "4 days"), discharged_at=on("2026-11-23 10:00"))
    assert shows(row, "2026-11-23 09:59:59") == "red"
    assert shows(row, "2026-11-23 10:00:00") == "green"


def test_thresholds_are_the_citys() -> None:
    row = owed("2026-11-23 10:00", "10 workdays")
    assert shows(row, "2026-11-30 12:00") == "green"
    assert shows(row, "2026-11-30 12:00", thresholds=Thresholds(used_percent=50)) == "amber"
    assert shows(row, "2026-12-02 12:00", thresholds=Thresholds(workdays_left=3)) == "amber"
    short = owed("2026-11-23 10:00", "2 workdays")
    assert shows(short, "2026-11-24 12:00", thresholds=Thresholds(workdays_allotted=1)) == "amber"
    late = Thresholds(used_percent=101, workdays_left=0, workdays_allotted=0)
    assert shows(short, "2026-11-24 12:00", thresholds=late) == "green"


# The rule, day by day.

ANCHORS = st.builds(
    lambda day, minute: ZONE.at(day, time(minute // 60, minute % 60)),
    st.dates(date(2023, 1, 1), date(2026, 12, 1)),
    st.integers(0, 1439),
)
LIMITS = st.builds(
    Limit,
    st.integers(0, 30),
    st.sampled_from([Measure.DAYS, Measure.WORKDAYS]),
)


@settings(max_examples=200)
@given(
    ANCHORS,
    LIMITS,
    st.lists(st.tuples(st.integers(-3, 30), st.integers(0, 6)), max_size=3),
    st.integers(0, 60 * 1440),
)
def test_lights_by_the_rule(
    anchor: Instant, limit: Limit, spans: list[tuple[int, int]], minutes: int
) -> None:
    day0 = ZONE.day_of(anchor)
    still = [
        Suspension(day0 + timedelta(first), day0 + timedelta(first + more)) for first, more in spans
    ]
    due_at = deadline(anchor, limit, ZONE, CALENDAR, still).due_at
    row = replace(owed("2026-11-23", "1 days"), opened_at=anchor, due_at=due_at)
    row = replace(row, rule=f"{limit.amount} {limit.unit}")
    at = anchor + 60 * minutes
    today, last = ZONE.day_of(at), ZONE.day_of(due_at)

    def suspended(day: date) -> bool:
        return any(each.first <= day <= each.last for each in still)

    def counted(after: date, through: date, workdays: bool) -> int:
        found = 0
        for number in range(1, (through - after).days + 1):
            day = after + timedelta(number)
            working = not workdays or CALENDAR.is_workday(day)
            found += working and not suspended(day)
        return found

    own = limit.unit is Measure.WORKDAYS
    used, allotted = counted(day0, today, own), counted(day0, last, own)
    plenty = counted(day0, last, True) > 2
    if due_at < at and not suspended(today):
        expected = Light.RED
    elif 4 * used >= 3 * allotted or (plenty and counted(today, last, True) <= 1):
        expected = Light.AMBER
    else:
        expected = Light.GREEN
    assert light(row, at, Thresholds(), ZONE, CALENDAR, still) is expected
