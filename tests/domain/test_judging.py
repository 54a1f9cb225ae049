"""What becomes of each rung of a ladder, and how far ahead a ladder looks (R14)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.errors import UsageError
from domain.instants import Instant
from domain.ladder import (
    REPORT_LADDER,
    STEP_LADDER,
    OffsetUnit,
    Rung,
    Verdict,
    horizon,
    judge,
    parse_rung,
    planned_at,
)
from domain.settings import CityRules, rules_from_table, rules_to_table
from tests.matters_city import ZONE, on

CALENDAR = Calendar()
HOURS = (time(8, 30), time(18, 0))
FRIDAY = on("2026-11-20 17:00")
"""The report of Friday 20 November 2026 falls due."""


def rung(at: str, name: str = "urge", row: int = 0) -> Rung:
    return parse_rung(at, name, ["liaison"], row)


def verdicts(
    ladder: Sequence[Rung],
    due_at: Instant,
    at: str,
    fired: Collection[str] = (),
    missed: int = 0,
) -> dict[str, str]:
    found = judge(ladder, due_at, on(at), fired, missed, HOURS, ZONE, CALENDAR)
    assert [row.rung for row in found] == list(ladder)
    return {row.rung.name: row.verdict.value for row in found}


def fires(due_at: Instant, at: str) -> set[str]:
    found = verdicts(REPORT_LADDER, due_at, at)
    return {name for name, verdict in found.items() if verdict == "fires"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-20 16:29:59", set()),
        ("2026-11-20 16:30:00", {"reminder"}),
        ("2026-11-20 16:59:59", {"reminder"}),
        ("2026-11-20 17:00:00", {"reminder", "urge"}),
        # Once it is due nobody is reminded of what is to come.
        ("2026-11-20 17:00:01", {"urge"}),
        ("2026-11-20 23:30:00", {"urge"}),
        ("2026-11-22 03:00:00", {"urge"}),
        # One working day later is Monday, at the same time of day.
        ("2026-11-23 16:59:59", {"urge"}),
        ("2026-11-23 17:00:00", {"urge", "reminder_sheet"}),
        ("2026-11-23 18:00:00", {"urge", "reminder_sheet"}),
        ("2026-11-23 18:00:01", {"urge"}),
        ("2026-11-24 08:29:59", {"urge"}),
        ("2026-11-24 08:30:00", {"urge", "reminder_sheet"}),
        ("2026-11-24 17:00:00", {"urge", "reminder_sheet", "urging_sheet"}),
        ("2026-11-25 17:00:00", {"urge", "reminder_sheet", "urging_sheet", "supervision_sheet"}),
        ("2026-11-27 16:59:59", {"urge", "reminder_sheet", "urging_sheet", "supervision_sheet"}),
        (
            "2026-11-27 17:00:00",
            {"urge", "reminder_sheet", "urging_sheet", "supervision_sheet", "circular"},
        ),
        # A weekend is no working time, whatever is due.
        ("2026-11-28 10:00:00", {"urge"}),
    ],
)
def test_a_reports_ladder_hour_by_hour(at: str, expected: set[str]) -> None:
    assert fires(FRIDAY, at) == expected


def test_each_rung_says_why_it_does_not_fire() -> None:
    assert verdicts(REPORT_LADDER, FRIDAY, "2026-11-23 20:00", {"urge"}) == {
        "reminder": "too_late",
        "urge": "fired",
        "reminder_sheet": "outside_hours",
        "urging_sheet": "not_yet",
        "supervision_sheet": "not_yet",
        "circular": "not_yet",
    }


def test_what_fired_does_not_fire_again() -> None:
    names = {rung.name for rung in REPORT_LADDER}
    later = verdicts(REPORT_LADDER, FRIDAY, "2026-12-01 10:00", names)
    assert set(later.values()) == {"fired"}
    # Not even what would be too late by now, or would not be due yet.
    assert set(verdicts(REPORT_LADDER, FRIDAY, "2026-11-20 09:00", names).values()) == {"fired"}


def test_three_missed_days_reach_the_red_sheet_at_once() -> None:
    at = "2026-11-23 09:00"
    for missed, verdict in ((0, "not_yet"), (2, "not_yet"), (3, "fires"), (9, "fires")):
        found = verdicts(REPORT_LADDER, FRIDAY, at, missed=missed)
        assert found["supervision_sheet"] == verdict
        assert found["urging_sheet"] == found["circular"] == "not_yet"
    assert verdicts(REPORT_LADDER, FRIDAY, "2026-11-21 09:00", missed=3)["supervision_sheet"] == (
        "outside_hours"
    )


def test_days_missed_count_only_once_it_is_due() -> None:
    ladder = [rung("3 workdays", "urge", 3)]
    assert verdicts(ladder, FRIDAY, "2026-11-20 17:00:00", missed=5) == {"urge": "not_yet"}
    assert verdicts(ladder, FRIDAY, "2026-11-20 17:00:01", missed=5) == {"urge": "fires"}


def test_a_make_up_day_is_working_time() -> None:
    # The Spring Festival of 2024: 10 to 17 February off, Sundays 4 and 18 worked.
    due = on("2024-02-09 17:00")
    assert "reminder_sheet" in fires(due, "2024-02-18 17:00")
    assert "reminder_sheet" not in fires(due, "2024-02-17 17:00")


def test_rungs_of_the_due_day_go_at_any_hour_and_others_do_not() -> None:
    late = [rung("600 minutes")]
    assert verdicts(late, FRIDAY, "2026-11-21 03:00") == {"urge": "outside_hours"}
    assert verdicts(late, FRIDAY, "2026-11-23 08:30") == {"urge": "fires"}
    same_day = [rung("0 days")]
    assert verdicts(same_day, FRIDAY, "2026-11-20 23:00") == {"urge": "fires"}
    early = [rung("-120 minutes")]
    assert verdicts(early, on("2026-11-22 01:00"), "2026-11-21 23:30") == {"urge": "fires"}


@pytest.mark.parametrize(
    ("due", "first"),
    [
        # Due on a working day: the reminder goes on that morning.
        ("2026-11-25 23:59:59", "2026-11-25 08:30:00"),
        ("2026-11-23 23:59:59", "2026-11-23 08:30:00"),
        # Due at a weekend: in the last working hours before it.
        ("2026-11-28 23:59:59", "2026-11-27 08:30:00"),
        ("2026-11-29 23:59:59", "2026-11-27 08:30:00"),
        # Due on National Day, which opens a week off.
        ("2026-10-03 23:59:59", "2026-09-30 08:30:00"),
    ],
)
def test_a_steps_reminder_always_finds_working_hours(due: str, first: str) -> None:
    instant = on(first)
    [reminder, *_] = judge(STEP_LADDER, on(due), instant, (), 0, HOURS, ZONE, CALENDAR)
    assert reminder.verdict is Verdict.FIRES
    [reminder, *_] = judge(STEP_LADDER, on(due), instant - 1, (), 0, HOURS, ZONE, CALENDAR)
    assert reminder.verdict in (Verdict.NOT_YET, Verdict.OUTSIDE_HOURS)
    [reminder, *_] = judge(STEP_LADDER, on(due), on(due) + 1, (), 0, HOURS, ZONE, CALENDAR)
    assert reminder.verdict is Verdict.TOO_LATE


def test_a_rung_that_is_early_in_the_day_goes_the_working_day_before() -> None:
    ladder = [rung("-1 days")]
    # Due at seven on a Sunday: a day before is Saturday.
    due = on("2026-11-22 07:00")
    assert verdicts(ladder, due, "2026-11-20 08:29:59") == {"urge": "not_yet"}
    assert verdicts(ladder, due, "2026-11-20 08:30:00") == {"urge": "fires"}
    assert verdicts(ladder, due, "2026-11-20 18:00:01") == {"urge": "outside_hours"}
    # Due at seven on a Tuesday: seven on Monday is before the hours of Monday itself.
    due = on("2026-11-24 07:00")
    assert verdicts(ladder, due, "2026-11-23 08:29:59") == {"urge": "outside_hours"}
    assert verdicts(ladder, due, "2026-11-23 08:30:00") == {"urge": "fires"}


DUE = st.builds(
    lambda day, minute: ZONE.at(day, time(minute // 60, minute % 60)),
    st.dates(date(2023, 9, 1), date(2026, 12, 31)),
    st.integers(0, 1439),
)
RUNGS = st.builds(
    lambda amount, unit: Rung(amount, unit, "urge", ("liaison",)),
    st.integers(-8, 8),
    st.sampled_from(OffsetUnit),
)


def naive(one: Rung, due_at: Instant, at: Instant) -> Verdict:
    """The rule as it is written, for a rung after the due instant."""
    planned = planned_at(one, due_at, ZONE, CALENDAR)
    now = ZONE.local(at)
    if at < planned:
        return Verdict.NOT_YET
    if ZONE.local(planned).date() == ZONE.local(due_at).date():
        return Verdict.FIRES
    office = time(8, 30) <= now.time() <= time(18, 0)
    return Verdict.FIRES if office and CALENDAR.is_workday(now.date()) else Verdict.OUTSIDE_HOURS


@given(RUNGS.filter(lambda rung: rung.amount >= 0), DUE, st.integers(-20 * 1440, 20 * 1440))
def test_rungs_after_the_due_instant_by_the_rule(one: Rung, due_at: Instant, minutes: int) -> None:
    at = due_at + 60 * minutes
    [found] = judge([one], due_at, at, (), 0, HOURS, ZONE, CALENDAR)
    assert found.verdict is naive(one, due_at, at)
    assert found.at == planned_at(one, due_at, ZONE, CALENDAR)


@given(RUNGS.filter(lambda rung: rung.amount < 0), DUE)
def test_a_rung_before_the_due_instant_has_its_chance(one: Rung, due_at: Instant) -> None:
    def verdict(at: Instant) -> Verdict:
        return judge([one], due_at, at, (), 0, HOURS, ZONE, CALENDAR)[0].verdict

    [found] = judge([one], due_at, due_at, (), 0, HOURS, ZONE, CALENDAR)
    planned = planned_at(one, due_at, ZONE, CALENDAR)
    assert found.at <= planned < due_at
    assert verdict(found.at - 1) is Verdict.NOT_YET
    assert verdict(due_at + 1) is Verdict.TOO_LATE
    # Looked at every quarter of an hour, it fires at some time before it is due.
    looks = [*range(found.at, due_at, 900), due_at]
    assert Verdict.FIRES in {verdict(at) for at in looks}
    if found.at < planned:
        hours = [
            (ZONE.at(day, HOURS[0]), ZONE.at(day, HOURS[1]))
            for day in (ZONE.day_of(planned) + timedelta(n) for n in range(-1, 10))
            if CALENDAR.is_workday(day)
        ]
        assert not any(max(a, planned) <= min(b, due_at) for a, b in hours)


@given(st.lists(RUNGS, min_size=1, max_size=3), DUE, st.integers(0, 30 * 1440))
def test_no_rung_is_reached_beyond_the_horizon(
    ladder: list[Rung], due_at: Instant, minutes: int
) -> None:
    at = due_at - 60 * minutes
    found = judge(ladder, due_at, at, (), 0, HOURS, ZONE, CALENDAR)
    if any(row.verdict is not Verdict.NOT_YET for row in found):
        assert due_at <= horizon(ladder, at, ZONE, CALENDAR)
    assert horizon([], at, ZONE, CALENDAR) == at


def test_the_horizon_of_the_shipped_ladders() -> None:
    at = on("2026-11-20 10:00")
    assert horizon(REPORT_LADDER, at, ZONE, CALENDAR) == at + 1800
    assert horizon(STEP_LADDER, at, ZONE, CALENDAR) == on("2026-11-23 23:59:59")


def test_a_ladder_names_each_rung_once() -> None:
    twice = [rung("0 minutes").table(), rung("1 workdays").table()]
    with pytest.raises(UsageError) as caught:
        rules_from_table({"ladder_report": twice})
    assert caught.value.message.key == "errors.rung_twice"


def test_ladders_survive_being_recorded() -> None:
    rules = CityRules()
    assert rules_from_table(rules_to_table(rules)) == rules
    assert [row.missed_in_a_row for row in rules.ladder("report")] == [0, 0, 0, 0, 3, 0]
    assert rules.ladder("step") == STEP_LADDER
