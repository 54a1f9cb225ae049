"""The city's workflows, which of their steps are in use, and the limits of steps (R12, R15)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from domain.deadlines import Limit, Measure
from domain.errors import Damaged, UsageError
from domain.workflows import StepLimit, Workflow, workflows_from_table, workflows_to_table
from storage.columns import day_of
from storage.connection import Connection
from storage.schedules import limits
from storage.store import fact, set_fact


def workflows(connection: Connection) -> dict[str, Workflow]:
    """Return the city's workflows; none where the store has none."""
    text = fact(connection, "workflows")
    try:
        return {} if text is None else dict(_workflows(text))
    except UsageError as error:
        raise Damaged("errors.store_damaged", store=str(connection.path)) from error


@lru_cache(maxsize=4)
def _workflows(text: str) -> dict[str, Workflow]:
    """Return the workflows of their recorded text, which every act on a matter asks for."""
    return workflows_from_table(json.loads(text))


def save_workflows(connection: Connection, table: Mapping[str, Workflow]) -> None:
    """Record the city's workflows in place of those that stood."""
    text = json.dumps(workflows_to_table(table), ensure_ascii=False)
    set_fact(connection, "workflows", text)


def steps_used(connection: Connection) -> dict[str, dict[str, str]]:
    """Return the steps that matters have begun, by workflow, each with such a matter's number.

    Every workflow that has a matter has the step "" too, for its opening.
    """
    found: dict[str, dict[str, str]] = {}
    for workflow, number, detail in connection.rows(
        "SELECT m.workflow, m.number, e.detail FROM matter_entries AS e"
        " INNER JOIN matters AS m ON m.number = e.matter ORDER BY m.number, e.seq"
    ):
        steps = found.setdefault(workflow, {"": number})
        for start in json.loads(detail).get("starts", ()):
            steps.setdefault(start["step"], number)
    return found


def step_limits(connection: Connection) -> list[StepLimit]:
    """Return the limits table, in the order entered (R12)."""
    return [
        StepLimit(
            row[0],
            row[1],
            row[2],
            Limit(row[3], Measure(row[4]), bool(row[9])),
            day_of(row[5]),
            day_of(row[6]),
            row[7],
            row[8],
        )
        for row in limits(connection)
    ]
