"""Whose turn it was, second by second, and the days of a date that a person set (R12, R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.deadlines import DayReason, Measure, Suspension, days_until
from domain.explaining import Held, held_by
from domain.instants import Instant
from domain.matters import Act, Entry, Matter, Started
from domain.workflows import Outcome
from tests.matters_city import DAY, HOUR, ZONE, on, workflows

NOTICE = workflows()["notice"]
FINDING = workflows()["finding"]
MATTER = Matter("N-2026-0001", "notice", "D1", "DISC", 0, "督办")
BEGUN = on("2026-11-23 10:00")


def entry(act: Act, at: Instant, step: str = "", *begun: str, **more: object) -> Entry:
    steps = tuple(Started(key, 1, None, None) for key in begun)
    found = Entry(0, at, "a", "a", act, step, starts=steps)
    return replace(found, **more)  # type: ignore[arg-type]


TALE = [
    entry(Act.OPEN, BEGUN, "", "sign", "reply"),
    entry(Act.DONE, BEGUN + HOUR, "sign"),
    entry(Act.DONE, BEGUN + 5 * HOUR, "reply", "review"),
    entry(Act.DONE, BEGUN + 7 * HOUR, "review"),
]


def held(tale: list[Entry], at: Instant) -> dict[str | None, int]:
    found = held_by(MATTER, NOTICE, tale, at, ZONE)
    assert all(row.seconds > 0 for row in found)
    return {row.unit: row.seconds for row in found}


def test_the_time_divides_among_unit_and_reviewer() -> None:
    assert held(TALE, BEGUN) == {}
    assert held(TALE, BEGUN + 1) == {"D1": 1}
    assert held(TALE, BEGUN + 5 * HOUR) == {"D1": 5 * HOUR}
    assert held(TALE, BEGUN + 6 * HOUR) == {"D1": 5 * HOUR, "DISC": HOUR}
    # Once it is over the clock is nobody's.
    assert held(TALE, BEGUN + 99 * DAY) == {"D1": 5 * HOUR, "DISC": 2 * HOUR}


def test_a_return_gives_the_clock_back() -> None:
    tale = [*TALE[:3], entry(Act.RETURN, BEGUN + 7 * HOUR, "review", "reply")]
    assert held(tale, BEGUN + 8 * HOUR) == {"D1": 6 * HOUR, "DISC": 2 * HOUR}


def test_suspended_days_are_nobodys() -> None:
    still = Suspension(date(2026, 11, 25), date(2026, 11, 26), "鉴定")
    tale = [*TALE[:2], entry(Act.SUSPEND, BEGUN + DAY, suspension=still)]
    until = on("2026-11-27 10:00")
    assert held(tale, until) == {"D1": 2 * DAY, None: 2 * DAY}
    assert held(tale, on("2026-11-25 12:00")) == {"D1": DAY + 14 * HOUR, None: 12 * HOUR}
    # Suspended afterwards, and known of only afterwards.
    late = [*TALE[:2], entry(Act.SUSPEND, until, suspension=still)]
    assert held(late, until) == {"D1": 2 * DAY, None: 2 * DAY}
    assert held(late, until - 1) == {"D1": 4 * DAY - 1}


def test_waiting_for_the_closing_is_the_units_turn() -> None:
    tale = [
        entry(Act.OPEN, BEGUN, "", "stop"),
        entry(Act.DONE, BEGUN + HOUR, "stop"),
        entry(Act.CLOSE, BEGUN + 3 * HOUR, outcome=Outcome.TRANSFERRED),
        entry(Act.REOPEN, BEGUN + 9 * HOUR, "stop", "stop"),
    ]
    matter = replace(MATTER, number="F-2026-0001", workflow="finding", issuer="D1")
    found = held_by(matter, FINDING, tale, BEGUN + 10 * HOUR, ZONE)
    assert found == (Held("D1", 4 * HOUR),)


@given(
    st.lists(st.integers(0, 6 * DAY), min_size=3, max_size=3),
    st.lists(st.tuples(st.integers(-2, 6), st.integers(0, 3), st.integers(0, 6 * DAY)), max_size=3),
    st.integers(0, 9 * DAY),
)
def test_every_second_is_held_once(
    gaps: list[int], spans: list[tuple[int, int, int]], later: int
) -> None:
    today = ZONE.day_of(BEGUN)
    instants = [BEGUN + sum(gaps[: n + 1]) for n in range(3)]
    tale = [TALE[0], *(replace(row, at=at) for row, at in zip(TALE[1:], instants, strict=True))]
    tale += [
        entry(
            Act.SUSPEND,
            BEGUN + at,
            suspension=Suspension(today + timedelta(a), today + timedelta(a + b)),
        )
        for a, b, at in spans
        if BEGUN + at <= instants[-1]
    ]
    tale.sort(key=lambda row: row.at)
    at = BEGUN + later
    assert sum(held(tale, at).values()) == min(at, instants[-1]) - BEGUN


# The days of a date that no limit gave.


def test_the_days_of_a_date_set_by_hand() -> None:
    still = [Suspension(date(2026, 11, 25), date(2026, 11, 25))]
    due = on("2026-11-30 23:59:59")
    found = days_until(BEGUN, due, Measure.DAYS, ZONE, Calendar(), still)
    assert [each.day.day for each in found] == [23, 24, 25, 26, 27, 28, 29, 30]
    assert [each.counted for each in found] == [False, True, False, True, True, True, True, True]
    assert found[0].why is DayReason.ANCHOR
    assert found[2].why is DayReason.SUSPENDED
    working = days_until(BEGUN, due, Measure.WORKDAYS, ZONE, Calendar(), still)
    assert [each.day.day for each in working if each.counted] == [24, 26, 27, 30]
    assert len(days_until(BEGUN, BEGUN, Measure.DAYS, ZONE, Calendar())) == 1
    hours = days_until(BEGUN, on("2026-11-26 00:00"), Measure.HOURS, ZONE, Calendar(), still)
    assert [(each.day.day, each.counted) for each in hours] == [(23, True), (24, True), (25, False)]
