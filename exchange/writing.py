"""Tables as they go out: every format, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, TypeAlias

from catalogue import render
from domain.errors import Busy, NotFound, Refused, UsageError
from domain.importing import Problem
from exchange.cells import guarded, unguarded
from exchange.reading import PROBLEM_HEADERS, Cells, Table
from exchange.sources import STANDARD, Format, format_of

Value: TypeAlias = "str | int"
"""A cell: a text, or a number that a spreadsheet may count with; a blank one is an empty text."""

Rows: TypeAlias = Iterable[Sequence[Value]]

_MOST_SHEET_ROWS = 1_048_576
_MOST_SHEET_TEXT = 32_767


def write_table(
    target: str, columns: Sequence[str], rows: Rows, stdout: BinaryIO | None = None
) -> int:
    """Write a table to a file in the format of its ending, or CSV to `stdout` for `-`.

    A file appears whole or not at all, in the place of one that is there. Returns the number of
    rows. Raises UsageError, NotFound or Refused for a target that cannot be written, and
    Refused for what a workbook cannot hold.
    """
    counted = _Counted(rows)
    if target == STANDARD:
        if stdout is None:
            raise UsageError("tables.no_standard_output")
        _write_csv(stdout, columns, counted)
        stdout.flush()
    else:
        check_target(target)
        with replaced(Path(target)) as stream:
            _WRITERS[format_of(target)](stream, columns, counted)
    return counted.count


def check_target(target: str) -> None:
    """Refuse a file that could not be written, before any work is done for it."""
    if target == STANDARD:
        raise UsageError("tables.target_unnamed")
    format_of(target)
    check_place(Path(target))


def check_place(path: Path) -> None:
    """Refuse a place where no file can be written."""
    if path.is_dir():
        raise NotFound("tables.file_is_folder", file=str(path))
    if not path.parent.is_dir():
        raise NotFound("errors.folder_missing", folder=str(path.parent))
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Refused("tables.file_unwritable", file=str(path))


def write_rejects(
    target: str, table: Table, rows: Mapping[int, Cells], problems: Sequence[Problem]
) -> None:
    """Write the rejected rows of a table as they stand in it, with what is wrong with each."""
    reasons: dict[int, list[str]] = {}
    for problem in problems:
        column = table.headers.get(problem.column, problem.column)
        reasons.setdefault(problem.row, []).append(f"{column}: {render(problem.reason)}")
    names = [column.name for column in table.kind.columns]
    places = [names.index(name) for name in table.headers]
    restored = unguarded if table.guards else str
    lines = (
        [*(_writable(restored(rows[number][p])) for p in places), "; ".join(reasons[number])]
        for number in sorted(reasons)
    )
    headers = [header.strip() for header in table.headers.values()]
    write_table(target, [*headers, PROBLEM_HEADERS[0]], lines)


def _writable(text: str) -> str:
    """Return a text that every encoding can write; half characters become question marks."""
    return text.encode("utf-8", "replace").decode()


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self._rows:
            self.count += 1
            yield row


@contextmanager
def replaced(path: Path) -> Iterator[IO[bytes]]:
    """Write a file under another name, and give it its own once it is complete."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    building = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with building.open("wb") as stream:
            yield stream
        building.replace(path)
    except OSError as error:
        raise Busy("tables.not_written", file=str(path), cause=error.strerror or "") from error
    finally:
        with suppress(OSError):
            building.unlink(missing_ok=True)


def _write_csv(stream: IO[bytes], columns: Sequence[str], rows: Rows) -> None:
    text = io.TextIOWrapper(stream, "utf-8", newline="")
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(
            [guarded(value) if type(value) is str else value for value in row] for row in rows
        )
        text.flush()
    finally:
        text.detach()


def _write_xlsx(stream: IO[bytes], columns: Sequence[str], rows: Rows) -> None:
    import xlsxwriter

    # Where the disk is full, an archive that is half written complains when it is thrown away.
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole, {"constant_memory": True})
    try:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, bold)
        for number, row in enumerate(rows, 1):
            if number >= _MOST_SHEET_ROWS:
                raise Refused("tables.sheet_full", most=_MOST_SHEET_ROWS - 1)
            for place, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, place, value)
                    continue
                text = guarded(value)
                if len(text) > _MOST_SHEET_TEXT:
                    raise Refused("tables.sheet_text", row=number + 1, column=columns[place])
                if text:
                    sheet.write_string(number, place, text)
    finally:
        # Its temporary files go only when it is closed, whatever becomes of the workbook.
        book.close()
    stream.write(whole.getbuffer())


def _write_json(stream: IO[bytes], columns: Sequence[str], rows: Rows) -> None:
    before = b"[\n"
    for row in rows:
        stream.write(before + _object(columns, row))
        before = b",\n"
    stream.write(b"\n]\n" if before != b"[\n" else b"[]\n")


def _write_jsonl(stream: IO[bytes], columns: Sequence[str], rows: Rows) -> None:
    for row in rows:
        stream.write(_object(columns, row) + b"\n")


def _object(columns: Sequence[str], row: Sequence[Value]) -> bytes:
    """Return a row as a JSON object; blank is `null`."""
    said = {name: None if value == "" else value for name, value in zip(columns, row, strict=True)}
    return json.dumps(said, ensure_ascii=False).encode()


_WRITERS: dict[Format, Callable[[IO[bytes], Sequence[str], Rows], None]] = {
    Format.CSV: _write_csv,
    Format.XLSX: _write_xlsx,
    Format.JSON: _write_json,
    Format.JSONL: _write_jsonl,
}
