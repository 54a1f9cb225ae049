"""The periods of the check: half-years and calendar years."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from domain.errors import UsageError
from domain.values import dataclass

_PERIOD = re.compile(r"(\d{4})\s*年?\s*(?:[Hh]([12])|(上|下)半年)?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


@dataclass(frozen=True, slots=True)
class Period:
    """A half-year (`half` 1 or 2) or, with `half` 0, a calendar year."""

    year: int
    half: int = 0

    @property
    def name(self) -> str:
        """Return how commands and files write it, `2010H1` or `2010`."""
        return f"{self.year}H{self.half}" if self.half else str(self.year)

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def last(self) -> date:
        """Return its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    def moved(self, by: int) -> Period:
        """Return the period so many later, of the same length; it stays within the years known."""
        if not self.half:
            return Period(min(max(self.year + by, _FIRST_YEAR), _LAST_YEAR))
        year, half = divmod(self.year * 2 + self.half - 1 + by, 2)
        return Period(year, half + 1) if _FIRST_YEAR <= year <= _LAST_YEAR else self


def half_of(day: date) -> Period:
    """Return the half-year that a day lies in."""
    return Period(day.year, 1 if day.month <= 6 else 2)


def parse_period(text: str) -> Period:
    """Return the period of `2010H1`, `2010`, `2010上半年` or `2010年`; raises UsageError."""
    match = _PERIOD.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
        raise UsageError("assess.bad_period", text=text)
    half = {"上": 1, "下": 2}.get(match[3], 0) if match[3] else int(match[2] or 0)
    return Period(int(match[1]), half)
