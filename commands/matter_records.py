"""Matters as programs read them, in lists and whole (R15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions.matters import MatterView
from actions.timelines import TimelineStep, nearest, timelines
from commands.output import Record
from domain.instants import Instant, utc
from domain.matters import Entry, limit_text, subject
from domain.timelines import Progress
from domain.units import Unit
from domain.values import dataclass
from storage import units
from storage.store import Store

FIELDS = (
    "number",
    "workflow",
    "unit",
    "name",
    "issuer",
    "title",
    "state",
    "open",
    "due_at",
    "light",
    "overdue_seconds",
    "place",
    "location",
    "party",
    "land_class",
    "area",
    "existed_since",
    "source",
    "origin",
    "parent",
    "opened_at",
    "closed_at",
    "outcome",
    "reopened",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A matter with its steps, the one that falls due first, and the names of its units."""

    view: MatterView
    steps: tuple[TimelineStep, ...]
    names: Mapping[str, Unit]

    @property
    def next(self) -> TimelineStep | None:
        """Return the open step that falls due first."""
        return nearest(self.steps)


def shown(store: Store, views: Sequence[MatterView], at: Instant) -> list[Shown]:
    """Return matters ready to be written."""
    steps = timelines(store, views, at)
    codes = {
        code
        for view in views
        for code in (view.matter.unit, view.matter.issuer, view.matter.place)
        if code
    }
    names = units.by_code(store.connection, codes)
    return [Shown(view, steps[view.matter.number], names) for view in views]


def as_record(row: Shown) -> dict[str, object]:
    """Return a matter as programs read it.

    `state` is the last state reached; `open` has the steps whose turn it is; `due_at`, `light`
    and `overdue_seconds` are those of the one that falls due first, null where none has a date.
    """
    matter, state, step = row.view.matter, row.view.state, row.next
    dated = step is not None and step.obligation is not None
    return {
        "number": matter.number,
        "workflow": matter.workflow,
        "unit": matter.unit,
        "name": row.view.unit.name,
        "issuer": matter.issuer,
        "title": matter.title,
        "state": state.state,
        "open": [
            {
                "id": subject(matter.number, each.line.step.key, each.line.round),
                "step": each.line.step.key,
                "unit": each.unit.code,
                "due_at": _utc(each.line.due_at),
                "light": each.light and each.light.value,
            }
            for each in row.steps
            if each.line.progress is Progress.OPEN
        ],
        "due_at": _utc(step.line.due_at) if step and dated else None,
        "light": step.light.value if step and step.light else None,
        "overdue_seconds": step.overdue_seconds if step and dated else None,
        "place": matter.place or None,
        "location": matter.location or None,
        "party": matter.party or None,
        "land_class": matter.land_class or None,
        "area": matter.area,
        "existed_since": matter.existed_since and matter.existed_since.isoformat(),
        "source": matter.source or None,
        "origin": matter.origin or None,
        "parent": matter.parent or None,
        "opened_at": utc(matter.opened_at),
        "closed_at": _utc(state.closed_at),
        "outcome": state.outcome and state.outcome.value,
        "reopened": state.reopened,
    }


def full_record(row: Shown, assists: Sequence[Shown], transfers: Sequence[Shown]) -> Record:
    """Return a matter with its steps, requests, entries and transfers, as programs read it."""
    number = row.view.matter.number
    return {
        **as_record(row),
        "steps": [_step_record(number, step) for step in row.steps],
        "suspensions": [
            {"from": s.first.isoformat(), "to": s.last.isoformat(), "reason": s.reason}
            for s in row.view.state.suspensions
        ],
        "assists": [{**as_record(each), "reply": reply_of(each.view)} for each in assists],
        "entries": [entry_record(entry) for entry in row.view.entries],
        "transfers": [{**as_record(each), "reply": reply_of(each.view)} for each in transfers],
    }


def _step_record(number: str, step: TimelineStep) -> Record:
    line = step.line
    begun = line.started_at is not None
    return {
        "id": subject(number, line.step.key, line.round) if begun else None,
        "step": line.step.key,
        "round": line.round or None,
        "unit": step.unit.code,
        "progress": line.progress.value,
        "started_at": _utc(line.started_at),
        "due_at": _utc(line.due_at),
        "first_due_at": _utc(line.first_due_at),
        "extended": line.extended,
        "extension_asked": None if line.asked is None else entry_record(line.asked),
        "limit": limit_text(line.limit) or None,
        "source": (line.limit.source or None) if line.limit else None,
        "local_default": line.limit.local_default if line.limit else None,
        "light": step.light and step.light.value,
        "overdue_seconds": step.overdue_seconds if step.obligation else None,
        "ended_at": None if line.ended is None else utc(line.ended.at),
        "late": line.late,
    }


def entry_record(entry: Entry) -> Record:
    """Return one thing that was done to a matter, as programs read it."""
    still = entry.suspension
    return {
        "seq": entry.seq,
        "at": utc(entry.at),
        "login": entry.login,
        "real_login": entry.real_login,
        "act": entry.act.value,
        "step": entry.step or None,
        "text": entry.text or None,
        "reason": entry.reason or None,
        "outcome": entry.outcome and entry.outcome.value,
        "until": entry.until and entry.until.isoformat(),
        "suspension": still and {"from": still.first.isoformat(), "to": still.last.isoformat()},
    }


def reply_of(view: MatterView) -> str | None:
    """Return the text of the last step that was done, None where none was."""
    done = view.state.done
    return done[-1][1].text or None if done else None


def _utc(at: Instant | None) -> str | None:
    return None if at is None else utc(at)
