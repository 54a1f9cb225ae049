"""Why an obligation is what it is: each day with its reason, and the planned rungs (R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar, DayKind
from domain.explaining import DayNote, day_notes, folded, planned_rungs
from domain.instants import Zone
from domain.ladder import REPORT_LADDER
from domain.obligations import Obligation, ObligationKind

CITY = Zone("Asia/Shanghai")
CALENDAR = Calendar()


def owed(day: date) -> Obligation:
    due = CITY.at(day, time(17, 0))
    return Obligation(
        ObligationKind.REPORT,
        "X",
        day.isoformat(),
        CITY.start_of(day),
        due,
        CITY.end_of(day),
        due + 7 * 86400,
        rule="daily/default",
    )


FRIDAY = owed(date(2026, 10, 30))


def notes(obligation: Obligation, at: str) -> list[tuple[str, bool, str]]:
    return [
        (note.day.isoformat(), note.counted, note.why.value)
        for note in day_notes(obligation, CITY.parse(at), CITY, CALENDAR)
    ]


def test_each_day_is_counted_or_skipped_with_its_kind() -> None:
    assert notes(FRIDAY, "2026-11-03 09:00") == [
        ("2026-10-30", False, "workday"),
        ("2026-10-31", False, "weekend"),
        ("2026-11-01", False, "weekend"),
        ("2026-11-02", True, "workday"),
        ("2026-11-03", True, "workday"),
    ]


def test_holidays_and_days_worked_for_them_are_named() -> None:
    kinds = [why for _, _, why in notes(owed(date(2023, 9, 28)), "2023-10-09 09:00")]
    assert kinds == [
        "workday",
        *["holiday"] * 8,
        "make_up",
        "make_up",
        "workday",
    ]


@pytest.mark.parametrize("at", ["2026-10-30 00:00", "2026-10-30 23:59:59", "2026-10-29 12:00"])
def test_the_reporting_day_is_always_there_and_never_counted(at: str) -> None:
    assert notes(FRIDAY, at) == [("2026-10-30", False, "workday")]


def test_days_end_with_the_discharge() -> None:
    filed = replace(FRIDAY, discharged_at=CITY.parse("2026-11-02 08:00"))
    assert [day for day, _, _ in notes(filed, "2026-11-09 09:00")][-1] == "2026-11-02"
    # Filed later than the instant of the question: it does not exist yet.
    assert [day for day, _, _ in notes(filed, "2026-11-01 09:00")][-1] == "2026-11-01"


@given(st.dates(date(2024, 1, 1), date(2026, 12, 1)), st.integers(0, 40))
def test_counted_days_are_the_working_days_since(day: date, later: int) -> None:
    last = day + timedelta(later)
    found = day_notes(owed(day), CITY.at(last, time(12, 0)), CITY, CALENDAR)
    assert [note.day for note in found] == [day + timedelta(n) for n in range(later + 1)]
    assert sum(note.counted for note in found) == CALENDAR.workdays_between(day, last)
    assert all(note.why is CALENDAR.kind(note.day) for note in found)
    assert isinstance(found[0].why, DayKind)


def test_rungs_come_with_their_instants_in_order() -> None:
    planned = planned_rungs(FRIDAY, REPORT_LADDER, CITY, CALENDAR)
    assert [each.rung for each in planned] == list(REPORT_LADDER)
    instants = [each.at for each in planned]
    assert instants == sorted(instants)
    assert CITY.show(instants[-1]) == "2026-11-06 17:00:00"


def many(count: int) -> list[DayNote]:
    first = date(2022, 1, 20)
    return [DayNote(first + timedelta(days=n), n % 7 < 5, DayKind.WORKDAY) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 62, 63, 90, 1500])
def test_folding_leaves_no_day_out(count: int) -> None:
    found = folded(many(count))
    assert [day for group in found for day in group] == many(count)
    assert len(found) < 130
    if count <= 62:
        assert all(len(group) == 1 for group in found)


def test_the_middle_of_many_days_is_folded_by_months() -> None:
    found = folded(many(120))
    assert [len(group) for group in found] == [1] * 14 + [26, 31, 30, 5] + [1] * 14
    assert found[15][0].day == date(2022, 3, 1)
