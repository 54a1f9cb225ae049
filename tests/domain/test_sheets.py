"""Lines of a sheet: what differs, what was said since, and the way to plain values and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Damaged, Refused
from domain.reports import Status
from domain.sheets import (
    Erratum,
    Sheet,
    SheetRow,
    changed,
    check_sealing,
    paired,
    restated,
    sheet_from_table,
    sheet_to_table,
    tally,
)

DAY = date(2026, 11, 23)
ROW = SheetRow("D1", "东区", "East", "district", "on_time", "zero", 1, 100, "东区联络员", 6, 5)


rows = st.builds(
    SheetRow,
    unit=st.sampled_from(["A", "B", "C", "D"]),
    name=st.text(max_size=4),
    name_en=st.just(""),
    kind_of_unit=st.just("district"),
    status=st.sampled_from([status.value for status in Status]),
    report=st.sampled_from(["", "zero", "daily"]),
    revision=st.integers(0, 3),
    first_filed_at=st.one_of(st.none(), st.integers(0, 10**9)),
    summary=st.text(max_size=6),
)
states = st.lists(rows, unique_by=lambda row: row.unit, max_size=4).map(tuple)


@given(states, states)
def test_errata_take_one_state_to_the_other(
    before: tuple[SheetRow, ...], after: tuple[SheetRow, ...]
) -> None:
    pairs = [pair for pair in paired(before, after) if changed(*pair)]
    errata = [
        Erratum(f"ER-2026-{number:04}", DAY, (new or old).unit, old, new)  # type: ignore[union-attr]
        for number, (old, new) in enumerate(pairs, 1)
    ]
    now = restated(Sheet(DAY, before), errata)
    assert not [pair for pair in paired(now, after) if changed(*pair)]


@given(states)
def test_a_sheet_comes_back_from_plain_values(found: tuple[SheetRow, ...]) -> None:
    errata = tuple(Erratum("ER-2026-0001", DAY, row.unit, row, None) for row in found)
    sheet = Sheet(DAY, found, errata)
    assert sheet_from_table(sheet_to_table(sheet)) == sheet


@pytest.mark.parametrize("table", [{}, {"date": "x"}, {"date": "2026-11-23", "rows": [{}]}])
def test_what_is_no_sheet_is_damaged(table: dict[str, object]) -> None:
    with pytest.raises(Damaged):
        sheet_from_table(table)


def test_silence_past_midnight_is_the_same_silence() -> None:
    overdue = SheetRow("D1", "东区", "East", "district", "overdue")
    assert changed(overdue, replace(overdue, status="missed")) == []
    assert [each.fact for each in changed(overdue, replace(overdue, status="exempt"))] == ["status"]


def test_a_new_name_changes_no_sheet() -> None:
    assert changed(ROW, replace(ROW, name="东新区")) == []


def test_a_partial_zero_and_silence_are_told() -> None:
    assert ROW.partial
    assert not replace(ROW, areas_patrolled=6).partial
    assert not ROW.silent
    assert replace(ROW, status="missed").silent
    assert tally([ROW, replace(ROW, status="missed", report="")]).missing == 1


def test_what_is_still_pending_is_not_sealed() -> None:
    check_sealing(Sheet(DAY, (ROW,)), DAY)
    for sheet in (Sheet(DAY, ()), Sheet(DAY, (replace(ROW, status="pending"),))):
        with pytest.raises(Refused):
            check_sealing(sheet, DAY)
    with pytest.raises(Refused):
        check_sealing(Sheet(DAY, (ROW,)), date(2026, 11, 22))
