"""The lower rule, which is also the one place where the program answers in words."""

from __future__ import annotations

from enum import StrEnum

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget


class Tone(StrEnum):
    """How a notice is meant; an error says so in words too."""

    PLAIN = "plain"
    DONE = "done"
    ERROR = "error"


_STYLES = {Tone.PLAIN: "$foreground", Tone.DONE: "bold $accent", Tone.ERROR: "bold $error"}


class Notice(Widget):
    """A thin rule, or a sentence in its place; a long sentence takes up to three lines."""

    DEFAULT_CSS = """
    Notice { height: auto; max-height: 3; color: $rule; padding: 0; }
    """

    text: reactive[str] = reactive("", layout=True)
    tone: reactive[Tone] = reactive(Tone.PLAIN)

    def __init__(self) -> None:
        super().__init__(id="notice")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return one line for the rule, or as many as the sentence takes."""
        if not self.text:
            return 1
        return super().get_content_height(container, viewport, width)

    def render(self) -> Content:
        """Draw the rule or the sentence."""
        if not self.text:
            return Content("─" * self.size.width)
        return Content.styled(f" {self.text}", _STYLES[self.tone])


class Rule(Widget):
    """The thin upper rule."""

    DEFAULT_CSS = """
    Rule { height: 1; color: $rule; }
    """

    def render(self) -> Content:
        """Draw the rule."""
        return Content("─" * self.size.width)
