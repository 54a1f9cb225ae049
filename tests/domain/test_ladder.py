"""The ladder of urging (R14): its rungs, and the instants from which they may fire."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.errors import UsageError
from domain.instants import Zone
from domain.ladder import REPORT_LADDER, OffsetUnit, Rung, parse_rung, planned_at

CITY = Zone("Asia/Shanghai")
CALENDAR = Calendar()


def test_the_default_ladder_of_a_report() -> None:
    # Due on Friday 30 October 2026 at 17:00: the next working days are 2, 3, 4 and 6 November.
    due = CITY.parse("2026-10-30 17:00")
    planned = [
        (rung.name, CITY.show(planned_at(rung, due, CITY, CALENDAR))) for rung in REPORT_LADDER
    ]
    assert planned == [
        ("reminder", "2026-10-30 16:30:00"),
        ("urge", "2026-10-30 17:00:00"),
        ("reminder_sheet", "2026-11-02 17:00:00"),
        ("urging_sheet", "2026-11-03 17:00:00"),
        ("supervision_sheet", "2026-11-04 17:00:00"),
        ("circular", "2026-11-06 17:00:00"),
    ]


@pytest.mark.parametrize(
    ("at", "due", "planned"),
    [
        # Over National Day 2023, with 7 and 8 October worked.
        ("1 workdays", "2023-09-28 17:00", "2023-10-07 17:00:00"),
        ("3 workdays", "2023-09-28 17:00", "2023-10-09 17:00:00"),
        ("-1 workdays", "2023-10-07 17:00", "2023-09-28 17:00:00"),
        ("0 workdays", "2023-10-01 17:00", "2023-10-01 17:00:00"),
        ("2 days", "2023-09-28 17:00", "2023-09-30 17:00:00"),
        ("-2 days", "2023-10-01 09:30", "2023-09-29 09:30:00"),
        ("-90 minutes", "2023-10-01 00:30", "2023-09-30 23:00:00"),
        ("+45 minutes", "2023-10-01 23:30", "2023-10-02 00:15:00"),
    ],
)
def test_offsets(at: str, due: str, planned: str) -> None:
    rung = parse_rung(at, "urge", ["liaison"])
    assert CITY.show(planned_at(rung, CITY.parse(due), CITY, CALENDAR)) == planned


@given(
    st.sampled_from(OffsetUnit), st.integers(-40, 40), st.dates(date(2024, 1, 1), date(2026, 1, 1))
)
def test_a_greater_offset_is_never_earlier(unit: OffsetUnit, amount: int, day: date) -> None:
    due = CITY.at(day, time(17, 0))
    one, two = (
        planned_at(Rung(n, unit, "urge", ("liaison",)), due, CITY, CALENDAR)
        for n in (amount, amount + 1)
    )
    assert one < two
    zero = planned_at(Rung(0, unit, "urge", ("liaison",)), due, CITY, CALENDAR)
    assert zero == due


@given(st.sampled_from(OffsetUnit), st.integers(-9999, 9999))
def test_rungs_survive_being_written(unit: OffsetUnit, amount: int) -> None:
    rung = Rung(amount, unit, "circular", ("city", "leader"))
    assert parse_rung(rung.at, rung.name, rung.to) == rung


@pytest.mark.parametrize(
    ("at", "name", "to"),
    [
        ("", "urge", ["liaison"]),
        ("30", "urge", ["liaison"]),
        ("30 hours", "urge", ["liaison"]),
        ("30minutes", "urge", ["liaison"]),
        ("1.5 days", "urge", ["liaison"]),
        ("10000 days", "urge", ["liaison"]),
        ("１ days", "urge", ["liaison"]),
        ("1 days", "shout", ["liaison"]),
        ("1 days", "urge", ["neighbour"]),
        ("1 days", "urge", []),
    ],
)
def test_rungs_that_mean_nothing_are_refused(at: str, name: str, to: list[str]) -> None:
    with pytest.raises(UsageError):
        parse_rung(at, name, to)


def test_a_rung_keeps_the_clock_time_over_a_shift() -> None:
    zone = Zone("Europe/London")
    due = zone.parse("2026-10-23 17:00")
    rung = Rung(3, OffsetUnit.DAYS, "urge", ("liaison",))
    later = planned_at(rung, due, zone, CALENDAR)
    assert zone.show(later) == "2026-10-26 17:00:00"
    assert later - due == timedelta(days=3, hours=1).total_seconds()
