"""What the board has read so far: the order of its rows, the pages in sight, and the totals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from actions.board import BoardRow, board, codes, most_rows, totals, unfiled
from domain.calendar import DayKind
from domain.instants import Instant, Zone
from domain.lights import Thresholds
from domain.networks import Network
from domain.people import Actor
from domain.rates import Tally
from domain.reports import ReportKind
from domain.units import Unit
from storage.store import Store
from storage.units import Selection
from tui.desk import Question

MOST_KEPT = 1000
"""Rows that stay in memory; further ones are read again when they come into sight."""
WHOLE = 2000
"""Units up to which the totals of all days are asked for at once."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows the board shows: a network, a district and all below it, a part of a name.

    `everything`: those too that owe nothing in the days shown.
    """

    network: Network | None = None
    under: Unit | None = None
    text: str = ""
    everything: bool = False

    @property
    def summed(self) -> bool:
        """Return whether the store keeps the counts of a day of these rows."""
        return self.network in (None, Network.VERTICAL) and not self.text

    def selection(self) -> Selection:
        """Return the scope as the store takes it."""
        return Selection(
            network=self.network, under=self.under.code if self.under else None, text=self.text
        )


@dataclass(frozen=True, slots=True)
class Index:
    """The rows of the board in order, for the days shown, as of `at`."""

    at: Instant
    today: date
    days: tuple[date, ...]
    kinds: tuple[DayKind, ...]
    codes: tuple[str, ...]
    zone: Zone
    thresholds: Thresholds

    @property
    def first(self) -> date:
        """Return the first day shown."""
        return self.days[0]

    @property
    def last(self) -> date:
        """Return the last day shown."""
        return self.days[-1]


@dataclass(frozen=True, slots=True)
class PageRow:
    """One unit's days as read, with its counts over the days shown."""

    unit: Unit
    days: dict[date, BoardRow]
    tally: Tally
    version: int


@dataclass(slots=True)
class Pages:
    """Rows and totals as read so far; `version` grows with whatever makes them old.

    Old ones are shown until newer ones are there, so nothing flickers.
    """

    version: int = 0
    rows: dict[str, PageRow] = field(default_factory=dict)
    totals: dict[date, tuple[int, Tally]] = field(default_factory=dict)

    def missing(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """Return those of the wanted rows that are not there, or old."""
        return tuple(
            code
            for code in wanted
            if (row := self.rows.get(code)) is None or row.version != self.version
        )

    def take(self, version: int, found: Sequence[BoardRow]) -> None:
        """Keep the rows of a page."""
        page: dict[str, PageRow] = {}
        for row in found:
            code = row.unit.code
            if code not in page:
                page[code] = PageRow(row.unit, {}, Tally(), version)
            page[code].days[row.day] = row
            page[code].tally.add(row.status, is_zero(row))
        self.rows.update(page)
        if len(self.rows) > MOST_KEPT:
            # The first ones were read longest ago.
            for code in list(self.rows)[: len(self.rows) - MOST_KEPT // 2]:
                del self.rows[code]

    def missing_totals(self, days: Sequence[date]) -> list[date]:
        """Return the days whose totals are not there, or old; the newest first."""
        return [
            day for day in reversed(days) if self.totals.get(day, (-1, None))[0] != self.version
        ]

    def take_totals(self, version: int, found: dict[date, Tally]) -> None:
        """Keep the totals of some days."""
        self.totals.update({day: (version, tally) for day, tally in found.items()})

    def total(self, day: date) -> Tally | None:
        """Return a day's counts, None where they are not there yet."""
        return self.totals[day][1] if day in self.totals else None


def is_zero(row: BoardRow) -> bool:
    """Return whether the newest revision is a zero report."""
    return row.filed is not None and row.filed.kind is ReportKind.ZERO


def index_question(
    scope: Scope, last: date | None, span: int | Callable[[int], int]
) -> Question[Index]:
    """Ask for the order of the rows over `span` days ending with `last`; None: with today.

    A function says how many days fit beside the totals of so many rows: it is asked with the most
    that there may be, and again with those that there are.
    """

    def question(store: Store, _actor: Actor, at: Instant) -> Index:
        today = store.today(at)
        end = today if last is None else last

        def ordered(many: int) -> tuple[tuple[date, ...], list[str]]:
            days = tuple(end - timedelta(days=back) for back in range(many - 1, -1, -1))
            selection = scope.selection()
            return days, codes(store, days[0], end, selection, everything=scope.everything)

        days, found = ordered(span if isinstance(span, int) else span(most_rows(store)))
        if not isinstance(span, int) and span(len(found)) != len(days):
            days, found = ordered(span(len(found)))
        kinds = tuple(store.calendar.kind(day) for day in days)
        return Index(at, today, days, kinds, tuple(found), store.zone, store.rules.thresholds())

    return question


def page_question(scope: Scope, index: Index, wanted: tuple[str, ...]) -> Question[list[BoardRow]]:
    """Ask for some rows over the days shown."""
    selection = Selection(network=scope.network, codes=wanted)

    def question(store: Store, _actor: Actor, at: Instant) -> list[BoardRow]:
        return board(store, index.first, index.last, selection, at, everything=True)

    return question


def totals_question(scope: Scope, first: date, last: date) -> Question[dict[date, Tally]]:
    """Ask for the counts of some days over all rows."""

    def question(store: Store, _actor: Actor, at: Instant) -> dict[date, Tally]:
        return totals(store, first, last, scope.selection(), at)

    return question


def unfiled_question(scope: Scope, day: date) -> Question[list[Unit]]:
    """Ask who owes the report of a day and has not filed it."""

    def question(store: Store, _actor: Actor, at: Instant) -> list[Unit]:
        found = unfiled(store, day, scope.selection(), at)
        return sorted(found, key=lambda unit: unit.order)

    return question
