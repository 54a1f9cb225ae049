"""Overdue: what should have been done and was not, longest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from actions.overdue import Owed, overdue_count, overdue_page
from catalogue import span, t
from domain.calendar import Calendar
from domain.instants import Instant, Zone
from domain.lights import Light
from domain.networks import Network
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.values import dataclass
from storage.store import Store
from storage.units import Selection
from tui.desk import Question
from tui.views.base import Subject
from tui.views.filtered import FILTER, FilteredList, back
from tui.views.unit_card import UnitCard
from tui.views.urging import copy_urging, step_titles
from tui.widgets.choices import Choices
from tui.widgets.filter_line import FilterLine
from tui.widgets.fitting import name_of, name_within
from tui.widgets.putting import put
from tui.widgets.rows import Column, Rows
from tui.widgets.virtual import Cell, Lines

NETWORKS = (None, *Network)
KINDS = (None, *ObligationKind)
FIRST = 500
"""Rows that are read at first; whoever goes to their end reads on."""
_MORE = 4
"""How many times as many are read then."""
_STYLES = {Light.RED: "late", Light.AMBER: "soon", Light.GREEN: "plain"}
_COLUMNS = (
    Column("overdue.col_light", 7),
    Column("overdue.col_days", 13, right=True),
    Column("overdue.col_workdays", 9, right=True, least=60),
    Column("overdue.col_unit", 12, grow=2, most=56),
    Column("overdue.col_what", 20, grow=3),
    Column("overdue.col_due", 16, least=84),
    Column("overdue.col_id", 22, least=130),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """What is overdue as of `at`, each with the text that a filter looks in.

    `owed` are the first of `whole`.
    """

    at: Instant
    owed: Sequence[Owed]
    whole: int
    texts: Sequence[str]
    titles: Mapping[str, str]
    zone: Zone
    calendar: Calendar

    @property
    def partial(self) -> bool:
        """Return whether there are more than have been read."""
        return self.whole > len(self.owed)


def overdue_question(
    network: Network | None, kind: ObligationKind | None = None, text: str = "", most: int = FIRST
) -> Question[Listed]:
    """Ask for the first `most` of what is overdue in a network, or anywhere.

    Of one kind or of all; where there is a `text`, of units with it in one of their names.
    """

    def question(store: Store, _actor: Actor, at: Instant) -> Listed:
        selection = Selection(network=network, text=text)
        found = overdue_page(store, at, selection, kind, most=most)
        whole = len(found)
        if whole == most:
            whole = overdue_count(store, at, selection, kind)
        titles = step_titles(store, [owed.obligation for owed in found], at)
        texts = [
            " ".join(
                (
                    *owed.unit.names(),
                    owed.obligation.subject,
                    owed.obligation.id,
                    titles.get(owed.obligation.id, ""),
                )
            ).casefold()
            for owed in found
        ]
        return Listed(at, found, whole, texts, titles, store.zone, store.calendar)

    return question


class OverdueView(FilteredList):
    """Open obligations past due, longest first.

    | Key | Does |
    |---|---|
    | `Enter`, `e` | explains why it is overdue |
    | `y` | copies a text for the unit's chat group |
    | `k`, `n`, `/` | reports or steps, network, filter |
    """

    title_key: ClassVar[str] = "app.view_overdue"
    picture: ClassVar[str] = "backlog"
    help_key: ClassVar[str] = "overdue.help"
    DEFAULT_CSS = """
    OverdueView { layout: vertical; }
    OverdueView .bar { height: 1; margin-bottom: 1; }
    OverdueView #overdue-sum { width: auto; height: 1; margin-right: 3; text-style: bold; }
    OverdueView #overdue-none { display: none; height: 1; color: $quiet; }
    OverdueView.-none #overdue-none { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        FILTER,
        Binding("k", "kind", "overdue.kind", id="overdue_kind", tooltip="overdue.kind_help"),
        Binding("c", "card", "lists.card", show=False, id="card", tooltip="lists.card_help"),
        Binding("n", "network", "board.network", id="network", tooltip="board.network_help"),
        back("overdue_back"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._network: Network | None = None
        self._kind: ObligationKind | None = None
        self._listed: Listed | None = None
        self._most = FIRST
        self._searched = ""

    def compose(self) -> ComposeResult:
        """Compose the sum, the filter and the list."""
        with Horizontal(classes="bar"):
            yield Static("", id="overdue-sum", markup=False)
            yield Choices(_network_words, id="overdue-networks")
        yield FilterLine(id="overdue-filter")
        yield Static("", id="overdue-none", markup=False)
        yield Rows(_COLUMNS, id="overdue-rows")

    @property
    def selected(self) -> Owed | None:
        """Return what is under the cursor."""
        index = self.index
        return None if index is None or self._listed is None else self._listed.owed[index]

    def load(self) -> None:
        """Read the list again."""
        question = overdue_question(self._network, self._kind, self._searched, self._most)
        self.ask(question, self._show)

    def _anew(self) -> None:
        """Read another list, from its beginning."""
        self._most = FIRST
        self.load()

    @on(Lines.Seen, "#overdue-rows")
    def _seen(self) -> None:
        """Read on where the end of what was read is near."""
        listed, rows = self._listed, self.rows
        if listed is None or not listed.partial or self._most > len(listed.owed):
            return
        if rows.in_sight.stop + rows.body >= rows.count:
            self._most *= _MORE
            self.load()

    def on_filter_line_narrowed(self, event: FilterLine.Narrowed) -> None:
        """Show what has the text in it; where not all was read, the store is asked for it."""
        self.words = event.text
        if self._searched or (self._listed is not None and self._listed.partial):
            self._searched = event.text
            self._anew()
        else:
            self.redraw()

    def _show(self, listed: Listed) -> None:
        before = self.selected
        self._listed = listed
        self.redraw()
        if before is not None:
            self.point_at(lambda i: listed.owed[i].obligation.id == before.obligation.id)

    def redraw(self) -> None:
        """Draw the list, and its sum."""
        listed = self._listed
        if listed is None:
            return
        self.in_sight = self.matching(listed.texts)
        units = {listed.owed[i].unit.code for i in self.in_sight}
        shown, whole = len(self.in_sight), listed.whole
        key = "overdue.sum" if shown == whole else "overdue.sum_filtered"
        if listed.partial:
            key = "overdue.sum_first"
        text = t(key, count=shown, whole=whole, units=len(units))
        if self._kind is not None:
            text = f"{t(f'words.obligation_{self._kind}')}  {text}"
        put(self.query_one("#overdue-sum", Static), text, sized=True)
        self.query_one(Choices).chosen = NETWORKS.index(self._network)
        none = "overdue.none" if not whole else "overdue.none_filtered"
        put(self.query_one("#overdue-none", Static), t(none))
        self.set_class(not shown, "-none")
        self.rows.show(shown, self._row)

    def _row(self, index: int, widths: Sequence[int]) -> Sequence[Cell]:
        listed = self._listed
        assert listed is not None
        owed = listed.owed[self.in_sight[index]]
        obligation = owed.obligation
        style = _STYLES[owed.light]
        light = f"{t(f'words.light_{owed.light}')} {t(f'words.light_letter_{owed.light}')}"
        days, workdays = _length(owed, listed)
        return (
            (light, style),
            (days, style),
            (workdays, "plain"),
            (name_within(owed.unit, widths[3]), "strong"),
            (_what(owed, listed), "plain"),
            (listed.zone.show(obligation.due_at)[:16], "quiet"),
            (obligation.id, "quiet"),
        )

    # -- acts ------------------------------------------------------------------------------------

    @on(Lines.Opened, "#overdue-rows")
    def _opened(self) -> None:
        self.action_explain()

    def action_network(self) -> None:
        """Show the next network: all, horizontal, vertical, supervision."""
        place = NETWORKS.index(self._network)
        self._network = NETWORKS[(place + 1) % len(NETWORKS)]
        self._anew()

    @on(Choices.Chosen, "#overdue-networks")
    def _network_chosen(self, event: Choices.Chosen) -> None:
        self._network = NETWORKS[event.index]
        self._anew()

    def action_kind(self) -> None:
        """Show reports and steps, reports alone, or steps alone."""
        self._kind = KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)]
        self._anew()

    def action_card(self) -> None:
        """Open the card of the unit under the cursor."""
        if self.selected is not None:
            self.app.push_screen(UnitCard(self.selected.unit.code))

    def action_copy(self) -> None:
        """Copy a text that urges the unit under the cursor for all that it owes."""
        owed = self.selected
        if owed is None:
            self.program.say(t("app.nothing_to_copy"))
            return
        copy_urging(self, owed.unit.code)

    def selected_subject(self) -> Subject | None:
        """Return the obligation under the cursor."""
        owed, listed = self.selected, self._listed
        if owed is None or listed is None:
            return None
        title = f"{name_of(owed.unit)}  {_what(owed, listed)}"
        told = t("overdue.told", days=_length(owed, listed)[0], id=owed.obligation.id)
        return Subject(title, (told,), f"{title}  {told}", owed.obligation.id)


def _network_words() -> list[str]:
    return [t("board.all_networks"), *(t(f"words.network_short_{which}") for which in Network)]


def _what(owed: Owed, listed: Listed) -> str:
    """Return what is owed: a day's report, or a matter's number with the step and its title."""
    obligation = owed.obligation
    if obligation.kind is ObligationKind.REPORT:
        return f"{t('words.obligation_report')} {obligation.subject}"
    return f"{obligation.matter} {listed.titles.get(obligation.id, '')}"


def _length(owed: Owed, listed: Listed) -> tuple[str, str]:
    """Return how long it has been overdue, in days and in working days, as words."""
    today = listed.zone.day_of(listed.at)
    if owed.obligation.kind is ObligationKind.REPORT:
        day = owed.obligation.day
    else:
        day = listed.zone.day_of(owed.obligation.due_at)
    days = (today - day).days
    if not days:
        return span(owed.overdue_seconds), ""
    return t("words.span_days", days=days), str(listed.calendar.workdays_between(day, today))
