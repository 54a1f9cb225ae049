from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.matters import listed
from actions.reported import numbers_of
from actions.reporting import file
from domain.areas import LandClass
from domain.findings import Finding
from domain.reports import Content, ReportKind
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection
from tests.matters_city import AT, HOUR, TODAY, new_city, who


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def reported(store: Store, *locations: str, hours: int = 0) -> dict[int, str]:
    """File findings at these locations, or amend; return the numbers of their matters."""
    findings = tuple(
        Finding(no, location, LandClass.UNUSED, 1, "T1") for no, location in enumerate(locations, 1)
    )
    at = AT + hours * HOUR
    content = Content(ReportKind.DAILY, "有", findings=findings)
    file(store, who("d1"), "D1", TODAY, content, at, amending=bool(hours), reason="补")
    return numbers_of(store, "D1", TODAY, findings, at)


def test_every_finding_has_one_matter_through_all_amendments(store: Store) -> None:
    assert reported(store, "村口") == {1: "F-2026-0001"}
    assert reported(store, "桥头", "村口", hours=1) == {1: "F-2026-0002", 2: "F-2026-0001"}
    assert reported(store, "桥头西侧", "村口", hours=2) == {1: "F-2026-0002", 2: "F-2026-0001"}
    assert reported(store, "村口", hours=3) == {1: "F-2026-0001"}
    found = listed(store, Selection(), Filter(), AT + 3 * HOUR)
    assert [view.matter.origin for view in found] == ["2026-11-23/D1/1", "2026-11-23/D1/1@2"]


def test_numbers_are_those_known_then(store: Store) -> None:
    reported(store, "村口")
    reported(store, "村口", "桥头", hours=1)
    both = (
        Finding(1, "村口", LandClass.UNUSED, 1, "T1"),
        Finding(2, "桥头", LandClass.UNUSED, 1, "T1"),
    )
    assert numbers_of(store, "D1", TODAY, both, AT) == {1: "F-2026-0001"}
    assert numbers_of(store, "D1", TODAY, (), AT) == {}
    assert numbers_of(store, "D2", TODAY, both, AT + HOUR) == {}
