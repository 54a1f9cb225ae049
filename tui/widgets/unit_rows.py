"""The lines of the units to file for, drawn as one; fields stand in a line while it is typed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

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

_NAME, _STATE, _FIELD = 20, 11, 8
"""Columns of a name, of a state, of a field with the cell on either side of its text."""
_PLANNED = _NAME + _STATE
_PATROLLED = _PLANNED + _FIELD + 1
_LAST = _PATROLLED + _FIELD + 1
"""Columns at which the fields and the last report begin."""
_HEADS = 1
"""Lines above the first unit's."""


class UnitRow:
    """A unit's day so far, and the areas typed for it; fields only while they are typed in."""

    def __init__(self, unit_day: UnitDay) -> None:
        """Take the unit's day; planned are those of its last report."""
        self.unit_day = unit_day
        self.fields: tuple[CountInput, CountInput] | None = None
        planned = unit_day.planned
        self._texts = ("" if planned is None else str(planned), "")

    @property
    def code(self) -> str:
        """Return the unit's code."""
        return self.unit_day.unit.code

    @property
    def unit(self) -> Unit:
        """Return the unit."""
        return self.unit_day.unit

    @property
    def texts(self) -> tuple[str, str]:
        """Return what is typed as planned and as patrolled areas."""
        if self.fields is None:
            return self._texts
        planned, patrolled = self.fields
        return planned.value, patrolled.value

    @property
    def open(self) -> bool:
        """Return whether today's report is still to be filed."""
        return self.unit_day.row.filed is None

    @property
    def scope(self) -> Scope:
        """Return the scope that what is typed gives."""
        return scope(self.unit, *self.texts)

    @property
    def planned_number(self) -> int | None:
        """Return the planned areas typed, None where there are none."""
        return number(self.texts[0])

    def sentence(self) -> str:
        """Return what Enter would write, or why nothing can be written yet."""
        name = unit_name(self.unit)
        filed = self.unit_day.row.filed
        if filed is not None:
            said = report_word(filed.kind, filed.areas_planned, filed.areas_patrolled)
            return t("forms.grid_filed", unit=name, report=said)
        if self.fields is None:
            return t("forms.grid_open", unit=name)
        found = self.scope
        if found.problem:
            return t("forms.grid_wanting", unit=name, problem=found.problem)
        return t("forms.grid_enter", unit=name, sentence=sentence(self.unit, found.areas))

    def take(self, unit_day: UnitDay) -> None:
        """Take what the unit's day is by now; of a filed one what was filed."""
        self.unit_day = unit_day
        filed = unit_day.row.filed
        if filed is not None:
            self.leave()
            areas = (filed.areas_planned, filed.areas_patrolled)
            planned, patrolled = ("" if count is None else str(count) for count in areas)
            self._texts = (planned, patrolled)

    def leave(self) -> None:
        """Keep what was typed, and do without fields."""
        fields, self._texts, self.fields = self.fields, self.texts, None
        for field in fields or ():
            # It goes a moment later, and takes no focus until then.
            field.can_focus = False
            field.remove()


class UnitRows(Widget):
    """Heads and a line for each unit. Drawn by one widget: a terminal far away waits for each."""

    DEFAULT_CSS = """
    UnitRows { height: auto; text-wrap: nowrap; }
    UnitRows > CountInput { position: absolute; width: 8; }
    """

    rows: reactive[tuple[UnitRow, ...]] = reactive((), layout=True)
    cursor: reactive[int] = reactive(0, repaint=False)
    lit: reactive[bool] = reactive(False, repaint=False)
    """Whether the cursor is what the keys are for."""

    _today = date.min
    _at: Instant = 0
    _thresholds = Thresholds()
    _drawn = Content("")

    class Clicked(Message):
        """The mouse was on a row."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    @property
    def selected(self) -> UnitRow | None:
        """Return the row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def show(
        self, units: Sequence[UnitDay], today: date, at: Instant, thresholds: Thresholds
    ) -> bool:
        """Show these units; return whether they are others than before.

        What was typed stays, as long as units and day do.
        """
        other = [row.code for row in self.rows] != [unit.unit.code for unit in units]
        if other or today != self._today:
            self.leave()
            self.rows = tuple(map(UnitRow, units))
            self.cursor = min(self.cursor, max(0, len(units) - 1))
        for row, unit in zip(self.rows, units, strict=True):
            row.take(unit)
        self._today, self._at, self._thresholds = today, at, thresholds
        before = self._drawn
        if not other and not self.render().is_same(before):
            self.refresh()
        return other

    def edit(self) -> tuple[CountInput, CountInput]:
        """Return the fields of the row under the cursor: planned and patrolled areas."""
        row = self.rows[self.cursor]
        if row.fields is None:
            planned, patrolled = (CountInput(text) for text in row.texts)
            for field, column in ((planned, _PLANNED), (patrolled, _PATROLLED)):
                field.styles.offset = (column, self.cursor + _HEADS)
            self.mount(planned, patrolled)
            row.fields = planned, patrolled
        return row.fields

    def leave(self, *, but: Widget | None = None) -> None:
        """Leave the fields of every row, except those of which `but` is one."""
        for row in self.rows:
            if row.fields is not None and but not in row.fields:
                row.leave()
                self.refresh()

    def region_of(self, index: int) -> Region:
        """Return where a row stands, its heads included where it is the first."""
        top = index + _HEADS if index else 0
        return Region(0, top, 1, index + _HEADS + 1 - top)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return one line for the heads and one for each row."""
        return _HEADS + len(self.rows)

    def watch_cursor(self, before: int, cursor: int) -> None:
        """Draw the two rows that are no longer as they were."""
        self._draw(before, cursor)

    def watch_lit(self) -> None:
        """Draw the row under the cursor."""
        self._draw(self.cursor)

    def _draw(self, *indexes: int) -> None:
        width = self.size.width
        self.refresh(*(Region(0, index + _HEADS, width, 1) for index in indexes))

    def on_click(self, event: events.Click) -> None:
        """Tell which row the mouse is on."""
        index = event.y - _HEADS
        if event.widget is self and 0 <= index < len(self.rows):
            self.post_message(self.Clicked(index))

    def render(self) -> Content:
        """Draw the heads and the rows."""
        lines = [Content.styled(_heads(), "$quiet")]
        lines += [self._line(index, row) for index, row in enumerate(self.rows)]
        self._drawn = Content("\n").join(lines)
        return self._drawn

    def _line(self, index: int, row: UnitRow) -> Content:
        chosen, width = index == self.cursor, self.size.width
        lit = chosen and self.lit
        name = fit(unit_name(row.unit), _NAME - 2).rstrip()
        text, style = letter(row.unit_day.row, self._at, self._thresholds)
        state = f"{text} {status_word(row.unit_day.row.status)}"
        planned, patrolled = (f" {fit(text, _FIELD - 2)} " for text in row.texts)
        last = fit(_last(row.unit_day.last, self._today), max(0, width - _LAST))
        line = Content.assemble(
            (name, "bold reverse" if lit else "bold" if chosen else ""),
            " " * (_NAME - cell_len(name)),
            (state, STYLES[style]),
            " " * (_STATE - cell_len(state)),
            (planned, "on $surface"),
            " ",
            (patrolled, "on $surface"),
            " ",
            (last, "$quiet"),
        )
        return line.stylize_before("on $cursor") if lit else line


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
        (t("forms.grid_unit"), _NAME),
        (t("forms.grid_state"), _STATE),
        (t("forms.grid_planned"), _FIELD + 1),
        (t("forms.grid_patrolled"), _FIELD + 1),
        (t("forms.grid_last"), 0),
    )
    return "".join(text + " " * max(1, width - cell_len(text)) for text, width in cells).rstrip()
