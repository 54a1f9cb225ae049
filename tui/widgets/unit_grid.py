"""One row a unit, for whoever files for several: areas are typed in place, Enter files the row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message

from actions.today import UnitDay
from domain.instants import Instant
from domain.lights import Thresholds
from tui.widgets.fields import CountInput
from tui.widgets.unit_rows import UnitRow, UnitRows


class UnitGrid(VerticalScroll, can_focus=True):
    """The units' rows with a cursor. What Enter would write stands below, before it is written.

    | Key | Does |
    |---|---|
    | `↑` `↓` | moves to another unit |
    | `Enter` | in a row's fields: files its zero report, and goes on to the next open row |
    | `Tab` | in a row's fields: between planned and patrolled |
    | `Esc` | leaves a row's fields |
    """

    DEFAULT_CSS = """
    UnitGrid { height: auto; max-height: 40%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "keys.up", show=False),
        Binding("down", "move(1)", "keys.down", show=False),
        Binding("enter", "open", "keys.open", id="open", tooltip="keys.open_help"),
        Binding("escape", "rest", "keys.back", id="rest", tooltip="keys.rest_help"),
    ]

    class Moved(Message):
        """The cursor stands on another row, or a row's areas changed."""

        def can_replace(self, message: Message) -> bool:
            """Let a flood of changes be one."""
            return isinstance(message, UnitGrid.Moved)

    class Opened(Message):
        """The row under the cursor is to be opened."""

    class Filed(Message):
        """A row's zero is to be filed."""

        def __init__(self, row: UnitRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        super().__init__(id="grid")
        self._lines = UnitRows()

    def compose(self) -> ComposeResult:
        """Compose what draws the rows."""
        yield self._lines

    @property
    def rows(self) -> Sequence[UnitRow]:
        """Return the rows in order."""
        return self._lines.rows

    @property
    def selected(self) -> UnitRow | None:
        """Return the row under the cursor."""
        return self._lines.selected

    @property
    def editing(self) -> bool:
        """Return whether a row's fields have the focus."""
        return isinstance(self.screen.focused, CountInput) and self.has_focus_within

    def show(
        self, units: Sequence[UnitDay], today: date, at: Instant, thresholds: Thresholds
    ) -> None:
        """Show these units; what was typed in rows that stay is kept.

        Of others the cursor stands on the first that is open; whoever shows them need not be told.
        """
        editing = self.editing
        if self._lines.show(units, today, at, thresholds):
            self._stand(next((i for i, row in enumerate(self.rows) if row.open), 0))
        row = self.selected
        if editing and (row is None or row.fields is None):
            # The field that had the focus is gone: somebody else filed, or a new day began.
            self.action_rest()

    def _choose(self, index: int) -> None:
        """Put the cursor on a row, and tell so."""
        self._stand(index)
        self.post_message(self.Moved())

    def _stand(self, index: int) -> None:
        self._lines.cursor = index
        region = self._lines.region_of(index)
        if self.size:
            self.scroll_to_region(region, animate=False)
        else:
            self.call_after_refresh(self.scroll_to_region, region, animate=False)

    def edit(self) -> None:
        """Give the focus to the fields of the row under the cursor, where it is still open."""
        row = self.selected
        if row is not None and row.open:
            planned, patrolled = self._lines.edit()
            self.screen.set_focus(planned if row.planned_number is None else patrolled)
            self.post_message(self.Moved())

    def edit_next(self) -> None:
        """Go on to the next row that is open; rest where there is none."""
        after = range(self._lines.cursor + 1, len(self.rows))
        following = next((index for index in after if self.rows[index].open), None)
        if following is None:
            self.action_rest()
        else:
            self._choose(following)
            self.edit()

    def action_rest(self) -> None:
        """Leave the fields of a row."""
        self.screen.set_focus(self)

    def action_open(self) -> None:
        """Ask for the row to be opened."""
        self.post_message(self.Opened())

    def action_move(self, step: int) -> None:
        """Move to the row above or below; the fields with it, where one is being typed in."""
        place = self._lines.cursor + step
        if 0 <= place < len(self.rows):
            editing = self.editing
            self._choose(place)
            if editing and self.rows[place].open:
                self.edit()
            elif editing:
                self.action_rest()
        elif step > 0 and self.rows:
            self.action_rest()
            self._lines.leave()
            self.screen.focus_next()

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 - Textual's signature
    ) -> bool | None:
        """Show the key that leaves the fields only there."""
        return action != "rest" or self.editing

    def on_focus(self) -> None:
        """Let the cursor stand out."""
        self._lines.lit = True

    def on_blur(self) -> None:
        """Let the cursor stand back."""
        self._lines.lit = False

    def on_descendant_blur(self) -> None:
        """Leave the fields of rows that lost the focus, unless the whole terminal did."""
        if self.app.app_focus:
            self._lines.leave(but=self.screen.focused)
            self.post_message(self.Moved())

    def on_unit_rows_clicked(self, event: UnitRows.Clicked) -> None:
        """Put the cursor on the row under the mouse."""
        event.stop()
        self._choose(event.index)

    def on_input_changed(self) -> None:
        """Tell that what Enter would write has changed."""
        self.post_message(self.Moved())

    def on_input_submitted(self, event: CountInput.Submitted) -> None:
        """Ask for the row to be filed."""
        event.stop()
        row = self.selected
        if row is not None:
            self.post_message(self.Filed(row))
