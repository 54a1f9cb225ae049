"""The base of dialogs that are filled in: fields, what Enter will write, and writing it once."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from domain.errors import LianluoError
from tui.widgets.dialog import Dialog

T = TypeVar("T")


class FillingDialog(Dialog[T]):
    """A dialog of fields; while `writing` it takes no key that would write twice or leave.

    | Key | Does |
    |---|---|
    | `Enter` | writes, from any field |
    | `Tab`, `↑`, `↓` | go to another field |
    | `Esc` | leaves without writing |
    """

    DEFAULT_CSS = """
    FillingDialog Row > .label { width: 14; }
    FillingDialog #writes { height: auto; margin-top: 1; color: $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "keys.write", id="write", tooltip="keys.write_help"),
        Binding(
            "down",
            "next_field(1)",
            "keys.down",
            show=False,
            id="form_down",
            tooltip="lists.move_help",
        ),
        Binding(
            "up", "next_field(-1)", "keys.up", show=False, id="form_up", tooltip="lists.move_help"
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.writing = False

    @abstractmethod
    def action_write(self) -> None:
        """Write what stands in the fields; once."""

    def writes_line(self) -> Static:
        """Return the line that says what Enter will write."""
        return Static("", id="writes", markup=False)

    def say_writes(self, text: str) -> None:
        """Say what Enter will write."""
        self.query_one("#writes", Static).update(text)

    def action_next_field(self, step: int) -> None:
        """Go to the next field, or to the one before."""
        if step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def on_input_submitted(self) -> None:
        """Write, from whichever field."""
        self.action_write()

    def action_back(self) -> None:
        """Leave, unless it is being written."""
        if not self.writing:
            super().action_back()

    def refused(self, error: LianluoError) -> None:
        """Say why nothing was written; it can be tried again."""
        self.writing = False
        self.refuse(error)
