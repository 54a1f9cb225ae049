"""Linked action: other units are asked for what their duty says, each with its clock (R15)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.assisting import answers, ask, can_be_asked
from actions.matter_ends import close
from actions.matters import do_step, listed, show
from actions.overdue import overdue
from domain.errors import NotFound, Refused
from domain.workflows import Outcome
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection
from tests.matters_city import AT, DAY, HOUR, ZONE, finding, new_city, on, refused, who


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


@pytest.fixture
def number(store: Store) -> str:
    return finding(store, place="T1", location="村口", party="某公司").number


def test_who_can_be_asked_for_what(store: Store) -> None:
    [power] = can_be_asked(store, AT)
    assert (power.code, power.name) == ("POWER", "供电局")
    assert [duty.duty for duty in power.duties] == ["停止供电", "不予供电"]
    store.connection.execute("UPDATE units SET valid_to = '2026-11-22' WHERE code = 'POWER'")
    assert can_be_asked(store, AT) == []


def test_each_request_has_its_own_clock_and_reply(store: Store, number: str) -> None:
    made = ask(store, who("d1"), number, ["供电局", "WATER"], "请停止供应", AT)
    assert [(row.number, row.unit, row.issuer, row.parent) for row in made] == [
        ("A-2026-0001", "POWER", "D1", number),
        ("A-2026-0002", "WATER", "D1", number),
    ]
    assert (made[0].place, made[0].location, made[0].party) == ("T1", "村口", "某公司")
    due = [show(store, row.number, AT).state.open[0].due_at or 0 for row in made]
    assert [ZONE.show(each) for each in due] == ["2026-11-30 23:59:59"] * 2
    do_step(store, who("power"), "A-2026-0001", "reply", AT + HOUR, text="已停电")
    found = answers(store, number.lower(), AT + HOUR)
    assert [(view.unit.code, view.state.closed_at) for view in found] == [
        ("POWER", AT + HOUR),
        ("WATER", None),
    ]
    assert all(view.state.closed_at is None for view in answers(store, number, AT))
    assert answers(store, number, AT - 1) == []
    late = overdue(store, on("2026-12-01"), Selection(under="C"))
    assert "A-2026-0002/reply" in [row.obligation.id for row in late]


def test_without_words_the_duty_is_asked(store: Store, number: str) -> None:
    [made] = ask(store, who("d1"), number, ["POWER"], " ", AT)
    assert made.title == "停止供电;不予供电"
    assert refused(ask, store, who("d1"), number, ["WATER"], "", AT) == "matters.duty_missing"


@pytest.mark.parametrize("login", ["d2", "t1", "power", "sup", "d1v"])
def test_others_do_not_ask(store: Store, number: str, login: str) -> None:
    assert refused(ask, store, who(login), number, ["POWER"], "x", AT) == (
        "errors.not_allowed_unit"
    )


def test_all_are_asked_or_none(store: Store, number: str) -> None:
    before = len(listed(store, Selection(), Filter(), AT))
    for asked, key in (
        (["POWER", "D1"], "matters.asked_itself"),
        (["POWER", "供电局"], "matters.asked_already"),
        (["POWER", "OLD"], "errors.unit_not_valid"),
        (["POWER", "火星"], "errors.unit_unknown"),
    ):
        found = refused(ask, store, who("d1"), number, asked, "x", AT, error=(Refused, NotFound))
        assert found == key
    assert len(listed(store, Selection(), Filter(), AT)) == before


def test_who_has_not_answered_is_not_asked_again(store: Store, number: str) -> None:
    ask(store, who("d1"), number, ["POWER"], "x", AT)
    assert refused(ask, store, who("d1b"), number, ["POWER"], "y", AT + DAY) == (
        "matters.asked_already"
    )
    # For another matter, and once it has answered, it is.
    other = finding(store).number
    ask(store, who("d1"), other, ["POWER"], "x", AT + DAY)
    do_step(store, who("power"), "A-2026-0001", "reply", AT + DAY, text="已停")
    [again] = ask(store, who("d1"), number, ["POWER"], "再停", AT + DAY)
    assert again.number == "A-2026-0003"


def test_what_is_over_asks_nobody(store: Store, number: str) -> None:
    close(store, who("d1b"), number, Outcome.TRANSFERRED, "x", AT)
    assert refused(ask, store, who("d1"), number, ["POWER"], "x", AT) == "matters.closed"
    refused(ask, store, who("d1"), "F-2026-0099", ["POWER"], "x", AT, error=NotFound)


def test_a_request_can_be_handed_on(store: Store, number: str) -> None:
    [made] = ask(store, who("d1"), number, ["POWER"], "x", AT)
    refused(close, store, who("d1"), made.number, Outcome.TRANSFERRED, "非本局", AT)
    view = close(store, who("power"), made.number, Outcome.TRANSFERRED, "属供水", AT)
    assert view.state.outcome is Outcome.TRANSFERRED
    assert show(store, number, AT).state.closed_at is None
