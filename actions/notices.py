"""Supervision notices: issued, signed for, replied to, reviewed (R15)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

from actions.board import board
from actions.matters import MatterView, Subject, do_step, open_within, show
from actions.people import allowed, require_on, roles_on
from actions.units import find_valid
from domain.errors import NotFound, Refused
from domain.instants import Instant
from domain.matters import Matter
from domain.people import Actor, Role
from domain.permissions import Action
from domain.reports import Status
from domain.units import Unit
from storage.networks import supervisors_of
from storage.store import Store
from storage.units import Selection, line


def issuing_unit(store: Store, actor: Actor, target: Unit, at: Instant) -> str:
    """Return the supervising unit in whose name the actor may issue to `target`.

    Who supervises a unit supervises all below it. An admin issues in the name of the first
    supervisor. Raises Refused for others.
    """
    supervisors = _supervisors(store, target.code, at)
    roles = roles_on(store, actor.login, store.today(at))
    for person in roles:
        if person.role is Role.SUPERVISOR and person.unit in supervisors:
            return person.unit
    require_on(store, actor, Action.ISSUE, at, target.code)
    if not supervisors:
        raise Refused("notices.no_supervisor", unit=target.name)
    return min(supervisors)


def issue(
    store: Store,
    actor: Actor,
    targets: Sequence[str],
    title: str,
    text: str,
    at: Instant,
    *,
    reply_by: date | None = None,
    parent: str = "",
    dry_run: bool = False,
) -> list[Matter]:
    """Issue one numbered notice to each unit; all stand or none. A date on it wins (R12).

    `dry_run` only says what would be issued, or why it would be refused.
    """
    if not targets:
        raise NotFound("notices.no_target")
    if not text.strip():
        raise Refused("notices.text_missing")
    issued: list[Matter] = []
    with suppress(_Rehearsal), store.connection.writing():
        today = store.today(at)
        named = [find_valid(store, name, today) for name in targets]
        for unit in {unit.code: unit for unit in named}.values():
            issuer = issuing_unit(store, actor, unit, at)
            issued.append(
                open_within(
                    store,
                    actor,
                    "notice",
                    unit.code,
                    Subject(title, parent=parent),
                    at,
                    issuer=issuer,
                    text=text,
                    dues={} if reply_by is None else {"reply": reply_by},
                )
            )
        if dry_run:
            raise _Rehearsal
    return issued


class _Rehearsal(Exception):
    """Leaves a transaction without keeping what it did."""


def issuable(store: Store, actor: Actor, codes: Sequence[str], at: Instant) -> list[str]:
    """Return those of the units to which the actor may issue a notice."""
    return [
        code
        for code in codes
        if _supervisors(store, code, at) and allowed(store, actor, Action.ISSUE, at, code)
    ]


def _supervisors(store: Store, code: str, at: Instant) -> set[str]:
    """Return who supervises a unit or one above it today."""
    above = [unit.code for unit in line(store.connection, code)]
    return supervisors_of(store.connection, above, store.today(at))


def missing_units(store: Store, days: int, selection: Selection, at: Instant) -> list[str]:
    """Return the units that missed their last `days` expected reports running."""
    if days < 1:
        raise Refused("notices.days_bad")
    today = store.today(at)
    # Expected days may lie apart: twice as many and a month's holidays cover them.
    first = max(store.starts, today - timedelta(days=2 * days + 31))
    ended = (Status.MISSED, Status.ON_TIME, Status.LATE, Status.MADE_UP)
    statuses: dict[str, list[Status]] = {}
    for row in board(store, first, today, selection, at):
        if row.status in ended:
            statuses.setdefault(row.unit.code, []).append(row.status)
    return [
        code
        for code, found in statuses.items()
        if len(found) >= days and set(found[-days:]) == {Status.MISSED}
    ]


def sign(store: Store, actor: Actor, number: str, at: Instant) -> MatterView:
    """Sign for a notice."""
    return do_step(store, actor, _notice(store, number, at), "sign", at)


def reply(store: Store, actor: Actor, number: str, text: str, at: Instant) -> MatterView:
    """Reply to a notice, with what was done and the evidence."""
    if not text.strip():
        raise Refused("matters.evidence_missing")
    return do_step(store, actor, _notice(store, number, at), "reply", at, text=text.strip())


def review(
    store: Store, actor: Actor, number: str, accepted: bool, text: str, at: Instant
) -> MatterView:
    """Accept a reply, or return it with a reason; never by who replied."""
    wanted = _notice(store, number, at)
    return do_step(store, actor, wanted, "review", at, text=text.strip(), returned=not accepted)


def _notice(store: Store, number: str, at: Instant) -> str:
    matter = show(store, number, at).matter
    if matter.workflow != "notice":
        raise NotFound("notices.not_a_notice", number=number)
    return matter.number
