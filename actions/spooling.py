"""Rows laid aside by day while a file is read, so that memory holds a part of them at a time."""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Any

from domain.importing import FIELDS, Columns

MOST_WAITING = 50_000
"""Rows in memory at which they are laid aside."""
_MOST_IN_MEMORY = 1 << 25


class Spool:
    """Rows by ISO day, in any order of coming; close it, or use it in a `with`.

    A file in the order of its days is laid aside in one piece a day, one in no order in as many
    pieces as it is read in parts. Rows stand in columns all the way.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[str, list[Columns]] = defaultdict(list)
        self._places: dict[str, list[tuple[int, int]]] = {}
        # Beyond a few megabytes it lies on the disk, without a name, and is gone with us.
        self._file = SpooledTemporaryFile(max_size=_MOST_IN_MEMORY)  # noqa: SIM115
        self._held = 0
        self._order = _Order()

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, day: str, rows: Columns) -> None:
        """Take in rows of a day; many that wait are laid aside."""
        self._waiting[day].append(rows)
        self._held += len(rows[0])
        if self._held >= MOST_WAITING:
            self._lay_aside()

    def days(self) -> list[str]:
        """Return the days that have rows, in order."""
        return sorted(self._places.keys() | self._waiting.keys())

    def of_day(self, day: str) -> Columns:
        """Return a day's rows by unit, instant and number."""
        waiting = self._waiting.get(day, [])
        parts: list[Columns] = []
        for place, length in self._places.get(day, ()):
            self._file.seek(place)
            parts.append(marshal.loads(self._file.read(length)))
        if len(parts) == 1 and not waiting:
            return parts[0]
        return self._order.sorted(_joined([*parts, *waiting]))

    def _lay_aside(self) -> None:
        place = self._file.seek(0, 2)
        for day, parts in self._waiting.items():
            piece = marshal.dumps(self._order.sorted(_joined(parts)))
            self._file.write(piece)
            self._places.setdefault(day, []).append((place, len(piece)))
            place += len(piece)
        self._waiting.clear()
        self._held = 0


def _joined(parts: Sequence[Columns]) -> Columns:
    if len(parts) == 1:
        return parts[0]
    return [list(chain(*columns)) for columns in zip(*parts, strict=True)] or [()] * FIELDS


class _Order:
    """Sorts the rows of days by unit, instant and number.

    Remembers how the units of the last day were sorted: most files have the same ones every day.
    """

    def __init__(self) -> None:
        self._units: Sequence[str] = ()
        self._pick: itemgetter[Any] | None = None

    def sorted(self, rows: Columns) -> Columns:
        units, instants, numbers, *_ = rows
        if len(units) < 2:
            return rows
        if units != self._units or self._pick is None:
            keys: Sequence[Any] = units
            alone = len(set(units)) == len(units)
            if not alone:
                keys = list(zip(units, instants, numbers, strict=True))
            pick = itemgetter(*sorted(range(len(units)), key=keys.__getitem__))
            if not alone:
                return list(map(pick, rows))
            self._units, self._pick = units, pick
        return list(map(self._pick, rows))
