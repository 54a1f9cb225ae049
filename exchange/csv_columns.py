"""CSV by columns: what is plainly written is split at once, everything else is `csv`'s to read.

Plain is a block in which every quotation mark opens or closes a whole cell, and every row has as
many cells: nearly all that programs write. Of the rest only `csv` knows what it means.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import chain, islice
from typing import IO, TypeAlias

Rows: TypeAlias = list[list[str]]
Columns: TypeAlias = list[list[str]]

_BLOCK = 1 << 18
"""Characters of a block: fewer than a cell may have, so that none in a plain one is too long."""
_AT_A_TIME = 1000
_HELD = "\0"
"""Stands for what was within quotation marks; in a text that is read there is none."""


def parts(text: IO[str]) -> Iterator[tuple[Rows, Columns]]:
    """Yield a text's rows, some at a time: as rows, or else as columns.

    `text` leaves line ends as they are. Raises csv.Error where `csv` in its strict mode does.
    """
    rest = ""
    while block := text.read(_BLOCK):
        block = rest + block
        end = block.rfind("\n") + 1
        if block.count('"', 0, end) % 2:
            # The line ends within a cell: up to the row in which that begins.
            end = block.rfind("\n", 0, block.rfind('"', 0, end)) + 1
        plain, rest = block[:end], block[end:]
        columns = _split(plain)
        if columns is None:
            rest = block
            break
        yield [], columns
    rest += text.readline()
    reader = csv.reader(chain(StringIO(rest, newline=""), text), strict=True)
    while rows := list(islice(reader, _AT_A_TIME)):
        yield rows, []


def _split(block: str) -> Columns | None:
    """Return the columns of a block of whole lines, None where it is not plain."""
    outside = block
    held: list[str] = []
    if '"' in block:
        pieces = block.split('"')
        held, outside = pieces[1::2], _HELD.join(pieces[::2])
    marks = outside.count("\r")
    end = "\r\n" if marks else "\n"
    count = outside.count("\n")
    if not count or (marks and not marks == count == outside.count(end)):
        return None
    # Between two rows stands a cell of its own, so that none with too few or too many is missed.
    cells = outside.replace(end, ",\n,").split(",")[:-1]
    width = cells.index("\n")
    if len(cells) != count * (width + 1) or cells[width :: width + 1].count("\n") != count:
        return None
    columns = [cells[place :: width + 1] for place in range(width)]
    return columns if not held or _put_back(held, columns) else None


def _put_back(held: list[str], columns: Columns) -> bool:
    """Put what was within quotation marks in its places; return False if these are no cells."""
    where = [place for place, column in enumerate(columns) if _HELD in column]
    if sum(columns[place].count(_HELD) for place in where) != len(held):
        return False
    if len(where) == 1 and len(held) == len(columns[0]):
        columns[where[0]] = held
        return True
    texts = iter(held)
    for row in range(len(columns[0])):
        for place in where:
            if columns[place][row] == _HELD:
                columns[place][row] = next(texts)
    return True
