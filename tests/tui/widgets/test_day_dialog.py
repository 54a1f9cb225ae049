"""Asking for a day: as it stands on the screens, month and day will do."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import UsageError
from tui.widgets.day_dialog import day_named

TODAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03-05", date(2026, 3, 5)),
        ("3-4", date(2026, 3, 4)),
        (" 3/4 ", date(2026, 3, 4)),
        ("3月4日", date(2026, 3, 4)),
        ("03-06", date(2025, 3, 6)),
        ("12-31", date(2025, 12, 31)),
        ("昨天", date(2026, 3, 4)),
        ("-3", date(2026, 3, 2)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_month_and_a_day_are_the_last_such_day(text: str, day: date) -> None:
    assert day_named(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "13-01", "2-30", "02-29", "5", "0-0"])
def test_no_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        day_named(text, TODAY)
