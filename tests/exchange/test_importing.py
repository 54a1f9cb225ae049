from __future__ import annotations

import csv
import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from actions.expecting import roll
from actions.reporting import file_zero
from domain.errors import NotFound, Refused, Rejected, UsageError
from domain.instants import Instant
from domain.people import Actor
from domain.reports import ReportKind
from exchange.importing import Imported, Order, import_file
from storage import events, obligations, people, reports, schedules, units
from storage.connection import connect
from storage.store import Store, open_store
from tests.conftest import ADMIN, AT, LIAISON, ZONE, City
from tests.exchange.conftest import Desk, counts

REPORTS = ("unit", "date", "kind", "filed_at", "summary", "reason")
FINDINGS = ("unit", "date", "no", "location", "place", "land_class", "area")
DAY = date(2026, 11, 18)
ON_TIME, LATE = "2026-11-18 16:00", "2026-11-18 18:00"


def problems(done: Imported) -> list[tuple[int, str, str]]:
    return [
        (problem.row, problem.column, problem.reason.key.partition(".")[2])
        for problem in done.outcome.problems
    ]


def instant(text: str) -> Instant:
    return ZONE.parse(text)


def report(*more: str, at: str = ON_TIME) -> tuple[str, ...]:
    return ("440111", "2026-11-18", "zero", at, *more, *[""] * (2 - len(more)))


def numbers(store: Store, unit: str = "440111", day: date = DAY) -> list[int]:
    return [revision.number for revision in reports.revisions(store.connection, unit, day)]


def test_reports_are_recorded_and_discharge_their_days(desk: Desk) -> None:
    rows = [REPORTS, ("白云区", "2026/11/18", "日报告", LATE, "发现一处", ""), report()]
    done = desk.take("reports", rows)
    assert problems(done) == [(2, "reason", "reason_missing")]
    done = desk.take("reports", [REPORTS, (*rows[1][:5], "补充"), report()])
    assert counts(done) == (1, 1, 0, 0)
    first, second = reports.revisions(desk.store.connection, "440111", DAY)
    assert (first.content.kind, first.filed_at) == (ReportKind.ZERO, instant(ON_TIME))
    assert (second.content.summary, second.reason) == ("发现一处", "补充")
    assert (first.imported, first.filed_by, first.keyed_by) == (True, None, ADMIN)
    owed = obligations.get(desk.store.connection, "440111", "2026-11-18")
    assert owed is not None
    assert owed.discharged_at == first.filed_at


def test_same_file_again_changes_nothing(desk: Desk) -> None:
    rows = [REPORTS, report(), report("", "更正", at=LATE)]
    desk.take("reports", rows)
    before = dump(desk.store)
    done = desk.take("reports", rows)
    assert counts(done) == (0, 0, 2, 0)
    assert dump(desk.store) == before


def dump(store: Store) -> list[str]:
    return list(store.connection.engine.iterdump())


def test_all_or_nothing(desk: Desk) -> None:
    rows = [REPORTS, report(), ("440111", "2026-11-18x", "zero", ON_TIME, "", "")]
    before = dump(desk.store)
    assert counts(desk.take("reports", rows)) == (0, 0, 0, 1)
    assert dump(desk.store) == before
    assert counts(desk.take("reports", rows, keep_going=True)) == (1, 0, 0, 1)
    assert counts(desk.take("reports", rows)) == (0, 0, 1, 1)


def test_dry_run_says_the_same_and_writes_nothing(desk: Desk) -> None:
    rows = [
        REPORTS,
        report(),
        report("", "更正", at=LATE),
        ("X", "2026-11-18", "zero", LATE, "", ""),
    ]
    before = dump(desk.store)
    rehearsed = desk.take("reports", rows, keep_going=True, dry_run=True)
    assert dump(desk.store) == before
    assert rehearsed == desk.take("reports", rows, keep_going=True)
    assert counts(rehearsed) == (1, 1, 0, 1)


@pytest.mark.parametrize(
    ("row", "column", "key"),
    [
        (("440111", "2026-11-24", "zero", ON_TIME, "", ""), "date", "future_day"),
        (("440111", "2026-11-18", "zero", "2026-11-23 16:26:04", "", ""), "filed_at", "filed_in"),
        (("440111", "2026-11-18", "zero", "2026-11-17 23:59:59", "", ""), "filed_at", "filed_be"),
        (("440111", "2026-11-18", "zero", "2026-11-18", "", ""), "filed_at", "time_missing"),
        (("440111", "2026-11-18", "none", ON_TIME, "", ""), "kind", "not_one_of"),
        (("440111", "2026-11-18", "daily", ON_TIME, " ", ""), "summary", "daily_empty"),
        (("440199", "2026-11-18", "zero", ON_TIME, "", ""), "unit", "unit_unknown"),
        (("440116", "2026-11-18", "zero", ON_TIME, "", ""), "unit", "unit_not_valid"),
        (("", "2026-11-18", "zero", ON_TIME, "", ""), "unit", "required"),
        (("440111", "2026-11-18", "zero", ON_TIME, "a\x07", ""), "summary", "control"),
    ],
)
def test_row_that_cannot_stand(desk: Desk, row: tuple[str, ...], column: str, key: str) -> None:
    base = ("440103", "2026-11-18", "zero", ON_TIME, "", "")
    done = desk.take("reports", [REPORTS, base, row])
    (problem,) = done.outcome.problems
    assert (problem.row, problem.column) == (3, column)
    assert problem.reason.key.partition(".")[2].startswith(key)
    assert problem.value == row[REPORTS.index(column)]


def test_every_problem_of_a_row_is_told(desk: Desk) -> None:
    done = desk.take("reports", [REPORTS, ("?", "18/11/2026", "nil", "noon", "", "")])
    assert [column for _, column, _ in problems(done)] == ["unit", "date", "kind", "filed_at"]
    assert done.outcome.rejected == 1
    assert done.sentence(done.outcome.problems[1]) == (
        "row 2, date “18/11/2026”: not a date; write it like 2026-11-23"
    )


def test_thousands_of_planted_problems_are_all_told(desk: Desk) -> None:
    good = [unit.code for unit in units.of_kinds(desk.store.connection, ("town", "department"))]
    days = [date(2026, 11, number).isoformat() for number in range(1, 21)]
    rows: list[tuple[str, ...]] = [
        (code, day, "zero", f"{day} 16:00", "", "") for day in days for code in good
    ]
    assert len(rows) > 3_000
    planted = set(range(0, 2 * 1500, 2)) | set(range(1, 1001, 2))
    spoilers = [
        lambda row: ("404", *row[1:]),
        lambda row: (row[0], "2026-02-30", *row[2:]),
        lambda row: (*row[:2], "零", *row[3:]),
        lambda row: (*row[:3], "2027-01-01 08:00", *row[4:]),
    ]
    for place in planted:
        rows[place] = spoilers[place % 4](rows[place])
    done = desk.take("reports", [REPORTS, *rows], keep_going=True)
    assert len(planted) == 2_000
    assert {problem.row for problem in done.outcome.problems} == {place + 2 for place in planted}
    assert counts(done) == (len(rows) - 2_000, 0, 0, 2_000)


def test_conflict_with_what_is_recorded(desk: Desk) -> None:
    file_zero(desk.store, desk.actor, "440111", DAY, instant(LATE))
    done = desk.take("reports", [REPORTS, report()])
    assert problems(done) == [(2, "filed_at", "older")]
    assert done.outcome.problems[0].value == ON_TIME
    done = desk.take("reports", [REPORTS, report("", "更正", at="2026-11-18 18:00:01")])
    assert counts(done) == (0, 1, 0, 0)
    assert numbers(desk.store) == [1, 2]


def test_report_filed_by_hand_is_the_same_without_the_columns_it_filled(desk: Desk) -> None:
    file_zero(desk.store, desk.actor, "440111", DAY, instant(ON_TIME), areas=(5, 6), note="按计划")
    plain = [REPORTS[:4], ("440111", "2026-11-18", "zero", ON_TIME)]
    assert counts(desk.take("reports", plain)) == (0, 0, 1, 0)
    other = [(*REPORTS[:4], "summary"), (*plain[1], "别的")]
    assert problems(desk.take("reports", other)) == [(2, "reason", "reason_missing")]


def test_import_is_exempt_from_the_lock_and_says_so(desk: Desk) -> None:
    rows = [
        REPORTS,
        ("440111", "2026-10-01", "zero", "2026-10-08 17:00:00", "", ""),
        ("440111", "2026-10-02", "zero", "2026-10-09 17:00:01", "", ""),
    ]
    desk.take("reports", rows)
    locked = [
        reports.revisions(desk.store.connection, "440111", date(2026, 10, number))[0].after_lock
        for number in (1, 2)
    ]
    assert locked == [False, True]


def test_lock_of_an_expected_day_is_the_one_that_was_fixed(desk: Desk) -> None:
    connection = desk.store.connection
    roll(desk.store, AT)
    with connection.writing():
        connection.execute("UPDATE obligations SET locks_at = due_at WHERE unit = '440111'")
    rows = [
        REPORTS,
        report(),
        ("440103", "2026-11-18", "zero", LATE, "", ""),
        report("", "r", at=LATE),
    ]
    assert counts(desk.take("reports", rows)) == (2, 1, 0, 0)
    found = [revision.after_lock for revision in reports.revisions(connection, "440111", DAY)]
    assert found == [False, True]
    assert not reports.revisions(connection, "440103", DAY)[0].after_lock


def test_later_rows_wait_for_the_rejected_first(desk: Desk) -> None:
    rows = [
        REPORTS,
        ("440111", "2026-11-18", "zero", ON_TIME, "", ""),
        ("440111", "2026-11-18", "nil", "2026-11-18 15:00", "", ""),
        ("440111", "2026-11-18", "daily", LATE, "发现一处", "补充"),
        ("440103", "2026-11-18", "zero", ON_TIME, "", ""),
    ]
    done = desk.take("reports", rows, keep_going=True)
    assert problems(done) == [
        (2, "reason", "reason_missing"),
        (3, "kind", "not_one_of"),
        (4, "filed_at", "mend_first"),
    ]
    assert numbers(desk.store) == []
    assert numbers(desk.store, "440103") == [1]


def test_rejects_can_be_corrected_and_imported(desk: Desk) -> None:
    header = ("单位", "类型", "报送时间", "日期", "情况")
    rows = [
        header,
        ("白云区", "零报告", ON_TIME, "2026-11-18", ""),
        ("天河区", "零", ON_TIME, "2026-11-18", ""),
        ("LAND", "日报告", ON_TIME, "2026-11-18", "'=1+1 见附件,\n第二行"),
        ("LAND", "日报告", ON_TIME, "2026-11-40", "'=1+1 见附件,\n第二行"),
    ]
    rejects = str(desk.folder / "rejects.csv")
    done = desk.take("reports", rows, keep_going=True, rejects=rejects)
    assert counts(done) == (2, 0, 0, 2)
    text = Path(rejects).read_text(encoding="utf-8")
    found = list(csv.reader(text.splitlines(keepends=True)))
    assert found[0] == [*header, "problem"]
    assert found[1] == [*rows[2], "类型: use one of zero, daily"]
    assert found[2][:5] == list(rows[4])
    mended = text.replace(",零,", ",零报告,").replace("2026-11-40", "2026-11-17")
    Path(rejects).write_text(mended, encoding="utf-8")
    assert counts(desk.take("reports", rejects)) == (2, 0, 0, 0)
    land = reports.revisions(desk.store.connection, "LAND", date(2026, 11, 17))
    assert land[0].content.summary == "=1+1 见附件,\n第二行"


@pytest.mark.parametrize("form", ["xlsx", "json", "jsonl"])
def test_rejects_in_every_format(desk: Desk, form: str) -> None:
    rejects = str(desk.folder / f"rejects.{form}")
    rows = [REPORTS, report(), ("440103", "2026-11-18", "nil", ON_TIME, "=1", "")]
    desk.take("reports", desk.file(rows, "in.jsonl"), rejects=rejects)
    again = desk.take("reports", rejects)
    assert problems(again) == [(1 if form.startswith("json") else 2, "kind", "not_one_of")]
    desk.take("reports", desk.file([REPORTS, report()]), rejects=rejects)
    assert counts(desk.take("reports", rejects)) == (0, 0, 0, 0)


def test_rejects_have_a_place_before_anything_is_written(desk: Desk) -> None:
    rows = [REPORTS, report()]
    for name, error in (("x.txt", UsageError), ("none/x.csv", NotFound), ("-", UsageError)):
        with pytest.raises(error):
            desk.take("reports", rows, rejects=name if name == "-" else str(desk.folder / name))
    assert numbers(desk.store) == []


def test_reports_and_findings_in_one_step(desk: Desk) -> None:
    rows = [REPORTS, ("440111", "2026-11-18", "daily", ON_TIME, "", "")]
    findings = [
        FINDINGS,
        ("白云区", "2026-11-18", "1", "路旁", "白云区", "耕地", "3.5亩"),
        ("440111", "2026-11-18", "2", "河边", "440111", "construction", "1200"),
    ]
    assert problems(desk.take("reports", rows)) == [(2, "summary", "daily_empty")]
    done = desk.take("reports", rows, findings=findings)
    assert counts(done) == (3, 0, 0, 0)
    (revision,) = reports.revisions(desk.store.connection, "440111", DAY)
    assert [(f.no, f.location, f.area) for f in revision.content.findings] == [
        (1, "路旁", 2333),
        (2, "河边", 1200),
    ]
    assert counts(desk.take("reports", rows, findings=findings)) == (0, 0, 3, 0)
    assert counts(desk.take("reports", rows)) == (0, 0, 1, 0)
    assert counts(desk.take("findings", findings)) == (0, 0, 2, 0)


def test_two_files_name_themselves_in_problems_and_rejects(desk: Desk) -> None:
    rows = [REPORTS, ("440111", "2026-11-18", "daily", ON_TIME, "", "")]
    findings = [FINDINGS, ("440111", "2026-11-18", "1", "路旁", "440111", "road", "1")]
    rejects = str(desk.folder / "bad.csv")
    done = desk.take("reports", rows, findings=findings, rejects=rejects, keep_going=True)
    assert problems(done) == [(2, "land_class", "bad_class"), (2, "kind", "mend_finding")]
    assert done.sentence(done.outcome.problems[0]).startswith("findings.csv, row 2, land_class")
    beside = desk.folder / "bad.findings.csv"
    beside.write_text(beside.read_text(encoding="utf-8").replace("road", "耕地"), encoding="utf-8")
    order = Order("reports", rejects, str(beside))
    assert counts(import_file(desk.store, desk.actor, order, AT)) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"location": ""}, "location"),
        ({"place": "404"}, "place"),
        ({"place": ""}, "place"),
        ({"no": "0"}, "no"),
        ({"area": "x"}, "area"),
        ({"cultivated_area": "2"}, "cultivated_area"),
        ({"basic_farmland_area": "2"}, "basic_farmland_area"),
        ({"existed_since": "2026-11-19"}, "existed_since"),
        ({"approved": "maybe"}, "approved"),
        ({"key_project": "city"}, "key_project"),
        ({"revision": "0"}, "revision"),
        ({"unit": "440116"}, "unit"),
    ],
)
def test_findings_that_cannot_stand(desk: Desk, cells: dict[str, str], column: str) -> None:
    desk.take("reports", [REPORTS, ("440111", "2026-11-18", "daily", ON_TIME, "一", "")])
    usual = dict(
        zip(FINDINGS, ("440111", "2026-11-18", "1", "a", "440111", "cultivated", "1"), strict=True)
    )
    row = {**usual, **cells}
    done = desk.take("findings", [tuple(row), tuple(row.values())])
    assert [problem.column for problem in done.outcome.problems] == [column]


def test_findings_alone_amend_once(desk: Desk) -> None:
    desk.take("reports", [REPORTS, ("440111", "2026-11-18", "daily", ON_TIME, "一", "")])
    findings = [FINDINGS, ("440111", "2026-11-18", "1", "路旁", "440111", "cultivated", "1200")]
    assert counts(desk.take("findings", findings)) == (1, 0, 0, 0)
    newest = reports.revisions(desk.store.connection, "440111", DAY)[-1]
    assert (newest.number, newest.content.summary, newest.filed_at) == (2, "一", AT)
    assert (newest.reason, newest.filed_by) == ("import of table.csv", ADMIN)
    assert counts(desk.take("findings", findings, at=AT + 60)) == (0, 0, 1, 0)
    none = [FINDINGS, ("440103", "2026-11-18", "1", "路旁", "440103", "cultivated", "1200")]
    assert problems(desk.take("findings", none)) == [(2, "date", "report_missing")]


def test_only_an_admin_imports(desk: Desk) -> None:
    before = dump(desk.store)
    for kind, rows in (("reports", [REPORTS, report()]), ("units", [("code", "name", "kind")])):
        with pytest.raises(Refused) as caught:
            replace(desk, actor=Actor(LIAISON, LIAISON)).take(kind, rows)
        assert caught.value.message.key == "errors.not_allowed"
    assert dump(desk.store) == before


def test_import_is_recorded(desk: Desk) -> None:
    name = desk.file([REPORTS, report(), ("X", "2026-11-18", "zero", ON_TIME, "", "")])
    proxy = replace(desk, actor=Actor("other", ADMIN, "host"))
    people.save(
        desk.store.connection,
        [replace(people.of_login(desk.store.connection, ADMIN)[0], login="other")],
    )
    proxy.take("reports", name, keep_going=True)
    (event,) = events.of_subject(desk.store.connection, "reports")
    assert (event.action, event.actor, event.real_login) == ("import", "other", ADMIN)
    assert event.detail == {
        "files": [
            {
                "kind": "reports",
                "name": "table.csv",
                "sha256": hashlib.sha256(Path(name).read_bytes()).hexdigest(),
            }
        ],
        "new": 1,
        "amended": 0,
        "unchanged": 0,
        "rejected": 1,
        "matters": 0,
        "written": event.detail["written"],
    }
    written = event.detail["written"]
    assert isinstance(written, dict)
    assert (written["count"], len(written["digest"])) == (1, 64)
    assert events.first_broken(desk.store.connection) is None


def test_somebody_files_between_decision_and_writing(
    desk: Desk, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was decided is decided again under the lock, where somebody wrote meanwhile."""
    writing = desk.store.connection.writing

    def after_another() -> object:
        monkeypatch.undo()
        with open_store(city.path) as other:
            file_zero(other, desk.actor, "440111", DAY, instant("2026-11-18 16:30"))
        return writing()

    monkeypatch.setattr(desk.store.connection, "writing", after_another)
    done = desk.take("reports", [REPORTS, report()])
    assert problems(done) == [(2, "filed_at", "older")]
    assert numbers(desk.store) == [1]


def test_two_import_one_file_at_once(desk: Desk, city: City) -> None:
    days = [date(2026, 11, number).isoformat() for number in range(1, 23)]
    districts = [unit.code for unit in units.of_kinds(desk.store.connection, ("department",))]
    rows = [(code, day, "zero", f"{day} 16:00", "", "") for day in days for code in districts]
    name = desk.file([REPORTS, *rows])

    def take(_: int) -> tuple[int, ...]:
        with open_store(city.path) as store:
            return counts(import_file(store, desk.actor, Order("reports", name), AT))

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(take, range(4)))
    assert found == [*[(0, 0, len(rows), 0)] * 3, (len(rows), 0, 0, 0)]
    assert len(events.of_subject(desk.store.connection, "reports")) == 1


def test_days_are_created_before_reports_discharge_them(desk: Desk) -> None:
    later = instant("2026-11-24 18:00")
    rows = [REPORTS, ("440111", "2026-11-24", "zero", "2026-11-24 09:00", "", "")]
    desk.take("reports", rows, at=later)
    owed = obligations.get(desk.store.connection, "440111", "2026-11-24")
    assert owed is not None
    assert owed.discharged_at == instant("2026-11-24 09:00")
    roll(desk.store, later)
    assert obligations.get(desk.store.connection, "440111", "2026-11-24") == owed


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (Order("matters", "x.csv"), "kind_unknown"),
        (Order("units", "x.csv", findings="y.csv"), "findings_with_reports"),
        (Order("reports", "-", findings="-"), "one_standard_input"),
        (Order("reports", "x.csv", restate=True), "restate_schedules"),
    ],
)
def test_orders_that_make_no_sense(desk: Desk, order: Order, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        import_file(desk.store, desk.actor, order, AT)
    assert caught.value.message.key == f"tables.{key}"


def test_rows_without_a_header_are_rejected_whole(desk: Desk) -> None:
    with pytest.raises(Rejected):
        desk.take("reports", [("440111", "2026-11-18", "zero", ON_TIME)])


def test_reader_of_the_store_sees_all_or_nothing(desk: Desk, city: City) -> None:
    reader = connect(city.path)
    with reader.reading():
        assert reader.row("SELECT COUNT(*) FROM reports") == (0,)
        desk.take("reports", [REPORTS, report()])
        assert reader.row("SELECT COUNT(*) FROM reports") == (0,)
    assert reader.row("SELECT COUNT(*) FROM reports") == (1,)
    reader.close()


def test_schedules_of_another_kind_lock_their_own_days(desk: Desk) -> None:
    rows = [("unit", "days", "cutoff"), ("440111", "daily", "09:00")]
    desk.take("schedules", rows)
    assert len(schedules.every(desk.store.connection)) == 1
    filed = [REPORTS, ("440111", "2026-10-01", "zero", "2026-10-08 10:00:00", "", "")]
    desk.take("reports", filed)
    (revision,) = reports.revisions(desk.store.connection, "440111", date(2026, 10, 1))
    assert revision.after_lock


def test_rows_in_any_order_come_to_the_same(desk: Desk) -> None:
    codes = [unit.code for unit in units.of_kinds(desk.store.connection, ("district",))][:5]
    rows = [
        (code, f"2026-11-{day:02}", "zero", f"2026-11-{day:02} 16:{place:02}", "", "")
        for day in range(1, 21)
        for place, code in enumerate(codes)
    ]
    rows += [(*row[:3], f"{row[1]} 20:00", "", "更正") for row in rows[::7]]
    mixed = rows[::3] + rows[2::3] + rows[1::3]
    copy = desk.folder / "copy.db"
    shutil.copyfile(desk.store.path, copy)
    with open_store(copy) as store:
        other = replace(desk, store=store)
        first, second = (
            desk.take("reports", [REPORTS, *sorted(rows)]),
            other.take("reports", [REPORTS, *mixed]),
        )
        assert counts(first) == counts(second)
        assert counts(first)[1:] == (15, 0, 0)
        every = f"SELECT {reports.COLUMNS} FROM reports ORDER BY date, unit, revision"
        assert desk.store.connection.rows(every) == store.connection.rows(every)
        assert counts(other.take("reports", [REPORTS, *sorted(rows)])) == (0, 0, len(rows), 0)
