"""An entry of a matter as its row keeps it: what has no column stands in `detail`, as JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from domain.deadlines import Limit, Measure, Suspension
from domain.matters import Act, Entry, Started
from domain.workflows import Outcome, StepLimit
from storage.columns import day_of, day_text
from storage.connection import Row


def detail_of(entry: Entry) -> str:
    """Return what an entry says beyond its columns, as JSON."""
    detail: dict[str, Any] = {}
    if entry.starts:
        detail["starts"] = [
            {
                "step": start.step,
                "round": start.round,
                "due_at": start.due_at,
                "limit": None if start.limit is None else _limit_detail(start.limit),
            }
            for start in entry.starts
        ]
    if entry.dues:
        detail["dues"] = dict(entry.dues)
    if entry.until is not None:
        detail["until"] = entry.until.isoformat()
    if entry.suspension is not None:
        detail["suspension"] = {
            "first": entry.suspension.first.isoformat(),
            "last": entry.suspension.last.isoformat(),
            "reason": entry.suspension.reason,
        }
    if entry.outcome is not None:
        detail["outcome"] = entry.outcome.value
    if entry.reason:
        detail["reason"] = entry.reason
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)


def _limit_detail(row: StepLimit) -> dict[str, Any]:
    return {
        "workflow": row.workflow,
        "step": row.step,
        "after": row.after,
        "amount": row.limit.amount,
        "unit": row.limit.unit.value,
        "roll": row.limit.roll,
        "effective_from": day_text(row.effective_from),
        "effective_to": day_text(row.effective_to),
        "source": row.source,
        "status": row.status,
    }


def entry_of(row: Row) -> Entry:
    """Return the entry of seq, at, login, real login, act, step, text and detail."""
    detail: dict[str, Any] = json.loads(row[7])
    suspension = detail.get("suspension")
    outcome = detail.get("outcome")
    return Entry(
        row[0],
        row[1],
        row[2],
        row[3],
        Act(row[4]),
        row[5],
        row[6],
        tuple(
            Started(start["step"], start["round"], _limit(start["limit"]), start["due_at"])
            for start in detail.get("starts", ())
        ),
        detail.get("dues", {}),
        day_of(detail.get("until")),
        None
        if suspension is None
        else Suspension(
            date.fromisoformat(suspension["first"]),
            date.fromisoformat(suspension["last"]),
            suspension["reason"],
        ),
        None if outcome is None else Outcome(outcome),
        detail.get("reason", ""),
    )


def _limit(detail: dict[str, Any] | None) -> StepLimit | None:
    if detail is None:
        return None
    return StepLimit(
        detail["workflow"],
        detail["step"],
        detail["after"],
        Limit(detail["amount"], Measure(detail["unit"]), detail["roll"]),
        day_of(detail["effective_from"]),
        day_of(detail["effective_to"]),
        detail["source"],
        detail["status"],
    )
