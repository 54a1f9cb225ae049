"""A city's own scoring of the check: off, and without a single weight, unless the city says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from domain.errors import UsageError
from domain.figures import FigureKey
from domain.values import dataclass

if TYPE_CHECKING:
    from domain.assessing import Figure

Points: TypeAlias = int
"""Hundredths of a point: exact, whatever a city writes."""

DEDUCTIBLE = tuple(key for key in FigureKey if key not in (FigureKey.ZERO, FigureKey.CONTRADICTED))
"""A zero is no failing, and a contradicted zero that is explained in time costs nothing (R17)."""


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points off for each of a figure that fails it, `most` at most (None: without end)."""

    figure: FigureKey
    points: Points
    most: Points | None = None

    def table(self) -> dict[str, Any]:
        """Return it as plain values."""
        plain: dict[str, Any] = {"figure": self.figure.value, "points": points_text(self.points)}
        return plain if self.most is None else {**plain, "most": points_text(self.most)}


@dataclass(frozen=True, slots=True)
class Assessment:
    """How a city scores: a local default, never an official rule."""

    scoring: bool = False
    start: int = 100
    deductions: tuple[Deduction, ...] = ()

    def table(self) -> dict[str, Any]:
        """Return it as plain values, as a configuration has them."""
        return {
            "scoring": self.scoring,
            "start": self.start,
            "deductions": [row.table() for row in self.deductions],
        }


NO_SCORING = Assessment()
"""What ships: no score, and no weight of any figure."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of the derivation: so many failing, so many points each, so many taken."""

    figure: FigureKey
    failing: int
    points: Points
    most: Points | None
    taken: Points


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its derivation; never below 0."""

    start: Points
    lines: tuple[ScoreLine, ...]
    score: Points


def score(rules: Assessment, figures: Sequence[Figure]) -> Score | None:
    """Return the score of a sheet line by line, None where the city has not turned it on."""
    if not rules.scoring:
        return None
    known = {figure.key: figure for figure in figures}
    lines = []
    for row in rules.deductions:
        figure = known.get(row.figure)
        failing = 0 if figure is None else figure.failing
        taken = row.points * failing
        lines.append(
            ScoreLine(
                row.figure,
                failing,
                row.points,
                row.most,
                taken if row.most is None else min(taken, row.most),
            )
        )
    start = 100 * rules.start
    return Score(start, tuple(lines), max(0, start - sum(line.taken for line in lines)))


def points_text(points: Points) -> str:
    """Return points as people write them, `2`, `0.5`, `12.25`."""
    whole, part = divmod(points, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".")


_POINTS = r"(\d{1,4})(?:\.(\d{1,2}))?"


def parse_points(value: object) -> Points:
    """Return the hundredths of `2`, `0.5` or `"0.25"`; raises ValueError or TypeError."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError
    match = re.fullmatch(_POINTS, str(value).strip(), re.ASCII)
    if match is None:
        raise ValueError
    return 100 * int(match[1]) + int((match[2] or "0").ljust(2, "0"))


def parse_deduction(table: Any) -> Deduction:
    """Return a deduction of a configuration; raises UsageError for what cannot be deducted."""
    figure = FigureKey(table["figure"])
    if figure not in DEDUCTIBLE:
        raise UsageError("assess.not_deductible", figure=figure.value, known=list(DEDUCTIBLE))
    most = table.get("most")
    return Deduction(
        figure, parse_points(table["points"]), None if most is None else parse_points(most)
    )
