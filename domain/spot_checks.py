"""The zero-run check: how likely is a unit's present run of zeros by its own history?

A private hint to those who supervise the unit to go and look. It stands on no sheet, is no score,
and says nothing of anybody: places are quiet, and people work well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import exp, log

from domain.values import dataclass

LEAST_DAYS = 60
"""Reporting days before the run without which nothing is said."""
LEAST_CHANCE = 0.01
"""Below this chance a spot check is suggested."""


class Told(StrEnum):
    """What a unit's report of a day says: nothing found, an account, or findings."""

    ZERO = "zero"
    ACCOUNT = "account"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class ZeroRun:
    """The run of zeros that a unit's reports end with.

    `days` zeros since `since`; before them `found` of `history` reporting days had findings.
    """

    unit: str
    since: date
    days: int
    found: int
    history: int

    @property
    def rate(self) -> Fraction:
        """Return λ, the unit's own rate of days with findings before the run."""
        return Fraction(self.found, self.history)

    @property
    def chance(self) -> float:
        """Return e^(−λn): how likely so many zeros running are at that rate."""
        return exp(-float(self.rate * self.days))

    @property
    def striking(self) -> bool:
        """Return whether that is below 1 %."""
        return float(self.rate * self.days) > -log(LEAST_CHANCE)


def zero_run(unit: str, told: Sequence[tuple[date, Told]]) -> ZeroRun | None:
    """Return the run of zeros at the end of a unit's reports, in the order of days.

    None where the last report is no zero, or where fewer than 60 reporting days lie before the
    run. A day without a report says nothing: silence is no zero, and ends no run.
    """
    run = 0
    while run < len(told) and told[-1 - run][1] is Told.ZERO:
        run += 1
    before = told[: len(told) - run]
    if not run or len(before) < LEAST_DAYS:
        return None
    found = sum(what is Told.FOUND for _, what in before)
    return ZeroRun(unit, told[-run][0], run, found, len(before))
