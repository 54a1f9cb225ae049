"""A city's workflows: reading them, and putting others in their place (R15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions.people import require_on
from domain.errors import NotFound
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.workflows import Workflow, check_replacement, workflows_to_table
from storage import events, units
from storage import workflows as rows
from storage.schedules import LimitRow, put_limits
from storage.schedules import limits as standing_limits
from storage.store import Store

WORDED_REASONS = (
    "not_visible",
    "out_of_scope",
    "already_known",
    "overlooked",
    "approved",
    "refused",
)
"""The reasons of the workflows that ship: they have words in both languages."""


def workflows(store: Store) -> dict[str, Workflow]:
    """Return the city's workflows in their order; none in a store made before there were any."""
    return rows.workflows(store.connection)


def workflow_of(store: Store, key: str) -> Workflow:
    """Return the city's workflow of a key; raises NotFound listing those there are."""
    table = workflows(store)
    if not table:
        raise NotFound("matters.no_workflows")
    if key not in table:
        raise NotFound("matters.workflow_unknown", workflow=key, workflows=list(table))
    return table[key]


def save_limits(store: Store, actor: Actor, limits: Sequence[LimitRow], at: Instant) -> None:
    """Write step limits, new or changed; only an admin may.

    They hold for steps that begin from now on: what has begun keeps its date (R12).
    """
    with store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        keys = {_key(row) for row in limits}
        before = [row for row in standing_limits(store.connection) if _key(row) in keys]
        put_limits(store.connection, limits)
        events.record(
            store.connection,
            actor,
            at,
            "limits.save",
            "limits",
            limits=[row._asdict() for row in limits],
            before=[row._asdict() for row in before],
        )


def _key(row: LimitRow) -> tuple[object, ...]:
    return row.workflow, row.step, row.after, row.effective_from


def unknown_owners(store: Store) -> list[str]:
    """Return the codes of the units that steps name and the registry does not know, in order.

    Such a step is refused where it begins; a city that never needs it may leave it so.
    """
    named = [
        step.named_unit
        for workflow in workflows(store).values()
        for step in workflow.steps
        if step.named_unit
    ]
    known = units.by_code(store.connection, set(named))
    return [code for code in dict.fromkeys(named) if code not in known]


def adopt_workflows(store: Store, actor: Actor, new: Mapping[str, Workflow], at: Instant) -> bool:
    """Put workflows in place of those that stand; only an admin may; return whether any differs.

    Matters that stand go on in them, so a step that one of them has begun must stay. The act and
    the workflows are recorded.
    """
    connection = store.connection
    with connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        standing = workflows(store)
        check_replacement(standing, new, rows.steps_used(connection))
        if standing == dict(new) and list(standing) == list(new):
            return False
        rows.save_workflows(connection, new)
        events.record(
            connection,
            actor,
            at,
            "workflows.save",
            "workflows",
            workflows=workflows_to_table(new),
            before=workflows_to_table(standing),
        )
    return True
