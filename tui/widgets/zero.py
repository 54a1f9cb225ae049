"""The dialog of a zero report: planned, patrolled, a note, Enter."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

import catalogue
from actions.reporting import Receipt, file_zero
from actions.today import Filing, filing
from catalogue import t
from domain.errors import LianluoError
from domain.instants import Instant
from domain.people import Actor
from domain.units import Unit
from storage.store import Store
from tui.widgets.dialog import Dialog
from tui.widgets.fields import CountInput
from tui.words import status_word, unit_name
from tui.zero import Scope, patrols, scope, sentence


class ZeroDialog(Dialog[Receipt]):
    """Files a zero report; it opens at once with what the view knows, and asks for the rest.

    | Key | Does |
    |---|---|
    | `Enter` | files, from any field |
    | `Esc` | leaves without filing |
    """

    DEFAULT_CSS = """
    ZeroDialog .line { height: 1; margin-bottom: 1; }
    ZeroDialog .line > Static { width: auto; padding: 0 1 0 0; }
    ZeroDialog .line > .after { padding: 0 3 0 1; }
    ZeroDialog .line > Input { width: 1fr; }
    ZeroDialog .line > CountInput { width: 9; }
    ZeroDialog #sentence { color: $accent; height: auto; }
    ZeroDialog #would-be { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "file", "keys.file", id="file", tooltip="keys.file_help"),
    ]

    def __init__(self, unit: Unit, day: date, planned: int | None, patrolled: str = "") -> None:
        """Take what the view knows: unit, day, the planned areas carried over."""
        super().__init__()
        self._unit = unit
        self._day = day
        self._planned = "" if planned is None else str(planned)
        self._patrolled = patrolled
        self._filing = False

    def title_text(self) -> str:
        """Return whose zero it is, and of which day."""
        weekday = t(f"words.weekday_{self._day.weekday()}")
        return t("forms.zero_title", unit=unit_name(self._unit), day=self._day, weekday=weekday)

    def content(self) -> list[Widget]:
        """Return the fields, the sentence, and what filing would make of the day."""
        kind = "patrol" if patrols(self._unit) else "duty"
        reason = Horizontal(
            Static(t("forms.reason")), Input(id="reason", compact=True), classes="line"
        )
        reason.id = "reason-line"
        reason.display = False
        return [
            Horizontal(
                Static(t(f"forms.planned_{kind}")),
                CountInput(self._planned, id="planned"),
                Static(t(f"forms.count_{kind}"), classes="after"),
                Static(t(f"forms.patrolled_{kind}")),
                CountInput(self._patrolled, id="patrolled"),
                Static(t(f"forms.count_{kind}"), classes="after"),
                classes="line",
            ),
            Horizontal(Static(t("forms.note")), Input(id="note", compact=True), classes="line"),
            reason,
            Static("", id="sentence", markup=False),
            Static("", id="would-be", markup=False),
        ]

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("forms.zero_keys")

    def on_mount(self) -> None:
        """Take the focus at once: whoever types `z6` and Enter in one go loses no key."""
        super().on_mount()
        self.set_focus(self.query_one("#patrolled" if self._planned else "#planned", Input))
        self._say_sentence()
        unit, day = self._unit.code, self._day

        def question(store: Store, actor: Actor, at: Instant) -> Filing:
            return filing(store, actor, unit, day, at)

        self.ask(question, self._know)

    def _know(self, found: Filing) -> None:
        text = t("forms.would_be", status=status_word(found.would_be))
        if found.standing:
            text = t("forms.already_filed", receipt=found.standing[-1].receipt)
        elif not found.may_file:
            text = t("forms.may_not", unit=unit_name(found.unit))
        elif found.locked and not found.may_file_locked:
            text = t("forms.locked")
        elif found.locked:
            text = t("forms.locked_admin", status=status_word(found.would_be))
            self.query_one("#reason-line").display = True
        self.query_one("#would-be", Static).update(text)

    def on_input_changed(self) -> None:
        """Say what would now be written."""
        self.complain("")
        self._say_sentence()

    def _say_sentence(self) -> None:
        found = self._scope()
        text = t("forms.patrolled_first") if found.problem else sentence(self._unit, found.areas)
        self.query_one("#sentence", Static).update(text)

    def _scope(self) -> Scope:
        return scope(
            self._unit,
            self.query_one("#planned", Input).value,
            self.query_one("#patrolled", Input).value,
        )

    def on_input_submitted(self) -> None:
        """File, from whichever field."""
        self.action_file()

    def action_file(self) -> None:
        """File what stands in the fields; once."""
        if self._filing:
            return
        found = self._scope()
        if found.problem:
            self.complain(found.problem)
            return
        self._filing = True
        unit, day, areas = self._unit.code, self._day, found.areas
        note = self.query_one("#note", Input).value
        reason = self.query_one("#reason", Input).value

        def question(store: Store, actor: Actor, at: Instant) -> Receipt:
            return file_zero(store, actor, unit, day, at, areas=areas, note=note, reason=reason)

        self.act(question, self.dismiss, refused=self._refused)

    def action_back(self) -> None:
        """Leave, unless the report is being written."""
        if not self._filing:
            super().action_back()

    def _refused(self, error: LianluoError) -> None:
        self._filing = False
        self.complain(catalogue.render(error.message))
