"""Matters: opening one, doing its steps, extending, suspending, closing, reading (R12, R15)."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from actions.people import allowed, require_on
from actions.units import find_valid
from actions.workflows import workflow_of, workflows
from domain import matters as rules
from domain.deadlines import Suspension
from domain.errors import NotFound, Refused
from domain.instants import Instant
from domain.matters import Act, Entry, Matter, MatterState, OpenStep, Started, subject
from domain.obligations import Obligation, ObligationKind
from domain.people import Actor
from domain.permissions import Action
from domain.units import Unit
from domain.values import dataclass
from domain.workflows import Outcome, Step, Workflow
from storage import events, obligations, units
from storage import matters as rows
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

OTHERWISE = {"notice": "notice issue", "assist": "matter assist", "reconcile": "reconcile"}
"""The workflows whose matters come about by an act of their own, with its command."""

ALIKE = ("finding", "lead", "satellite")
"""The workflows of what is seen on the ground, by whomever."""
ALIKE_FROM = 0.5
"""How alike two locations must be, from 0 to 1, to be offered as the same one."""


@dataclass(frozen=True, slots=True)
class MatterView:
    """A matter as of an instant, with everything that was done to it up to then."""

    matter: Matter
    workflow: Workflow
    unit: Unit
    state: MatterState
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a new matter is about; `origin` keeps the same source from opening it twice."""

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


def open_matter(
    store: Store,
    actor: Actor,
    workflow: str,
    unit: str,
    about: Subject,
    at: Instant,
    *,
    issuer: str | None = None,
    text: str = "",
    dues: Mapping[str, date] | None = None,
    unless_near: bool = False,
) -> Matter:
    """Open a matter that `unit` answers for; its first steps become obligations by R12.

    Who works on the unit's matters may, and who supervises it. `dues` are dates that win over the
    limits table, by step. `unless_near` refuses a matter that may be there already. Notices,
    requests and reconciliations are refused: they are issued, asked and found, not opened.
    """
    if workflow in OTHERWISE:
        raise Refused("matters.opened_otherwise", command=OTHERWISE[workflow])
    owner = find_valid(store, unit, store.today(at))
    if issuer is not None:
        issuer = find_valid(store, issuer, store.today(at)).code
    with store.connection.writing():
        if not allowed(store, actor, Action.ISSUE, at, owner.code):
            require_on(store, actor, Action.STEP, at, issuer or owner.code)
        standing = near(store, about, at) if unless_near else []
        if standing:
            shown = [_shown(view.matter) for view in standing]
            raise Refused("matters.near", near=shown, number=standing[0].matter.number)
        return open_within(
            store, actor, workflow, owner.code, about, at, issuer=issuer, text=text, dues=dues
        )


def open_within(
    store: Store,
    actor: Actor,
    workflow: str,
    unit: str,
    about: Subject,
    at: Instant,
    *,
    issuer: str | None = None,
    text: str = "",
    dues: Mapping[str, date] | None = None,
    recorded_at: Instant | None = None,
) -> Matter:
    """Open a matter inside the caller's transaction, who has looked at the permissions.

    `recorded_at` is when that is done, where it is later than `at` (an import).
    """
    flow = workflow_of(store, workflow)
    if not about.title.strip():
        raise Refused("matters.title_missing")
    if about.place and units.get(store.connection, about.place) is None:
        raise NotFound("errors.unit_unknown", name=about.place)
    if about.parent and rows.get(store.connection, about.parent) is None:
        raise NotFound("matters.unknown", number=about.parent)
    if about.existed_since is not None and about.existed_since > store.today(at):
        raise Refused("matters.since_future", day=about.existed_since)
    year = store.today(at).year
    count = rows.next_count(store.connection, f"{flow.prefix}-{year}")
    matter = Matter(
        rules.number_of(flow.prefix, year, count),
        workflow,
        unit,
        issuer or unit,
        at,
        about.title.strip(),
        about.place,
        about.location,
        about.party,
        about.land_class,
        about.area,
        about.existed_since,
        about.source,
        about.origin,
        about.parent,
    )
    rows.add(store.connection, matter)
    started = _dated(store, _starts(store, flow, flow.opens, at), dues or {}, at)
    entry = Entry(1, at, actor.login, actor.real_login, Act.OPEN, text=text, starts=started)
    _record(store, actor, matter, flow, entry, recorded_at)
    return matter


def do_step(
    store: Store,
    actor: Actor,
    number: str,
    step: str,
    at: Instant,
    *,
    text: str = "",
    returned: bool = False,
    reason: str = "",
) -> MatterView:
    """Record that a step is done, or with `returned` that it was refused and what it returns to.

    Raises Refused for a step whose turn it is not, and for who may not do it.
    """
    with store.connection.writing():
        view = _standing(store, number, at)
        flow, matter = view.workflow, view.matter
        found = rules.check_step(view.state, flow, matter.number, step)
        _require_turn(store, actor, matter, found.step, at)
        rules.check_reviewer(view.state, found.step, (actor.login, actor.real_login))
        if returned and not found.step.returns:
            raise Refused("matters.not_returnable", step=found.step.title)
        if returned and not text.strip():
            raise Refused("matters.reason_missing")
        if not returned:
            rules.check_words(found.step, text, reason)
        rounds = _rounds(view.entries)
        if returned:
            started = _starts(
                store,
                flow,
                flow.step(found.step.returns).after,
                at,
                view.state,
                rounds,
                only=found.step.returns,
            )
        elif found.step.ends:
            started = ()
        else:
            started = _starts(store, flow, found.step.done, at, view.state, rounds)
        act = Act.RETURN if returned else Act.DONE
        entry = _entry(view, actor, at, act, step=step, text=text, starts=started, reason=reason)
        _record(store, actor, matter, flow, entry)
        _discharge(store, matter, [found], at)
        if found.step.ends and not returned:
            _end(store, view, [row for row in view.state.open if row.step.key != step], at)
    return show(store, number, at)


def ask_extension(
    store: Store, actor: Actor, number: str, step: str, until: date, reason: str, at: Instant
) -> MatterView:
    """Ask for a later date, before the due instant and with a reason (R12)."""
    with store.connection.writing():
        view = _standing(store, number, at)
        found = rules.check_step(view.state, view.workflow, view.matter.number, step)
        _require_turn(store, actor, view.matter, found.step, at)
        rules.check_extension_asked(found, store.zone.end_of(until), at, reason)
        entry = _entry(
            view, actor, at, Act.ASK_EXTENSION, step=step, text=reason.strip(), until=until
        )
        _record(store, actor, view.matter, view.workflow, entry)
    return show(store, number, at)


def answer_extension(
    store: Store, actor: Actor, number: str, step: str, granted: bool, text: str, at: Instant
) -> MatterView:
    """Grant or refuse an extension; never by who asked. The first deadline is kept (R12)."""
    with store.connection.writing():
        view = _standing(store, number, at)
        matter = view.matter
        found = rules.check_step(view.state, view.workflow, matter.number, step)
        require_on(store, actor, Action.GRANT, at, rules.responsible(found.step, matter))
        for login in (actor.real_login, actor.login):
            asked = rules.check_extension_answered(found, login)
        act = Act.GRANT_EXTENSION if granted else Act.REFUSE_EXTENSION
        assert asked.until is not None
        dues = {step: store.zone.end_of(asked.until)} if granted else {}
        if granted:
            rules.check_extension_granted(found, dues[step])
        entry = _entry(view, actor, at, act, step=step, text=text, dues=dues, until=asked.until)
        _record(store, actor, matter, view.workflow, entry)
        for key, due_at in dues.items():
            obligations.move(store.connection, subject(matter.number, key, found.round), due_at, at)
    return show(store, number, at)


def suspend(
    store: Store, actor: Actor, number: str, suspension: Suspension, at: Instant
) -> MatterView:
    """Let a matter's clocks stand still for a range of days; open steps are dated anew (R12)."""
    if not suspension.reason.strip():
        raise Refused("matters.reason_missing")
    with store.connection.writing():
        view = _standing(store, number, at)
        matter, state = view.matter, view.state
        rules.check_open(state, matter.number)
        require_on(store, actor, Action.GRANT, at, matter.unit)
        dues = rules.moved_dues(state, suspension, store.zone, store.calendar)
        entry = _entry(
            view, actor, at, Act.SUSPEND, text=suspension.reason, dues=dues, suspension=suspension
        )
        _record(store, actor, matter, view.workflow, entry)
        for row in state.open:
            if row.step.key in dues:
                name = subject(matter.number, row.step.key, row.round)
                obligations.move(store.connection, name, dues[row.step.key], at)
    return show(store, number, at)


def close(
    store: Store, actor: Actor, number: str, outcome: Outcome, evidence: str, at: Instant
) -> MatterView:
    """Close a matter with its outcome and evidence, by a second person (R15)."""
    with store.connection.writing():
        view = _standing(store, number, at)
        require_on(store, actor, Action.STEP, at, view.matter.unit)
        logins = (actor.login, actor.real_login)
        rules.check_closing(
            view.state, view.workflow, view.matter.number, outcome, evidence, logins
        )
        entry = _entry(view, actor, at, Act.CLOSE, text=evidence.strip(), outcome=outcome)
        _record(store, actor, view.matter, view.workflow, entry)
        _end(store, view, view.state.open, at)
    return show(store, number, at)


def reopen(
    store: Store, actor: Actor, number: str, step: str, reason: str, at: Instant
) -> MatterView:
    """Open a closed matter again at a step, with a reason; it is counted (R15)."""
    if not reason.strip():
        raise Refused("matters.reason_missing")
    with store.connection.writing():
        view = _standing(store, number, at)
        target = view.workflow.step(step)
        rules.check_reopening(view.state, view.matter.number, target)
        require_on(store, actor, Action.GRANT, at, view.matter.unit)
        started = _starts(
            store, view.workflow, target.after, at, view.state, _rounds(view.entries), only=step
        )
        entry = _entry(view, actor, at, Act.REOPEN, step=step, text=reason, starts=started)
        _record(store, actor, view.matter, view.workflow, entry)
        rows.set_closed(store.connection, view.matter.number, None)
    return show(store, number, at)


def remark(store: Store, actor: Actor, number: str, text: str, at: Instant) -> MatterView:
    """Add a remark to a matter, open or closed."""
    if not text.strip():
        raise Refused("matters.reason_missing")
    with store.connection.writing():
        view = _standing(store, number, at)
        require_on(store, actor, Action.STEP, at, view.matter.unit)
        _record(
            store,
            actor,
            view.matter,
            view.workflow,
            _entry(view, actor, at, Act.REMARK, text=text.strip()),
        )
    return show(store, number, at)


def show(store: Store, number: str, at: Instant) -> MatterView:
    """Return a matter as of `at`; raises NotFound where there was none yet."""
    with store.reading():
        matter = _get(store, number)
        if matter.opened_at > at:
            raise NotFound("matters.unknown", number=number)
        return _view(store, matter, rows.entries(store.connection, matter.number), at)


def listed(store: Store, selection: Selection, wanted: Filter, at: Instant) -> list[MatterView]:
    """Return the matters of the selected units as of `at`, oldest first."""
    with store.reading():
        found = rows.listed(store.connection, selection, wanted, at)
        entries = rows.listed_entries(store.connection, selection, wanted, at)
        table = workflows(store)
        owners = units.by_code(store.connection, [matter.unit for matter in found])
    views = [
        MatterView(
            matter,
            table[matter.workflow],
            owners[matter.unit],
            rules.fold(table[matter.workflow], entries[matter.number], at),
            tuple(entries[matter.number]),
        )
        for matter in found
    ]
    # One that was reopened after `at` was closed then, and one closed since was open.
    return [view for view in views if wanted.open in (None, view.state.closed_at is None)]


def near(store: Store, about: Subject, at: Instant) -> list[MatterView]:
    """Return open findings, leads and patches that may be the same: one place, similar words."""
    words = about.location or about.title
    return [
        view
        for view in listed(store, Selection(), Filter(open=True, place=about.place), at)
        if view.matter.workflow in ALIKE
        and difflib.SequenceMatcher(
            None, view.matter.location or view.matter.title, words, autojunk=False
        ).ratio()
        >= ALIKE_FROM
    ]


def _shown(matter: Matter) -> str:
    return " ".join(part for part in (matter.number, matter.location, matter.title) if part)


def step_at(store: Store, owed: Obligation, at: Instant) -> Obligation:
    """Return a step's obligation with its date as it stood at `at`, before later extensions."""
    if owed.changed_at is None or owed.changed_at <= at or owed.matter is None:
        return owed
    _, key, _ = rules.parse_subject(owed.subject)
    found = show(store, owed.matter, at).state.open_step(key)
    if found is None or found.due_at is None:
        return owed
    return replace(owed, due_at=found.due_at)


def _get(store: Store, number: str) -> Matter:
    matter = rows.get(store.connection, number.strip().upper())
    if matter is None:
        raise NotFound("matters.unknown", number=number)
    return matter


def _standing(store: Store, number: str, at: Instant) -> MatterView:
    """Return a matter as it stands, to be acted on at `at`; refuse a clock that runs behind."""
    matter = _get(store, number)
    entries = rows.entries(store.connection, matter.number)
    if entries[-1].at > at:
        raise Refused("errors.clock_back")
    return _view(store, matter, entries, at)


def _view(store: Store, matter: Matter, entries: Sequence[Entry], at: Instant) -> MatterView:
    flow = workflow_of(store, matter.workflow)
    owner = units.by_code(store.connection, [matter.unit])[matter.unit]
    told = tuple(entry for entry in entries if entry.at <= at)
    return MatterView(matter, flow, owner, rules.fold(flow, told, at), told)


def _require_turn(store: Store, actor: Actor, matter: Matter, step: Step, at: Instant) -> None:
    require_on(store, actor, Action.STEP, at, rules.responsible(step, matter))


def _rounds(entries: Sequence[Entry]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        for start in entry.starts:
            counts[start.step] = start.round
    return counts


def _starts(
    store: Store,
    flow: Workflow,
    state: str,
    at: Instant,
    standing: MatterState | None = None,
    rounds: Mapping[str, int] | None = None,
    only: str | None = None,
) -> tuple[Started, ...]:
    return rules.starts(
        flow,
        rows.step_limits(store.connection),
        state,
        at,
        store.zone,
        store.calendar,
        standing.suspensions if standing else (),
        rounds,
        only,
        [found.step.key for found in standing.open] if standing else (),
    )


def _dated(
    store: Store, started: Sequence[Started], dues: Mapping[str, date], at: Instant
) -> tuple[Started, ...]:
    for key, day in dues.items():
        if key not in {start.step for start in started}:
            raise Refused("matters.due_elsewhere", step=key)
        if store.zone.end_of(day) < at:
            raise Refused("matters.due_past", day=day)
    return tuple(
        replace(start, due_at=store.zone.end_of(dues[start.step]), limit=None)
        if start.step in dues
        else start
        for start in started
    )


def _entry(view: MatterView, actor: Actor, at: Instant, act: Act, **more: object) -> Entry:
    return replace(
        Entry(view.entries[-1].seq + 1, at, actor.login, actor.real_login, act),
        **more,  # type: ignore[arg-type]
    )


def _record(
    store: Store,
    actor: Actor,
    matter: Matter,
    flow: Workflow,
    entry: Entry,
    recorded_at: Instant | None = None,
) -> None:
    connection = store.connection
    rows.add_entry(connection, matter.number, entry)
    obligations.add(
        connection,
        [
            Obligation(
                ObligationKind.STEP,
                rules.responsible(flow.step(start.step), matter),
                subject(matter.number, start.step, start.round),
                entry.at,
                start.due_at,
                rule=rules.limit_text(start.limit),
                matter=matter.number,
                first_due_at=start.due_at,
            )
            for start in entry.starts
            if start.due_at is not None
        ],
    )
    events.record(
        connection,
        actor,
        entry.at if recorded_at is None else recorded_at,
        f"matter.{entry.act}",
        matter.number,
        step=entry.step,
        text=entry.text,
        outcome=entry.outcome and entry.outcome.value,
    )


def _discharge(store: Store, matter: Matter, steps: Sequence[OpenStep], at: Instant) -> None:
    obligations.discharge(
        store.connection,
        ObligationKind.STEP,
        [
            (
                rules.responsible(found.step, matter),
                subject(matter.number, found.step.key, found.round),
                at,
            )
            for found in steps
        ],
    )


def _end(store: Store, view: MatterView, left: Sequence[OpenStep], at: Instant) -> None:
    _discharge(store, view.matter, left, at)
    rows.set_closed(store.connection, view.matter.number, at)
