"""What whoever looks at a matter may do with it now, and why not the rest (R12, R15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from actions.matters import MatterView, show
from actions.people import require_on
from domain import matter_refusals
from domain import matters as rules
from domain.calendar import Calendar
from domain.errors import LianluoError, Message
from domain.instants import Instant, Zone
from domain.matters import Act, OpenStep, Started
from domain.people import Actor
from domain.permissions import Action
from domain.values import dataclass
from domain.workflows import Outcome, Step
from storage import workflows
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Turn:
    """An open step; why the actor may not do it, or answer for its date, None where he may.

    `asking` is about asking for an extension, `answering` about granting or refusing the one that
    was asked. `next` are the steps that start once it is done, `back` those of a return.
    """

    open: OpenStep
    doing: Message | None
    asking: Message | None
    answering: Message | None
    next: tuple[Started, ...]
    back: tuple[Started, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """An outcome, and why the actor cannot close the matter with it now; None where he can."""

    outcome: Outcome
    refusal: Message | None


@dataclass(frozen=True, slots=True)
class Possible:
    """What an actor may do with a matter as of `at`; `reopenings` are the steps it came to."""

    view: MatterView
    at: Instant
    today: date
    zone: Zone
    calendar: Calendar
    turns: tuple[Turn, ...]
    closings: tuple[Closing, ...]
    reopenings: tuple[Step, ...]
    granting: Message | None
    working: Message | None

    def turn(self, step: str) -> Turn | None:
        """Return the turn of an open step, or None."""
        return next((turn for turn in self.turns if turn.open.step.key == step), None)


def possible(store: Store, actor: Actor, number: str, at: Instant) -> Possible:
    """Return what the actor may do now with a matter; raises NotFound for an unknown number."""
    with store.reading():
        view = show(store, number, at)
        matter, state, flow = view.matter, view.state, view.workflow
        logins = (actor.login, actor.real_login)

        def closing(outcome: Outcome) -> None:
            require_on(store, actor, Action.STEP, at, matter.unit)
            # What the evidence says is still to be written.
            matter_refusals.check_closing(state, flow, matter.number, outcome, "-", logins)

        return Possible(
            view,
            at,
            store.today(at),
            store.zone,
            store.calendar,
            tuple(_turn(store, actor, view, found, at) for found in state.open),
            tuple(
                Closing(outcome, _refusal(partial(closing, outcome))) for outcome in flow.outcomes
            ),
            tuple(step for step in flow.steps if step.after in state.reached)
            if state.closed_at is not None
            else (),
            _refusal(lambda: require_on(store, actor, Action.GRANT, at, matter.unit)),
            _refusal(lambda: require_on(store, actor, Action.STEP, at, matter.unit)),
        )


def _turn(store: Store, actor: Actor, view: MatterView, found: OpenStep, at: Instant) -> Turn:
    unit = rules.responsible(found.step, view.matter)
    logins = (actor.login, actor.real_login)

    def doing() -> None:
        require_on(store, actor, Action.STEP, at, unit)
        matter_refusals.check_reviewer(view.state, found.step, logins)

    def asking() -> None:
        require_on(store, actor, Action.STEP, at, unit)
        if found.due_at is not None:
            # Any later date will do here; which one is still to be said.
            matter_refusals.check_extension_asked(found, found.due_at + 1, at, "-")

    def answering() -> None:
        require_on(store, actor, Action.GRANT, at, unit)
        for login in logins:
            matter_refusals.check_extension_answered(found, login)

    return Turn(
        found,
        _refusal(doing),
        _refusal(asking),
        _refusal(answering),
        () if found.step.ends else _starts(store, view, found.step.done, at),
        _starts(store, view, "", at, only=found.step.returns) if found.step.returns else (),
    )


def _refusal(check: Callable[[], object]) -> Message | None:
    """Return why a check refuses, None where it does not."""
    try:
        check()
    except LianluoError as error:
        return error.message
    return None


def _starts(
    store: Store, view: MatterView, state: str, at: Instant, only: str | None = None
) -> tuple[Started, ...]:
    rounds: dict[str, int] = {}
    for entry in view.entries:
        for start in entry.starts:
            rounds[start.step] = start.round
    return rules.starts(
        view.workflow,
        workflows.step_limits(store.connection),
        view.workflow.step(only).after if only else state,
        at,
        store.zone,
        store.calendar,
        view.state.suspensions,
        rounds,
        only,
        [found.step.key for found in view.state.open],
    )


def last_doer(view: MatterView) -> str:
    """Return the login of who did the last step, or opened the matter: not the second person."""
    done = [entry for _, entry in view.state.done if entry.act is Act.DONE]
    return (done[-1] if done else view.state.doer).login
