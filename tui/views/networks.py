"""The three networks on a day: who belongs, who answers for it, and how it stands (R2)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import ContentSwitcher, Static

from catalogue import t
from domain.instants import Instant
from domain.networks import Network
from domain.people import Actor
from storage.store import Store
from tui.views.base import Subject, View
from tui.views.network_matrix import MatrixGrid
from tui.views.network_members import Members
from tui.views.network_tab import NetworkTab, Told
from tui.views.network_tree import TreeRows
from tui.views.unit_card import UnitCard, card_question, card_text
from tui.widgets.choices import Choices
from tui.widgets.day_dialog import DayDialog
from tui.widgets.filter_line import FilterLine
from tui.widgets.fitting import name_of
from tui.widgets.text_dialog import CopiedDialog
from tui.widgets.virtual import Lines

TABS = tuple(Network)
_LONG = 100
"""Cells of the terminal from which the networks' full names fit."""


class NetworksView(View):
    """Members with their contacts; the tree with its sums; who supervises whom.

    | Key | Does |
    |---|---|
    | `n` | the next network |
    | `Enter` | the card of the unit under the cursor |
    | `g`, `t` | another date, today |
    | `/` | filter |
    | `y` | copies the unit's card |
    """

    title_key: ClassVar[str] = "app.view_networks"
    picture: ClassVar[str] = "map"
    help_key: ClassVar[str] = "networks.help"
    DEFAULT_CSS = """
    NetworksView { layout: vertical; }
    NetworksView .bar { height: 1; }
    NetworksView .bar Static { width: auto; height: 1; margin-right: 3; }
    NetworksView #networks-day { text-style: bold; }
    NetworksView #networks-sum { height: 1; color: $quiet; margin-bottom: 1; }
    NetworksView #networks-tabs { height: 1fr; }
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
        Binding("n", "network", "board.network", id="network", tooltip="networks.next_help"),
        Binding("t", "today", "lists.today", show=False, id="go_today", tooltip="lists.today_help"),
        Binding(
            "escape", "back", "keys.back", show=False, id="networks_back", tooltip="lists.back_help"
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._which = Network.HORIZONTAL
        self._day: date | None = None
        self._shown_day: date | None = None
        self._text = ""
        self._version = 0
        self._loaded: dict[Network, int] = {}

    def compose(self) -> ComposeResult:
        """Compose the bar and the three tabs."""
        with Horizontal(classes="bar"):
            yield Static("", id="networks-day", markup=False)
            yield Choices(self._network_words, id="networks-choices")
        yield Static("", id="networks-sum", markup=False)
        yield FilterLine(id="networks-filter")
        with ContentSwitcher(id="networks-tabs", initial=Network.HORIZONTAL.value):
            yield Members(id=Network.HORIZONTAL.value)
            yield TreeRows(id=Network.VERTICAL.value)
            yield MatrixGrid(id=Network.SUPERVISION.value)

    @property
    def tab(self) -> NetworkTab:
        """Return the tab shown."""
        return cast(NetworkTab, self.query_one(f"#{self._which}"))

    def focus_first(self) -> None:
        """Give the keys to the tab shown."""
        self.query_one(f"#{self._which}").focus()

    def load(self) -> None:
        """Read the tab shown again, and the others when they are shown next."""
        self._version += 1
        self._load_tab()

    def _load_tab(self) -> None:
        if self._loaded.get(self._which) != self._version:
            self._loaded[self._which] = self._version
            self.tab.load(self._day)

    def relabel(self) -> None:
        """Say everything again; what was read holds."""
        for tab in self.query(Lines):
            cast(NetworkTab, tab).draw()

    @on(Told)
    def _told(self, event: Told) -> None:
        if event.network is not self._which:
            return
        self._shown_day = event.day
        weekday = t(f"words.weekday_{event.day.weekday()}")
        self.query_one("#networks-day", Static).update(f"{event.day} {weekday}")
        self.query_one("#networks-sum", Static).update(event.text)

    def _network_words(self) -> list[str]:
        if self.app.size.width >= _LONG:
            return [t(f"words.network_{which}") for which in TABS]
        return [t(f"words.network_short_{which}") for which in TABS]

    # -- acts ------------------------------------------------------------------------------------

    def _show_tab(self, which: Network) -> None:
        self._which = which
        self.query_one(Choices).chosen = TABS.index(which)
        self.query_one("#networks-tabs", ContentSwitcher).current = which.value
        self._load_tab()
        self.tab.narrow(self._text)
        self.focus_first()

    def action_network(self) -> None:
        """Show the next network."""
        self._show_tab(TABS[(TABS.index(self._which) + 1) % len(TABS)])

    @on(Choices.Chosen, "#networks-choices")
    def _network_chosen(self, event: Choices.Chosen) -> None:
        self._show_tab(TABS[event.index])

    def action_go(self) -> None:
        """Ask for a date."""

        def question(store: Store, _actor: Actor, at: Instant) -> date:
            return store.today(at)

        def ask_day(today: date) -> None:
            self.app.push_screen(DayDialog(self._shown_day or today, today), self._go)

        self.ask(question, ask_day, group="today")

    def _go(self, day: date | None) -> None:
        if day is not None:
            self._day = day
            self.load()

    def action_today(self) -> None:
        """Go back to today."""
        self._day = None
        self.load()

    def action_filter(self) -> None:
        """Narrow the tab to names with a text."""
        self.query_one(FilterLine).open()

    def on_filter_line_narrowed(self, event: FilterLine.Narrowed) -> None:
        """Show what has the text in one of its names."""
        self._text = event.text
        self.tab.narrow(event.text)

    def on_filter_line_left(self) -> None:
        """Give the keys back to the tab."""
        self.focus_first()

    def action_back(self) -> None:
        """Take the filter away."""
        if self._text:
            self.query_one(FilterLine).action_drop()

    @on(Lines.Opened)
    def _opened(self) -> None:
        unit = self.tab.unit
        if unit is not None:
            self.app.push_screen(UnitCard(unit.code, self._day))

    def action_copy(self) -> None:
        """Copy the card of the unit under the cursor."""
        unit = self.tab.unit
        if unit is None:
            self.program.say(t("app.nothing_to_copy"))
            return

        def copied(text: str) -> None:
            self.app.copy_to_clipboard(text)
            self.app.push_screen(CopiedDialog(text))

        self.ask(
            card_question(unit.code, self._day),
            lambda seen: copied(card_text(seen).plain),
            group="copy",
        )

    def selected_subject(self) -> Subject | None:
        """Return the unit under the cursor."""
        unit = self.tab.unit
        if unit is None:
            return None
        tab = self.tab
        lines = (tab.rollup_words,) if isinstance(tab, TreeRows) else ()
        return Subject(f"{unit.code}  {name_of(unit)}", lines, name_of(unit), tab.obligation_id)
