"""What stands behind a figure: its rows, which add up to it, and remarks on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from actions.assessing import behind, remark, remarks
from catalogue import pick, t
from domain.assessing import Remark, Row
from domain.errors import LianluoError
from domain.figures import FigureKey
from domain.instants import Instant, Zone
from domain.people import Actor
from domain.periods import Period
from domain.rates import shown
from domain.targets import IN_AREA, Basis, TargetKey
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from exchange.assessing_text import figure_word, period_word, remark_words, state_word
from storage import units
from storage.store import Store
from storage.units import Selection
from tui.asking import Asks
from tui.desk import Question
from tui.views.base import Subject
from tui.widgets.fitting import name_of
from tui.widgets.form import Field, Form, FormDialog, Values
from tui.widgets.keys_bar import KeysBar
from tui.widgets.notice import Notice, Rule, Tone
from tui.widgets.rows import Column, Rows
from tui.widgets.virtual import Cell, Lines

_COLUMNS = (
    Column("accountability_ui.col_date", 10),
    Column("accountability_ui.col_id", 21),
    Column("accountability_ui.col_state", 10),
    Column("assess.col_part", 6, right=True),
    Column("assess.col_whole", 6, right=True),
    Column("accountability_ui.col_title", 10, grow=1),
    Column("accountability_ui.col_days", 6, right=True, least=100),
    Column("accountability_ui.col_said", 4, right=True, least=100),
)
_BASES = tuple(Basis)


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows behind a unit's figure, and what was said of them."""

    unit: Unit
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...]
    zone: Zone

    def said(self, row: Row) -> tuple[Remark, ...]:
        """Return the remarks on a row."""
        return tuple(each for each in self.remarks if each.subject == row.id)


def behind_question(
    unit: str, period: Period, key: FigureKey | TargetKey, basis: Basis
) -> Question[Behind]:
    """Ask for the rows behind a unit's figure."""

    def question(store: Store, _actor: Actor, at: Instant) -> Behind:
        with store.reading():
            said = [
                row
                for row in remarks(store, period, at, [unit])
                if row.figure == key.value and row.subject
            ]
            return Behind(
                units.by_code(store.connection, [unit])[unit],
                tuple(behind(store, key.value, period, Selection(unit=unit), at, basis)),
                tuple(said),
                store.zone,
            )

    return question


def remark_form(
    unit: Unit, period: Period, key: FigureKey | TargetKey, subject: str
) -> Form[Remark]:
    """Return the form that attaches a remark to a figure, or to one row behind it."""

    def writes(_values: Values) -> str:
        return t("accountability_ui.writes", period=period_word(period), figure=figure_word(key))

    def write(values: Values) -> Question[Remark]:
        def question(store: Store, actor: Actor, at: Instant) -> Remark:
            return remark(
                store,
                actor,
                period,
                unit.code,
                key.value,
                values["text"],
                at,
                subject=subject,
            )

        return question

    lines = (Content(t("accountability_ui.form_row", row=subject)),) if subject else ()
    title = t("accountability_ui.form_title", unit=name_of(unit), figure=figure_word(key))
    return Form(title, lines, (Field("text", t("accountability_ui.form_text")),), writes, write)


class BehindPage(Screen[None], Asks):
    """A page over the whole screen.

    | Key | Does |
    |---|---|
    | `Enter` | opens the matter, or explains the report |
    | `m` | attaches a remark to the row |
    | `k` | changes the basis of a target |
    | `Esc` | goes back |
    """

    leaves_for_views: ClassVar[bool] = True
    """A key of another view leaves the page."""
    title_key: ClassVar[str] = "accountability_ui.page_rows"
    help_key: ClassVar[str] = "accountability_ui.rows_help"
    DEFAULT_CSS = """
    BehindPage #behind-title { height: 1; padding: 0 1; text-style: bold; color: $accent; }
    BehindPage #behind-basis { height: 1; padding: 0 1; color: $quiet; }
    BehindPage #behind-rows { height: 1fr; padding: 0 1; }
    BehindPage #behind-said { height: auto; max-height: 5; padding: 0 1; color: $quiet; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "m",
            "remark",
            "accountability_ui.remark",
            id="remark_figure",
            tooltip="accountability_ui.remark_help",
        ),
        Binding(
            "k",
            "basis",
            "accountability_ui.basis",
            id="basis",
            tooltip="accountability_ui.basis_help",
        ),
        Binding("e", "explain", "keys.explain", id="explain", tooltip="keys.explain_help"),
        Binding("escape", "back", "keys.back", id="back", tooltip="keys.back_help"),
    ]

    def __init__(self, unit: str, period: Period, key: FigureKey | TargetKey) -> None:
        """Take the unit, the period and the figure."""
        super().__init__()
        self._unit = unit
        self._period = period
        self._key = key
        self._basis = Basis.FOUND
        self._seen: Behind | None = None

    def compose(self) -> ComposeResult:
        """Compose the rows; they fill when the answer comes."""
        yield Static("", id="behind-title", markup=False)
        yield Rule()
        yield Static("", id="behind-basis", markup=False)
        yield Rows(_COLUMNS, id="behind-rows")
        yield Static("", id="behind-said", markup=False)
        yield Notice()
        yield KeysBar()

    def on_mount(self) -> None:
        """Ask."""
        self.query_one(Rows).focus()
        self.load()

    def load(self) -> None:
        """Read the rows again."""
        question = behind_question(self._unit, self._period, self._key, self._basis)
        self.ask(question, self._show, refused=self._gone)

    def on_store_changed(self) -> None:
        """Look again: somebody wrote, or the minute passed."""
        self.load()

    def relabel(self) -> None:
        """Say everything again; what was read holds."""
        self._draw()

    def _gone(self, error: LianluoError) -> None:
        if self._seen is None:
            self.dismiss(None)
        self.program.call_later(self.program.show_error, error)

    def _show(self, seen: Behind) -> None:
        self._seen = seen
        self._draw()

    def _draw(self) -> None:
        seen = self._seen
        if seen is None:
            return
        part, whole = sum(row.part for row in seen.rows), sum(row.whole for row in seen.rows)
        value = f"{part:,} m²" if self._key is TargetKey.FARMLAND else shown(part, whole)
        if self._key in IN_AREA and self._key is not TargetKey.FARMLAND:
            value = f"{value} m²"
        title = t(
            "accountability_ui.rows_head",
            unit=name_of(seen.unit),
            figure=figure_word(self._key),
            share=value,
        )
        self.query_one("#behind-title", Static).update(title)
        words = []
        if isinstance(self._key, TargetKey):
            basis = t(f"assess.basis_{self._basis}")
            words.append(t("accountability_ui.basis_head", basis=basis))
        if not seen.rows:
            words.append(t("accountability_ui.none_rows"))
        self.query_one("#behind-basis", Static).update("  ".join(words))
        self.query_one(Rows).show(len(seen.rows), self._row)
        self._say()

    def _row(self, index: int, _widths: Sequence[int]) -> Sequence[Cell]:
        assert self._seen is not None
        row = self._seen.rows[index]
        said = self._seen.said(row)
        return (
            (row.day.isoformat(), "plain"),
            (row.id, "quiet"),
            (state_word(row), "plain" if row.part or not row.whole else "strong"),
            (f"{row.part:,}", "plain"),
            (f"{row.whole:,}", "plain"),
            (titled(row), "plain"),
            ("" if row.workdays is None else str(row.workdays), "plain"),
            (str(len(said)) if said else "", "accent"),
        )

    @property
    def row(self) -> Row | None:
        """Return the row under the cursor."""
        cursor = self.query_one(Rows).cursor
        if self._seen is None or cursor >= len(self._seen.rows):
            return None
        return self._seen.rows[cursor]

    def _say(self) -> None:
        row, seen = self.row, self._seen
        lines: list[str] = []
        if row is not None and seen is not None:
            lines = [titled(row), *remark_words(seen.said(row), seen.zone)]
        self.query_one("#behind-said", Static).update("\n".join(filter(None, lines)))

    @on(Lines.Moved)
    def _moved(self) -> None:
        self._say()

    # -- acts ------------------------------------------------------------------------------------

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 - Textual's signature
    ) -> bool | None:
        """Offer another basis for a target alone."""
        return action != "basis" or isinstance(self._key, TargetKey)

    @on(Lines.Opened)
    def _opened(self) -> None:
        row = self.row
        if row is not None and row.matter:
            self.program.open_matter(row.matter)
        else:
            self.action_explain()

    def action_explain(self) -> None:
        """Explain the obligation under the cursor."""
        row = self.row
        if row is None or isinstance(self._key, TargetKey):
            self.program.say(t("app.nothing_to_explain"))
            return
        self.program.explain(row.id)

    def action_basis(self) -> None:
        """Show the rows on the next basis."""
        self._basis = _BASES[(_BASES.index(self._basis) + 1) % len(_BASES)]
        self.load()

    def action_remark(self) -> None:
        """Attach a remark to the row under the cursor."""
        row, seen = self.row, self._seen
        if row is not None and seen is not None:
            form = remark_form(seen.unit, self._period, self._key, row.id)
            self.program.push_screen(FormDialog(form), self._remarked)

    def _remarked(self, made: Remark | None) -> None:
        if made is not None:
            self.program.say(t("accountability_ui.written", seq=made.seq), Tone.DONE)
            self.load()

    def selected_subject(self) -> Subject | None:
        """Return the row under the cursor, for `?`."""
        row = self.row
        if row is None:
            return None
        told = f"{row.day}  {state_word(row)}  {row.part}/{row.whole}"
        return Subject(f"{row.id}  {titled(row)}".rstrip(), (told,), f"{row.id}  {told}")

    def action_back(self) -> None:
        """Leave the page."""
        self.dismiss(None)


def titled(row: Row) -> str:
    """Return what a row is about: the step, the matter, and the reason that was given."""
    step = "" if row.step is None else pick(row.step.zh, row.step.en)
    reason = t(f"words.reason_{row.reason}") if row.reason else ""
    return visible("  ".join(part for part in (step, row.title, reason) if part))
