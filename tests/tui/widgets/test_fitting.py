from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import catalogue
from domain.units import Kind, Unit
from tui.widgets.fitting import fit, name_within
from tui.widgets.grid import spread


@given(st.text(max_size=30), st.integers(0, 40), st.booleans())
def test_a_text_takes_exactly_its_cells(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(text, width, right=right)) == width


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [
        ("白云区", 8, "白云区  "),
        ("白云区", 6, "白云区"),
        ("白云区", 5, "白.. "),
        ("白云区", 2, "白"),
        ("白云区", 1, " "),
        ("a\x1b[31m", 7, "a?[31m "),
    ],
)
def test_a_text_is_cut_between_characters(text: str, width: int, fitted: str) -> None:
    assert fit(text, width) == fitted


def test_the_short_name_stands_where_only_it_fits() -> None:
    unit = Unit("PLAN", "市规划局", Kind.DEPARTMENT, "Planning Bureau", "规划")
    catalogue.use("zh")
    assert name_within(unit, 8) == "市规划局"
    assert name_within(unit, 7) == "规划"
    catalogue.use("en")
    assert name_within(unit, 7) == "Planning Bureau"


def test_labels_give_way_to_the_next() -> None:
    assert spread([(0, "2026-10"), (1, "2026-11")], 3) == "2026-10 "
    assert spread([(0, "2026-10"), (4, "2026-11")], 3) == "2026-10     2026-11 "
