from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions import reporting
from actions.matter_ends import close, reopen
from actions.matters import Subject, do_step, listed, open_matter, show
from actions.overdue import overdue
from actions.reported import alike, numbers_of
from actions.reporting import file
from domain.areas import LandClass
from domain.errors import NotFound
from domain.findings import Finding
from domain.matters import Act
from domain.obligations import ObligationKind
from domain.reports import Content, ReportKind
from domain.workflows import Outcome
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection
from tests.matters_city import AT, HOUR, TODAY, new_city, refused, who


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


def at_east(no: int, location: str, same_as: str = "") -> Finding:
    return Finding(no, location, LandClass.UNUSED, 1, "T1", same_as=same_as)


def filed(store: Store, *findings: Finding, unit: str = "D1", hours: int = 0) -> dict[int, str]:
    """File findings, or amend at a later hour; return the numbers of their matters."""
    at = AT + hours * HOUR
    content = Content(ReportKind.DAILY, "有", findings=findings)
    file(store, who(unit.lower()), unit, TODAY, content, at, amending=bool(hours), reason="补")
    return numbers_of(store, unit, TODAY, findings, at)


def acts(store: Store, number: str, hours: int = 9) -> list[tuple[Act, str]]:
    return [(entry.act, entry.text) for entry in show(store, number, AT + hours * HOUR).entries]


def test_what_is_the_same_opens_nothing_and_is_told_there(store: Store) -> None:
    assert filed(store, at_east(1, "村口鱼塘")) == {1: "F-2026-0001"}
    same = at_east(1, "村口鱼塘旁", "F-2026-0001")
    assert filed(store, same, at_east(2, "桥头"), unit="T1") == {1: "F-2026-0001", 2: "F-2026-0002"}
    assert acts(store, "F-2026-0001") == [
        (Act.OPEN, ""),
        (Act.SIGHT, "R-20261123-T1-1 村口鱼塘旁"),
    ]


def test_an_amendment_that_says_so_again_tells_it_once(store: Store) -> None:
    filed(store, at_east(1, "村口鱼塘"))
    same = at_east(1, "村口鱼塘旁", "F-2026-0001")
    filed(store, same, unit="T1")
    assert filed(store, same, at_east(2, "桥头"), unit="T1", hours=1)[1] == "F-2026-0001"
    assert len(acts(store, "F-2026-0001")) == 2


def test_an_amendment_merges_what_the_filing_opened(store: Store) -> None:
    filed(store, at_east(1, "村口鱼塘"))
    assert filed(store, at_east(1, "村口鱼塘旁"), unit="T1") == {1: "F-2026-0002"}
    same = at_east(1, "村口鱼塘旁", "F-2026-0001")
    assert filed(store, same, unit="T1", hours=1) == {1: "F-2026-0001"}
    merged = show(store, "F-2026-0002", AT + 2 * HOUR)
    assert (merged.state.closed_at, merged.state.outcome) == (AT + HOUR, None)
    assert merged.entries[-1].act is Act.MERGE
    assert merged.entries[-1].text == "F-2026-0001"
    assert overdue(store, AT + 90 * 24 * HOUR, Selection(unit="T1"), ObligationKind.STEP) == []
    assert show(store, "F-2026-0002", AT).state.closed_at is None
    assert numbers_of(store, "T1", TODAY, (at_east(1, "村口鱼塘旁"),), AT) == {1: "F-2026-0002"}
    assert (
        refused(reopen, store, who("t1"), "F-2026-0002", "stop", "误", AT + 3 * HOUR)
        == "matters.merged"
    )


def test_what_is_no_longer_the_same_opens_a_matter_of_its_own(store: Store) -> None:
    filed(store, at_east(1, "村口鱼塘"))
    filed(store, at_east(1, "村口鱼塘旁"), unit="T1")
    filed(store, at_east(1, "村口鱼塘旁", "F-2026-0001"), unit="T1", hours=1)
    assert filed(store, at_east(1, "村口鱼塘旁"), unit="T1", hours=2) == {1: "F-2026-0003"}


def test_a_finding_may_name_the_matter_that_it_opened(store: Store) -> None:
    filed(store, at_east(1, "村口鱼塘"))
    assert filed(store, at_east(1, "村口", "F-2026-0001"), hours=1) == {1: "F-2026-0001"}
    assert [act for act, _ in acts(store, "F-2026-0001")] == [Act.OPEN]


def test_what_a_finding_cannot_be_the_same_as(store: Store) -> None:
    assert (
        refused(filed, store, at_east(1, "村口", "F-2026-0009"), error=NotFound)
        == "matters.unknown"
    )
    about = Subject("群众来信", place="T1")
    letter = open_matter(store, who("d1"), "petition", "D1", about, AT).number
    assert refused(filed, store, at_east(1, "村口", letter)) == "matters.same_kind"
    filed(store, at_east(1, "村口"))
    do_step(store, who("d1"), "F-2026-0001", "verify", AT, text="合法用地")
    close(store, who("d1h"), "F-2026-0001", Outcome.UNFOUNDED, "已核", AT)
    assert (
        refused(filed, store, at_east(1, "村口旁", "F-2026-0001"), unit="T1")
        == "matters.same_closed"
    )
    with pytest.raises(NotFound):
        reporting.show(store, "T1", TODAY, AT)


def test_what_was_the_same_stays_so_once_that_is_closed(store: Store) -> None:
    filed(store, at_east(1, "村口"))
    same = at_east(1, "村口旁", "F-2026-0001")
    filed(store, same, unit="T1")
    do_step(store, who("d1"), "F-2026-0001", "verify", AT + 1, text="合法用地")
    close(store, who("d1h"), "F-2026-0001", Outcome.UNFOUNDED, "已核", AT + 2)
    more = filed(store, same, at_east(2, "桥头"), unit="T1", hours=1)
    assert more == {1: "F-2026-0001", 2: "F-2026-0002"}


def test_what_was_begun_is_not_merged(store: Store) -> None:
    filed(store, at_east(1, "村口鱼塘"))
    filed(store, at_east(1, "村口鱼塘旁"), unit="T1")
    do_step(store, who("t1"), "F-2026-0002", "stop", AT + 60, text="已制止")
    assert (
        refused(filed, store, at_east(1, "村口鱼塘旁", "F-2026-0001"), unit="T1", hours=1)
        == "matters.same_begun"
    )
    assert len(reporting.show(store, "T1", TODAY, AT + 2 * HOUR).revisions) == 1
    assert len(acts(store, "F-2026-0001")) == 1


def test_what_a_finding_is_like(store: Store) -> None:
    filed(store, at_east(1, "村口鱼塘"), at_east(2, "河边"), at_east(3, "村口鱼塘西侧砖厂"))
    typed = (at_east(1, "村口鱼塘旁"), at_east(2, "山上"), at_east(3, "村口鱼塘", "F-2026-0001"))
    found = alike(store, "T1", TODAY, typed, AT)
    assert {no: [view.matter.number for view in views] for no, views in found.items()} == {
        1: ["F-2026-0001", "F-2026-0003"]
    }
    # What has its own matter already is not asked about, nor what another place has.
    assert alike(store, "D1", TODAY, (at_east(1, "村口鱼塘"),), AT) == {}
    elsewhere = Finding(1, "村口鱼塘", LandClass.UNUSED, 1, "T2")
    assert alike(store, "T1", TODAY, (elsewhere,), AT) == {}
    assert alike(store, "T1", TODAY, (), AT) == {}
