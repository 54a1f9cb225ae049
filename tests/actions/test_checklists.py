"""The checklist of land offices: who says what, what stays, and the sums by district."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from actions import checklists
from actions.checklists import by_district, history, office, offices, say
from domain.checklists import Said, State
from domain.errors import NotFound, Refused
from storage import events
from storage.store import Store
from storage.units import Selection
from tests.matters_city import AT, HOUR, TODAY, new_city, refused, shipped, who

SAID = Said("T1", "S1", State.PARTLY, TODAY, "在岗2人")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        checklists.save_standards(opened, who("admin"), shipped().standards, AT - HOUR)
        yield opened


def test_each_saying_is_a_revision_that_stays(store: Store) -> None:
    first = say(store, who("t1"), SAID, AT)
    second = say(store, who("d1"), replace(SAID, state=State.MET, evidence="在岗3人"), AT + HOUR)
    assert (first.revision, second.revision) == (1, 2)
    assert [row.said.state for row in history(store, "东镇", AT + HOUR)] == [
        State.PARTLY,
        State.MET,
    ]
    assert [row.revision for row in history(store, "T1", AT)] == [1]
    assert history(store, "T1", AT - 1) == []
    lines = dict(office(store, "T1", AT).lines)
    assert [row.said.evidence for row in lines.values() if row] == ["在岗2人"]
    with pytest.raises(Exception, match="append-only"):
        store.connection.execute("UPDATE checklist SET state = 'met'")


def test_the_event_has_before_and_after(store: Store) -> None:
    say(store, who("t1"), SAID, AT)
    say(store, who("t1", "admin"), replace(SAID, state=State.MET), AT + HOUR)
    last = events.of_subject(store.connection, "T1")[-1]
    assert last.action == "checklist.say"
    assert last.detail["changes"] == [
        ["S1", 2, ["partly", "2026-11-23", "在岗2人"], ["met", "2026-11-23", "在岗2人"]]
    ]
    assert (last.actor, last.real_login) == ("t1", "admin")


@pytest.mark.parametrize("login", ["t1", "d1", "d1h", "sup", "landsup", "admin"])
def test_who_may(store: Store, login: str) -> None:
    assert say(store, who(login), SAID, AT).login == login


@pytest.mark.parametrize("login", ["t2", "t1b", "d2", "d1v", "power", "nobody"])
def test_who_may_not(store: Store, login: str) -> None:
    assert refused(say, store, who(login), SAID, AT) == "errors.not_allowed_unit"


@pytest.mark.parametrize(
    ("said", "key", "error"),
    [
        (replace(SAID, unit="D1"), "checklist.not_an_office", Refused),
        (replace(SAID, day=date(2026, 11, 24)), "checklist.future", Refused),
        (replace(SAID, evidence=" \t"), "checklist.evidence_missing", Refused),
        (replace(SAID, item="X9"), "checklist.item_unknown", NotFound),
    ],
)
def test_what_is_refused(store: Store, said: Said, key: str, error: type[Exception]) -> None:
    assert refused(say, store, who("d1"), said, AT, error=error) == key  # type: ignore[arg-type]
    assert history(store, "T1", AT) == []


def test_the_same_again_is_refused_and_writes_nothing(store: Store) -> None:
    say(store, who("t1"), SAID, AT)
    assert refused(say, store, who("t1"), SAID, AT + HOUR) == "checklist.same"
    assert len(history(store, "T1", AT + HOUR)) == 1


def test_the_sums_of_a_district_are_those_of_its_offices(store: Store) -> None:
    asked = len(shipped().standards)
    for number, standard in enumerate(shipped().standards):
        said = Said("T1", standard.code, State.MET, TODAY, "照片")
        say(store, who("d1"), said, AT + number)
    say(store, who("d1"), Said("T1B", "E1", State.NOT_MET, TODAY, "无车"), AT)
    say(store, who("d1"), Said("T1B", "P1", State.NOT_NEEDED, TODAY, "合署"), AT)
    later = AT + HOUR
    [east, west] = by_district(store, Selection(), later)
    assert (east.unit.code, east.offices, east.complete) == ("D1", 2, 1)
    counts = east.counts
    assert (counts.met, counts.not_met, counts.not_needed) == (asked, 1, 1)
    assert (counts.unseen, counts.asked) == (asked - 2, 2 * asked - 1)
    assert (west.offices, west.complete, west.counts.unseen) == (1, 0, asked)
    every = offices(store, Selection(), later)
    assert sum(row.counts.asked for row in every) == east.counts.asked + west.counts.asked
    # What was known before stays so.
    assert by_district(store, Selection(), AT - 1)[0].counts.met == 0


def test_a_store_without_standards_says_what_to_do(tmp_path: Path) -> None:
    with new_city(tmp_path) as bare:
        bare.connection.execute("DELETE FROM standards")
        key = refused(say, bare, who("d1"), SAID, AT, error=NotFound)
        assert key == "checklist.no_standards"
        assert [row.counts.asked for row in offices(bare, Selection(), AT)] == [0, 0, 0]
