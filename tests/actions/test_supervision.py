"""What one may do with a matter and why not the rest; ages and weeks; who sees which notices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import actions.supervision as supervising
from actions.overdue import overdue
from actions.pictures import Week, picture
from actions.supervision import supervision
from actions.turns import possible
from storage.store import Store
from storage.units import Selection
from tests.tui.matters_stage import AT, FRESH, HELD, city, staged, who


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with city(staged(tmp_path)) as found:
        yield found


def test_who_works_on_a_matter_may_do_its_steps_and_not_answer_himself(store: Store) -> None:
    found = possible(store, who("baiyun"), FRESH, AT)
    assert {turn.open.step.key: turn.doing for turn in found.turns} == {
        "stop": None,
        "verify": None,
    }
    assert all(turn.answering is not None for turn in found.turns)
    assert (found.working, found.granting is None) == (None, False)
    turn = found.turn("verify")
    assert turn is not None
    assert [start.step for start in turn.next] == ["report", "file"]


def test_a_viewer_may_do_nothing_and_is_told_why(store: Store) -> None:
    found = possible(store, who("viewer"), FRESH, AT)
    assert all(turn.doing is not None for turn in found.turns)
    assert all(row.refusal is not None for row in found.closings)


def test_an_overdue_step_is_not_extended(store: Store) -> None:
    turn = possible(store, who("baiyun"), HELD, AT).turn("report")
    assert turn is not None
    assert turn.asking is not None
    assert turn.asking.key == "matters.extension_late"


def test_closing_takes_the_second_person_and_the_state(store: Store) -> None:
    mine = {row.outcome: row.refusal for row in possible(store, who("baiyun"), HELD, AT).closings}
    other = {row.outcome: row.refusal for row in possible(store, who("deputy"), HELD, AT).closings}
    assert {name: row and row.key for name, row in mine.items()} == {
        "restored": "matters.outcome_early",
        "demolished": "matters.outcome_early",
        "regularised": "matters.outcome_early",
        "unfounded": "matters.same_person",
        "transferred": "matters.same_person",
    }
    assert [name.value for name, row in other.items() if row is None] == [
        "unfounded",
        "transferred",
    ]


def test_a_review_is_not_the_repliers(store: Store) -> None:
    turn = possible(store, who("panyu"), "N-2026-0003", AT).turn("review")
    assert turn is not None
    assert turn.doing is not None
    assert [start.step for start in turn.back] == ["reply"]
    assert [start.round for start in turn.back] == [2]


def test_open_matters_count_for_the_district_by_age(store: Store) -> None:
    rows = {row.unit.code: row for row in picture(store, AT).ages}
    baiyun = rows["440111"]
    assert baiyun.counts == (4, 2, 0)
    assert (baiyun.whole, baiyun.oldest) == (6, 21)
    assert [row.whole for row in picture(store, AT).ages] == sorted(
        (row.whole for row in rows.values()), reverse=True
    )


def test_weeks_begin_on_monday_and_the_last_is_this_one(store: Store) -> None:
    weeks = picture(store, AT).weeks
    assert len(weeks) == 8
    assert weeks[-1].first == date(2026, 11, 23)
    assert weeks[2] == Week(date(2026, 10, 19), 0, 1, 0)
    assert weeks[5] == Week(date(2026, 11, 9), 3, 0, 2)


@pytest.mark.parametrize(
    ("login", "issued", "received"),
    [
        ("sup", {"N-2026-0001", "N-2026-0002", "N-2026-0003"}, set()),
        ("baiyun", set(), {"N-2026-0001"}),
        ("power", set(), set()),
        ("admin", {"N-2026-0001", "N-2026-0002", "N-2026-0003"}, set()),
    ],
)
def test_everybody_sees_the_own_notices(
    store: Store, login: str, issued: set[str], received: set[str]
) -> None:
    found = supervision(store, who(login), AT).notices
    assert {row.view.matter.number for row in found if row.issued} == issued
    assert {row.view.matter.number for row in found if row.received} == received


@pytest.mark.parametrize(("login", "may"), [("sup", True), ("admin", True), ("baiyun", False)])
def test_who_may_issue(store: Store, login: str, may: bool) -> None:
    assert supervision(store, who(login), AT).may_issue is may


@pytest.mark.parametrize("page", [1, 7, 1000])
def test_the_units_that_owe_are_those_of_the_overdue_list(
    store: Store, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(supervising, "_PAGE", page)
    every = overdue(store, AT, Selection())
    units = list(dict.fromkeys(owed.unit.code for owed in every))
    assert len(units) > 3
    found = supervision(store, who("admin"), AT)
    assert [row.unit.code for row in found.debtors] == units
    assert not found.more_debtors
    assert sum(row.count for row in found.debtors) == len(every)
    assert found.debtors[0].longest == every[0]


def test_of_units_that_owe_only_the_first_are_looked_at(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = supervision(store, who("admin"), AT).debtors
    monkeypatch.setattr(supervising, "MOST_DEBTORS", 2)
    found = supervision(store, who("admin"), AT)
    assert found.debtors == whole[:2]
    assert found.more_debtors
    monkeypatch.setattr(supervising, "MOST_DEBTORS", len(whole))
    assert not supervision(store, who("admin"), AT).more_debtors
