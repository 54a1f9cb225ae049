"""Workbooks to print: A4, a head, a table, room to sign; the same bytes for the same facts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from rich.cells import cell_len

import catalogue
from catalogue import t
from domain.values import dataclass
from exchange.cells import guarded
from exchange.letters import plain, steady

_MOST_CELL = 32_767
_FONTS = {"zh": "仿宋", "en": "Times New Roman"}
_TITLE_FONTS = {"zh": "宋体", "en": "Times New Roman"}
"""Programs that lack a font take one of their own for it: these are what offices have."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """One column: its title, its width in characters, and whether its cells stand in the middle."""

    title: str
    width: float
    middle: bool = False


_LINE = 16
_MOST_LINES = 25
"""Points to a line of a cell, and lines to a cell; a row takes no more than 409 points."""
_ONE_PAGE = 48
"""Rows up to which a sheet is made to fit on one page."""

Cell = str | int
Line = Sequence[Cell]


class Book:
    """A workbook of one sheet that is written from the top down."""

    def __init__(self, name: str, columns: Sequence[Ruled], *, landscape: bool) -> None:
        import xlsxwriter

        self._stream = io.BytesIO()
        # No date but a fixed one: the same sheet has the same bytes whenever it is written.
        self._book = xlsxwriter.Workbook(self._stream, {"in_memory": True})
        self._book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no instant
        self._page = self._book.add_worksheet(name)
        self._columns = columns
        self._last = len(columns) - 1
        self._row = 0
        font = _FONTS[catalogue.language()]
        base = {"font_name": font, "font_size": 11, "valign": "vcenter", "text_wrap": True}
        ruled = {**base, "border": 1}
        title = {"font_name": _TITLE_FONTS[catalogue.language()], "font_size": 18, "bold": True}
        self._formats = {
            "title": self._format({**title, "align": "center", "valign": "vcenter"}),
            "line": self._format(base),
            "bold": self._format({**base, "bold": True}),
            "head": self._format({**ruled, "bold": True, "align": "center"}),
            "cell": self._format({**ruled, "align": "left"}),
            "middle": self._format({**ruled, "align": "center"}),
            "loud": self._format({**ruled, "align": "center", "bold": True}),
        }
        self._set_page(landscape)

    def _format(self, looks: dict[str, Any]) -> Any:
        return self._book.add_format(looks)

    def _set_page(self, landscape: bool) -> None:
        page = self._page
        page.set_paper(9)  # A4
        if landscape:
            page.set_landscape()
        page.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.8)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        for place, column in enumerate(self._columns):
            page.set_column(place, place, column.width)
        page.set_footer("&C&P / &N")

    def title(self, text: str) -> None:
        """Write the title across all columns."""
        self._across(text, "title", 32)

    def line(self, text: str, *, bold: bool = False, height: float = 18) -> None:
        """Write a line across all columns."""
        self._across(text, "bold" if bold else "line", height)

    def _across(self, text: str, look: str, height: float) -> None:
        self._page.set_row(self._row, height)
        shown = _cell(text)
        self._page.merge_range(self._row, 0, self._row, self._last, "", self._formats[look])
        self._page.write_string(self._row, 0, shown, self._formats[look])
        self._row += 1

    def table(self, lines: Iterable[Line], loud: Callable[[Line], bool] = lambda _: False) -> None:
        """Write the heads of the columns and the lines; the heads stand on every page.

        A line that is `loud` has its second and later middle cells in bold.
        """
        self._page.repeat_rows(self._row)
        self._page.set_row(self._row, 24)
        for place, column in enumerate(self._columns):
            self._page.write_string(self._row, place, column.title, self._formats["head"])
        self._row += 1
        for cells in lines:
            marked = loud(cells)
            self._page.set_row(self._row, _LINE * self._lines(cells))
            for place, (value, column) in enumerate(zip(cells, self._columns, strict=True)):
                look = "middle" if column.middle else "cell"
                look = "loud" if marked and column.middle and place else look
                if isinstance(value, int):
                    self._page.write_number(self._row, place, value, self._formats[look])
                else:
                    self._page.write_string(self._row, place, _cell(value), self._formats[look])
            self._row += 1

    def _lines(self, cells: Line) -> int:
        """Return how many lines the longest cell takes: programs do not find out by themselves."""
        needed = 1
        for value, column in zip(cells, self._columns, strict=True):
            text = _cell(str(value))
            # Han characters are a little wider than two of the digits that widths count in.
            room = int(column.width) - (0 if text.isascii() else 2)
            needed = max(needed, -(-cell_len(text) // max(1, room)))
        return min(needed, _MOST_LINES)

    def signatures(self, *labels: str) -> None:
        """Leave room to sign and to seal, under the table."""
        self._row += 1
        self._across(t("papers.signature_gap").join(labels), "line", 40)
        self._across(t("papers.seal_here"), "line", 60)

    def packed(self) -> bytes:
        """Return the workbook."""
        if self._row <= _ONE_PAGE:
            self._page.fit_to_pages(1, 1)
        self._page.print_area(0, 0, max(self._row - 1, 0), self._last)
        self._book.close()
        return steady(self._stream.getvalue())


def _cell(text: str) -> str:
    """Return a text that no spreadsheet counts with, of a length that a cell takes."""
    return guarded(plain(text))[:_MOST_CELL]
