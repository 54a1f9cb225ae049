"""Matters: what was found, told or asked and is being dealt with, with lights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from actions.matters import MatterView, listed
from actions.pictures import Picture, picture
from actions.rollups import districts
from actions.timelines import TimelineStep, nearest, timelines
from actions.workflows import workflows
from catalogue import t
from domain.calendar import Calendar
from domain.instants import Instant, Zone
from domain.lights import Light
from domain.matters import subject
from domain.people import Actor
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from domain.workflows import Workflow
from storage import units
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection
from tui.desk import Question
from tui.matter_words import (
    LINE_STYLES,
    due_word,
    head_words,
    kind_word,
    left_word,
    light_word,
    outcome_word,
    step_word,
)
from tui.views.base import Subject, View
from tui.views.matter_acts import MatterActs
from tui.views.matter_picture import PictureDialog, picture_text
from tui.widgets.choices import Choices
from tui.widgets.filter_line import FilterLine
from tui.widgets.fitting import name_of, name_within
from tui.widgets.notice import Tone
from tui.widgets.pick_dialog import PickDialog
from tui.widgets.rows import Column, Rows
from tui.widgets.virtual import Cell, Lines

STATES = (True, False, None)
"""Open, closed, all."""
_ALL = "*"
_WIDE = 150
"""Columns from which the picture stands beside the list."""
_COLUMNS = (
    Column("matters_ui.col_number", 11),
    Column("matters_ui.col_kind", 8, grow=1),
    Column("matters_ui.col_title", 11, grow=4),
    Column("matters_ui.col_place", 10, grow=2, least=100),
    Column("matters_ui.col_unit", 8, grow=2),
    Column("matters_ui.col_step", 8, grow=1),
    Column("matters_ui.col_due", 11),
    Column("matters_ui.col_left", 12, grow=1, least=112),
    Column("matters_ui.col_light", 7),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which matters the list is about."""

    workflow: str | None = None
    open: bool | None = True
    under: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The matters as of `at`, each with its steps and the text that a filter looks in."""

    at: Instant
    views: Sequence[MatterView]
    steps: Mapping[str, tuple[TimelineStep, ...]]
    texts: Sequence[str]
    places: Mapping[str, Unit]
    kinds: Mapping[str, Workflow]
    under: Unit | None
    zone: Zone
    calendar: Calendar


def matters_question(chosen: Chosen) -> Question[Listing]:
    """Ask for the matters of a choice: what is due first comes first, the closed ones last."""

    def question(store: Store, _actor: Actor, at: Instant) -> Listing:
        with store.reading():
            wanted = Filter(workflow=chosen.workflow, open=chosen.open)
            views = listed(store, Selection(under=chosen.under), wanted, at)
            steps = timelines(store, views, at)
            places = units.by_code(
                store.connection, {view.matter.place for view in views if view.matter.place}
            )
            under = None if chosen.under is None else units.get(store.connection, chosen.under)
            kinds = workflows(store)
        views.sort(key=lambda view: _order(view, steps[view.matter.number]))
        texts = [_text(view, places) for view in views]
        return Listing(at, views, steps, texts, places, kinds, under, store.zone, store.calendar)

    return question


def _order(view: MatterView, steps: Sequence[TimelineStep]) -> tuple[bool, int, str]:
    if view.state.closed_at is not None:
        return True, -view.state.closed_at, view.matter.number
    step = nearest(steps)
    due_at = None if step is None else step.line.due_at
    return False, view.matter.opened_at + 2**40 if due_at is None else due_at, view.matter.number


def _text(view: MatterView, places: Mapping[str, Unit]) -> str:
    matter = view.matter
    place = places.get(matter.place)
    return " ".join(
        (
            matter.number,
            view.workflow.zh,
            view.workflow.en,
            matter.title,
            matter.location,
            matter.party,
            *view.unit.names(),
            *(place.names() if place else ()),
        )
    ).casefold()


class MattersView(View, MatterActs):
    """The list of matters.

    | Key | Does |
    |---|---|
    | `Enter` | opens the matter's page |
    | `k`, `d`, `h`, `/` | kind, district, open or closed, filter |
    | `b` | the picture: ages by district, opened and closed by week |
    """

    title_key: ClassVar[str] = "app.view_matters"
    help_key: ClassVar[str] = "matters_ui.help"
    DEFAULT_CSS = """
    MattersView { layout: horizontal; }
    MattersView > #matters-main { width: 1fr; }
    MattersView > #matters-side { width: 62; padding: 0 0 0 3; display: none; }
    MattersView.-wide > #matters-side { display: block; }
    MattersView .bar { height: 1; margin-bottom: 1; }
    MattersView #matters-sum { width: 1fr; height: 1; text-style: bold; }
    MattersView #matters-none { display: none; height: auto; color: $quiet; }
    MattersView.-none #matters-none { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "kind", "matters_ui.kind", id="matter_kind", tooltip="matters_ui.kind_help"),
        Binding("d", "district", "board.district", id="district", tooltip="board.district_help"),
        Binding("h", "state", "matters_ui.state", id="state", tooltip="matters_ui.state_help"),
        Binding("b", "picture", "matters_ui.bars", id="picture", tooltip="matters_ui.bars_help"),
        Binding(
            "slash,ideographic_comma",
            "filter",
            "lists.filter_key",
            id="filter",
            key_display="/",
            tooltip="lists.filter_help",
        ),
        Binding(
            "escape", "back", "keys.back", show=False, id="matters_back", tooltip="lists.back_help"
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._chosen = Chosen()
        self._words = ""
        self._listing: Listing | None = None
        self._rows: list[int] = []

    def compose(self) -> ComposeResult:
        """Compose the sum, the choices, the list and the picture."""
        with Vertical(id="matters-main"):
            with Horizontal(classes="bar"):
                yield Static("", id="matters-sum", markup=False)
                yield Choices(_state_words, id="matters-states")
            yield FilterLine(id="matters-filter")
            yield Static("", id="matters-none", markup=False)
            yield Rows(_COLUMNS, id="matters-rows")
        with Vertical(id="matters-side"):
            yield Static("", id="matters-picture")

    @property
    def rows(self) -> Rows:
        """Return the list."""
        return self.query_one(Rows)

    @property
    def selected(self) -> MatterView | None:
        """Return the matter under the cursor."""
        if self._listing is None or self.rows.cursor >= len(self._rows):
            return None
        return self._listing.views[self._rows[self.rows.cursor]]

    def focus_first(self) -> None:
        """Give the keys to the list."""
        self.rows.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Show the picture beside the list where there is room."""
        wide = event.size.width >= _WIDE
        if wide and not self.has_class("-wide"):
            self._load_picture()
        self.set_class(wide, "-wide")

    # -- loading ---------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the list again."""
        self.ask(matters_question(self._chosen), self._show)
        if self.has_class("-wide"):
            self._load_picture()

    def _load_picture(self) -> None:
        def question(store: Store, _actor: Actor, at: Instant) -> Picture:
            return picture(store, at)

        def shown(found: Picture) -> None:
            self.query_one("#matters-picture", Static).update(picture_text(found, 58))

        self.ask(question, shown, group="picture")

    def relabel(self) -> None:
        """Say everything again; what was read holds."""
        if self._listing is not None:
            self._draw()
        if self.has_class("-wide"):
            self._load_picture()

    def _show(self, listing: Listing) -> None:
        before = self.selected
        self._listing = listing
        self._draw()
        if before is not None:
            self._point_at(before.matter.number)

    def _point_at(self, number: str) -> None:
        listing = self._listing
        assert listing is not None
        numbers = [listing.views[i].matter.number for i in self._rows]
        if number in numbers:
            self.rows.cursor = numbers.index(number)

    def _draw(self) -> None:
        listing = self._listing
        assert listing is not None
        wanted = self._words.casefold()
        self._rows = [i for i, text in enumerate(listing.texts) if wanted in text]
        shown, whole = len(self._rows), len(listing.views)
        late = sum(self._light(i) is Light.RED for i in self._rows)
        parts = []
        if self._chosen.workflow is not None and self._chosen.workflow in listing.kinds:
            parts.append(kind_word(listing.kinds[self._chosen.workflow]))
        if listing.under is not None:
            parts.append(name_of(listing.under))
        key = "matters_ui.sum" if shown == whole else "matters_ui.sum_filtered"
        parts.append(t(key, count=shown, whole=whole, late=late))
        self.query_one("#matters-sum", Static).update("  ".join(parts))
        self.query_one(Choices).chosen = STATES.index(self._chosen.open)
        self.query_one("#matters-none", Static).update(self._none(listing, whole))
        self.set_class(not shown, "-none")
        self.rows.show(shown, self._row)

    def _none(self, listing: Listing, whole: int) -> str:
        if not listing.kinds:
            return t("matters.no_workflows")
        return t("matters_ui.none_filtered" if whole else "matters_ui.none")

    def _light(self, index: int) -> Light | None:
        listing = self._listing
        assert listing is not None
        step = nearest(listing.steps[listing.views[index].matter.number])
        return None if step is None else step.light

    def _row(self, index: int, widths: Sequence[int]) -> Sequence[Cell]:
        listing = self._listing
        assert listing is not None
        view = listing.views[self._rows[index]]
        matter = view.matter
        place = listing.places.get(matter.place)
        where = " ".join(
            part for part in (name_of(place) if place else "", visible(matter.location)) if part
        )
        return (
            (matter.number, "quiet"),
            (kind_word(view.workflow), "plain"),
            (visible(matter.title), "strong"),
            (where, "quiet"),
            (name_within(view.unit, widths[4]), "plain"),
            *self._standing(view, listing),
        )

    def _standing(self, view: MatterView, listing: Listing) -> Sequence[Cell]:
        """Return the open step with its date and light, or how the matter ended."""
        today = listing.zone.day_of(listing.at)
        if view.state.closed_at is not None:
            ended = outcome_word(view.state.outcome) if view.state.outcome else ""
            when = _short(listing.zone.day_of(view.state.closed_at), today)
            word = t("matters_ui.closed")
            return (word, "quiet"), (when, "quiet"), (ended, "quiet"), ("", "quiet")
        step = nearest(listing.steps[view.matter.number])
        if step is None:
            return (t("matters_ui.to_close"), "strong"), ("", "plain"), ("", "plain"), ("", "plain")
        name = step_word(step.line.step, step.line.round)
        if step.light is None or step.line.due_at is None:
            return (name, "plain"), ("", "plain"), ("", "plain"), ("", "plain")
        style = LINE_STYLES[step.light]
        due = due_word(listing.zone, step.line.due_at, today)
        left = left_word(listing.zone, listing.calendar, step.line.due_at, listing.at)
        if view.state.suspended_on(today):
            left = t("matters_ui.suspended_now")
        return (name, "plain"), (due, style), (left, style), (light_word(step.light), style)

    # -- what is in hand -------------------------------------------------------------------------

    def matter_in_hand(self) -> str | None:
        """Return the number under the cursor."""
        return None if self.selected is None else self.selected.matter.number

    def acted(self, number: str, told: str) -> None:
        """Read the list again; show the page of a matter that is not in it."""
        listing = self._listing
        known = listing is not None and any(v.matter.number == number for v in listing.views)
        self.load()
        if known:
            self.program.say(told, Tone.DONE)
        else:
            self.program.open_matter(number, told)

    def selected_subject(self) -> Subject | None:
        """Return the matter under the cursor."""
        view, listing = self.selected, self._listing
        if view is None or listing is None:
            return None
        title = head_words(view.matter, view.workflow)
        cells = [text for text, _ in self._standing(view, listing) if text]
        told = "  ".join((name_of(view.unit), *cells))
        step = nearest(listing.steps[view.matter.number])
        name = None
        if step is not None and step.obligation is not None:
            name = subject(view.matter.number, step.line.step.key, step.line.round)
        return Subject(title, (told,), f"{title}  {told}", name)

    # -- acts ------------------------------------------------------------------------------------

    @on(Lines.Opened, "#matters-rows")
    def _opened(self) -> None:
        number = self.matter_in_hand()
        if number is not None:
            self.program.open_matter(number)

    def _choose(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self.rows.cursor = 0
        self.load()

    def action_state(self) -> None:
        """Show open matters, closed ones, or all."""
        place = STATES.index(self._chosen.open)
        state = STATES[(place + 1) % len(STATES)]
        self._choose(Chosen(self._chosen.workflow, state, self._chosen.under))

    @on(Choices.Chosen, "#matters-states")
    def _state_chosen(self, event: Choices.Chosen) -> None:
        self._choose(Chosen(self._chosen.workflow, STATES[event.index], self._chosen.under))

    def action_kind(self) -> None:
        """Choose the kind of matter."""
        if self._listing is None:
            return
        kinds = [(_ALL, t("matters_ui.all_kinds"))]
        kinds += [(key, kind_word(flow)) for key, flow in self._listing.kinds.items()]

        def chosen(key: str | None) -> None:
            if key is not None:
                kind = None if key == _ALL else key
                self._choose(Chosen(kind, self._chosen.open, self._chosen.under))

        self.app.push_screen(PickDialog("matters_ui.kind_title", kinds), chosen)

    def action_district(self) -> None:
        """Choose a district."""

        def question(store: Store, _actor: Actor, at: Instant) -> list[Unit]:
            return districts(store, store.today(at))

        def chosen(code: str | None) -> None:
            if code is not None:
                under = None if code == _ALL else code
                self._choose(Chosen(self._chosen.workflow, self._chosen.open, under))

        def pick(found: list[Unit]) -> None:
            options = [(_ALL, t("board.everywhere"))]
            options += [(unit.code, f"{name_of(unit)}  {unit.code}") for unit in found]
            self.app.push_screen(PickDialog("board.district_title", options), chosen)

        self.ask(question, pick, group="districts")

    def action_picture(self) -> None:
        """Show the picture."""
        self.app.push_screen(PictureDialog())

    def action_filter(self) -> None:
        """Narrow the list to what has a text in it."""
        self.query_one(FilterLine).open()

    def on_filter_line_narrowed(self, event: FilterLine.Narrowed) -> None:
        """Show what has the text in its number, title, place, unit or party."""
        self._words = event.text
        if self._listing is not None:
            self._draw()

    def on_filter_line_left(self) -> None:
        """Give the keys back to the list."""
        self.rows.focus()

    def action_back(self) -> None:
        """Take the filter away."""
        if self._words:
            self.query_one(FilterLine).action_drop()


def _state_words() -> list[str]:
    return [t("matters_ui.state_open"), t("matters_ui.state_closed"), t("matters_ui.state_all")]


def _short(day: date, today: date) -> str:
    return f"{day:%m-%d}" if day.year == today.year else day.isoformat()
