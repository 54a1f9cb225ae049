"""The base of long lists: only the lines in sight are drawn, by `render_line`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.widgets.fitting import fit

Cell = tuple[str, str]
"""A text, and the name of its style: one of `STYLES`."""

STYLES = ("plain", "quiet", "strong", "accent", "soon", "late")


class Lines(ScrollView, can_focus=True):
    """Lines under a head and over a foot that stay, with a cursor; subclasses draw them.

    | Key | Does |
    |---|---|
    | up, down, page up, page down, home, end | move the cursor |
    | enter, or a click on the cursor | opens |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"lines--{name}" for name in STYLES),
        "lines--head",
        "lines--cursor",
        "lines--hover",
    }
    DEFAULT_CSS = """
    Lines {
        overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; height: 1fr;
        & > .lines--quiet { color: $quiet; }
        & > .lines--strong { text-style: bold; }
        & > .lines--accent { color: $accent; }
        & > .lines--soon { color: $warning; text-style: bold; }
        & > .lines--late { color: $error; text-style: bold; }
        & > .lines--head { color: $quiet; }
        & > .lines--cursor { background: $cursor; }
        & > .lines--hover { background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "lists.up", show=False, id="up", tooltip="lists.move_help"),
        Binding("down", "move(1)", "lists.down", show=False, id="down", tooltip="lists.move_help"),
        Binding(
            "pageup",
            "page(-1)",
            "lists.page_up",
            show=False,
            id="page_up",
            tooltip="lists.page_help",
        ),
        Binding(
            "pagedown",
            "page(1)",
            "lists.page_down",
            show=False,
            id="page_down",
            tooltip="lists.page_help",
        ),
        Binding("home", "first", "lists.first", show=False, id="first", tooltip="lists.ends_help"),
        Binding("end", "last", "lists.last", show=False, id="last", tooltip="lists.ends_help"),
        Binding(
            "enter",
            "open",
            "lists.open",
            id="open",
            key_display="Enter",
            tooltip="lists.open_help",
        ),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)
    count: reactive[int] = reactive(0)
    _hover: reactive[int] = reactive(-1, repaint=False)

    class Of(Message):
        """A message of one of these lists."""

        def __init__(self, lines: Lines) -> None:
            super().__init__()
            self.lines = lines

        @property
        def control(self) -> Lines:
            """Return the list."""
            return self.lines

    class Moved(Of):
        """The cursor is somewhere else."""

        def can_replace(self, message: Message) -> bool:
            """Let a flood of moves be one."""
            return isinstance(message, Lines.Moved) and message.lines is self.lines

    class Seen(Of):
        """Other lines came into sight."""

        def can_replace(self, message: Message) -> bool:
            """Let a flood of scrolls be one."""
            return isinstance(message, Lines.Seen) and message.lines is self.lines

    class Opened(Of):
        """What is under the cursor is to be opened."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.head_height = 0
        self.foot_height = 0
        self._drawn: dict[int, Strip] = {}
        """The lines of the widget as they were drawn last."""

    # -- what subclasses draw --------------------------------------------------------------------

    def draw_head(self, line: int, width: int) -> Strip:  # noqa: ARG002 - for subclasses
        """Return a line of the head; blank unless overridden."""
        return Strip.blank(width)

    def draw_foot(self, line: int, width: int) -> Strip:  # noqa: ARG002 - for subclasses
        """Return a line of the foot; blank unless overridden."""
        return Strip.blank(width)

    @abstractmethod
    def draw_row(self, index: int, width: int) -> Strip:
        """Return the line of a row."""

    # -- geometry --------------------------------------------------------------------------------

    @property
    def width(self) -> int:
        """Return the cells in which a line is drawn."""
        return self.scrollable_content_region.width

    @property
    def body(self) -> int:
        """Return how many rows are in sight at once."""
        height = self.scrollable_content_region.height
        return max(1, height - self.head_height - self.foot_height)

    @property
    def in_sight(self) -> range:
        """Return the rows in sight."""
        first = round(self.scroll_y)
        return range(first, min(self.count, first + self.body))

    def measure(self) -> None:
        """Take up a new number of rows, or new heights of head and foot, and draw all anew."""
        self.take_up()
        self.refresh()

    def take_up(self) -> None:
        """Make room for the rows, and say what is in sight."""
        height = self.head_height + self.count + self.foot_height
        if height != self.virtual_size.height:
            # The width may be another by a scroll bar; nothing scrolls sideways.
            self.virtual_size = Size(self.width, height)
        if self.cursor >= self.count:
            self.cursor = max(0, self.count - 1)
        self.keep_in_sight()
        self.post_message(self.Seen(self))

    def on_resize(self) -> None:
        """Measure again."""
        self.measure()

    def watch_count(self) -> None:
        """Measure again."""
        self.measure()

    def keep_in_sight(self) -> None:
        """Scroll so that the cursor's row is seen."""
        if not self.count or not self.is_attached:
            return
        top = round(self.scroll_y)
        # At once: what is deferred to the next frame makes two frames of one key.
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + self.body:
            self.scroll_to(y=self.cursor - self.body + 1, animate=False, immediate=True)

    # -- drawing ---------------------------------------------------------------------------------

    def style_of(self, name: str, *, cursor: bool = False, hover: bool = False) -> Style:
        """Return the style of a name of `STYLES`, on the cursor's ground where it is there."""
        style = self.get_component_rich_style(f"lines--{name}")
        if cursor:
            style += self.get_component_rich_style("lines--cursor", partial=True)
            # Without colours the ground does not show.
            if self.app.no_color:
                style += Style(reverse=True)
        elif hover:
            style += self.get_component_rich_style("lines--hover", partial=True)
        return style

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is in sight."""
        self._drawn[y] = strip = self._line(y)
        return strip

    def _line(self, y: int) -> Strip:
        width = self.width
        line = y - self.head_height
        rows = min(self.body, self.count)
        if line < 0:
            strip = self.draw_head(y, width)
        elif line < rows:
            strip = self.draw_row(round(self.scroll_y) + line, width)
        elif line - rows < self.foot_height:
            strip = self.draw_foot(line - rows, width)
        else:
            return Strip.blank(width, self.rich_style)
        if strip.cell_length == width:
            return strip
        return strip.adjust_cell_length(width, self.rich_style)

    def redraw_changed(self) -> None:
        """Draw again the lines that would not be as they were: others cost a terminal nothing."""
        for y in range(self.scrollable_content_region.height):
            if self._line(y) != self._drawn.get(y):
                self.refresh(Region(0, y, self.width, 1))

    def redraw_row(self, index: int, *spans: tuple[int, int]) -> None:
        """Draw a row again where it is in sight; of its cells only the spans (from, width)."""
        if index in self.in_sight:
            line = self.head_height + index - round(self.scroll_y)
            self.refresh(*(Region(x, line, width, 1) for x, width in spans or ((0, self.width),)))

    def segment(self, text: str, width: int, style: Style, *, right: bool = False) -> Segment:
        """Return a text in exactly `width` cells."""
        return Segment(fit(text, width, right=right), style)

    def is_hovered(self, index: int) -> bool:
        """Return whether the mouse is over a row."""
        return index == self._hover

    # -- moving ----------------------------------------------------------------------------------

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self.count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Follow the cursor: draw the two rows again, or all where they scroll."""
        self.keep_in_sight()
        self.redraw_row(old)
        self.redraw_row(new)
        self.post_message(self.Moved(self))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say that other rows came into sight."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Seen(self))

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Move the cursor by what is in sight."""
        self.cursor += by * max(1, self.body - 1)

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self.cursor = self.count - 1

    def action_open(self) -> None:
        """Open what is under the cursor."""
        if self.count:
            self.post_message(self.Opened(self))

    def row_at(self, y: int) -> int | None:
        """Return the row drawn at a line of the widget, or None."""
        line = y - self.head_height
        if 0 <= line < min(self.body, self.count):
            return round(self.scroll_y) + line
        return None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark the row under the mouse."""
        row = self.row_at(event.y)
        self._hover = -1 if row is None else row

    def on_leave(self) -> None:
        """Mark no row."""
        self._hover = -1

    def watch__hover(self, old: int, new: int) -> None:
        """Draw the two rows again."""
        self.redraw_row(old)
        self.redraw_row(new)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the mouse; a click on the cursor opens."""
        row = self.row_at(event.y)
        if row is None:
            return
        event.stop()
        if self.place(row, event.x):
            self.action_open()

    def place(self, row: int, x: int) -> bool:  # noqa: ARG002 - a grid looks at x
        """Put the cursor on a row; return whether it was there."""
        there = row == self.cursor
        self.cursor = row
        return there


def joined(parts: Iterable[Segment]) -> Strip:
    """Return a line in as few pieces as its styles allow: each costs a terminal its codes."""
    pieces: list[Segment] = []
    style: Style | None = None
    texts: list[str] = []
    for text, own, _ in parts:
        if texts and own != style:
            pieces.append(Segment("".join(texts), style))
            texts.clear()
        style = own
        texts.append(text)
    if texts:
        pieces.append(Segment("".join(texts), style))
    return Strip(pieces)
