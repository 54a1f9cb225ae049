"""The forms of what is done to a matter: each says what it will write before it writes it."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from actions import matter_dates, matter_ends, matters
from actions.matters import MatterView
from actions.turns import Closing, Possible, Turn, last_doer
from catalogue import render, t
from domain.deadlines import Suspension
from domain.errors import LianluoError, Message, Refused
from domain.instants import Instant, parse_day
from domain.matter_refusals import check_step
from domain.matters import moved_dues
from domain.people import Actor
from domain.texts import visible
from domain.workflows import Outcome
from storage.store import Store
from tui.desk import Question
from tui.matter_words import (
    due_word,
    head_words,
    outcome_word,
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


def _head(found: Possible) -> tuple[Content, ...]:
    matter = found.view.matter
    where = visible(matter.location)
    first = Content.styled(head_words(matter, found.view.workflow), "bold")
    return (first, Content.styled(where, "$quiet")) if where else (first,)


def _steps(chosen: Turn, turns: list[Turn]) -> Field | None:
    """Return the choice among several open steps."""
    if len(turns) < 2:
        return None
    options = tuple(
        (turn.open.step.key, step_word(turn.open.step, turn.open.round)) for turn in turns
    )
    return Field("step", t("matters_ui.field_step"), chosen.open.step.key, options=options)


def _turn_of(found: Possible, chosen: Turn, values: Values) -> Turn:
    return found.turn(values.get("step", "")) or chosen


def _day(text: str, today: date) -> date:
    return parse_day(text, today)


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
        turn = _turn_of(found, chosen, values)
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
        key = _turn_of(found, chosen, values).open.step.key
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
        _steps(chosen, mine),
        verdict,
        reason,
        Field("text", t(label), hint=t("matters_ui.hint_text")),
    )
    return Form(title, _head(found), asked, writes, write)


def extension_form(found: Possible, step: str | None = None) -> Form[MatterView]:
    """Return the form that asks for an extension, or answers the one that was asked (R12)."""
    chosen = chosen_turn(found, step)
    waiting = [turn for turn in found.turns if turn.open.asked is not None]
    if waiting and chosen.open.asked is None and step is None:
        chosen = waiting[0]
    if chosen.open.asked is not None:
        return _answer_form(found, chosen)
    permit(chosen.asking)
    if chosen.open.due_at is None:
        raise Refused("matters.extension_earlier")
    matter = found.view.matter
    mine = [
        turn
        for turn in found.turns
        if turn.asking is None and turn.open.due_at and not _asked(turn)
    ]

    def writes(values: Values) -> str:
        turn = _turn_of(found, chosen, values)
        due = due_word(found.zone, turn.open.due_at, found.today)
        if not values["until"]:
            return t("matters_ui.writes_until", due=due)
        until = _day(values["until"], found.today)
        name = step_word(turn.open.step, turn.open.round)
        return t("matters_ui.writes_ask", step=name, due=due, until=until)

    def write(values: Values) -> Question[MatterView]:
        key = _turn_of(found, chosen, values).open.step.key
        until = _day(values["until"], found.today)

        def question(store: Store, actor: Actor, at: Instant) -> MatterView:
            return matter_dates.ask_extension(
                store, actor, matter.number, key, until, values["text"], at
            )

        return question

    return Form(
        t("matters_ui.title_ask_extension"),
        _head(found),
        fields(
            _steps(chosen, mine),
            Field("until", t("matters_ui.field_until"), hint=t("matters_ui.hint_day")),
            Field("text", t("matters_ui.field_why")),
        ),
        writes,
        write,
    )


def _asked(turn: Turn) -> bool:
    return turn.open.asked is not None


def _answer_form(found: Possible, chosen: Turn) -> Form[MatterView]:
    permit(chosen.answering)
    asked, opened = chosen.open.asked, chosen.open
    assert asked is not None
    matter = found.view.matter
    name = step_word(opened.step, opened.round)
    said = t(
        "matters_ui.asked",
        step=name,
        who=visible(asked.login),
        at=found.zone.show(asked.at)[:16],
        until=asked.until,
        why=visible(asked.text),
    )
    options = ((GRANTED, t("matters_ui.grant")), (REFUSED, t("matters_ui.refuse")))

    def writes(values: Values) -> str:
        due = due_word(found.zone, opened.due_at, found.today)
        if values["verdict"] == REFUSED:
            return t("matters_ui.writes_refuse", step=name, due=due)
        return t("matters_ui.writes_grant", step=name, due=due, until=asked.until)

    def write(values: Values) -> Question[MatterView]:
        def question(store: Store, actor: Actor, at: Instant) -> MatterView:
            return matter_dates.answer_extension(
                store,
                actor,
                matter.number,
                opened.step.key,
                values["verdict"] == GRANTED,
                values["text"],
                at,
            )

        return question

    return Form(
        t("matters_ui.title_answer_extension"),
        (*_head(found), Content(said)),
        (
            Field("verdict", t("matters_ui.field_verdict"), GRANTED, options=options),
            Field("text", t("matters_ui.field_text")),
        ),
        writes,
        write,
    )


def suspension_form(found: Possible) -> Form[MatterView]:
    """Return the form that lets the clocks stand still for some days (R12)."""
    matter = found.view.matter
    if found.view.state.closed_at is not None:
        raise Refused("matters.closed", number=matter.number)
    permit(found.granting)

    def read(values: Values) -> Suspension:
        first, last = (_day(values[name], found.today) for name in ("first", "last"))
        return Suspension(first, last, values["text"])

    def writes(values: Values) -> str:
        if not values["first"] or not values["last"]:
            return t("matters_ui.writes_suspend_first")
        added = read(values)
        moved = moved_dues(found.view.state, added, found.zone, found.calendar)
        words = [
            t(
                "matters_ui.moves",
                step=step_word(row.step, row.round),
                due=due_word(found.zone, row.due_at, found.today),
                to=due_word(found.zone, moved[row.step.key], found.today),
            )
            for row in found.view.state.open
            if row.step.key in moved
        ]
        if not words:
            return t("matters_ui.writes_suspend_none", first=added.first, last=added.last)
        return t("matters_ui.writes_suspend", first=added.first, last=added.last, moves=words)

    def write(values: Values) -> Question[MatterView]:
        added = read(values)

        def question(store: Store, actor: Actor, at: Instant) -> MatterView:
            return matter_dates.suspend(store, actor, matter.number, added, at)

        return question

    return Form(
        t("matters_ui.title_suspend"),
        _head(found),
        (
            Field("first", t("matters_ui.field_first"), found.today.isoformat()),
            Field("last", t("matters_ui.field_last"), hint=t("matters_ui.hint_day")),
            Field("text", t("matters_ui.field_why")),
        ),
        writes,
        write,
    )


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
        (*_head(found), *(Content.styled(line, "$quiet") for line in barred)),
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
        _head(found),
        (
            Field("step", t("matters_ui.field_from"), options[-1][0], options=options),
            Field("text", t("matters_ui.field_why")),
        ),
        writes,
        write,
    )


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
    return Form(t("matters_ui.title_remark"), _head(found), asked, writes, write)


def notice_form(found: Possible, step: str) -> Form[MatterView]:
    """Return the form that signs for a notice, replies to it, or reviews the reply."""
    check_step(found.view.state, found.view.workflow, found.view.matter.number, step)
    return step_form(found, step, alone=True)


def explain_form(found: Possible) -> Form[MatterView]:
    """Return the form that explains a contradicted zero with one of the reasons (R17)."""
    check_step(found.view.state, found.view.workflow, found.view.matter.number, "explain")
    return step_form(found, "explain", alone=True)
