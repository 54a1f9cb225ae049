"""Taking in tables of the registry: units, links, people, schedules, exemptions, limits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions import checklists, networks, people, schedules, units
from actions.importing import Origin, Outcome, record_import
from actions.people import require_on
from actions.rehearsing import rehearsed
from actions.restating import Change
from actions.tiles import save_tiles
from actions.workflows import save_limits, workflows
from domain.errors import Message
from domain.importing import Problem
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.units import parent_faults
from domain.values import dataclass
from domain.workflows import Workflow
from storage import checklists as checklist_rows
from storage import networks as network_rows
from storage import people as people_rows
from storage import schedules as schedule_rows
from storage import tiles as tile_rows
from storage import units as unit_rows
from storage.connection import Connection
from storage.schedules import LimitRow
from storage.store import Store
from storage.units import Selection

STANDING: dict[str, Callable[[Connection], Sequence[Any]]] = {
    "units": lambda connection: unit_rows.selected(connection, Selection()),
    "links": network_rows.links,
    "people": people_rows.everyone,
    "schedules": schedule_rows.every,
    "exemptions": schedule_rows.exemptions,
    "limits": schedule_rows.limits,
    "standards": checklist_rows.standards,
    "tiles": tile_rows.tiles,
    "checklist": checklist_rows.said,
}
"""What a store has of each kind of table, past rows too, in the order entered."""


@dataclass(frozen=True, slots=True)
class RegistryRows:
    """What a table of the registry says, before it is held against the store.

    `good` are pairs of row number and value; two values with the same `key` are about the same
    thing. `present` are the attributes that the file has columns for: the others stay as they
    stand. `repeated` rows only say another row again; `spoilt` are the keys of rejected rows.
    """

    kind: str
    good: Sequence[tuple[int, Any]]
    key: tuple[str, ...]
    present: frozenset[str]
    repeated: int = 0
    problems: Sequence[Problem] = ()
    spoilt: Collection[tuple[object, ...]] = ()


def import_registry(
    store: Store,
    actor: Actor,
    rows: RegistryRows,
    origin: Origin,
    at: Instant,
    *,
    keep_going: bool = False,
    dry_run: bool = False,
    restate_past: bool = False,
) -> Outcome:
    """Write the rows of one table; all of them or, with `keep_going`, those without a problem.

    Only an admin may. Schedules hold for days that are not due yet, with `restate_past` for past
    days too (R7); exemptions as they stand now (R8). A dry run does the same and keeps nothing.
    """
    outcome = Outcome()

    def keep() -> bool:
        return not dry_run and bool(outcome.new or outcome.amended or outcome.changes)

    with rehearsed(store, keep):
        require_on(store, actor, Action.IMPORT, at)
        standing = STANDING[rows.kind](store.connection)
        merged, faults = _merged(rows, standing)
        if rows.kind == "units":
            # Under a unit whose own row has to be mended, a unit is not wrong by itself.
            spoilt = [] if keep_going else [str(code) for (code,) in rows.spoilt]
            merged, more = _with_parents(merged, standing, spoilt, knock_on=keep_going)
            faults += more
        if rows.kind == "limits":
            merged, more = _with_steps(merged, workflows(store))
            faults += more
        if rows.kind == "checklist":
            merged, more = checklists.fitting(store, merged, at)
            faults += more
        problems = sorted([*rows.problems, *faults], key=lambda problem: problem.row)
        written = keep_going or not problems
        known = set(standing)
        keys = {_key(rows, value) for value in standing}
        changed = [value for _, value in merged if value not in known]
        new = sum(_key(rows, value) not in keys for value in changed)
        saved = [value for _, value in merged] if restate_past else changed
        changes = _save(store, actor, rows.kind, saved, at, restate_past) if written else []
        outcome = Outcome(
            new if written else 0,
            len(changed) - new if written else 0,
            len(merged) - len(changed) + rows.repeated,
            len({problem.row for problem in problems}),
            tuple(problems),
            tuple(changes),
        )
        if keep():
            record_import(store, actor, at, {rows.kind: origin}, outcome)
    return outcome


def _key(rows: RegistryRows, value: Any) -> tuple[object, ...]:
    return tuple(getattr(value, name) for name in rows.key)


def _merged(
    rows: RegistryRows, standing: Sequence[Any]
) -> tuple[list[tuple[int, Any]], list[Problem]]:
    """Return the rows with what stands in the columns that their file does not have."""
    by_key = {_key(rows, value): value for value in standing}
    merged: list[tuple[int, Any]] = []
    faults: list[Problem] = []
    for number, value in rows.good:
        old = by_key.get(_key(rows, value))
        said = {name: getattr(value, name) for name in rows.present}
        if old is None:
            whole = value
        else:
            whole = old._replace(**said) if isinstance(old, LimitRow) else replace(old, **said)
        reason = _reversed(whole)
        if reason is None:
            merged.append((number, whole))
        else:
            faults.append(Problem(number, "valid_to", None, reason, rows.kind))
    return merged, faults


def _reversed(value: Any) -> Message | None:
    first, last = getattr(value, "valid_from", None), getattr(value, "valid_to", None)
    if first is None or last is None or first <= last:
        return None
    return Message("errors.range_reversed", first=first, last=last)


def _with_parents(
    merged: list[tuple[int, Any]],
    standing: Sequence[Any],
    spoilt: Sequence[str],
    *,
    knock_on: bool,
) -> tuple[list[tuple[int, Any]], list[Problem]]:
    """Return the units whose parents will be there, and the problems of the others.

    With `knock_on`, a unit under one that is rejected is rejected with it.
    """
    parents = {**dict.fromkeys(spoilt), **{unit.code: unit.parent for unit in standing}}
    problems: list[Problem] = []
    while faults := parent_faults({unit.code: unit.parent for _, unit in merged}, parents):
        problems += [
            Problem(number, "parent", None, faults[unit.code], "units")
            for number, unit in merged
            if unit.code in faults
        ]
        merged = [row for row in merged if row[1].code not in faults]
        if not knock_on:
            break
    return merged, problems


def _with_steps(
    merged: list[tuple[int, Any]], standing: Mapping[str, Workflow]
) -> tuple[list[tuple[int, Any]], list[Problem]]:
    """Return the limits of steps that there are, and the problems of the others."""
    good: list[tuple[int, Any]] = []
    problems: list[Problem] = []
    for number, row in merged:
        workflow = standing.get(row.workflow)
        if workflow is None:
            known: dict[str, object] = {"workflow": row.workflow, "workflows": list(standing)}
            reason = Message("matters.workflow_unknown", **known)
            problems.append(Problem(number, "workflow", None, reason, "limits"))
        elif row.step not in {step.key for step in workflow.steps}:
            steps = [step.title for step in workflow.steps]
            reason = Message(
                "workflows.step_unknown", step=row.step, workflow=workflow.title, steps=steps
            )
            problems.append(Problem(number, "step", None, reason, "limits"))
        else:
            good.append((number, row))
    return good, problems


def _save(
    store: Store, actor: Actor, kind: str, values: Sequence[Any], at: Instant, restate_past: bool
) -> list[Change]:
    if not values:
        return []
    if kind == "units":
        units.save_units(store, actor, values, at)
    elif kind == "links":
        networks.save_links(store, actor, values, at)
    elif kind == "people":
        people.save_people(store, actor, values, at)
    elif kind == "limits":
        save_limits(store, actor, values, at)
    elif kind == "standards":
        checklists.save_standards(store, actor, values, at)
    elif kind == "tiles":
        save_tiles(store, actor, values, at)
    elif kind == "checklist":
        checklists.say_within(store, actor, values, at)
    elif kind == "schedules":
        return schedules.save_schedules(store, actor, values, at, restate_past=restate_past)
    else:
        return schedules.save_exemptions(store, actor, values, at)
    return []
