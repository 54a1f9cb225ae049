from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from storage import events
from storage.store import open_store
from tests.conftest import AT, STARTS, ZONE, City, Run
from tests.matters_city import GUANGZHOU, new_city

HOUR = 3600
DAY = 86400
LATER = AT + HOUR

RECORD_KEYS = [
    "number",
    "workflow",
    "unit",
    "name",
    "issuer",
    "title",
    "state",
    "open",
    "due_at",
    "light",
    "overdue_seconds",
    "place",
    "location",
    "party",
    "land_class",
    "area",
    "existed_since",
    "source",
    "origin",
    "parent",
    "opened_at",
    "closed_at",
    "outcome",
    "reopened",
]


@pytest.fixture
def city(tmp_path: Path) -> City:
    new_city(tmp_path).close()
    return City(tmp_path / "city.db", AT, STARTS)


def read(run: Run, *words: str, **more: Any) -> Any:
    return json.loads(run(*words, "-f", "json", **more).out)


def opened(run: Run, *words: str, login: str = "d1", **more: Any) -> Any:
    given = ("--unit", "D1", "--title", "推土堆料", "--location", "村口", *words)
    return read(run, "matter", "open", "finding", *given, login=login, **more)


def done(run: Run, number: str, *steps: str, login: str = "d1", at: int = LATER) -> None:
    for step in steps:
        run("matter", "step", number, step, login=login, at=at)


def steps(run: Run, number: str, **more: Any) -> dict[str, Any]:
    return {row["step"]: row for row in read(run, "matter", "show", number, **more)["steps"]}


# Opening


def test_an_opened_matter_is_a_record_with_its_steps(run: Run, city: City) -> None:
    row = opened(
        run,
        *("--place", "东镇", "--party", "某公司", "--area", "3.5亩", "--land-class", "耕地"),
        *("--existed-since", "-2", "--source", "巡查", "--text", "已拍照"),
    )
    assert list(row)[: len(RECORD_KEYS)] == RECORD_KEYS
    assert list(row)[len(RECORD_KEYS) :] == [
        "steps",
        "suspensions",
        "assists",
        "entries",
        "transfers",
    ]
    listed = {key: row[key] for key in RECORD_KEYS if key not in ("open", "overdue_seconds")}
    assert listed == {
        "number": "F-2026-0001",
        "workflow": "finding",
        "unit": "D1",
        "name": "东区",
        "issuer": "D1",
        "title": "推土堆料",
        "state": "found",
        "due_at": "2026-11-23T15:59:59Z",
        "light": "amber",
        "place": "T1",
        "location": "村口",
        "party": "某公司",
        "land_class": "cultivated",
        "area": 2333,
        "existed_since": "2026-11-21",
        "source": "巡查",
        "origin": None,
        "parent": None,
        "opened_at": "2026-11-23T08:26:03Z",
        "closed_at": None,
        "outcome": None,
        "reopened": 0,
    }
    assert row["open"] == [
        {
            "id": "F-2026-0001/stop",
            "step": "stop",
            "unit": "D1",
            "due_at": "2026-11-23T15:59:59Z",
            "light": "amber",
        },
        {
            "id": "F-2026-0001/verify",
            "step": "verify",
            "unit": "D1",
            "due_at": "2026-11-26T15:59:59Z",
            "light": "green",
        },
    ]
    assert [entry["text"] for entry in row["entries"]] == ["已拍照"]


def test_numbers_run_on_and_are_printed(run: Run, city: City) -> None:
    answer = run("matter", "open", "lead", "--title", "甲", login="d1", lang="zh")
    assert "L-2026-0001" in answer.out
    assert "东区" in answer.out
    assert "登记" in answer.out
    assert read(run, "matter", "open", "lead", "--title", "乙", "--anyway", login="d1")[
        "number"
    ] == ("L-2026-0002")
    assert opened(run)["number"] == "F-2026-0001"


def test_a_finding_of_a_report_is_a_matter_at_once(run: Run, city: City) -> None:
    finding = "location=村口,place=东镇,land_class=耕地,area=1240,use=推土"
    file = ("file", "daily", "--unit", "D1", "--finding", finding)
    assert "线索 F-2026-0001 村口" in run(*file, login="d1", lang="zh").out
    report = ("report", "show", "D1", "today")
    assert read(run, *report)["findings"][0]["matter"] == "F-2026-0001"
    assert "F-2026-0001" in run(*report, lang="zh").out
    amend = ("file", "amend", "D1", "today", "--reason", "补", "--summary", "有")
    second = ("--finding", finding, "--finding", finding.replace("村口", "河边"))
    receipt = read(run, *amend, *second, login="d1", at=LATER)
    assert receipt["matters"] == ["F-2026-0001", "F-2026-0002"]
    (row, _) = read(run, "matter", "list", "--unit", "D1", at=LATER)
    assert (row["number"], row["place"], row["origin"]) == (
        "F-2026-0001",
        "T1",
        "2026-11-23/D1/1",
    )


def test_a_near_one_is_offered_before_another_is_opened(run: Run, city: City) -> None:
    opened(run)
    words = ("matter", "open", "lead", "--unit", "D1", "--title", "举报", "--location", "村口边")
    refused = run(*words, login="d1", code=4)
    assert "F-2026-0001" in refused.err
    assert "--anyway" in refused.err
    assert "另" in run(*words, login="d1", lang="zh", code=4).err
    same = read(run, *words, "--same-as", "f-2026-0001", "--source", "12336", login="d1")
    assert same["number"] == "F-2026-0001"
    assert same["entries"][-1]["act"] == "remark"
    assert "12336" in same["entries"][-1]["text"]
    assert len(read(run, "matter", "list")) == 1
    assert read(run, *words, "--anyway", login="d1")["number"] == "L-2026-0001"
    run(*words, "--anyway", "--same-as", "F-2026-0001", login="d1", code=2)


def test_far_ones_are_opened_without_a_question(run: Run, city: City) -> None:
    opened(run)
    elsewhere = ("--unit", "D1", "--title", "厂房", "--location", "三号桥北侧")
    read(run, "matter", "open", "finding", *elsewhere, login="d1")
    other_place = ("--unit", "D1", "--title", "厂房", "--location", "村口", "--place", "T1")
    read(run, "matter", "open", "finding", *other_place, login="d1")


def test_what_cannot_be_opened(run: Run, city: City) -> None:
    assert (
        "notice issue"
        in run("matter", "open", "notice", "--unit", "D1", "--title", "x", code=4).err
    )
    run("matter", "open", "assist", "--unit", "D1", "--title", "x", code=4)
    run("matter", "open", "reconcile", "--unit", "D1", "--title", "x", code=4)
    assert "satellite" in run("matter", "open", "fire", "--title", "x", code=3).err
    run("matter", "open", "finding", "--unit", "Z", "--title", "x", code=3)
    run("matter", "open", "finding", "--unit", "D1", "--title", " ", code=4)
    run("matter", "open", "finding", "--unit", "D1", code=2)
    run("matter", "open", "finding", "--unit", "D1", "--title", "x", "--area", "many", code=2)
    run("matter", "open", "finding", "--unit", "D1", "--title", "x", "--parent", "F-2020-1", code=3)
    future = ("--existed-since", "tomorrow")
    run("matter", "open", "finding", "--unit", "D1", "--title", "x", *future, code=4)
    run("matter", "open", "finding", "--unit", "D1", "--title", "x", login="d2", code=4)
    run("matter", "open", "finding", "--unit", "D1", "--title", "x", login="d1v", code=4)
    assert read(run, "matter", "list") == []


def test_who_supervises_a_unit_may_open_a_matter_for_it(run: Run, city: City) -> None:
    words = ("matter", "open", "lead", "--unit", "东区", "--title", "12336 来电")
    assert read(run, *words, login="landsup")["unit"] == "D1"
    run("matter", "open", "lead", "--unit", "D2", "--title", "x", login="landsup", code=4)


# Steps


def test_from_patrol_to_closing_by_two_people(run: Run, city: City) -> None:
    number = opened(run)["number"]
    done(run, number, "stop", "verify", "report", "file", "decide", "rectify")
    shown = read(run, "matter", "show", number, at=LATER)
    assert (shown["state"], shown["open"], shown["light"]) == ("rectified", [], None)
    close = ("matter", "close", number, "--outcome", "restored", "--evidence", "照片三张")
    assert "another person" in run(*close, login="d1", at=LATER, code=4).err
    answer = run(*close, login="d1b", at=LATER, lang="zh")
    assert answer.out.startswith(f"{number} 已结案:复耕复绿")
    shown = read(run, "matter", "show", number, at=LATER)
    assert shown["outcome"] == "restored"
    assert shown["closed_at"] == "2026-11-23T09:26:03Z"
    assert read(run, "matter", "list", "--open", at=LATER) == []
    assert "closed" in run("matter", "step", number, "stop", login="d1", at=LATER, code=4).err
    run(*close, login="d1h", at=LATER, code=4)


def test_a_step_whose_turn_it_is_not(run: Run, city: City) -> None:
    number = opened(run)["number"]
    answer = run("matter", "step", number, "file", login="d1", code=4, lang="zh")
    assert "立案(file)" in answer.err
    assert "制止(stop)、核查(verify)" in answer.err
    run("matter", "step", number, "stop", login="d1")
    run("matter", "step", number, "stop", login="d1", code=4)
    run("matter", "step", number, "verify", login="d2", code=4)
    assert "stop, verify" in run("matter", "step", number, "jump", login="d1", code=2).err
    run("matter", "step", number, "verify", "--return", "--text", "x", login="d1", code=4)
    run("matter", "step", "F-2026-9999", "stop", login="d1", code=3)


def test_closing_needs_its_step_an_outcome_and_evidence(run: Run, city: City) -> None:
    number = opened(run)["number"]
    close = ("matter", "close", number, "--outcome")
    answer = run(*close, "demolished", "--evidence", "x", login="d1b", code=4, lang="zh")
    assert "拆除" in answer.err
    assert "整改(rectify)" in answer.err
    run(*close, "unfounded", "--evidence", "x", login="d1b", code=4)
    done(run, number, "verify")
    run(*close, "unfounded", "--evidence", "  ", login="d1b", at=LATER, code=4)
    run(*close, "vanished", "--evidence", "x", login="d1b", at=LATER, code=2)
    run(*close, "unfounded", "--evidence", "经批准", login="d1b", at=LATER)
    lead = read(run, "matter", "open", "lead", "--title", "x", "--location", "桥", login="d1")
    answer = run(
        "matter", "close", lead["number"], "--outcome", "restored", "--evidence", "x", code=4
    )
    assert "(unfounded)" in answer.err
    assert "(transferred)" in answer.err


def test_what_is_not_ours_is_transferred(run: Run, city: City) -> None:
    number = opened(run)["number"]
    run("matter", "transfer", number, "--to", "  ", "--evidence", "x", login="d1b", code=4)
    words = ("matter", "transfer", number, "--to", "市水务局", "--evidence", "函 3 号")
    row = read(run, *words, login="d1b")
    assert row["outcome"] == "transferred"
    assert row["entries"][-1]["text"] == "市水务局: 函 3 号"
    assert [each["progress"] for each in row["steps"]] == ["dropped", "dropped"]


def test_a_reopened_matter_is_counted_and_done_anew(run: Run, city: City) -> None:
    number = opened(run)["number"]
    reopen = ("matter", "reopen", number, "rectify", "--reason", "复查未复耕")
    run(*reopen, login="d1h", code=4)
    done(run, number, "stop", "verify", "report", "file", "decide", "rectify")
    close = ("matter", "close", number, "--outcome", "restored", "--evidence", "照片")
    run(*close, login="d1b", at=LATER)
    run(*reopen, login="d1", at=LATER, code=4)
    run("matter", "reopen", number, "rectify", "--reason", " ", login="d1h", at=LATER, code=4)
    row = read(run, *reopen, login="d1h", at=LATER + 1)
    assert (row["reopened"], row["closed_at"], row["outcome"]) == (1, None, None)
    assert [each["id"] for each in row["open"]] == [f"{number}/rectify#2"]
    assert "第 2 次" in run("matter", "show", number, at=LATER + 1, lang="zh").out
    run(*close, login="d1b", at=LATER + 2, code=4)
    done(run, number, "rectify", at=LATER + 2)
    run(*close, login="d1b", at=LATER + 3)


def test_a_matter_is_not_reopened_where_it_never_came(run: Run, city: City) -> None:
    number = opened(run)["number"]
    words = ("matter", "transfer", number, "--to", "x", "--evidence", "y")
    run(*words, login="d1b")
    run("matter", "reopen", number, "rectify", "--reason", "x", login="d1h", code=4)
    run("matter", "reopen", number, "jump", "--reason", "x", login="d1h", code=2)
    run("matter", "reopen", number, "stop", "--reason", "x", login="d1h")


def test_remarks_go_to_closed_matters_too(run: Run, city: City) -> None:
    number = opened(run)["number"]
    run("matter", "transfer", number, "--to", "x", "--evidence", "y", login="d1b")
    row = read(run, "matter", "remark", number, "已回访", login="d1")
    assert row["entries"][-1] | {"at": ""} == {
        "seq": 3,
        "at": "",
        "login": "d1",
        "real_login": "d1",
        "act": "remark",
        "step": None,
        "text": "已回访",
        "reason": None,
        "outcome": None,
        "until": None,
        "suspension": None,
    }
    run("matter", "remark", number, " ", login="d1", code=4)
    run("matter", "remark", "N-2020-0001", "x", login="d1", code=3)


# Extensions and suspensions


def test_an_extension_is_asked_and_granted_by_two(run: Run, city: City) -> None:
    number = opened(run)["number"]
    ask = ("matter", "extend", number, "verify", "--until", "2026-12-10", "--reason", "等鉴定")
    run("matter", "extend", number, "verify", "--grant", login="d1h", code=4)
    assert "2026-12-10" in run(*ask, login="d1").out
    waiting = steps(run, number)["verify"]
    assert waiting["extension_asked"]["until"] == "2026-12-10"
    assert waiting["due_at"] == "2026-11-26T15:59:59Z"
    assert "等鉴定" in run("matter", "show", number, lang="zh").out
    run("matter", "extend", number, "verify", "--grant", login="d1", code=4)
    run("matter", "extend", number, "verify", "--grant", "--text", "同意", login="d1h")
    granted = steps(run, number)["verify"]
    assert granted["due_at"] == "2026-12-10T15:59:59Z"
    assert granted["first_due_at"] == "2026-11-26T15:59:59Z"
    assert (granted["extended"], granted["extension_asked"]) == (True, None)
    assert "原期限 2026-11-26" in run("matter", "show", number, lang="zh").out


def test_an_extension_can_be_refused(run: Run, city: City) -> None:
    number = opened(run)["number"]
    run(
        *("matter", "extend", number, "verify", "--until", "2026-12-10", "--reason", "等"),
        login="d1",
    )
    run("matter", "extend", number, "verify", "--refuse", "--text", "不必", login="d1h")
    row = steps(run, number)["verify"]
    assert (row["due_at"], row["extended"]) == ("2026-11-26T15:59:59Z", False)


def test_extensions_that_are_refused_outright(run: Run, city: City) -> None:
    number = opened(run)["number"]
    extend = ("matter", "extend", number, "verify")
    run(*extend, "--until", "2026-12-10", login="d1", code=4)
    run(*extend, "--until", "2026-11-25", "--reason", "x", login="d1", code=4)
    late = AT + 4 * DAY
    run(*extend, "--until", "2026-12-10", "--reason", "x", login="d1", at=late, code=4)
    run("matter", "extend", number, "file", "--until", "2026-12-10", "--reason", "x", code=4)
    run(*extend, login="d1", code=2)
    run(*extend, "--grant", "--refuse", login="d1h", code=2)
    run(*extend, "--grant", "--reason", "x", login="d1h", code=2)
    run(*extend, "--until", "2026-12-10", "--grant", login="d1h", code=2)


def test_suspended_days_do_not_count(run: Run, city: City) -> None:
    number = opened(run)["number"]
    suspend = ("matter", "suspend", number, "--from", "2026-11-24", "--to", "2026-11-25")
    run(*suspend, "--reason", " ", login="d1h", code=4)
    run(*suspend, "--reason", "鉴定", login="d1", code=4)
    run(
        *("matter", "suspend", number, "--from", "2026-11-25", "--to", "2026-11-24"),
        *("--reason", "x"),
        login="d1h",
        code=2,
    )
    row = read(run, *suspend, "--reason", "鉴定", login="d1h")
    assert row["suspensions"] == [{"from": "2026-11-24", "to": "2026-11-25", "reason": "鉴定"}]
    assert steps(run, number)["verify"]["due_at"] == "2026-11-30T15:59:59Z"
    assert "2026-11-24" in run("matter", "show", number, lang="zh").out


def test_nothing_is_overdue_on_suspended_days(run: Run, city: City) -> None:
    number = opened(run)["number"]
    suspend = ("matter", "suspend", number, "--from", "2026-11-27", "--to", "2026-11-30")
    run(*suspend, "--reason", "鉴定", login="d1h")
    during, after = ZONE.parse("2026-11-28 09:00"), ZONE.parse("2026-12-01 09:00")
    overdue = ("overdue", "--kind", "step")
    assert read(run, *overdue, at=during) == []
    shown = steps(run, number, at=during)["verify"]
    assert (shown["light"] != "red", shown["overdue_seconds"]) == (True, 0)
    assert [row["id"] for row in read(run, *overdue, at=after)] == [
        f"{number}/stop",
        f"{number}/verify",
    ]
    assert steps(run, number, at=after)["verify"]["light"] == "red"


# Assistance


def test_assistance_is_asked_and_answered(run: Run, city: City) -> None:
    number = opened(run)["number"]
    (candidate,) = read(run, "matter", "assist", number, "--list")
    assert candidate == {
        "unit": "POWER",
        "name": "供电局",
        "duties": [
            {"duty": "停止供电", "duty_en": "Cuts power", "source": None},
            {"duty": "不予供电", "duty_en": "Refuses power", "source": None},
        ],
        "asked": [],
    }
    (request,) = read(run, "matter", "assist", number, "供电局", login="d1")
    assert (request["number"], request["unit"], request["parent"]) == (
        "A-2026-0001",
        "POWER",
        number,
    )
    assert request["title"] == "停止供电;不予供电"
    assert request["due_at"] == "2026-11-30T15:59:59Z"
    assert read(run, "matter", "assist", number, "--list")[0]["asked"] == ["A-2026-0001"]
    run("matter", "assist", number, "POWER", login="d1", code=4)
    run("matter", "step", "A-2026-0001", "reply", "--text", "x", login="d1", code=4)
    reply = ("matter", "step", "A-2026-0001", "reply", "--text", "已断电")
    assert "A-2026-0001" in run(*reply, login="power", at=LATER).out
    (shown,) = read(run, "matter", "show", number, at=LATER)["assists"]
    assert (shown["reply"], shown["closed_at"]) == ("已断电", "2026-11-23T09:26:03Z")
    assert "已断电" in run("matter", "show", number, at=LATER, lang="zh").out
    (parented,) = read(run, "matter", "list", "--parent", number, at=LATER)
    assert parented["number"] == "A-2026-0001"


def test_several_are_asked_or_none(run: Run, city: City) -> None:
    number = opened(run)["number"]
    run("matter", "assist", number, "POWER", "WATER", login="d1", code=4)
    assert read(run, "matter", "list", "--workflow", "assist") == []
    asked = read(
        run, "matter", "assist", number, "POWER", "WATER", "--text", "断水断电", login="d1"
    )
    assert [row["title"] for row in asked] == ["断水断电", "断水断电"]


def test_words_of_assist(run: Run, city: City) -> None:
    number = opened(run)["number"]
    run("matter", "assist", number, login="d1", code=2)
    run("matter", "assist", number, "POWER", "--list", login="d1", code=2)
    run("matter", "assist", number, "POWER", "--as-of", "2026-11-23", login="d1", code=2)
    run("matter", "assist", "F-2026-7777", "POWER", login="d1", code=3)
    assert "停止供电" in run("matter", "assist", number, "--list", lang="zh").out
    assert "Cuts power; Refuses power" in run("matter", "assist", number, "--list").out


# Reading


def test_lists_are_narrowed(run: Run, city: City) -> None:
    number = opened(run, "--place", "T1")["number"]
    run("matter", "open", "lead", "--title", "举报", "--location", "桥", login="d2")
    run("matter", "transfer", "L-2026-0001", "--to", "x", "--evidence", "y", login="d2h")

    def numbers(*words: str, **more: Any) -> list[str]:
        return [row["number"] for row in read(run, "matter", "list", *words, **more)]

    both = [number, "L-2026-0001"]
    assert numbers() == both
    assert numbers("--open", "--closed") == both
    assert numbers("--open") == [number]
    assert numbers("--closed") == ["L-2026-0001"]
    assert numbers("--workflow", "lead") == ["L-2026-0001"]
    assert numbers("--unit", "西区") == ["L-2026-0001"]
    assert numbers("--under", "C") == both
    assert numbers("--under", "D1") == [number]
    assert numbers("--place", "东镇") == [number]
    assert numbers("--as-of", "2026-11-22") == []
    run("matter", "list", "--workflow", "fire", code=3)
    run("matter", "list", "--place", "nowhere", code=3)


def test_a_list_as_of_then(run: Run, city: City) -> None:
    number = opened(run)["number"]
    done(run, number, "verify", at=LATER)
    (then,) = read(run, "matter", "list", "--as-of", "2026-11-23T16:30:00", at=LATER)
    assert [row["step"] for row in then["open"]] == ["stop", "verify"]
    shown = read(run, "matter", "show", number, "--as-of", "2026-11-23T16:30:00", at=LATER)
    assert len(shown["entries"]) == 1
    run("matter", "show", number, "--as-of", "2026-11-22", code=3)


def test_tables_speak_both_languages(run: Run, city: City) -> None:
    number = opened(run, "--place", "T1")["number"]
    zh = run("matter", "list", lang="zh").out.splitlines()
    assert zh[0].split() == [
        "编号",
        "灯",
        "类别",
        "代码",
        "单位",
        "事项",
        "环节",
        "剩余",
        "到期时间",
        "位置",
        "登记",
    ]
    assert zh[1].startswith(f"{number}  黄 Y  违法线索  D1    东区  推土堆料  制止、核查")
    en = run("matter", "list").out.splitlines()
    assert en[1].startswith(f"{number}  amber Y  finding  D1    East  推土堆料  stop, verify")
    page = run("matter", "show", number).out
    assert "the same day (local default)" in page
    assert "to come" in page
    run("matter", "show", number, lang="zh", terminal=True)
    assert run("matter", "list", "--closed", lang="zh").err == "没有这样的事项。\n"


def test_other_forms(run: Run, city: City) -> None:
    number = opened(run)["number"]
    (line,) = run("matter", "list", "-f", "ndjson").out.splitlines()
    assert json.loads(line)["number"] == number
    (row,) = csv.DictReader(io.StringIO(run("matter", "list", "-f", "csv").out))
    assert list(row) == RECORD_KEYS
    assert row["number"] == number
    assert run("matter", "list", "-f", "json", "--closed").out == "[]\n"


def test_a_late_step_is_said_to_be(run: Run, city: City) -> None:
    number = opened(run)["number"]
    done(run, number, "stop", at=AT + 2 * DAY)
    row = steps(run, number, at=AT + 2 * DAY)["stop"]
    assert (row["late"], row["light"], row["overdue_seconds"]) == (True, "green", 0)
    assert "逾期" in run("matter", "show", number, at=AT + 2 * DAY, lang="zh").out
    open_now = steps(run, number, at=AT + 9 * DAY)["verify"]
    assert open_now["overdue_seconds"] == AT + 9 * DAY - ZONE.parse("2026-11-26")


# Workflows


def test_workflows_show_steps_limits_and_sources(run: Run, city: City) -> None:
    rows = read(run, "matter", "workflows")
    assert [row["workflow"] for row in rows][:3] == ["finding", "lead", "satellite"]
    finding = read(run, "matter", "workflows", "finding")[0]
    assert list(finding) == ["workflow", "zh", "en", "prefix", "opens", "steps", "outcomes"]
    file = next(step for step in finding["steps"] if step["step"] == "file")
    assert [(row["limit"], row["local_default"]) for row in file["limits"]] == [
        ("10 workdays", False),
        ("7 days", True),
    ]
    page = run("matter", "workflows", "notice", lang="zh").out
    assert "督办单" in page
    assert "由发起单位办" in page
    assert "可退回到 reply" in page
    assert "本地默认" in page
    run("matter", "workflows", "fire", code=3)


def test_other_workflows_are_loaded_by_an_admin_and_recorded(
    run: Run, city: City, tmp_path: Path
) -> None:
    text = (GUANGZHOU / "workflows.toml").read_text(encoding="utf-8")
    path = tmp_path / "w.toml"
    path.write_text(text.replace('zh = "核查", en = "verify"', 'zh = "查验", en = "verify"'))
    run("matter", "workflows", "--load", str(path), login="d1", code=4)
    assert "The 10 workflows" in run("matter", "workflows", "--load", str(path)).err
    assert "already" in run("matter", "workflows", "--load", str(path)).err
    opened(run)
    assert "查验" in run("matter", "list", lang="zh").out
    with open_store(city.path) as store:
        (event,) = events.of_subject(store.connection, "workflows")
        assert (event.action, event.actor) == ("workflows.save", "admin")
    assert "查验" not in run("matter", "workflows", "finding", "--load", "guangzhou", lang="zh").out


def test_a_bad_workflow_file_says_where(run: Run, city: City, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('[finding]\nzh = "线"\nen = "f"\nprefix = "F"\nopens = "o"\nsteps = []\n')
    answer = run("matter", "workflows", "--load", str(path), code=2, lang="zh")
    assert f"{path} 第 1 行" in answer.err
    assert "steps" in answer.err
    run("matter", "workflows", "--load", str(tmp_path / "none.toml"), code=3)
    assert len(read(run, "matter", "workflows")) == 10


def test_a_step_in_use_cannot_go(run: Run, city: City, tmp_path: Path) -> None:
    number = opened(run)["number"]
    lines = (GUANGZHOU / "workflows.toml").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "w.toml"
    without = [line for line in lines if 'key = "stop"' not in line]
    path.write_text("\n".join(without), encoding="utf-8")
    answer = run("matter", "workflows", "--load", str(path), code=4)
    assert "stop" in answer.err
    assert number in answer.err
    without = [line for line in lines if 'key = "check"' not in line]
    path.write_text("\n".join(without).replace('"checked"', '"received"'), encoding="utf-8")
    run("matter", "workflows", "--load", str(path))
    shown = read(run, "matter", "show", number)
    assert [row["step"] for row in shown["open"]] == ["stop", "verify"]


def test_a_store_without_workflows_says_what_to_do(run: Run, city: City) -> None:
    with open_store(city.path) as store:
        store.connection.execute("DELETE FROM meta WHERE key = 'workflows'")
    answer = run("matter", "open", "finding", "--unit", "D1", "--title", "x", code=3)
    assert "--load guangzhou" in answer.err
    finding = "location=村口,place=东镇,land_class=耕地,area=1240,use=推土"
    run("file", "daily", "--unit", "D1", "--finding", finding, login="d1")
    assert read(run, "matter", "list") == []
    assert read(run, "matter", "workflows") == []
    run("matter", "workflows", "--load", "guangzhou")
    assert len(read(run, "matter", "workflows")) == 10


def test_help_of_every_command(run: Run) -> None:
    for word in [
        "list",
        "show",
        "open",
        "step",
        "extend",
        "suspend",
        "close",
        "transfer",
        "reopen",
        "remark",
        "assist",
        "workflows",
    ]:
        for lang in ("zh", "en"):
            page = run("matter", word, "--help", lang=lang).out
            assert f"lianluo matter {word}" in page
