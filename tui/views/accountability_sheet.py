"""A unit's sheet over the whole screen: each figure and what is said of it, its rows by Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from actions.targets import Target
from catalogue import t
from domain.assessing import Figure, Remark
from domain.errors import LianluoError
from domain.figures import FigureKey
from domain.periods import Period
from domain.rates import shown
from domain.targets import TargetKey
from domain.values import dataclass
from exchange.assessing_text import (
    beside_words,
    figure_word,
    letter_words,
    period_word,
    remark_words,
    score_words,
    share,
    target_words,
    verdict_in_short,
)
from tui.asking import Asks
from tui.views.accountability_behind import BehindPage, remark_form
from tui.views.accountability_rows import Sight, sight_question
from tui.views.base import Subject
from tui.widgets.fitting import name_of
from tui.widgets.form import FormDialog
from tui.widgets.keys_bar import KeysBar
from tui.widgets.notice import Notice, Rule, Tone
from tui.widgets.rows import Column, Rows
from tui.widgets.virtual import Cell, Lines

REMARK = Binding(
    "m",
    "remark",
    "accountability_ui.remark",
    id="remark_figure",
    tooltip="accountability_ui.remark_help",
)
_COLUMNS = (
    Column("accountability_ui.col_figure", 24, grow=1, most=36),
    Column("accountability_ui.col_value", 24, right=True),
    Column("accountability_ui.col_state", 10, grow=1, most=24),
    Column("accountability_ui.col_beside", 12, grow=4),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure or a target of a sheet, with what the unit has said of it."""

    key: FigureKey | TargetKey
    figure: Figure | None
    target: Target | None
    remarks: tuple[Remark, ...]

    def value(self) -> str:
        """Return x/y."""
        if self.target is not None:
            return share(self.target.reading)
        assert self.figure is not None
        return shown(self.figure.part, self.figure.whole)

    def state(self) -> str:
        """Return whether a target is met; blank for a figure of duty."""
        return "" if self.target is None else verdict_in_short(self.target.reading)

    def words(self) -> list[str]:
        """Return all that is said beside it."""
        if self.target is not None:
            return target_words(self.target)
        assert self.figure is not None
        return beside_words(self.figure)


def lines_of(sight: Sight, unit: str) -> list[Shown]:
    """Return the lines of a unit's sheet: its duty, and a district's targets."""
    found: list[Shown] = []
    sheet, held = sight.sheet(unit), sight.held_to(unit)

    def said(key: str) -> tuple[Remark, ...]:
        return sight.found.remarks_of(unit, key)

    if sheet is not None:
        found += [Shown(each.key, each, None, said(each.key)) for each in sheet.figures]
    if held is not None:
        found += [Shown(each.key, None, each, said(each.key)) for each in held.targets]
    return found


class SheetPage(Screen[None], Asks):
    """A page over the whole screen.

    | Key | Does |
    |---|---|
    | `Enter` | shows the rows behind a figure |
    | `m` | attaches a remark to a figure |
    | `y` | copies the sheet |
    | `Esc` | goes back |
    """

    leaves_for_views: ClassVar[bool] = True
    """A key of another view leaves the page."""
    title_key: ClassVar[str] = "accountability_ui.page"
    help_key: ClassVar[str] = "accountability_ui.sheet_help"
    DEFAULT_CSS = """
    SheetPage #sheet-title { height: 1; padding: 0 1; text-style: bold; color: $accent; }
    SheetPage #sheet-more { height: auto; padding: 0 1; color: $quiet; }
    SheetPage #sheet-lines { height: 1fr; padding: 0 1; }
    SheetPage #sheet-said { height: auto; max-height: 10; padding: 1 1 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        REMARK,
        Binding("y", "copy", "keys.copy", id="copy", tooltip="keys.copy_help"),
        Binding("escape", "back", "keys.back", id="back", tooltip="keys.back_help"),
    ]

    def __init__(self, unit: str, period: Period, *, of_targets: bool = False) -> None:
        """Take the unit and the period; `of_targets` begins at a district's targets."""
        super().__init__()
        self._unit = unit
        self._period = period
        self._at_targets = of_targets
        self._sight: Sight | None = None
        self._lines: list[Shown] = []

    def compose(self) -> ComposeResult:
        """Compose the lines; they fill when the answer comes."""
        yield Static("", id="sheet-title", markup=False)
        yield Rule()
        yield Static("", id="sheet-more", markup=False)
        yield Rows(_COLUMNS, id="sheet-lines")
        yield Static("", id="sheet-said", markup=False)
        yield Notice()
        yield KeysBar()

    def on_mount(self) -> None:
        """Ask."""
        self.load()

    def load(self) -> None:
        """Read the sheet again."""
        self.ask(sight_question(self._period, self._unit), self._show, refused=self._gone)

    def on_store_changed(self) -> None:
        """Look again: somebody wrote, or the minute passed."""
        self.load()

    def relabel(self) -> None:
        """Say everything again; what was read holds."""
        self._draw()

    def _gone(self, error: LianluoError) -> None:
        if self._sight is None:
            self.dismiss(None)
        self.program.call_later(self.program.show_error, error)

    def _show(self, sight: Sight) -> None:
        first = self._sight is None
        self._sight = sight
        self._draw()
        if first:
            rows = self.query_one(Rows)
            rows.focus()
            if self._at_targets:
                own = [i for i, line in enumerate(self._lines) if line.target is not None]
                rows.cursor = own[0] if own else 0
                self._say()

    def _draw(self) -> None:
        sight = self._sight
        if sight is None:
            return
        self._lines = lines_of(sight, self._unit)
        self.query_one("#sheet-title", Static).update(self._title(sight))
        self.query_one("#sheet-more", Static).update("\n".join(self._more(sight)))
        self.query_one(Rows).show(len(self._lines), self._row)
        self._say()

    def _title(self, sight: Sight) -> str:
        sheet = sight.sheet(self._unit) or sight.held_to(self._unit)
        return t(
            "accountability_ui.head",
            unit="" if sheet is None else name_of(sheet.unit),
            period=period_word(self._period),
            at=sight.zone.show(sight.found.at)[:16],
        )

    def _more(self, sight: Sight) -> list[str]:
        held, sheet = sight.held_to(self._unit), sight.sheet(self._unit)
        words = []
        if held is not None:
            words.append(letter_words(held))
            if held.key_unsaid:
                words.append(t("assess.key_unsaid", count=held.key_unsaid))
        if sheet is not None and sheet.score is not None:
            words += score_words(sheet.score)
        return [word for word in words if word]

    def _row(self, index: int, _widths: Sequence[int]) -> Sequence[Cell]:
        line = self._lines[index]
        words = line.words()
        if line.remarks:
            words.insert(0, t("assess.remarks", count=len(line.remarks)))
        return (
            (figure_word(line.key), "strong"),
            (line.value(), "plain"),
            (line.state(), "plain"),
            ("; ".join(words), "quiet"),
        )

    @property
    def line(self) -> Shown | None:
        """Return the figure under the cursor."""
        cursor = self.query_one(Rows).cursor
        return self._lines[cursor] if cursor < len(self._lines) else None

    def _say(self) -> None:
        """Say in full what is said of the figure under the cursor."""
        line, sight = self.line, self._sight
        text = ""
        if line is not None and sight is not None:
            said = remark_words(line.remarks, sight.zone)
            text = "\n".join([f"{figure_word(line.key)}  {line.value()}", *line.words(), *said])
        self.query_one("#sheet-said", Static).update(text)

    @on(Lines.Moved)
    def _moved(self) -> None:
        self._say()

    # -- acts ------------------------------------------------------------------------------------

    @on(Lines.Opened)
    def _opened(self) -> None:
        line = self.line
        if line is None:
            return
        if line.key in (TargetKey.TYPICAL_CASE, TargetKey.STABILITY):
            self.program.say(t("accountability_ui.no_rows"))
            return
        self.program.say("")
        self.program.push_screen(BehindPage(self._unit, self._period, line.key))

    def action_remark(self) -> None:
        """Attach a remark to the figure under the cursor."""
        line, sight = self.line, self._sight
        if line is None or sight is None:
            return
        sheet = sight.sheet(self._unit) or sight.held_to(self._unit)
        if sheet is not None:
            form = remark_form(sheet.unit, self._period, line.key, "")
            self.program.push_screen(FormDialog(form), self._remarked)

    def _remarked(self, made: Remark | None) -> None:
        if made is not None:
            self.program.say(t("accountability_ui.written", seq=made.seq), Tone.DONE)
            self.load()

    def _text(self) -> str:
        sight = self._sight
        if sight is None:
            return ""
        lines = [self._title(sight), *self._more(sight)]
        for line in self._lines:
            words = [line.state(), *line.words(), *remark_words(line.remarks, sight.zone)]
            told = "; ".join(word for word in words if word)
            lines.append(f"{figure_word(line.key)}  {line.value()}  {told}".rstrip())
        return "\n".join(lines)

    def action_copy(self) -> None:
        """Copy the sheet as text."""
        self.app.copy_to_clipboard(self._text())
        self.program.say(t("app.copied"))

    def selected_subject(self) -> Subject | None:
        """Return the figure under the cursor, for `?`."""
        line = self.line
        if line is None:
            return None
        return Subject(f"{figure_word(line.key)}  {line.value()}", tuple(line.words()))

    def action_back(self) -> None:
        """Leave the page."""
        self.dismiss(None)
