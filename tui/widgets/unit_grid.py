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
from domain.reports import Revision
from domain.units import Unit
from tui.widgets.fields import CountInput
from tui.widgets.fitting import fit
from tui.widgets.letters import letter
from tui.words import STYLES, report_word, short_day, status_word, unit_name
from tui.zero import Scope, number, scope, sentence

NAME_CELLS = 18
_STATE_CELLS = 11


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
    UnitGrid > #grid-head { color: $quiet; height: 1; }
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
        """Return the row under the cursor."""
        rows = self.rows
        chosen = [row for row in rows if row.has_class("-chosen")] or rows
        return chosen[0] if chosen else None

    @property
    def editing(self) -> bool:
        """Return whether a row's fields have the focus."""
        return isinstance(self.screen.focused, CountInput) and self.has_focus_within

    async def show(
        self, units: Sequence[UnitDay], today: date, at: Instant, thresholds: Thresholds
    ) -> None:
        """Show these units; what was typed in rows that stay is kept."""
        self.query_one("#grid-head", Static).update(_heads())
        same = [row.code for row in self.rows] == [unit.unit.code for unit in units]
        if not same or today != self._today:
            self._today = today
            await self.query(UnitRow).remove()
            await self.mount_all([UnitRow(unit) for unit in units])
        for row, unit in zip(self.rows, units, strict=True):
            row.show(unit, today, at, thresholds)
        if not same:
            wanting = [row for row in self.rows if row.open]
            self.choose((wanting or self.rows)[0])

    def choose(self, row: UnitRow) -> None:
        """Put the cursor on a row."""
        for other in self.rows:
            other.set_class(other is row, "-chosen")
        row.scroll_visible(animate=False)
        self.post_message(self.Moved())

    def edit(self) -> None:
        """Give the focus to the fields of the row under the cursor, where it is still open."""
        row = self.selected
        if row is not None and row.open:
            row.editable = True
            empty = row.planned_number is None
            self.screen.set_focus(row.planned if empty else row.patrolled)

    def edit_next(self) -> None:
        """Go on to the next row that is open; rest where there is none."""
        rows = self.rows
        row = self.selected
        after = rows[rows.index(row) + 1 :] if row is not None else rows
        following = next((other for other in after if other.open), None)
        if following is None:
            self.action_rest()
        else:
            self.choose(following)
            self.edit()

    def action_rest(self) -> None:
        """Leave the fields of a row."""
        self.screen.set_focus(self)

    def action_open(self) -> None:
        """Ask for the row to be opened."""
        self.post_message(self.Opened())

    def action_move(self, step: int) -> None:
        """Move to the row above or below; the fields with it, where one is being typed in."""
        rows = self.rows
        row = self.selected
        if row is None:
            return
        place = rows.index(row) + step
        if 0 <= place < len(rows):
            editing = self.editing
            self.choose(rows[place])
            if editing and rows[place].open:
                self.edit()
            elif editing:
                self.action_rest()
        elif step > 0:
            self.action_rest()
            self.screen.focus_next()

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 - Textual's signature
    ) -> bool | None:
        """Show the key that leaves the fields only there."""
        return action != "rest" or self.editing

    def on_descendant_blur(self) -> None:
        """Let the fields of rows that lost the focus take no keys."""
        for row in self.rows:
            if not row.has_focus_within:
                row.editable = False

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row under the mouse."""
        for row in self.rows:
            if event.widget is not None and row in event.widget.ancestors_with_self:
                self.choose(row)

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
    UnitRow.-chosen > #name { text-style: bold; }
    UnitGrid:focus UnitRow.-chosen { background: $cursor; }
    UnitGrid:focus UnitRow.-chosen > #name { text-style: bold reverse; }
    """

    def __init__(self, unit_day: UnitDay) -> None:
        """Take the unit; `show` fills the row."""
        super().__init__()
        self.unit_day = unit_day

    @property
    def editable(self) -> bool:
        """Return whether the fields take the focus."""
        return self.patrolled.can_focus

    @editable.setter
    def editable(self, editable: bool) -> None:
        for field in (self.planned, self.patrolled):
            field.can_focus = editable

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
        filed = self.unit_day.row.filed
        if filed is not None:
            said = report_word(filed.kind, filed.areas_planned, filed.areas_patrolled)
            return t("forms.grid_filed", unit=name, report=said)
        if not self.editable:
            return t("forms.grid_open", unit=name)
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
        self.editable = self.editable and self.has_focus_within and self.open
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
        self.query_one("#last", Static).update(_last(unit_day.last, today))


def _last(last: Revision | None, today: date) -> str:
    """Return the last report in the fewest words: `昨日 零报 6/6`."""
    if last is None:
        return t("today.no_last")
    content = last.content
    word = t("forms.grid_partial" if content.partial else f"forms.grid_{content.kind}")
    areas = f" {content.areas_patrolled}/{content.areas_planned}"
    return (
        f"{short_day(last.day, today)} {word}{areas if content.areas_planned is not None else ''}"
    )


def _heads() -> str:
    cells = (
        (t("forms.grid_unit"), NAME_CELLS + 2),
        (t("forms.grid_state"), _STATE_CELLS),
        (t("forms.grid_planned"), 9),
        (t("forms.grid_patrolled"), 9),
        (t("forms.grid_last"), 0),
    )
    return "".join(text + " " * max(1, width - cell_len(text)) for text, width in cells).rstrip()
