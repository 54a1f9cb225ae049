"""Workflows are data: ordered steps, each with a limit by the date it starts from (R12, R15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from domain.deadlines import Limit
from domain.errors import Message, UsageError
from domain.units import in_force


class Outcome(StrEnum):
    """How a matter ends (R15)."""

    RESTORED = "restored"
    DEMOLISHED = "demolished"
    REGULARISED = "regularised"
    UNFOUNDED = "unfounded"
    TRANSFERRED = "transferred"


class Party(StrEnum):
    """Whose turn a step is: the unit that answers for the matter, or the one that opened it."""

    UNIT = "unit"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: it starts when the matter is in the state `after` and leads to the state `done`.

    `ends`: with it the matter is over. `returns`: the step that opens again when it is refused.
    """

    key: str
    done: str
    after: str
    zh: str
    en: str
    by: Party = Party.UNIT
    ends: bool = False
    returns: str = ""


@dataclass(frozen=True, slots=True)
class Workflow:
    """The steps of one kind of matter, in order; `outcomes` name the state each needs first."""

    key: str
    zh: str
    en: str
    prefix: str
    opens: str
    steps: tuple[Step, ...]
    outcomes: Mapping[Outcome, str]

    def step(self, key: str) -> Step:
        """Return a step; raises UsageError for a key that the workflow does not have."""
        for step in self.steps:
            if step.key == key:
                return step
        raise UsageError(
            "workflows.step_unknown",
            step=key,
            workflow=Message("workflows.name", zh=self.zh, en=self.en),
            steps=[step.key for step in self.steps],
        )

    def after(self, state: str) -> tuple[Step, ...]:
        """Return the steps that start when the matter reaches a state."""
        return tuple(step for step in self.steps if step.after == state)


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The time a step may take when it starts within the dates of effect, with its source."""

    workflow: str
    step: str
    after: str
    limit: Limit
    effective_from: date | None = None
    effective_to: date | None = None
    source: str = ""
    status: str = ""

    @property
    def local_default(self) -> bool:
        """Return whether no law sets this limit."""
        return self.status == "local default"


def limit_for(
    limits: Sequence[StepLimit], workflow: str, step: Step, after: str, day: date
) -> StepLimit | None:
    """Return the limit of a step that starts on `day` after the state `after`, or None (R12).

    A limit for exactly that state wins; of several in effect, the one that came into effect last.
    """
    best: StepLimit | None = None
    for state in dict.fromkeys((after, step.after)):
        for row in limits:
            if (
                (row.workflow, row.step, row.after) == (workflow, step.key, state)
                and in_force(row.effective_from, row.effective_to, day)
                and (
                    best is None
                    or (row.effective_from or date.min) >= (best.effective_from or date.min)
                )
            ):
                best = row
        if best is not None:
            return best
    return None


def workflows_from_table(table: Mapping[str, Any]) -> dict[str, Workflow]:
    """Return the workflows of a plain table; raises UsageError naming what is wrong."""
    found = {key: _workflow(key, row) for key, row in table.items()}
    prefixes: dict[str, str] = {}
    for workflow in found.values():
        other = prefixes.setdefault(workflow.prefix, workflow.key)
        if other != workflow.key:
            raise UsageError(
                "workflows.prefix_twice", prefix=workflow.prefix, one=other, other=workflow.key
            )
    return found


_STEP_KEYS = {"key", "done", "after", "zh", "en", "by", "ends", "returns"}
_WORKFLOW_KEYS = {"zh", "en", "prefix", "opens", "steps", "outcomes"}


def _workflow(key: str, row: object) -> Workflow:
    if not isinstance(row, Mapping):
        raise UsageError("workflows.bad", workflow=key, item=key)
    for item in row:
        if item not in _WORKFLOW_KEYS:
            raise UsageError("workflows.bad", workflow=key, item=item)
    try:
        prefix = str(row["prefix"])
        if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and len(prefix) <= 3):
            raise UsageError("workflows.bad", workflow=key, item=f"prefix = {prefix}")
        steps = tuple(_step(key, step) for step in row["steps"])
        workflow = Workflow(
            key,
            str(row["zh"]),
            str(row["en"]),
            prefix,
            str(row["opens"]),
            steps,
            {Outcome(outcome): str(state) for outcome, state in row.get("outcomes", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError("workflows.bad", workflow=key, item=str(error)) from error
    _check(workflow)
    return workflow


def _step(workflow: str, row: Mapping[str, Any]) -> Step:
    for item in row:
        if item not in _STEP_KEYS:
            raise UsageError("workflows.bad", workflow=workflow, item=item)
    return Step(
        str(row["key"]),
        str(row["done"]),
        str(row["after"]),
        str(row["zh"]),
        str(row["en"]),
        Party(row.get("by", "unit")),
        bool(row.get("ends", False)),
        str(row.get("returns", "")),
    )


def _check(workflow: Workflow) -> None:
    keys = [step.key for step in workflow.steps]
    reached = {workflow.opens}
    if not keys or len(set(keys)) != len(keys):
        raise UsageError("workflows.bad", workflow=workflow.key, item="steps")
    for step in workflow.steps:
        if step.after not in reached:
            raise UsageError("workflows.bad", workflow=workflow.key, item=f"after = {step.after}")
        if step.done in reached or "/" in step.key or "#" in step.key:
            raise UsageError("workflows.bad", workflow=workflow.key, item=f"done = {step.done}")
        if step.returns and step.returns not in keys[: keys.index(step.key)]:
            raise UsageError(
                "workflows.bad", workflow=workflow.key, item=f"returns = {step.returns}"
            )
        reached.add(step.done)
    for state in workflow.outcomes.values():
        if state not in reached:
            raise UsageError("workflows.bad", workflow=workflow.key, item=f"outcomes: {state}")
    if not workflow.outcomes and not any(step.ends for step in workflow.steps):
        raise UsageError("workflows.bad", workflow=workflow.key, item="ends")


def workflows_to_table(workflows: Mapping[str, Workflow]) -> dict[str, Any]:
    """Return the workflows as plain values, as `workflows_from_table` reads them."""
    return {
        key: {
            "zh": workflow.zh,
            "en": workflow.en,
            "prefix": workflow.prefix,
            "opens": workflow.opens,
            "steps": [
                {
                    "key": step.key,
                    "done": step.done,
                    "after": step.after,
                    "zh": step.zh,
                    "en": step.en,
                    "by": step.by.value,
                    "ends": step.ends,
                    "returns": step.returns,
                }
                for step in workflow.steps
            ],
            "outcomes": {outcome.value: state for outcome, state in workflow.outcomes.items()},
        }
        for key, workflow in workflows.items()
    }
