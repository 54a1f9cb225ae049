"""What the three networks show of a day: members' states, sums up the tree, the matrix (R2)."""

from __future__ import annotations

from datetime import date

from actions.board import BoardRow, board
from actions.networks import network
from actions.overdue import overdue_counts
from actions.summing import groups
from domain.instants import Instant
from domain.networks import VERTICAL_KINDS, Contacts, Network
from domain.people import Role
from domain.rates import Tally
from domain.units import Kind, Unit
from domain.values import dataclass
from storage import networks, units
from storage.networks import Duty
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the horizontal network on a day; `gaps` are the contacts that it lacks."""

    unit: Unit
    contacts: Contacts
    gaps: tuple[Role, ...]
    duties: tuple[Duty, ...]
    row: BoardRow | None


@dataclass(frozen=True, slots=True)
class Rollup:
    """A node of the tree with all below it: the day's counts, open overdue, direct children."""

    tally: Tally
    overdue: int
    children: int


@dataclass(frozen=True, slots=True)
class Node:
    """A unit of the tree on a day: its own state, and the sums of all below it."""

    unit: Unit
    rollup: Rollup
    row: BoardRow | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who supervises whom on a day: supervisors across, supervised units down."""

    supervisors: tuple[Unit, ...]
    supervised: tuple[Unit, ...]
    links: frozenset[tuple[str, str]]
    overdue: dict[str, int]
    rows: dict[str, BoardRow]


def members(store: Store, day: date, at: Instant) -> list[Member]:
    """Return the horizontal network's members on `day` with that day's state as of `at`.

    Gaps first: who lacks most contacts stands at the top, then registry order.
    """
    with store.reading():
        seen = network(store, Network.HORIZONTAL, day)
        states = _states(store, day, Selection(network=Network.HORIZONTAL), at)
        duties = networks.duties(store.connection)
    lacks: dict[str, tuple[Role, ...]] = {}
    for gap in seen.gaps:
        lacks[gap.code] = (*lacks.get(gap.code, ()), gap.lacks)
    found = [
        Member(
            unit,
            seen.contacts.get(unit.code, Contacts()),
            lacks.get(unit.code, ()),
            tuple(duty for duty in duties if duty.unit == unit.code),
            states.get(unit.code),
        )
        for unit in seen.members
    ]
    return sorted(found, key=lambda member: (-len(member.gaps), member.unit.order))


def supervision(store: Store, day: date, at: Instant) -> Matrix:
    """Return the supervision network on `day`, with open overdue counts and states as of `at`."""
    selection = Selection(network=Network.SUPERVISION)
    with store.reading():
        seen = network(store, Network.SUPERVISION, day)
        states = _states(store, day, selection, at)
        late = overdue_counts(store, at, selection)
    above = {source for source, _ in seen.links}
    below = {target for _, target in seen.links}
    return Matrix(
        tuple(unit for unit in seen.members if unit.code in above),
        tuple(unit for unit in seen.members if unit.code in below),
        frozenset(seen.links),
        late,
        states,
    )


def rollups(store: Store, day: date, at: Instant) -> dict[str, Rollup]:
    """Return every unit of the vertical network on `day`, each with the sum of all below it.

    The day's reports are counted as of `at`, overdue is what is open and past due by then. The
    number of queries is the same for any number of nodes.
    """
    selection = Selection(network=Network.VERTICAL)
    with store.reading():
        parents = units.parents(store.connection, VERTICAL_KINDS, day)
        late = overdue_counts(store, at, selection)
        tallies = {code: Tally() for code in parents}
        for group in groups(store, day, day, selection, at, by_unit=True):
            if group.unit in tallies:
                tallies[group.unit].add(group.status, group.zero, group.count)
        if day > store.through:
            for row in board(store, day, day, selection, at):
                tallies[row.unit.code].add(row.status, row.zero)
    overdue = {code: late.get(code, 0) for code in parents}
    children = dict.fromkeys(parents, 0)
    for code in _lowest_first(parents):
        parent = parents[code]
        if parent is not None and parent in parents:
            tallies[parent].merge(tallies[code])
            overdue[parent] += overdue[code]
            children[parent] += 1
    return {code: Rollup(tallies[code], overdue[code], children[code]) for code in parents}


def children(
    store: Store, parent: str | None, day: date, at: Instant, sums: dict[str, Rollup]
) -> list[Node]:
    """Return the nodes right under `parent` on `day` as of `at`; None: the roots of the tree."""
    found = units.children(store.connection, parent, VERTICAL_KINDS, day)
    return _nodes(store, [unit for unit in found if unit.code in sums], day, at, sums)


def matching(
    store: Store, text: str, day: date, at: Instant, sums: dict[str, Rollup], most: int = 500
) -> list[Node]:
    """Return the nodes with `text` in one of their names, in registry order, `most` at most."""
    chosen = Selection(network=Network.VERTICAL, text=text)
    codes = units.expected_codes(store.connection, day, day, chosen, everything=True)[:most]
    found = units.by_code(store.connection, codes)
    return _nodes(store, [found[code] for code in codes if code in sums], day, at, sums)


def _nodes(
    store: Store, found: list[Unit], day: date, at: Instant, sums: dict[str, Rollup]
) -> list[Node]:
    page = Selection(codes=tuple(unit.code for unit in found))
    states = _states(store, day, page, at)
    return [Node(unit, sums[unit.code], states.get(unit.code)) for unit in found]


def districts(store: Store, day: date) -> list[Unit]:
    """Return the districts that exist on `day`, in registry order."""
    found = units.of_kinds(store.connection, [Kind.DISTRICT])
    return [unit for unit in found if unit.valid_on(day)]


def _states(store: Store, day: date, selection: Selection, at: Instant) -> dict[str, BoardRow]:
    return {row.unit.code: row for row in board(store, day, day, selection, at)}


def _lowest_first(parents: dict[str, str | None]) -> list[str]:
    depths: dict[str, int] = {}
    for start in parents:
        path: list[str] = []
        code: str | None = start
        while code is not None and code in parents and code not in depths:
            path.append(code)
            code = parents[code]
        depth = depths.get(code, 0) if code is not None else 0
        for step in reversed(path):
            depth += 1
            depths[step] = depth
    return sorted(parents, key=lambda code: -depths[code])
