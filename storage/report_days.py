"""Revisions of a day that come in together: by column, and many in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from storage.connection import Connection

DAY_COLUMNS = (
    "unit, revision, kind, summary, areas_planned, areas_patrolled, filed_at, filed_by, reason,"
    " after_lock"
)
"""What differs between the revisions of a day that come in together; the rest is a `Stamp`."""
_TOGETHER = (200, 64, 16, 4, 1)
"""Rows of one statement: of each size as many as fit, so that few statements are prepared."""


class Stamp(NamedTuple):
    """What all the revisions of a day that come in together have: ISO day, login, and mark."""

    day: str
    keyed_by: str
    imported: int


def add_day(connection: Connection, stamp: Stamp, columns: Sequence[Sequence[object]]) -> None:
    """Record a day's revisions without their findings, given by `DAY_COLUMNS`.

    As many rows in one statement as pays: it is the engine's own beginning and end of a
    statement that an import would mostly wait for.
    """
    place, count = 0, len(columns[0])
    for size in _TOGETHER:
        while count - place >= size:
            rows = zip(*[column[place : place + size] for column in columns], strict=True)
            connection.execute(_added_together(size), [*stamp, *chain.from_iterable(rows)])
            place += size


@cache
def _added_together(count: int) -> str:
    """Return the statement that records so many rows: its first parameters hold for all."""
    first, each = len(Stamp._fields), len(DAY_COLUMNS.split(", "))
    marks = [f"?{place}" for place in range(first + 1, first + count * each + 1)]
    rows = ", ".join(
        f"(?1, ?2, ?3, {', '.join(marks[begin : begin + each])})"
        for begin in range(0, len(marks), each)
    )
    return f"INSERT INTO reports (date, keyed_by, imported, {DAY_COLUMNS}) VALUES {rows}"
