"""One row a unit, for whoever files for several: areas are typed in place, Enter files the row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from actions.today import UnitDay
from catalogue import t
from domain.instants import Instant
from domain.lights import Thresholds
from domain.texts import visible
from domain.units import Unit
from tui.widgets.fields import CountInput
from tui.widgets.fitting import fit
from tui.widgets.letters import letter
from tui.words import STYLES, last_report, status_word, unit_name
from tui.zero import Scope, number, scope, sentence

NAME_CELLS = 18
_STATE_CELLS = 11


class UnitGrid(VerticalScroll, can_focus=False):
    """The units' rows. What Enter would write stands below, before it is written.

    | Key | Does |
    |---|---|
    | `↑` `↓` | moves to another unit |
    | `Tab` | moves between planned and patrolled |
    | `Enter` | files the row's zero report |
    """

    DEFAULT_CSS = """
    UnitGrid { height: auto; max-height: 40%; }
    UnitGrid > #grid-head { color: $quiet; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "keys.up", show=False),
        Binding("down", "move(1)", "keys.down", show=False),
    ]

    class Moved(Message):
        """Another row has the focus, or its areas changed."""

    class Filed(Message):
        """A row's zero is to be filed."""

        def __init__(self, row: UnitRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        super().__init__(id="grid")
        self._today = date.min

    def compose(self) -> ComposeResult:
        """Compose the heads; rows come with `show`."""
        yield Static("", id="grid-head", markup=False)

    @property
    def rows(self) -> list[UnitRow]:
        """Return the rows in order."""
        return list(self.query(UnitRow))

    @property
    def selected(self) -> UnitRow | None:
        """Return the row that has the focus, or had it last."""
        rows = self.rows
        focused = [row for row in rows if row.has_focus_within]
        chosen = focused or [row for row in rows if row.has_class("-chosen")] or rows
        return chosen[0] if chosen else None

    async def show(
        self, units: Sequence[UnitDay], today: date, at: Instant, thresholds: Thresholds
    ) -> None:
        """Show these units; what was typed in rows that stay is kept."""
        self.query_one("#grid-head", Static).update(_heads())
        rows = self.rows
        same = [row.code for row in rows] == [unit.unit.code for unit in units]
        if not same or today != self._today:
            self._today = today
            await self.query(UnitRow).remove()
            await self.mount_all([UnitRow(unit) for unit in units])
        for row, unit in zip(self.rows, units, strict=True):
            row.show(unit, today, at, thresholds)

    def focus_row(self) -> None:
        """Give the focus to the first row that is still to be filed, or to the first."""
        rows = self.rows
        wanting = [row for row in rows if row.open]
        for row in (wanting or rows)[:1]:
            self.screen.set_focus(row.patrolled)

    def action_move(self, step: int) -> None:
        """Move to the row above or below, in the same column."""
        rows = self.rows
        row = self.selected
        if row is None:
            return
        place = rows.index(row) + step
        if 0 <= place < len(rows):
            column = "planned" if row.planned.has_focus else "patrolled"
            getattr(rows[place], column).focus()
        elif step > 0:
            rows[-1].patrolled.focus(scroll_visible=False)
            self.screen.focus_next()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the row that keys are for."""
        for row in self.rows:
            row.set_class(event.widget in (row.planned, row.patrolled), "-chosen")
        self.post_message(self.Moved())

    def on_input_changed(self) -> None:
        """Tell that what Enter would write has changed."""
        self.post_message(self.Moved())

    def on_input_submitted(self, event: CountInput.Submitted) -> None:
        """Ask for the row to be filed."""
        event.stop()
        row = self.selected
        if row is not None:
            self.post_message(self.Filed(row))


class UnitRow(Horizontal):
    """A unit's name, its day so far, planned and patrolled, and its last report."""

    DEFAULT_CSS = """
    UnitRow { height: 1; }
    UnitRow > #name { width: 20; }
    UnitRow > #state { width: 11; }
    UnitRow > CountInput { width: 8; margin: 0 1 0 0; }
    UnitRow > #last { width: 1fr; color: $quiet; }
    UnitRow.-chosen > #name { text-style: bold underline; }
    """

    def __init__(self, unit_day: UnitDay) -> None:
        """Take the unit; `show` fills the row."""
        super().__init__()
        self.unit_day = unit_day

    @property
    def code(self) -> str:
        """Return the unit's code."""
        return self.unit_day.unit.code

    @property
    def unit(self) -> Unit:
        """Return the unit."""
        return self.unit_day.unit

    @property
    def planned(self) -> CountInput:
        """Return the field of the planned areas."""
        return self.query_one("#planned", CountInput)

    @property
    def patrolled(self) -> CountInput:
        """Return the field of the patrolled areas."""
        return self.query_one("#patrolled", CountInput)

    @property
    def open(self) -> bool:
        """Return whether today's report is still to be filed."""
        return self.unit_day.row.filed is None

    @property
    def scope(self) -> Scope:
        """Return the scope that the fields give."""
        return scope(self.unit, self.planned.value, self.patrolled.value)

    @property
    def planned_number(self) -> int | None:
        """Return the planned areas typed, None where there are none."""
        return number(self.planned.value)

    def sentence(self) -> str:
        """Return what Enter would write, or why nothing can be written yet."""
        name = unit_name(self.unit)
        if not self.open:
            return t("forms.grid_filed", unit=name)
        found = self.scope
        if found.problem:
            return t("forms.grid_wanting", unit=name, problem=found.problem)
        return t("forms.grid_enter", unit=name, sentence=sentence(self.unit, found.areas))

    def compose(self) -> ComposeResult:
        """Compose the cells."""
        yield Static("", id="name", markup=False)
        yield Static("", id="state", markup=False)
        planned: Widget = CountInput(
            "" if self.unit_day.planned is None else str(self.unit_day.planned), id="planned"
        )
        yield planned
        yield CountInput(id="patrolled")
        yield Static("", id="last", markup=False)

    def show(self, unit_day: UnitDay, today: date, at: Instant, thresholds: Thresholds) -> None:
        """Show the unit's day; fields of a filed day say what was filed."""
        self.unit_day = unit_day
        row = unit_day.row
        self.query_one("#name", Static).update(fit(unit_name(unit_day.unit), NAME_CELLS).rstrip())
        text, style = letter(row, at, thresholds)
        state = Content.styled(f"{text} {status_word(row.status)}", STYLES[style])
        self.query_one("#state", Static).update(state)
        if row.filed is not None:
            for field, value in (
                (self.planned, row.filed.areas_planned),
                (self.patrolled, row.filed.areas_patrolled),
            ):
                field.value = "" if value is None else str(value)
        self.query_one("#last", Static).update(visible(last_report(unit_day.last, today)))


def _heads() -> str:
    cells = (
        (t("forms.grid_unit"), NAME_CELLS + 2),
        (t("forms.grid_state"), _STATE_CELLS),
        (t("forms.grid_planned"), 9),
        (t("forms.grid_patrolled"), 9),
        (t("forms.grid_last"), 0),
    )
    return "".join(text + " " * max(1, width - cell_len(text)) for text, width in cells).rstrip()
