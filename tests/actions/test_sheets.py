"""The day sheet: silence spelled out, sealed once, and held to what was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions import sheets
from actions.reporting import file, file_zero
from actions.schedules import save_exemptions
from domain.areas import LandClass
from domain.errors import Damaged, NotFound
from domain.findings import Finding
from domain.reports import Content, ReportKind
from domain.schedules import Exemption
from domain.sheets import SheetRow
from storage.store import Store
from tests.matters_city import ADMIN, new_city, on, refused, who

DAY = date(2026, 11, 23)
NEXT = date(2026, 11, 24)
NOON = on("2026-11-23 12:00")
EVENING = on("2026-11-23 18:00")
MORNING = on("2026-11-24 09:00")
SECOND_EVENING = on("2026-11-24 18:00")
FOUND = Content(
    ReportKind.DAILY,
    "村口推土",
    findings=(Finding(1, "村口", LandClass.CULTIVATED, 1240),),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as found:
        yield found


def line(found: sheets.DaySheet, unit: str) -> SheetRow:
    return next(row for row in found.sheet.rows if row.unit == unit)


def amend(store: Store, at: int, content: Content = FOUND) -> None:
    file(store, who("d1"), "D1", DAY, content, at, amending=True, reason="漏报线索")


def facts(store: Store, at: int, day: date = DAY) -> dict[tuple[str, str], tuple[object, object]]:
    _, found = sheets.difference(store, day, at)
    return {(row.row.unit, row.change.fact): (row.change.before, row.change.after) for row in found}


def test_everybody_who_owes_has_a_line_and_silence_is_one(store: Store) -> None:
    file_zero(store, who("d1"), "D1", DAY, NOON, areas=(5, 6))
    file(store, who("d2"), "D2", DAY, FOUND, NOON)
    found = sheets.day_sheet(store, DAY, EVENING)
    assert found.seal is None
    assert [row.unit for row in found.sheet.rows] == ["LAND", "DISC", "POWER", "WATER", "D1", "D2"]
    assert [row.unit for row in found.sheet.rows if row.silent] == [
        "LAND",
        "DISC",
        "POWER",
        "WATER",
    ]
    zero = line(found, "D1")
    assert (zero.report, zero.partial, zero.areas_patrolled, zero.filed_by) == (
        "zero",
        True,
        5,
        "东区联络员",
    )
    daily = line(found, "D2")
    assert (daily.findings, daily.area, daily.summary) == (1, 1240, "村口推土")


def test_a_day_is_sealed_once_after_its_cut_off_by_who_may(store: Store) -> None:
    file_zero(store, who("d1"), "D1", DAY, NOON)
    assert refused(sheets.seal, store, who("sup"), DAY, EVENING) == "errors.not_allowed"
    assert refused(sheets.seal, store, ADMIN, DAY, NOON) == "sheets.pending"
    assert refused(sheets.seal, store, ADMIN, NEXT, EVENING) == "sheets.future"
    assert refused(sheets.seal, store, ADMIN, date(2026, 11, 1), EVENING) == "sheets.nothing"
    sealed = sheets.seal(store, ADMIN, DAY, EVENING)
    assert sealed.seal is not None
    assert (sealed.seal.number, len(sealed.seal.hash)) == ("DS-2026-0001", 64)
    assert refused(sheets.seal, store, ADMIN, DAY, MORNING) == "sheets.sealed"
    assert sheets.listed(store, MORNING) == [(DAY, sealed.seal, 0)]
    assert sheets.listed(store, NOON) == []
    (detail,) = [
        row[0]
        for row in store.connection.rows("SELECT detail FROM events WHERE action = 'sheet.seal'")
    ]
    assert sealed.seal.hash in detail
    assert '"silent":["LAND","DISC","POWER","WATER","D2"]' in detail


def test_what_was_sealed_reads_the_same_whatever_comes_after(store: Store) -> None:
    file_zero(store, who("d1"), "D1", DAY, NOON)
    sealed = sheets.seal(store, ADMIN, DAY, EVENING)
    amend(store, MORNING)
    file_zero(store, who("d2"), "D2", DAY, MORNING)
    again = sheets.day_sheet(store, DAY, MORNING)
    assert again == sealed
    assert sheets.day_sheet(store, DAY, EVENING - 1).seal is None


def test_a_difference_is_told_fact_by_fact(store: Store) -> None:
    file_zero(store, who("d1"), "D1", DAY, NOON)
    sheets.seal(store, ADMIN, DAY, EVENING)
    # Past midnight silence is still silence: nothing has changed.
    assert facts(store, MORNING) == {}
    amend(store, MORNING)
    assert facts(store, MORNING) == {
        ("D1", "report"): ("zero", "daily"),
        ("D1", "revision"): (1, 2),
        ("D1", "findings"): (0, 1),
        ("D1", "area"): (0, 1240),
        ("D1", "summary"): ("", "村口推土"),
    }
    with pytest.raises(NotFound):
        sheets.difference(store, NEXT, MORNING)


def test_changes_stand_on_the_next_sheet_as_numbered_errata(store: Store) -> None:
    file_zero(store, who("d1"), "D1", DAY, NOON)
    sheets.seal(store, ADMIN, DAY, EVENING)
    amend(store, MORNING)
    file_zero(store, who("d2"), "D2", DAY, MORNING)
    file_zero(store, who("d1"), "D1", NEXT, MORNING)
    second = sheets.seal(store, ADMIN, NEXT, SECOND_EVENING)
    told = [(each.number, each.date, each.unit) for each in second.sheet.errata]
    assert told == [("ER-2026-0001", DAY, "D1"), ("ER-2026-0002", DAY, "D2")]
    late = second.sheet.errata[1]
    assert late.before is not None
    assert late.after is not None
    assert (late.before.status, late.after.status) == ("overdue", "made_up")
    first = sheets.day_sheet(store, DAY, SECOND_EVENING)
    assert [each.number for each in first.corrected] == ["ER-2026-0001", "ER-2026-0002"]
    _, found = sheets.difference(store, DAY, SECOND_EVENING)
    assert {row.erratum for row in found} == {"ER-2026-0001", "ER-2026-0002"}
    # What a sheet has said, the next does not say again; what changes anew, it does.
    later = on("2026-11-25 18:00")
    amend(store, on("2026-11-25 09:00"), Content(ReportKind.ZERO))
    third = sheets.seal(store, ADMIN, date(2026, 11, 25), later)
    assert [(each.number, each.unit) for each in third.sheet.errata] == [("ER-2026-0003", "D1")]
    changed = third.sheet.errata[0]
    assert changed.before is not None
    assert (changed.before.report, changed.before.revision) == ("daily", 2)
    assert sheets.listed(store, later)[0][2] == 3
    assert sheets.listed(store, SECOND_EVENING)[0][2] == 2


def test_an_exemption_given_afterwards_is_an_erratum_too(store: Store) -> None:
    sheets.seal(store, ADMIN, DAY, EVENING)
    save_exemptions(store, ADMIN, [Exemption("D2", DAY, DAY, "网络割接")], MORNING)
    assert facts(store, MORNING) == {("D2", "status"): ("overdue", "exempt")}
    second = sheets.seal(store, ADMIN, NEXT, SECOND_EVENING)
    assert [(each.unit, each.after and each.after.status) for each in second.sheet.errata] == [
        ("D2", "exempt")
    ]


def test_what_somebody_filed_without_owing_it_comes_and_goes_as_a_line(store: Store) -> None:
    sheets.seal(store, ADMIN, DAY, EVENING)
    file_zero(store, who("t1"), "T1", DAY, MORNING)
    assert facts(store, MORNING) == {("T1", "line"): (None, "not_expected")}
    second = sheets.seal(store, ADMIN, NEXT, SECOND_EVENING)
    (erratum,) = second.sheet.errata
    assert (erratum.unit, erratum.before) == ("T1", None)


def test_a_sheet_that_was_tampered_with_is_damaged(store: Store) -> None:
    sheets.seal(store, ADMIN, DAY, EVENING)
    store.connection.execute("DROP TRIGGER sheets_not_changed")
    store.connection.execute("UPDATE sheets SET content = replace(content, 'overdue', 'on_time')")
    for ask in (sheets.day_sheet, sheets.difference):
        with pytest.raises(Damaged):
            ask(store, DAY, MORNING)


def test_a_sheet_cannot_be_changed_or_deleted(store: Store) -> None:
    file_zero(store, who("d1"), "D1", DAY, NOON)
    sheets.seal(store, ADMIN, DAY, EVENING)
    for sql in (
        "UPDATE sheets SET hash = 'x'",
        "DELETE FROM sheets",
        "UPDATE papers SET subject = 'x'",
        "DELETE FROM paper_versions",
    ):
        assert refused(store.connection.execute, sql) == "errors.store_constraint"


def test_nothing_of_a_refused_sealing_stands(store: Store) -> None:
    before = store.connection.rows("SELECT * FROM counters")
    refused(sheets.seal, store, ADMIN, DAY, NOON)
    assert store.connection.rows("SELECT * FROM counters") == before
    assert store.connection.rows("SELECT * FROM papers") == []
