"""The half-yearly check: what a unit is held to over a period, figure by figure (R10, R11, R17).

A figure is x of y with the rows that make it; what is still open is never left out of sight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.errors import Named
from domain.figures import FigureKey
from domain.instants import Instant
from domain.rates import Tally, ratio
from domain.reports import Status
from domain.values import dataclass


class Standing(StrEnum):
    """How something that was owed by a date stands as of an instant.

    `open` is not done and not overdue: its date is yet to come, or its clock stands still.
    `dropped` was never done, because its matter was over before its date.
    """

    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"
    OPEN = "open"
    DROPPED = "dropped"


_OUTSIDE = (Standing.OPEN, Standing.DROPPED)
"""What is in neither x nor y, and is said beside them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row behind a figure: what it adds to x (`part`) and to y (`whole`).

    `id` names it for the other commands: an obligation, a unit's day, a matter. `state` is a
    status of R8, a `Standing`, or a word of the figure's own; `workdays` from its beginning to its
    end, or to now while it is open.
    """

    id: str
    unit: str
    day: date
    state: str
    part: int
    whole: int
    title: str = ""
    matter: str = ""
    workdays: int | None = None
    reason: str = ""
    step: Named | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """x of y for a unit; `beside` counts what is said with it and is in neither.

    `median` is in working days over what is done alone, so `oldest` says, of what is still open,
    how many working days the oldest has been so. None: there is none.
    """

    key: FigureKey
    part: int
    whole: int
    beside: Mapping[str, int] = field(default_factory=dict)
    median: Fraction | None = None
    oldest: int | None = None

    @property
    def rate(self) -> Fraction | None:
        """Return x/y, or None where y is 0."""
        return ratio(self.part, self.whole)

    @property
    def failing(self) -> int:
        """Return how many of y are not in x."""
        return self.whole - self.part


def standing(
    due_at: Instant,
    discharged_at: Instant | None,
    suspended: bool,
    at: Instant,
    *,
    done: bool = True,
) -> Standing:
    """Return how an obligation stands as of `at` (R11); `suspended`: its clock stands still now.

    `done`: what discharged it was doing it, and not that its matter was over.
    """
    if discharged_at is not None and discharged_at <= at:
        if discharged_at > due_at:
            return Standing.LATE
        return Standing.IN_TIME if done else Standing.DROPPED
    return Standing.OVERDUE if due_at < at and not suspended else Standing.OPEN


def step_row(
    id_: str,
    unit: str,
    day: date,
    stands: Standing,
    workdays: int,
    title: str,
    matter: str,
    reason: str = "",
    step: Named | None = None,
) -> Row:
    """Return the row of something owed by a date; what is not due, or dropped, is in neither."""
    return Row(
        id_,
        unit,
        day,
        stands.value,
        int(stands is Standing.IN_TIME),
        int(stands not in _OUTSIDE),
        title,
        matter,
        workdays,
        reason,
        step,
    )


def report_row(id_: str, unit: str, day: date, status: Status, zero: bool, key: FigureKey) -> Row:
    """Return the row of a unit's day in one of the figures of R10."""
    filed = status in (Status.ON_TIME, Status.LATE, Status.MADE_UP)
    expected = filed or status in (Status.OVERDUE, Status.MISSED)
    if key is FigureKey.ZERO:
        return Row(id_, unit, day, status.value, int(filed and zero), int(filed))
    part = filed if key is FigureKey.REPORTING else status is Status.ON_TIME
    return Row(id_, unit, day, status.value, int(part), int(expected))


def report_figures(tally: Tally) -> list[Figure]:
    """Return the reporting rate, the on-time rate and the zero share of a unit's days (R10)."""
    outside = {"pending": tally.pending, "exempt": tally.exempt}
    return [
        Figure(
            FigureKey.REPORTING,
            tally.received,
            tally.expected,
            {"missing": tally.missing, **outside},
        ),
        Figure(
            FigureKey.ON_TIME,
            tally.on_time,
            tally.expected,
            {"late": tally.late, "made_up": tally.made_up, "missing": tally.missing},
        ),
        Figure(FigureKey.ZERO, tally.zero, tally.received),
    ]


def step_figure(key: FigureKey, rows: Sequence[Row]) -> Figure:
    """Return the share done in time of what fell due, with what is late, overdue and open.

    The median is of what is done, in time or late; the oldest of what is not.
    """
    states = Counter(row.state for row in rows)
    done = [row.workdays for row in rows if row.state in (Standing.IN_TIME, Standing.LATE)]
    still = [row.workdays for row in rows if row.state in (Standing.OVERDUE, Standing.OPEN)]
    reasons = Counter(row.reason for row in rows if row.reason)
    return Figure(
        key,
        sum(row.part for row in rows),
        sum(row.whole for row in rows),
        {
            "late": states[Standing.LATE],
            "overdue": states[Standing.OVERDUE],
            "open": states[Standing.OPEN],
            "dropped": states[Standing.DROPPED],
            **{reason: reasons[reason] for reason in sorted(reasons)},
        },
        median([days for days in done if days is not None]),
        max((days for days in still if days is not None), default=None),
    )


def counted(key: FigureKey, rows: Iterable[Row]) -> Figure:
    """Return a figure that is no more than the sum of its rows."""
    every = list(rows)
    return Figure(key, sum(row.part for row in every), sum(row.whole for row in every))


def median(values: Sequence[int]) -> Fraction | None:
    """Return the median exactly, a half where two lie in the middle; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def merged(key: FigureKey, figures: Sequence[Figure], rows: Sequence[Row] | None = None) -> Figure:
    """Return the figure of several units together; a median takes the `rows` of all of them."""
    if rows is not None:
        return step_figure(key, rows)
    beside: Counter[str] = Counter()
    for figure in figures:
        beside.update(figure.beside)
    return Figure(
        key,
        sum(figure.part for figure in figures),
        sum(figure.whole for figure in figures),
        dict(beside),
    )


@dataclass(frozen=True, slots=True)
class Remark:
    """What a unit has to say about a figure, or about the row `subject` behind it; an appeal.

    It is recorded, never edited, and goes wherever the figure goes.
    """

    period: str
    unit: str
    figure: str
    subject: str
    seq: int
    text: str
    at: Instant
    login: str
    real_login: str
