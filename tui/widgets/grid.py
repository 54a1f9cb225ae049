"""A grid of letters: rows down, columns across, a total at the right and totals below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from domain.values import dataclass
from tui.widgets.virtual import Cell, Lines, joined

_GAP = 1


@dataclass(frozen=True, slots=True)
class Band:
    """A line of the head or the foot: what stands at the left, in each column, at the right.

    `text` runs over all columns in place of cells.
    """

    label: str
    cells: Sequence[Cell]
    tail: Cell = ("", "quiet")
    text: str = ""


class LetterGrid(Lines):
    """Rows by columns of one width; a column is marked by the cursor as a row is.

    | Key | Does |
    |---|---|
    | left, right | move the cursor; beyond the edge they ask for other columns (`Slid`) |
    """

    DEFAULT_CSS = """
    LetterGrid { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left", "shift(-1)", "lists.left", show=False, id="left", tooltip="lists.side_help"
        ),
        Binding(
            "right", "shift(1)", "lists.right", show=False, id="right", tooltip="lists.side_help"
        ),
    ]

    column: reactive[int] = reactive(0, repaint=False)

    class Slid(Lines.Of):
        """The cursor wants to go beyond the first or the last column."""

        def __init__(self, lines: Lines, by: int) -> None:
            super().__init__(lines)
            self.by = by

    class Widened(Lines.Of):
        """Another number of columns fits."""

        def can_replace(self, message: Message) -> bool:
            """Let a flood of sizes be one."""
            return isinstance(message, LetterGrid.Widened) and message.lines is self.lines

    def __init__(self, *, name_share: float = 0.22, id: str | None = None) -> None:  # noqa: A002
        """Give `name_share` of the width to the names at the left."""
        super().__init__(id=id)
        self._name_share = name_share
        self.cell_width = 3
        self.tail_width = 7
        self.columns = 0
        self.head: list[Band] = []
        self.foot: list[Band] = []
        self._draw_name: Callable[[int, int], str] | None = None
        self._draw_cell: Callable[[int, int], Cell] | None = None
        self._draw_tail: Callable[[int], Cell] | None = None
        self._fitting = 0

    def show(
        self,
        count: int,
        columns: int,
        *,
        name: Callable[[int, int], str],
        cell: Callable[[int, int], Cell],
        tail: Callable[[int], Cell],
    ) -> None:
        """Show `count` rows by `columns`: name(row, cells), cell(row, column), tail(row)."""
        self._draw_name, self._draw_cell, self._draw_tail = name, cell, tail
        self.columns = columns
        self.column = min(self.column, max(0, columns - 1))
        if count == self.count:
            self.take_up()
            self.redraw_changed()
        else:
            self.count = count

    def band(self, head: Sequence[Band], foot: Sequence[Band]) -> None:
        """Show these lines above and below the rows."""
        before = self.head, self.foot
        self.head, self.foot = list(head), list(foot)
        if (len(head), len(foot)) != (self.head_height, self.foot_height):
            self.head_height, self.foot_height = len(head), len(foot)
            self.measure()
        elif before != (self.head, self.foot):
            self.redraw_bands((0, self.width))

    @property
    def name_width(self) -> int:
        """Return the cells of the names at the left."""
        return min(36, max(14, int(self.width * self._name_share)))

    @property
    def room(self) -> int:
        """Return the cells that there are for columns."""
        return self.width - self.name_width - 2 * _GAP - self.tail_width

    @property
    def fitting(self) -> int:
        """Return how many columns fit."""
        return max(1, self.room // self.cell_width)

    def take_up(self) -> None:
        """Measure again, and say when another number of columns fits."""
        super().take_up()
        if self.width > 0 and self.fitting != self._fitting:
            self._fitting = self.fitting
            self.post_message(self.Widened(self))

    def draw_head(self, line: int, width: int) -> Strip:  # noqa: ARG002 - drawn from the left
        """Draw a line above the rows."""
        return self._band(self.head[line])

    def draw_foot(self, line: int, width: int) -> Strip:  # noqa: ARG002 - drawn from the left
        """Draw a line below the rows."""
        return self._band(self.foot[line])

    def _band(self, band: Band) -> Strip:
        quiet = self.get_component_rich_style("lines--head")
        parts = [self.segment(band.label, self.name_width + _GAP, quiet)]
        if band.text:
            parts.append(self.segment(band.text, self.columns * self.cell_width, quiet))
        for column, (text, name) in enumerate(band.cells):
            style = self.style_of(name)
            if column == self.column:
                style += self.get_component_rich_style("lines--cursor", partial=True)
                style += Style(underline=True)
            parts.append(self._in_column(text, style))
        parts.append(Segment(" " * _GAP, quiet))
        text, name = band.tail
        parts.append(self.segment(text, self.tail_width, self.style_of(name), right=True))
        return joined(parts)

    def draw_row(self, index: int, width: int) -> Strip:  # noqa: ARG002 - drawn from the left
        """Draw a row."""
        assert self._draw_name is not None
        assert self._draw_cell is not None
        assert self._draw_tail is not None
        here = index == self.cursor
        hover = self.is_hovered(index)
        plain = self.style_of("plain", cursor=here, hover=hover)
        room = self.name_width
        parts = [
            self.segment(self._draw_name(index, room), room, plain),
            Segment(" " * _GAP, plain),
        ]
        for column in range(self.columns):
            text, name = self._draw_cell(index, column)
            style = self.style_of(name, cursor=here, hover=hover)
            if here and column == self.column:
                style += Style(reverse=not self.app.no_color, bold=True)
            parts.append(self._in_column(text, style))
        text, name = self._draw_tail(index)
        style = self.style_of(name, cursor=here, hover=hover)
        parts.append(Segment(" " * _GAP, plain))
        parts.append(self.segment(text, self.tail_width, style, right=True))
        return joined(parts)

    def _in_column(self, text: str, style: Style) -> Segment:
        return self.segment(text, self.cell_width, style, right=True)

    def watch_column(self, old: int, new: int) -> None:
        """Draw the two columns' marks again, and say that the cursor is somewhere else."""
        spans = [(self.start_of(column), self.cell_width) for column in (old, new)]
        self.redraw_bands(*spans)
        self.redraw_row(self.cursor, *spans)
        self.post_message(self.Moved(self))

    def action_shift(self, by: int) -> None:
        """Move the cursor by columns."""
        wanted = self.column + by
        if 0 <= wanted < self.columns:
            self.column = wanted
        else:
            self.post_message(self.Slid(self, by))

    def redraw_bands(self, *spans: tuple[int, int]) -> None:
        """Draw these spans (from, width) of the head and the foot again."""
        foot = self.head_height + min(self.body, self.count)
        for start, width in spans:
            self.refresh(
                Region(start, 0, width, self.head_height),
                Region(start, foot, width, self.foot_height),
            )

    def start_of(self, column: int) -> int:
        """Return the cell of the widget at which a column begins."""
        return self.name_width + _GAP + column * self.cell_width

    def column_at(self, x: int) -> int | None:
        """Return the column drawn at a cell of the widget, or None."""
        column = (x - self.name_width - _GAP) // self.cell_width
        return column if 0 <= column < self.columns else None

    def place(self, row: int, x: int) -> bool:
        """Put the cursor on a row and a column; return whether it was there."""
        column = self.column_at(x)
        there = row == self.cursor and column in (None, self.column)
        self.cursor = row
        if column is not None:
            self.column = column
        return there


def spread(labels: Sequence[tuple[int, str]], width: int) -> str:
    """Return labels over the columns, of `width` cells each, at which they begin.

    One that would run into the label before it gives way to the next.
    """
    line = ""
    for column, text in labels:
        start = column * width
        if cell_len(line) <= start:
            line += " " * (start - cell_len(line)) + text + " "
    return line
