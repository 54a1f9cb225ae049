from __future__ import annotations

import json
import re
from typing import Any

import pytest

from domain.errors import Exit
from tests.conftest import ADMIN, AT, DEPUTY, LEADER, LIAISON, PLANNER, City, Run

DAY = 86400
SEAL = re.compile(r"[0-9a-f]{12}")


def shown(run: Run, date: str = "today", at: int = AT) -> dict[str, Any]:
    found = json.loads(run("report", "show", "440111", date, "-f", "json", at=at).out)
    assert isinstance(found, dict)
    return found


def test_zero_prints_a_receipt(run: Run, city: City) -> None:
    answer = run("file", "zero", "--areas", "6/6", login=LIAISON, lang="zh")
    assert SEAL.sub("…", answer.out) == (
        "已报 R-20261123-440111-1 16:26:03 按时\n封印 …  全号 R-20261123-440111-1/…\n"
    )
    answer = run("file", "zero", login=PLANNER)
    assert SEAL.sub("…", answer.out) == (
        "Filed R-20261123-PLAN-1 16:26:03 on time\nseal …  in full R-20261123-PLAN-1/…\n"
    )


def test_receipt_as_json(run: Run, city: City) -> None:
    answer = run("file", "zero", "--areas", "5/6", "--note", "一片封路", "-f", "json", login=DEPUTY)
    receipt = json.loads(answer.out)
    assert SEAL.fullmatch(receipt.pop("seal"))
    assert list(receipt.items()) == [
        ("receipt", "R-20261123-440111-1"),
        ("unit", "440111"),
        ("name", "白云区"),
        ("date", "2026-11-23"),
        ("kind", "zero"),
        ("partial", True),
        ("status", "on_time"),
        ("revision", 1),
        ("findings", 0),
        ("filed_at", "2026-11-23T08:26:03Z"),
        ("filed_by", DEPUTY),
        ("keyed_by", DEPUTY),
        ("after_lock", False),
        ("matters", []),
        ("repeated", False),
    ]
    report = shown(run)
    assert (report["summary"], report["areas_planned"], report["areas_patrolled"]) == (
        "一片封路",
        6,
        5,
    )


@pytest.mark.parametrize(
    ("later", "status"), [(0, "on time"), (2100, "late"), (8 * 3600, "made up")]
)
def test_status_by_the_clock(run: Run, city: City, later: int, status: str) -> None:
    answer = run("file", "zero", "--date", "2026-11-23", login=LIAISON, at=AT + later)
    assert answer.out.splitlines()[0].endswith(status)


def test_daily_with_findings(run: Run, city: City) -> None:
    run(
        "file",
        "daily",
        "--summary",
        "钟落潭镇推土, 已制止",
        "--finding",
        "location=钟落潭镇,村口东,land_class=耕地,area=3.5亩,place=钟落潭镇,party=某公司, 某人",
        "--finding",
        "位置=江边,地类=construction,面积=1,200 m²,存在起始日期=2026-11-20",
        login=LIAISON,
    )
    report = shown(run)
    assert report["kind"] == "daily"
    first, second = report["findings"]
    assert list(first.items()) == [
        ("no", 1),
        ("location", "钟落潭镇,村口东"),
        ("place", "440111108"),
        ("party", "某公司, 某人"),
        ("land_class", "cultivated"),
        ("area", 2333),
        ("cultivated_area", None),
        ("basic_farmland_area", None),
        ("use", None),
        ("existed_since", None),
        ("conforms_plan", None),
        ("approved", None),
        ("key_project", None),
        ("source", None),
        ("same_as", None),
        ("matter", "F-2026-0001"),
    ]
    assert (second["no"], second["place"], second["area"]) == (2, "440111", 1200)
    assert second["existed_since"] == "2026-11-20"


@pytest.mark.parametrize(
    ("finding", "says"),
    [
        ("somewhere", "key=value"),
        ("colour=red,location=x", "key=value"),
        ("location=x,location=y,land_class=unused,area=1", "twice"),
        ("location=x,area=1", "land_class"),
        ("location=x,land_class=sea,area=1", "land_class"),
        ("location=x,land_class=unused,area=big", "area"),
        ("location=x,land_class=unused,area=1,existed_since=May", "existed_since"),
    ],
)
def test_finding_that_is_written_wrong(run: Run, city: City, finding: str, says: str) -> None:
    answer = run("file", "daily", "--finding", finding, login=LIAISON, code=Exit.USAGE)
    assert "inding 1" in answer.err
    assert says in answer.err


def test_finding_in_a_place_that_there_is_none_of(run: Run, city: City) -> None:
    finding = "location=x,land_class=unused,area=1,place=月球"
    run("file", "daily", "--finding", finding, login=LIAISON, code=Exit.NOT_FOUND)


def test_refusals_are_sentences_and_write_nothing(run: Run, city: City) -> None:
    finding = "location=x,land_class=unused,area=1"
    for words, says in (
        (["zero", "--finding", finding], "cannot carry a finding"),
        (["daily"], "file a zero report"),
        (["zero", "--date", "tomorrow"], "future date"),
        (["zero", "--areas", "7/2000000"], "0 to 1,000,000"),
        (["zero", "--unit", "PLAN"], "may not file reports for Planning Bureau"),
        (["amend", "440111", "today", "--zero", "--reason", "x"], "no report"),
    ):
        answer = run("file", *words, login=LIAISON, code=Exit.REFUSED)
        assert says in answer.err
        assert answer.out == ""
    rows = json.loads(run("board", "-f", "json").out)
    assert {row["report"] for row in rows} == {None}


def test_who_may_not_file(run: Run, city: City) -> None:
    run("file", "zero", "--unit", "440111", login=LEADER, code=Exit.REFUSED)
    assert "name a unit with --unit" in run("file", "zero", login=ADMIN, code=Exit.REFUSED).err
    run("file", "zero", "--unit", "440111", login="stranger", code=Exit.REFUSED)


@pytest.mark.parametrize("areas", ["six", "5", "5-6", "-1/6", "5/6/7"])
def test_areas_written_wrong(run: Run, city: City, areas: str) -> None:
    answer = run("file", "zero", f"--areas={areas}", login=LIAISON, code=Exit.USAGE)
    assert areas in answer.err


def test_areas_in_full_width(run: Run, city: City) -> None:
    run("file", "zero", "--areas", "5/6", login=LIAISON)
    assert shown(run)["areas_patrolled"] == 5


def test_second_filing_is_an_amendment_with_a_reason(run: Run, city: City) -> None:
    run("file", "zero", login=LIAISON)
    again = run("file", "zero", "--note", "晚间", login=LIAISON, code=Exit.REFUSED)
    assert "R-20261123-440111-1" in again.err
    amend = ("file", "amend", "白云区", "today", "--summary", "补充")
    assert "--reason" in run(*amend, login=LIAISON, code=Exit.REFUSED).err
    answer = run(*amend, "--reason", "漏写", login=LIAISON, at=AT + 3600)
    assert answer.out.splitlines()[0] == "Amended R-20261123-440111-2 17:26:03 on time"
    report = shown(run, at=AT + 3600)
    assert (report["kind"], report["status"], report["revision"]) == ("daily", "on_time", 2)


def test_amending_to_a_zero_and_what_does_not_go_together(run: Run, city: City) -> None:
    run("file", "daily", "--summary", "误报", login=LIAISON)
    amend = ("file", "amend", "440111", "today", "--reason", "核实")
    run(*amend, "--zero", "--summary", "x", login=LIAISON, code=Exit.USAGE)
    run(*amend, "--note", "x", login=LIAISON, code=Exit.USAGE)
    run(*amend, "--zero", "--areas", "6/6", "--note", "无", login=LIAISON)
    report = shown(run)
    assert (report["kind"], report["summary"], report["areas_planned"]) == ("zero", "无", 6)


def test_locked_day_is_for_admins_with_a_reason(run: Run, city: City) -> None:
    later = AT + 9 * DAY
    words = ("file", "zero", "--unit", "440111", "--date", "2026-11-23")
    assert "locked" in run(*words, login=LIAISON, at=later, code=Exit.REFUSED).err
    assert "--reason" in run(*words, at=later, code=Exit.REFUSED).err
    answer = run(*words, "--reason", "网络中断", "-f", "json", at=later)
    receipt = json.loads(answer.out)
    assert (receipt["status"], receipt["after_lock"]) == ("made_up", True)


def test_a_note_that_looks_like_a_day_stays_a_note(run: Run, city: City) -> None:
    run("file", "zero", "--note", "-3", login=LIAISON)
    assert shown(run)["summary"] == "-3"


def test_dates_of_arguments_may_be_days_ago(run: Run, city: City) -> None:
    run("file", "zero", "--date", "-2", login=LIAISON)
    run("file", "amend", "440111", "-2", "--summary", "x", "--reason", "y", login=LIAISON)
    assert shown(run, date="-2")["date"] == "2026-11-21"


WHERE = "地类=耕地,面积=3.5亩,place=钟落潭镇,位置="


def test_a_finding_like_an_open_one_is_said_to_be_and_linked(run: Run, city: City) -> None:
    words = ("--summary", "巡查", "--finding")
    first = run(
        *("file", "daily", "--date", "yesterday", *words, WHERE + "村口鱼塘"),
        *("--reason", "补"),
        login=LIAISON,
    )
    assert first.err == ""
    second = run("file", "daily", *words, WHERE + "村口鱼塘旁", login=LIAISON, lang="zh")
    assert second.err == (
        "第 1 条线索已立 F-2026-0002,但与在办的 F-2026-0001 村口鱼塘 村口鱼塘 相近;若是同一件,"
        "请更正报告,在该线索中写 same_as=F-2026-0001,F-2026-0002 即并入。\n"
    )
    linked = f"{WHERE}村口鱼塘旁,same_as=f-2026-0001"
    third = run(
        *("file", "amend", "440111", "today", "--reason", "同一件", *words, linked),
        login=LIAISON,
        at=AT + 60,
        lang="zh",
    )
    assert third.err == ""
    assert "线索 F-2026-0001 村口鱼塘旁" in third.out.splitlines()
    [finding] = shown(run, at=AT + 60)["findings"]
    assert (finding["same_as"], finding["matter"]) == ("F-2026-0001", "F-2026-0001")
    shown_then = run("matter", "list", "--open", "-f", "json", at=AT + 60)
    assert [row["number"] for row in json.loads(shown_then.out)] == ["F-2026-0001"]


def test_a_finding_the_same_as_nothing(run: Run, city: City) -> None:
    words = ("file", "daily", "--summary", "x", "--finding")
    run(*words, WHERE + "村口,same_as=F-2026-0009", login=LIAISON, code=Exit.NOT_FOUND)
    answer = run(*words, WHERE + "村口,same_as=昨天那件", login=LIAISON, code=Exit.USAGE)
    assert "same_as" in answer.err
