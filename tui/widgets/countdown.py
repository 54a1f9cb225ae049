"""The time left, the only thing on the screens that moves by itself."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from catalogue import span, t
from domain.instants import Instant

LAST_SECONDS = 600
"""Seconds before an end from which every second is shown."""


class Countdown(Widget):
    """Says how long until `due_at`, then until `late_until`; says nothing where nothing is due.

    Minutes are enough until the last ten: who is far away pays for each byte of a screen that
    nobody touches.
    """

    DEFAULT_CSS = """
    Countdown { height: 1; width: 34; }
    """

    due_at: reactive[Instant | None] = reactive(None)
    late_until: reactive[Instant | None] = reactive(None)
    soon_seconds: reactive[int] = reactive(3600)
    filed: reactive[bool] = reactive(False)

    def __init__(self, now: Callable[[], Instant], show: Callable[[Instant], str]) -> None:
        """Take the clock, and how an instant is shown as a time of the day."""
        super().__init__(id="countdown")
        self._now = now
        self._show_instant = show
        self._drawn = ("", "")

    def on_mount(self) -> None:
        """Look at the clock once a second, and draw what it changes."""
        self.set_interval(1, self.look)

    def look(self) -> None:
        """Look at the clock, and draw what it changes."""
        if self._text() != self._drawn:
            self.refresh()

    def render(self) -> Content:
        """Draw the time left, at the right edge."""
        self._drawn = text, style = self._text()
        return Content(" " * max(0, self.size.width - cell_len(text))) + Content.styled(text, style)

    def _text(self) -> tuple[str, str]:
        now = self._now()
        if self.due_at is None:
            return "", ""
        shown = self._show_instant(self.due_at)
        if now <= self.due_at:
            left = self.due_at - now
            soon = left <= self.soon_seconds and not self.filed
            style = "bold $warning" if soon else "$foreground"
            return t("today.until_due", left=left_word(left), at=shown), style
        if self.filed or self.late_until is None or now > self.late_until:
            return t("today.after_due", at=shown), "$quiet"
        left = self.late_until - now
        return t("today.until_missed", left=left_word(left), at=shown), "bold $error"


def left_word(seconds: int) -> str:
    """Return a length of time in whole minutes, as `34 分钟`; the last ten as `09:59`."""
    if seconds > LAST_SECONDS:
        return span(seconds)
    minutes, second = divmod(seconds, 60)
    return f"{minutes:02}:{second:02}"
