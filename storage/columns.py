"""How values stand in columns: days as ISO text, None as NULL."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

_MOST_MARKS = 500


def day_text(day: date | None) -> str | None:
    """Return a day as its column holds it."""
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """Return the day that a column holds."""
    return None if text is None else date.fromisoformat(text)


def marks(count: int) -> str:
    """Return `?, ?, ?` for `count` parameters."""
    return ", ".join("?" * count)


def parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the values so many at a time as one statement takes parameters."""
    for start in range(0, len(values), _MOST_MARKS):
        yield values[start : start + _MOST_MARKS]


def among(units: Collection[str] | None) -> tuple[str, tuple[str, ...]]:
    """Return ` AND unit IN (…)` with its parameters; nothing for None, or for very many units.

    Whoever asks for very many is given the others too.
    """
    if units is None or len(units) > _MOST_MARKS:
        return "", ()
    return f" AND unit IN ({marks(len(units))})", tuple(units)
