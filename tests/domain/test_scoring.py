"""A city's own scoring: off as shipped, exact, and derived line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessing import Figure
from domain.errors import UsageError
from domain.figures import FigureKey
from domain.scoring import (
    DEDUCTIBLE,
    NO_SCORING,
    Assessment,
    Deduction,
    parse_deduction,
    parse_points,
    points_text,
    score,
)
from domain.settings import CityRules, settings_from_table

FIGURES = [Figure(FigureKey.REPORTING, 178, 181), Figure(FigureKey.STEPS, 5, 9)]


def rules(*deductions: Deduction, start: int = 100) -> Assessment:
    return Assessment(True, start, deductions)


def test_nothing_is_scored_as_shipped() -> None:
    assert CityRules().assessment == NO_SCORING == Assessment()
    assert NO_SCORING.deductions == ()
    assert score(NO_SCORING, FIGURES) is None
    # Deductions alone turn nothing on.
    off = Assessment(False, 100, (Deduction(FigureKey.STEPS, 100),))
    assert score(off, FIGURES) is None


def test_the_lines_add_up() -> None:
    found = score(
        rules(
            Deduction(FigureKey.REPORTING, 50),
            Deduction(FigureKey.STEPS, 200, 500),
            Deduction(FigureKey.NOTICES, 1000),
        ),
        FIGURES,
    )
    assert found is not None
    lines = [(line.figure, line.failing, line.taken) for line in found.lines]
    assert lines == [
        (FigureKey.REPORTING, 3, 150),
        (FigureKey.STEPS, 4, 500),
        (FigureKey.NOTICES, 0, 0),
    ]
    assert (found.start, found.score) == (10_000, 9350)


def test_never_below_nothing() -> None:
    found = score(rules(Deduction(FigureKey.STEPS, 9000)), FIGURES)
    assert found is not None
    assert found.score == 0


@given(st.lists(st.integers(0, 20_000), max_size=6), st.integers(0, 300))
def test_what_is_left_and_what_is_taken_are_all(points: list[int], start: int) -> None:
    deductions = [Deduction(key, each) for key, each in zip(DEDUCTIBLE, points, strict=False)]
    found = score(rules(*deductions, start=start), FIGURES)
    assert found is not None
    taken = sum(line.taken for line in found.lines)
    assert found.score == max(0, 100 * start - taken)


@given(st.integers(0, 999_999))
def test_points_are_read_as_they_are_written(points: int) -> None:
    assert parse_points(points_text(points)) == points


@pytest.mark.parametrize("value", [True, -1, "0.125", "1e3", "", "半分"])
def test_what_is_no_number_of_points(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        parse_points(value)


@pytest.mark.parametrize("figure", ["zero", "contradicted"])
def test_a_zero_costs_nothing(figure: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_deduction({"figure": figure, "points": 1})
    assert refused.value.message.key == "assess.not_deductible"


def test_a_configuration_turns_it_on() -> None:
    table = {
        "assessment": {
            "scoring": True,
            "start": 80,
            "deductions": [{"figure": "steps", "points": 0.5, "most": "10"}],
        }
    }
    found = settings_from_table(table).applied_to(CityRules()).assessment
    assert found == Assessment(True, 80, (Deduction(FigureKey.STEPS, 50, 1000),))


@pytest.mark.parametrize(
    "table",
    [
        {"scoring": "yes"},
        {"weights": 1},
        {"deductions": [{"figure": "steps"}]},
        {"deductions": [{"figure": "nothing", "points": 1}]},
        {"deductions": [{"figure": "steps", "points": 1, "per": 2}]},
        {"deductions": [{"figure": "steps", "points": 1}] * 2},
        {"deductions": "none"},
        [],
    ],
)
def test_what_a_configuration_may_not_say(table: object) -> None:
    with pytest.raises(UsageError):
        settings_from_table({"assessment": table})
