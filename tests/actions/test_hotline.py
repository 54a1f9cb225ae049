"""The hotline's figures: the four in place, what was not ours, by source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.hotline import figures, whole
from actions.matter_ends import close
from actions.matters import Subject, do_step, open_matter
from domain.errors import UsageError
from domain.matters import Matter
from domain.workflows import Outcome
from storage.store import Store
from storage.units import Selection
from tests.matters_city import AT, DAY, HOUR, TODAY, new_city, refused, through, who

FIRST = date(2026, 11, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def lead(store: Store, title: str, source: str = "12336", at: int = AT) -> Matter:
    return open_matter(store, who("d1"), "lead", "D1", Subject(title, source=source), at)


def test_how_far_each_came_and_how_it_ended(store: Store) -> None:
    answered, lawful, elsewhere = (lead(store, title) for title in ("一", "二", "三"))
    lead(store, "四")
    lead(store, "五", source="来信")
    through(store, answered.number, "register", "investigate", "reply", at=AT + 60)
    through(store, lawful.number, "register", "investigate", at=AT + 60)
    close(store, who("d1b"), lawful.number, Outcome.UNFOUNDED, "有批文", AT + HOUR)
    close(store, who("d1b"), elsewhere.number, Outcome.TRANSFERRED, "属林业", AT + HOUR)
    [hotline, letters] = figures(store, FIRST, TODAY, Selection(), AT + HOUR)
    assert (hotline.source, hotline.received) == ("12336", 4)
    assert (hotline.registered, hotline.investigated, hotline.replied) == (2, 2, 1)
    assert (hotline.transferred, hotline.unfounded, hotline.open) == (1, 1, 1)
    assert (hotline.in_place, hotline.ours) == (2, 3)
    assert (letters.source, letters.received, letters.open) == ("来信", 1, 1)
    both = whole([hotline, letters], "合计")
    assert (both.received, both.ours, both.open) == (5, 4, 2)
    # Each lead is open, answered, unfounded or somebody else's.
    assert both.received == both.open + both.replied + both.unfounded + both.transferred


def test_only_the_days_and_the_instant_asked_for(store: Store) -> None:
    first = lead(store, "一")
    lead(store, "二", at=AT + DAY)
    do_step(store, who("d1"), first.number, "register", AT + HOUR)
    [row] = figures(store, TODAY, TODAY, Selection(), AT + 2 * DAY)
    assert (row.received, row.registered) == (1, 1)
    [row] = figures(store, TODAY, TODAY, Selection(), AT)
    assert row.registered == 0
    assert figures(store, FIRST, date(2026, 11, 22), Selection(), AT + 2 * DAY) == []
    assert figures(store, FIRST, TODAY, Selection(under="D2"), AT) == []
    key = refused(figures, store, TODAY, FIRST, Selection(), AT, error=UsageError)
    assert key == "errors.range_reversed"
