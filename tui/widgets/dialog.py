"""The base of dialogs: a frame on the view, a title, an error line, keys in words."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

import catalogue
from domain.errors import LianluoError
from tui.asking import Asks

R = TypeVar("R")


class Dialog(Asks, ModalScreen[R]):
    """A modal screen of a title, `content()`, an error line and a line of keys; `Esc` leaves it.

    Subclasses override `title_text`, `content` and `keys_text`, and show a refusal with `refuse`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "keys.back", id="back", tooltip="keys.back_help"),
    ]

    def compose(self) -> ComposeResult:
        """Compose the frame around `content()`."""
        with VerticalScroll(id="dialog", can_focus=False):
            yield Static(self.title_text(), classes="title", markup=False)
            yield from self.content()
            yield Static("", classes="error", id="dialog-error", markup=False)
            yield Static(self.keys_text(), classes="keys", markup=False)

    @abstractmethod
    def title_text(self) -> str:
        """Return the title."""

    @abstractmethod
    def content(self) -> list[Widget]:
        """Return what stands between the title and the keys."""

    @abstractmethod
    def keys_text(self) -> str:
        """Return what the keys do here."""

    def action_back(self) -> None:
        """Leave without doing anything."""
        self.dismiss(None)

    def complain(self, text: str) -> None:
        """Show a sentence in the error line; an empty one clears it."""
        error = self.query_one("#dialog-error", Static)
        error.update(text)
        error.display = bool(text)

    def refuse(self, error: LianluoError) -> None:
        """Show in words why something was refused."""
        self.complain(catalogue.render(error.message))

    def on_mount(self) -> None:
        """Begin without an error."""
        self.query_one("#dialog-error", Static).display = False
