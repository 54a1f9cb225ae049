"""Rows laid aside by day while a file is read, so that memory holds a part of them at a time."""

from __future__ import annotations

import marshal
from collections import defaultdict
from tempfile import SpooledTemporaryFile
from types import TracebackType

from domain.importing import Filed

MOST_WAITING = 50_000
"""Rows in memory at which they are laid aside."""
_MOST_IN_MEMORY = 1 << 25


class Spool:
    """Rows by ISO day, in any order of coming; close it, or use it in a `with`.

    Fill `waiting`, and say `settle` now and then. A file in the order of its days is laid aside
    in one piece a day, one in no order in as many pieces as it is read in parts.
    """

    def __init__(self) -> None:
        self.waiting: defaultdict[str, list[Filed]] = defaultdict(list)
        self._places: dict[str, list[tuple[int, int]]] = {}
        # Beyond a few megabytes it lies on the disk, without a name, and is gone with us.
        self._file = SpooledTemporaryFile(max_size=_MOST_IN_MEMORY)  # noqa: SIM115
        self._held = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def settle(self, count: int) -> None:
        """Say that `count` rows more may be waiting: they are laid aside when they are many."""
        self._held += count
        if self._held >= MOST_WAITING:
            self._lay_aside()

    def days(self) -> list[str]:
        """Return the days that have rows, in order."""
        return sorted(self._places.keys() | self.waiting.keys())

    def of_day(self, day: str) -> list[Filed]:
        """Return a day's rows by unit, instant and number."""
        rows = list(self.waiting.get(day, ()))
        for place, length in self._places.get(day, ()):
            self._file.seek(place)
            rows += marshal.loads(self._file.read(length))
        rows.sort()
        return rows

    def _lay_aside(self) -> None:
        place = self._file.seek(0, 2)
        for day, rows in self.waiting.items():
            rows.sort()
            piece = marshal.dumps(rows)
            self._file.write(piece)
            self._places.setdefault(day, []).append((place, len(piece)))
            place += len(piece)
        self.waiting.clear()
        self._held = 0
