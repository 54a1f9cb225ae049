"""The forms of what is done to a matter: each says what it will write before it writes it."""

from __future__ import annotations

from textual.content import Content

from actions import matters
from actions.matters import MatterView
from actions.turns import Possible, Turn
from catalogue import t
from domain.errors import Message, Refused
from domain.instants import Instant
from domain.matter_refusals import check_step
from domain.people import Actor
from domain.texts import visible
from storage.store import Store
from tui.desk import Question
from tui.matter_words import (
    head_words,
    reason_word,
    started_words,
    step_word,
)
from tui.widgets.form import Field, Form, Values, fields

DONE, RETURNED = "done", "returned"
GRANTED, REFUSED = "granted", "refused"


def chosen_turn(found: Possible, step: str | None) -> Turn:
    """Return the turn of the step in hand, else the one that falls due first.

    Raises Refused where no step is open.
    """
    by_key = found.turn(step) if step else None
    if by_key is not None:
        return by_key
    rulings = [turn for turn in found.turns if turn.doing is None] or list(found.turns)
    if not rulings:
        key = "matters.closed" if found.view.state.closed_at else "matters_ui.no_step"
        raise Refused(key, number=found.view.matter.number)
    return min(rulings, key=lambda turn: (turn.open.due_at is None, turn.open.due_at or 0))


def permit(refusal: Message | None) -> None:
    """Raise what stands against an act."""
    if refusal is not None:
        raise Refused(refusal.key, **refusal.params)


def head_lines(found: Possible) -> tuple[Content, ...]:
    """Return what the form is about: the matter, and where it lies."""
    matter = found.view.matter
    where = visible(matter.location)
    first = Content.styled(head_words(matter, found.view.workflow), "bold")
    return (first, Content.styled(where, "$quiet")) if where else (first,)


def step_choice(chosen: Turn, turns: list[Turn]) -> Field | None:
    """Return the choice among several open steps."""
    if len(turns) < 2:
        return None
    options = tuple(
        (turn.open.step.key, step_word(turn.open.step, turn.open.round)) for turn in turns
    )
    return Field("step", t("matters_ui.field_step"), chosen.open.step.key, options=options)


def turn_of(found: Possible, chosen: Turn, values: Values) -> Turn:
    """Return the turn of the step that was chosen in the form."""
    return found.turn(values.get("step", "")) or chosen


def step_form(found: Possible, step: str | None = None, *, alone: bool = False) -> Form[MatterView]:
    """Return the form that does a step, or returns what it reviews.

    Where several may be done it offers them, unless the step is to be done `alone`.
    """
    chosen = chosen_turn(found, step)
    permit(chosen.doing)
    matter, flow = found.view.matter, found.view.workflow
    mine = [turn for turn in found.turns if turn.doing is None]
    of_step = chosen.open.step
    if alone or of_step.returns or of_step.reasons:
        mine = [chosen]
    else:
        mine = [turn for turn in mine if not turn.open.step.returns and not turn.open.step.reasons]
    verdict = None
    if of_step.returns:
        options = ((DONE, t("matters_ui.accept")), (RETURNED, t("matters_ui.return")))
        verdict = Field("verdict", t("matters_ui.field_verdict"), DONE, options=options)
    reason = None
    if of_step.reasons:
        reasons = tuple((key, reason_word(key)) for key in of_step.reasons)
        reason = Field("reason", t("matters_ui.field_reason"), options=reasons)

    def writes(values: Values) -> str:
        turn = turn_of(found, chosen, values)
        name = step_word(turn.open.step, turn.open.round)
        if values.get("verdict") == RETURNED:
            back = started_words(flow, turn.back, found.zone, found.today)
            return t("matters_ui.writes_return", step=name, starts=back)
        if turn.open.step.ends:
            return t("matters_ui.writes_end", number=matter.number, step=name)
        if turn.next:
            starts = started_words(flow, turn.next, found.zone, found.today)
            return t("matters_ui.writes_step", number=matter.number, step=name, starts=starts)
        return t("matters_ui.writes_last", number=matter.number, step=name)

    def write(values: Values) -> Question[MatterView]:
        key = turn_of(found, chosen, values).open.step.key
        returned = values.get("verdict") == RETURNED

        def question(store: Store, actor: Actor, at: Instant) -> MatterView:
            return matters.do_step(
                store,
                actor,
                matter.number,
                key,
                at,
                text=values["text"],
                returned=returned,
                reason=values.get("reason", ""),
            )

        return question

    label = "matters_ui.field_text" if not of_step.text else "matters_ui.field_words"
    name = step_word(of_step, chosen.open.round)
    title = t("matters_ui.title_step", step=name) if len(mine) < 2 else t("matters_ui.title_next")
    asked = fields(
        step_choice(chosen, mine),
        verdict,
        reason,
        Field("text", t(label), hint=t("matters_ui.hint_text")),
    )
    return Form(title, head_lines(found), asked, writes, write)


def remark_form(found: Possible) -> Form[MatterView]:
    """Return the form that adds a remark."""
    permit(found.working)
    matter = found.view.matter

    def writes(values: Values) -> str:  # noqa: ARG001 - every form takes its values
        return t("matters_ui.writes_remark", number=matter.number)

    def write(values: Values) -> Question[MatterView]:
        def question(store: Store, actor: Actor, at: Instant) -> MatterView:
            return matters.remark(store, actor, matter.number, values["text"], at)

        return question

    asked = (Field("text", t("matters_ui.field_remark")),)
    return Form(t("matters_ui.title_remark"), head_lines(found), asked, writes, write)


def notice_form(found: Possible, step: str) -> Form[MatterView]:
    """Return the form that signs for a notice, replies to it, or reviews the reply."""
    check_step(found.view.state, found.view.workflow, found.view.matter.number, step)
    return step_form(found, step, alone=True)


def explain_form(found: Possible) -> Form[MatterView]:
    """Return the form that explains a contradicted zero with one of the reasons (R17)."""
    check_step(found.view.state, found.view.workflow, found.view.matter.number, "explain")
    return step_form(found, "explain", alone=True)
