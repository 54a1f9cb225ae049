"""Matters: what was found, told or asked and is being dealt with, with lights."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from actions.matters import MatterView
from actions.pictures import Picture, picture
from actions.rollups import districts
from actions.timelines import nearest
from catalogue import t
from domain.instants import Instant
from domain.lights import Light
from domain.matters import subject
from domain.people import Actor
from domain.units import Unit
from storage.store import Store
from tui.matter_words import (
    head_words,
    kind_word,
)
from tui.views.base import Subject
from tui.views.filtered import FILTER, FilteredList, back
from tui.views.matter_acts import MatterActs
from tui.views.matter_picture import PictureDialog, picture_text
from tui.views.matter_rows import (
    COLUMNS,
    Chosen,
    Listing,
    drawn,
    light_of,
    matters_question,
    standing,
)
from tui.widgets.choices import Choices
from tui.widgets.filter_line import FilterLine
from tui.widgets.fitting import name_of
from tui.widgets.notice import Tone
from tui.widgets.pick_dialog import PickDialog
from tui.widgets.rows import Rows
from tui.widgets.virtual import Lines

STATES = (True, False, None)
"""Open, closed, all."""
_ALL = "*"
_WIDE = 150
"""Columns from which the picture stands beside the list."""


class MattersView(FilteredList, MatterActs):
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
        FILTER,
        back("matters_back"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._chosen = Chosen()
        self._listing: Listing | None = None

    def compose(self) -> ComposeResult:
        """Compose the sum, the choices, the list and the picture."""
        with Vertical(id="matters-main"):
            with Horizontal(classes="bar"):
                yield Static("", id="matters-sum", markup=False)
                yield Choices(_state_words, id="matters-states")
            yield FilterLine(id="matters-filter")
            yield Static("", id="matters-none", markup=False)
            yield Rows(COLUMNS, id="matters-rows")
        with Vertical(id="matters-side"):
            yield Static("", id="matters-picture")

    @property
    def selected(self) -> MatterView | None:
        """Return the matter under the cursor."""
        index = self.index
        return None if index is None or self._listing is None else self._listing.views[index]

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
        super().relabel()
        if self.has_class("-wide"):
            self._load_picture()

    def _show(self, listing: Listing) -> None:
        before = self.selected
        self._listing = listing
        self.redraw()
        if before is not None:
            self.point_at(lambda i: listing.views[i].matter.number == before.matter.number)

    def redraw(self) -> None:
        """Draw the list, and its sum."""
        listing = self._listing
        if listing is None:
            return
        self.in_sight = self.matching(listing.texts)
        shown, whole = len(self.in_sight), len(listing.views)
        late = sum(light_of(listing, i) is Light.RED for i in self.in_sight)
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
        self.rows.show(shown, lambda row, widths: drawn(listing, self.in_sight[row], widths))

    def _none(self, listing: Listing, whole: int) -> str:
        if not listing.kinds:
            return t("matters.no_workflows")
        return t("matters_ui.none_filtered" if whole else "matters_ui.none")

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
        cells = [text for text, _ in standing(view, listing) if text]
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


def _state_words() -> list[str]:
    return [t("matters_ui.state_open"), t("matters_ui.state_closed"), t("matters_ui.state_all")]
