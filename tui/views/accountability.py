"""Accountability: who is held to what over a half-year, and the districts' targets (R10, R18)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import ContentSwitcher, Static

from catalogue import t
from domain.periods import Period, half_of
from domain.units import Unit
from exchange.assessing_text import period_word
from tui.views.accountability_rows import (
    COLUMNS,
    SECTIONS,
    Sight,
    drawn,
    names_of,
    sight_question,
    things,
    unit_of,
)
from tui.views.accountability_sheet import SheetPage
from tui.views.base import Subject
from tui.views.filtered import FILTER, FilteredView, back
from tui.views.offices import OfficesDialog
from tui.views.unit_card import UnitCard
from tui.widgets.choices import Choices
from tui.widgets.filter_line import FilterLine
from tui.widgets.fitting import name_of
from tui.widgets.rows import Rows
from tui.widgets.virtual import Cell, Lines


class AccountabilityView(FilteredView):
    """Four lists, one at a time: duty by unit, targets and offices by district, the hotline.

    | Key | Does |
    |---|---|
    | `n`, `←` `→` | the other list |
    | `[` `]` | the period before or after |
    | `p` | half-years or years |
    | `Enter` | opens the unit's sheet |
    | `/` | filters |
    """

    title_key: ClassVar[str] = "app.view_accountability"
    picture: ClassVar[str] = "targets"
    help_key: ClassVar[str] = "accountability_ui.help"
    DEFAULT_CSS = """
    AccountabilityView { layout: vertical; }
    AccountabilityView .bar { height: 1; }
    AccountabilityView #accountability-sections { width: 1fr; }
    AccountabilityView #accountability-period { width: auto; height: 1; text-style: bold; }
    AccountabilityView #accountability-sum { height: 1; margin-bottom: 1; color: $quiet; }
    AccountabilityView #accountability-lists { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left_square_bracket",
            "period(-1)",
            "accountability_ui.earlier",
            id="period_earlier",
            key_display="[",
            tooltip="accountability_ui.earlier_help",
        ),
        Binding(
            "right_square_bracket",
            "period(1)",
            "accountability_ui.later",
            id="period_later",
            key_display="]",
            tooltip="accountability_ui.later_help",
        ),
        Binding(
            "p",
            "length",
            "accountability_ui.length",
            id="period_length",
            tooltip="accountability_ui.length_help",
        ),
        Binding(
            "n,right",
            "section(1)",
            "accountability_ui.section",
            id="section",
            key_display="n",
            tooltip="accountability_ui.section_help",
        ),
        Binding(
            "left",
            "section(-1)",
            "accountability_ui.section",
            show=False,
            id="section_back",
            tooltip="accountability_ui.section_help",
        ),
        Binding("c", "card", "lists.card", show=False, id="card", tooltip="lists.card_help"),
        FILTER,
        back("accountability_back"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._section = SECTIONS[0]
        self._period: Period | None = None
        self._sight: Sight | None = None
        self._shown: dict[str, list[int]] = {}

    def compose(self) -> ComposeResult:
        """Compose the sections, the period, and the lists."""
        with Horizontal(classes="bar"):
            yield Choices(self._section_words, id="accountability-sections")
            yield Static("", id="accountability-period", markup=False)
        yield Static("", id="accountability-sum", markup=False)
        yield FilterLine(id="accountability-filter")
        with ContentSwitcher(id="accountability-lists", initial="accountability-duty"):
            for section in SECTIONS:
                yield Rows(COLUMNS[section], id=f"accountability-{section}")

    @property
    def rows(self) -> Rows:
        """Return the list shown."""
        return self.query_one(f"#accountability-{self._section}", Rows)

    def load(self) -> None:
        """Read the period again."""
        self.ask(sight_question(self._period), self._show)

    def _show(self, sight: Sight) -> None:
        self._sight = sight
        self.redraw()

    # -- drawing ---------------------------------------------------------------------------------

    def _section_words(self) -> Sequence[str]:
        return [t(f"accountability_ui.section_{section}") for section in SECTIONS]

    def redraw(self) -> None:
        """Draw both lists, the period, and what stands over the list shown."""
        sight = self._sight
        if sight is None:
            return
        for section in SECTIONS:
            every = things(sight, section)
            found = self.matching([names_of(row) for row in every])
            self._shown[section] = found
            rows = self.query_one(f"#accountability-{section}", Rows)
            rows.show(len(found), partial(_row, sight, section, found))
        self.query_one(Choices).chosen = SECTIONS.index(self._section)
        self.query_one(Choices).refresh(layout=True)
        self.query_one("#accountability-period", Static).update(period_word(sight.found.period))
        self.query_one("#accountability-sum", Static).update(self._sum(sight))

    def _sum(self, sight: Sight) -> str:
        if not self._shown[self._section]:
            if things(sight, self._section):
                return t("accountability_ui.none_filtered")
            return t(f"accountability_ui.none_{self._section}")
        at = sight.zone.show(sight.found.at)[:16]
        if self._section == "duty":
            return t("accountability_ui.sum", at=at)
        if self._section != "targets":
            return t(f"accountability_ui.sum_{self._section}", at=at)
        return t("accountability_ui.sum_targets", year=sight.found.period.year, at=at)

    # -- what is in hand -------------------------------------------------------------------------

    @property
    def unit(self) -> Unit | None:
        """Return the unit under the cursor."""
        shown = self._shown.get(self._section, [])
        if self._sight is None or self.rows.cursor >= len(shown):
            return None
        return unit_of(things(self._sight, self._section)[shown[self.rows.cursor]])

    def selected_subject(self) -> Subject | None:
        """Return the unit under the cursor."""
        unit = self.unit
        return None if unit is None else Subject(name_of(unit), (), name_of(unit))

    # -- acts ------------------------------------------------------------------------------------

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 - Textual's signature
    ) -> bool | None:
        """Offer no explanation: a unit's sheet is no obligation."""
        return action != "explain"

    def action_section(self, step: int) -> None:
        """Show the other list."""
        self._show_section(SECTIONS[(SECTIONS.index(self._section) + step) % len(SECTIONS)])

    @on(Choices.Chosen, "#accountability-sections")
    def _section_chosen(self, event: Choices.Chosen) -> None:
        self._show_section(SECTIONS[event.index])

    def _show_section(self, section: str) -> None:
        self._section = section
        lists = self.query_one("#accountability-lists", ContentSwitcher)
        lists.current = f"accountability-{section}"
        self.redraw()
        self.focus_first()

    def action_period(self, by: int) -> None:
        """Show the period before or after."""
        if self._sight is not None:
            self._period = self._sight.found.period.moved(by)
            self.load()

    def action_length(self) -> None:
        """Show the year instead of the half-year, or a half of the year."""
        if self._sight is not None:
            sight = self._sight
            period = sight.found.period
            today = sight.zone.day_of(sight.found.at)
            if period.half:
                self._period = Period(period.year)
            else:
                same = period.year == today.year
                self._period = half_of(today) if same else Period(period.year, 2)
            self.load()

    @on(Lines.Opened)
    def _opened(self) -> None:
        unit, sight = self.unit, self._sight
        if unit is not None and sight is not None:
            self.program.say("")
            if self._section == "offices":
                self.app.push_screen(OfficesDialog(unit))
                return
            targets = self._section == "targets"
            page = SheetPage(unit.code, sight.found.period, of_targets=targets)
            self.app.push_screen(page)

    def action_card(self) -> None:
        """Open the card of the unit under the cursor."""
        if self.unit is not None:
            self.app.push_screen(UnitCard(self.unit.code))


def _row(
    sight: Sight, section: str, found: Sequence[int], row: int, widths: Sequence[int]
) -> Sequence[Cell]:
    return drawn(sight, section, found[row], widths)
