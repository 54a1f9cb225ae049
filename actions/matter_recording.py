"""What every act on a matter writes: its entry, what its steps owe from now on, its event (R15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from actions.people import require_on
from domain import matters as rules
from domain.errors import Refused
from domain.instants import Instant
from domain.matters import Act, Entry, Matter, MatterState, OpenStep, Started, subject
from domain.obligations import Obligation, ObligationKind
from domain.people import Actor
from domain.permissions import Action
from domain.workflows import Step, Workflow
from storage import events, obligations, units, workflows
from storage import matters as rows
from storage.matter_entries import detail_of
from storage.store import Store


def require_turn(store: Store, actor: Actor, matter: Matter, step: Step, at: Instant) -> None:
    """Refuse a step to who does not work on the matters of the unit whose turn it is."""
    require_on(store, actor, Action.STEP, at, rules.responsible(step, matter))


def rounds_of(entries: Sequence[Entry]) -> dict[str, int]:
    """Return how often each step has been started so far."""
    counts: dict[str, int] = {}
    for entry in entries:
        for start in entry.starts:
            counts[start.step] = start.round
    return counts


def starts_of(
    store: Store,
    flow: Workflow,
    state: str,
    at: Instant,
    standing: MatterState | None = None,
    rounds: Mapping[str, int] | None = None,
    only: str | None = None,
) -> tuple[Started, ...]:
    """Return the steps that start at a state, dated by the city's limits; `only` that one (R12)."""
    return rules.starts(
        flow,
        workflows.step_limits(store.connection),
        state,
        at,
        store.zone,
        store.calendar,
        standing.suspensions if standing else (),
        rounds,
        only,
        [found.step.key for found in standing.open] if standing else (),
    )


def dated(
    store: Store, started: Sequence[Started], dues: Mapping[str, date], at: Instant
) -> tuple[Started, ...]:
    """Return the steps with the dates that win over the limits; refuse past and strange ones."""
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


def entry_after(
    entries: Sequence[Entry], actor: Actor, at: Instant, act: Act, **more: object
) -> Entry:
    """Return the next entry of a matter with these entries."""
    return replace(
        Entry(entries[-1].seq + 1, at, actor.login, actor.real_login, act),
        **more,  # type: ignore[arg-type]
    )


def record(
    store: Store,
    actor: Actor,
    matter: Matter,
    flow: Workflow,
    entry: Entry,
    recorded_at: Instant | None = None,
) -> None:
    """Record an entry, the obligations that it opens, and its event, in one transaction.

    `recorded_at` is when that is done, where it is later than the entry (an import).
    """
    connection = store.connection
    _require_owners(store, flow, entry)
    rows.add_entry(connection, matter.number, entry)
    owed = [
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
    ]
    obligations.add(connection, owed)
    events.record(
        connection,
        actor,
        entry.at if recorded_at is None else recorded_at,
        f"matter.{entry.act}",
        matter.number,
        step=entry.step,
        text=entry.text,
        outcome=entry.outcome and entry.outcome.value,
        entry=[entry.seq, entry.at, detail_of(entry)],
        matter=rows.as_row(matter) if entry.act is Act.OPEN else None,
        owed=[[row.subject, row.unit, row.rule] for row in owed],
        ends=rules.ends(flow, entry),
    )


def _require_owners(store: Store, flow: Workflow, entry: Entry) -> None:
    """Refuse a step whose workflow names a unit that is not there on the day (R1).

    A step that begins needs it there; at the opening the registry has to know the later ones too.
    """
    day = store.today(entry.at)
    begun = {start.step for start in entry.starts}
    for step in flow.steps:
        if step.named_unit and (step.key in begun or entry.act is Act.OPEN):
            unit = units.get(store.connection, step.named_unit)
            if unit is None or (step.key in begun and not unit.valid_on(day)):
                raise Refused("workflows.owner_missing", step=step.title, unit=step.by, day=day)


def discharge(store: Store, matter: Matter, steps: Sequence[OpenStep], at: Instant) -> None:
    """Record that what these steps owed is done with."""
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


def end(store: Store, matter: Matter, left: Sequence[OpenStep], at: Instant) -> None:
    """Record that a matter is closed: what is left of its steps owes nothing any more."""
    discharge(store, matter, left, at)
    rows.set_closed(store.connection, matter.number, at)
