"""What keys do to a matter, the same wherever one is in hand: in the list, on its page."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from actions.assisting import Duties, answers, can_be_asked
from actions.matters import MatterView
from actions.referring import receiving
from actions.turns import Possible, possible
from catalogue import t
from domain.errors import LianluoError, Refused
from domain.instants import Instant
from domain.matters import Matter
from domain.people import Actor
from domain.permissions import Action, refusal, scopes_of
from domain.units import Unit
from storage.store import Store
from tui.asking import Asks
from tui.desk import Question
from tui.views import matter_forms as forms
from tui.views.matter_date_forms import extension_form, suspension_form
from tui.views.matter_end_forms import closing_form, reopening_form
from tui.widgets.fitting import name_of
from tui.widgets.form import Form, FormDialog


def possible_question(number: str) -> Question[Possible]:
    """Ask what may be done with a matter."""

    def question(store: Store, actor: Actor, at: Instant) -> Possible:
        return possible(store, actor, number, at)

    return question


class MatterActs(Asks):
    """A mixin of the keys of one matter; list it after the Textual class, whose looks hold.

    | Key | Does |
    |---|---|
    | `n` | does the next step |
    | `x` | asks for an extension, or answers the one that was asked |
    | `p` | suspends |
    | `c` | closes |
    | `o` | opens again |
    | `r` | adds a remark |
    | `f` | asks other units for assistance |
    | `F` | hands the case over to another body |
    | `i` | opens a new matter |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next_step", "keys.next_step", id="next_step", tooltip="keys.next_step_help"),
        Binding("c", "close", "keys.close", id="close", tooltip="keys.close_help"),
        Binding("x", "extend", "keys.extend", id="extend", tooltip="keys.extend_help"),
        Binding("f", "assist", "keys.assist", id="assist", tooltip="keys.assist_help"),
        Binding("F", "refer", "keys.refer", show=False, id="refer", tooltip="keys.refer_help"),
        Binding("r", "remark", "keys.remark", id="remark", tooltip="keys.remark_help"),
        Binding("p", "suspend", "keys.suspend", id="suspend", tooltip="keys.suspend_help"),
        Binding("o", "reopen", "keys.reopen", id="reopen", tooltip="keys.reopen_help"),
        Binding("i", "new", "keys.new", id="new", tooltip="keys.new_help"),
    ]

    @abstractmethod
    def matter_in_hand(self) -> str | None:
        """Return the number of the matter that keys are about."""

    def step_in_hand(self) -> str | None:
        """Return the step that keys are about; None: whichever falls due first."""
        return None

    @abstractmethod
    def acted(self, number: str, told: str) -> None:
        """Look again: something was done to a matter; say what."""

    # -- the acts --------------------------------------------------------------------------------

    def _fill(self, make: Callable[[Possible], Form[MatterView]]) -> None:
        """Ask what may be done, and open the form that is made of it."""
        number = self.matter_in_hand()
        if number is None:
            self.program.say(t("matters_ui.none_in_hand"))
            return

        def opened(found: Possible) -> None:
            try:
                form = make(found)
            except LianluoError as error:
                self.program.show_error(error)
                return
            self.program.say("")
            self.program.push_screen(FormDialog(form), self._written)

        self.ask(possible_question(number), opened, group="possible")

    def _written(self, view: MatterView | None) -> None:
        if view is not None:
            number = view.matter.number
            self.acted(number, t("matters_ui.written", number=number))

    def action_next_step(self) -> None:
        """Do the step in hand."""
        step = self.step_in_hand()
        self._fill(lambda found: forms.step_form(found, step))

    def action_extend(self) -> None:
        """Ask for an extension of the step in hand, or answer the one that was asked."""
        step = self.step_in_hand()
        self._fill(lambda found: extension_form(found, step))

    def action_suspend(self) -> None:
        """Let the matter's clocks stand still for some days."""
        self._fill(suspension_form)

    def action_close(self) -> None:
        """Close the matter with its outcome and evidence."""
        self._fill(closing_form)

    def action_reopen(self) -> None:
        """Open a closed matter again."""
        self._fill(reopening_form)

    def action_remark(self) -> None:
        """Add a remark."""
        self._fill(forms.remark_form)

    def action_assist(self) -> None:
        """Ask other units for what their duty says."""
        number = self.matter_in_hand()
        if number is None:
            self.program.say(t("matters_ui.none_in_hand"))
            return

        def question(
            store: Store, actor: Actor, at: Instant
        ) -> tuple[Possible, list[Duties], set[str]]:
            found = possible(store, actor, number, at)
            waiting = {
                each.matter.unit
                for each in answers(store, number, at)
                if each.state.closed_at is None
            }
            return found, can_be_asked(store, at), waiting

        def opened(answer: tuple[Possible, list[Duties], set[str]]) -> None:
            from tui.widgets.assist import AssistDialog

            found, units, waiting = answer
            try:
                if found.view.state.closed_at is not None:
                    raise Refused("matters.closed", number=number)
                forms.permit(found.working)
            except LianluoError as error:
                self.program.show_error(error)
                return
            self.program.say("")
            self.program.push_screen(AssistDialog(found, units, waiting), self._asked)

        self.ask(question, opened, group="possible")

    def _asked(self, asked: list[Matter] | None) -> None:
        if asked:
            numbers = [matter.number for matter in asked]
            self.acted(asked[0].parent, t("matters_ui.asked_units", numbers=numbers))

    def action_refer(self) -> None:
        """Choose a body, and hand the case over to it."""
        number = self.matter_in_hand()
        if number is None:
            self.program.say(t("matters_ui.none_in_hand"))
            return

        def question(
            store: Store, actor: Actor, at: Instant
        ) -> tuple[Possible, dict[str, Unit], str]:
            found = possible(store, actor, number, at)
            bodies = {unit.code: unit for unit in receiving(store, at)}
            return found, bodies, found.view.matter.unit

        def opened(answer: tuple[Possible, dict[str, Unit], str]) -> None:
            from tui.views.matter_refer_form import check_referable, refer_form
            from tui.widgets.pick_dialog import PickDialog

            found, bodies, own = answer
            try:
                check_referable(found)
            except LianluoError as error:
                self.program.show_error(error)
                return
            self.program.say("")
            options = [
                (code, f"{name_of(unit)}  {code}") for code, unit in bodies.items() if code != own
            ]

            def chosen(code: str | None) -> None:
                if code is not None:
                    form = refer_form(found, bodies[code])
                    self.program.push_screen(FormDialog(form), self._referred)

            self.program.push_screen(PickDialog("matters_ui.title_refer", options), chosen)

        self.ask(question, opened, group="possible")

    def _referred(self, view: MatterView | None) -> None:
        if view is not None:
            matter = view.matter
            told = t("matters_ui.referred", number=matter.number, unit=name_of(view.unit))
            self.acted(matter.parent, told)

    def action_new(self) -> None:
        """Open a new matter; who works on none anywhere is told so."""
        from tui.widgets.new_matter import NewMatterDialog

        who = self.program.who
        if who is not None and not scopes_of(Action.STEP, who.roles):
            self.program.show_error(refusal(Action.STEP, who.login))
            return
        self.program.say("")
        self.program.push_screen(NewMatterDialog(), self._opened_new)

    def _opened_new(self, number: str | None) -> None:
        if number is not None:
            self.acted(number, t("matters_ui.opened_new", number=number))
