"""Units that live in time (R1), with the registry that ships."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.units import Kind, Unit, children_of, cycle, in_force
from exchange.registry import read_registry

GUANGZHOU = read_registry(Path(__file__).parents[2] / "registry" / "guangzhou").units
DAY = date(2014, 2, 11)
ONE = timedelta(days=1)
ends = st.none() | st.dates(date(2014, 1, 1), date(2014, 3, 1))


def count(kind: Kind, day: date) -> int:
    return sum(unit.kind is kind and unit.valid_on(day) for unit in GUANGZHOU)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "day", "holds"),
    [
        (None, None, date.min, True),
        (None, None, date.max, True),
        (DAY, None, DAY, True),
        (DAY, None, DAY - ONE, False),
        (None, DAY, DAY, True),
        (None, DAY, DAY + ONE, False),
        (DAY, DAY, DAY, True),
        (DAY, DAY, DAY + ONE, False),
        (DAY, DAY - ONE, DAY, False),
    ],
)
def test_both_ends_are_inside_and_blank_is_open(
    valid_from: date | None, valid_to: date | None, day: date, holds: bool
) -> None:
    assert in_force(valid_from, valid_to, day) is holds
    assert (
        Unit("X", "X", Kind.TOWN, valid_from=valid_from, valid_to=valid_to).valid_on(day) is holds
    )


@given(ends, ends, st.dates(date(2014, 1, 1), date(2014, 3, 1)))
def test_validity_is_an_interval(valid_from: date | None, valid_to: date | None, day: date) -> None:
    inside = (valid_from or date.min) <= day <= (valid_to or date.max)
    assert in_force(valid_from, valid_to, day) is inside


def test_guangzhou_through_the_years() -> None:
    # On 1 June 2010: ten districts and the county-level cities Zengcheng and Conghua.
    on = date(2010, 6, 1)
    assert count(Kind.DISTRICT, on) == 12
    county_level = {"440183", "440184"}
    assert {unit.code for unit in GUANGZHOU if unit.valid_on(on)} >= county_level
    assert count(Kind.DISTRICT, date(2026, 1, 1)) == 11
    assert not any(u.valid_on(date(2026, 1, 1)) for u in GUANGZHOU if u.code in county_level)
    # The merger of 12 February 2014, to the day: Luogang and two cities end, two districts begin.
    assert count(Kind.DISTRICT, date(2014, 2, 11)) == 12
    assert count(Kind.DISTRICT, date(2014, 2, 12)) == 11
    assert count(Kind.DEPARTMENT, on) == count(Kind.DEPARTMENT, date(2026, 1, 1)) == 16


def test_a_unit_answers_to_all_its_names_once() -> None:
    unit = Unit("440111", "白云区", Kind.DISTRICT, "Baiyun", "白云", aliases=("白云", "440111", ""))
    assert unit.names() == ("440111", "白云区", "Baiyun", "白云")
    assert Unit("X", "X", Kind.TEAM).names() == ("X",)


@pytest.mark.parametrize(
    ("parents", "ring"),
    [
        ({}, []),
        ({"a": None}, []),
        ({"a": None, "b": "a", "c": "b"}, []),
        ({"a": "nowhere"}, []),
        ({"a": "a"}, ["a"]),
        ({"a": "b", "b": "a"}, ["a", "b"]),
        ({"x": "a", "a": "b", "b": "c", "c": "a"}, ["a", "b", "c"]),
    ],
)
def test_cycles_of_parents(parents: dict[str, str | None], ring: list[str]) -> None:
    assert cycle(parents) == ring


@given(st.dictionaries(st.integers(0, 7), st.integers(0, 9)))
def test_a_cycle_is_one_and_none_is_missed(drawn: dict[int, int]) -> None:
    parents: dict[str, str | None] = {str(child): str(parent) for child, parent in drawn.items()}
    ring = cycle(parents)
    for here, above in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        assert parents[here] == above
    if not ring:
        for start in parents:
            code: str | None = start
            for _ in range(len(parents) + 1):
                code = parents.get(code) if code is not None else None
            assert code is None


def test_children_keep_the_order_given() -> None:
    units = [Unit(code, code, Kind.TOWN, parent=above) for code, above in ("bx", "ax", "cy")]
    assert {above: [u.code for u in found] for above, found in children_of(units).items()} == {
        "x": ["b", "a"],
        "y": ["c"],
    }
