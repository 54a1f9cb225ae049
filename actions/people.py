"""People: who acts, what their roles allow, and who stands in (R3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.errors import NotFound, Refused
from domain.instants import Instant
from domain.people import Actor, Person, Role, StandIn, check_stand_in, stands_in_for
from domain.permissions import Action, may, require
from storage import events, networks
from storage import people as rows
from storage import units as unit_rows
from storage.store import Store


def roles_on(store: Store, login: str, day: date) -> list[Person]:
    """Return the roles that `login` holds on `day`, its own and those it stands in for."""
    standing = rows.stand_ins(store.connection)
    return [
        person
        for name in stands_in_for(login, standing, day)
        for person in rows.of_login(store.connection, name)
        if person.valid_on(day)
    ]


def is_admin(store: Store, login: str, at: Instant) -> bool:
    """Return whether `login` is an admin today."""
    return any(person.role is Role.ADMIN for person in roles_on(store, login, store.today(at)))


def acting(store: Store, real_login: str, as_login: str | None, host: str, at: Instant) -> Actor:
    """Return who acts; `as_login` is for admins, and both logins are kept (代报)."""
    if as_login is None or as_login == real_login:
        return Actor(real_login, real_login, host)
    require(Action.ACT_AS, real_login, roles_on(store, real_login, store.today(at)))
    if not rows.of_login(store.connection, as_login):
        raise Refused("errors.login_unknown", login=as_login)
    return Actor(as_login, real_login, host)


def require_on(
    store: Store, actor: Actor, action: Action, at: Instant, unit: str | None = None
) -> None:
    """Refuse what the actor's roles of today do not allow, on `unit` where one is named."""
    line, supervisors = _around(store, unit, at)
    roles = roles_on(store, actor.login, store.today(at))
    found = None if unit is None else unit_rows.get(store.connection, unit)
    require(action, actor.login, roles, line, supervisors, found.called if found else "")


def allowed(store: Store, actor: Actor, action: Action, at: Instant, unit: str) -> bool:
    """Return whether the actor may do this on `unit` today."""
    line, supervisors = _around(store, unit, at)
    return may(action, roles_on(store, actor.login, store.today(at)), line, supervisors)


def _around(store: Store, unit: str | None, at: Instant) -> tuple[list[str], set[str]]:
    """Return a unit's line upwards, and who supervises it or a unit above it today."""
    if unit is None:
        return [], set()
    line = [above.code for above in unit_rows.line(store.connection, unit)]
    return line, networks.supervisors_of(store.connection, line, store.today(at))


def home_units(store: Store, login: str, day: date) -> list[str]:
    """Return the codes of the units that `login` files for by its own role, first entered first."""
    found = [
        person.unit
        for person in roles_on(store, login, day)
        if person.role in (Role.LIAISON, Role.DEPUTY)
    ]
    return list(dict.fromkeys(found))


def save_people(store: Store, actor: Actor, people: Sequence[Person], at: Instant) -> int:
    """Write roles, new or changed; only an admin may. Return how many differ from what stood.

    Raises Refused where nobody would be an admin today afterwards.
    """
    with store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        standing = set(rows.everyone(store.connection))
        changed = [person for person in people if person not in standing]
        rows.save(store.connection, changed)
        if changed:
            today = store.today(at)
            if not any(person.valid_on(today) for person in _admins(store)):
                raise Refused("errors.last_admin", login=actor.login)
            events.record(
                store.connection,
                actor,
                at,
                "people.save",
                "people",
                people=[_as_detail(person) for person in changed],
                before=[
                    _as_detail(person)
                    for person in standing
                    if _key(person) in {_key(other) for other in changed}
                ],
            )
    return len(changed)


def _key(person: Person) -> tuple[object, ...]:
    return person.login, person.unit, person.role, person.valid_from


def _as_detail(person: Person) -> dict[str, object]:
    """Return a role as its event tells it: never a phone or an address, which a log keeps.

    The digest of the table, in the same event, holds them to what they were all the same.
    """
    return {
        "login": person.login,
        "name": person.name,
        "unit": person.unit,
        "role": person.role.value,
        "valid_from": person.valid_from and person.valid_from.isoformat(),
        "valid_to": person.valid_to and person.valid_to.isoformat(),
    }


def _admins(store: Store) -> list[Person]:
    """Return every admin's role, whatever its validity."""
    return [person for person in rows.everyone(store.connection) if person.role is Role.ADMIN]


def set_stand_in(store: Store, actor: Actor, row: StandIn, at: Instant) -> None:
    """Record a stand-in with its dates; only an admin may; a cycle is refused (R3)."""
    with store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        for login in (row.login, row.absent):
            if not rows.of_login(store.connection, login):
                raise Refused("errors.login_unknown", login=login)
        everyone = rows.stand_ins(store.connection)
        before = [
            other
            for other in everyone
            if (other.login, other.absent, other.first) == (row.login, row.absent, row.first)
        ]
        check_stand_in(row, [other for other in everyone if other not in before])
        rows.save_stand_in(store.connection, row)
        events.record(
            store.connection,
            actor,
            at,
            "people.stand_in",
            row.login,
            absent=row.absent,
            first=row.first.isoformat(),
            last=row.last.isoformat(),
            before=[other.last.isoformat() for other in before],
        )


def retire(
    store: Store,
    actor: Actor,
    login: str,
    last_day: date,
    at: Instant,
    *,
    unit: str | None = None,
    role: Role | None = None,
) -> list[Person]:
    """End the roles of `login` with `last_day`, of one unit or one role where named.

    Returns the roles as they now stand. Raises NotFound where none is left to end, Refused where
    one begins later, or where nobody would be an admin afterwards.
    """
    with store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        ending = [
            person
            for person in rows.of_login(store.connection, login)
            if (person.valid_to is None or person.valid_to > last_day)
            and unit in (None, person.unit)
            and role in (None, person.role)
        ]
        if not ending:
            raise NotFound("errors.role_unknown", login=login, day=last_day)
        for person in ending:
            if person.valid_from is not None and person.valid_from > last_day:
                raise Refused("errors.range_reversed", first=person.valid_from, last=last_day)
        admins = {
            person.login
            for person in rows.everyone(store.connection)
            if person.role is Role.ADMIN and person not in ending and person.valid_to is None
        }
        if not admins and any(person.role is Role.ADMIN for person in ending):
            raise Refused("errors.last_admin", login=login)
        ended = [replace(person, valid_to=last_day) for person in ending]
        save_people(store, actor, ended, at)
    return ended
