from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from actions import spooling
from actions.spooling import Spool
from domain.importing import FIELDS, Filed


def row(unit: str, at: int, number: int) -> Filed:
    return unit, at, number, "zero", None, "无\n异常", None, 6, ""


rows = st.lists(
    st.tuples(
        st.sampled_from(["2026-01-01", "2026-01-02", "2026-01-03"]),
        st.sampled_from("AB"),
        st.integers(0, 3),
    )
)


@given(rows, st.integers(1, 5))
def test_rows_come_back_by_day_unit_and_instant(
    filed: list[tuple[str, str, int]], held: int
) -> None:
    before = spooling.MOST_WAITING
    spooling.MOST_WAITING = held
    try:
        with Spool() as spool:
            for number, (day, unit, at) in enumerate(filed):
                spool.add(day, [[value] for value in row(unit, at, number)])
            found = {day: list(zip(*spool.of_day(day), strict=True)) for day in spool.days()}
    finally:
        spooling.MOST_WAITING = before
    expected: dict[str, list[Filed]] = {}
    for number, (day, unit, at) in enumerate(filed):
        expected.setdefault(day, []).append(row(unit, at, number))
    assert found == {day: sorted(own) for day, own in expected.items()}
    assert list(found) == sorted(expected)


def test_a_day_without_rows_is_empty() -> None:
    with Spool() as spool:
        assert list(map(list, spool.of_day("2026-01-01"))) == [[]] * FIELDS
        assert spool.days() == []
