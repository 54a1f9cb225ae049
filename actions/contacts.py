"""Whose phones and addresses somebody is shown: those that the work needs (R3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from actions.people import roles_on
from domain.networks import CONTACT_ROLES, Network
from domain.permissions import Action, Scope, scopes_of
from domain.values import dataclass
from storage import networks, units
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class Reach:
    """The units whose people's contacts somebody is shown, None: of all units.

    Of `network`, the members of the horizontal network, the phones of the network's contacts.
    """

    units: set[str] | None
    network: Collection[str] = ()

    def shows(self, unit: str) -> bool:
        """Return whether phones and addresses of all of a unit's people are shown."""
        return self.units is None or unit in self.units

    def shows_phone(self, unit: str, role: str) -> bool:
        """Return whether the phone of a unit's people of a role is shown."""
        return self.shows(unit) or (unit in self.network and role in CONTACT_ROLES)


def reach(store: Store, login: str, day: date) -> Reach:
    """Return whose contacts `login` is shown on `day`.

    The own unit with what lies above and below it, what the own unit supervises, and of the
    horizontal network's members, where the own unit is one, the phones of its contacts: they
    call each other every day.
    """
    connection = store.connection
    scopes = scopes_of(Action.CONTACTS, roles_on(store, login, day))
    if Scope.ALL in scopes:
        return Reach(None)
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
    return Reach(found, _members(store, set(scopes.get(Scope.NETWORK, ())), day))


def _members(store: Store, own: set[str], day: date) -> set[str]:
    """Return the horizontal network's members on a day, none where no own unit is among them."""
    if not own:
        return set()
    members = {
        code
        for link in networks.links(store.connection, Network.HORIZONTAL)
        if link.valid_on(day)
        for code in (link.source, link.target)
    }
    return members if own & members else set()
