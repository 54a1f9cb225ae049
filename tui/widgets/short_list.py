"""A short list: one line a thing, a cursor where it has the focus, scrolled as the cursor moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.fitting import CUT

Cells = Sequence[tuple[str, str]]
"""One line: its cells as (text, style)."""


class ShortList(Widget, can_focus=True):
    """ShortList of aligned cells. At the ends the arrows pass the focus on.

    | Key | Does |
    |---|---|
    | `↑` `↓` | moves the cursor |
    | `Enter` | opens the line |
    """

    DEFAULT_CSS = """
    ShortList { height: auto; max-height: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "keys.up", show=False),
        Binding("down", "move(1)", "keys.down", show=False),
        Binding("pageup", "move(-10)", "keys.up", show=False),
        Binding("pagedown", "move(10)", "keys.down", show=False),
        Binding("enter", "open", "keys.open", id="open", tooltip="keys.open_help"),
    ]

    lines: reactive[tuple[Cells, ...]] = reactive((), layout=True)
    cursor: reactive[int] = reactive(0)

    class Moved(Message):
        """The cursor stands on another line, or the list got the focus."""

    class Opened(Message):
        """The line under the cursor is to be opened."""

    _top = 0
    """The line shown first."""

    def show(self, lines: Sequence[Cells]) -> None:
        """Show other lines; the cursor stays where there is still a line."""
        self.lines = tuple(lines)
        self.can_focus = bool(lines)
        self.cursor = min(self.cursor, max(0, len(lines) - 1))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return one row for each line."""
        return len(self.lines)

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a line."""
        return max(0, min(len(self.lines) - 1, cursor))

    def watch_cursor(self) -> None:
        """Tell that the cursor moved."""
        self.post_message(self.Moved())

    def on_focus(self) -> None:
        """Tell that the line under the cursor is now what keys are for."""
        self.post_message(self.Moved())

    def action_move(self, step: int) -> None:
        """Move the cursor, or pass the focus on at the ends."""
        if step < 0 and self.cursor == 0:
            self.screen.focus_previous()
        elif step > 0 and self.cursor == len(self.lines) - 1:
            self.screen.focus_next()
        else:
            self.cursor += step

    def action_open(self) -> None:
        """Open the line under the cursor."""
        if self.lines:
            self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click opens."""
        index = self._top + event.y
        if index < len(self.lines):
            again = index == self.cursor and event.chain > 1
            self.cursor = index
            if again:
                self.action_open()

    def render(self) -> Content:
        """Draw the lines around the cursor, each column as wide as its widest cell."""
        height = self.size.height
        if self.cursor < self._top:
            self._top = self.cursor
        elif self.cursor >= self._top + height:
            self._top = self.cursor - height + 1
        self._top = max(0, min(self._top, len(self.lines) - height))
        widths = _widths(self.lines)
        drawn = []
        for index in range(self._top, min(len(self.lines), self._top + height)):
            under = index == self.cursor and self.has_focus
            drawn.append(_drawn(self.lines[index], widths, self.size.width, under))
        return Content("\n").join(drawn)


def _widths(lines: Sequence[Cells]) -> list[int]:
    widths: list[int] = []
    for line in lines:
        for index, (text, _) in enumerate(line):
            if index == len(widths):
                widths.append(0)
            widths[index] = max(widths[index], cell_len(text))
    return widths


def _drawn(line: Cells, widths: Sequence[int], width: int, under: bool) -> Content:
    parts = []
    for index, (text, style) in enumerate(line):
        last = index == len(line) - 1
        gap = "" if last else " " * (widths[index] - cell_len(text) + 2)
        parts.append(Content.styled(text, style) + gap)
    drawn = Content("").join(parts)
    if drawn.cell_length > width:
        drawn = drawn.truncate(width - cell_len(CUT)) + CUT
    if not under:
        return drawn
    return (drawn + " " * max(0, width - drawn.cell_length)).stylize("reverse")
