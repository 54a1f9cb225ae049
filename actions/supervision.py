"""What supervisors look at: notices, late units, blind spots, contradicted zeros (R15, R17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions.matters import MatterView, listed
from actions.overdue import Owed, key_of, overdue, overdue_page
from actions.people import is_admin, roles_on
from actions.reconciling import BlindSpot, blind_spots, looked_back, unasked
from actions.timelines import TimelineStep, nearest, timelines
from actions.urging import last_check
from domain.instants import Instant
from domain.networks import Network
from domain.people import Actor, Role
from domain.units import Unit
from domain.values import dataclass
from storage import networks, units
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

BLIND_DAYS = 7
"""How long nobody may have looked at a place before it is a blind spot; a local default."""

MOST_DEBTORS = 500
"""Units that owe, the longest first: more is the overdue list's business."""
_PAGE = 1000
"""Obligations past due that are read at a time, to find whose they are."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A supervision notice; `issued`: one's own side issued it, `received`: it is to one's own."""

    view: MatterView
    issued: bool
    received: bool


@dataclass(frozen=True, slots=True)
class Debtor:
    """A unit with what it has owed longest, and how many things it owes past due."""

    unit: Unit
    longest: Owed
    count: int


@dataclass(frozen=True, slots=True)
class Supervision:
    """The supervision network's day as seen by somebody, as of `at`.

    Notices that wait come first, by their next date; an admin sees every notice, unit and zero.
    `debtors` are at most `MOST_DEBTORS`, `more_debtors` says whether there are others.
    `unasked` counts the contradicted zeros for which no explanation was asked yet, `checked_at`
    is when the ladder was last looked at.
    """

    at: Instant
    notices: tuple[Notice, ...]
    debtors: tuple[Debtor, ...]
    more_debtors: bool
    zeros: tuple[MatterView, ...]
    unasked: int
    blind: tuple[BlindSpot, ...]
    steps: Mapping[str, tuple[TimelineStep, ...]]
    units: Mapping[str, Unit]
    checked_at: Instant | None
    may_issue: bool
    may_reconcile: bool


def supervision(
    store: Store, actor: Actor, at: Instant, blind_days: int = BLIND_DAYS
) -> Supervision:
    """Return what whoever acts has to supervise, or to answer for."""
    with store.reading():
        admin = is_admin(store, actor.login, at)
        own, over, issuing = _sides(store, actor, at)
        reach = own | over
        every = listed(store, Selection(), Filter(workflow="notice"), at)
        notices = [
            Notice(view, admin or view.matter.issuer in own, view.matter.unit in own)
            for view in every
            if admin or view.matter.issuer in own or view.matter.unit in own
        ]
        waiting = listed(store, Selection(), Filter(workflow="reconcile", open=True), at)
        zeros = [view for view in waiting if admin or view.matter.unit in reach]
        shown = [*(row.view for row in notices), *zeros]
        steps = timelines(store, shown, at)
        notices.sort(key=lambda row: _order(row.view, steps[row.view.matter.number]))
        today = store.today(at)
        open_zeros = unasked(store, *looked_back(store, today), Selection(), at)
        spots = blind_spots(store, blind_days, at)
        debtors, more = _debtors(store, at, None if admin else reach)
        codes = {view.matter.issuer for view in shown} | {view.matter.unit for view in shown}
        return Supervision(
            at,
            tuple(notices),
            tuple(debtors),
            more,
            tuple(zeros),
            sum(admin or row.unit.code in reach for row in open_zeros),
            tuple(row for row in spots if admin or row.unit.code in reach),
            steps,
            units.by_code(store.connection, codes),
            last_check(store),
            admin or issuing,
            admin,
        )


def _sides(store: Store, actor: Actor, at: Instant) -> tuple[set[str], set[str], bool]:
    """Return the own units, what they supervise, each with all below, and whether one may issue."""
    today = store.today(at)
    roles = roles_on(store, actor.login, today)
    # An administrator's unit is the city: what lies below it is not his own to answer for.
    mine = {person.unit for person in roles if person.role is not Role.ADMIN}
    issuers = {person.unit for person in roles if person.role is Role.SUPERVISOR}
    links = [
        link
        for link in networks.links(store.connection, Network.SUPERVISION)
        if link.source in mine and link.valid_on(today)
    ]
    own, over = (
        {
            unit.code
            for code in codes
            for unit in units.selected(store.connection, Selection(under=code))
        }
        for codes in (mine, {link.target for link in links})
    )
    return own, over, any(link.source in issuers for link in links)


def _order(view: MatterView, steps: Sequence[TimelineStep]) -> tuple[bool, int]:
    """Return what sorts open notices first, by their next date, and closed ones newest first."""
    if view.state.closed_at is not None:
        return True, -view.state.closed_at
    step = nearest(steps)
    due_at = None if step is None else step.line.due_at
    return False, view.matter.opened_at if due_at is None else due_at


def _debtors(store: Store, at: Instant, reach: set[str] | None) -> tuple[list[Debtor], bool]:
    """Return the units that owe something past due, the longest first, and whether there are more.

    All that these few owe is counted, and of the others nothing.
    """
    codes, more = _longest(store, at, reach)
    found: dict[str, Debtor] = {}
    for owed in overdue(store, at, Selection(codes=tuple(codes))) if codes else ():
        standing = found.get(owed.unit.code)
        longest, count = (owed, 0) if standing is None else (standing.longest, standing.count)
        found[owed.unit.code] = Debtor(owed.unit, longest, count + 1)
    return list(found.values()), more


def _longest(store: Store, at: Instant, reach: set[str] | None) -> tuple[list[str], bool]:
    """Return the first `MOST_DEBTORS` units of the overdue list, and whether it has others."""
    found: dict[str, None] = {}
    after = None
    while True:
        page = overdue_page(store, at, Selection(), after=after, most=_PAGE)
        for owed in page:
            if reach is None or owed.unit.code in reach:
                found.setdefault(owed.unit.code)
        if len(found) > MOST_DEBTORS or len(page) < _PAGE:
            return list(found)[:MOST_DEBTORS], len(found) > MOST_DEBTORS
        after = key_of(page[-1].obligation)
