"""Numbers and subjects of papers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import LianluoError
from domain.papers import (
    BOOKS,
    LETTERS,
    PREFIXES,
    SHAPES,
    PaperKind,
    halves,
    paper_number,
    parse_half,
    parse_kind,
    parse_month,
    parse_number,
    parse_year,
)


def test_every_kind_has_a_prefix_of_its_own_and_a_shape() -> None:
    assert set(PREFIXES) == set(SHAPES) == set(PaperKind) == {*BOOKS, *LETTERS}
    assert len(set(PREFIXES.values())) == len(PaperKind)


@given(st.sampled_from(PaperKind), st.integers(2000, 2999), st.integers(1, 10**6))
def test_a_number_is_read_as_it_was_written(kind: PaperKind, year: int, count: int) -> None:
    assert parse_number(paper_number(kind, year, count).lower()) == (year, count)


@given(st.dates(date(2, 1, 1), date(9998, 11, 30)))
def test_a_month_is_its_days_and_the_halves_of_a_year_are_the_year(day: date) -> None:
    first, last = parse_month(f"{day:%Y-%m}" if day.year > 999 else f"{day.year:04}-{day.month:02}")
    assert first <= day <= last
    assert first.day == 1
    assert (last + timedelta(days=1)).day == 1
    year = f"{day.year:04}"
    spring, autumn = parse_half(f"{year}H1"), parse_half(f"{year}h2")
    assert spring[0] == date(day.year, 1, 1)
    assert spring[1] + timedelta(days=1) == autumn[0]
    assert autumn[1] == date(day.year, 12, 31)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "2026-1", "0001-01", "9999-01", "x"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(LianluoError):
        parse_month(text)


@pytest.mark.parametrize("text", ["", "2026", "2026H0", "2026H3", "0000H1", "9999H2"])
def test_what_is_no_half_is_refused(text: str) -> None:
    with pytest.raises(LianluoError):
        parse_half(text)


@pytest.mark.parametrize("text", ["", "26", "0000", "9999", "二〇二六"])
def test_what_is_no_year_is_refused(text: str) -> None:
    with pytest.raises(LianluoError):
        parse_year(text)


@pytest.mark.parametrize("text", ["", "@", "a@", "@b", "ab"])
def test_a_subject_of_two_halves_needs_both(text: str) -> None:
    with pytest.raises(LianluoError):
        halves(PaperKind.TRANSFER, text)


def test_halves_are_parted_at_the_last_mark() -> None:
    assert halves(PaperKind.TRANSFER, " a@b @ c ") == ("a@b", "c")


def test_kinds_are_written_with_either_dash() -> None:
    assert parse_kind(" Stop-Work ") is PaperKind.STOP_WORK
    with pytest.raises(LianluoError):
        parse_kind("poem")
