"""The demo's day sheets: those of the last days are sealed, each on the morning after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import partial

from actions.sheets import seal
from domain.instants import Instant
from domain.reports import Revision
from exchange.demo_stage import Stage

_DAYS = 3
_MORNING = time(9, 0)


def plan_sheets(stage: Stage, filed: Sequence[Revision]) -> None:
    """Let the sheets of the last days be sealed as an administrator would have."""
    reported = {revision.day for revision in filed}
    for ago in range(_DAYS, 0, -1):
        day = stage.today - timedelta(days=ago)
        if day in reported:
            stage.plan(stage.ago(ago - 1, _MORNING), partial(_seal, stage, day))


def _seal(stage: Stage, day: date, now: Instant) -> None:
    seal(stage.store, stage.admin, day, now)
