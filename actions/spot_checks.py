"""The zero-run check: a private hint to those who supervise a unit to go and look."""

from __future__ import annotations

from datetime import timedelta

from actions.people import roles_on
from domain.errors import Refused
from domain.instants import Instant
from domain.networks import Network
from domain.people import Actor, Role
from domain.spot_checks import ZeroRun, zero_run
from domain.units import Unit
from domain.values import dataclass
from storage import assessing, networks, units
from storage.store import Store
from storage.units import Selection

LOOK_BACK_DAYS = 730
"""How far back a unit's own history is taken; a local default."""


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """A unit whose present run of zeros is unlikely by its own history."""

    unit: Unit
    run: ZeroRun


def sees_spot_checks(store: Store, actor: Actor, at: Instant) -> bool:
    """Return whether whoever acts is a supervisor of some unit today; an admin as such is none."""
    return bool(_supervised(store, actor, at))


def spot_checks(store: Store, actor: Actor, at: Instant) -> list[SpotCheck]:
    """Return the units that the actor supervises and should have a look at, in registry order.

    Raises Refused for whoever supervises nobody: a hint is for supervisors alone, and is on no
    sheet and in no score.
    """
    with store.reading():
        roots = _supervised(store, actor, at)
        if not roots:
            raise Refused("spot.supervisors_only")
        today = store.today(at)
        first = today - timedelta(days=LOOK_BACK_DAYS)
        found: dict[str, SpotCheck] = {}
        for root in sorted(roots):
            below = Selection(under=root)
            known = {unit.code: unit for unit in units.selected(store.connection, below)}
            for code, told in assessing.told_by_day(store.connection, first, below, at).items():
                run = zero_run(code, told)
                if run is not None and run.striking and known[code].valid_on(today):
                    found[code] = SpotCheck(known[code], run)
    return sorted(found.values(), key=lambda row: row.unit.order)


def _supervised(store: Store, actor: Actor, at: Instant) -> set[str]:
    """Return the units that the actor's supervisor roles supervise today."""
    today = store.today(at)
    bodies = {
        person.unit
        for person in roles_on(store, actor.login, today)
        if person.role is Role.SUPERVISOR
    }
    return {
        link.target
        for link in networks.links(store.connection, Network.SUPERVISION)
        if link.source in bodies and link.valid_on(today)
    }
