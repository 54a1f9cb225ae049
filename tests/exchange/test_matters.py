"""Leads and patches as tables: they open matters, once, and go out as they came in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.matter_ends import close
from actions.matters import MatterView, Subject, do_step, listed, open_matter, show
from actions.opening import Registry, found
from domain.areas import LandClass
from domain.errors import LianluoError, Refused, UsageError
from domain.findings import Finding
from domain.people import Actor
from domain.reports import Content, ReportKind, Revision
from domain.settings import CityRules
from domain.units import Kind, Unit
from domain.workflows import Outcome
from exchange.exporting import Wanted, export_table
from exchange.importing import Order, import_file
from exchange.matters import STATES
from exchange.registry import read_registry
from storage import events, reports
from storage.matters import Filter
from storage.units import Selection
from tests.conftest import AT, DEPUTY, LIAISON, ZONE
from tests.exchange.conftest import OFFICE, Desk, counts
from tests.exchange.tables import FORMATS, written

DAY = 86400
HEADER = ("unit", "received_at", "title", "place", "area", "source", "source_no")
LEADS = (
    HEADER,
    ("白云区", "2026-11-18 09:30", "村道东侧堆料", "人和镇", "3.5亩", "12336", "2026-0457"),
    ("440103", "2026/11/17", "搭建铁皮棚", "", "", "12336", "2026-0421"),
)


def standing(desk: Desk, workflow: str | None = None) -> list[MatterView]:
    return listed(desk.store, Selection(), Filter(workflow), 1 << 40)


def test_rows_open_matters_at_the_instant_of_receipt(desk: Desk) -> None:
    assert counts(desk.take("leads", LEADS)) == (2, 0, 0, 0)
    first, second = standing(desk)
    assert [view.matter.number for view in (first, second)] == ["L-2026-0001", "L-2026-0002"]
    # By the time of receipt, whatever the order of the rows.
    assert (first.matter.unit, second.matter.unit) == ("440103", "440111")
    assert first.matter.opened_at == ZONE.start_of(date(2026, 11, 17))
    matter = second.matter
    assert (matter.workflow, matter.title, matter.area) == ("lead", "村道东侧堆料", 2333)
    assert (matter.source, matter.place) == ("12336", "440111103")
    assert first.matter.place == "440103"
    assert second.entries[0].at == matter.opened_at == ZONE.parse("2026-11-18 09:30")
    assert second.entries[0].real_login == OFFICE.login
    (step,) = second.state.open
    assert (step.step.key, step.due_at) == ("register", ZONE.end_of(date(2026, 11, 19)))
    recorded = events.of_subject(desk.store.connection, matter.number)
    assert [event.at for event in recorded] == [AT]


def test_same_file_again_changes_nothing(desk: Desk) -> None:
    desk.take("leads", LEADS)
    before = desk.store.connection.change_count()
    assert counts(desk.take("leads", LEADS)) == (0, 0, 2, 0)
    assert counts(desk.take("leads", LEADS, dry_run=True)) == (0, 0, 2, 0)
    assert desk.store.connection.change_count() == before
    # What became of a matter meanwhile does not make its row another one.
    do_step(desk.store, Actor(LIAISON, LIAISON), "L-2026-0002", "register", AT)
    assert counts(desk.take("leads", LEADS)) == (0, 0, 2, 0)


def test_rows_without_an_outside_number_come_in_once_too(desk: Desk) -> None:
    rows = (HEADER[:4], ("白云区", "2026-11-18 09:30", "堆料", ""))
    assert counts(desk.take("satellite", [*rows, rows[1]])) == (1, 0, 1, 0)
    assert counts(desk.take("satellite", rows)) == (0, 0, 1, 0)
    other = ("白云区", "2026-11-18 09:30", "取土", "")
    assert counts(desk.take("satellite", [*rows, other])) == (1, 0, 1, 0)
    assert [view.matter.number for view in standing(desk, "satellite")] == [
        "S-2026-0001",
        "S-2026-0002",
    ]


def test_two_sources_may_use_one_number(desk: Desk) -> None:
    rows = (
        HEADER,
        ("白云区", "2026-11-18", "甲", "", "", "a/b", "c"),
        ("白云区", "2026-11-18", "乙", "", "", "a", "b/c"),
        ("白云区", "2026-11-18", "丙", "", "", "", "c"),
    )
    assert counts(desk.take("leads", rows)) == (3, 0, 0, 0)
    assert counts(desk.take("leads", rows)) == (0, 0, 3, 0)


def test_what_is_recorded_is_not_edited(desk: Desk) -> None:
    desk.take("leads", LEADS)
    changed = (HEADER, (*LEADS[1][:4], "5亩", *LEADS[1][5:]))
    done = desk.take("leads", changed)
    assert counts(done) == (0, 0, 0, 1)
    (problem,) = done.outcome.problems
    assert (problem.row, problem.column, problem.value) == (2, "area", "5亩")
    assert "L-2026-0002" in done.reason(problem)
    # A file that says nothing of the area says nothing else.
    fewer = (HEADER[:3] + HEADER[5:], LEADS[1][:3] + LEADS[1][5:])
    assert counts(desk.take("leads", fewer)) == (0, 0, 1, 0)


def test_our_number_names_a_matter_that_is_here(desk: Desk) -> None:
    desk.take("leads", LEADS)
    rows = (
        ("number", "unit", "received_at", "title"),
        ("l-2026-0002", "白云区", "2026-11-18 09:30", ""),
        ("L-2026-0009", "白云区", "2026-11-18 09:30", "甲"),
        ("", "白云区", "2026-11-18 09:30", ""),
    )
    done = desk.take("leads", rows)
    assert [(p.row, p.column) for p in done.outcome.problems] == [(3, "number")]
    assert counts(done) == (0, 0, 2, 1)


def test_every_problem_is_named_and_nothing_written(desk: Desk) -> None:
    rows = (
        ("单位", "接收时间", "名称", "地类", "面积", "存在起始日期", "来源编号", "属地"),
        ("白云区", "2026-11-24 08:00", "甲", "", "", "", "1", ""),
        ("白云区", "2026-11-18", "", "", "", "", "", ""),
        ("白云区", "2026-11-18", "乙", "湖", "-1", "", "2", "nowhere"),
        ("白云区", "2026-11-18", "丙", "", "", "2026-11-19", "3", ""),
        ("萝岗区", "2026-11-18", "丁", "", "", "", "4", ""),
        ("荔湾区", "2026-11-18", "戊", "", "", "", "5", ""),
        ("荔湾区", "2026-11-18", "己", "", "", "", "5", ""),
    )
    done = desk.take("leads", rows)
    assert counts(done) == (0, 0, 0, 6)
    assert [(p.row, p.column) for p in done.outcome.problems] == [
        (2, "received_at"),
        (3, "title"),
        (4, "place"),
        (4, "land_class"),
        (4, "area"),
        (5, "existed_since"),
        (6, "unit"),
        (8, "title"),
    ]
    assert done.sentence(done.outcome.problems[0]).startswith("row 2, 接收时间 “2026-11-24")
    assert not standing(desk)
    rejects = str(desk.folder / "rejects.csv")
    done = desk.take("leads", rows, keep_going=True, rejects=rejects)
    assert counts(done) == (1, 0, 0, 6)
    assert [view.matter.title for view in standing(desk)] == ["戊"]
    text = Path(rejects).read_text(encoding="utf-8")
    assert text.splitlines()[0].endswith("属地,problem")
    Path(rejects).write_text(text.replace("萝岗区", "黄埔区"), encoding="utf-8")
    assert counts(desk.take("leads", rejects, keep_going=True)) == (1, 0, 0, 5)


def test_only_an_admin_and_only_what_the_city_has(desk: Desk) -> None:
    with pytest.raises(Refused):
        import_file(desk.store, Actor(LIAISON, LIAISON), Order("leads", desk.file(LEADS)), AT)
    with pytest.raises(UsageError):
        desk.take("matters", LEADS)


def test_states_go_out_to_be_read(desk: Desk) -> None:
    desk.take("leads", LEADS)
    liaison, deputy = Actor(LIAISON, LIAISON), Actor(DEPUTY, DEPUTY)
    do_step(desk.store, liaison, "L-2026-0002", "register", AT)
    patch = open_matter(
        desk.store, liaison, "satellite", "440111", Subject("图斑 7", source="=批次"), AT
    )
    do_step(desk.store, liaison, patch.number, "check", AT)
    close(desk.store, deputy, patch.number, Outcome.UNFOUNDED, "合法用地", AT)
    rows = json.loads(Path(desk.give("matters", "matters.json")).read_text(encoding="utf-8"))
    assert list(rows[0]) == list(STATES)
    by_number = {row["number"]: row for row in rows}
    assert [row["number"] for row in rows] == ["L-2026-0001", "L-2026-0002", "S-2026-0001"]
    lead = by_number["L-2026-0002"]
    assert (lead["state"], lead["open_steps"]) == (
        "registered",
        "investigate 2026-12-02T15:59:59Z",
    )
    assert (lead["next_due_at"], lead["outcome"]) == ("2026-12-02T15:59:59Z", None)
    closed = by_number["S-2026-0001"]
    assert (closed["outcome"], closed["closed_at"]) == ("unfounded", "2026-11-23T08:26:03Z")
    assert (closed["open_steps"], closed["reopened"]) == (None, 0)
    only = desk.text(Wanted("matters", first=date(2026, 11, 18), last=date(2026, 11, 18)))
    assert [line.partition(",")[0] for line in only.splitlines()[1:]] == ["L-2026-0002"]
    of_unit = desk.text(Wanted("leads", selection=Selection(unit="440103")))
    assert len(of_unit.splitlines()) == 2
    assert "'=批次" in desk.text("satellite")


def finding(no: int, location: str = "路旁") -> Finding:
    return Finding(no, location, LandClass.CULTIVATED, 1200, "440111", use="堆料")


REPORT = (
    ("unit", "date", "kind", "filed_at"),
    ("白云区", "2026-11-17", "daily", "2026-11-17 16:00"),
)
FINDINGS = (
    ("unit", "date", "no", "location", "place", "land_class", "area", "use"),
    ("白云区", "2026-11-17", 1, "路旁", "白云区", "耕地", 1200, "堆料"),
    ("白云区", "2026-11-17", 2, "桥底", "白云区", "耕地", 900, ""),
)


def open_with(desk: Desk, *, dry_run: bool = False, findings: str = "findings.csv") -> int:
    order = Order(
        "reports",
        desk.file(REPORT),
        desk.file(FINDINGS, findings),
        dry_run=dry_run,
        open_matters=True,
    )
    return import_file(desk.store, desk.actor, order, AT).outcome.matters


def test_findings_open_matters_only_when_asked(desk: Desk) -> None:
    assert counts(desk.take("reports", REPORT, findings=FINDINGS)) == (3, 0, 0, 0)
    assert not standing(desk)
    assert open_with(desk, dry_run=True) == 2
    assert not standing(desk)
    assert open_with(desk) == 2
    assert open_with(desk) == 0
    found = standing(desk)
    assert [(view.matter.origin, view.matter.title) for view in found] == [
        ("2026-11-17/440111/1", "堆料"),
        ("2026-11-17/440111/2", "桥底"),
    ]
    assert {view.matter.opened_at for view in found} == {ZONE.parse("2026-11-17 16:00")}


def test_new_findings_open_theirs_in_the_same_step(desk: Desk) -> None:
    assert open_with(desk, dry_run=True) == 2
    assert not reports.span(desk.store.connection)
    assert open_with(desk) == 2
    with pytest.raises(UsageError):
        import_file(desk.store, desk.actor, Order("leads", desk.file(LEADS), open_matters=True), AT)


def test_rejected_findings_open_nothing(desk: Desk) -> None:
    bad = (*FINDINGS, ("白云区", "2026-11-17", 3, "", "白云区", "耕地", 1, ""))
    path = desk.file(bad, "bad.csv")
    order = Order("reports", desk.file(REPORT), path, open_matters=True)
    outcome = import_file(desk.store, desk.actor, order, AT).outcome
    assert (outcome.rejected, outcome.matters) == (1, 0)
    assert not standing(desk)


words = st.text("ab=-'/% |白云\"\n", max_size=6).map(str.strip)
subjects = st.tuples(
    st.sampled_from(("440111", "440103", "=B")),
    st.integers(0, 20),
    words,
    st.sampled_from(("", "440111", "=B")),
    words,
    words,
    st.sampled_from(("", *(land.value for land in LandClass))),
    st.none() | st.integers(0, 10**7),
    st.sampled_from(("", "2026-11-01")),
    words,
    words,
)
COLUMNS = (
    "unit",
    "received_at",
    "title",
    "place",
    "location",
    "party",
    "land_class",
    "area",
    "existed_since",
    "source",
    "source_no",
)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", ["leads", "satellite"])
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(subjects, max_size=4))
def test_what_goes_out_comes_in_unchanged(
    kind: str, form: str, rows: list[tuple[object, ...]]
) -> None:
    shipped = read_registry("guangzhou")
    units = [
        Unit(code, code, Kind.DISTRICT, order=n)
        for n, code in enumerate(("440111", "440103", "=B"))
    ]
    registry = Registry(units, limits=shipped.limits, workflows=shipped.workflows)
    lines = [
        (row[0], ZONE.show(AT - 3600 * hours), *row[2:])
        for row in rows
        if isinstance(hours := row[1], int)
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder)
        table = written(path / "in.json", [COLUMNS, *lines])
        out = str(path / f"out.{form}")
        with found(path / "one.db", registry, CityRules(), date(2026, 11, 1), OFFICE, AT) as store:
            first = import_file(store, OFFICE, Order(kind, table, keep_going=True), AT).outcome
            size = export_table(store, Wanted(kind), out)
            assert size == first.new
            again = import_file(store, OFFICE, Order(kind, out), AT)
            assert again.outcome.problems == ()
            assert counts(again) == (0, 0, size, 0)
            one = str(path / "one.csv")
            export_table(store, Wanted(kind), one)
        bare = [
            line.partition(",")[2] for line in Path(one).read_text(encoding="utf-8").split("\n")
        ]
        if "\n" not in "".join(map(str, (cell for row in rows for cell in row))):
            Path(path / "bare.csv").write_text("\n".join(bare), encoding="utf-8")
            with found(
                path / "two.db", registry, CityRules(), date(2026, 11, 1), OFFICE, AT
            ) as store:
                done = import_file(store, OFFICE, Order(kind, str(path / "bare.csv")), AT)
                assert counts(done) == (size, 0, 0, 0)
                export_table(store, Wanted(kind), str(path / "two.csv"))
            assert Path(path / "two.csv").read_bytes() == Path(one).read_bytes()


def test_history_without_matters_stays_history(desk: Desk) -> None:
    with desk.store.connection.writing():
        content = Content(ReportKind.DAILY, "有", findings=(finding(1),))
        day = date(2026, 11, 17)
        reports.add(
            desk.store.connection,
            [Revision("440111", day, 1, content, ZONE.start_of(day), LIAISON, LIAISON)],
        )
    findings = desk.give("findings", "findings.csv")
    assert counts(desk.take("findings", findings)) == (0, 0, 1, 0)
    assert not standing(desk)
    with pytest.raises(LianluoError):
        show(desk.store, "F-2026-0001", AT)
