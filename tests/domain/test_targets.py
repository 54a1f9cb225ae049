"""The four hard targets: exact at every boundary, and each figure the sum of its rows (R18)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import LandClass
from domain.findings import Finding
from domain.instants import Zone
from domain.matters import Act, Entry, Matter, fold
from domain.targets import (
    AT_LEAST,
    COUNTED,
    Basis,
    Case,
    TargetKey,
    case_of,
    entered_reading,
    kept,
    read,
    rows_of,
)
from domain.workflows import Outcome
from tests.matters_city import workflows

ZONE = Zone("Asia/Shanghai")
YEAR = 2026
AREAS = st.integers(0, 10**13)

cases = st.builds(
    Case,
    st.uuids().map(str),
    st.just("D"),
    st.just("推土"),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.none() | st.sampled_from(Outcome),
    st.integers(0, 9000),
    st.integers(0, 9000),
    st.integers(0, 9000),
    st.sampled_from(("yes", "no", "")),
    st.sampled_from(("national", "provincial", "yes", "no", "")),
)


# -- the 15 % line -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "met", "touched", "left", "over"),
    [
        (1499, 10_000, True, False, 1, 0),
        (1500, 10_000, True, True, 0, 0),
        (1501, 10_000, False, True, 0, 1),
        (0, 1, True, False, 1, 0),
        (0, 10_000, True, False, 1500, 0),
        (3, 20, True, True, 0, 0),
        (1, 7, True, False, 1, 0),
        (2, 7, False, True, 0, 1),
        (260, 10_000, True, False, 1240, 0),
        (10**12 * 15, 10**14, True, True, 0, 0),
        (10**12 * 15 + 1, 10**14, False, True, 0, 1),
        (10**12 * 15 - 1, 10**14, True, False, 1, 0),
    ],
)
def test_both_readings_at_the_line(
    part: int, whole: int, met: bool, touched: bool, left: int, over: int
) -> None:
    found = read(TargetKey.FARMLAND, part, whole)
    assert (found.met, found.touched, found.distance, found.over) == (met, touched, left, over)


@given(AREAS, st.integers(1, 10**13))
def test_the_line_by_fractions(part: int, whole: int) -> None:
    found = read(TargetKey.FARMLAND, part, whole)
    line = Fraction(15, 100)
    assert found.met is (Fraction(part, whole) <= line)
    assert found.touched is (Fraction(part, whole) >= line)
    # Met and touched at once is exactly the line, and one of the two always holds.
    assert (found.met and found.touched) is (Fraction(part, whole) == line)
    assert found.met or found.touched


@given(AREAS, st.integers(1, 10**13))
def test_the_distance_is_the_least_that_touches_the_line(part: int, whole: int) -> None:
    found = read(TargetKey.FARMLAND, part, whole)
    after = read(TargetKey.FARMLAND, part + found.distance, whole)
    assert after.touched
    if found.distance:
        assert not read(TargetKey.FARMLAND, part + found.distance - 1, whole).touched
    back = read(TargetKey.FARMLAND, part - found.over, whole)
    assert back.met
    if found.over:
        assert not read(TargetKey.FARMLAND, part - found.over + 1, whole).met


@pytest.mark.parametrize("whole", [None, 0])
def test_no_denominator_no_value(whole: int | None) -> None:
    found = read(TargetKey.FARMLAND, 100, whole)
    assert (found.met, found.rate, found.touched) == (None, None, False)


# -- at least so much --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closed", "filed", "met", "missing"),
    [
        (9, 10, True, 0),
        (8, 10, False, 1),
        (89, 100, False, 1),
        (90, 100, True, 0),
        (899, 1000, False, 1),
        (17, 19, False, 1),
        (18, 19, True, 0),
        (0, 1, False, 1),
        (1, 1, True, 0),
        (24, 30, False, 3),
    ],
)
def test_closing_reaches_ninety_per_cent(closed: int, filed: int, met: bool, missing: int) -> None:
    found = read(TargetKey.CLOSING, closed, filed)
    assert (found.met, found.distance) == (met, missing)


@given(st.sampled_from(sorted(AT_LEAST)), st.integers(1, 10**9), st.data())
def test_what_is_missing_is_the_least_that_meets(
    key: TargetKey, whole: int, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, whole))
    found = read(key, part, whole)
    assert found.met is (Fraction(part, whole) >= Fraction(AT_LEAST[key], 100))
    assert read(key, part + found.distance, whole).met
    assert part + found.distance <= whole
    if found.distance:
        assert not read(key, part + found.distance - 1, whole).met


def test_nothing_of_nothing_is_no_value() -> None:
    assert all(read(key, 0, 0).met is None for key in AT_LEAST)


def test_what_is_entered() -> None:
    assert entered_reading(TargetKey.TYPICAL_CASE, 0).met is True
    assert entered_reading(TargetKey.TYPICAL_CASE, 1).met is False
    assert entered_reading(TargetKey.STABILITY, 1).met is True
    assert entered_reading(TargetKey.STABILITY, 0).met is False
    assert entered_reading(TargetKey.STABILITY, None).met is None


def test_a_promise_is_held_to_exactly() -> None:
    assert kept(Fraction(925, 10), read(TargetKey.CLOSING, 37, 40)) is True
    assert kept(Fraction(926, 10), read(TargetKey.CLOSING, 37, 40)) is False
    assert kept(Fraction(12), read(TargetKey.FARMLAND, 12, 100)) is True
    assert kept(Fraction(12), read(TargetKey.FARMLAND, 13, 100)) is False
    assert kept(Fraction(12), read(TargetKey.FARMLAND, 13, None)) is None


# -- what counts -------------------------------------------------------------------------------

ON = date(2026, 5, 4)


def case(**about: object) -> Case:
    return Case("F-2026-0001", "D", "推土", **{"found_on": ON, **about})  # type: ignore[arg-type]


def total(key: TargetKey, *found: Case, basis: Basis = Basis.FOUND) -> tuple[int, int]:
    rows = rows_of(key, found, YEAR, basis)
    return sum(row.part for row in rows), sum(row.whole for row in rows)


def test_filing_leaves_out_the_unfounded_and_what_went_elsewhere() -> None:
    filed = case(filed_on=ON)
    assert total(TargetKey.FILING, filed, case()) == (1, 2)
    assert total(TargetKey.FILING, case(closed=True, outcome=Outcome.UNFOUNDED)) == (0, 0)
    assert total(TargetKey.FILING, case(closed=True, outcome=Outcome.TRANSFERRED)) == (0, 0)
    handed = case(filed_on=ON, closed=True, outcome=Outcome.TRANSFERRED)
    assert total(TargetKey.FILING, handed) == (1, 1)


def test_investigated_is_decided_or_handed_over() -> None:
    handed = case(closed=True, outcome=Outcome.TRANSFERRED)
    found = (case(decided=True), handed, case(), case(outcome=Outcome.UNFOUNDED, closed=True))
    assert total(TargetKey.INVESTIGATION, *found) == (2, 3)


def test_closing_is_of_what_was_filed_in_the_year_whenever_found() -> None:
    old = case(found_on=date(2025, 12, 20), filed_on=date(2026, 1, 5), closed=True)
    later = case(found_on=date(2026, 12, 20), filed_on=date(2027, 1, 5), closed=True)
    assert total(TargetKey.CLOSING, old, later, case(), case(filed_on=ON)) == (1, 2)


def test_farmland_is_what_is_cultivated() -> None:
    found = (
        case(area=900, cultivated=600, agricultural=900),
        case(area=500, cultivated=0, agricultural=500),
        case(area=70, cultivated=70, outcome=Outcome.UNFOUNDED, closed=True),
    )
    assert total(TargetKey.FARMLAND, *found) == (600, 0)


def test_restored_by_count_and_by_area() -> None:
    found = (
        case(area=900, agricultural=900, outcome=Outcome.RESTORED, closed=True, rectified=True),
        case(area=500, agricultural=100, outcome=Outcome.REGULARISED, closed=True, rectified=True),
        case(area=300, agricultural=0),
    )
    assert total(TargetKey.RESTORED, *found) == (1, 2)
    assert total(TargetKey.RESTORED_AREA, *found) == (900, 1000)


def test_what_is_against_the_plan_has_to_go() -> None:
    found = (
        case(area=40, conforms_plan="no", outcome=Outcome.DEMOLISHED, closed=True),
        case(area=60, conforms_plan="no", outcome=Outcome.RESTORED, closed=True),
        case(area=50, conforms_plan="no", outcome=Outcome.REGULARISED, closed=True),
        case(area=30, conforms_plan="yes"),
        case(area=20),
    )
    assert total(TargetKey.DEMOLISHED, *found) == (2, 3)
    assert total(TargetKey.DEMOLISHED_AREA, *found) == (100, 150)


def test_the_bases_leave_out_what_they_say() -> None:
    found = (
        case(filed_on=ON, rectified=True),
        case(filed_on=ON, key_project="national"),
        case(key_project="provincial", rectified=True),
        case(key_project="yes"),
        case(key_project="no"),
    )
    filing = {basis: total(TargetKey.FILING, *found, basis=basis) for basis in Basis}
    assert filing == {
        Basis.FOUND: (2, 5),
        Basis.NET_RECTIFIED: (1, 3),
        Basis.NET_KEY: (1, 3),
        Basis.NET_BOTH: (0, 2),
    }


@given(st.lists(cases, max_size=12), st.sampled_from(COUNTED), st.sampled_from(Basis))
def test_rows_are_parts_of_the_whole(found: list[Case], key: TargetKey, basis: Basis) -> None:
    rows = rows_of(key, found, YEAR, basis)
    assert {id(row.case) for row in rows} <= {id(each) for each in found}
    assert all(row.part >= 0 for row in rows)
    if key is not TargetKey.FARMLAND:
        assert all(row.part <= row.whole for row in rows)
    every = rows_of(key, found, YEAR)
    assert {id(row.case) for row in rows} <= {id(row.case) for row in every}


@given(st.lists(cases, max_size=12), st.sampled_from(COUNTED))
def test_both_nets_together_are_each_after_the_other(found: list[Case], key: TargetKey) -> None:
    def numbers(basis: Basis) -> set[int]:
        return {id(row.case) for row in rows_of(key, found, YEAR, basis)}

    both = numbers(Basis.NET_BOTH)
    assert both == numbers(Basis.NET_RECTIFIED) & numbers(Basis.NET_KEY)


# -- a matter as a case ------------------------------------------------------------------------


def matter_case(
    finding: Finding | None, *acts: Entry, land: str = "cultivated", area: int | None = 1000
) -> Case:
    at = ZONE.parse("2026-05-04 09:00")
    matter = Matter("F-2026-0001", "finding", "D", "D", at, "推土", land_class=land, area=area)
    opened = Entry(1, at, "a", "a", Act.OPEN)
    state = fold(workflows()["finding"], [opened, *acts], 1 << 40)
    return case_of(matter, state, finding, "D", ZONE.day_of)


def done(seq: int, step: str) -> Entry:
    return Entry(seq, ZONE.parse(f"2026-05-0{seq + 3} 10:00"), "a", "a", Act.DONE, step=step)


def test_without_a_report_the_matter_speaks() -> None:
    found = matter_case(None)
    assert (found.area, found.cultivated, found.agricultural) == (1000, 1000, 1000)
    other = matter_case(None, land="other_agricultural")
    assert (other.cultivated, other.agricultural) == (0, 1000)
    built = matter_case(None, land="construction", area=None)
    assert (built.area, built.cultivated, built.agricultural) == (0, 0, 0)


def test_what_the_report_says_goes_first() -> None:
    finding = Finding(
        1,
        "村口",
        LandClass.CONSTRUCTION,
        800,
        cultivated_area=300,
        conforms_plan="no",
        key_project="national",
    )
    found = matter_case(finding)
    assert (found.area, found.cultivated, found.agricultural) == (800, 300, 300)
    assert (found.conforms_plan, found.key_project) == ("no", "national")


def test_a_case_has_the_states_it_came_to() -> None:
    found = matter_case(None, done(2, "verify"), done(3, "file"), done(4, "decide"))
    assert found.filed_on == date(2026, 5, 6)
    assert (found.decided, found.rectified, found.closed) == (True, False, False)
    closing = Entry(
        6, ZONE.parse("2026-05-20 10:00"), "b", "b", Act.CLOSE, outcome=Outcome.RESTORED
    )
    ended = matter_case(
        None,
        done(2, "verify"),
        done(3, "file"),
        done(4, "decide"),
        done(5, "rectify"),
        closing,
    )
    assert (ended.rectified, ended.closed, ended.outcome) == (True, True, Outcome.RESTORED)
