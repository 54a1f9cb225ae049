"""Sums of unit-days by node of the tree and period, and when they may be believed (R8, R10)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from domain.instants import Instant
from domain.obligations import Obligation
from domain.rates import Tally
from domain.reports import ReportKind
from domain.values import dataclass

LONG_AGO: Instant = -1_000_000_000_000
"""An instant before all that the calendar has: where there is none yet."""
WHOLE = ""
"""The node above all others: every unit there is."""


class Sum(NamedTuple):
    """What is counted for a day (of one due instant), or for a month, at and below a node.

    `period` is `2026-11-03` or `2026-11`; `kind` is that of the units counted. Of a month
    `due_at` is `LONG_AGO`. `open` are neither filed nor exempt.
    """

    period: str
    node: str
    kind: str
    due_at: Instant
    due_last: Instant
    filed_last: Instant
    exempt: int = 0
    open: int = 0
    on_time: int = 0
    late: int = 0
    made_up: int = 0
    zero: int = 0

    def stands(self, at: Instant) -> bool:
        """Return whether the counts are those as of `at`.

        They are where all that was filed, amendments too, had been filed by then, and what is
        open lies on one side of its cut-off (R8).
        """
        on_one_side = not self.open or self.due_last < at or self.due_at >= at
        return self.filed_last <= at and on_one_side

    def add_to(self, tally: Tally, at: Instant) -> None:
        """Count it in a tally as of `at`, where it `stands` (R10)."""
        tally.exempt += self.exempt
        tally.on_time += self.on_time
        tally.late += self.late
        tally.made_up += self.made_up
        tally.zero += self.zero
        if self.due_last < at:
            tally.missing += self.open
        else:
            tally.pending += self.open


@dataclass(frozen=True, slots=True)
class Delta:
    """What a write changes in the counts of a unit's day."""

    unit: str
    day: str
    due_at: Instant
    filed_at: Instant = LONG_AGO
    exempt: int = 0
    open: int = 0
    on_time: int = 0
    late: int = 0
    made_up: int = 0
    zero: int = 0


def of_filing(
    owed: Obligation | None, before: ReportKind | None, kind: ReportKind, at: Instant
) -> Delta | None:
    """Return what a filing of `kind` at `at` changes; `before` is the revision that stood.

    None where it counts in no rate: on a day that is not expected, or exempt (R8).
    """
    if owed is None or owed.exempt:
        return None
    zero = int(kind is ReportKind.ZERO)
    if before is not None:
        zero -= int(before is ReportKind.ZERO)
        return Delta(owed.unit, owed.subject, owed.due_at, at, zero=zero)
    assert owed.missed_at is not None
    on_time = int(at <= owed.due_at)
    late = int(owed.due_at < at <= owed.missed_at)
    made_up = 1 - on_time - late
    return Delta(
        owed.unit,
        owed.subject,
        owed.due_at,
        at,
        open=-1,
        on_time=on_time,
        late=late,
        made_up=made_up,
        zero=zero,
    )


def months_and_days(first: date, last: date) -> tuple[list[str], list[str]]:
    """Return the whole months of a range, and the days of it that are in none of them."""
    months: list[str] = []
    days: list[str] = []
    day = first
    while day <= last:
        after = next_month(day)
        end = date.max if after is None else date.fromordinal(after.toordinal() - 1)
        if day.day == 1 and end <= last:
            months.append(day.isoformat()[:7])
        else:
            end = min(end, last)
            days += days_of(day, end)
        if after is None:
            break
        day = after
    return months, days


def days_of(first: date, last: date) -> list[str]:
    """Return every day from `first` to `last` as ISO text."""
    span = range(first.toordinal(), last.toordinal() + 1)
    return [date.fromordinal(ordinal).isoformat() for ordinal in span]


def days_of_month(month: str) -> list[str]:
    """Return the days of a month, `2026-11`, as ISO text."""
    first = date.fromisoformat(f"{month}-01")
    after = next_month(first)
    last = date.max if after is None else date.fromordinal(after.toordinal() - 1)
    return days_of(first, last)


def next_month(day: date) -> date | None:
    """Return the first day of the month after a day's, or None after the last there is."""
    if (day.year, day.month) == (date.max.year, 12):
        return None
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
