"""How values stand in columns: days as ISO text, None as NULL."""

from __future__ import annotations

from datetime import date


def day_text(day: date | None) -> str | None:
    """Return a day as its column holds it."""
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """Return the day that a column holds."""
    return None if text is None else date.fromisoformat(text)


def marks(count: int) -> str:
    """Return `?, ?, ?` for `count` parameters."""
    return ", ".join("?" * count)
