"""Obligations: overdue as of an instant (R11), and the names they go by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NotFound
from domain.instants import Instant
from domain.obligations import Obligation, ObligationKind, parse_id, report_obligation, rule_name
from domain.schedules import Days, Window
from domain.units import Kind, Unit

OWED = Obligation(
    ObligationKind.REPORT, "440111", "2026-11-04", 100, 200, 300, 900, rule="daily/default"
)


@pytest.mark.parametrize(
    ("owed", "at", "overdue"),
    [
        (OWED, 199, False),
        (OWED, 200, False),
        (OWED, 201, True),
        (OWED, 10**9, True),
        (replace(OWED, exempt=True), 201, False),
        (replace(OWED, discharged_at=150), 201, False),
        (replace(OWED, discharged_at=201), 201, False),
        # Discharged later: as of then it was still overdue.
        (replace(OWED, discharged_at=202), 201, True),
        (replace(OWED, opened_at=202), 201, False),
    ],
)
def test_overdue(owed: Obligation, at: Instant, overdue: bool) -> None:
    assert owed.overdue(at) is overdue


@pytest.mark.parametrize(
    ("owed", "at", "closed"),
    [
        (OWED, 10**9, False),
        (replace(OWED, exempt=True), 0, True),
        (replace(OWED, discharged_at=150), 149, False),
        (replace(OWED, discharged_at=150), 150, True),
    ],
)
def test_closed(owed: Obligation, at: Instant, closed: bool) -> None:
    assert owed.closed(at) is closed


def test_a_window_comes_back_as_it_went_in() -> None:
    unit = Unit("440111", "白云区", Kind.DISTRICT)
    for days in (Days.DAILY, Days.WORKDAYS):
        for by_row in (True, False):
            window = Window(100, 200, 300, 900, days, by_row)
            owed = report_obligation(unit.code, date(2026, 11, 4), window, exempt=False)
            assert owed.window() == window
            assert owed.rule == rule_name(window)
            assert (owed.unit, owed.day) == ("440111", date(2026, 11, 4))


def test_an_id_names_unit_and_day() -> None:
    assert OWED.id == "R-20261104-440111"
    assert parse_id(" r-20261104-440111 ") == ("440111", "2026-11-04")
    assert parse_id("R-20261104-A-B") == ("A-B", "2026-11-04")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "R-",
        "R-2026114-440111",
        "R-20261104",
        "R-20261104-",
        "X-20261104-440111",
        "R-２０261104-x",
    ],
)
def test_what_is_no_id_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        parse_id(text)


@given(
    st.dates(), st.text(min_size=1).filter(lambda code: code == code.strip() and "\n" not in code)
)
def test_every_id_is_read_back(day: date, code: str) -> None:
    owed = replace(OWED, unit=code, subject=day.isoformat())
    assert parse_id(owed.id) == (code, day.isoformat())
