"""Choosing a unit of the registry as one types."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

import catalogue
from catalogue import t
from domain.texts import visible
from tui.places import Place, matching, places
from tui.widgets.dialog import Dialog
from tui.widgets.fitting import fit
from tui.words import unit_name

MOST = 8


class Suggestions(Widget):
    """The places that a text may mean; the first is what Enter takes unless the cursor moves."""

    DEFAULT_CSS = """
    Suggestions { height: auto; padding: 0 1; }
    """

    found: reactive[tuple[Place, ...]] = reactive((), layout=True)
    cursor: reactive[int] = reactive(0)

    class Chosen(Message):
        """A place was clicked."""

        def __init__(self, place: Place) -> None:
            super().__init__()
            self.place = place

    @property
    def selected(self) -> Place | None:
        """Return the place under the cursor."""
        return self.found[self.cursor] if self.found else None

    def show(self, found: list[Place]) -> None:
        """Show other places, the cursor on the first."""
        self.found = tuple(found)
        self.cursor = 0

    def move(self, step: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self.found) - 1, self.cursor + step))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return one row for each place."""
        return len(self.found)

    def on_click(self, event: events.Click) -> None:
        """Choose the place under the mouse."""
        if 0 <= event.y < len(self.found):
            self.post_message(self.Chosen(self.found[event.y]))

    def render(self) -> Content:
        """Draw code, name and what the place lies in."""
        width = self.size.width
        lines = []
        for index, place in enumerate(self.found):
            text = f"{fit(place.unit.code, 11)} {unit_name(place.unit)}"
            above = visible(place.above)
            if catalogue.language() == "zh" and cell_len(text) + cell_len(above) + 2 <= width:
                text += "  " + above
            style = "reverse" if index == self.cursor else "$foreground"
            lines.append(Content.styled(fit(text, width), style))
        return Content("\n").join(lines)


class UnitDialog(Dialog[str]):
    """Gives the code of the unit chosen; a blank field gives the own units, as a blank code."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "keys.down", show=False),
        Binding("up", "step(-1)", "keys.up", show=False),
    ]
    DEFAULT_CSS = """
    UnitDialog Suggestions { min-height: 8; margin-top: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._places: tuple[Place, ...] | None = None
        self._entered = False

    def title_text(self) -> str:
        """Return the title."""
        return t("today.unit_title")

    def content(self) -> list[Widget]:
        """Return the field and what it may mean."""
        return [Input(placeholder=t("forms.place_hint"), id="unit", compact=True), Suggestions()]

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("today.unit_keys")

    def on_mount(self) -> None:
        """Ask for the registry; one may type meanwhile."""
        super().on_mount()
        self.set_focus(self.query_one("#unit", Input))
        self.ask(places, self._know)

    def _know(self, found: tuple[Place, ...]) -> None:
        self._places = found
        self.on_input_changed()
        if self._entered:
            self._take(self.query_one("#unit", Input).value)

    def on_input_changed(self) -> None:
        """Show what the text may mean."""
        text = self.query_one("#unit", Input).value
        self.query_one(Suggestions).show(matching(self._places or (), text, MOST))

    def action_step(self, step: int) -> None:
        """Move among the suggestions."""
        self.query_one(Suggestions).move(step)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the suggestion under the cursor, as soon as the registry is there."""
        self._entered = self._places is None
        if not self._entered:
            self._take(event.value)

    def _take(self, text: str) -> None:
        place = self.query_one(Suggestions).selected
        if not text.strip():
            self.dismiss("")
        elif place is None:
            self.complain(t("forms.place_unknown", text=text))
        else:
            self.dismiss(place.unit.code)

    def on_suggestions_chosen(self, event: Suggestions.Chosen) -> None:
        """Take the suggestion clicked."""
        self.dismiss(event.place.unit.code)
