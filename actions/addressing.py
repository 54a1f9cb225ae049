"""To whom a step of the ladder goes: people by role, the district above, who supervises (R14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from domain.people import Person, Role, StandIn, stands_in_for
from domain.units import Kind, Unit
from domain.values import dataclass
from storage import networks, people, units
from storage.store import Store

_ROLES = {"liaison": Role.LIAISON, "deputy": Role.DEPUTY, "leader": Role.LEADER}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody an urge goes to: `role` is the ladder's word, `unit` None for the whole city.

    `person` is None where nobody is registered; `absent` is whom the person stands in for.
    """

    role: str
    unit: Unit | None
    person: Person | None = None
    absent: Person | None = None


def recipients(store: Store, unit: Unit, to: Sequence[str], day: date) -> list[Recipient]:
    """Return whom the addressees of a rung are for an obligation of `unit`, on `day` (R3)."""
    found: list[Recipient] = []
    for role in to:
        if role in _ROLES:
            found += _people(store, role, unit, _ROLES[role], day)
        elif role == "supervision":
            for above in _supervising(store, unit, day):
                found += _people(store, role, above, Role.SUPERVISOR, day)
        elif role == "district":
            above_it = _district(store, unit)
            if above_it is not None:
                found += _people(store, role, above_it, Role.LEADER, day)
        else:
            found.append(Recipient(role, None))
    return found


def _people(store: Store, role: str, unit: Unit, held: Role, day: date) -> list[Recipient]:
    holders = [
        person
        for person in people.of_unit(store.connection, unit.code)
        if person.role is held and person.valid_on(day)
    ]
    standing = people.stand_ins(store.connection)
    found: list[Recipient] = []
    for person in holders:
        instead = _instead(store, person, standing, day)
        found += [Recipient(role, unit, other, person) for other in instead]
        if not instead:
            found.append(Recipient(role, unit, person))
    return found or [Recipient(role, unit)]


def _instead(store: Store, person: Person, standing: Iterable[StandIn], day: date) -> list[Person]:
    """Return who acts for a person who is away: those standing in who are not away themselves."""
    rows = [row for row in standing if row.valid_on(day)]
    away = {row.absent for row in rows}
    if person.login not in away:
        return []
    logins = [
        login
        for login in dict.fromkeys(row.login for row in rows)
        if login not in away and person.login in stands_in_for(login, rows, day)
    ]
    return [
        held[0]
        for login in logins
        if (held := [p for p in people.of_login(store.connection, login) if p.valid_on(day)])
    ]


def _supervising(store: Store, unit: Unit, day: date) -> list[Unit]:
    above = [each.code for each in units.line(store.connection, unit.code)]
    codes = networks.supervisors_of(store.connection, above, day)
    return sorted(units.by_code(store.connection, codes).values(), key=lambda each: each.order)


def _district(store: Store, unit: Unit) -> Unit | None:
    """Return the district that a unit lies in; None for a district and for what lies in none."""
    above = units.line(store.connection, unit.code)[1:]
    return next((each for each in above if each.kind is Kind.DISTRICT), None)
