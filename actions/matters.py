"""Matters: opening one, doing its steps, extending, suspending, closing, reading (R12, R15)."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from actions.matter_recording import (
    dated,
    discharge,
    end,
    entry_after,
    record,
    require_turn,
    rounds_of,
    starts_of,
)
from actions.people import allowed, require_on
from actions.units import find_valid
from actions.workflows import workflow_of, workflows
from domain import matter_refusals as refusals
from domain import matters as rules
from domain.errors import NotFound, Refused
from domain.instants import Instant
from domain.matters import Act, Entry, Matter, MatterState
from domain.obligations import Obligation
from domain.people import Actor
from domain.permissions import Action
from domain.units import Unit
from domain.values import dataclass
from domain.workflows import Workflow
from storage import matters as rows
from storage import units
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

OTHERWISE = {
    "notice": "notice issue",
    "assist": "matter assist",
    "reconcile": "reconcile",
    "transfer": "matter refer",
}
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
            shown = [view.matter.called for view in standing]
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
    started = dated(store, starts_of(store, flow, flow.opens, at), dues or {}, at)
    entry = Entry(1, at, actor.login, actor.real_login, Act.OPEN, text=text, starts=started)
    record(store, actor, matter, flow, entry, recorded_at)
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
        view = standing(store, number, at)
        flow, matter = view.workflow, view.matter
        found = refusals.check_step(view.state, flow, matter.number, step)
        require_turn(store, actor, matter, found.step, at)
        refusals.check_reviewer(view.state, found.step, (actor.login, actor.real_login))
        if returned and not found.step.returns:
            raise Refused("matters.not_returnable", step=found.step.title)
        if returned and not text.strip():
            raise Refused("matters.reason_missing")
        if not returned:
            refusals.check_words(found.step, text, reason)
        rounds = rounds_of(view.entries)
        if returned:
            started = starts_of(
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
            started = starts_of(store, flow, found.step.done, at, view.state, rounds)
        act = Act.RETURN if returned else Act.DONE
        entry = entry_after(
            view.entries, actor, at, act, step=step, text=text, starts=started, reason=reason
        )
        record(store, actor, matter, flow, entry)
        discharge(store, matter, [found], at)
        if found.step.ends and not returned:
            end(store, view.matter, [row for row in view.state.open if row.step.key != step], at)
    return show(store, number, at)


def remark(store: Store, actor: Actor, number: str, text: str, at: Instant) -> MatterView:
    """Add a remark to a matter, open or closed."""
    if not text.strip():
        raise Refused("matters.reason_missing")
    with store.connection.writing():
        view = standing(store, number, at)
        require_on(store, actor, Action.STEP, at, view.matter.unit)
        record(
            store,
            actor,
            view.matter,
            view.workflow,
            entry_after(view.entries, actor, at, Act.REMARK, text=text.strip()),
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
    """Return open findings, leads and patches that may be the same: one place, similar words.

    The likest comes first.
    """
    words = about.location or about.title
    close = [
        (-_likeness(view.matter.location or view.matter.title, words), view)
        for view in listed(store, Selection(), Filter(open=True, place=about.place), at)
        if view.matter.workflow in ALIKE
    ]
    close = [(unlike, view) for unlike, view in close if -unlike >= ALIKE_FROM]
    return [view for _, view in sorted(close, key=lambda pair: pair[0])]


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


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


def standing(store: Store, number: str, at: Instant) -> MatterView:
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
