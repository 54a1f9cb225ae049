"""How a matter ends, and how it is opened again (R15)."""

from __future__ import annotations

from actions.matter_recording import end, entry_after, record, rounds_of, starts_of
from actions.matters import MatterView, show, standing
from actions.people import require_on
from domain import matter_refusals as refusals
from domain.errors import Refused
from domain.instants import Instant
from domain.matters import Act
from domain.people import Actor
from domain.permissions import Action
from domain.workflows import Outcome
from storage import matters as rows
from storage.store import Store


def close(
    store: Store, actor: Actor, number: str, outcome: Outcome, evidence: str, at: Instant
) -> MatterView:
    """Close a matter with its outcome and evidence, by a second person (R15)."""
    with store.connection.writing():
        view = standing(store, number, at)
        require_on(store, actor, Action.STEP, at, view.matter.unit)
        logins = (actor.login, actor.real_login)
        refusals.check_closing(
            view.state, view.workflow, view.matter.number, outcome, evidence, logins
        )
        entry = entry_after(
            view.entries, actor, at, Act.CLOSE, text=evidence.strip(), outcome=outcome
        )
        record(store, actor, view.matter, view.workflow, entry)
        end(store, view.matter, view.state.open, at)
    return show(store, number, at)


def reopen(
    store: Store, actor: Actor, number: str, step: str, reason: str, at: Instant
) -> MatterView:
    """Open a closed matter again at a step, with a reason; it is counted (R15)."""
    if not reason.strip():
        raise Refused("matters.reason_missing")
    with store.connection.writing():
        view = standing(store, number, at)
        target = view.workflow.step(step)
        refusals.check_unmerged(view.entries, view.matter.number)
        refusals.check_reopening(view.state, view.matter.number, target)
        require_on(store, actor, Action.GRANT, at, view.matter.unit)
        started = starts_of(
            store, view.workflow, target.after, at, view.state, rounds_of(view.entries), only=step
        )
        entry = entry_after(
            view.entries, actor, at, Act.REOPEN, step=step, text=reason, starts=started
        )
        record(store, actor, view.matter, view.workflow, entry)
        rows.set_closed(store.connection, view.matter.number, None)
    return show(store, number, at)
