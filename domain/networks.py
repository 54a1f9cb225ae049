"""The three networks over one set of units (R2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from domain.people import Person, Role
from domain.units import Kind, Unit, in_force
from domain.values import dataclass


class Network(StrEnum):
    """Horizontal liaison, vertical patrol, and city supervision network."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"
    SUPERVISION = "supervision"


VERTICAL_KINDS = (Kind.REGION, Kind.CITY, Kind.DISTRICT, Kind.TOWN, Kind.TEAM)
CONTACT_ROLES = (Role.LEADER, Role.LIAISON, Role.DEPUTY)


@dataclass(frozen=True, slots=True)
class Link:
    """A dated link of the horizontal or the supervision network."""

    network: Network
    source: str
    target: str
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Return whether the link holds on `day`."""
        return in_force(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class Gap:
    """A member of the horizontal network that lacks one of its three contacts (R2)."""

    code: str
    lacks: Role


@dataclass(frozen=True, slots=True)
class Contacts:
    """The people of one unit on one day; the first of each role, None where there is none."""

    leader: Person | None = None
    liaison: Person | None = None
    deputy: Person | None = None


@dataclass(frozen=True, slots=True)
class NetworkView:
    """One network on one day: its units in registry order, its links, and its gaps."""

    network: Network
    day: date
    members: tuple[Unit, ...]
    links: tuple[tuple[str, str], ...]
    supervisors: dict[str, tuple[str, ...]]
    contacts: dict[str, Contacts]
    gaps: tuple[Gap, ...]


def contacts_of(people: Iterable[Person], day: date) -> dict[str, Contacts]:
    """Return each unit's contacts valid on `day`; the person listed first wins."""
    found: dict[str, dict[Role, Person]] = {}
    for person in people:
        if person.role in CONTACT_ROLES and person.valid_on(day):
            found.setdefault(person.unit, {}).setdefault(person.role, person)
    return {
        unit: Contacts(by.get(Role.LEADER), by.get(Role.LIAISON), by.get(Role.DEPUTY))
        for unit, by in found.items()
    }


def view(
    network: Network,
    day: date,
    units: Sequence[Unit],
    links: Sequence[Link],
    people: Iterable[Person],
) -> NetworkView:
    """Return the network on `day` (R2): only units and links valid that day appear.

    `links` are those of the network itself and, for `supervisors`, of the supervision network.
    """
    here = {unit.code: unit for unit in units if unit.valid_on(day)}
    standing = [
        link for link in links if link.valid_on(day) and link.source in here and link.target in here
    ]
    supervisors: dict[str, list[str]] = {}
    for link in standing:
        if link.network is Network.SUPERVISION:
            supervisors.setdefault(link.target, []).append(link.source)
    if network is Network.VERTICAL:
        members = [unit for unit in here.values() if unit.kind in VERTICAL_KINDS]
        codes = {unit.code for unit in members}
        edges = [
            (unit.parent, unit.code)
            for unit in members
            if unit.parent is not None and unit.parent in codes
        ]
    else:
        edges = [(link.source, link.target) for link in standing if link.network is network]
        codes = {code for edge in edges for code in edge}
        members = [unit for unit in here.values() if unit.code in codes]
    members.sort(key=lambda unit: unit.order)
    contacts = contacts_of(people, day)
    gaps: list[Gap] = []
    if network is Network.HORIZONTAL:
        nobody = Contacts()
        for unit in members:
            own = contacts.get(unit.code, nobody)
            held = {Role.LEADER: own.leader, Role.LIAISON: own.liaison, Role.DEPUTY: own.deputy}
            gaps += [Gap(unit.code, role) for role in CONTACT_ROLES if held[role] is None]
    return NetworkView(
        network,
        day,
        tuple(members),
        tuple(edges),
        {code: tuple(by) for code, by in supervisors.items()},
        contacts,
        tuple(gaps),
    )
