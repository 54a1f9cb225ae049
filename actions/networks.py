"""The three networks on a day: members, links, contacts and gaps (R2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from actions.people import require_on
from domain.instants import Instant
from domain.networks import VERTICAL_KINDS, Link, Network, NetworkView, view
from domain.people import Actor
from domain.permissions import Action
from domain.units import Unit
from storage import events, networks, people, units
from storage.store import Store
from storage.units import Selection

Membership = Callable[[Unit, date], bool]


def network(store: Store, which: Network, day: date, root: str | None = None) -> NetworkView:
    """Return a network on `day`; with `root`, the part of it at and below that unit.

    In the horizontal and the supervision network, below means along the links.
    """
    connection = store.connection
    links = networks.links(connection)
    if which is Network.VERTICAL:
        among = units.selected(connection, Selection(under=root))
    else:
        ends = {code for link in links for code in (link.source, link.target)}
        among = list(units.by_code(connection, ends).values())
    found = view(which, day, among, links, people.everyone(connection))
    if root is None or which is Network.VERTICAL:
        return found
    return _from_root(found, root)


def _from_root(whole: NetworkView, root: str) -> NetworkView:
    kept = [root]
    for code in kept:
        kept += [target for source, target in whole.links if source == code and target not in kept]
    edges = tuple(edge for edge in whole.links if edge[0] in kept)
    return NetworkView(
        whole.network,
        whole.day,
        tuple(unit for unit in whole.members if unit.code in kept),
        edges,
        whole.supervisors,
        whole.contacts,
        tuple(gap for gap in whole.gaps if gap.code in kept),
    )


def membership(store: Store, which: Network | None) -> Membership:
    """Return a test of whether a unit belongs to the network on a day; None: every unit does."""
    if which is None:
        return lambda _unit, _day: True
    if which is Network.VERTICAL:
        return lambda unit, _day: unit.kind in VERTICAL_KINDS
    links = networks.links(store.connection, which)
    ends = units.by_code(store.connection, {code for x in links for code in (x.source, x.target)})
    by_code: dict[str, list[Link]] = {}
    for link in links:
        by_code.setdefault(link.source, []).append(link)
        by_code.setdefault(link.target, []).append(link)
    return lambda unit, day: any(
        link.valid_on(day) and ends[link.source].valid_on(day) and ends[link.target].valid_on(day)
        for link in by_code.get(unit.code, ())
    )


def save_links(store: Store, actor: Actor, links: Sequence[Link], at: Instant) -> None:
    """Write links, new or changed; only an admin may."""
    with store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        keys = {_key(link) for link in links}
        before = [link for link in networks.links(store.connection) if _key(link) in keys]
        networks.save(store.connection, links)
        events.record(
            store.connection,
            actor,
            at,
            "links.save",
            "links",
            links=[_as_detail(link) for link in links],
            before=[_as_detail(link) for link in before],
        )


def _key(link: Link) -> tuple[object, ...]:
    return link.network, link.source, link.target, link.valid_from


def _as_detail(link: Link) -> dict[str, object]:
    return {
        "network": link.network.value,
        "from": link.source,
        "to": link.target,
        "valid_from": link.valid_from and link.valid_from.isoformat(),
        "valid_to": link.valid_to and link.valid_to.isoformat(),
    }
