"""A dialog of one long text that is scrolled by the keys."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.widgets.dialog import Dialog, R

_AROUND = 6
"""Lines of the frame, the title and the keys."""


class Page(VerticalScroll, can_focus=True):
    """The text, which takes the keys that scroll."""

    DEFAULT_CSS = """
    Page { height: auto; scrollbar-size-vertical: 1; }
    """


class PageDialog(Dialog[R]):
    """A title, a text as tall as the terminal allows, an error line and the keys.

    Subclasses override `title_text` and `keys_text`, and hand the text to `write`.
    """

    WIDTH: ClassVar[int] = 100
    """Cells at most."""

    def content(self) -> list[Widget]:
        """Return the place of the text."""
        return [Page(Static("", id="page-text"))]

    def on_mount(self) -> None:
        """Take the width and the keys."""
        super().on_mount()
        frame = self.query_one("#dialog", VerticalScroll)
        frame.styles.width = self.WIDTH
        frame.styles.overflow_y = "hidden"
        self.query_one(Page).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Leave room for the title and the keys, whatever the terminal's height."""
        self.query_one(Page).styles.max_height = max(1, event.size.height - _AROUND)

    def write(self, text: Content) -> None:
        """Show the text."""
        self.query_one("#page-text", Static).update(text)
