"""Fields of forms: counts, choices, and a label with its field and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static


class CountInput(Input):
    """Takes digits, full-width ones too; every other character is left to the keys of the view."""

    DEFAULT_CSS = """
    CountInput { width: 10; }
    """

    def __init__(self, value: str = "", *, id: str | None = None) -> None:  # noqa: A002
        # There is nothing to validate, and each time it is done costs a look through all styles.
        super().__init__(value, id=id, restrict=r"\d{0,7}", compact=True, validate_on=())

    def check_consume_key(
        self,
        key: str,  # noqa: ARG002 - Textual's signature
        character: str | None,
    ) -> bool:
        """Return whether the field takes the key."""
        return character is not None and character.isdecimal()

    def on_key(self, event: events.Key) -> None:
        """Leave letters to whoever has a use for them."""
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.prevent_default()


class Choice(Widget, can_focus=True):
    """One of a few words; the chosen one stands in brackets, so it can be read without colour.

    | Key | Does |
    |---|---|
    | `←` `→` `Space` | chooses another |
    """

    DEFAULT_CSS = """
    Choice { height: 1; padding: 0 1; background: $panel; }
    Choice:focus { background: $cursor; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "keys.earlier", show=False),
        Binding("right,space", "step(1)", "keys.later", show=False),
    ]

    index: reactive[int] = reactive(0)

    class Changed(Message):
        """Another word was chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> Choice:
            """Return the field."""
            return self.choice

    def __init__(self, options: Sequence[tuple[str, str]], value: str, *, id: str) -> None:  # noqa: A002
        """Take the options as (value, word) and the value to begin with."""
        super().__init__(id=id)
        self._options = tuple(options)
        self._hits: list[tuple[int, int]] = []
        self.value = value

    @property
    def value(self) -> str:
        """Return the value chosen."""
        return self._options[self.index][0]

    @value.setter
    def value(self, value: str) -> None:
        values = [option for option, _ in self._options]
        self.index = values.index(value) if value in values else 0

    def watch_index(self) -> None:
        """Tell that another word was chosen."""
        self.post_message(self.Changed(self))

    def action_step(self, step: int) -> None:
        """Choose the next or the one before."""
        self.index = (self.index + step) % len(self._options)

    def on_click(self, event: events.Click) -> None:
        """Choose the word under the mouse."""
        for index, (start, end) in enumerate(self._hits):
            if start <= event.x - 1 < end:
                self.index = index

    def render(self) -> Content:
        """Draw the words."""
        line = Content("")
        self._hits = []
        for index, (_, word) in enumerate(self._options):
            chosen = index == self.index
            start = cell_len(line.plain)
            text = f"[{word}]" if chosen else f" {word} "
            line += Content.styled(text, "bold" if chosen else "$quiet")
            self._hits.append((start, cell_len(line.plain)))
        return line


class Row(Horizontal):
    """A label, its field, and beside it a remark or what is wrong; else the field has the room."""

    DEFAULT_CSS = """
    Row { height: auto; }
    Row > .label { width: 16; color: $quiet; }
    Row > .remark { width: 30; padding: 0 0 0 1; color: $quiet; height: auto; }
    Row > .remark.-wrong { color: $error; text-style: bold; }
    Row > Input, Row > Choice, Row > TextArea { width: 1fr; }
    Row > CountInput { width: 10; }
    """

    def __init__(self, label: str, *fields: Widget, remark: bool = True) -> None:
        """Take the label and the field, or several fields and words between them."""
        super().__init__()
        self._label = label
        self._fields = fields
        self._remark = remark

    def compose(self) -> ComposeResult:
        """Compose label, fields, remark."""
        yield Static(self._label, classes="label", markup=False)
        yield from self._fields
        if self._remark:
            remark = Static("", classes="remark", markup=False)
            remark.display = False
            yield remark

    def retitle(self, label: str) -> None:
        """Put another label."""
        self.query_one(".label", Static).update(label)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Put a remark beside the field."""
        for remark in self.query(".remark").results(Static):
            remark.update(text)
            remark.display = bool(text)
            remark.set_class(wrong and bool(text), "-wrong")
