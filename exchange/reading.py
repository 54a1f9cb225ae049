"""Tables as they come in: every format as numbered rows of texts in the kind's own columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import catalogue
from domain.errors import Rejected
from domain.values import dataclass
from exchange import bounds
from exchange.cells import from_spreadsheet
from exchange.columns import Column, TableKind, folded
from exchange.sources import Format, Source

PROBLEM_HEADERS = ("problem", "问题")
"""What `--rejects` adds, and what is passed over when such a file comes in again."""

_AT_A_TIME = 1000

Cells: TypeAlias = Sequence[str]
"""A row's texts in the order of the kind's columns, then what stands outside every column."""

Chunks: TypeAlias = Callable[[], Iterator[tuple[int, list[list[str]]]]]
"""Yields the rows of a grid, blank ones too, some at a time, with the number of the first."""


class Batch(NamedTuple):
    """Some rows of a table, turned: their numbers, and each column's texts.

    The columns are those of `Cells`. Blank rows are among them.
    """

    numbers: Sequence[int]
    columns: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be read, as often as needed.

    `columns` are those present, in the kind's order; `headers` says how the file names each, in
    the file's order.
    `guards`: its format is one in which texts are guarded against formulas.
    """

    kind: TableKind
    source: Source
    columns: tuple[str, ...]
    headers: Mapping[str, str]
    guards: bool
    rows: Callable[[], Iterator[tuple[int, Cells]]]
    """Yields each row that is not blank with its number as a person sees it in the file."""
    batches: Callable[[], Iterator[Batch]]
    """Yields all rows, many at a time."""


def read_table(source: Source, kind: TableKind) -> Table:
    """Return the table in a file.

    Raises Rejected where its header does not fit the kind, or the file is broken.
    """
    if source.format is Format.CSV:
        return _grid(source, kind, lambda: _csv_chunks(source))
    if source.format is Format.XLSX:
        rows = _xlsx_rows(source)
        return _grid(source, kind, lambda: _chunked(bounds.bounded(rows(), source.name)))
    return _documents(source, kind)


def _grid(source: Source, kind: TableKind, chunks: Chunks) -> Table:
    """Return the table in rows of cells of which the first that is not blank is the header."""
    start, header = _first_row(source, chunks)
    places = _matched(source, kind, header)
    width = len(header)
    headless = any(not folded(text) for text in header)
    order = [places.get(column.name) for column in kind.columns]

    def below() -> Iterator[tuple[int, list[list[str]]]]:
        for first, rows in chunks():
            if first + len(rows) - 1 > start:
                above = max(0, start + 1 - first)
                yield first + above, rows[above:] if above else rows

    def rows() -> Iterator[tuple[int, Cells]]:
        arrange = _arranger(kind, places, header)
        for first, part in below():
            for number, row in enumerate(part, first):
                if any(row):
                    cells = arrange(row)
                    if any(map(str.strip, cells)):
                        yield number, cells

    def batches() -> Iterator[Batch]:
        arrange = _arranger(kind, places, header)
        for first, part in below():
            columns: list[Sequence[str]]
            if headless or set(map(len, part)) != {width}:
                columns = list(zip(*map(arrange, part), strict=True))
            else:
                found = list(zip(*part, strict=True))
                blank = ("",) * len(part)
                columns = [*(blank if place is None else found[place] for place in order), blank]
            yield Batch(range(first, first + len(part)), columns)

    headers = {name: header[place] for name, place in places.items()}
    return _table(source, kind, headers, rows, batches)


def _first_row(source: Source, chunks: Chunks) -> tuple[int, list[str]]:
    """Return the first row that is not blank with its number; raises Rejected without one."""
    for first, rows in chunks():
        for number, row in enumerate(rows, first):
            if any(map(str.strip, row)):
                return number, row
    raise Rejected("tables.empty", file=source.name)


def _table(
    source: Source,
    kind: TableKind,
    headers: Mapping[str, str],
    rows: Callable[[], Iterator[tuple[int, Cells]]],
    batches: Callable[[], Iterator[Batch]],
) -> Table:
    columns = tuple(column.name for column in kind.columns if column.name in headers)
    missing = [_header(c) for c in kind.columns if c.required and c.name not in headers]
    if missing:
        raise Rejected("tables.columns_missing", file=source.name, kind=kind.name, columns=missing)
    guards = source.format in (Format.CSV, Format.XLSX)
    return Table(kind, source, columns, headers, guards, rows, batches)


def _header(column: Column) -> str:
    """Return the header of a column that a reader of the language in use would write."""
    return catalogue.pick(next(iter(column.chinese), ""), column.name)


def _matched(source: Source, kind: TableKind, header: Iterable[str]) -> dict[str, int]:
    """Return the place of each column in a header; raises Rejected for what does not fit."""
    header = list(header)
    bounds.check_columns(len(header), source.name)
    known = kind.headers()
    places: dict[str, int] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for place, text in enumerate(header):
        name = folded(text)
        if not name or name in PROBLEM_HEADERS:
            continue
        column = known.get(name)
        if column is None:
            unknown.append(text.strip())
        elif column in places:
            twice.append(text.strip())
        else:
            places[column] = place
    if unknown:
        raise Rejected(
            "tables.columns_unknown",
            file=source.name,
            columns=bounds.some(unknown),
            kind=kind.name,
            known=[_header(column) for column in kind.columns],
        )
    if twice:
        raise Rejected("tables.columns_twice", file=source.name, columns=bounds.some(twice))
    return places


def _arranger(
    kind: TableKind, places: Mapping[str, int], header: Sequence[str]
) -> Callable[[list[str]], Cells]:
    """Return what brings a row's cells into the order of the kind's columns.

    A short row is filled up with blanks. Cells under no header come last, as one text.
    """
    width = len(header)
    headless = [place for place, text in enumerate(header) if not folded(text)]
    # Behind every row stand a blank cell, for absent columns, and what is outside of all.
    pick = itemgetter(*(places.get(column.name, width) for column in kind.columns), width + 1)

    def arrange(row: list[str]) -> Cells:
        if len(row) < width:
            row += [""] * (width - len(row))
        outside = ""
        if headless or len(row) > width:
            loose = [row[place] for place in headless] + row[width:]
            outside = " ".join(text for text in loose if text.strip())
        row[width:] = ("", outside)
        cells: Cells = pick(row)
        return cells

    return arrange


def _csv_chunks(source: Source) -> Iterator[tuple[int, list[list[str]]]]:
    csv.field_size_limit(bounds.MOST_CELL)
    source.stream.seek(0)
    text = io.TextIOWrapper(source.stream, source.encoding, newline="")
    first = 1
    broken: csv.Error | None = None
    try:
        # A quotation mark that is never closed would swallow the rest of the file: strict.
        reader = csv.reader(text, strict=True)
        while part := list(islice(reader, _AT_A_TIME)):
            yield first, part
            first += len(part)
    except csv.Error as error:
        broken = error
    finally:
        text.detach()
    if broken is not None:
        row = _broken_row(source)
        bounds.check_csv_error(broken, row, source.name)
        raise Rejected("tables.csv_broken", file=source.name, row=row, cause=str(broken))


def _broken_row(source: Source) -> int:
    """Return the number of the row at which a CSV file cannot be read on."""
    source.stream.seek(0)
    text = io.TextIOWrapper(source.stream, source.encoding, newline="")
    number = 1
    try:
        for _ in csv.reader(text, strict=True):
            number += 1
    except csv.Error:
        return number
    finally:
        text.detach()
    return number


def _chunked(
    records: Iterator[tuple[int, list[str]]],
) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield rows that follow on one another many at a time."""
    while part := list(islice(records, _AT_A_TIME)):
        yield part[0][0], [row for _, row in part]


def _xlsx_rows(source: Source) -> Callable[[], Iterator[tuple[int, list[str]]]]:
    """Return the rows of a workbook's first sheet."""
    import python_calamine

    bounds.check_workbook(source.stream, source.name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(source.stream)
        sheet = book.get_sheet_by_index(0)
    except (python_calamine.CalamineError, IndexError):
        raise Rejected("tables.xlsx_broken", file=source.name) from None
    except BaseException as error:
        bounds.check_panic(error, source.name)
        raise

    def rows() -> Iterator[tuple[int, list[str]]]:
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield number, [c if type(c) is str else from_spreadsheet(c) for c in row]

    return rows


def _documents(source: Source, kind: TableKind) -> Table:
    """Return the table in objects, one a row; absent keys and `null` are blank."""
    if source.format is Format.JSON:
        documents = _json_objects(source)

        def records() -> Iterator[tuple[int, dict[str, Any]]]:
            return iter(documents)
    else:

        def records() -> Iterator[tuple[int, dict[str, Any]]]:
            return _jsonl_objects(source)

    keys = list(dict.fromkeys(key for _, record in records() for key in record))
    places = _matched(source, kind, keys)
    headers = {name: keys[place] for name, place in places.items()}

    def rows() -> Iterator[tuple[int, Cells]]:
        order = [headers.get(column.name) for column in kind.columns]
        for number, record in records():
            cells = [
                "" if key is None else _json_text(source, number, key, record.get(key))
                for key in order
            ]
            bounds.check_cells(cells, number, source.name)
            if any(map(str.strip, cells)):
                yield number, (*cells, "")

    def batches() -> Iterator[Batch]:
        found = rows()
        while part := list(islice(found, _AT_A_TIME)):
            numbers, cells = zip(*part, strict=True)
            yield Batch(numbers, list(zip(*cells, strict=True)))

    if not keys:
        return Table(kind, source, (), {}, False, lambda: iter(()), lambda: iter(()))
    return _table(source, kind, headers, rows, batches)


def _json_objects(source: Source) -> list[tuple[int, dict[str, Any]]]:
    bounds.check_document(source.stream, source.name)
    try:
        found = json.loads(source.stream.read().decode(source.encoding))
    except (ValueError, RecursionError) as error:
        raise Rejected("tables.json_broken", file=source.name, cause=str(error)) from None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Rejected("tables.json_shape", file=source.name)
    return list(enumerate(found, 1))


def _jsonl_objects(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    source.stream.seek(0)
    text = io.TextIOWrapper(source.stream, source.encoding, newline="\n")
    try:
        for number, line in bounds.lines(text, source.name):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                found = None
            if not isinstance(found, dict):
                raise Rejected("tables.jsonl_broken", file=source.name, row=number)
            yield number, found
    finally:
        text.detach()


def _json_text(source: Source, number: int, key: str, value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "|".join(value)
    if isinstance(value, (list, dict)):
        raise Rejected("tables.json_nested", file=source.name, row=number, column=key)
    return from_spreadsheet(value)
