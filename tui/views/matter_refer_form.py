"""The form that hands a case over to another body (R15)."""

from __future__ import annotations

from actions import matters, referring
from actions.matters import MatterView
from actions.turns import Possible
from catalogue import t
from domain.errors import Refused
from domain.instants import Instant
from domain.people import Actor
from domain.units import Unit
from storage.store import Store
from tui.desk import Question
from tui.views.matter_forms import head_lines, permit
from tui.widgets.fitting import name_of
from tui.widgets.form import Field, Form, Values


def check_referable(found: Possible) -> None:
    """Raise what stands against handing a matter over."""
    matter = found.view.matter
    if matter.workflow not in matters.ALIKE:
        raise Refused("matters.refer_kind", number=matter.number)
    permit(found.working)


def refer_form(found: Possible, to: Unit) -> Form[MatterView]:
    """Return the form that opens the transfer of a case and says why."""
    matter = found.view.matter

    def writes(values: Values) -> str:  # noqa: ARG001 - every form takes its values
        return t("matters_ui.writes_refer", number=matter.number, unit=name_of(to))

    def write(values: Values) -> Question[MatterView]:
        def question(store: Store, actor: Actor, at: Instant) -> MatterView:
            made = referring.refer(store, actor, matter.number, to.code, values["text"], at)
            return matters.show(store, made.number, at)

        return question

    why = Field("text", t("matters_ui.field_why"), hint=t("matters_ui.hint_refer"))
    return Form(t("matters_ui.title_refer"), head_lines(found), (why,), writes, write)
