"""The demo's day sheets: those of the last days are sealed, each on the morning after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

from actions.sheets import seal
from domain.instants import Instant
from domain.people import Actor
from domain.reports import Revision
from storage.store import Store

_DAYS = 3
_MORNING = time(9, 0)


def sample_sheets(store: Store, actor: Actor, filed: Sequence[Revision], at: Instant) -> None:
    """Seal the sheets of the last days as an administrator would have, by `at`."""
    reported = {revision.day for revision in filed}
    today = store.today(at)
    for ago in range(_DAYS, 0, -1):
        day = today - timedelta(days=ago)
        morning = store.zone.at(day + timedelta(days=1), _MORNING)
        if day in reported and morning <= at:
            seal(store, actor, day, morning)
