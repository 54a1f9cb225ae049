"""Issuing a notice: to one unit, or to all that missed their last days; seen before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from actions import notices
from catalogue import t
from domain.errors import LianluoError, Refused
from domain.instants import Instant, parse_day
from domain.matters import Matter
from domain.people import Actor
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from storage import units
from storage.store import Store
from storage.units import Selection
from tui.places import Place, places
from tui.widgets.confirm import ConfirmDialog
from tui.widgets.fields import Choice, CountInput, Row
from tui.widgets.filling import FillingDialog
from tui.widgets.fitting import name_of
from tui.widgets.place_field import PlaceField

ONE, MISSED = "one", "missed"


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice as typed: to `codes`; `names` are those units', `left` those that one may not."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    left: tuple[str, ...]
    title: str
    text: str
    reply_by: date | None


class IssueDialog(ConfirmDialog):
    """Shows the notice as it will be issued."""

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("supervision_ui.confirm_keys")


class NoticeDialog(FillingDialog[list[Matter]]):
    """Gives the notices issued.

    | Key | Does |
    |---|---|
    | `Enter` | takes a suggestion, or shows the notice before it is issued |
    | `Tab` | goes to the next field |
    """

    def __init__(self, unit: str | None) -> None:
        """Take the unit to begin with, or None."""
        super().__init__()
        self._unit = unit
        self._today: date | None = None

    def title_text(self) -> str:
        """Return the title."""
        return t("supervision_ui.title_issue")

    def content(self) -> list[Widget]:
        """Return the fields."""
        targets = [
            (ONE, t("supervision_ui.to_one")),
            (MISSED, t("supervision_ui.to_missed")),
        ]
        day = Input(id="notice-by", compact=True, placeholder=t("supervision_ui.hint_by"))
        missed = Row(t("supervision_ui.field_days"), CountInput("3", id="notice-days"))
        missed.id = "notice-missed"
        return [
            Row(t("supervision_ui.field_to"), Choice(targets, ONE, id="notice-to"), remark=False),
            PlaceField(t("supervision_ui.field_unit"), id="notice-unit"),
            missed,
            Row(t("matters_ui.new_title"), Input(id="notice-title", compact=True), remark=False),
            Row(
                t("supervision_ui.field_text"), Input(id="notice-text", compact=True), remark=False
            ),
            Row(t("supervision_ui.field_by"), day, remark=False),
            self.writes_line(),
        ]

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("supervision_ui.issue_keys")

    def on_mount(self) -> None:
        """Begin with the unit, or with the title where it is known."""
        super().on_mount()
        self._show_target()
        self.set_focus(
            self._input("title") if self._unit else self.query_one("#notice-unit", PlaceField).field
        )

        def question(store: Store, actor: Actor, at: Instant) -> tuple[tuple[Place, ...], date]:
            return places(store, actor, at), store.today(at)

        def known(answer: tuple[tuple[Place, ...], date]) -> None:
            self._today = answer[1]
            self.query_one("#notice-unit", PlaceField).know(answer[0], self._unit)

        self.ask(question, known)

    def _input(self, name: str) -> Input:
        return self.query_one(f"#notice-{name}", Input)

    @property
    def _target(self) -> str:
        return self.query_one("#notice-to", Choice).value

    def _show_target(self) -> None:
        one = self._target == ONE
        self.query_one("#notice-unit").display = one
        self.query_one("#notice-missed").display = not one
        said = "supervision_ui.writes_one" if one else "supervision_ui.writes_missed"
        self.say_writes(t(said))

    def on_choice_changed(self) -> None:
        """Ask for what the target needs."""
        if self.is_mounted:
            self.complain("")
            self._show_target()

    def on_input_changed(self) -> None:
        """Take back what was said of the fields."""
        self.complain("")

    def action_write(self) -> None:
        """Rehearse the issue, and show what it would write."""
        if self.writing or self._today is None:
            return
        unit = self.query_one("#notice-unit", PlaceField).code
        title, text = self._input("title").value.strip(), self._input("text").value.strip()
        try:
            by = self._input("by").value.strip()
            reply_by = parse_day(by, self._today) if by else None
            if self._target == ONE and unit is None:
                raise Refused("supervision_ui.unit_missing")
        except LianluoError as error:
            self.refuse(error)
            return
        days = int(self._input("days").value or 0)
        one = (unit or "",) if self._target == ONE else None
        self.writing = True

        def question(store: Store, actor: Actor, at: Instant) -> Draft:
            wanted = one or tuple(notices.missing_units(store, days, Selection(), at))
            codes, left = _permitted(store, actor, wanted, at, whole=one is not None)
            notices.issue(store, actor, codes, title, text, at, reply_by=reply_by, dry_run=True)
            found = units.by_code(store.connection, [*codes, *left])
            return Draft(
                tuple(codes),
                tuple(name_of(found[code]) for code in codes),
                tuple(name_of(found[code]) for code in left),
                title,
                text,
                reply_by,
            )

        self.act(question, self._rehearsed, refused=self.refused)

    def _rehearsed(self, draft: Draft) -> None:
        self.writing = False
        heading = t("supervision_ui.confirm_title", count=len(draft.codes))
        self.app.push_screen(
            IssueDialog(heading, draft_lines(draft)),
            lambda yes: self._issue(draft) if yes else None,
        )

    def _issue(self, draft: Draft) -> None:
        self.writing = True

        def question(store: Store, actor: Actor, at: Instant) -> list[Matter]:
            return notices.issue(
                store, actor, draft.codes, draft.title, draft.text, at, reply_by=draft.reply_by
            )

        self.act(question, self.dismiss, refused=self.refused)


def _permitted(
    store: Store, actor: Actor, wanted: Sequence[str], at: Instant, *, whole: bool
) -> tuple[list[str], list[str]]:
    """Return the units to which the actor may issue, and the others; `whole` leaves none out."""
    found: dict[str, Unit] = units.by_code(store.connection, wanted)
    if whole:
        return list(wanted), []
    codes: list[str] = []
    left: list[str] = []
    for code in wanted:
        try:
            notices.issuing_unit(store, actor, found[code], at)
        except Refused:
            left.append(code)
        else:
            codes.append(code)
    return codes, left


def draft_lines(draft: Draft) -> list[Content]:
    """Return the notice as it will be issued, line by line."""
    lines = [
        Content.styled(visible(draft.title), "bold"),
        Content(visible(draft.text)),
        Content(""),
        Content(t("supervision_ui.confirm_to", count=len(draft.names), units=list(draft.names))),
    ]
    if draft.left:
        left = t("supervision_ui.confirm_left", units=list(draft.left))
        lines.append(Content.styled(left, "$quiet"))
    if draft.reply_by is not None:
        lines.append(Content(t("supervision_ui.confirm_by", day=draft.reply_by)))
    return lines
