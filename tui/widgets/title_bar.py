"""The top line: the program, its views, and who acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class TitleBar(Widget):
    """One line; the tabs are clickable, and where it is short person and name give way to them.

    Texts come from functions, so that a change of the language needs a refresh only.
    """

    DEFAULT_CSS = """
    TitleBar { height: 1; padding: 0 1; }
    """

    current: reactive[str] = reactive("")

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, view: str) -> None:
            super().__init__()
            self.view = view

    def __init__(
        self,
        tabs: Callable[[], Sequence[tuple[str, str, str]]],
        name: Callable[[], str],
        person: Callable[[], Sequence[str]],
    ) -> None:
        """Take the tabs as (view, key, title), the program's name, and forms of the person.

        The forms go from the longest to the shortest; the first that fits is shown.
        """
        super().__init__(id="title-bar")
        self._tabs = tabs
        self._program_name = name
        self._person = person
        self._hits: list[tuple[int, int, str]] = []

    def render(self) -> Content:
        """Draw the line, measured in cells."""
        width = self.size.width
        name = self._program_name()
        labels = [(view, f"{key} {title}") for view, key, title in self._tabs()]
        space, left = "  ", width - sum(cell_len(label) for _, label in labels)
        if cell_len(name) + len(labels) * len(space) > left:
            # Every tab is seen whole before the program's name is.
            name, space = "", " "
        line = Content.styled(name, "bold $accent")
        self._hits = []
        for view, label in labels:
            if line.plain:
                line = line + space
            start = cell_len(line.plain)
            style = "bold underline $foreground" if view == self.current else "$quiet"
            line = line + Content.styled(label, style)
            self._hits.append((start, start + cell_len(label), view))
        room = width - cell_len(line.plain) - 2
        for form in self._person():
            if form and cell_len(form) <= room:
                gap = width - cell_len(line.plain) - cell_len(form)
                return line + " " * gap + Content.styled(form, "$foreground")
        return line

    def on_click(self, event: events.Click) -> None:
        """Open the tab under the mouse."""
        for start, end, view in self._hits:
            if start <= event.x - 1 < end:
                self.post_message(self.Chosen(view))
