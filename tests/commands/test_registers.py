"""`plot`, `checklist`, `matter refer` and `matter figures` from the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from actions.checklists import save_standards
from domain.errors import Exit
from tests.conftest import AT, STARTS, City, Run
from tests.matters_city import ADMIN, new_city, shipped


@pytest.fixture
def city(tmp_path: Path) -> City:
    with new_city(tmp_path) as store:
        save_standards(store, ADMIN, shipped().standards, AT - 3600)
    return City(tmp_path / "city.db", AT, STARTS)


def read(run: Run, *words: str, **more: Any) -> Any:
    return json.loads(run(*words, "-f", "json", **more).out)


def test_a_picture_on_the_terminal_and_as_files(run: Run, city: City, tmp_path: Path) -> None:
    for lang, word in (("zh", "全市"), ("en", "The city on")):
        answer = run("plot", "map", lang=lang)
        assert word in answer.out
        assert "\x1b" not in answer.out
    file = tmp_path / "map.svg"
    answer = run("plot", "map", "-o", str(file))
    assert (answer.out, "map.svg" in answer.err) == ("", True)
    assert file.read_text(encoding="utf-8").startswith("<svg ")
    run("plot", "backlog", "-o", str(tmp_path / "b.PNG"))
    assert (tmp_path / "b.PNG").read_bytes().startswith(b"\x89PNG")


def test_what_no_picture_is_drawn_of(run: Run, city: City, tmp_path: Path) -> None:
    run("plot", "weather", code=Exit.USAGE)
    assert ".svg" in run("plot", "map", "-o", str(tmp_path / "a.gif"), code=Exit.USAGE).err
    run("plot", "map", "--unit", "D1", code=Exit.USAGE)
    run("plot", "rates", "-o", str(tmp_path / "none" / "a.svg"), code=Exit.NOT_FOUND)
    run("plot", "rates", "--from", "2026-11-20", "--to", "2026-11-16", code=Exit.USAGE)
    assert not list(tmp_path.glob("*.gif"))


def test_a_standard_is_recorded_and_summed(run: Run, city: City) -> None:
    answer = run("checklist", "set", "东镇", "S1", "partly", "--evidence", "在岗2人", login="t1")
    assert "revision 1" in answer.out
    run("checklist", "set", "T1", "S1", "met", "--evidence", "在岗3人", login="d1")
    [first] = [row for row in read(run, "checklist", "show", "T1") if row["state"]]
    assert first["item"] == "S1"
    assert (first["state"], first["evidence"], first["revision"]) == ("met", "在岗3人", 2)
    assert (first["entered_by"], first["keyed_by"]) == ("d1", "d1")
    past = read(run, "checklist", "show", "T1", "--history")
    assert [row["state"] for row in past] == ["partly", "met"]
    districts = read(run, "checklist", "list", "--by", "district")
    assert [(row["unit"], row["offices"], row["met"]) for row in districts] == [
        ("D1", 2, 1),
        ("D2", 1, 0),
    ]
    assert districts[0]["unseen"] == 2 * districts[1]["asked"] - 1
    assert "本地默认" in run("checklist", "list", lang="zh").err
    run("checklist", "set", "T1", "S1", "splendid", "--evidence", "x", code=Exit.USAGE)
    run("checklist", "set", "T1", "S1", "met", "--evidence", "x", login="t2", code=Exit.REFUSED)
    run("checklist", "show", "D1", code=Exit.REFUSED)


def test_the_checklist_goes_out_and_comes_in(run: Run, city: City, tmp_path: Path) -> None:
    run("checklist", "set", "T1", "E1", "not_met", "--evidence", "=无车", "--date", "-1")
    table = tmp_path / "checklist.csv"
    run("export", "checklist", str(table))
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert [row["state"] for row in rows] == ["not_met"]
    assert "0 new, 0 amended, 1 unchanged" in run("import", "checklist", str(table)).err
    more = "单位,编号,情况,日期,依据\n东镇,E1,达标,2026-11-20,已配车\nT1B,E2,达标,2026-11-20,照片\n"
    table.write_text(more, encoding="utf-8")
    assert "1 new, 1 amended, 0 unchanged" in run("import", "checklist", str(table)).err
    assert len(read(run, "checklist", "show", "T1", "--history")) == 2
    bad = "unit,item,state,date,evidence\nD1,E1,met,2026-11-20,x\nT1,X9,met,2026-11-20,x\n"
    table.write_text(bad + "T1,E3,met,2030-01-01,x\n", encoding="utf-8")
    answer = run("import", "checklist", str(table), code=Exit.FOUND)
    assert "0 new, 0 amended, 0 unchanged, 3 rejected" in answer.err
    for column in ("unit", "item", "date"):
        assert column in answer.err


@pytest.mark.parametrize("kind", ["standards", "tiles"])
def test_a_table_of_the_registry_comes_back_unchanged(
    run: Run, city: City, tmp_path: Path, kind: str
) -> None:
    table = tmp_path / f"{kind}.csv"
    if kind == "tiles":
        table.write_text("unit,line,place\nD1,1,2\nD2,1,1\n", encoding="utf-8")
        assert "2 new" in run("import", kind, str(table)).err
    run("export", kind, str(table))
    assert "0 new, 0 amended" in run("import", kind, str(table)).err
    run("import", kind, str(table), login="d1", code=Exit.REFUSED)
    if kind == "tiles":
        table.write_text("unit,line,place\nD1,41,2\n", encoding="utf-8")
        assert "40" in run("import", kind, str(table), code=Exit.FOUND).err


def test_the_hotlines_figures(run: Run, city: City) -> None:
    for title in ("夜间堆料", "填塘"):
        words = ("matter", "open", "lead", "--title", title, "--unit", "D1", "--anyway")
        run(*words, "--source", "12336", login="d1")
    run("matter", "step", "L-2026-0001", "register", login="d1")
    [row] = read(run, "matter", "figures")
    assert row == {
        "source": "12336",
        "received": 2,
        "registered": 1,
        "investigated": 0,
        "replied": 0,
        "transferred": 0,
        "unfounded": 0,
        "open": 2,
        "ours": 2,
        "in_place": 0,
    }
    assert "0/2 (0.0 %)" in run("matter", "figures", lang="zh").out
    assert read(run, "matter", "figures", "--under", "D2") == []


def test_a_case_is_handed_over_and_told_with_its_finding(run: Run, city: City) -> None:
    run("matter", "open", "finding", "--title", "挖沙", "--unit", "D1", login="d1")
    words = ("matter", "refer", "F-2026-0001", "--to", "POWER", "--text", "涉嫌犯罪")
    answer = run(*words, login="d1")
    assert "T-2026-0001" in answer.out
    assert "paper make transfer F-2026-0001@POWER" in answer.out
    whole = read(run, "matter", "show", "F-2026-0001")
    assert [row["number"] for row in whole["transfers"]] == ["T-2026-0001"]
    assert whole["assists"] == []
    assert "T-2026-0001" in run("matter", "show", "F-2026-0001", lang="zh").out
    run(*words, login="d1", code=Exit.REFUSED)


def test_a_workflow_names_the_unit_of_a_step(run: Run, city: City) -> None:
    answer = run("matter", "workflows", "approval", lang="zh")
    assert "由 HRSS 办" in answer.out
    [flow] = read(run, "matter", "workflows", "approval")
    assert [step["by"] for step in flow["steps"]] == ["HRSS", "PLAN", "LAND", "LAND"]
    refused = run(
        *("matter", "open", "approval", "--title", "厂房", "--unit", "D1"),
        login="d1",
        lang="zh",
        code=Exit.REFUSED,
    )
    assert "HRSS" in refused.err
