"""The answer to «why is this red?» (R14)."""

from __future__ import annotations

from datetime import date

from actions.expecting import expected_between
from actions.overdue import light_of
from domain.errors import NotFound
from domain.explaining import Explanation, day_notes, planned_rungs
from domain.instants import Instant
from domain.networks import Contacts, contacts_of
from domain.obligations import Obligation, parse_id, status_of
from storage import people, units
from storage.store import Store
from storage.units import Selection


def explain(store: Store, obligation_id: str, at: Instant) -> Explanation:
    """Return why an obligation is what it is as of `at`; raises NotFound for an unknown id."""
    code, subject = parse_id(obligation_id)
    try:
        day = date.fromisoformat(subject)
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
    )
