"""The one writer of results: tables for people, JSON, NDJSON and CSV for programs.

Data goes to stdout. Tables on a terminal fit its width; in a pipe nothing is cut.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Generic, TextIO, TypeVar

from rich.cells import cell_len

from catalogue import t
from commands.call import warn
from commands.cells import fit, pad, wrap
from domain.texts import escaped, plain, visible, visible_lines
from domain.values import dataclass

Row = TypeVar("Row")
Record = Mapping[str, object]

_GAP = 2
_COMFORT = 20
"""Cells to which an elastic column shrinks before whole columns are left out."""
_LEAST = 6
"""Cells to which it shrinks when no other column can be left out."""


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
        import csv

        stream = _data_stream()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(fields)
        writer.writerows([_field(value) for value in record(row).values()] for row in rows)


def document(form: Format, record: Record, lines: Callable[[], Sequence[str]]) -> None:
    """Write one thing: JSON, NDJSON and CSV from `record`, for people the `lines`."""
    if form is Format.TABLE:
        text(lines())
    elif form is Format.JSON:
        _data(escaped(json.dumps(record, ensure_ascii=False, indent=2)) + "\n")
    elif form is Format.NDJSON:
        _data(_json(record) + "\n")
    else:
        import csv

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
    """Return `name  value` lines with the values, however long, under each other."""
    width = max((cell_len(name) for name, _ in pairs), default=0)
    margin = indent + width + _GAP
    room = max(20, terminal_width() - margin) if sys.stdout.isatty() else None
    lines = []
    for name, value in pairs:
        parts = visible_lines(value) or [""]
        if room is not None:
            parts = [piece for part in parts for piece in wrap(part, room)]
        lines.append(f"{' ' * indent}{pad(name, width)}{' ' * _GAP}{parts[0]}".rstrip())
        lines += [f"{' ' * margin}{part}" for part in parts[1:]]
    return lines


def terminal_width() -> int:
    """Return the width of the terminal in cells, or 80 where it is unknown."""
    return shutil.get_terminal_size((80, 24)).columns


def _json(record: Record) -> str:
    return escaped(json.dumps(record, ensure_ascii=False))


def _field(value: object) -> object:
    """Return a value as one CSV field: blank for null, `|` between the items of a list.

    As in an export, no text steers a terminal or is a formula to a spreadsheet.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return _safe("|".join(value))
    if isinstance(value, (list, tuple, Mapping)):
        return _json(value)  # type: ignore[arg-type]
    return _safe(value) if isinstance(value, str) else value


def _safe(text: str) -> str:
    from exchange.cells import guarded

    return guarded(plain(text))


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
    # Rich's own Table takes a second for a thousand rows; its segments take none.
    from rich.console import Console
    from rich.segment import Segment, Segments
    from rich.style import Style

    console = Console(width=terminal_width(), soft_wrap=True)
    blank = {
        index
        for index, column in enumerate(columns)
        if column.rank and not any(line[index] for line in cells)
    }
    shown = fitted(columns, widths, console.width, blank)
    last = list(shown)[-1]
    parsed: dict[str, Style] = {}

    def drawn(line: Sequence[str], styles: Sequence[str]) -> Iterator[Segment]:
        for index, width in shown.items():
            cell = fit(line[index], width)
            if index != last or columns[index].right:
                cell = pad(cell, width, columns[index].right)
            name = styles[index]
            style = parsed[name] if name in parsed else parsed.setdefault(name, Style.parse(name))
            yield Segment(cell, style)
            yield Segment("\n" if index == last else " " * _GAP)

    def styles(row: Row) -> list[str]:
        return [column.style(row) if column.style else "" for column in columns]

    page = list(drawn(titles, ["bold"] * len(columns)))
    for row, line in zip(rows, cells, strict=True):
        page += drawn(line, styles(row))
    console.print(Segments(page), end="", soft_wrap=True)


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
        last = max(shown, key=lambda index: (columns[index].rank, index))
        final = columns[last].rank == 0
        least = _LEAST if final else _COMFORT
        elastic = [index for index in shown if columns[index].elastic and shown[index] > least]
        if final or sum(shown[index] - least for index in elastic) >= excess():
            _shrink(shown, elastic, least, excess())
            break
        del shown[last]
    return shown


def _shrink(shown: dict[int, int], elastic: Sequence[int], least: int, excess: int) -> None:
    """Take cells from the widest elastic columns, none below `least`."""
    for _ in range(excess):
        widest = max(elastic, key=lambda index: shown[index], default=None)
        if widest is None or shown[widest] <= least:
            return
        shown[widest] -= 1
