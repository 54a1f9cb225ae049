"""The dialog of one finding: fields, what is wrong beside each, places found as one types."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from catalogue import t
from domain.areas import LandClass, in_hectares, in_mu, parse_area
from domain.errors import LianluoError
from domain.findings import Finding
from tui.drafts import AREAS, FindingDraft, Problems, read_finding
from tui.places import Place, matching
from tui.widgets.dialog import Dialog
from tui.widgets.fields import Choice, Row
from tui.widgets.units import Suggestions
from tui.words import unit_name

_TEXTS = ("location", "party", "use", "existed_since")
_SUGGESTED = 5


class FindingDialog(Dialog[FindingDraft]):
    """Gives the finding as typed, once nothing in it is wrong.

    | Key | Does |
    |---|---|
    | `Enter` | takes the suggestion of the place, or is done |
    | `Tab` | goes to the next field |
    | `Esc` | leaves without a change |
    """

    DEFAULT_CSS = """
    FindingDialog Row > .label { width: 17; }
    FindingDialog Row > .remark { width: 31; }
    FindingDialog Suggestions { margin: 0 0 0 17; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "done", "keys.done", id="done", tooltip="keys.done_help"),
        Binding("down", "step(1)", "keys.down", show=False),
        Binding("up", "step(-1)", "keys.up", show=False),
    ]

    def __init__(
        self, draft: FindingDraft, no: int, day: date, today: date, places: tuple[Place, ...]
    ) -> None:
        """Take the finding as it stands, its number, the report's day, and the registry."""
        super().__init__()
        self._draft = draft
        self._no = no
        self._day = day
        self._today = today
        self._places = places
        self._touched: set[str] = set()

    def title_text(self) -> str:
        """Return the finding's number."""
        return t("report.finding", no=self._no)

    def content(self) -> list[Widget]:
        """Return the fields, the place first."""
        draft = self._draft
        classes = [(value.value, t(f"forms.class_{value}")) for value in LandClass]
        yes_no = [
            ("", t("forms.unsaid")),
            ("yes", t("report.answer_yes")),
            ("no", t("report.answer_no")),
        ]
        projects = [
            *yes_no,
            ("national", t("report.answer_national")),
            ("provincial", t("report.answer_provincial")),
        ]
        place = Input(
            self._place_text(draft.place),
            id="place",
            compact=True,
            placeholder=t("forms.place_hint"),
        )
        return [
            Row(t("report.fact_place"), place),
            Suggestions(),
            *(self._text_row(name) for name in ("location", "party")),
            Row(
                t("report.fact_land_class"),
                Choice(classes, draft.land_class, id="land_class"),
                remark=False,
            ),
            *(self._text_row(name) for name in AREAS),
            *(self._text_row(name) for name in ("use", "existed_since")),
            Row(
                t("report.fact_conforms_plan"),
                Choice(yes_no, draft.conforms_plan, id="conforms_plan"),
                remark=False,
            ),
            Row(
                t("report.fact_approved"),
                Choice(yes_no, draft.approved, id="approved"),
                remark=False,
            ),
            Row(
                t("report.fact_key_project"),
                Choice(projects, draft.key_project, id="key_project"),
                remark=False,
            ),
        ]

    def _text_row(self, name: str) -> Row:
        hint = t("forms.area_hint") if name in AREAS else ""
        if name == "existed_since":
            hint = t("forms.day_hint")
        field = Input(
            getattr(self._draft, name),
            id=name,
            compact=True,
            placeholder=hint,
            select_on_focus=name in AREAS,
        )
        return Row(t(f"report.fact_{name}"), field)

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("forms.finding_keys")

    def on_mount(self) -> None:
        """Begin in the place, or in the location where the place is known."""
        super().on_mount()
        self.set_focus(self._input("location" if self._draft.place else "place"))
        for name in AREAS:
            self._convert(name)

    def _input(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    def _row(self, name: str) -> Row:
        row = self.query_one(f"#{name}").parent
        assert isinstance(row, Row)
        return row

    # -- place -----------------------------------------------------------------------------------

    def _place_text(self, code: str) -> str:
        found = next((place for place in self._places if place.unit.code == code), None)
        return code if found is None else f"{code} {unit_name(found.unit)}"

    def _place(self) -> Place | None:
        """Return the place that the field names: by its code, or by a name that is one's only."""
        text = self._input("place").value.strip()
        code = text.split(" ", 1)[0]
        by_code = [place for place in self._places if place.unit.code == code]
        by_name = [place for place in self._places if text.lower() in place.names]
        found = by_code or by_name
        return found[0] if len(found) == 1 else None

    def _suggest(self) -> None:
        text = self._input("place").value
        suggestions = self.query_one(Suggestions)
        place = self._place()
        settled = place is not None and text.strip() == self._place_text(place.unit.code)
        wanted = self._input("place").has_focus and not settled
        suggestions.show(matching(self._places, text, _SUGGESTED) if wanted else [])

    def _take(self, place: Place) -> None:
        self._input("place").value = self._place_text(place.unit.code)
        self.query_one(Suggestions).show([])
        self._row("place").say("")
        self.set_focus(self._input("location"))

    def on_suggestions_chosen(self, event: Suggestions.Chosen) -> None:
        """Take the place clicked."""
        self._take(event.place)

    def action_step(self, step: int) -> None:
        """Move among the suggestions, or to the next field where there are none."""
        suggestions = self.query_one(Suggestions)
        if suggestions.found:
            suggestions.move(step)
        elif step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    # -- checking --------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Suggest places, convert areas, and take back what was said of the field."""
        name = event.input.id or ""
        self._touched.add(name)
        if name == "place":
            self._row("place").say("")
            self._suggest()
        elif name in AREAS:
            self._convert(name)
        else:
            self._row(name).say("")

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Say what is wrong with a field once it is left."""
        name = event.widget.id or ""
        if name == "place":
            self.query_one(Suggestions).show([])
        problem = self._problems().get(name) if name in self._touched else None
        if problem:
            self._row(name).say(problem, wrong=True)

    def _convert(self, name: str) -> None:
        """Show an area in the other two measures (R16)."""
        text = self._input(name).value
        if not text.strip():
            self._row(name).say("")
            return
        try:
            area = parse_area(text)
        except LianluoError:
            self._row(name).say(t("forms.area_unread"), wrong=True)
            return
        self._row(name).say(
            t(
                "forms.converted",
                area=f"{area:,}",
                mu=f"{float(in_mu(area)):,.2f}",
                hectares=f"{float(in_hectares(area)):,.4f}",
            )
        )

    def _typed(self) -> FindingDraft:
        values: dict[str, str] = {}
        for field in fields(FindingDraft):
            name = field.name
            if name in (*_TEXTS, *AREAS):
                values[name] = self._input(name).value
            elif name not in ("place", "source", "same_as"):
                values[name] = self.query_one(f"#{name}", Choice).value
        place = self._place()
        typed = replace(self._draft, **values, place="" if place is None else place.unit.code)
        moved = (typed.place, typed.location) != (self._draft.place, self._draft.location)
        return replace(typed, same_as="") if moved else typed

    def _problems(self) -> Problems:
        problems: Problems = {}
        if self._input("place").value.strip() and self._place() is None:
            problems["place"] = t("forms.place_unread")
        read = read_finding(self._typed(), self._no, self._day, self._today)
        return problems if isinstance(read, Finding) else problems | read

    def _show(self, problems: Problems) -> None:
        for name, text in problems.items():
            if name in (*_TEXTS, *AREAS, "place"):
                self._row(name).say(text, wrong=True)

    def on_input_submitted(self) -> None:
        """Take the suggestion, or be done."""
        self.action_done()

    def action_done(self) -> None:
        """Give the finding, or go to the first field that is wrong."""
        suggestions = self.query_one(Suggestions)
        if suggestions.selected is not None and self._input("place").has_focus:
            self._take(suggestions.selected)
            return
        problems = self._problems()
        if not problems:
            self.dismiss(self._typed())
            return
        self._show(problems)
        first = next(
            row for row in ("place", "location", *AREAS, "existed_since") if row in problems
        )
        self.set_focus(self._input(first))
