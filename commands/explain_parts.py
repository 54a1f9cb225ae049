"""What the explanations of reports and of steps have in common (R14)."""

from __future__ import annotations

from collections.abc import Sequence

import catalogue
from catalogue import t
from commands.matter_pages import unit_name
from commands.output import Record
from domain.explaining import Explanation, PlannedRung, StepExplanation
from domain.instants import Instant, Zone, utc
from domain.networks import Contacts
from domain.people import Person
from domain.units import Unit


def utc_or_none(at: Instant | None) -> str | None:
    """Return an instant as programs read it."""
    return None if at is None else utc(at)


def discharged(found: Explanation | StepExplanation) -> Instant | None:
    """Return when it was discharged, where that was known as of the explanation's instant."""
    at = found.obligation.discharged_at
    return at if at is not None and at <= found.at else None


def overdue_words(found: Explanation | StepExplanation) -> str:
    """Return how long it is overdue, in words; nothing where it is not."""
    if not found.overdue_seconds:
        return ""
    days = found.overdue_days
    return t(
        "explain.overdue",
        span=t("words.span_days", days=days) if days else catalogue.span(found.overdue_seconds),
        workdays=t("words.span_workdays", days=found.overdue_workdays),
    )


def holder_words(holder: Unit | None, contacts: Contacts, nobody: str) -> str:
    """Return whose turn it is with the people to call; `nobody` where nothing is owed any more."""
    if holder is None:
        return nobody
    people = [
        t("explain.contact", role=t(f"words.role_{role}"), name=person.name, phone=person.phone)
        for role, person in (
            ("liaison", contacts.liaison),
            ("deputy", contacts.deputy),
            ("leader", contacts.leader),
        )
        if person is not None
    ]
    unit = unit_name(holder)
    return t("explain.holder_text", unit=unit, people=people or [t("explain.no_contact")])


def contacts_record(contacts: Contacts) -> Record:
    """Return a unit's contacts as programs read them."""
    return {
        "leader": _contact(contacts.leader),
        "liaison": _contact(contacts.liaison),
        "deputy": _contact(contacts.deputy),
    }


def _contact(person: Person | None) -> Record | None:
    if person is None:
        return None
    return {"login": person.login, "name": person.name, "phone": person.phone or None}


def ladder_record(
    planned: Sequence[PlannedRung], fired: Sequence[tuple[str, Instant]]
) -> list[Record]:
    """Return a ladder as programs read it; `fired_at` is null for what did not fire."""
    sent = dict(fired)
    return [
        {
            "name": row.rung.name,
            "offset": row.rung.at,
            "to": list(row.rung.to),
            "planned_at": utc(row.at),
            "fired_at": utc_or_none(sent.get(row.rung.name)),
        }
        for row in planned
    ]


def ladder_lines(
    planned: Sequence[PlannedRung], fired: Sequence[tuple[str, Instant]], zone: Zone
) -> list[str]:
    """Return a ladder in words: when each rung may fire, to whom, and when it did.

    What fired and has left the ladder since stands at the end.
    """
    sent = dict(fired)
    names = {row.rung.name for row in planned}
    lines = [_rung(row, sent.get(row.rung.name), zone) for row in planned]
    lines += [
        t("explain.fired_once", at=zone.show(at), name=t(f"words.rung_{name}"))
        for name, at in fired
        if name not in names
    ]
    return [f"  {line}" for line in lines]


def _rung(row: PlannedRung, fired_at: Instant | None, zone: Zone) -> str:
    line = t(
        "explain.rung",
        at=zone.show(row.at),
        name=t(f"words.rung_{row.rung.name}"),
        to=[t(f"words.addressee_{to}") for to in row.rung.to],
    )
    if fired_at is None:
        return line
    return t("explain.fired", rung=line, at=zone.show(fired_at))
