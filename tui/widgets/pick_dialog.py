"""Choosing one of a list that is narrowed as one types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from catalogue import t
from tui.widgets.dialog import Dialog


class PickDialog(Dialog[str]):
    """Shows (id, text) pairs and gives the id of the one chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "down", "step(1)", "lists.down", show=False, id="pick_down", tooltip="lists.move_help"
        ),
        Binding("up", "step(-1)", "lists.up", show=False, id="pick_up", tooltip="lists.move_help"),
    ]

    def __init__(self, title: str, options: Sequence[tuple[str, str]]) -> None:
        """Take the title's catalogue key, and what may be chosen."""
        super().__init__()
        self._title_key = title
        self._options = options

    def title_text(self) -> str:
        """Return the title."""
        return t(self._title_key)

    def content(self) -> list[Widget]:
        """Return the filter and the list."""
        listed = OptionList(id="options", compact=True, markup=False)
        listed.can_focus = False
        return [Input(placeholder=t("lists.filter"), id="pick-filter"), listed]

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("lists.pick_keys")

    def on_mount(self) -> None:
        """Show everything."""
        super().on_mount()
        self._narrow("")

    def _narrow(self, text: str) -> None:
        listed = self.query_one("#options", OptionList)
        listed.clear_options()
        listed.add_options(
            Option(line, id=key) for key, line in self._options if text in line.casefold()
        )
        if listed.option_count:
            listed.highlighted = 0

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._narrow(event.value.strip().casefold())

    def action_step(self, step: int) -> None:
        """Move in the list while the filter keeps the keys."""
        listed = self.query_one("#options", OptionList)
        listed.action_cursor_down() if step > 0 else listed.action_cursor_up()

    def on_input_submitted(self) -> None:
        """Give what is under the cursor."""
        listed = self.query_one("#options", OptionList)
        if listed.highlighted is not None:
            self.dismiss(listed.get_option_at_index(listed.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give what was clicked."""
        self.dismiss(event.option.id)
