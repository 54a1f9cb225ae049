"""Rates over a set of unit-days (R10): exact counts, no caps, no rounding before comparing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.reports import Status

if TYPE_CHECKING:
    from fractions import Fraction


@dataclass(slots=True)
class Tally:
    """Counts of statuses over a set of unit-days as of one instant; grows by `add`."""

    on_time: int = 0
    late: int = 0
    made_up: int = 0
    missing: int = 0
    pending: int = 0
    exempt: int = 0
    zero: int = 0

    def add(self, status: Status, zero: bool, count: int = 1) -> None:
        """Count unit-days of one status; `zero`: the newest revision is a zero report."""
        if status is Status.NOT_EXPECTED:
            return
        if status is Status.ON_TIME:
            self.on_time += count
        elif status is Status.LATE:
            self.late += count
        elif status is Status.MADE_UP:
            self.made_up += count
        elif status is Status.PENDING:
            self.pending += count
            return
        elif status is Status.EXEMPT:
            self.exempt += count
            return
        else:
            self.missing += count
            return
        if zero:
            self.zero += count

    def merge(self, other: Tally) -> None:
        """Add another tally's counts to this one."""
        self.on_time += other.on_time
        self.late += other.late
        self.made_up += other.made_up
        self.missing += other.missing
        self.pending += other.pending
        self.exempt += other.exempt
        self.zero += other.zero

    @property
    def received(self) -> int:
        """Return A: expected reports that were filed."""
        return self.on_time + self.late + self.made_up

    @property
    def expected(self) -> int:
        """Return E: filed and missing; pending, exempt and not-expected are outside it."""
        return self.received + self.missing

    @property
    def reporting_rate(self) -> Fraction | None:
        """Return A/E, or None where nothing is expected yet."""
        return ratio(self.received, self.expected)

    @property
    def on_time_rate(self) -> Fraction | None:
        """Return On/E, or None where nothing is expected yet."""
        return ratio(self.on_time, self.expected)

    @property
    def missing_rate(self) -> Fraction | None:
        """Return Mi/E, or None where nothing is expected yet."""
        return ratio(self.missing, self.expected)

    @property
    def zero_share(self) -> Fraction | None:
        """Return zeros/A, or None where nothing was received."""
        return ratio(self.zero, self.received)


def ratio(part: int, whole: int) -> Fraction | None:
    """Return part/whole exactly, or None where `whole` is 0."""
    from fractions import Fraction

    return Fraction(part, whole) if whole else None


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of the tallies."""
    result = Tally()
    for tally in tallies:
        result.merge(tally)
    return result


def shown(part: int, whole: int) -> str:
    """Return part of whole as people read it, `11/12 (91.7 %)`, or `—` where `whole` is 0.

    The percentage is rounded half up to one decimal, from the exact ratio.
    """
    if not whole:
        return "—"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{part}/{whole} ({tenths // 10}.{tenths % 10} %)"
