"""Schedules, exemptions, the calendar and the city's rules: who owes a report when (R6, R7, R9)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from actions.people import require_on
from actions.restating import Change, reexempt, refresh, restate
from domain.errors import NotFound, Refused
from domain.instants import Instant, check_range
from domain.people import Actor
from domain.permissions import Action
from domain.schedules import Exemption, Schedule
from domain.settings import CityRules, rules_to_table
from storage import archives, events
from storage import schedules as rows
from storage.schedules import clock_text, late_text
from storage.store import Store


class _Rehearsal(Exception):
    """Leaves a transaction without keeping what it did."""


def save_schedules(
    store: Store,
    actor: Actor,
    schedules: Sequence[Schedule],
    at: Instant,
    *,
    restate_past: bool = False,
    dry_run: bool = False,
) -> list[Change]:
    """Write schedule rows; they hold for days that are not due yet (R7).

    With `restate_past` the due days that they cover, or that a row they replace covered, are
    recomputed too. Returns every due day whose status changed; `dry_run` only says so. Only an
    admin may.
    """
    changes: list[Change] = []
    with suppress(_Rehearsal), store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        refresh(store, at)
        units = {row.unit for row in schedules}
        keys = {(row.unit, row.valid_from) for row in schedules}
        standing = rows.every(store.connection, units)
        rows.save(store.connection, schedules)
        refresh(store, at, units)
        if restate_past and schedules:
            touched = [row for row in standing if (row.unit, row.valid_from) in keys]
            touched += schedules
            first = min(row.valid_from or store.starts for row in touched)
            last = max(row.valid_to or store.through for row in touched)
            changes = restate(store, units, max(first, store.starts), last, at)
        events.record(
            store.connection,
            actor,
            at,
            "schedules.save",
            "schedules",
            schedules=[_schedule_detail(row) for row in schedules],
            before=[
                _schedule_detail(row) for row in standing if (row.unit, row.valid_from) in keys
            ],
            restated=[_change_detail(change) for change in changes],
        )
        if dry_run:
            raise _Rehearsal
    return changes


def save_exemptions(
    store: Store,
    actor: Actor,
    exemptions: Sequence[Exemption],
    at: Instant,
    *,
    dry_run: bool = False,
) -> list[Change]:
    """Write exemptions, which hold as they stand now (R8); return every status that changed."""
    changes: list[Change] = []
    with suppress(_Rehearsal), store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        standing = rows.exemptions(store.connection, {row.unit for row in exemptions})
        for row in exemptions:
            if row not in standing:
                archives.refuse_closed(store.connection, row.first)
        before = _standing(store, exemptions)
        rows.save_exemptions(store.connection, exemptions)
        for unit in dict.fromkeys(row.unit for row in exemptions):
            changes += reexempt(store, unit, at)
        _record_exemptions(store, actor, at, "exemptions.save", exemptions, before, changes)
        if dry_run:
            raise _Rehearsal
    return changes


def withdraw_exemption(
    store: Store, actor: Actor, exemption: Exemption, at: Instant
) -> list[Change]:
    """Take an exemption away; return every status that changed. Raises NotFound."""
    with store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        archives.refuse_closed(store.connection, exemption.first)
        before = _standing(store, [exemption])
        if not rows.delete_exemption(store.connection, exemption):
            raise NotFound("errors.exemption_unknown", unit=exemption.unit, first=exemption.first)
        changes = reexempt(store, exemption.unit, at)
        _record_exemptions(store, actor, at, "exemptions.withdraw", [], before, changes)
    return changes


def restate_days(
    store: Store,
    actor: Actor,
    units: Collection[str] | None,
    first: date,
    last: date,
    at: Instant,
    *,
    dry_run: bool = False,
) -> list[Change]:
    """Recompute due days as schedules, calendar and rules now stand: an admin's explicit act (R7).

    Returns every status that changed; `dry_run` only says so.
    """
    check_range(first, last)
    changes: list[Change] = []
    with suppress(_Rehearsal), store.connection.writing():
        require_on(store, actor, Action.RESTATE, at)
        archives.refuse_closed(store.connection, max(first, store.starts))
        changes = restate(store, units, max(first, store.starts), last, at)
        events.record(
            store.connection,
            actor,
            at,
            "days.restate",
            "days",
            units=None if units is None else sorted(units),
            first=first.isoformat(),
            last=last.isoformat(),
            restated=[_change_detail(change) for change in changes],
        )
        if dry_run:
            raise _Rehearsal
    return changes


def adopt_rules(store: Store, actor: Actor, rules: CityRules, at: Instant) -> None:
    """Make `rules` the city's for days that are not due yet (R7); only an admin may.

    Days that have become due meanwhile are fixed by the rules that stood until now. Raises
    Refused for another time zone: the instants recorded so far were read in the old one.
    """
    if rules.timezone != store.rules.timezone:
        raise Refused("errors.timezone_fixed", zone=store.rules.timezone, other=rules.timezone)
    with store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        refresh(store, at)
        if rules == store.rules:
            return
        before, after = rules_to_table(store.rules), rules_to_table(rules)
        store.set_rules(rules)
        refresh(store, at)
        events.record(
            store.connection,
            actor,
            at,
            "rules.adopt",
            "rules",
            before={key: value for key, value in before.items() if after[key] != value},
            after={key: value for key, value in after.items() if before[key] != value},
        )


def add_extra_day(
    store: Store, actor: Actor, day: date, *, workday: bool, at: Instant
) -> CityRules:
    """Make a day a working day or a day off by the city's own word (R9); return the new rules."""
    with store.connection.writing():
        store.reread()
        rules = store.rules
        on, off = set(rules.extra_workdays) - {day}, set(rules.extra_holidays) - {day}
        (on if workday else off).add(day)
        changed = replace(
            rules, extra_workdays=tuple(sorted(on)), extra_holidays=tuple(sorted(off))
        )
        if changed != rules:
            adopt_rules(store, actor, changed, at)
    return changed


def _record_exemptions(
    store: Store,
    actor: Actor,
    at: Instant,
    action: str,
    exemptions: Sequence[Exemption],
    before: Sequence[Exemption],
    changes: Sequence[Change],
) -> None:
    events.record(
        store.connection,
        actor,
        at,
        action,
        "exemptions",
        exemptions=[_exemption_detail(row) for row in exemptions],
        before=[_exemption_detail(row) for row in before],
        changed=[_change_detail(change) for change in changes],
    )


def _standing(store: Store, exemptions: Sequence[Exemption]) -> list[Exemption]:
    """Return what stands of the same units and ranges."""
    keys = {(row.unit, row.first, row.last) for row in exemptions}
    units = {row.unit for row in exemptions}
    return [
        row
        for row in rows.exemptions(store.connection, units)
        if (row.unit, row.first, row.last) in keys
    ]


def _exemption_detail(row: Exemption) -> dict[str, object]:
    return {
        "unit": row.unit,
        "from": row.first.isoformat(),
        "to": row.last.isoformat(),
        "reason": row.reason,
        "approved_by": row.approved_by,
    }


def _schedule_detail(row: Schedule) -> dict[str, object]:
    return {
        "unit": row.unit,
        "days": row.days.value,
        "cutoff": clock_text(row.cutoff),
        "late_until": late_text(row.late_until),
        "valid_from": row.valid_from and row.valid_from.isoformat(),
        "valid_to": row.valid_to and row.valid_to.isoformat(),
    }


def _change_detail(change: Change) -> list[str]:
    return [change.unit, change.day.isoformat(), change.before.value, change.after.value]
