"""The answer to «why is this red?» (R14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.expecting import expected_between
from actions.matters import show, step_at
from actions.overdue import light_of
from domain.deadlines import Counted, Measure, Suspension, days_until, deadline
from domain.errors import NotFound
from domain.explaining import (
    Explanation,
    StepExplanation,
    day_notes,
    held_by,
    planned_rungs,
)
from domain.instants import Instant
from domain.matters import Act, fold, parse_subject, subject
from domain.networks import Contacts, contacts_of
from domain.obligations import Obligation, parse_id, status_of
from domain.workflows import StepLimit
from storage import people, units, urges
from storage import steps as step_rows
from storage.store import Store
from storage.units import Selection

ANSWERS = (Act.ASK_EXTENSION, Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION)


def explain(store: Store, obligation_id: str, at: Instant) -> Explanation | StepExplanation:
    """Return why an obligation is what it is as of `at`; raises NotFound for an unknown id."""
    if "/" in obligation_id:
        number, step, round_ = parse_subject(obligation_id)
        step_owed = step_rows.get(store.connection, subject(number, step, round_))
        if step_owed is None or step_owed.opened_at > at:
            raise NotFound("errors.obligation_unknown", id=obligation_id)
        return explain_step(store, step_at(store, step_owed, at), at)
    code, iso_day = parse_id(obligation_id)
    try:
        day = date.fromisoformat(iso_day)
    except ValueError as error:
        raise NotFound("errors.obligation_unknown", id=obligation_id) from error
    found = expected_between(store, day, day, Selection(unit=code))
    if not found:
        raise NotFound("errors.obligation_unknown", id=obligation_id)
    return explain_obligation(store, found[0], at)


def explain_obligation(store: Store, owed: Obligation, at: Instant) -> Explanation:
    """Return the explanation of an obligation at hand."""
    unit = units.by_code(store.connection, [owed.unit])[owed.unit]
    window = owed.window()
    notes = day_notes(owed, at, store.zone, store.calendar)
    today = store.today(at)
    contacts = contacts_of(people.of_unit(store.connection, unit.code), today)
    overdue = owed.overdue(at)
    return Explanation(
        owed,
        unit,
        at,
        status_of(owed, owed.discharged_at, at),
        light_of(store, owed, at),
        window.days,
        not window.by_row,
        notes,
        at - owed.due_at if overdue else 0,
        len(notes) - 1 if overdue else 0,
        sum(note.counted for note in notes) if overdue else 0,
        planned_rungs(owed, store.rules.ladder_report, store.zone, store.calendar),
        None if owed.closed(at) else unit,
        contacts.get(unit.code, Contacts()),
        _fired(store, owed, at),
    )


def explain_step(store: Store, owed: Obligation, at: Instant) -> StepExplanation:
    """Return the explanation of a step's obligation at hand."""
    assert owed.matter is not None
    _, key, round_ = parse_subject(owed.subject)
    view = show(store, owed.matter, at)
    started = next(
        start
        for entry in view.entries
        for start in entry.starts
        if (start.step, start.round) == (key, round_)
    )
    state, today = view.state, store.today(at)
    # What was suspended after the step was done did not move its date.
    until = at if owed.discharged_at is None else min(at, owed.discharged_at)
    ranges = fold(view.workflow, view.entries, until).suspensions
    unit = units.by_code(store.connection, [owed.unit])[owed.unit]
    suspended = not owed.closed(at) and state.suspended_on(today)
    overdue = owed.overdue(at) and not suspended
    due_day = store.today(owed.due_at)
    found = people.of_unit(store.connection, unit.code)
    return StepExplanation(
        owed,
        unit,
        at,
        light_of(store, owed, at),
        view.matter,
        view.workflow.step(key),
        started.limit,
        _days(store, owed, started.limit, ranges),
        at - owed.due_at if overdue else 0,
        (today - due_day).days if overdue else 0,
        store.calendar.workdays_between(due_day, today) if overdue else 0,
        suspended,
        tuple(
            entry
            for entry in view.entries
            if entry.suspension is not None or (entry.step == key and entry.act in ANSWERS)
        ),
        _fired(store, owed, at),
        planned_rungs(owed, store.rules.ladder_step, store.zone, store.calendar),
        None if owed.closed(at) else unit,
        contacts_of(found, today).get(unit.code, Contacts()),
        held_by(view.matter, view.workflow, view.entries, at, store.zone),
    )


def _days(
    store: Store, owed: Obligation, row: StepLimit | None, ranges: Sequence[Suspension]
) -> tuple[Counted, ...]:
    """Return the days of a step's deadline; those of a date that a person set are simply counted,
    in the measure of the limit where there is one.
    """
    if row is not None:
        reckoned = deadline(owed.opened_at, row.limit, store.zone, store.calendar, ranges)
        if reckoned.due_at == owed.due_at:
            return reckoned.days
    measure = Measure.DAYS if row is None else row.limit.unit
    return days_until(owed.opened_at, owed.due_at, measure, store.zone, store.calendar, ranges)


def _fired(store: Store, owed: Obligation, at: Instant) -> tuple[tuple[str, Instant], ...]:
    found = urges.fired(store.connection, at, [owed]).get(owed.id, [])
    return tuple((row.rung, row.fired_at) for row in found)
