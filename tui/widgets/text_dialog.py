"""A text that was copied, shown so that it can be read, and copied by hand where nothing else."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from catalogue import t
from tui.widgets.dialog import Dialog


class CopiedDialog(Dialog[None]):
    """Shows the text that lies in the clipboard; `Enter` leaves too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,y", "back", "keys.back", show=False, id="copied_back", tooltip="keys.back_help"
        ),
    ]

    def __init__(self, text: str) -> None:
        """Take the text."""
        super().__init__()
        self._text = text

    def title_text(self) -> str:
        """Say that it was copied."""
        return t("lists.copied_title")

    def content(self) -> list[Widget]:
        """Return the text."""
        return [Static(self._text, id="copied", markup=False)]

    def keys_text(self) -> str:
        """Return how to leave."""
        return t("lists.copied_keys")


class TextDialog(CopiedDialog):
    """Shows a text under a title of its own; `Enter` leaves too."""

    def __init__(self, title: str, text: str) -> None:
        """Take the title and the text."""
        super().__init__(text)
        self._title_text = title

    def title_text(self) -> str:
        """Return the title."""
        return self._title_text
