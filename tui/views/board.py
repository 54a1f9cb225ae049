"""The board: units down, days across; who filed what, and who has not."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Static

from actions.rollups import districts
from catalogue import listing, t
from domain.instants import Instant
from domain.networks import Network
from domain.people import Actor
from domain.rates import shown
from domain.reports import Status
from domain.units import Unit
from storage.store import Store
from tui.views.base import Subject, View
from tui.views.board_grid import BoardGrid
from tui.views.board_pages import Index, unfiled_question
from tui.views.report_panel import ReportDialog, ReportPanel
from tui.views.unit_card import UnitCard
from tui.widgets.choices import Choices
from tui.widgets.day_dialog import DayDialog
from tui.widgets.filter_line import FilterLine
from tui.widgets.fitting import fit, name_of
from tui.widgets.letters import AMENDED, PARTIAL, UNASKED, describe
from tui.widgets.pick_dialog import PickDialog
from tui.widgets.putting import put
from tui.widgets.text_dialog import CopiedDialog
from tui.widgets.virtual import Lines

NETWORKS = (None, *Network)
_BESIDE = 110
"""Cells from which the report is shown beside the grid and not over it."""
_OPEN_AT_ONCE = 160
"""Cells from which it is there from the start."""
_REST = 0.1
"""Seconds that the cursor rests before the report beside the grid follows it."""
_EVERYWHERE = "*"


class BoardView(View):
    """Who filed what, unit by unit and day by day.

    | Key | Does |
    |---|---|
    | arrows | move; beyond the left edge they go back in time |
    | `Enter` | shows the report; again: the keys go to it |
    | `[` `]`, `g`, `t` | earlier or later days, a date, today |
    | `n`, `u`, `x`, `/` | network, district, units that owe nothing too, filter |
    | `c` | opens the unit's card |
    | `Y` | copies who has not filed on the day |
    """

    title_key: ClassVar[str] = "app.view_board"
    help_key: ClassVar[str] = "board.help"
    DEFAULT_CSS = """
    BoardView { layout: vertical; }
    BoardView .bar { height: 1; }
    BoardView .bar Static { width: auto; height: 1; margin-right: 3; }
    BoardView #board-range { text-style: bold; }
    BoardView #board-scope { margin-left: 3; color: $accent; }
    BoardView #board-sum, BoardView #board-day, BoardView #board-legend { height: 1; }
    BoardView #board-legend { color: $quiet; }
    BoardView #board-main { height: 1fr; }
    BoardView #board-report { display: none; width: 44; border-left: solid $rule; }
    BoardView.-wide #board-report { width: 66; }
    BoardView.-beside #board-report { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash,ideographic_comma",
            "filter",
            "lists.filter_key",
            id="filter",
            key_display="/",
            tooltip="lists.filter_help",
        ),
        Binding("g", "go", "lists.go", id="go_to_day", tooltip="lists.go_help"),
        Binding("c", "card", "lists.card", show=False, id="card", tooltip="lists.card_help"),
        Binding("n", "network", "board.network", id="network", tooltip="board.network_help"),
        Binding("u", "district", "board.district", id="district", tooltip="board.district_help"),
        Binding("x", "everything", "board.all", id="all_units", tooltip="board.all_help"),
        Binding("Y", "unfiled", "board.unfiled", id="unfiled", tooltip="board.unfiled_help"),
        Binding("t", "today", "lists.today", show=False, id="go_today", tooltip="lists.today_help"),
        Binding(
            "left_square_bracket",
            "slide(-1)",
            "board.earlier",
            show=False,
            id="earlier",
            key_display="[",
            tooltip="board.slide_help",
        ),
        Binding(
            "right_square_bracket",
            "slide(1)",
            "board.later",
            show=False,
            id="later",
            key_display="]",
            tooltip="board.slide_help",
        ),
        Binding(
            "escape", "back", "keys.back", show=False, id="board_back", tooltip="lists.back_help"
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._panel = False
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Compose the bars, the grid and the place of the report."""
        with Horizontal(classes="bar"):
            yield Static("", id="board-range")
            yield Choices(network_words, id="board-networks")
            yield Static("", id="board-scope", markup=False)
        yield FilterLine(id="board-filter")
        yield Static("", id="board-sum", markup=False)
        with Horizontal(id="board-main"):
            yield BoardGrid(id="board-grid")
            yield ReportPanel(id="board-report")
        yield Static("", id="board-day", markup=False)
        yield Static("", id="board-legend", markup=False)

    @property
    def grid(self) -> BoardGrid:
        """Return the grid."""
        return self.query_one(BoardGrid)

    def focus_first(self) -> None:
        """Give the keys to the grid."""
        self.grid.focus()

    def load(self) -> None:
        """Read everything in sight again."""
        self.grid.load()
        if self._panel_shown:
            self._show_report()

    def on_minute(self) -> None:
        """Read again what time alone changes."""
        self.grid.pass_minute(self.program.now())
        if self._panel_shown:
            self._show_report()

    def relabel(self) -> None:
        """Say everything again; what was read holds."""
        self._say()

    # -- words -----------------------------------------------------------------------------------

    @on(BoardGrid.Changed)
    def _changed(self) -> None:
        self._say()

    @on(Lines.Moved, "#board-grid")
    def _moved(self) -> None:
        self._say()
        if self._panel_shown:
            if self._resting is not None:
                self._resting.stop()
            self._resting = self.set_timer(_REST, self._show_report)

    def _say(self) -> None:
        """Say what is shown, the counts of the cursor's day, and what is under the cursor."""
        grid = self.grid
        index, day = grid.index, grid.day
        if index is None or day is None:
            return
        width = max(1, self.content_size.width)
        ends = t("board.range", first=index.first, last=f"{index.last:%m-%d}")
        put(self.query_one("#board-range", Static), ends, sized=True)
        self.query_one(Choices).chosen = NETWORKS.index(grid.scope.network)
        put(self.query_one("#board-scope", Static), self._scope_words(), sized=True)
        put(self.query_one("#board-sum", Static), fit(self._sum(index, day), width))
        put(self.query_one("#board-day", Static), fit(self._under_cursor(index), width))
        put(self.query_one("#board-legend", Static), legend(width))

    def _scope_words(self) -> str:
        scope = self.grid.scope
        parts = [name_of(scope.under) if scope.under else t("board.everywhere")]
        if scope.everything:
            parts.append(t("board.with_all"))
        return "  ".join(parts)

    def _sum(self, index: Index, day: date) -> str:
        kind = index.kinds[index.days.index(day)]
        when = f"{day:%m-%d} {t(f'words.weekday_{day.weekday()}')} {t(f'instants.kind_{kind}')}"
        tally = self.grid.pages.total(day)
        if tally is None:
            return when
        parts = [
            when,
            t("board.filed", ratio=shown(tally.received, tally.expected + tally.pending)),
            t("board.zeros", count=tally.zero),
            t("board.pending", count=tally.pending),
            t("board.missing", count=tally.missing),
        ]
        if tally.exempt:
            parts.append(t("board.exempt", count=tally.exempt))
        return "  ".join(parts)

    def _under_cursor(self, index: Index) -> str:
        row, key = self.grid.selected, self.grid.key
        if not index.codes:
            return t("board.nobody")
        if row is not None:
            return f"{name_of(row.unit)}  {row.day}  {describe(row, index.zone)}"
        page = self.grid.pages.rows.get(key[0]) if key else None
        return f"{name_of(page.unit)}  {t('board.report_no_unit')}" if page else ""

    # -- acts ------------------------------------------------------------------------------------

    def action_go(self) -> None:
        """Ask for a date."""
        index, day = self.grid.index, self.grid.day
        if index is None or day is None:
            return

        def go(chosen: date | None) -> None:
            if chosen is not None:
                self.grid.go(chosen)

        self.app.push_screen(DayDialog(day, index.today), go)

    def action_today(self) -> None:
        """Go back to today."""
        if self.grid.index is not None:
            self.grid.go(self.grid.index.today)

    def action_slide(self, by: int) -> None:
        """Show as many earlier or later days as are shown."""
        self.grid.slide(by * self.grid.columns)

    def action_network(self) -> None:
        """Show the next network: all, horizontal, vertical, supervision."""
        place = NETWORKS.index(self.grid.scope.network)
        self.grid.narrow(network=NETWORKS[(place + 1) % len(NETWORKS)])

    @on(Choices.Chosen, "#board-networks")
    def _network_chosen(self, event: Choices.Chosen) -> None:
        self.grid.narrow(network=NETWORKS[event.index])

    def action_card(self) -> None:
        """Open the card of the unit under the cursor."""
        key = self.grid.key
        if key is not None:
            self.app.push_screen(UnitCard(*key))

    def action_everything(self) -> None:
        """Show units that owe nothing too, or not any more."""
        self.grid.narrow(everything=not self.grid.scope.everything)

    def action_district(self) -> None:
        """Choose a district."""
        day = self.grid.day
        if day is None:
            return

        def question(store: Store, _actor: Actor, _at: Instant) -> list[Unit]:
            return districts(store, day)

        self.ask(question, self._pick_district, group="districts")

    def _pick_district(self, found: list[Unit]) -> None:
        known = {unit.code: unit for unit in found}
        options = [(_EVERYWHERE, t("board.everywhere"))]
        options += [(code, f"{code}  {name_of(unit)}") for code, unit in known.items()]

        def picked(code: str | None) -> None:
            if code is not None:
                self.grid.narrow(under=known.get(code))

        self.app.push_screen(PickDialog("board.district_title", options), picked)

    def action_filter(self) -> None:
        """Narrow the rows to names with a text."""
        self.query_one(FilterLine).open()

    def on_filter_line_narrowed(self, event: FilterLine.Narrowed) -> None:
        """Show the units with the text in one of their names."""
        if event.text != self.grid.scope.text:
            self.grid.narrow(text=event.text)

    def on_filter_line_left(self) -> None:
        """Give the keys back to the grid."""
        self.grid.focus()

    def action_unfiled(self) -> None:
        """Copy who has not filed on the cursor's day."""
        day = self.grid.day
        if day is None:
            return

        def copy(found: list[Unit]) -> None:
            text = t(
                "board.unfiled_text" if found else "board.unfiled_none",
                day=day,
                weekday=t(f"words.weekday_{day.weekday()}"),
                count=len(found),
                names=listing([name_of(unit) for unit in found]),
            )
            self.app.copy_to_clipboard(text)
            self.app.push_screen(CopiedDialog(text))

        self.ask(unfiled_question(self.grid.scope, day), copy, group="unfiled")

    # -- the report ------------------------------------------------------------------------------

    @property
    def _panel_shown(self) -> bool:
        return self.has_class("-beside")

    def on_resize(self, event: events.Resize) -> None:
        """Show the report beside the grid where there is room for both."""
        width = event.size.width
        self.set_class(width >= _OPEN_AT_ONCE, "-wide")
        self.set_class(width >= (_BESIDE if self._panel else _OPEN_AT_ONCE), "-beside")
        self._say()

    @on(Lines.Opened, "#board-grid")
    def _opened(self) -> None:
        key = self.grid.key
        if key is None:
            return
        if self.size.width < _BESIDE:
            self.app.push_screen(ReportDialog(*key))
        elif self._panel_shown and self.query_one(ReportPanel).key == key:
            self.query_one(ReportPanel).focus()
        else:
            self._panel = True
            self.add_class("-beside")
            self._show_report()

    def _show_report(self) -> None:
        key = self.grid.key
        if key is not None:
            self.query_one(ReportPanel).show(*key)

    def action_back(self) -> None:
        """Go back one step: from the report to the grid, then close it, then drop the filter."""
        if self.query_one(ReportPanel).has_focus:
            self.grid.focus()
        elif self._panel_shown and self.size.width < _OPEN_AT_ONCE:
            self._panel = False
            self.remove_class("-beside")
        elif self.grid.scope.text:
            self.query_one(FilterLine).action_drop()

    def selected_subject(self) -> Subject | None:
        """Return the unit's day under the cursor."""
        row, index = self.grid.selected, self.grid.index
        if row is None or index is None:
            return None
        title = f"{name_of(row.unit)}  {row.day}"
        told = describe(row, index.zone)
        owed = row.status is not Status.NOT_EXPECTED
        obligation = f"R-{row.day:%Y%m%d}-{row.unit.code}" if owed else None
        return Subject(title, (told,), f"{title}  {told}", obligation)


def network_words() -> list[str]:
    """Return the choices of networks, all of them first."""
    return [t("board.all_networks"), *(t(f"words.network_short_{which}") for which in Network)]


def legend(width: int) -> str:
    """Return the letters with their words, as many as fit."""
    entries = [
        (t("words.status_letter_on_time"), t("words.status_on_time")),
        (t("words.status_letter_zero"), t("words.report_zero")),
        *(
            (t(f"words.status_letter_{status}"), t(f"words.status_{status}"))
            for status in (
                Status.LATE,
                Status.MADE_UP,
                Status.PENDING,
                Status.OVERDUE,
                Status.MISSED,
                Status.EXEMPT,
            )
        ),
        (PARTIAL, t("words.report_partial")),
        (AMENDED, t("board.mark_amended")),
        (UNASKED, t("board.mark_unasked")),
    ]
    line = ""
    for sign, word in entries:
        more = f"{sign} {word}"
        if cell_len(line) + cell_len(more) > width:
            break
        line += more + "  "
    return line.rstrip()
