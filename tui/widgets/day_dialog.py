"""Asking for a day: ISO, a month's day, a word such as yesterday, or a number of days ago."""

from __future__ import annotations

import re
from datetime import date

from textual.widget import Widget
from textual.widgets import Input, Static

from catalogue import t
from domain.errors import UsageError
from domain.instants import parse_day
from tui.widgets.dialog import Dialog

_MONTH_DAY = re.compile(r"(\d{1,2})[-/月](\d{1,2})日?")


def day_named(text: str, today: date) -> date:
    """Return the day that a person names, as `parse_day`, or the last `11-23` up to today.

    Raises UsageError.
    """
    found = _MONTH_DAY.fullmatch(text.strip())
    if found is not None:
        month, day = int(found[1]), int(found[2])
        for year in (today.year, today.year - 1):
            try:
                named = date(year, month, day)
            except ValueError:
                continue
            if named <= today:
                return named
    return parse_day(text, today)


class DayDialog(Dialog[date]):
    """Asks for a day and gives it; a wrong one is explained, and asked for again."""

    def __init__(self, day: date, today: date) -> None:
        """Start from the day shown; `today` is what the words and numbers count from."""
        super().__init__()
        self._day = day
        self._today = today

    def title_text(self) -> str:
        """Return the title."""
        return t("lists.day_title")

    def content(self) -> list[Widget]:
        """Return the field and how it may be filled in."""
        field = Input(self._day.isoformat(), id="day", select_on_focus=True)
        return [field, Static(t("lists.day_forms"), markup=False)]

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("lists.day_keys")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the day, or say why it is none."""
        try:
            day = day_named(event.value, self._today)
        except UsageError as error:
            self.refuse(error)
            return
        self.dismiss(day)
