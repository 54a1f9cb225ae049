"""Instants and local days (R7): whole seconds since the epoch in UTC, seen from the city's zone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from domain.errors import UsageError
from domain.values import dataclass

Instant: TypeAlias = int
"""Whole seconds since 1970-01-01T00:00:00Z."""

DAY = 86400
"""Seconds in a day of 24 hours."""

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST = (date.min.toordinal() + 2 - _EPOCH) * DAY
_LAST = (date.max.toordinal() - 2 - _EPOCH) * DAY
_ONE_DAY = timedelta(days=1)

# Patterns are texts: `re` compiles each at its first use and keeps it, and most commands use none.
_INSTANT = (
    r"(\d{4}-\d\d-\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?"
    r" ?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?"
)
_ISO_DAY = r"\d{4}-\d\d-\d\d"
_DAYS_AGO = r"[-\u2212](\d{1,6})"
_CLOCK = r"(\d{1,2}):(\d\d)"
_NAMED_DAYS = {
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "昨天": -1,
    "今天": 0,
    "明天": 1,
}


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its IANA name; equal by name.

    Conversions remember the offset of each day they have met, so that a million rows cost
    additions and not zone look-ups. Raises UsageError for a name that nobody knows.
    """

    name: str
    _info: ZoneInfo = field(init=False, repr=False, compare=False)
    _starts: dict[date, tuple[Instant, bool]] = field(init=False, repr=False, compare=False)
    _offsets: dict[int, int | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            info = ZoneInfo(self.name)
        except (KeyError, ValueError, OSError):
            raise UsageError("instants.zone_unknown", zone=self.name) from None
        object.__setattr__(self, "_info", info)
        object.__setattr__(self, "_starts", {})
        object.__setattr__(self, "_offsets", {})

    def at(self, day: date, clock: time) -> Instant:
        """Return the instant of a local clock time; of a time that comes twice, the first."""
        start, even = self._start(day)
        if even:
            return start + clock.hour * 3600 + clock.minute * 60 + clock.second
        return self._exact(day, clock)

    def start_of(self, day: date) -> Instant:
        """Return the instant of 00:00:00 of a local day."""
        return self._start(day)[0]

    def end_of(self, day: date) -> Instant:
        """Return the instant of 23:59:59 of a local day, its last second."""
        if day == date.max:
            return self._exact(day, time(23, 59, 59))
        return self._start(day + _ONE_DAY)[0] - 1

    def day_of(self, instant: Instant) -> date:
        """Return the local day that an instant lies in."""
        return date.fromordinal(_EPOCH + (instant + self._offset(instant)) // DAY)

    def local(self, instant: Instant) -> datetime:
        """Return an instant as an aware local datetime."""
        return datetime.fromtimestamp(instant, self._info)

    def show(self, instant: Instant) -> str:
        """Return an instant as people read it, `2026-11-23 16:26:03` local time."""
        days, seconds = divmod(instant + self._offset(instant), DAY)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return f"{date.fromordinal(_EPOCH + days)} {hour:02}:{minute:02}:{second:02}"

    def parse(self, text: str, bare_date: bool = True) -> Instant:
        """Return the instant that an ISO 8601 text names.

        `T` or a space between date and time, seconds optional, fractions of a second cut off,
        local time without an offset. A bare date means 23:59:59 of it, or is refused where
        `bare_date` is false. Raises UsageError.
        """
        match = re.fullmatch(_INSTANT, _plain(text), re.ASCII)
        if match is None:
            raise UsageError("instants.bad", text=text)
        if match[2] is None and not bare_date:
            raise UsageError("instants.time_missing", text=text)
        try:
            day = date.fromisoformat(match[1])
            # A year's distance from the ends of the calendar keeps every later step inside it.
            if not 1 < day.year < 9999:
                raise ValueError(day)
            if match[2] is None:
                return self.end_of(day)
            clock = time(int(match[2]), int(match[3]), int(match[4] or 0))
            if match[5] is None and match[6] is None:
                return self.at(day, clock)
            ahead = time(int(match[7] or 0), int(match[8] or 0))
        except ValueError:
            raise UsageError("instants.bad", text=text) from None
        offset = _seconds(ahead) if match[6] == "+" else -_seconds(ahead)
        return (day.toordinal() - _EPOCH) * DAY + _seconds(clock) - offset

    def _start(self, day: date) -> tuple[Instant, bool]:
        """Return when a day begins and whether its clock runs evenly, with no shift in it."""
        known = self._starts.get(day)
        if known is None:
            start = self._exact(day, time())
            even = day == date.max or self._exact(day + _ONE_DAY, time()) - start == DAY
            known = self._starts[day] = (start, even)
        return known

    def _exact(self, day: date, clock: time) -> Instant:
        return int(datetime.combine(day, clock.replace(microsecond=0), self._info).timestamp())

    def _offset(self, instant: Instant) -> int:
        """Return the seconds that local time is ahead of UTC at an instant."""
        utc_day = instant // DAY
        if utc_day not in self._offsets:
            first = self._looked_up(utc_day * DAY)
            last = self._looked_up(utc_day * DAY + DAY - 1)
            self._offsets[utc_day] = first if first == last else None
        offset = self._offsets[utc_day]
        return self._looked_up(instant) if offset is None else offset

    def _looked_up(self, instant: Instant) -> int:
        # On the calendar's very last day the same moment elsewhere may lie beyond it.
        inside = min(max(instant, _FIRST), _LAST)
        offset = self.local(inside).utcoffset()
        return 0 if offset is None else offset // timedelta(seconds=1)


def utc(instant: Instant) -> str:
    """Return an instant as machines read it, `2026-11-23T09:00:00Z`."""
    return datetime.fromtimestamp(instant, UTC).isoformat()[:19] + "Z"


def parse_iso_day(text: str) -> date:
    """Return the day of `2026-11-23`; raises UsageError for anything else."""
    plain = _plain(text)
    try:
        if re.fullmatch(_ISO_DAY, plain, re.ASCII):
            return date.fromisoformat(plain)
    except ValueError:
        pass
    raise UsageError("instants.bad_day", text=text)


def parse_day(text: str, today: date) -> date:
    """Return the day that a person names.

    ISO `2026-11-23`; `today`, `yesterday`, `tomorrow`, `今天`, `昨天`, `明天`; or `-3` for three
    days ago. Raises UsageError.
    """
    plain = _plain(text).lower()
    ago = re.fullmatch(_DAYS_AGO, plain, re.ASCII)
    if ago is None and plain not in _NAMED_DAYS:
        return parse_iso_day(text)
    try:
        return today + timedelta(days=-int(ago[1]) if ago else _NAMED_DAYS[plain])
    except OverflowError:
        raise UsageError("instants.bad_day", text=text) from None


def check_range(first: date, last: date) -> None:
    """Raise UsageError where a range of days ends before it begins."""
    if last < first:
        raise UsageError("errors.range_reversed", first=first, last=last)


def parse_clock(text: str) -> time:
    """Return the clock time of `17:00`, second 0; raises UsageError (for 24:00 too)."""
    match = re.fullmatch(_CLOCK, _plain(text), re.ASCII)
    try:
        if match:
            return time(int(match[1]), int(match[2]))
    except ValueError:
        pass
    raise UsageError("instants.bad_clock", text=text)


def _plain(text: str) -> str:
    """Return the text without outer blanks, full-width digits and colons made plain."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
