"""Showing what will be written before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from catalogue import t
from tui.widgets.dialog import Dialog


class ConfirmDialog(Dialog[bool]):
    """Gives True for Enter; Esc goes back to what was being written."""

    DEFAULT_CSS = """
    ConfirmDialog #confirm-text { height: auto; max-height: 15; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "confirm", "keys.file", id="confirm", tooltip="keys.file_help"),
    ]

    def __init__(self, title: str, lines: Sequence[Content]) -> None:
        """Take the title and what will be written, line by line."""
        super().__init__()
        self._title_text = title
        self._lines = lines

    def title_text(self) -> str:
        """Return the title."""
        return self._title_text

    def content(self) -> list[Widget]:
        """Return what will be written; the arrows scroll it where it is long."""
        return [VerticalScroll(Static(Content("\n").join(self._lines)), id="confirm-text")]

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("forms.confirm_keys")

    def action_confirm(self) -> None:
        """Say yes."""
        self.dismiss(True)
