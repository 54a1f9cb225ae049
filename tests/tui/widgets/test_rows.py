"""Lists of columns: what is left out where it is narrow, and kept together where it is wide."""

from __future__ import annotations

from tui.widgets.rows import Column, Rows

ROWS = Rows(
    (Column("unit.duty", 10, grow=1, most=30), Column("", 5, least=40), Column("", 8, grow=1))
)


def widths(width: int) -> list[int]:
    return [cells for _, _, cells in ROWS.layout_of(width)]


def test_a_column_is_left_out_where_it_is_narrow() -> None:
    assert widths(39) == [19, 17]
    assert widths(40) == [16, 5, 14]


def test_a_column_grows_no_further_than_its_most() -> None:
    assert widths(200) == [30, 5, 94]
