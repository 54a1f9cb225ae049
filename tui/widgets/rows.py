"""A list of columns, as long as it may be: only the lines in sight are asked for and drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from textual.strip import Strip

from catalogue import t
from domain.values import dataclass
from tui.widgets.virtual import Cell, Lines, joined

_GAP = 2

Draw = Callable[[int, Sequence[int]], Sequence[Cell]]
"""Gives a row's cells, by its number and the width of each column; 0 is of one left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: catalogue key of its title and its width in cells.

    Of the room left over a growing column takes `grow` shares, up to `most` cells where that is
    given: on a wide screen what belongs together stays together. One with `least` is left out
    where the list is narrower than that many cells.
    """

    title: str
    width: int
    grow: int = 0
    right: bool = False
    least: int = 0
    most: int = 0


class Rows(Lines):
    """Shows `count` rows, each drawn from what `show`'s function says of it."""

    DEFAULT_CSS = """
    Rows { height: 1fr; }
    """

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:  # noqa: A002
        """Take the columns, from left to right."""
        super().__init__(id=id)
        self.head_height = 1
        self.columns = tuple(columns)
        self._draw_cells: Draw | None = None

    def show(self, count: int, row: Draw) -> None:
        """Show `count` rows, each drawn by `row`."""
        self._draw_cells = row
        if count == self.count:
            self.take_up()
            self.redraw_changed()
        else:
            self.count = count

    def layout_of(self, width: int) -> list[tuple[int, Column, int]]:
        """Return the columns that are shown in `width` cells: number, column, width."""
        shown = [(i, column) for i, column in enumerate(self.columns) if column.least <= width]
        room = width - sum(column.width + _GAP for _, column in shown) + _GAP
        shares = sum(column.grow for _, column in shown)
        found = []
        for i, column in shown:
            more = max(0, room) * column.grow // shares if shares else 0
            cells = column.width + more
            found.append((i, column, min(cells, column.most) if column.most else cells))
        return found

    def draw_head(self, line: int, width: int) -> Strip:  # noqa: ARG002 - a head of one line
        """Draw the titles."""
        style = self.get_component_rich_style("lines--head")
        gap = Segment(" " * _GAP, style)
        parts: list[Segment] = []
        for _, column, cells in self.layout_of(width):
            title = t(column.title) if column.title else ""
            parts += [self.segment(title, cells, style, right=column.right), gap]
        return joined(parts[:-1])

    def draw_row(self, index: int, width: int) -> Strip:
        """Draw a row."""
        assert self._draw_cells is not None
        cursor = index == self.cursor
        hover = self.is_hovered(index)
        layout = self.layout_of(width)
        widths = [0] * len(self.columns)
        for i, _, room in layout:
            widths[i] = room
        cells = self._draw_cells(index, widths)
        gap = Segment(" " * _GAP, self.style_of("plain", cursor=cursor, hover=hover))
        parts: list[Segment] = []
        for i, column, room in layout:
            text, name = cells[i]
            style = self.style_of(name, cursor=cursor, hover=hover)
            parts += [self.segment(text, room, style, right=column.right), gap]
        return joined(parts[:-1])
