"""People, the roles they hold, and who stands in for whom (R3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from domain.errors import Refused
from domain.instants import check_range
from domain.units import in_force
from domain.values import dataclass


class Role(StrEnum):
    """What a person may be in a unit; one login may hold several roles."""

    LIAISON = "liaison"
    DEPUTY = "deputy"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Person:
    """One role of one login in one unit, with its validity."""

    login: str
    name: str
    unit: str
    role: Role
    phone: str = ""
    email: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Return whether the role is held on `day`."""
        return in_force(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class StandIn:
    """`login` may do what `absent` may, on every day from `first` to `last`."""

    login: str
    absent: str
    first: date
    last: date

    def valid_on(self, day: date) -> bool:
        """Return whether the stand-in holds on `day`."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `login` by right, `real_login` at the keyboard (they differ in proxy filing)."""

    login: str
    real_login: str
    host: str = ""

    @property
    def proxy(self) -> bool:
        """Return whether somebody acts in another's name (代报)."""
        return self.login != self.real_login


PROGRAM = Actor("-", "-")
"""Who acts where nobody in particular does: days become current, whoever opens the store."""


def stands_in_for(login: str, stand_ins: Iterable[StandIn], day: date) -> tuple[str, ...]:
    """Return every login whose rights `login` has on `day`, itself first; chains resolve (R3)."""
    absent_of: dict[str, list[str]] = {}
    for row in stand_ins:
        if row.valid_on(day):
            absent_of.setdefault(row.login, []).append(row.absent)
    found = [login]
    for current in found:
        found.extend(name for name in absent_of.get(current, ()) if name not in found)
    return tuple(found)


def check_stand_in(new: StandIn, standing: Sequence[StandIn]) -> None:
    """Refuse a stand-in for oneself or one that closes a cycle on any day (R3).

    Raises UsageError where its dates are reversed.
    """
    check_range(new.first, new.last)
    overlapping = [row for row in standing if row.first <= new.last and row.last >= new.first]
    # Which stand-ins hold together changes only where one begins, so those days suffice.
    days = {new.first} | {row.first for row in overlapping if row.first > new.first}
    for day in days:
        if new.login in stands_in_for(new.absent, standing, day):
            raise Refused("errors.stand_in_cycle", login=new.login, absent=new.absent, day=day)
