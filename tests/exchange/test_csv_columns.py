"""What is split at once says the same as `csv`, and all that is not plain is left to it."""

from __future__ import annotations

import csv
import re
from contextlib import suppress
from io import StringIO
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import csv_columns
from exchange.csv_columns import parts


def by_columns(text: str) -> list[list[str]]:
    found: list[list[str]] = []
    for rows, columns in parts(StringIO(text, newline="")):
        found += rows or map(list, zip(*columns, strict=True))
    return found


def by_csv(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline=""), strict=True))


def both(text: str) -> None:
    """Hold the two readings to each other, whether or not the text can be read at all."""
    try:
        expected = by_csv(text)
    except csv.Error as error:
        with pytest.raises(csv.Error, match=re.escape(str(error))):
            by_columns(text)
        return
    # A line without anything is a row without cells or with a blank one: blank either way.
    assert [row or [""] for row in by_columns(text)] == [row or [""] for row in expected]


def in_columns(text: str) -> int:
    """Return how many rows were split at once."""
    found = 0
    with suppress(csv.Error):
        for _, columns in parts(StringIO(text, newline="")):
            found += len(columns[0]) if columns else 0
    return found


@given(st.text(alphabet='ab,"\r\n 日', max_size=60), st.integers(1, 20))
def test_any_text_is_read_as_csv_reads_it(text: str, block: int) -> None:
    before = csv_columns._BLOCK
    csv_columns._BLOCK = block
    try:
        both(text)
    finally:
        csv_columns._BLOCK = before


cells = st.text(alphabet="ab,\"\r\n 日'=", max_size=6)


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=12)
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.integers(1, 40),
)
def test_what_is_written_is_read_again(
    rows: list[list[str]], end: str, quoting: Literal[0, 1], block: int
) -> None:
    file = StringIO(newline="")
    csv.writer(file, lineterminator=end, quoting=quoting).writerows(rows)
    before = csv_columns._BLOCK
    csv_columns._BLOCK = block
    try:
        both(file.getvalue())
    finally:
        csv_columns._BLOCK = before


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_plain_rows_are_split_at_once(end: str) -> None:
    text = end.join(['unit,"说明,一"', 'A,"两\r\n行"', '"B",', ""])
    assert in_columns(text) == 3
    assert by_columns(text) == [["unit", "说明,一"], ["A", "两\r\n行"], ["B", ""]]


@pytest.mark.parametrize(
    "row", ['"a""b",c', '"a"b,c', '"a" ,c', "a", "a,b,c", "", "a\rb,c", 'a"b,"c']
)
def test_a_row_that_is_not_plain_is_left_to_csv(row: str) -> None:
    both(f"u,v\n{row}\nw,x\n")
    both(f"u,v\n{row}")
    assert in_columns(f"u,v\n{row}\nw,x\n") == 0


@pytest.mark.parametrize("row", ['a"b,c', '"a', 'a,"b\n'])
def test_a_mark_that_is_alone_is_left_to_csv(row: str) -> None:
    both(f"u,v\n{row}\nw,x\n")
    assert in_columns(f"u,v\n{row}\nw,x\n") == 1


def test_what_comes_before_such_a_row_is_split_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_columns, "_BLOCK", 12)
    text = "u,v\n" * 9 + 'a"b,c\n' + "u,v\n" * 9
    assert 6 <= in_columns(text) <= 9
    both(text)
