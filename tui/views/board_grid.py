"""The board's grid: reads what is in sight, and draws letters, rates and day totals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from textual import on
from textual.message import Message

from actions.board import BoardRow
from catalogue import t
from domain.calendar import DayKind
from domain.errors import LianluoError
from domain.instants import Instant
from domain.rates import Tally
from tui.asking import Asks
from tui.views.board_pages import (
    WHOLE,
    Index,
    PageRow,
    Pages,
    Scope,
    index_question,
    page_question,
    totals_question,
)
from tui.widgets.fitting import name_within
from tui.widgets.grid import Band, LetterGrid, spread
from tui.widgets.letters import letter, mark
from tui.widgets.virtual import Cell, Lines

_TALL = 30
"""Lines of the terminal from which the head has the months and the weekdays too."""
_OFF = (DayKind.WEEKEND, DayKind.HOLIDAY, DayKind.EXTRA_HOLIDAY)


class BoardGrid(LetterGrid, Asks):
    """Units down, days across, today at the right until another day is asked for.

    It asks for one thing at a time: the order of the rows, the page in sight, the totals. What is
    asked for meanwhile is asked once more after the answer, so that a held key floods nothing.
    """

    class Changed(Message):
        """Other rows, other totals, or another scope."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.scope = Scope()
        self.pages = Pages()
        self.index: Index | None = None
        self._end: date | None = None
        self._span = 0
        """The days to show: none before there is a place to show them in."""
        self._asking: set[str] = set()
        self._again: set[str] = set()
        self._keep: tuple[str, date] | None = None

    # -- what is under the cursor ----------------------------------------------------------------

    @property
    def day(self) -> date | None:
        """Return the cursor's day."""
        if self.index is None:
            return None
        return self.index.days[min(self.column, len(self.index.days) - 1)]

    @property
    def key(self) -> tuple[str, date] | None:
        """Return the unit's code and the day under the cursor."""
        index, day = self.index, self.day
        if index is None or day is None or self.cursor >= len(index.codes):
            return None
        return index.codes[self.cursor], day

    @property
    def selected(self) -> BoardRow | None:
        """Return the unit's day under the cursor, None where it is not read or not there."""
        key = self.key
        page = self.pages.rows.get(key[0]) if key else None
        return page.days.get(key[1]) if key and page else None

    # -- what is shown ---------------------------------------------------------------------------

    def narrow(self, **changes: object) -> None:
        """Change the scope."""
        self.scope = replace(self.scope, **changes)  # type: ignore[arg-type]
        self.pages.totals.clear()
        self.load()

    def slide(self, by: int) -> None:
        """Show later days, earlier ones where `by` is negative; never beyond today."""
        index = self.index
        if index is None:
            return
        end = max(index.last, index.today)
        if by < 0 or index.last < index.today:
            end = min(index.last + timedelta(days=by), index.today)
        if end == index.last:
            return
        key = self.key
        if key is not None:
            step = timedelta(days=by if abs(by) == 1 else 0)
            first = end - timedelta(days=self._span - 1)
            self._keep = (key[0], min(max(key[1] + step, first), end))
        self._end = None if end == index.today else end
        self._once("index")

    def go(self, day: date) -> None:
        """Show a day, in the middle where there are later ones to show."""
        index = self.index
        if index is None:
            return
        end = min(day + timedelta(days=self._span // 2), max(day, index.today))
        self._end = None if end == index.today else end
        key = self.key
        self._keep = (key[0] if key else "", day)
        self._once("index")

    @on(LetterGrid.Slid)
    def _slid(self, event: LetterGrid.Slid) -> None:
        self.slide(event.by)

    @on(LetterGrid.Widened)
    def _widened(self) -> None:
        if self.fitting != self._span:
            self._span = self.fitting
            self._once("index")

    @on(Lines.Seen)
    def _seen(self) -> None:
        self._once("page")

    def on_resize(self) -> None:
        """Measure again: a tall head has more lines."""
        self.draw()
        super().on_resize()

    # -- reading ---------------------------------------------------------------------------------

    def load(self) -> None:
        """Read everything in sight again."""
        self.pages.version += 1
        self._once("index")

    def pass_minute(self, now: Instant) -> None:
        """Read again what time alone changes: statuses, and at midnight the days."""
        index = self.index
        if index is None or index.zone.day_of(now) != index.today:
            self.load()
            return
        self.index = replace(index, at=now)
        self.pages.version += 1
        self._once("page")
        self._once("totals")

    def _once(self, what: str) -> None:
        if what in self._asking:
            self._again.add(what)
        elif {"index": self._ask_index, "page": self._ask_page, "totals": self._ask_totals}[what]():
            self._asking.add(what)

    def _done(self, what: str) -> None:
        self._asking.discard(what)
        if what in self._again:
            self._again.discard(what)
            self._once(what)

    def _refused(self, what: str) -> Callable[[LianluoError], None]:
        def refused(error: LianluoError) -> None:
            self._asking.discard(what)
            self._again.discard(what)
            self.program.show_error(error)

        return refused

    def _ask_index(self) -> bool:
        if not self._span:
            return False
        room = self.room

        def fits(rows: int) -> int:
            return max(1, room // _cells(rows))

        known = None if self.index is None else self._span
        question = index_question(self.scope, self._end, known or fits)
        self.ask(question, self._indexed, group="index", refused=self._refused("index"))
        return True

    def _indexed(self, index: Index) -> None:
        first = self.index is None
        kept, self._keep = self._keep or self.key, None
        if self.index is not None and self.index.days != index.days:
            self.pages.version += 1
        self.index = index
        # Wide enough for the totals; a filter does not move the columns under one's eyes.
        width = _cells(len(index.codes))
        if self.cell_width != width and not self.scope.text:
            self.cell_width = width
            self.measure()
        self.draw()
        if first:
            self.column = len(index.days) - 1
            self._span = len(index.days)
            self._widened()
        elif kept is not None:
            self._select(*kept)
        self._done("index")
        self._once("page")
        self._once("totals")

    def _select(self, code: str, day: date) -> None:
        index = self.index
        assert index is not None
        if code in index.codes:
            self.cursor = index.codes.index(code)
        self.column = min(range(len(index.days)), key=lambda i: abs(index.days[i] - day))

    def _ask_page(self) -> bool:
        index, version, sight = self.index, self.pages.version, self.in_sight
        if index is None:
            return False
        # A page before and a page after what is in sight, so that a step finds them read.
        first = max(0, sight.start - len(sight))
        wanted = self.pages.missing(index.codes[first : sight.stop + len(sight)])
        if not wanted:
            return False

        def paged(found: list[BoardRow]) -> None:
            self.pages.take(version, found)
            self._read(set(wanted))
            self._done("page")

        question = page_question(self.scope, index, wanted)
        self.ask(question, paged, group="page", refused=self._refused("page"))
        return True

    def _ask_totals(self) -> bool:
        index, version = self.index, self.pages.version
        days = self.pages.missing_totals(index.days) if index else []
        if index is None or not days:
            return False

        def totalled(found: dict[date, Tally]) -> None:
            self.pages.take_totals(version, found)
            self._say_totals()
            self._again.add("totals")
            self._done("totals")

        # Of very many units without kept sums a day at a time, the newest first.
        one_by_one = len(index.codes) > WHOLE and not self.scope.summed
        first = days[0] if one_by_one else days[-1]
        question = totals_question(self.scope, first, days[0])
        self.ask(question, totalled, group="totals", refused=self._refused("totals"))
        return True

    # -- drawing ---------------------------------------------------------------------------------

    def relabel(self) -> None:
        """Say everything again; what was read holds."""
        self.draw()

    def draw(self) -> None:
        """Draw what has been read so far."""
        index = self.index
        if index is None:
            return
        self.band(self._head(index), self._foot(index))
        self.show(
            len(index.codes), len(index.days), name=self._named, cell=self._cell, tail=self._tail
        )
        self.post_message(self.Changed())

    def _read(self, codes: set[str]) -> None:
        """Draw the rows in sight that are among those just read, where they changed."""
        index = self.index
        if index is None:
            return
        shown = [row for row in self.in_sight if index.codes[row] in codes]
        if shown:
            self.redraw_changed()
        if self.cursor in shown:
            self.post_message(self.Changed())

    def _say_totals(self) -> None:
        """Draw the totals that have just been counted."""
        if self.index is not None:
            self.band(self._head(self.index), self._foot(self.index))
            self.post_message(self.Changed())

    def _head(self, index: Index) -> list[Band]:
        days = [
            (f"{day.day} ", "accent" if day == index.today else _style(kind))
            for day, kind in zip(index.days, index.kinds, strict=True)
        ]
        rate = (t("board.on_time_rate"), "quiet")
        bands = [Band(t("board.units", count=len(index.codes)), days, rate)]
        if self.app.size.height >= _TALL:
            weekdays = [
                (t(f"words.weekday_short_{day.weekday()}") + " ", "quiet") for day in index.days
            ]
            months = [
                (column, f"{day:%Y-%m}")
                for column, day in enumerate(index.days)
                if column == 0 or day.day == 1
            ]
            line = spread(months, self.cell_width)
            bands = [Band("", (), text=line), Band("", weekdays), *bands]
        return bands

    def _foot(self, index: Index) -> list[Band]:
        filed: list[Cell] = []
        owed: list[Cell] = []
        for day in index.days:
            tally = self.pages.total(day)
            whole = tally.expected + tally.pending if tally else 0
            filed.append((f"{tally.received} " if tally and whole else "", "plain"))
            owed.append((f"{whole} " if whole else "", "quiet"))
        return [Band(t("board.foot_filed"), filed), Band(t("board.foot_owed"), owed)]

    def _page_row(self, row: int) -> PageRow | None:
        index = self.index
        if index is None or row >= len(index.codes):
            return None
        return self.pages.rows.get(index.codes[row])

    def _named(self, row: int, width: int) -> str:
        page = self._page_row(row)
        return name_within(page.unit, width) if page else ""

    def _cell(self, row: int, column: int) -> Cell:
        index, page = self.index, self._page_row(row)
        found = page.days.get(index.days[column]) if index and page else None
        if index is None or found is None:
            return "", "quiet"
        text, style = letter(found, index.at, index.thresholds)
        return text + mark(found), style

    def _tail(self, row: int) -> Cell:
        page = self._page_row(row)
        if page is None:
            return "", "quiet"
        if not page.tally.expected:
            return t("board.no_rate"), "quiet"
        return f"{page.tally.on_time}/{page.tally.expected}", "plain"


def _cells(rows: int) -> int:
    """Return the width of a column: its letter and mark, or a total of so many rows."""
    return max(3, len(str(rows)) + 1)


def _style(kind: DayKind) -> str:
    return "quiet" if kind in _OFF else "plain"
