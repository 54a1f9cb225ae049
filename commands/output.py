"""The one writer of results: tables for people, JSON, NDJSON and CSV for programs.

Data goes to stdout. Tables on a terminal fit its width; in a pipe nothing is cut.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TextIO, TypeVar

from rich.cells import cell_len

from catalogue import t
from commands.call import warn
from commands.cells import fit, pad, wrap
from domain.texts import visible, visible_lines

Row = TypeVar("Row")
Record = Mapping[str, object]

_GAP = 2
_LEAST = 6
"""Cells to which an elastic column may shrink before whole columns are left out."""


class Format(StrEnum):
    """How a listing is written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table for people.

    `title` is a catalogue key. An `elastic` column is cut with an ellipsis where the terminal is
    narrow; after that, columns are left out from the highest `rank` down, rank 0 never.
    """

    title: str
    text: Callable[[Row], str]
    right: bool = False
    elastic: bool = False
    rank: int = 0
    style: Callable[[Row], str] | None = None


def listing(
    form: Format,
    rows: Sequence[Row],
    fields: Sequence[str],
    record: Callable[[Row], Record],
    columns: Sequence[Column[Row]],
    empty: str,
) -> None:
    """Write rows: `record` gives the keys `fields` in that order, `columns` the table.

    An empty table is the sentence of the catalogue key `empty` on stderr.
    """
    if form is Format.TABLE:
        if rows:
            _table(rows, columns)
        else:
            warn(t(empty))
    elif form is Format.JSON:
        _data("[" + ",".join("\n" + _json(record(row)) for row in rows) + "\n" * bool(rows) + "]\n")
    elif form is Format.NDJSON:
        _data("".join(_json(record(row)) + "\n" for row in rows))
    else:
        stream = _data_stream()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(fields)
        writer.writerows([_field(value) for value in record(row).values()] for row in rows)


def document(form: Format, record: Record, lines: Callable[[], Sequence[str]]) -> None:
    """Write one thing: JSON, NDJSON and CSV from `record`, for people the `lines`."""
    if form is Format.TABLE:
        text(lines())
    elif form is Format.JSON:
        _data(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    elif form is Format.NDJSON:
        _data(_json(record) + "\n")
    else:
        writer = csv.writer(_data_stream(), lineterminator="\n")
        writer.writerow(record)
        writer.writerow([_field(value) for value in record.values()])


def text(lines: Sequence[str]) -> None:
    """Write lines for people; on a terminal, long ones are broken at its width."""
    if not sys.stdout.isatty():
        for line in lines:
            print("\n".join(visible_lines(line)))
        return
    width = terminal_width()
    for line in lines:
        for part in visible_lines(line) or [""]:
            blanks = " " * (len(part) - len(part.lstrip()))
            for piece in wrap(part.lstrip(), max(20, width - len(blanks))):
                print(blanks + piece)


def raw(text: str) -> None:
    """Write text that a program reads, as it stands and in UTF-8."""
    _data(text)


def paired(pairs: Sequence[tuple[str, str]], indent: int = 0) -> list[str]:
    """Return `name  value` lines with the values under each other."""
    width = max((cell_len(name) for name, _ in pairs), default=0)
    return [f"{' ' * indent}{pad(name, width)}  {value}".rstrip() for name, value in pairs]


def terminal_width() -> int:
    """Return the width of the terminal in cells, or 80 where it is unknown."""
    return shutil.get_terminal_size((80, 24)).columns


def _json(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False)


def _field(value: object) -> object:
    """Return a value as one CSV field: blank for null, `|` between the items of a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return "|".join(value)
    return _json(value) if isinstance(value, (list, tuple, Mapping)) else value  # type: ignore[arg-type]


def _data(text: str) -> None:
    _data_stream().write(text)


def _data_stream() -> TextIO:
    """Return stdout, writing UTF-8 whatever the locale: that is what programs read."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="surrogateescape")
    return sys.stdout


def _table(rows: Sequence[Row], columns: Sequence[Column[Row]]) -> None:
    titles = [t(column.title) for column in columns]
    cells = [[visible(column.text(row)) for column in columns] for row in rows]
    widths = [
        max(cell_len(title), *(cell_len(line[index]) for line in cells))
        for index, title in enumerate(titles)
    ]
    if sys.stdout.isatty():
        _on_terminal(rows, columns, titles, cells, widths)
        return
    for line in [titles, *cells]:
        parts = [
            pad(cell, width, column.right)
            for cell, width, column in zip(line, widths, columns, strict=True)
        ]
        print((" " * _GAP).join(parts).rstrip())


def _on_terminal(
    rows: Sequence[Row],
    columns: Sequence[Column[Row]],
    titles: Sequence[str],
    cells: Sequence[Sequence[str]],
    widths: Sequence[int],
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(
        width=terminal_width(), highlight=False, markup=False, emoji=False, soft_wrap=True
    )
    blank = {
        index
        for index, column in enumerate(columns)
        if column.rank and not any(line[index] for line in cells)
    }
    shown = fitted(columns, widths, console.width, blank)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    for index, width in shown.items():
        table.add_column(
            Text(fit(titles[index], width)),
            justify="right" if columns[index].right else "left",
            width=width,
            no_wrap=True,
        )
    for row, line in zip(rows, cells, strict=True):
        parts = []
        for index, width in shown.items():
            style = columns[index].style
            parts.append(Text(fit(line[index], width), style(row) if style else ""))
        table.add_row(*parts)
    console.print(table, crop=False, no_wrap=True)


def fitted(
    columns: Sequence[Column[Row]],
    widths: Sequence[int],
    terminal: int,
    without: Container[int] = (),
) -> dict[int, int]:
    """Return the columns that are shown, by their place, with their widths in cells."""
    shown = {index: width for index, width in enumerate(widths) if index not in without}

    def excess() -> int:
        return sum(shown.values()) + _GAP * (len(shown) - 1) - terminal

    while excess() > 0:
        least = {index: min(_LEAST, width) for index, width in shown.items()}
        elastic = [index for index in shown if columns[index].elastic]
        slack = sum(shown[index] - least[index] for index in elastic)
        if slack >= excess():
            for _ in range(excess()):
                widest = max(elastic, key=lambda index: shown[index])
                shown[widest] -= 1
            break
        last = max(shown, key=lambda index: (columns[index].rank, index))
        if columns[last].rank == 0:
            for index in elastic:
                shown[index] = least[index]
            break
        del shown[last]
    return shown
