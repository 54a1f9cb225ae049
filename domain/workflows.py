"""Workflows are data: ordered steps, each with a limit by the date it starts from (R12, R15)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from domain.deadlines import Limit
from domain.errors import Message, Named, Refused, UsageError
from domain.units import in_force
from domain.values import dataclass


class Outcome(StrEnum):
    """How a matter ends (R15)."""

    RESTORED = "restored"
    DEMOLISHED = "demolished"
    REGULARISED = "regularised"
    UNFOUNDED = "unfounded"
    TRANSFERRED = "transferred"


class Party(StrEnum):
    """Whose turn a step is: the unit that answers for the matter, or the one that opened it.

    A step may name a unit by its code instead.
    """

    UNIT = "unit"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: it starts when the matter is in the state `after` and leads to the state `done`.

    `ends`: with it the matter is over. `returns`: the step that opens again when it is refused.
    `text`: it is not done without words; `reasons`: nor without one of these. `by` is a `Party`,
    or the code of the unit whose turn it is in every matter.
    """

    key: str
    done: str
    after: str
    zh: str
    en: str
    by: str = Party.UNIT
    ends: bool = False
    returns: str = ""
    text: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def title(self) -> Named:
        """Return the step's name with the key that commands take."""
        return Named(f"{self.zh}({self.key})", self.key)

    @property
    def named_unit(self) -> str:
        """Return the code of the unit that the step names, blank where it names a party."""
        return "" if self.by in tuple(Party) else self.by


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

    @property
    def title(self) -> Named:
        """Return the workflow's name."""
        return Named(self.zh, self.en)

    def step(self, key: str) -> Step:
        """Return a step; raises UsageError for a key that the workflow does not have."""
        for step in self.steps:
            if step.key == key:
                return step
        raise UsageError(
            "workflows.step_unknown",
            step=key,
            workflow=self.title,
            steps=[step.title for step in self.steps],
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


_TEXTS = ("zh", "en")
_STEP_KEYS = {"key", "done", "after", *_TEXTS, "by", "ends", "returns", "text", "reasons"}
_WORKFLOW_KEYS = {*_TEXTS, "prefix", "opens", "steps", "outcomes"}
_PREFIX = re.compile(r"[A-Z]{1,3}", re.ASCII)
_KEY = re.compile(r"[^\s/#]+")
_CODE = re.compile(r"[^a-z_-]")
"""What the code of a unit has and a mistyped party has not."""


def _bad(workflow: str, problem: str, step: str = "", /, **params: object) -> UsageError:
    """Return the error of a workflow, with the step where it is a step's."""
    return UsageError(
        "workflows.bad_step" if step else "workflows.bad",
        workflow=workflow,
        step=step,
        problem=Message(f"workflows.{problem}", **params),
    )


def _workflow(key: str, row: object) -> Workflow:
    if not isinstance(row, Mapping):
        raise _bad(key, "no_table", key=key)
    if not _KEY.fullmatch(key):
        raise _bad(key, "key_bad", key=key)
    _known(key, "", row, _WORKFLOW_KEYS)
    prefix = _text(key, "", row, "prefix")
    if not _PREFIX.fullmatch(prefix):
        raise _bad(key, "prefix_bad", prefix=prefix)
    steps = row.get("steps")
    if not isinstance(steps, (list, tuple)) or not steps:
        raise _bad(key, "steps_missing")
    workflow = Workflow(
        key,
        _text(key, "", row, "zh"),
        _text(key, "", row, "en"),
        prefix,
        _text(key, "", row, "opens"),
        tuple(_step(key, number, step) for number, step in enumerate(steps, 1)),
        _outcomes(key, row.get("outcomes", {})),
    )
    _check(workflow)
    return workflow


def _known(workflow: str, step: str, row: Mapping[str, Any], keys: set[str]) -> None:
    for item in row:
        if item not in keys:
            raise _bad(workflow, "key_unknown", step, key=item, keys=sorted(keys))


def _text(workflow: str, step: str, row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _bad(workflow, "text_missing", step, key=key)
    return value.strip()


def _step(workflow: str, number: int, row: object) -> Step:
    if not isinstance(row, Mapping):
        raise _bad(workflow, "no_table", key=f"steps {number}")
    key = _text(workflow, str(number), row, "key")
    if not _KEY.fullmatch(key):
        raise _bad(workflow, "key_bad", key, key=key)
    _known(workflow, key, row, _STEP_KEYS)
    by, returns, reasons = row.get("by", "unit"), row.get("returns", ""), row.get("reasons", [])
    if by not in tuple(Party) and not (_is_key(by) and _CODE.search(by)):
        raise _bad(workflow, "by_bad", key, value=str(by), parties=list(Party))
    if not isinstance(returns, str):
        raise _bad(workflow, "text_missing", key, key="returns")
    if not isinstance(reasons, (list, tuple)) or not all(map(_is_key, reasons)):
        raise _bad(workflow, "reasons_bad", key)
    return Step(
        key,
        _text(workflow, key, row, "done"),
        _text(workflow, key, row, "after"),
        _text(workflow, key, row, "zh"),
        _text(workflow, key, row, "en"),
        Party(by) if by in tuple(Party) else by,
        _flag(workflow, key, row, "ends"),
        returns,
        _flag(workflow, key, row, "text"),
        tuple(reasons),
    )


def _flag(workflow: str, step: str, row: Mapping[str, Any], key: str) -> bool:
    value = row.get(key, False)
    if not isinstance(value, bool):
        choices = ["true", "false"]
        raise _bad(workflow, "choice_bad", step, key=key, value=str(value), choices=choices)
    return value


def _is_key(value: object) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _outcomes(workflow: str, row: object) -> dict[Outcome, str]:
    if not isinstance(row, Mapping):
        raise _bad(workflow, "no_table", key="outcomes")
    for outcome in row:
        if outcome not in tuple(Outcome):
            choices = list(Outcome)
            raise _bad(workflow, "choice_bad", key="outcomes", value=str(outcome), choices=choices)
    return {Outcome(outcome): _text(workflow, "", row, outcome) for outcome in row}


def _check(workflow: Workflow) -> None:
    """Hold the steps together: each starts from a state that is reached before it."""
    key = workflow.key
    before: list[str] = []
    reached = {workflow.opens}
    over: dict[str, str] = {}
    for step in workflow.steps:
        if step.key in before:
            raise _bad(key, "step_twice", step.key)
        if step.after not in reached:
            raise _bad(key, "after_unknown", step.key, state=step.after, states=sorted(reached))
        if step.after in over:
            raise _bad(key, "after_end", step.key, state=step.after, ending=over[step.after])
        if step.done in reached:
            raise _bad(key, "done_twice", step.key, state=step.done)
        if step.returns and step.returns not in before:
            raise _bad(key, "returns_unknown", step.key, step=step.returns)
        before.append(step.key)
        reached.add(step.done)
        if step.ends:
            over[step.done] = step.key
    for outcome, state in workflow.outcomes.items():
        if state not in reached:
            raise _bad(
                key, "outcome_state", outcome=outcome.value, state=state, states=sorted(reached)
            )
    if not workflow.outcomes and not any(step.ends for step in workflow.steps):
        raise _bad(key, "endless")


def check_owners(workflows: Mapping[str, Workflow], known: Collection[str]) -> None:
    """Refuse workflows with a step that names a unit which is not among the `known` codes (R1)."""
    for key, workflow in workflows.items():
        for step in workflow.steps:
            if step.named_unit and step.named_unit not in known:
                raise _bad(key, "owner_unknown", step.key, unit=step.named_unit)


def check_replacement(
    standing: Mapping[str, Workflow],
    new: Mapping[str, Workflow],
    used: Mapping[str, Mapping[str, str]],
) -> None:
    """Refuse workflows in which matters that stand could not go on as they began.

    `used` has the steps that matters of each workflow have begun or done, each with the number of
    such a matter; the empty step stands for the opening. Those steps must stay, with the same
    party and the same end.
    """
    for key, steps in used.items():
        if key not in new:
            number = next(iter(steps.values()))
            raise Refused("workflows.workflow_used", workflow=key, number=number)
        kept = {step.key: (step.by, step.ends) for step in new[key].steps}
        for step in standing[key].steps:
            if step.key in steps and kept.get(step.key) != (step.by, step.ends):
                raise Refused(
                    "workflows.step_used", workflow=key, step=step.key, number=steps[step.key]
                )


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
                    "by": str(step.by),
                    "ends": step.ends,
                    "returns": step.returns,
                    "text": step.text,
                    "reasons": list(step.reasons),
                }
                for step in workflow.steps
            ],
            "outcomes": {outcome.value: state for outcome, state in workflow.outcomes.items()},
        }
        for key, workflow in workflows.items()
    }
