"""A matter's steps as a line in time: what is done, what is open, what is still to come (R15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from domain.instants import Instant
from domain.matters import Act, Entry, Matter, fold, limit_text, responsible, subject
from domain.obligations import Obligation, ObligationKind
from domain.values import dataclass
from domain.workflows import Step, StepLimit, Workflow


class Progress(StrEnum):
    """How far a step is; `dropped`: the matter ended without it."""

    DONE = "done"
    RETURNED = "returned"
    OPEN = "open"
    DROPPED = "dropped"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One round of a step; what is still to come has neither a start nor a date.

    `first_due_at` is the date before extensions and suspensions, `asked` an extension that waits
    for an answer, `ended` what finished or dropped the step.
    """

    step: Step
    round: int
    progress: Progress
    started_at: Instant | None = None
    limit: StepLimit | None = None
    due_at: Instant | None = None
    first_due_at: Instant | None = None
    extended: bool = False
    asked: Entry | None = None
    ended: Entry | None = None

    @property
    def late(self) -> bool:
        """Return whether it was finished or dropped after its date."""
        return self.ended is not None and self.due_at is not None and self.ended.at > self.due_at


def timeline(workflow: Workflow, entries: Iterable[Entry], at: Instant) -> tuple[StepLine, ...]:
    """Return every round of every step as of `at`: begun ones in order, then those to come."""
    known = [entry for entry in entries if entry.at <= at]
    lines: list[StepLine] = []
    open_at: dict[str, int] = {}
    for entry in known:
        for key, due_at in entry.dues.items():
            if key in open_at:
                lines[open_at[key]] = replace(lines[open_at[key]], due_at=due_at)
        if entry.step in open_at:
            place = open_at[entry.step]
            lines[place] = _told(lines[place], entry)
            if lines[place].ended is not None:
                del open_at[entry.step]
        if _ends(workflow, entry):
            for place in open_at.values():
                lines[place] = replace(lines[place], progress=Progress.DROPPED, ended=entry)
            open_at.clear()
        for start in entry.starts:
            open_at[start.step] = len(lines)
            lines.append(
                StepLine(
                    workflow.step(start.step),
                    start.round,
                    Progress.OPEN,
                    entry.at,
                    start.limit,
                    start.due_at,
                    start.due_at,
                )
            )
    state = fold(workflow, known, at)
    if state.closed_at is None:
        lines += [
            StepLine(step, 0, Progress.WAITING)
            for step in workflow.steps
            if step.after not in state.reached
        ]
    return tuple(lines)


def _told(line: StepLine, entry: Entry) -> StepLine:
    if entry.act is Act.DONE:
        return replace(line, progress=Progress.DONE, ended=entry)
    if entry.act is Act.RETURN:
        return replace(line, progress=Progress.RETURNED, ended=entry)
    if entry.act is Act.ASK_EXTENSION:
        return replace(line, asked=entry)
    if entry.act is Act.GRANT_EXTENSION:
        return replace(line, asked=None, extended=True)
    return replace(line, asked=None) if entry.act is Act.REFUSE_EXTENSION else line


def _ends(workflow: Workflow, entry: Entry) -> bool:
    return entry.act in (Act.CLOSE, Act.MERGE) or (
        entry.act is Act.DONE and workflow.step(entry.step).ends
    )


def obligation_of(matter: Matter, line: StepLine) -> Obligation | None:
    """Return what a line owes, or owed; None where it has not begun or has no date."""
    if line.started_at is None or line.due_at is None:
        return None
    return Obligation(
        ObligationKind.STEP,
        responsible(line.step, matter),
        subject(matter.number, line.step.key, line.round),
        line.started_at,
        line.due_at,
        discharged_at=None if line.ended is None else line.ended.at,
        rule=limit_text(line.limit),
        matter=matter.number,
        first_due_at=line.first_due_at,
    )
