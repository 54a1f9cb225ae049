"""Who somebody is to the program, and what that allows: for `whoami` (R3)."""

from __future__ import annotations

from actions.people import roles_on
from domain.instants import Instant
from domain.people import Actor, Person, StandIn
from domain.permissions import Action, Scope, scopes_of
from domain.units import Unit
from domain.values import dataclass
from storage import people, units
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Identity:
    """Who acts today, with every role that counts: own ones, and those of whom one stands in for.

    `may` has for each action the scopes with the units whose roles give them, none where it is
    not allowed. `away` are the stand-ins of today for this login.
    """

    actor: Actor
    roles: tuple[Person, ...]
    standing_in: tuple[StandIn, ...]
    away: tuple[StandIn, ...]
    may: dict[Action, dict[Scope, list[str]]]
    units: dict[str, Unit]


def identity(store: Store, actor: Actor, at: Instant) -> Identity:
    """Return who acts at `at` and what that allows."""
    today = store.today(at)
    with store.reading():
        roles = tuple(roles_on(store, actor.login, today))
        standing = [row for row in people.stand_ins(store.connection) if row.valid_on(today)]
        return Identity(
            actor,
            roles,
            tuple(row for row in standing if row.login == actor.login),
            tuple(row for row in standing if row.absent == actor.login),
            {action: scopes_of(action, roles) for action in Action},
            units.by_code(store.connection, [person.unit for person in roles]),
        )
