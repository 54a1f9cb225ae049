"""The strip of a unit's last days: one letter a day, dates below, a cursor on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from actions.board import BoardRow
from catalogue import t
from domain.instants import Instant
from domain.lights import Thresholds
from tui.widgets.letters import letter
from tui.widgets.virtual import Cell
from tui.words import STYLES

CELL = 2


class DayStrip(Widget, can_focus=True):
    """Days across, two cells each, the last one today.

    | Key | Does |
    |---|---|
    | `←` `→` | moves to another day |
    | `Home` `End` | moves to the first day, to today |
    | `Enter` | opens the day |
    """

    DEFAULT_CSS = """
    DayStrip { height: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "keys.earlier", show=False),
        Binding("right", "move(1)", "keys.later", show=False),
        Binding("home", "move(-99)", "keys.earlier", show=False),
        Binding("end", "move(99)", "keys.later", show=False),
        Binding("enter", "open", "keys.open", id="open", tooltip="keys.open_help"),
    ]

    rows: reactive[tuple[BoardRow, ...]] = reactive(())
    cursor: reactive[int] = reactive(-1)

    _at: Instant = 0
    _thresholds = Thresholds()
    _letters: Sequence[Cell] = ()

    class Moved(Message):
        """The cursor stands on another day."""

    class Opened(Message):
        """The day under the cursor is to be opened."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    @property
    def selected(self) -> BoardRow | None:
        """Return the day under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def show(self, rows: Sequence[BoardRow], at: Instant, thresholds: Thresholds) -> None:
        """Show other days; the cursor stays on its day, or stands on the last one."""
        self._at, self._thresholds = at, thresholds
        letters = [letter(row, at, thresholds) for row in rows]
        if letters != self._letters:
            # A letter may look different by its time alone.
            self._letters = letters
            self.refresh()
        before = self.selected
        last = before is None or before.day == self.rows[-1].day
        day = None if before is None or last else before.day
        self.rows = tuple(rows)
        places = [index for index, row in enumerate(rows) if row.day == day]
        self.cursor = places[0] - len(rows) if places else -1

    def to_last(self) -> None:
        """Put the cursor on the last day."""
        self.cursor = -1

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on the strip; it counts from the end, -1 being the last day."""
        return max(-max(1, len(self.rows)), min(-1, cursor))

    def watch_cursor(self) -> None:
        """Tell that the cursor moved."""
        self.post_message(self.Moved())

    def action_move(self, step: int) -> None:
        """Move by so many days."""
        self.cursor += step

    def action_open(self) -> None:
        """Open the day under the cursor."""
        if self.selected is not None:
            self.post_message(self.Opened(self.selected.day))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click opens."""
        index = (event.x - cell_len(self._label())) // CELL
        if 0 <= index < len(self.rows):
            again = index - len(self.rows) == self.cursor
            self.cursor = index - len(self.rows)
            if again:
                self.action_open()

    def _label(self) -> str:
        return t("today.strip_label", days=len(self.rows)) + "  "

    def render(self) -> Content:
        """Draw letters and, below them, each seventh day's date and the last one's."""
        if not self.rows:
            return Content("")
        label = self._label()
        parts: list[str | tuple[str, str]] = [(label, "$quiet")]
        at = len(self.rows) + self.cursor
        for index, row in enumerate(self.rows):
            text, style = letter(row, self._at, self._thresholds)
            look = STYLES[style]
            if index == at:
                look = f"reverse {look}" if self.has_focus else f"underline bold {look}"
            parts += [(text, look), " " * (CELL - cell_len(text))]
        return Content.assemble(*parts, "\n", self._dates(cell_len(label)))

    def _dates(self, indent: int) -> Content:
        text = " " * indent
        last = len(self.rows) - 1
        for index in range(0, last - 4, 7):
            text += " " * (indent + index * CELL - len(text)) + f"{self.rows[index].day:%m-%d}"
        end = f"{self.rows[last].day:%m-%d}"
        # The last date ends where the strip ends.
        text += " " * (indent + (last + 1) * CELL - len(end) - len(text)) + end
        return Content.styled(text, "$quiet")
