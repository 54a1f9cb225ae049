"""The zero-run check: a unit's own rate, a run, and one in a hundred."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.spot_checks import LEAST_DAYS, Told, ZeroRun, zero_run

FIRST = date(2026, 1, 1)


def told(*what: Told, gap: int = 1) -> list[tuple[date, Told]]:
    return [(FIRST + timedelta(days=gap * place), each) for place, each in enumerate(what)]


def history(found: int, days: int = LEAST_DAYS) -> list[Told]:
    """So many reporting days that do not end with a zero."""
    return [Told.FOUND] * found + [Told.ZERO] * (days - found - 1) + [Told.ACCOUNT]


def test_a_run_is_held_against_what_came_before_it() -> None:
    run = zero_run("D", told(*history(12), *[Told.ZERO] * 24))
    assert run is not None
    assert (run.days, run.found, run.history) == (24, 12, 60)
    assert run.since == FIRST + timedelta(days=60)
    assert isclose(run.chance, exp(-0.2 * 24))
    assert run.striking


@pytest.mark.parametrize(("days", "striking"), [(23, False), (24, True)])
def test_below_one_per_cent(days: int, striking: bool) -> None:
    # A fifth of the days had findings: ln 100 / 0.2 is 23.03.
    run = zero_run("D", told(*history(12), *[Told.ZERO] * days))
    assert run is not None
    assert run.striking is striking
    assert (run.chance < 0.01) is striking


def test_sixty_reporting_days_lie_before_the_run() -> None:
    long = [Told.ZERO] * 90
    assert zero_run("D", told(*history(30, 59), *long)) is None
    assert zero_run("D", told(*history(30, 60), *long)) is not None


def test_no_run_no_hint() -> None:
    assert zero_run("D", told(*history(30))) is None
    assert zero_run("D", []) is None
    assert zero_run("D", told(*[Told.ZERO] * 300)) is None


def test_who_never_found_anything_is_never_striking() -> None:
    run = zero_run("D", told(*history(0), *[Told.ZERO] * 500))
    assert run is not None
    assert (run.chance, run.striking) == (1.0, False)


def test_silence_is_no_zero_and_ends_no_run() -> None:
    every_third_day = zero_run("D", told(*history(12), *[Told.ZERO] * 24, gap=3))
    assert every_third_day is not None
    assert every_third_day.days == 24


@given(st.integers(1, 60), st.integers(60, 400), st.integers(1, 400))
def test_longer_runs_are_less_likely(found: int, days: int, run: int) -> None:
    one = ZeroRun("D", FIRST, run, found, days)
    other = ZeroRun("D", FIRST, run + 1, found, days)
    assert other.chance < one.chance or one.chance == 0
    assert one.striking <= other.striking
    assert one.striking is (one.chance < 0.01)
