"""A field for a unit of the registry, found as one types, with what it may mean below it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from catalogue import t
from tui.places import Place, matching
from tui.widgets.fields import Row
from tui.widgets.units import Suggestions
from tui.words import unit_name

_MOST = 5


class PlaceField(Vertical):
    """A labelled field; `code` is what it names, None where it names nothing.

    | Key | Does |
    |---|---|
    | `↑` `↓` | move among what it may mean |
    | `Enter` | takes what is under the cursor |
    """

    DEFAULT_CSS = """
    PlaceField { height: auto; }
    PlaceField Suggestions { margin: 0 0 0 14; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "down", "step(1)", "keys.down", show=False, id="place_down", tooltip="lists.move_help"
        ),
        Binding("up", "step(-1)", "keys.up", show=False, id="place_up", tooltip="lists.move_help"),
    ]

    class Taken(Message):
        """Another unit is named, or none."""

        def __init__(self, field: PlaceField) -> None:
            super().__init__()
            self.field = field

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._label = label
        self._places: tuple[Place, ...] = ()
        self._standing: str | None = None

    def compose(self) -> ComposeResult:
        """Compose the field and what it may mean."""
        field = Input(id=f"{self.id}-input", compact=True, placeholder=t("forms.place_hint"))
        yield Row(self._label, field, remark=False)
        yield Suggestions()

    @property
    def field(self) -> Input:
        """Return the field."""
        return self.query_one(Input)

    @property
    def code(self) -> str | None:
        """Return the code of the unit named, None where none is."""
        text = self.field.value.strip()
        by_code = [p for p in self._places if p.unit.code == text.split(" ", 1)[0]]
        by_name = [p for p in self._places if text.lower() in p.names]
        found = by_code or by_name
        return found[0].unit.code if len(found) == 1 and text else None

    @property
    def blank(self) -> bool:
        """Return whether nothing was typed."""
        return not self.field.value.strip()

    def know(self, places: tuple[Place, ...], code: str | None = None) -> None:
        """Take the registry, and the unit to begin with."""
        self._places = places
        if code is not None and self.blank:
            found = next((p for p in places if p.unit.code == code), None)
            if found is not None:
                self.field.value = f"{code} {unit_name(found.unit)}"

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what the text may mean."""
        event.stop()
        settled = self.code is not None and " " in event.value.strip()
        wanted = self.field.has_focus and not settled
        found = matching(self._places, event.value, _MOST) if wanted else []
        self.query_one(Suggestions).show(found)
        if self.code != self._standing:
            self._standing = self.code
            self.post_message(self.Taken(self))

    def on_descendant_blur(self) -> None:
        """Take what was plainly meant, and hide the rest."""
        self.query_one(Suggestions).show([])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the suggestion under the cursor; without one let the form go on."""
        place = self.query_one(Suggestions).selected
        if place is not None:
            event.stop()
            self.take(place)

    def take(self, place: Place) -> None:
        """Name a unit, and go on to the next field."""
        self.field.value = f"{place.unit.code} {unit_name(place.unit)}"
        self.query_one(Suggestions).show([])
        self.screen.focus_next()

    def on_suggestions_chosen(self, event: Suggestions.Chosen) -> None:
        """Take the suggestion clicked."""
        event.stop()
        self.take(event.place)

    def action_step(self, step: int) -> None:
        """Move among the suggestions, or to the next field where there are none."""
        suggestions = self.query_one(Suggestions)
        if suggestions.found:
            suggestions.move(step)
        elif step > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()
