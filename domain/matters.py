"""Matters: what happened to each, entry by entry, and what is open now (R12, R15)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from enum import StrEnum

from domain.calendar import Calendar
from domain.deadlines import Suspension, deadline
from domain.errors import NotFound
from domain.instants import Instant, Zone
from domain.values import dataclass
from domain.workflows import Outcome, Party, Step, StepLimit, Workflow, limit_for


class Act(StrEnum):
    """What an entry of a matter records."""

    OPEN = "open"
    DONE = "done"
    RETURN = "return"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    SUSPEND = "suspend"
    CLOSE = "close"
    REOPEN = "reopen"
    REMARK = "remark"
    SIGHT = "sight"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a matter is about; `unit` answers for it, `issuer` opened it.

    `origin` names what it came from (a report's receipt, a file), `parent` the matter it serves.
    """

    number: str
    workflow: str
    unit: str
    issuer: str
    opened_at: Instant
    title: str
    place: str = ""
    location: str = ""
    party: str = ""
    land_class: str = ""
    area: int | None = None
    existed_since: date | None = None
    source: str = ""
    origin: str = ""
    parent: str = ""

    @property
    def called(self) -> str:
        """Return the number, the place in words and the title: what one is asked about."""
        return " ".join(part for part in (self.number, self.location, self.title) if part)


@dataclass(frozen=True, slots=True)
class Started:
    """A step that an entry starts, with the rule and the due instant as they were fixed then.

    `limit` is None where no rule gives the step a date: it is open, and owes nothing by a date.
    """

    step: str
    round: int
    limit: StepLimit | None
    due_at: Instant | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done to a matter, never changed afterwards.

    `starts` are the steps it opens; `dues` the due instants it moves, by step.
    """

    seq: int
    at: Instant
    login: str
    real_login: str
    act: Act
    step: str = ""
    text: str = ""
    starts: tuple[Started, ...] = ()
    dues: Mapping[str, Instant] = field(default_factory=dict)
    until: date | None = None
    suspension: Suspension | None = None
    outcome: Outcome | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step whose turn it is, as of an instant; `first_due_at` is its date before extensions."""

    step: Step
    round: int
    anchor: Instant
    limit: StepLimit | None
    due_at: Instant | None
    first_due_at: Instant | None
    extended: bool = False
    asked: Entry | None = None


@dataclass(frozen=True, slots=True)
class MatterState:
    """A matter as of an instant; `state` is the last state reached.

    `done` are the finished steps in order, as (step, entry); `doer` is the entry of the last one,
    or of the opening: who wrote it may not be the second person.
    """

    state: str
    reached: Mapping[str, Instant]
    open: tuple[OpenStep, ...]
    done: tuple[tuple[Step, Entry], ...]
    suspensions: tuple[Suspension, ...]
    closed_at: Instant | None
    outcome: Outcome | None
    reopened: int
    doer: Entry

    def open_step(self, key: str) -> OpenStep | None:
        """Return the open step of a key, or None."""
        return next((found for found in self.open if found.step.key == key), None)

    def suspended_on(self, day: date) -> bool:
        """Return whether the matter's clocks stand still on a day."""
        return any(row.first <= day <= row.last for row in self.suspensions)


def subject(number: str, step: str, round_: int) -> str:
    """Return the name of a step's obligation: `F-2026-0113/verify`, from round two `…#2`."""
    return f"{number}/{step}" if round_ == 1 else f"{number}/{step}#{round_}"


_NUMBER = re.compile(r"[A-Za-z]{1,3}-\d{4}-\d{4,9}", re.ASCII)
_SUBJECT = re.compile(r"([A-Za-z]{1,3}-\d{4}-\d{4,9})/([^\s/#]+)(?:#(\d{1,9}))?", re.ASCII)


def ends(workflow: Workflow, entry: Entry) -> bool:
    """Return whether a matter is over with an entry."""
    if entry.act in (Act.CLOSE, Act.MERGE):
        return True
    return entry.act is Act.DONE and workflow.step(entry.step).ends


def parse_subject(text: str) -> tuple[str, str, int]:
    """Return (number, step, round) of a step obligation's name; raises NotFound."""
    match = _SUBJECT.fullmatch(text.strip())
    if match is None:
        raise NotFound("errors.obligation_unknown", id=text)
    return match[1].upper(), match[2], int(match[3] or 1)


def number_of(prefix: str, year: int, count: int) -> str:
    """Return a matter's number, unique per city and year: `F-2026-0113`."""
    return f"{prefix}-{year}-{count:04}"


def parse_number(text: str) -> str:
    """Return a matter's number in capitals; raises NotFound for what is none."""
    if _NUMBER.fullmatch(text.strip()) is None:
        raise NotFound("matters.unknown", number=text)
    return text.strip().upper()


def starts(
    workflow: Workflow,
    limits: Sequence[StepLimit],
    state: str,
    anchor: Instant,
    zone: Zone,
    calendar: Calendar,
    suspensions: Sequence[Suspension] = (),
    rounds: Mapping[str, int] | None = None,
    only: str | None = None,
    running: Collection[str] = (),
) -> tuple[Started, ...]:
    """Return the steps that start when the matter reaches `state` at `anchor`, dated by R12.

    `rounds` counts how often each step has started; `only` starts that step alone (a return).
    Steps that are `running` go on by the clock they have.
    """
    counts = rounds or {}
    steps = workflow.after(state) if only is None else (workflow.step(only),)
    found: list[Started] = []
    for step in steps:
        if step.key in running:
            continue
        row = limit_for(limits, workflow.key, step, state, zone.day_of(anchor))
        due_at = None
        if row is not None:
            due_at = deadline(anchor, row.limit, zone, calendar, suspensions).due_at
        found.append(Started(step.key, counts.get(step.key, 0) + 1, row, due_at))
    return tuple(found)


def fold(workflow: Workflow, entries: Iterable[Entry], at: Instant) -> MatterState:
    """Return the matter as of `at`: only entries up to then exist for it.

    Raises NotFound where there is none yet.
    """
    story = _Story(workflow)
    for entry in entries:
        if entry.at > at:
            break
        story.tell(entry)
    return story.state()


class _Story:
    """What is known of a matter after some of its entries."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.reached: dict[str, Instant] = {}
        self.open: dict[str, OpenStep] = {}
        self.done: list[tuple[Step, Entry]] = []
        self.suspensions: list[Suspension] = []
        self.name = workflow.opens
        self.closed_at: Instant | None = None
        self.outcome: Outcome | None = None
        self.reopened = 0
        self.doer: Entry | None = None

    def tell(self, entry: Entry) -> None:
        """Take in the next entry."""
        if entry.act in (Act.OPEN, Act.DONE, Act.RETURN, Act.REOPEN):
            self.doer = entry
        if entry.act is Act.OPEN:
            self.reached[self.name] = entry.at
        elif entry.act in (Act.DONE, Act.RETURN):
            self._finish(self.workflow.step(entry.step), entry)
        elif entry.act is Act.REOPEN:
            self.closed_at, self.outcome = None, None
            self.reopened += 1
            self._undo(self.workflow.step(entry.step))
        elif entry.suspension is not None:
            self.suspensions.append(entry.suspension)
        elif entry.step in self.open:
            self.open[entry.step] = _asked_or_answered(self.open[entry.step], entry)
        if ends(self.workflow, entry):
            self._end(entry)
        for key, due_at in entry.dues.items():
            if key in self.open:
                self.open[key] = replace(self.open[key], due_at=due_at)
        for start in entry.starts:
            self.open[start.step] = OpenStep(
                self.workflow.step(start.step),
                start.round,
                entry.at,
                start.limit,
                start.due_at,
                start.due_at,
            )

    def _finish(self, step: Step, entry: Entry) -> None:
        self.open.pop(step.key, None)
        self.done.append((step, entry))
        if entry.act is Act.DONE:
            self.name = step.done
            self.reached[step.done] = entry.at
        else:
            self._undo(self.workflow.step(step.returns))

    def _undo(self, step: Step) -> None:
        """Go back to before a step: what was reached from it on has to be reached anew."""
        self.name = step.after
        lost = {step.done}
        # Steps stand in order, so what follows from a lost state comes later.
        for later in self.workflow.steps:
            if later.after in lost:
                lost.add(later.done)
        for state in lost:
            self.reached.pop(state, None)

    def _end(self, entry: Entry) -> None:
        self.closed_at, self.outcome = entry.at, entry.outcome
        self.open.clear()

    def state(self) -> MatterState:
        """Return what is known."""
        if self.doer is None:
            raise NotFound("matters.not_yet")
        order = {step.key: place for place, step in enumerate(self.workflow.steps)}
        return MatterState(
            self.name,
            self.reached,
            tuple(sorted(self.open.values(), key=lambda found: order[found.step.key])),
            tuple(self.done),
            tuple(self.suspensions),
            self.closed_at,
            self.outcome,
            self.reopened,
            self.doer,
        )


def _asked_or_answered(step: OpenStep, entry: Entry) -> OpenStep:
    if entry.act is Act.ASK_EXTENSION:
        return replace(step, asked=entry)
    if entry.act is Act.GRANT_EXTENSION:
        return replace(step, asked=None, extended=True)
    if entry.act is Act.REFUSE_EXTENSION:
        return replace(step, asked=None)
    return step


def merged_into(entries: Iterable[Entry]) -> str:
    """Return the number under which a matter goes on, blank where it is its own."""
    return next((entry.text for entry in entries if entry.act is Act.MERGE), "")


def moved_dues(
    state: MatterState, added: Suspension, zone: Zone, calendar: Calendar
) -> dict[str, Instant]:
    """Return the due instants of the open steps that move once `added` is suspended too (R12).

    A date that was set by hand or granted as an extension stays.
    """
    ranges = (*state.suspensions, added)
    moved: dict[str, Instant] = {}
    for found in state.open:
        if found.limit is None or found.extended:
            continue
        due_at = deadline(found.anchor, found.limit.limit, zone, calendar, ranges).due_at
        if due_at != found.due_at:
            moved[found.step.key] = due_at
    return moved


def responsible(step: Step, matter: Matter) -> str:
    """Return the unit whose turn a step is."""
    if step.named_unit:
        return step.named_unit
    return matter.issuer if step.by == Party.ISSUER else matter.unit


def limit_text(row: StepLimit | None) -> str:
    """Return a limit as the store keeps it on the obligation: `3 workdays`."""
    return "" if row is None else f"{row.limit.amount} {row.limit.unit}"
