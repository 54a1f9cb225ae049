"""The steps of matters with their lights, for lists and for one matter (R13, R15)."""

from __future__ import annotations

from collections.abc import Sequence

from actions.matters import MatterView
from domain.instants import Instant
from domain.lights import Light, light
from domain.matters import responsible
from domain.obligations import Obligation
from domain.timelines import Progress, StepLine, obligation_of, timeline
from domain.units import Unit
from domain.values import dataclass
from storage import units
from storage.store import Store


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One round of a step: whose turn it is, and for what has a date its obligation and light.

    `overdue_seconds` is negative before the date, 0 for what is closed or suspended past it.
    """

    line: StepLine
    unit: Unit
    obligation: Obligation | None
    light: Light | None
    overdue_seconds: int


def timelines(
    store: Store, views: Sequence[MatterView], at: Instant
) -> dict[str, tuple[TimelineStep, ...]]:
    """Return the steps of matters by number, as of `at`."""
    lines = {view.matter.number: timeline(view.workflow, view.entries, at) for view in views}
    owners = units.by_code(
        store.connection,
        {
            code
            for view in views
            for code in (
                view.matter.unit,
                view.matter.issuer,
                *(step.named_unit for step in view.workflow.steps if step.named_unit),
            )
        },
    )
    return {
        view.matter.number: tuple(
            _step(store, view, line, owners[responsible(line.step, view.matter)], at)
            for line in lines[view.matter.number]
        )
        for view in views
    }


def _step(store: Store, view: MatterView, line: StepLine, unit: Unit, at: Instant) -> TimelineStep:
    owed = obligation_of(view.matter, line)
    if owed is None:
        return TimelineStep(line, unit, None, None, 0)
    still = view.state.suspensions
    colour = light(owed, at, store.rules.thresholds(), store.zone, store.calendar, still)
    late = at - owed.due_at
    if line.progress is not Progress.OPEN or (late > 0 and colour is not Light.RED):
        late = 0
    return TimelineStep(line, unit, owed, colour, late)


def nearest(steps: Sequence[TimelineStep]) -> TimelineStep | None:
    """Return the open step that falls due first, or the first one without a date, or None."""
    open_now = [step for step in steps if step.line.progress is Progress.OPEN]
    dated = [step for step in open_now if step.obligation is not None]
    if dated:
        return min(dated, key=lambda step: step.line.due_at or 0)
    return open_now[0] if open_now else None
