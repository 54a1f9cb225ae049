"""Whole columns of instants: the plain ones in two look-ups each, the rest to be read singly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from domain.errors import UsageError
from domain.instants import DAY, Instant, Zone, parse_iso_day

UNCLEAR: Instant = -(1 << 60)
"""Stands below every instant, and so does its sum with a number of seconds or with itself."""

_PLAIN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PLAIN_CLOCK = re.compile(r"[ T]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(Z?)", re.ASCII)
_MOST_DAYS = 1 << 16


class Moments:
    """Reads instants as `Zone.parse` does, where day and clock are plain: `2026-11-23 16:26:03`.

    What is UNCLEAR has to be read singly: another way of writing, another offset, a day on which
    the zone's clock shifts.
    """

    def __init__(self, zone: Zone) -> None:
        self._local = _Days(zone), _Clocks("")
        self._utc = _Days(None), _Clocks("Z")

    def read(self, texts: Sequence[str]) -> list[Instant]:
        """Return the instants of a column, UNCLEAR or near it where a text is not plain."""
        days, clocks = self._utc if texts[0].endswith("Z") else self._local
        return [days[text[:10]] + clocks[text[10:]] for text in texts]


class _Days(dict[str, Instant]):
    """When days begin: in UTC, or in a zone where the day has its 24 hours."""

    def __init__(self, zone: Zone | None) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, text: str) -> Instant:
        start = self._start(text)
        if len(self) >= _MOST_DAYS:
            self.clear()
        self[text] = start
        return start

    def _start(self, text: str) -> Instant:
        if not _PLAIN_DAY.fullmatch(text):
            return UNCLEAR
        try:
            day = parse_iso_day(text)
        except UsageError:
            return UNCLEAR
        if not 1 < day.year < 9999:
            return UNCLEAR
        if self._zone is None:
            return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY
        start = self._zone.start_of(day)
        return start if self._zone.end_of(day) - start == DAY - 1 else UNCLEAR


class _Clocks(dict[str, int]):
    """The seconds of a day that a clock's text stands for, with this mark of its offset."""

    def __init__(self, offset: str) -> None:
        super().__init__()
        self._offset = offset

    def __missing__(self, text: str) -> int:
        match = _PLAIN_CLOCK.fullmatch(text)
        if match is None or match[4] != self._offset:
            return UNCLEAR
        seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
        self[text] = seconds
        return seconds
