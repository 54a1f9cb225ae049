from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import LandClass
from domain.findings import Finding
from domain.importing import (
    Addition,
    Broken,
    Decisions,
    FindingRow,
    ReportRow,
    Terms,
    UnitDay,
    decide,
    tidy,
)
from domain.reports import ReportKind

DAY, UNIT = "2026-11-16", "440111"
AT = 1_000
_SAID = attrgetter("kind", "summary", "reason")


def same(row: ReportRow, other: ReportRow) -> bool:
    return bool(_SAID(row) == _SAID(other))


def terms(*, knock_on: bool = True) -> Terms:
    return Terms(same, knock_on, AT, "admin", "import of findings.csv")


def row(number: int, filed_at: int, summary: str = "", reason: str = "") -> ReportRow:
    kind = ReportKind.DAILY if summary else ReportKind.ZERO
    return ReportRow(DAY, UNIT, filed_at, number, kind, None, summary, None, None, reason)


def textless(number: int, filed_at: int, reason: str = "") -> ReportRow:
    return row(number, filed_at, reason=reason)._replace(kind=ReportKind.DAILY)


def finding(no: int, party: str = "") -> Finding:
    return Finding(no, "路旁", LandClass.CULTIVATED, 1200, UNIT, party)


def found(number: int, no: int, revision: int | None = None, party: str = "") -> FindingRow:
    return FindingRow(DAY, UNIT, number, revision, finding(no, party))


def decided(day: UnitDay, *, knock_on: bool = True) -> Decisions:
    into = Decisions()
    decide(day, terms(knock_on=knock_on), into)
    return into


def said(decisions: Decisions) -> list[tuple[int, str, str]]:
    return [
        (problem.row, problem.column, problem.reason.key.partition(".")[2])
        for problem in decisions.problems
    ]


def recorded(additions: Sequence[Addition]) -> list[ReportRow]:
    """Return what was added as the store gives it back: the number in the place of the row."""
    return [addition.row._replace(row=addition.number) for addition in additions]


def test_rows_of_a_day_are_its_revisions() -> None:
    rows = [row(2, 100), row(3, 200, "发现一处", "补充"), row(4, 200, "发现两处", "再补充")]
    result = decided(UnitDay(rows))
    assert [(a.row.row, a.number) for a in result.added] == [(2, 1), (3, 2), (4, 3)]
    assert (result.new, result.amended, result.unchanged) == (1, 2, 0)


def test_every_row_but_the_first_needs_a_reason() -> None:
    result = decided(UnitDay([row(2, 100), row(3, 200, "发现一处")]))
    assert said(result) == [(3, "reason", "reason_missing")]
    assert [a.number for a in result.added] == [1]


def test_recorded_revision_is_unchanged_and_the_next_row_amends() -> None:
    standing = [row(1, 100)]
    result = decided(UnitDay([row(2, 100), row(3, 200, "发现一处", "补充")], standing))
    assert (result.unchanged, result.amended) == (1, 1)
    assert [a.number for a in result.added] == [2]


def test_row_older_than_a_recorded_revision_is_a_conflict() -> None:
    standing = [row(1, 100), row(2, 200, "发现一处", "补充")]
    result = decided(UnitDay([row(2, 150, "别的", "改")], standing))
    assert said(result) == [(2, "filed_at", "older")]
    assert result.added == []


def test_same_instant_but_other_words_is_an_amendment_and_needs_a_reason() -> None:
    standing = [row(1, 100)]
    assert said(decided(UnitDay([row(2, 100, "别的")], standing))) == [
        (2, "reason", "reason_missing")
    ]
    assert [a.number for a in decided(UnitDay([row(2, 100, "别的", "改")], standing)).added] == [2]


def test_row_that_stands_twice_counts_once() -> None:
    result = decided(UnitDay([row(2, 100), row(3, 100)]))
    assert (result.new, result.unchanged, len(result.added)) == (1, 1, 1)


@pytest.mark.parametrize("knock_on", [True, False])
def test_rows_after_a_rejected_one_fall_with_it(knock_on: bool) -> None:
    rows = [row(2, 100), row(3, 200, "发现一处"), row(4, 300, "发现两处", "补充")]
    result = decided(UnitDay(rows), knock_on=knock_on)
    expected = [(3, "reason", "reason_missing")]
    if knock_on:
        expected.append((4, "filed_at", "mend_first"))
        assert result.problems[1].reason.params == {"row": 3}
    assert said(result) == expected


@pytest.mark.parametrize(("filed_at", "falls"), [(100, True), (None, True), (300, False)])
def test_rows_after_an_unreadable_one_fall_with_it(filed_at: int | None, falls: bool) -> None:
    result = decided(UnitDay([row(3, 200)], broken=[Broken(2, filed_at)]))
    assert [problem.row for problem in result.problems] == ([3] if falls else [])
    assert len(result.added) == (not falls)


def test_row_after_an_unreadable_one_is_no_first_filing() -> None:
    day = UnitDay([row(3, 200, "发现一处")], broken=[Broken(2, 100)])
    assert said(decided(day, knock_on=False)) == [(3, "reason", "reason_missing")]


def test_impossible_time_of_another_row_makes_no_amendment() -> None:
    day = UnitDay([row(3, 200)], broken=[Broken(2, 100, sure=False)])
    assert said(decided(day, knock_on=False)) == []
    assert said(decided(day)) == [(3, "filed_at", "mend_first")]


def test_every_fault_of_a_row_is_told() -> None:
    result = decided(UnitDay([row(2, 100), textless(3, 200)]))
    assert said(result) == [(3, "reason", "reason_missing"), (3, "summary", "daily_empty")]


def test_findings_belong_to_the_newest_row_or_to_the_one_they_name() -> None:
    rows = [row(2, 100, "一"), textless(3, 200, "补充")]
    result = decided(UnitDay(rows, findings=[found(2, 1, revision=1), found(3, 1), found(4, 2)]))
    assert [(a.number, [f.no for f in a.findings]) for a in result.added] == [(1, [1]), (2, [1, 2])]
    assert (result.new, result.amended) == (4, 1)


def test_daily_report_says_something_and_a_zero_has_no_finding() -> None:
    assert said(decided(UnitDay([textless(2, 100)]))) == [(2, "summary", "daily_empty")]
    result = decided(UnitDay([row(2, 100)], findings=[found(5, 1)]))
    assert said(result) == [(2, "kind", "zero_with_finding"), (5, "date", "mend_report")]
    alone = decided(UnitDay([row(2, 100)], findings=[found(5, 1)]), knock_on=False)
    assert said(alone) == [(2, "kind", "zero_with_finding")]


def test_recorded_textless_report_stays_without_its_findings() -> None:
    standing = [textless(1, 100)]
    day = UnitDay([textless(2, 100)], standing, standing_findings=[(finding(1),)])
    assert (decided(day).unchanged, decided(day).problems) == (1, [])


def test_report_waits_for_its_unreadable_finding() -> None:
    day = UnitDay([textless(2, 100)], broken_findings={None: 7})
    assert said(decided(day)) == [(2, "kind", "mend_finding")]
    assert said(decided(day, knock_on=False)) == []


def test_findings_alone_amend_the_newest_revision_once() -> None:
    standing = [row(1, 100, "一"), row(2, 200, "二", "补充")]
    day = UnitDay([], standing, findings=[found(2, 1), found(3, 2)], standing_findings=[(), ()])
    result = decided(day)
    (added,) = result.added
    assert (added.number, added.row.summary, added.row.filed_at) == (3, "二", AT)
    assert (added.row.reason, added.row.filed_by) == ("import of findings.csv", "admin")
    assert (result.new, result.amended, result.unchanged) == (2, 0, 0)
    after = UnitDay(
        [],
        [*standing, *recorded([added])],
        findings=day.findings,
        standing_findings=[(), (), added.findings],
    )
    assert (decided(after).unchanged, decided(after).added) == (2, [])


def test_findings_alone_add_to_what_stands() -> None:
    standing = [row(1, 100, "一")]
    day = UnitDay(
        [],
        standing,
        findings=[found(2, 1, party="甲"), found(3, 3)],
        standing_findings=[(finding(1), finding(2))],
    )
    result = decided(day)
    assert [(f.no, f.party) for f in result.added[0].findings] == [(1, "甲"), (2, ""), (3, "")]
    assert (result.new, result.amended) == (1, 1)


def test_findings_of_a_recorded_revision_do_not_change() -> None:
    standing = [row(1, 100, "一"), row(2, 200, "二", "补充")]
    day = UnitDay(
        [],
        standing,
        findings=[found(2, 1, revision=1), found(3, 2, revision=1), found(4, 1, revision=3)],
        standing_findings=[(finding(1),), ()],
    )
    result = decided(day)
    assert said(result) == [
        (3, "revision", "finding_recorded"),
        (4, "revision", "revision_missing"),
    ]
    assert (result.unchanged, result.added) == (1, [])


def test_findings_without_a_report_or_of_a_zero_are_rejected() -> None:
    assert said(decided(UnitDay([], findings=[found(2, 1)]))) == [(2, "date", "report_missing")]
    zero = UnitDay([], [row(1, 100)], findings=[found(2, 1)], standing_findings=[()])
    assert said(decided(zero)) == [(2, "date", "zero_with_finding")]


def test_findings_of_a_rejected_report_wait_for_it() -> None:
    day = UnitDay([], broken=[Broken(4, None)], findings=[found(2, 1)])
    assert said(decided(day)) == [(2, "date", "mend_report")]
    assert said(decided(day, knock_on=False)) == []


def test_one_number_stands_for_one_finding() -> None:
    rows = [textless(2, 100)]
    result = decided(UnitDay(rows, findings=[found(2, 1), found(3, 1), found(4, 1, 1, "甲")]))
    assert said(result) == [(4, "no", "same_key")]
    assert (result.unchanged, result.new) == (1, 2)


@pytest.mark.parametrize(
    ("text", "plain"),
    [(" a ", "a"), ("a\r\nb\rc", "a\nb\nc"), ("a\x00b\ud800", "ab"), ("a\tb", "a\tb"), ("", "")],
)
def test_tidy(text: str, plain: str) -> None:
    assert tidy(text) == plain


rows_of_a_day = st.lists(
    st.builds(
        row,
        st.just(0),
        st.integers(0, 6),
        st.sampled_from(["", "一", "二"]),
        st.sampled_from(["", "补充"]),
    ),
    max_size=6,
).map(lambda rows: sorted(each._replace(row=place) for place, each in enumerate(rows, 2)))


@given(rows_of_a_day, st.booleans())
def test_second_time_changes_nothing(rows: list[ReportRow], knock_on: bool) -> None:
    first = decided(UnitDay(rows), knock_on=knock_on)
    again = decided(UnitDay(rows, recorded(first.added)), knock_on=knock_on)
    if not first.problems:
        assert (again.new, again.amended, again.problems) == (0, 0, [])
        assert again.unchanged == len(rows)


@given(rows_of_a_day, rows_of_a_day)
def test_what_is_recorded_is_a_history(earlier: list[ReportRow], later: list[ReportRow]) -> None:
    standing = recorded(decided(UnitDay(earlier)).added)
    result = decided(UnitDay(later, standing))
    history = [*standing, *recorded(result.added)]
    assert [revision.row for revision in history] == list(range(1, len(history) + 1))
    assert [r.filed_at for r in history] == sorted(r.filed_at for r in history)
    assert all(revision.reason for revision in history[1:])
    rejected = {problem.row for problem in result.problems}
    counted = result.new + result.amended + result.unchanged + len(rejected)
    assert counted == len(later)


@given(rows_of_a_day, st.integers(0, 6))
def test_nothing_is_first_that_a_rejected_row_came_before(
    rows: list[ReportRow], filed_at: int
) -> None:
    result = decided(UnitDay(rows, broken=[Broken(99, filed_at)]))
    assert all(addition.row.filed_at <= filed_at for addition in result.added)


@given(rows_of_a_day)
def test_mended_rest_makes_the_whole(rows: list[ReportRow]) -> None:
    """What was rejected for want of a reason, given one, leads to what one import had made."""
    mended = [each._replace(reason=each.reason or "补") for each in rows]
    whole = recorded(decided(UnitDay(mended)).added)
    spoilt = [
        each._replace(reason="") if place and not place % 2 else each
        for place, each in enumerate(mended)
    ]
    first = recorded(decided(UnitDay(spoilt)).added)
    rest = [
        each
        for each in mended
        if not any(same(each, r) and each.filed_at == r.filed_at for r in first)
    ]
    second = recorded(decided(UnitDay(rest, first)).added)
    assert [r[2:] for r in [*first, *second]] == [r[2:] for r in whole]
