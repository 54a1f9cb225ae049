"""Figures of the check: sums of their rows, with what is open never out of sight (R10, R11)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from statistics import median as of_statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessing import (
    Standing,
    counted,
    median,
    merged,
    report_figures,
    report_row,
    standing,
    step_figure,
    step_row,
)
from domain.figures import OF_REPORTS, FigureKey
from domain.rates import Tally
from domain.reports import Status

DAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("discharged", "suspended", "at", "stands"),
    [
        (None, False, 99, Standing.OPEN),
        (None, False, 100, Standing.OPEN),
        (None, False, 101, Standing.OVERDUE),
        (None, True, 101, Standing.OPEN),
        (100, False, 200, Standing.IN_TIME),
        (101, False, 200, Standing.LATE),
        (101, True, 200, Standing.LATE),
        (150, False, 120, Standing.OVERDUE),
        (150, False, 90, Standing.OPEN),
    ],
)
def test_how_an_obligation_stands(
    discharged: int | None, suspended: bool, at: int, stands: Standing
) -> None:
    assert standing(100, discharged, suspended, at) is stands


def test_what_its_matter_left_behind_was_not_done() -> None:
    assert standing(100, 90, False, 200, done=False) is Standing.DROPPED
    # Past its date it was late, however it ended.
    assert standing(100, 110, False, 200, done=False) is Standing.LATE
    assert standing(100, 90, False, 80, done=False) is Standing.OPEN


statuses = st.sampled_from([status for status in Status if status is not Status.NOT_EXPECTED])


@given(st.lists(st.tuples(statuses, st.booleans()), max_size=30))
def test_rows_of_reports_add_up_to_the_rates(days: list[tuple[Status, bool]]) -> None:
    tally = Tally()
    for status, zero in days:
        tally.add(status, zero)
    for figure in report_figures(tally):
        rows = [report_row("R", "D", DAY, status, zero, figure.key) for status, zero in days]
        assert sum(row.part for row in rows) == figure.part
        assert sum(row.whole for row in rows) == figure.whole
        assert figure.part <= figure.whole
    # R10: what is outside is said beside it, and all together are all.
    reporting = report_figures(tally)[0]
    outside = reporting.beside["pending"] + reporting.beside["exempt"]
    assert reporting.whole + outside == len(days)


@given(st.lists(st.tuples(st.sampled_from(Standing), st.integers(0, 90)), max_size=30))
def test_steps_done_in_time_and_what_is_not(rows: list[tuple[Standing, int]]) -> None:
    made = [step_row("F/stop", "D", DAY, stands, days, "", "F") for stands, days in rows]
    figure = step_figure(FigureKey.STEPS, made)
    count = Counter(stands for stands, _ in rows)
    assert figure.part == count[Standing.IN_TIME]
    assert figure.whole == len(rows) - count[Standing.OPEN] - count[Standing.DROPPED]
    assert figure.failing == figure.beside["late"] + figure.beside["overdue"]
    assert figure.whole + figure.beside["open"] + figure.beside["dropped"] == len(rows)
    done = [days for stands, days in rows if stands in (Standing.IN_TIME, Standing.LATE)]
    still = [days for stands, days in rows if stands in (Standing.OVERDUE, Standing.OPEN)]
    assert (figure.median is None) is (not done)
    assert figure.oldest == max(still, default=None)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=15))
def test_the_median_is_exact(values: list[int]) -> None:
    assert median(values) == Fraction(of_statistics(values))


def test_reasons_are_counted_beside() -> None:
    rows = [
        step_row("Z/explain", "D", DAY, Standing.IN_TIME, 1, "", "Z", "overlooked"),
        step_row("Z/explain", "D", DAY, Standing.LATE, 9, "", "Z", "not_visible"),
        step_row("Z/explain", "D", DAY, Standing.IN_TIME, 2, "", "Z", "overlooked"),
    ]
    beside = step_figure(FigureKey.EXPLAINED, rows).beside
    assert (beside["overlooked"], beside["not_visible"]) == (2, 1)


def test_several_units_together() -> None:
    tallies = [Tally(on_time=3, late=1, pending=2), Tally(on_time=1, missing=4, exempt=1)]
    each = [report_figures(tally) for tally in tallies]
    for place, key in enumerate(OF_REPORTS):
        found = merged(key, [figures[place] for figures in each])
        assert found.part == sum(figures[place].part for figures in each)
    together = merged(FigureKey.REPORTING, [figures[0] for figures in each])
    assert (together.part, together.whole) == (5, 9)
    assert dict(together.beside) == {"missing": 4, "pending": 2, "exempt": 1}


def test_nothing_is_no_value() -> None:
    assert counted(FigureKey.CONTRADICTED, []).rate is None
    assert step_figure(FigureKey.STEPS, []).rate is None
    assert median([]) is None
