"""Whose phones and addresses somebody is shown: those that the work needs (R3)."""

from __future__ import annotations

from datetime import date

from actions.people import roles_on
from domain.networks import Network
from domain.permissions import Action, Scope, scopes_of
from storage import networks, units
from storage.store import Store
from storage.units import Selection


def reach(store: Store, login: str, day: date) -> set[str] | None:
    """Return the units whose people's contacts `login` is shown on `day`; None: of all units.

    The own unit with what lies above and below it, and what the own unit supervises.
    """
    connection = store.connection
    scopes = scopes_of(Action.CONTACTS, roles_on(store, login, day))
    if Scope.ALL in scopes:
        return None
    found: set[str] = set()
    below = set(scopes.get(Scope.LINE, ()))
    for code in below:
        found |= {unit.code for unit in units.line(connection, code)}
    own = set(scopes.get(Scope.SUPERVISED, ()))
    if own:
        below |= {
            link.target
            for link in networks.links(connection, Network.SUPERVISION)
            if link.source in own and link.valid_on(day)
        }
    for code in below:
        found |= {unit.code for unit in units.selected(connection, Selection(under=code))}
    return found
