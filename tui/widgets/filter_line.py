"""The line that filters a list as one types."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from catalogue import t


class FilterLine(Input):
    """Hidden until it is asked for; each keystroke narrows the list.

    | Key | Does |
    |---|---|
    | enter, down | go to the list and keep the filter |
    | escape | takes the filter away |
    """

    DEFAULT_CSS = """
    FilterLine { display: none; }
    FilterLine.-shown { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,down", "keep", "lists.keep_filter", id="keep_filter", tooltip="lists.keep_help"
        ),
        Binding("escape", "drop", "lists.drop_filter", id="drop_filter", tooltip="lists.drop_help"),
    ]

    class Narrowed(Message):
        """Another text narrows the list; an empty one shows all."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The keys are the list's again."""

    def relabel(self) -> None:
        """Say in the language now in use what is to be typed."""
        self.placeholder = t("lists.filter")

    def on_mount(self) -> None:
        """Say what is to be typed."""
        self.relabel()

    def open(self) -> None:
        """Show the line and take the keys."""
        self.add_class("-shown")
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self.post_message(self.Narrowed(event.value.strip()))

    def action_keep(self) -> None:
        """Leave the line; one without text goes away."""
        self.set_class(bool(self.value.strip()), "-shown")
        self.post_message(self.Left())

    def action_drop(self) -> None:
        """Take the filter away."""
        self.value = ""
        self.remove_class("-shown")
        self.post_message(self.Left())
