"""What became of the leads of the 12336 hotline: the four in place, by source (R15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from actions.matters import MatterView, listed
from domain.instants import Instant, check_range
from domain.values import dataclass
from domain.workflows import Outcome
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

WORKFLOW = "lead"
STATES = ("registered", "investigated", "replied")
"""The three that follow the receiving; with it they are the four in place."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The leads of one source: how many came, how far they got, and how they ended.

    `registered`, `investigated` and `replied` were reached, whatever came after; `transferred` were
    not ours and went elsewhere, `unfounded` were closed so, `open` are neither.
    """

    source: str
    received: int
    registered: int
    investigated: int
    replied: int
    transferred: int
    unfounded: int
    open: int

    @property
    def ours(self) -> int:
        """Return how many were ours to deal with: what `in_place` is a part of."""
        return self.received - self.transferred

    @property
    def in_place(self) -> int:
        """Return how many are in place in all four: replied to, or unfounded and closed."""
        return self.replied + self.unfounded


def figures(
    store: Store, first: date, last: date, selection: Selection, at: Instant
) -> list[Figures]:
    """Return the figures of the leads received from `first` to `last` as of `at`, by source.

    Sources stand in the order of their names, a blank one last.
    """
    check_range(first, last)
    groups: dict[str, list[MatterView]] = {}
    for view in listed(store, selection, Filter(workflow=WORKFLOW), at):
        if first <= store.today(view.matter.opened_at) <= last:
            groups.setdefault(view.matter.source.strip(), []).append(view)
    return [_counted(key, groups[key]) for key in sorted(groups, key=lambda key: (not key, key))]


def whole(rows: Iterable[Figures], source: str) -> Figures:
    """Return the sum of figures, under a name."""
    found = list(rows)

    def sum_of(name: str) -> int:
        return sum(getattr(row, name) for row in found)

    return Figures(
        source,
        received=sum_of("received"),
        registered=sum_of("registered"),
        investigated=sum_of("investigated"),
        replied=sum_of("replied"),
        transferred=sum_of("transferred"),
        unfounded=sum_of("unfounded"),
        open=sum_of("open"),
    )


def _counted(source: str, views: list[MatterView]) -> Figures:
    def ended(outcome: Outcome) -> int:
        return sum(view.state.outcome is outcome for view in views)

    def reached(state: str) -> int:
        return sum(state in view.state.reached for view in views)

    open_now = sum(view.state.closed_at is None for view in views)
    return Figures(
        source,
        received=len(views),
        registered=reached("registered"),
        investigated=reached("investigated"),
        replied=reached("replied"),
        transferred=ended(Outcome.TRANSFERRED),
        unfounded=ended(Outcome.UNFOUNDED),
        open=open_now,
    )
