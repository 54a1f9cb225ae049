from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import python_calamine

from actions.reporting import file
from domain.areas import LandClass
from domain.errors import LianluoError, NotFound, Refused, UsageError
from domain.findings import Finding
from domain.people import Actor
from domain.reports import Content, ReportKind
from exchange.exporting import Wanted, export_table
from storage import people, units
from storage.units import Selection
from tests.conftest import AT, LIAISON
from tests.exchange.conftest import Desk

DAY = date(2026, 11, 23)
HEADER = "unit,date,kind,filed_at,filed_by,summary,areas_planned,areas_patrolled,reason\n"


def filed(desk: Desk) -> None:
    finding = Finding(1, "路旁", LandClass.CULTIVATED, 1200, "440111", key_project="no")
    zero = Content(ReportKind.ZERO, "", 6, 5)
    daily = Content(ReportKind.DAILY, "发现一处", findings=(finding,))
    actor = Actor(LIAISON, LIAISON)
    file(desk.store, actor, "440111", DAY, zero, AT)
    file(desk.store, actor, "440111", DAY, daily, AT + 60, amending=True, reason="=补充")
    file(desk.store, desk.actor, "440103", date(2026, 11, 22), zero, AT, reason="补报")


def test_every_revision_in_order(desk: Desk) -> None:
    filed(desk)
    assert desk.text("reports") == HEADER + (
        "440103,2026-11-22,zero,2026-11-23T08:26:03Z,admin,,6,5,补报\n"
        "440111,2026-11-23,zero,2026-11-23T08:26:03Z,baiyun,,6,5,\n"
        "440111,2026-11-23,daily,2026-11-23T08:27:03Z,baiyun,发现一处,,,'=补充\n"
    )
    assert desk.text("findings") == (
        "unit,date,no,location,place,party,land_class,area,cultivated_area,basic_farmland_area,"
        "use,existed_since,conforms_plan,approved,key_project,source,revision,same_as\n"
        "440111,2026-11-23,1,路旁,440111,,cultivated,1200,,,,,,,no,,2,\n"
    )


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (Wanted("reports", first=date(2026, 11, 23)), ["440111", "440111"]),
        (Wanted("reports", last=date(2026, 11, 22)), ["440103"]),
        (Wanted("reports", date(2026, 1, 1), date(2026, 12, 31)), ["440103", "440111", "440111"]),
        (Wanted("reports", selection=Selection(unit="440103")), ["440103"]),
        (Wanted("reports", selection=Selection(under="440111")), ["440111", "440111"]),
        (Wanted("findings", selection=Selection(unit="440103")), []),
        (Wanted("reports", first=date(2026, 11, 24)), []),
    ],
)
def test_days_and_units_of_reports(desk: Desk, wanted: Wanted, codes: list[str]) -> None:
    filed(desk)
    lines = desk.text(wanted).splitlines()[1:]
    assert [line.partition(",")[0] for line in lines] == codes


def test_long_histories_are_read_stretch_by_stretch(desk: Desk) -> None:
    days = [date.fromordinal(DAY.toordinal() - back) for back in range(0, 400, 7)]
    rows = [(HEADER.strip().split(",")[0:4])] + [
        ["440111", day.isoformat(), "zero", f"{day} 16:00"] for day in days
    ]
    desk.take("reports", rows)
    lines = desk.text("reports").splitlines()[1:]
    assert [line.split(",")[1] for line in lines] == sorted(day.isoformat() for day in days)


def test_contacts_go_out_only_when_asked_for(desk: Desk) -> None:
    assert "020-1000" not in desk.text("people")
    assert "020-10000001" in desk.text(Wanted("people", contacts=True))
    before = people.everyone(desk.store.connection)
    desk.take("people", desk.give("people", "people.csv"))
    assert people.everyone(desk.store.connection) == before


def test_json_has_numbers_and_null(desk: Desk) -> None:
    filed(desk)
    found = json.loads(Path(desk.give("reports", "r.json")).read_text(encoding="utf-8"))
    assert found[1] == {
        "unit": "440111",
        "date": "2026-11-23",
        "kind": "zero",
        "filed_at": "2026-11-23T08:26:03Z",
        "filed_by": "baiyun",
        "summary": None,
        "areas_planned": 6,
        "areas_patrolled": 5,
        "reason": None,
    }
    lines = Path(desk.give("reports", "r.jsonl")).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == found


def test_workbook_keeps_codes_as_text_and_formulas_as_words(desk: Desk) -> None:
    filed(desk)
    path = desk.give("reports", "r.xlsx")
    sheet = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()
    assert sheet[0] == HEADER.strip().split(",")
    assert sheet[1][:2] == ["440103", "2026-11-22"]
    assert sheet[1][6] == 6.0
    assert sheet[3][8] == "'=补充"


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "xlsx"])
def test_empty_tables(desk: Desk, form: str) -> None:
    path = desk.give("exemptions", f"e.{form}")
    assert desk.take("exemptions", path).outcome.unchanged == 0


def test_standard_output_is_csv(desk: Desk) -> None:
    out = io.BytesIO()
    assert export_table(desk.store, Wanted("units"), "-", out) == 209
    assert out.getvalue().decode().startswith("code,name,name_en,short,kind,parent,")


def test_file_is_replaced_whole_or_not_at_all(desk: Desk) -> None:
    path = Path(desk.give("units", "u.csv"))
    path.write_text("old", encoding="utf-8")
    link = desk.folder / "link.csv"
    link.symlink_to(path)
    desk.give("units", "link.csv")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8").startswith("code,")
    path.write_text("old", encoding="utf-8")
    (unit,) = units.by_code(desk.store.connection, ["440111"]).values()
    units.save(desk.store.connection, [replace(unit, source="x" * 40_000)])
    with pytest.raises(Refused):
        desk.give("units", "u.xlsx")
    assert not (desk.folder / "u.xlsx").exists()
    assert list(desk.folder.glob(".*.new")) == []


@pytest.mark.parametrize(
    ("wanted", "name", "error"),
    [
        (Wanted("nonsense"), "x.csv", UsageError),
        (Wanted("units", contacts=True), "x.csv", UsageError),
        (Wanted("units", first=DAY), "x.csv", UsageError),
        (Wanted("links", selection=Selection(unit="440111")), "x.csv", UsageError),
        (Wanted("reports", DAY, date(2026, 11, 22)), "x.csv", UsageError),
        (Wanted("units"), "x.doc", UsageError),
        (Wanted("units"), "none/x.csv", NotFound),
    ],
)
def test_exports_that_cannot_be(
    desk: Desk, wanted: Wanted, name: str, error: type[LianluoError]
) -> None:
    with pytest.raises(error):
        desk.give(wanted, name)
    assert not (desk.folder / name).exists()


def test_device_is_written_through(desk: Desk) -> None:
    (desk.folder / "null.csv").symlink_to("/dev/null")
    desk.give("units", "null.csv")
    assert Path("/dev/null").is_char_device()
