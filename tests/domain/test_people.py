"""People and stand-ins: validity, chains and cycles with dates (R3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.people import Actor, Person, Role, StandIn, check_stand_in, stands_in_for

DAY = date(2026, 11, 2)


def row(login: str, absent: str, first: int = 0, last: int = 0) -> StandIn:
    return StandIn(login, absent, DAY + timedelta(first), DAY + timedelta(last))


def test_a_role_is_held_within_its_dates() -> None:
    person = Person("x", "白云区联络员", "440111", Role.LIAISON, valid_from=DAY, valid_to=DAY)
    days = [DAY + timedelta(n) for n in (-1, 0, 1)]
    assert [person.valid_on(day) for day in days] == [False, True, False]


def test_proxy_is_another_login_at_the_keyboard() -> None:
    assert Actor("a", "b").proxy
    assert not Actor("a", "a").proxy


def test_chains_resolve_on_the_days_that_all_links_hold() -> None:
    rows = [row("a", "b", 0, 3), row("b", "c", 2, 5), row("c", "d", 3, 3)]
    of = [stands_in_for("a", rows, DAY + timedelta(n)) for n in range(-1, 5)]
    assert of == [
        ("a",),
        ("a", "b"),
        ("a", "b"),
        ("a", "b", "c"),
        ("a", "b", "c", "d"),
        ("a",),
    ]
    assert stands_in_for("c", rows, DAY + timedelta(2)) == ("c",)


def test_one_may_stand_in_for_several_and_by_two_ways() -> None:
    rows = [row("a", "b"), row("a", "c"), row("b", "d"), row("c", "d")]
    assert stands_in_for("a", rows, DAY) == ("a", "b", "c", "d")


def test_a_cycle_that_stands_already_does_not_hang() -> None:
    rows = [row("a", "b"), row("b", "a")]
    assert stands_in_for("a", rows, DAY) == ("a", "b")


@pytest.mark.parametrize(
    ("new", "standing"),
    [
        (row("b", "a", 0, 9), [row("a", "b", 9, 12)]),
        (row("b", "a", 9, 12), [row("a", "b", 0, 9)]),
        (row("c", "a", 0, 9), [row("a", "b", 2, 3), row("b", "c", 3, 4)]),
        (row("c", "a", 4, 9), [row("a", "b", 0, 9), row("b", "c", 6, 7)]),
        (row("a", "a"), []),
    ],
)
def test_a_cycle_on_any_day_is_refused(new: StandIn, standing: list[StandIn]) -> None:
    with pytest.raises(Refused) as refused:
        check_stand_in(new, standing)
    assert refused.value.message.key == "errors.stand_in_cycle"


@pytest.mark.parametrize(
    ("new", "standing"),
    [
        (row("b", "a", 0, 8), [row("a", "b", 9, 12)]),
        (row("c", "a", 0, 9), [row("a", "b", 2, 3), row("b", "c", 4, 5)]),
        (row("a", "b"), [row("a", "b")]),
        (row("a", "d"), [row("a", "b"), row("b", "c")]),
    ],
)
def test_links_that_never_close_a_circle_together_may_stand(
    new: StandIn, standing: list[StandIn]
) -> None:
    check_stand_in(new, standing)


def test_reversed_dates_are_refused() -> None:
    with pytest.raises(Refused, match="range_reversed"):
        check_stand_in(row("a", "b", 1, 0), [])


links = st.builds(
    lambda ends, first, length: row(ends[0], ends[1], first, first + length),
    st.sampled_from(["ab", "ba", "bc", "cb", "ac", "ca", "cd", "da", "db"]),
    st.integers(0, 6),
    st.integers(0, 4),
)


@given(st.lists(links, max_size=6))
def test_what_passed_the_check_never_closes_a_circle(rows: list[StandIn]) -> None:
    standing: list[StandIn] = []
    for new in rows:
        together = [*standing, new]
        closes = any(
            new.login in stands_in_for(new.absent, together, day)
            for day in (DAY + timedelta(n) for n in range(12))
            if new.valid_on(day)
        )
        if closes:
            with pytest.raises(Refused):
                check_stand_in(new, standing)
        else:
            check_stand_in(new, standing)
            standing.append(new)
