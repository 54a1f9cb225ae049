"""Hints to make a spot check reach those who supervise the unit, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from actions.people import set_stand_in
from actions.spot_checks import sees_spot_checks, spot_checks
from domain.areas import LandClass
from domain.findings import Finding
from domain.people import StandIn
from domain.reports import Content, ReportKind, Revision
from storage import reports
from storage.store import Store
from tests.matters_city import ADMIN, AT, TODAY, ZONE, new_city, refused, who

FOUND = Content(
    ReportKind.DAILY, findings=(Finding(1, "村口", LandClass.CULTIVATED, 100, place="T1"),)
)
ZERO = Content(ReportKind.ZERO)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        with opened.connection.writing():
            for unit in ("D1", "D2", "T1"):
                reports.add(opened.connection, reported(unit))
        yield opened


def reported(unit: str, run: int = 30, days: int = 90) -> list[Revision]:
    """A third of the days had findings, and then so many zeros."""
    rows = []
    for back in range(days + run - 1, -1, -1):
        day = TODAY - timedelta(days=back)
        found = back >= run and back % 3 == 0
        at = ZONE.start_of(day) + 3600
        rows.append(Revision(unit, day, 1, FOUND if found else ZERO, at))
    return rows


def seen(store: Store, login: str, at: int = AT) -> list[str]:
    return [row.unit.code for row in spot_checks(store, who(login), at)]


def test_supervisors_see_what_they_supervise_and_all_below(store: Store) -> None:
    assert seen(store, "sup") == ["D1", "D2", "T1"]
    # LAND supervises D1 and not D2.
    assert seen(store, "landsup") == ["D1", "T1"]
    run = spot_checks(store, who("sup"), AT)[0].run
    assert (run.days, run.found) == (30, 30)


@pytest.mark.parametrize("login", ["d1", "d1h", "disc", "disch", "d1v", "admin"])
def test_nobody_else_does(store: Store, login: str) -> None:
    assert not sees_spot_checks(store, who(login), AT)
    assert refused(spot_checks, store, who(login), AT) == "spot.supervisors_only"


def test_who_stands_in_for_a_supervisor_does(store: Store) -> None:
    set_stand_in(store, ADMIN, StandIn("disc", "sup", TODAY, TODAY), AT)
    assert seen(store, "disc") == ["D1", "D2", "T1"]


def test_a_finding_ends_it_and_an_earlier_day_does_not_know_of_it(store: Store) -> None:
    amended = Revision("D1", TODAY, 2, FOUND, AT + 60, reason="复核发现")
    with store.connection.writing():
        reports.add(store.connection, [amended])
    assert "D1" not in seen(store, "sup", AT + 60)
    assert "D1" in seen(store, "sup", AT + 59)


def test_a_hint_leaves_no_trace(store: Store) -> None:
    before = store.connection.rows("SELECT COUNT(*) FROM events")
    spot_checks(store, who("sup"), AT)
    assert store.connection.rows("SELECT COUNT(*) FROM events") == before
