"""What people would rather look at than read: ages of open matters, and the flow by week."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from actions.matters import MatterView, listed
from domain.instants import DAY, Instant
from domain.matters import Act
from domain.units import Kind, Unit
from domain.values import dataclass
from storage import units
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

AGES = (7, 30)
"""The days that part young matters from older ones, and these from old ones."""
WEEKS = 8


@dataclass(frozen=True, slots=True)
class Ages:
    """Open matters below one unit by age, youngest first; `oldest` in days."""

    unit: Unit
    counts: tuple[int, ...]
    oldest: int

    @property
    def whole(self) -> int:
        """Return how many there are."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Week:
    """What was opened, filed as a case and closed from `first`, a Monday, for seven days."""

    first: date
    opened: int
    filed: int
    closed: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Ages by district, the most matters first, and the last weeks, this one last."""

    ages: tuple[Ages, ...]
    weeks: tuple[Week, ...]


def picture(store: Store, at: Instant, weeks: int = WEEKS) -> Picture:
    """Return the picture of all matters as of `at`.

    A matter counts for the district that its unit is or lies in, else for its unit itself.
    """
    with store.reading():
        views = listed(store, Selection(), Filter(), at)
        parents = {unit.code: unit for unit in units.selected(store.connection, Selection())}
    return Picture(_ages(views, parents, at), _weeks(store, views, weeks, at))


def _ages(views: list[MatterView], parents: dict[str, Unit], at: Instant) -> tuple[Ages, ...]:
    ages: dict[str, list[int]] = {}
    for view in views:
        if view.state.closed_at is None:
            days = (at - view.matter.opened_at) // DAY
            ages.setdefault(_district(view.matter.unit, parents), []).append(days)
    found = [
        Ages(
            parents[code],
            tuple(sum(_class_of(days) == which for days in many) for which in range(len(AGES) + 1)),
            max(many),
        )
        for code, many in ages.items()
    ]
    return tuple(sorted(found, key=lambda row: (-row.whole, row.unit.order)))


def _class_of(days: int) -> int:
    return sum(days > most for most in AGES)


def _district(code: str, parents: dict[str, Unit]) -> str:
    above: str | None = code
    while above is not None and above in parents:
        if parents[above].kind is Kind.DISTRICT:
            return above
        above = parents[above].parent
    return code


def _weeks(store: Store, views: list[MatterView], weeks: int, at: Instant) -> tuple[Week, ...]:
    today = store.today(at)
    monday = today - timedelta(days=today.weekday())
    counts: Counter[tuple[date, str]] = Counter()

    def count(instant: Instant, what: str) -> None:
        day = store.today(instant)
        counts[day - timedelta(days=day.weekday()), what] += 1

    for view in views:
        count(view.matter.opened_at, "opened")
        for step, entry in view.state.done:
            if step.done == "filed" and entry.act is Act.DONE:
                count(entry.at, "filed")
        if view.state.closed_at is not None:
            count(view.state.closed_at, "closed")
    firsts = [monday - timedelta(weeks=back) for back in reversed(range(weeks))]
    return tuple(
        Week(first, *(counts[first, what] for what in ("opened", "filed", "closed")))
        for first in firsts
    )
