"""Cumulative closing figures, as cities publish them month by month, come back out of rows.

The figures are SAMPLES in the form of such publications: "from January to May, 355 cases were filed
and 321 closed, a closing rate of 90.4 per cent". They are no named city's, and no source stands
behind them; a city that wants to check its own puts them in their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.targets import case_rows, targets
from domain.instants import Instant
from domain.matters import Act, Entry, Matter
from domain.periods import Period
from domain.rates import shown
from domain.targets import TargetKey
from domain.workflows import Outcome
from exchange.assessing_text import distance, share
from storage import matters
from storage.store import Store
from storage.units import Selection
from tests.matters_city import ZONE, new_city

YEAR = 2027
Published = list[tuple[int, int, str]]
"""Filed and closed from January to the end of each month, and the rate in print."""

SAMPLE_CITY_A: Published = [
    (58, 31, "53.4 %"),
    (121, 88, "72.7 %"),
    (204, 166, "81.4 %"),
    (287, 247, "86.1 %"),
    (355, 321, "90.4 %"),
    (412, 389, "94.4 %"),
]
SAMPLE_CITY_B: Published = [
    (7, 0, "0.0 %"),
    (19, 6, "31.6 %"),
    (30, 24, "80.0 %"),
    (40, 36, "90.0 %"),
    (41, 36, "87.8 %"),
    (60, 54, "90.0 %"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def month_end(month: int) -> Instant:
    return ZONE.start_of(date(YEAR, month + 1, 1)) - 1


def build(store: Store, published: Published) -> None:
    """Let as many cases be filed and closed in each month as were published."""
    filed, closed = [0, *(row[0] for row in published)], [0, *(row[1] for row in published)]
    with store.connection.writing():
        for month in range(1, len(published) + 1):
            for place in range(filed[month - 1], filed[month]):
                of_closing = next((m for m, done in enumerate(closed) if done > place), None)
                case(store, place + 1, month, of_closing)


def case(store: Store, number: int, month: int, closing: int | None) -> None:
    """Record a case filed in a month, and closed in one from then on (None: not yet)."""
    at = ZONE.parse(f"{YEAR}-{month:02}-05 09:00") + number
    name = f"F-{YEAR}-{number:04}"
    matters.add(store.connection, Matter(name, "finding", "D1", "D1", at, "违法用地"))
    acts = [
        Entry(1, at, "d1", "d1", Act.OPEN),
        Entry(2, at + 3600, "d1", "d1", Act.DONE, "verify"),
        Entry(3, at + 7200, "d1", "d1", Act.DONE, "file"),
    ]
    if closing is not None:
        end = max(at + 9000, ZONE.parse(f"{YEAR}-{closing:02}-25 09:00") + number)
        acts += [
            Entry(4, at + 7300, "d1", "d1", Act.DONE, "decide"),
            Entry(5, at + 7400, "d1", "d1", Act.DONE, "rectify"),
            Entry(6, end, "d1b", "d1b", Act.CLOSE, outcome=Outcome.RESTORED),
        ]
        matters.set_closed(store.connection, name, end)
    for act in acts:
        matters.add_entry(store.connection, name, act)


@pytest.mark.parametrize("published", [SAMPLE_CITY_A, SAMPLE_CITY_B], ids=["A", "B"])
def test_published_figures_are_reproduced_from_rows(store: Store, published: Published) -> None:
    build(store, published)
    for month, (filed, closed, rate) in enumerate(published, 1):
        at = month_end(month)
        reading = targets(store, YEAR, Selection(unit="D1"), at)[0].target(TargetKey.CLOSING)
        found = reading.reading
        assert (found.part, found.whole) == (closed, filed)
        assert share(found) == f"{closed}/{filed} ({rate})" == shown(closed, filed)
        rows = case_rows(store, TargetKey.CLOSING, Period(YEAR), "D1", at)
        assert (sum(row.part for row in rows), len(rows)) == (closed, filed)
        assert found.met is (10 * closed >= 9 * filed)


def test_the_distance_to_ninety_per_cent_in_words(store: Store) -> None:
    build(store, SAMPLE_CITY_B)

    def words(month: int) -> str:
        sheet = targets(store, YEAR, Selection(unit="D1"), month_end(month))[0]
        return distance(sheet.target(TargetKey.CLOSING).reading)

    assert [words(month) for month in range(1, 7)] == [
        "7 more closings reach 90 %",
        "12 more closings reach 90 %",
        "3 more closings reach 90 %",
        "",
        "1 more closing reaches 90 %",
        "",
    ]
