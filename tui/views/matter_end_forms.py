"""The forms that close a matter and open it again (R15)."""

from __future__ import annotations

from textual.content import Content

from actions import matter_ends
from actions.matters import MatterView
from actions.turns import Closing, Possible, last_doer
from catalogue import render, t
from domain.errors import LianluoError, Refused
from domain.instants import Instant
from domain.people import Actor
from domain.texts import visible
from domain.workflows import Outcome
from storage.store import Store
from tui.desk import Question
from tui.matter_words import outcome_word, step_word
from tui.views.matter_forms import (
    head_lines,
    permit,
)
from tui.widgets.form import Field, Form, Values


def closing_form(found: Possible) -> Form[MatterView]:
    """Return the form that closes a matter, or say why nobody or not this person can (R15)."""
    matter = found.view.matter
    if found.view.state.closed_at is not None:
        raise Refused("matters.closed", number=matter.number)
    permit(found.working)
    possible = [row for row in found.closings if row.refusal is None]
    if not possible:
        raise _why_not(found)
    options = tuple((row.outcome.value, outcome_word(row.outcome)) for row in possible)
    barred = [_barred(found, row) for row in found.closings if row.refusal is not None]

    def writes(values: Values) -> str:
        outcome = Outcome(values["outcome"])
        left = [step_word(row.step, row.round) for row in found.view.state.open]
        key = "matters_ui.writes_close_left" if left else "matters_ui.writes_close"
        return t(key, number=matter.number, outcome=outcome_word(outcome), left=left)

    def write(values: Values) -> Question[MatterView]:
        outcome = Outcome(values["outcome"])

        def question(store: Store, actor: Actor, at: Instant) -> MatterView:
            return matter_ends.close(store, actor, matter.number, outcome, values["text"], at)

        return question

    return Form(
        t("matters_ui.title_close"),
        (*head_lines(found), *(Content.styled(line, "$quiet") for line in barred)),
        (
            Field("outcome", t("matters_ui.field_outcome"), options=options),
            Field("text", t("matters_ui.field_evidence"), hint=t("matters_ui.hint_evidence")),
        ),
        writes,
        write,
    )


def _why_not(found: Possible) -> LianluoError:
    """Return why the actor cannot close a matter now: who, or which step, is wanted."""
    view = found.view
    number = view.matter.number
    for row in found.closings:
        if row.refusal is not None and row.refusal.key == "matters.same_person":
            return Refused("matters_ui.second_person", number=number, login=last_doer(view))
    if not found.closings:
        return Refused("matters_ui.closes_itself", number=number, step=_ends(found))
    first = found.closings[0].refusal
    assert first is not None
    return Refused(first.key, **first.params)


def _ends(found: Possible) -> str:
    return next((step_word(step) for step in found.view.workflow.steps if step.ends), "")


def _barred(found: Possible, row: Closing) -> str:
    assert row.refusal is not None
    if row.refusal.key == "matters.same_person":
        return t(
            "matters_ui.barred_second",
            outcome=outcome_word(row.outcome),
            login=visible(last_doer(found.view)),
        )
    return render(row.refusal)


def reopening_form(found: Possible) -> Form[MatterView]:
    """Return the form that opens a closed matter again at a step (R15)."""
    matter = found.view.matter
    if found.view.state.closed_at is None:
        raise Refused("matters.not_closed", number=matter.number)
    permit(found.granting)
    options = tuple((step.key, step_word(step)) for step in found.reopenings)

    def writes(values: Values) -> str:
        step = found.view.workflow.step(values["step"])
        count = found.view.state.reopened + 1
        return t(
            "matters_ui.writes_reopen", number=matter.number, step=step_word(step), count=count
        )

    def write(values: Values) -> Question[MatterView]:
        def question(store: Store, actor: Actor, at: Instant) -> MatterView:
            return matter_ends.reopen(
                store, actor, matter.number, values["step"], values["text"], at
            )

        return question

    return Form(
        t("matters_ui.title_reopen"),
        head_lines(found),
        (
            Field("step", t("matters_ui.field_from"), options[-1][0], options=options),
            Field("text", t("matters_ui.field_why")),
        ),
        writes,
        write,
    )
