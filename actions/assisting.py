"""Linked action: other responsible units are asked for what their duty says they owe (R15)."""

from __future__ import annotations

from collections.abc import Sequence

from actions.matters import MatterView, Subject, listed, open_within, show
from actions.people import require_on
from actions.units import find_valid
from domain.errors import Refused
from domain.instants import Instant
from domain.matter_refusals import check_open
from domain.matters import Matter
from domain.people import Actor
from domain.permissions import Action
from domain.values import dataclass
from storage import networks, units
from storage.matters import Filter
from storage.networks import Duty
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class Duties:
    """A unit that can be asked, with the duties it has in the network."""

    code: str
    name: str
    duties: tuple[Duty, ...]


def can_be_asked(store: Store, at: Instant) -> list[Duties]:
    """Return the units with a duty in the network today, in registry order."""
    by_unit: dict[str, list[Duty]] = {}
    for duty in networks.duties(store.connection):
        by_unit.setdefault(duty.unit, []).append(duty)
    today = store.today(at)
    found = units.by_code(store.connection, by_unit)
    return [
        Duties(unit.code, unit.name, tuple(by_unit[unit.code]))
        for unit in sorted(found.values(), key=lambda unit: unit.order)
        if unit.valid_on(today)
    ]


def ask(
    store: Store, actor: Actor, number: str, asked: Sequence[str], text: str, at: Instant
) -> list[Matter]:
    """Ask units for assistance with a matter; each gets its own deadline to reply (R12).

    What is asked is `text`, or the unit's duty where it is blank. A unit with an open request for
    the same matter is refused: it has been asked. So is the unit whose own matter it is.
    """
    found: list[Matter] = []
    with store.connection.writing():
        view = show(store, number, at)
        matter = view.matter
        check_open(view.state, matter.number)
        require_on(store, actor, Action.STEP, at, matter.unit)
        waiting = {
            each.matter.unit
            for each in answers(store, matter.number, at)
            if each.state.closed_at is None
        }
        for name in asked:
            unit = find_valid(store, name, store.today(at))
            if unit.code == matter.unit:
                raise Refused("matters.asked_itself", unit=unit.name, number=matter.number)
            if unit.code in waiting:
                raise Refused("matters.asked_already", unit=unit.name, number=matter.number)
            waiting.add(unit.code)
            duties = networks.duties(store.connection, unit.code)
            wanted = text.strip() or ";".join(duty.duty for duty in duties)
            if not wanted:
                raise Refused("matters.duty_missing", unit=unit.name)
            found.append(
                open_within(
                    store,
                    actor,
                    "assist",
                    unit.code,
                    Subject(
                        wanted,
                        place=matter.place,
                        location=matter.location,
                        party=matter.party,
                        parent=matter.number,
                    ),
                    at,
                    issuer=matter.unit,
                )
            )
    return found


def answers(store: Store, number: str, at: Instant) -> list[MatterView]:
    """Return the requests made for a matter by `at`, with their replies."""
    requests = Filter(workflow="assist", parent=number.strip().upper())
    return listed(store, Selection(), requests, at)
