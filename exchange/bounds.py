"""How large a table may be: what is larger is refused in a sentence before it fills the memory.

A workbook is an archive of XML, so a small file can hold gigabytes; a cell in the last corner of a
sheet takes the place of all the cells before it; and one text can stand in every cell. All three
are measured before anything else is done with a workbook.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import IO

from domain.errors import Rejected

MOST_COLUMNS = 1_000
MOST_CELL = 1 << 20
"""Characters of one cell."""
MOST_CELLS = 20 * 1_048_576
"""Cells up to a sheet's last corner: as many rows as there can be, of any table of ours."""
MOST_UNZIPPED = 1 << 28
"""Bytes of a workbook without its compression, and of all the texts of its cells."""
MOST_JSON = 1 << 27
"""Bytes of a JSON file, which is read as a whole."""

_MOST_LINE = 16 * MOST_CELL
_NAMES = 8
_NAME = 40
_SHARES = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d+)""")
_USUAL = re.compile(rb' r="([A-Z]{1,3})([0-9]{1,7})"')
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_ITEM = re.compile(rb"<(?:\w+:)?si[\s/>]")


def check_columns(count: int, file: str) -> None:
    """Refuse a header or a row of too many cells."""
    if count > MOST_COLUMNS:
        raise Rejected("bounds.columns", file=file, count=count, most=MOST_COLUMNS)


def bounded(rows: Iterable[tuple[int, list[str]]], file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that are not too many cells wide, none of their cells too long."""
    for number, row in rows:
        if len(row) > MOST_COLUMNS:
            check_columns(len(row), file)
        check_cells(row, number, file)
        yield number, row


def check_cells(row: Sequence[str], number: int, file: str) -> None:
    """Refuse a row with a cell that is too long."""
    if any(len(cell) > MOST_CELL for cell in row):
        raise Rejected("bounds.cell", file=file, row=number, most=MOST_CELL)


def check_csv_error(error: csv.Error, number: int, file: str) -> None:
    """Say in our own words that a cell is too long, where that is what the reader complains of."""
    if "field limit" in str(error):
        raise Rejected("bounds.cell", file=file, row=number, most=MOST_CELL) from None


def check_panic(error: BaseException, file: str) -> None:
    """Refuse a workbook at which its reader gave up in its own language's way."""
    if type(error).__name__ == "PanicException":
        raise Rejected("tables.xlsx_broken", file=file) from None


def some(names: Sequence[str]) -> list[str]:
    """Return names as a sentence can hold them: the first of many, and none at full length."""
    shown = [name if len(name) <= _NAME else f"{name[:_NAME]}…" for name in names[:_NAMES]]
    return [*shown, "…"] if len(names) > _NAMES else shown


def check_line(chunk: bytes, open_bytes: int, file: str) -> int:
    """Return how many bytes a file's last line has so far; refuse one that does not end."""
    end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    found = open_bytes + len(chunk) if end < 0 else len(chunk) - end - 1
    if found > 4 * _MOST_LINE:
        raise Rejected("bounds.line", file=file)
    return found


def check_document(stream: IO[bytes], file: str) -> None:
    """Refuse a file that is too large to be read as a whole."""
    if stream.seek(0, io.SEEK_END) > MOST_JSON:
        raise Rejected("bounds.json", file=file, most=MOST_JSON >> 20)
    stream.seek(0)


def lines(text: IO[str], file: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text with their numbers, refusing one that never ends."""
    number = 0
    while line := text.readline(_MOST_LINE):
        number += 1
        if len(line) == _MOST_LINE:
            raise Rejected("bounds.line", file=file)
        yield number, line


def check_workbook(stream: IO[bytes], file: str) -> None:
    """Refuse what is no workbook, and a workbook that would take too much memory.

    Looks at all of its parts: any of them may be its first sheet.
    """
    texts: list[int] = []
    uses: list[int] = []
    for part in _parts(stream, file):
        if b"<si" in part or b":si" in part:
            starts = [match.start() for match in _ITEM.finditer(part)]
            texts += [end - start for start, end in pairwise([*starts, len(part)])]
        if b'"s"' in part or b"'s'" in part:
            uses += map(int, _SHARES.findall(part))
        _check_extent(part, file)
    longest = max(texts, default=0)
    if longest * len(uses) > MOST_UNZIPPED:
        total = sum(texts[use] if use < len(texts) else longest for use in uses)
        if total > MOST_UNZIPPED:
            raise Rejected("bounds.workbook", file=file)
    stream.seek(0)


def _parts(stream: IO[bytes], file: str) -> Iterator[bytes]:
    """Yield what each part of an archive really holds, whatever the archive says it does."""
    broken = Rejected("tables.xlsx_broken", file=file)
    too_large = Rejected("bounds.workbook", file=file)
    try:
        with zipfile.ZipFile(stream) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, OverflowError, ValueError):
        raise broken from None
    left = MOST_UNZIPPED
    if sum(part.file_size for part in found) > left:
        raise too_large
    for part in found:
        try:
            stream.seek(part.header_offset + 26)
            name, extra = struct.unpack("<HH", stream.read(4))
            stream.seek(name + extra, io.SEEK_CUR)
            data = stream.read(part.compress_size)
            if part.compress_type == zipfile.ZIP_DEFLATED:
                inflating = zlib.decompressobj(-zlib.MAX_WBITS)
                data = inflating.decompress(data, left + 1)
        except (OSError, OverflowError, ValueError, struct.error, zlib.error):
            raise broken from None
        left -= len(data)
        if left < 0:
            raise too_large
        yield data


def _check_extent(part: bytes, file: str) -> None:
    """Refuse a sheet whose last corner is too far away, be its cells there or not."""
    cells = part.count(b"<c ") + part.count(b"<c>") + part.count(b"<c/") + part.count(b":c")
    if not cells:
        return
    usual = _USUAL.findall(part)
    columns = {column for column, _ in usual}
    height = max((int(row) for _, row in usual), default=0)
    width = max((_place(column) for column in columns), default=0)
    if len(usual) != cells:
        more_width, more_height = _unusual_extent(part, file)
        width, height = max(width, more_width), max(height, more_height)
    check_columns(width, file)
    if width * height > MOST_CELLS:
        raise Rejected("bounds.workbook", file=file)


def _unusual_extent(part: bytes, file: str) -> tuple[int, int]:
    """Return columns and rows of a sheet that names its cells in another way, or does not.

    Cells without an address follow on the one before, and rows likewise.
    """
    width = height = 0
    for column, row in _REFERENCE.findall(part):
        if len(column) > 3 or len(row) > 7:
            raise Rejected("bounds.workbook", file=file)
        width = max(width, _place(column))
        height = max(height, int(row))
    starts = [match.start() for match in _ROW.finditer(part)]
    most = max(
        (
            sum(1 for _ in _CELL.finditer(part, start, end))
            for start, end in pairwise([*starts, len(part)])
        ),
        default=0,
    )
    return width + most, height + len(starts)


def _place(column: bytes) -> int:
    """Return the number of a column by its letters, `AA` is 27."""
    place = 0
    for letter in column.upper():
        place = place * 26 + letter - 64
    return place
