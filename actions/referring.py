"""Cases handed over to other bodies: the police, the procuratorate, a court (R15)."""

from __future__ import annotations

from actions.matters import ALIKE, MatterView, Subject, listed, open_within, show
from actions.people import require_on
from actions.units import find_valid
from domain.errors import Refused
from domain.instants import Instant
from domain.matters import Matter
from domain.people import Actor
from domain.permissions import Action
from domain.units import Kind, Unit
from storage import units
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

WORKFLOW = "transfer"


def receiving(store: Store, at: Instant) -> list[Unit]:
    """Return the units to which a case can be handed over today, in registry order."""
    today = store.today(at)
    return [
        unit
        for unit in units.selected(store.connection, Selection())
        if unit.kind is Kind.DEPARTMENT and unit.valid_on(today)
    ]


def refer(store: Store, actor: Actor, number: str, to: str, text: str, at: Instant) -> Matter:
    """Open the transfer of a finding, a lead or a patch to another body, and say why.

    The receiving body owes the steps of it, but for the sending. Who works on the matter may.
    Raises Refused for a matter of another kind, its own unit, and where a transfer to the same
    body is under way.
    """
    if not text.strip():
        raise Refused("matters.reason_missing")
    with store.connection.writing():
        view = show(store, number, at)
        matter = view.matter
        if matter.workflow not in ALIKE:
            raise Refused("matters.refer_kind", number=matter.number)
        require_on(store, actor, Action.STEP, at, matter.unit)
        unit = find_valid(store, to, store.today(at))
        if unit.code == matter.unit or unit.kind is not Kind.DEPARTMENT:
            raise Refused("matters.refer_to", unit=unit.called, number=matter.number)
        for each in referrals(store, matter.number, at):
            if each.matter.unit == unit.code and each.state.closed_at is None:
                known = each.matter.number
                raise Refused("matters.referred_already", unit=unit.called, number=known)
        about = Subject(
            matter.title,
            place=matter.place,
            location=matter.location,
            party=matter.party,
            land_class=matter.land_class,
            area=matter.area,
            existed_since=matter.existed_since,
            source=matter.source,
            parent=matter.number,
        )
        return open_within(
            store, actor, WORKFLOW, unit.code, about, at, issuer=matter.unit, text=text.strip()
        )


def referrals(store: Store, number: str, at: Instant) -> list[MatterView]:
    """Return the transfers of a matter by `at`, with their answers."""
    wanted = Filter(workflow=WORKFLOW, parent=number.strip().upper())
    return listed(store, Selection(), wanted, at)
