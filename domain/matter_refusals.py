"""What is refused of a matter: a turn that has not come, a lone closing, a late extension (R15)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from domain.errors import Message, Refused
from domain.instants import Instant
from domain.matters import Act, Entry, MatterState, OpenStep, merged_into
from domain.workflows import Outcome, Step, Workflow


def check_open(state: MatterState, number: str) -> None:
    """Refuse to act on a matter that is closed."""
    if state.closed_at is not None:
        raise Refused("matters.closed", number=number)


def check_step(state: MatterState, workflow: Workflow, number: str, key: str) -> OpenStep:
    """Return the open step of a key; refuse one that is done or whose turn has not come."""
    workflow.step(key)
    check_open(state, number)
    found = state.open_step(key)
    if found is None:
        raise Refused(
            "matters.step_not_open",
            number=number,
            step=workflow.step(key).title,
            open=[step.step.title for step in state.open] or ["—"],
        )
    return found


def check_extension_asked(found: OpenStep, until: Instant, at: Instant, reason: str) -> None:
    """Refuse an extension asked without a reason, after the due instant, or to an earlier date."""
    if not reason.strip():
        raise Refused("matters.reason_missing")
    if found.due_at is None or until <= found.due_at:
        raise Refused("matters.extension_earlier")
    if at > found.due_at:
        raise Refused("matters.extension_late")


def check_extension_answered(found: OpenStep, login: str) -> Entry:
    """Return the request to be answered; refuse where none was made, or by the asker (R12)."""
    if found.asked is None:
        raise Refused("matters.extension_not_asked", step=found.step.title)
    if login in (found.asked.login, found.asked.real_login):
        raise Refused("matters.same_person")
    return found.asked


def check_extension_granted(found: OpenStep, until: Instant) -> None:
    """Refuse to grant a date that a suspension has left behind meanwhile."""
    if found.due_at is None or until <= found.due_at:
        raise Refused("matters.extension_earlier")


def check_closing(
    state: MatterState,
    workflow: Workflow,
    number: str,
    outcome: Outcome,
    evidence: str,
    logins: Sequence[str],
) -> None:
    """Refuse a closing without evidence, before its state, or by the person of the last step.

    "Closed" and "fixed" are different facts, and two people say them (R15): nor does who brought
    the matter to the state that the outcome needs close it, whatever was done since.
    """
    check_open(state, number)
    needs = workflow.outcomes.get(outcome)
    name = outcome_title(outcome)
    if needs is None:
        known: list[object] = [outcome_title(outcome) for outcome in workflow.outcomes]
        raise Refused(
            "matters.outcome_unknown",
            outcome=name,
            workflow=workflow.title,
            outcomes=known or ["—"],
        )
    if needs not in state.reached:
        step = next(step for step in workflow.steps if step.done == needs)
        raise Refused("matters.outcome_early", outcome=name, step=step.title)
    if not evidence.strip():
        raise Refused("matters.evidence_missing")
    said = [entry for step, entry in state.done if step.done == needs and entry.act is Act.DONE]
    for entry in (state.doer, *said[-1:]):
        if {entry.login, entry.real_login} & set(logins):
            raise Refused("matters.same_person")


def check_words(step: Step, text: str, reason: str) -> None:
    """Refuse a step done without the words, or without one of the reasons, that it asks for."""
    if step.reasons and reason not in step.reasons:
        raise Refused("matters.reconcile_reason", reason=reason or "—", reasons=list(step.reasons))
    if step.text and not text.strip():
        raise Refused("matters.evidence_missing")


def check_reviewer(state: MatterState, step: Step, logins: Sequence[str]) -> None:
    """Refuse a review by the person who did what is reviewed (R15)."""
    for done, entry in reversed(state.done):
        if done.key == step.returns:
            if {entry.login, entry.real_login} & set(logins):
                raise Refused("matters.same_person")
            return


def check_reopening(state: MatterState, number: str, step: Step) -> None:
    """Refuse to open again what is not closed, or at a step that the matter never came to."""
    if state.closed_at is None:
        raise Refused("matters.not_closed", number=number)
    if step.after not in state.reached:
        raise Refused("matters.step_never", number=number, step=step.title)


def check_same(state: MatterState, workflow: Workflow, number: str, alike: Collection[str]) -> None:
    """Refuse to see a finding again in what is closed, or in what nobody sees on the ground."""
    if workflow.key not in alike:
        raise Refused("matters.same_kind", number=number, workflow=workflow.title)
    if state.closed_at is not None:
        raise Refused("matters.same_closed", number=number)


def check_merging(entries: Sequence[Entry], number: str, into: str) -> None:
    """Refuse to merge a matter in which something was done already."""
    if any(entry.act not in (Act.OPEN, Act.REMARK, Act.SIGHT) for entry in entries):
        raise Refused("matters.same_begun", number=number, into=into)


def check_unmerged(entries: Sequence[Entry], number: str) -> None:
    """Refuse to open again what goes on under another number."""
    into = merged_into(entries)
    if into:
        raise Refused("matters.merged", number=number, into=into)


def outcome_title(outcome: Outcome) -> Message:
    """Return the name of an outcome with the word that commands take."""
    return Message("matters.outcome", name=Message(f"words.outcome_{outcome}"), key=outcome.value)
