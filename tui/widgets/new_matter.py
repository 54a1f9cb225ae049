"""Opening a matter: what it is about, whose it is, and whether it is there already."""

from __future__ import annotations

from datetime import date

from textual.widget import Widget
from textual.widgets import Input, Static

from actions import matters
from actions.matters import ALIKE, OTHERWISE, MatterView, Subject, near
from actions.people import home_units
from actions.workflows import workflows
from catalogue import t
from domain.areas import LandClass, parse_area
from domain.errors import LianluoError, Refused
from domain.instants import Instant, parse_day
from domain.people import Actor
from domain.values import dataclass
from domain.workflows import Workflow
from storage.store import Store
from tui.matter_words import kind_word, near_line
from tui.places import Place, places
from tui.widgets.fields import Choice, Row
from tui.widgets.filling import FillingDialog
from tui.widgets.pick_dialog import PickDialog
from tui.widgets.place_field import PlaceField

_NEW = "*"
_TEXTS = ("title", "location", "party", "area", "since", "source", "text")


@dataclass(frozen=True, slots=True)
class Ready:
    """What the dialog begins with: the kinds that may be opened, the registry, the own unit."""

    kinds: tuple[Workflow, ...]
    places: tuple[Place, ...]
    home: str | None
    today: date


def ready_question(store: Store, actor: Actor, at: Instant) -> Ready:
    """Return what the dialog begins with."""
    kinds = tuple(flow for key, flow in workflows(store).items() if key not in OTHERWISE)
    home = home_units(store, actor.login, store.today(at))
    return Ready(kinds, places(store, actor, at), home[0] if home else None, store.today(at))


class NewMatterDialog(FillingDialog[str]):
    """Gives the number of the matter opened, or of the one that was there already.

    | Key | Does |
    |---|---|
    | `Enter` | takes a suggestion, or opens the matter |
    | `Tab` | goes to the next field |
    """

    def __init__(self) -> None:
        super().__init__()
        self._ready: Ready | None = None

    def title_text(self) -> str:
        """Return the title."""
        return t("matters_ui.title_new")

    def content(self) -> list[Widget]:
        """Return the fields; the kinds come with the store's answer."""
        rows = {name: self._text_row(name) for name in _TEXTS}
        classes = [("", t("forms.unsaid"))]
        classes += [(value.value, t(f"areas.{value}")) for value in LandClass]
        land = Choice(classes, "", id="new-land")
        return [
            Row(t("matters_ui.col_kind"), Static("", id="new-kind-place"), remark=False),
            rows["title"],
            PlaceField(t("matters_ui.fact_unit"), id="new-unit"),
            PlaceField(t("matters_ui.field_place"), id="new-place"),
            rows["location"],
            rows["party"],
            Row(t("matters_ui.fact_land"), land, remark=False),
            *(rows[name] for name in ("area", "since", "source", "text")),
            self.writes_line(),
        ]

    def _text_row(self, name: str) -> Row:
        hints = {"area": t("forms.area_hint"), "since": t("forms.day_hint")}
        field = Input(id=f"new-{name}", compact=True, placeholder=hints.get(name, ""))
        return Row(t(f"matters_ui.new_{name}"), field, remark=False)

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("matters_ui.new_keys")

    def on_mount(self) -> None:
        """Ask what may be opened; one may type meanwhile."""
        super().on_mount()
        self.set_focus(self._input("title"))
        self.ask(ready_question, self._begin)

    async def _begin(self, found: Ready) -> None:
        self._ready = found
        if not found.kinds:
            self.complain(t("matters.no_workflows"))
            return
        options = [(flow.key, kind_word(flow)) for flow in found.kinds]
        row = self.query_one("#new-kind-place").parent
        assert isinstance(row, Row)
        await self.query_one("#new-kind-place").remove()
        await row.mount(Choice(options, options[0][0], id="new-kind"))
        self.query_one("#new-unit", PlaceField).know(found.places, found.home)
        self.query_one("#new-place", PlaceField).know(found.places)
        self._say()

    def _input(self, name: str) -> Input:
        return self.query_one(f"#new-{name}", Input)

    def on_input_changed(self) -> None:
        """Say what would now be written."""
        self.complain("")
        self._say()

    def on_choice_changed(self) -> None:
        """Say what would now be written."""
        if self._ready is not None:
            self._say()

    def on_place_field_taken(self) -> None:
        """Say what would now be written."""
        self._say()

    def _kind(self) -> Workflow | None:
        found = self.query("#new-kind").results(Choice)
        ready = self._ready
        for choice in found:
            assert ready is not None
            return next(flow for flow in ready.kinds if flow.key == choice.value)
        return None

    def _say(self) -> None:
        kind = self._kind()
        unit = self.query_one("#new-unit", PlaceField)
        if kind is None:
            return
        named = unit.field.value.strip() if unit.code else t("words.no_value")
        title = self._input("title").value.strip() or t("words.no_value")
        text = t("matters_ui.writes_new", kind=kind_word(kind), title=title, unit=named)
        self.say_writes(text)

    # -- writing ---------------------------------------------------------------------------------

    def _about(self, kind: Workflow, unit: str, today: date) -> Subject:
        """Return what was typed; raises UsageError for an area or a day that cannot be read.

        What is seen on the ground lies in its unit's own place where no other is named.
        """
        texts = {name: self._input(name).value.strip() for name in _TEXTS}
        place = self.query_one("#new-place", PlaceField)
        if not place.blank and place.code is None:
            raise Refused("matters_ui.place_unread", text=place.field.value)
        return Subject(
            texts["title"],
            place=place.code or (unit if kind.key in ALIKE else ""),
            location=texts["location"],
            party=texts["party"],
            land_class=self.query_one("#new-land", Choice).value,
            area=parse_area(texts["area"]) if texts["area"] else None,
            existed_since=parse_day(texts["since"], today) if texts["since"] else None,
            source=texts["source"],
        )

    def action_write(self) -> None:
        """Look for the same one first, then open it; once."""
        kind, ready = self._kind(), self._ready
        unit = self.query_one("#new-unit", PlaceField).code
        if self.writing or kind is None or ready is None:
            return
        if unit is None:
            self.complain(t("matters_ui.unit_missing"))
            return
        try:
            about = self._about(kind, unit, ready.today)
        except LianluoError as error:
            self.refuse(error)
            return
        self.writing = True

        def question(store: Store, _actor: Actor, at: Instant) -> list[MatterView]:
            return near(store, about, at) if kind.key in ALIKE and about.title else []

        def looked(found: list[MatterView]) -> None:
            if found:
                self._offer(found, kind.key, unit, about)
            else:
                self._open(kind.key, unit, about)

        self.act(question, looked, refused=self.refused)

    def _offer(self, found: list[MatterView], kind: str, unit: str, about: Subject) -> None:
        """Offer what is there already near it; the new one stands last."""
        options = [(view.matter.number, near_line(view)) for view in found]
        options.append((_NEW, t("matters_ui.near_new")))

        def chosen(key: str | None) -> None:
            if key is None:
                self.writing = False
            elif key == _NEW:
                self._open(kind, unit, about)
            else:
                self._same(key, about)

        self.app.push_screen(PickDialog("matters_ui.near_title", options), chosen)

    def _open(self, kind: str, unit: str, about: Subject) -> None:
        text = self._input("text").value.strip()

        def question(store: Store, actor: Actor, at: Instant) -> str:
            return matters.open_matter(store, actor, kind, unit, about, at, text=text).number

        self.act(question, self.dismiss, refused=self.refused)

    def _same(self, number: str, about: Subject) -> None:
        """Add what was typed to the matter that is there already."""
        parts = (about.title, about.location, about.source, self._input("text").value.strip())
        text = t("matters_ui.same_again", text="  ".join(part for part in parts if part))

        def question(store: Store, actor: Actor, at: Instant) -> str:
            return matters.remark(store, actor, number, text, at).matter.number

        self.act(question, self.dismiss, refused=self.refused)
