"""A list of which several may be ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.fitting import fit


class CheckList(Widget, can_focus=True):
    """Shows (key, text) lines with a box each.

    | Key | Does |
    |---|---|
    | `↑` `↓` | moves the cursor |
    | `Space` | ticks the line, or takes the tick away |
    """

    DEFAULT_CSS = """
    CheckList { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "keys.up", show=False, id="check_up", tooltip="lists.move_help"),
        Binding(
            "down", "move(1)", "keys.down", show=False, id="check_down", tooltip="lists.move_help"
        ),
        Binding(
            "pageup",
            "move(-8)",
            "keys.up",
            show=False,
            id="check_page_up",
            tooltip="lists.move_help",
        ),
        Binding(
            "pagedown",
            "move(8)",
            "keys.down",
            show=False,
            id="check_page_down",
            tooltip="lists.move_help",
        ),
        Binding("space", "tick", "keys.tick", id="tick", tooltip="keys.tick_help"),
    ]

    cursor: reactive[int] = reactive(0)
    _top = 0

    class Changed(Message):
        """Another line is ticked, or the cursor stands on another."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lines: tuple[tuple[str, str], ...] = ()
        self.ticked: dict[str, None] = {}
        """The keys of the ticked lines, in the order of ticking."""

    def show(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show other lines; what is ticked stays ticked, seen or not."""
        self._lines = tuple(lines)
        self.cursor = min(self.cursor, max(0, len(lines) - 1))
        self.refresh(layout=True)

    @property
    def current(self) -> str | None:
        """Return the key under the cursor."""
        return self._lines[self.cursor][0] if self._lines else None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return one row for each line."""
        return max(1, len(self._lines))

    def watch_cursor(self) -> None:
        """Tell that the cursor moved."""
        self.post_message(self.Changed())

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self._lines) - 1, self.cursor + step))

    def action_tick(self) -> None:
        """Tick the line, or take the tick away."""
        key = self.current
        if key is None:
            return
        if key in self.ticked:
            del self.ticked[key]
        else:
            self.ticked[key] = None
        self.refresh()
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """Tick what is under the mouse."""
        index = self._top + event.y
        if index < len(self._lines):
            self.cursor = index
            self.action_tick()

    def render(self) -> Content:
        """Draw the lines around the cursor."""
        height, width = max(1, self.size.height), self.size.width
        if self.cursor < self._top:
            self._top = self.cursor
        elif self.cursor >= self._top + height:
            self._top = self.cursor - height + 1
        self._top = max(0, min(self._top, len(self._lines) - height))
        drawn = []
        for index in range(self._top, min(len(self._lines), self._top + height)):
            key, text = self._lines[index]
            box = "[x] " if key in self.ticked else "[ ] "
            style = "bold" if key in self.ticked else "$foreground"
            if index == self.cursor and self.has_focus:
                style = "reverse"
            drawn.append(Content.styled(fit(box + text, width), style))
        return Content("\n").join(drawn)
