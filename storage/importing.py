"""What imports of reports ask of the store: whole days at a time, and never row by row."""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from collections.abc import Collection, Iterable, Sequence

from domain.findings import Finding
from domain.importing import Filed
from domain.instants import Instant
from storage.columns import marks
from storage.connection import Connection, Row
from storage.reports import add_rows

_FEW = 50
_SEPARATOR = "\x1f"


def standing(connection: Connection, day: str, units: Collection[str]) -> list[Filed]:
    """Return the recorded revisions of some units' ISO day, by unit and number.

    In the place of a row's number they have that of the revision. There may be others of the
    day's among them.
    """
    narrow, wanted = _near(units)
    return connection.rows(
        "SELECT unit, filed_at, revision, kind, filed_by, summary, areas_planned, areas_patrolled,"
        f" reason FROM reports WHERE date = ?{narrow} ORDER BY unit, revision",
        (day, *wanted),
    )


def locks(connection: Connection, day: str, units: Collection[str]) -> dict[str, Instant]:
    """Return when an ISO day locks for each unit that is expected to report on it (R7).

    There may be others of the day's among them.
    """
    narrow, wanted = _near(units)
    return dict(
        connection.rows(
            "SELECT unit, locks_at FROM obligations WHERE kind = 'report' AND subject = ?"
            f" AND locks_at IS NOT NULL{narrow}",
            (day, *wanted),
        )
    )


def _near(units: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """Return what narrows a day to some units: each of them, or where they begin and end."""
    if len(units) <= _FEW:
        return f" AND unit IN ({marks(len(units))})", tuple(units)
    return " AND unit BETWEEN ? AND ?", (min(units), max(units))


def add(
    connection: Connection,
    rows: Sequence[Row],
    findings: Iterable[tuple[str, str, int, Finding]],
    digest: Digest,
) -> None:
    """Record imported revisions of one day, in the order of unit and number.

    `rows` are in the order of `storage.reports.COLUMNS`; `digest` takes them in.
    """
    add_rows(connection, rows, findings)
    digest.add(rows)


class Digest:
    """The SHA-256 of imported revisions, day by day, each day's by unit and number.

    What is taken in are rows of one day in the order of `storage.reports.COLUMNS`, all of them at
    once: so the digest can be had again from what is recorded. Which import a row came by is no
    part of it.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.count = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Take in the rows of one day."""
        if not rows:
            return
        self.count += len(rows)
        columns = list(zip(*rows, strict=True))[:-1]
        for column in columns:
            kinds = set(map(type, column))
            if kinds == {str}:
                # Each text after the lengths of all: nothing can move from one to the next.
                self._hash.update(_numbers(list(map(len, column))))
                self._hash.update(_SEPARATOR.join(column).encode("utf-8", "surrogatepass"))
            elif kinds == {int}:
                self._hash.update(_numbers(column))
            else:
                self._hash.update(json.dumps(column).encode())

    def text(self) -> str:
        """Return the digest so far, 64 hexadecimal digits."""
        return self._hash.hexdigest()


def _numbers(values: Sequence[int]) -> bytes:
    """Return whole numbers as eight bytes each, on every machine in the same order."""
    numbers = array("q", values)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
