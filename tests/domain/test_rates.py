"""Rates over sets of unit-days (R10): exact, uncapped, and no value where there is none."""

from __future__ import annotations

from dataclasses import astuple, fields
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.rates import Tally, ratio
from domain.reports import Status

FILED = (Status.ON_TIME, Status.LATE, Status.MADE_UP)
days = st.lists(st.tuples(st.sampled_from(Status), st.booleans()), max_size=40)


def tally(rows: list[tuple[Status, bool]]) -> Tally:
    found = Tally()
    for state, zero in rows:
        found.add(state, zero)
    return found


def test_a_district_by_hand() -> None:
    rows = [
        *[(Status.ON_TIME, True)] * 7,
        *[(Status.ON_TIME, False)] * 2,
        (Status.LATE, True),
        (Status.MADE_UP, False),
        (Status.MISSED, False),
        (Status.OVERDUE, False),
        (Status.PENDING, False),
        (Status.EXEMPT, True),
        (Status.NOT_EXPECTED, True),
    ]
    found = tally(rows)
    assert (found.expected, found.received, found.missing) == (13, 11, 2)
    assert found.reporting_rate == Fraction(11, 13)
    assert found.on_time_rate == Fraction(9, 13)
    assert found.missing_rate == Fraction(2, 13)
    # Zeros that are exempt or not expected count nowhere.
    assert found.zero_share == Fraction(8, 11)


def test_where_nothing_is_expected_there_is_no_rate() -> None:
    found = tally([(Status.PENDING, False), (Status.EXEMPT, True), (Status.NOT_EXPECTED, True)])
    assert (found.reporting_rate, found.on_time_rate, found.missing_rate) == (None, None, None)
    assert found.zero_share is None
    silent = tally([(Status.MISSED, False)])
    assert silent.reporting_rate == 0
    assert silent.missing_rate == 1
    assert silent.zero_share is None
    assert ratio(0, 0) is None


@given(days)
def test_every_expected_or_exempt_day_is_counted_once(rows: list[tuple[Status, bool]]) -> None:
    found = tally(rows)
    counted = (
        found.on_time + found.late + found.made_up + found.missing + found.pending + found.exempt
    )
    assert counted == sum(state is not Status.NOT_EXPECTED for state, _ in rows)
    assert found.received == sum(state in FILED for state, _ in rows)
    assert found.zero == sum(zero and state in FILED for state, zero in rows)
    if found.expected:
        assert found.reporting_rate is not None
        assert found.missing_rate is not None
        assert found.reporting_rate + found.missing_rate == 1


@given(days, days)
def test_merging_is_counting_all(
    one: list[tuple[Status, bool]], two: list[tuple[Status, bool]]
) -> None:
    found = tally(one)
    found.merge(tally(two))
    assert found == tally(one + two)


@given(st.sampled_from(Status), st.booleans(), st.integers(0, 9))
def test_counting_several_at_once(state: Status, zero: bool, count: int) -> None:
    found = Tally()
    found.add(state, zero, count)
    assert found == tally([(state, zero)] * count)


def test_merging_forgets_no_count() -> None:
    ones = Tally(*[1] * len(fields(Tally)))
    both = Tally(*[1] * len(fields(Tally)))
    both.merge(ones)
    assert set(astuple(both)) == {2}
