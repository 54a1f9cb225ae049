"""Half-years and years, by their names and their days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UsageError
from domain.periods import Period, half_of, parse_period

periods = st.builds(Period, st.integers(1901, 8999), st.integers(0, 2))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2010H1", date(2010, 1, 1), date(2010, 6, 30)),
        ("2010h2", date(2010, 7, 1), date(2010, 12, 31)),
        ("2010", date(2010, 1, 1), date(2010, 12, 31)),
        (" 2010年 ", date(2010, 1, 1), date(2010, 12, 31)),
        ("2010上半年", date(2010, 1, 1), date(2010, 6, 30)),
        ("2010年下半年", date(2010, 7, 1), date(2010, 12, 31)),
        ("２０１０Ｈ１", date(2010, 1, 1), date(2010, 6, 30)),
    ],
)
def test_a_period_by_its_name(text: str, first: date, last: date) -> None:
    period = parse_period(text)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "2010H3", "2010H0", "10H1", "2010-01", "半年", "0001", "9999"]
)
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_period(text)
    assert refused.value.message.key == "assess.bad_period"


@given(periods)
def test_a_name_leads_back(period: Period) -> None:
    assert parse_period(period.name) == period


@given(st.dates(date(1901, 1, 1), date(8999, 12, 31)))
def test_every_day_lies_in_its_half_year_alone(day: date) -> None:
    half = half_of(day)
    assert half.first <= day <= half.last
    assert not half.moved(1).first <= day <= half.moved(1).last
    assert half.moved(1).first - half.last == timedelta(days=1)


@given(periods, st.integers(-40, 40))
def test_moving_there_and_back(period: Period, by: int) -> None:
    if 1900 <= period.year + by <= 8999 and 1901 <= period.year - abs(by):
        assert period.moved(by).moved(-by) == period


def test_the_ends_of_the_years_known() -> None:
    assert Period(1900, 1).moved(-1) == Period(1900, 1)
    assert Period(9000).moved(5) == Period(9000)
