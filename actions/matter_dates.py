"""The dates of a matter's steps: asked later, granted, and clocks that stand still (R12)."""

from __future__ import annotations

from datetime import date

from actions.matter_recording import entry_after, record, require_turn
from actions.matters import MatterView, show, standing
from actions.people import require_on
from domain import matter_refusals as refusals
from domain import matters as rules
from domain.deadlines import Suspension
from domain.errors import Refused
from domain.instants import Instant
from domain.matters import Act, subject
from domain.people import Actor
from domain.permissions import Action
from storage import steps as step_rows
from storage.store import Store


def ask_extension(
    store: Store, actor: Actor, number: str, step: str, until: date, reason: str, at: Instant
) -> MatterView:
    """Ask for a later date, before the due instant and with a reason (R12)."""
    with store.connection.writing():
        view = standing(store, number, at)
        found = refusals.check_step(view.state, view.workflow, view.matter.number, step)
        require_turn(store, actor, view.matter, found.step, at)
        refusals.check_extension_asked(found, store.zone.end_of(until), at, reason)
        entry = entry_after(
            view.entries, actor, at, Act.ASK_EXTENSION, step=step, text=reason.strip(), until=until
        )
        record(store, actor, view.matter, view.workflow, entry)
    return show(store, number, at)


def answer_extension(
    store: Store, actor: Actor, number: str, step: str, granted: bool, text: str, at: Instant
) -> MatterView:
    """Grant or refuse an extension; never by who asked. The first deadline is kept (R12)."""
    with store.connection.writing():
        view = standing(store, number, at)
        matter = view.matter
        found = refusals.check_step(view.state, view.workflow, matter.number, step)
        require_on(store, actor, Action.GRANT, at, rules.responsible(found.step, matter))
        for login in (actor.real_login, actor.login):
            asked = refusals.check_extension_answered(found, login)
        act = Act.GRANT_EXTENSION if granted else Act.REFUSE_EXTENSION
        assert asked.until is not None
        dues = {step: store.zone.end_of(asked.until)} if granted else {}
        if granted:
            refusals.check_extension_granted(found, dues[step])
        entry = entry_after(
            view.entries, actor, at, act, step=step, text=text, dues=dues, until=asked.until
        )
        record(store, actor, matter, view.workflow, entry)
        for key, due_at in dues.items():
            step_rows.move(store.connection, subject(matter.number, key, found.round), due_at, at)
    return show(store, number, at)


def suspend(
    store: Store, actor: Actor, number: str, suspension: Suspension, at: Instant
) -> MatterView:
    """Let a matter's clocks stand still for a range of days; open steps are dated anew (R12)."""
    if not suspension.reason.strip():
        raise Refused("matters.reason_missing")
    with store.connection.writing():
        view = standing(store, number, at)
        matter, state = view.matter, view.state
        refusals.check_open(state, matter.number)
        require_on(store, actor, Action.GRANT, at, matter.unit)
        dues = rules.moved_dues(state, suspension, store.zone, store.calendar)
        entry = entry_after(
            view.entries,
            actor,
            at,
            Act.SUSPEND,
            text=suspension.reason,
            dues=dues,
            suspension=suspension,
        )
        record(store, actor, matter, view.workflow, entry)
        for row in state.open:
            if row.step.key in dues:
                name = subject(matter.number, row.step.key, row.round)
                step_rows.move(store.connection, name, dues[row.step.key], at)
    return show(store, number, at)
