"""A line of choices of which one holds; a click chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

_BAR = " | "


class Choices(Widget):
    """Shows its choices side by side, the one that holds underlined."""

    DEFAULT_CSS = """
    Choices { height: 1; width: auto; }
    """

    chosen: reactive[int] = reactive(0)

    class Chosen(Message):
        """A choice was clicked."""

        def __init__(self, choices: Choices, index: int) -> None:
            super().__init__()
            self.choices = choices
            self.index = index

        @property
        def control(self) -> Choices:
            """Return the line of choices."""
            return self.choices

    def __init__(self, texts: Callable[[], Sequence[str]], *, id: str | None = None) -> None:  # noqa: A002
        """Take the texts from a function, so that they follow the language."""
        super().__init__(id=id)
        self._texts = texts

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """Return the cells that the choices take."""
        return cell_len(_BAR.join(self._texts()))

    def render(self) -> Content:
        """Draw the choices."""
        parts = [
            Content.styled(text, "bold underline" if i == self.chosen else "$quiet")
            for i, text in enumerate(self._texts())
        ]
        return Content.styled(_BAR, "$rule").join(parts)

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the mouse."""
        start = 0
        for index, text in enumerate(self._texts()):
            end = start + cell_len(text)
            if start <= event.x < end:
                self.post_message(self.Chosen(self, index))
                return
            start = end + len(_BAR)
