"""The forms that move a matter's dates: extensions and suspensions (R12)."""

from __future__ import annotations

from textual.content import Content

from actions import matter_dates
from actions.matters import MatterView
from actions.turns import Possible, Turn
from catalogue import t
from domain.deadlines import Suspension
from domain.errors import Refused
from domain.instants import Instant, parse_day
from domain.matters import moved_dues
from domain.people import Actor
from domain.texts import visible
from storage.store import Store
from tui.desk import Question
from tui.matter_words import due_word, step_word
from tui.views.matter_forms import (
    GRANTED,
    REFUSED,
    chosen_turn,
    head_lines,
    permit,
    step_choice,
    turn_of,
)
from tui.widgets.form import Field, Form, Values, fields


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
        turn = turn_of(found, chosen, values)
        due = due_word(found.zone, turn.open.due_at, found.today)
        if not values["until"]:
            return t("matters_ui.writes_until", due=due)
        until = parse_day(values["until"], found.today)
        name = step_word(turn.open.step, turn.open.round)
        return t("matters_ui.writes_ask", step=name, due=due, until=until)

    def write(values: Values) -> Question[MatterView]:
        key = turn_of(found, chosen, values).open.step.key
        until = parse_day(values["until"], found.today)

        def question(store: Store, actor: Actor, at: Instant) -> MatterView:
            return matter_dates.ask_extension(
                store, actor, matter.number, key, until, values["text"], at
            )

        return question

    return Form(
        t("matters_ui.title_ask_extension"),
        head_lines(found),
        fields(
            step_choice(chosen, mine),
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
        (*head_lines(found), Content(said)),
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
        first, last = (parse_day(values[name], found.today) for name in ("first", "last"))
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
        head_lines(found),
        (
            Field("first", t("matters_ui.field_first"), found.today.isoformat()),
            Field("last", t("matters_ui.field_last"), hint=t("matters_ui.hint_day")),
            Field("text", t("matters_ui.field_why")),
        ),
        writes,
        write,
    )
