from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storage.store import open_store
from tests.conftest import ADMIN, AT, STARTS, ZONE, City, Run
from tests.matters_city import new_city

UNITS = ("LAND", "DISC", "POWER", "WATER", "D1", "D2")
DAY = 86400
ROOT = Path(__file__).resolve().parents[2]

FIRED_KEYS = ["rung", "unit", "name", "to", "recipients", "obligations", "fired_at", "text"]
JUDGED_KEYS = [
    "id",
    "kind",
    "unit",
    "name",
    "subject",
    "due_at",
    "rung",
    "to",
    "planned_at",
    "verdict",
]


@pytest.fixture
def city(tmp_path: Path) -> City:
    new_city(tmp_path).close()
    return City(tmp_path / "city.db", AT, STARTS)


@pytest.fixture
def quiet(run: Run, city: City) -> City:
    """Return the city with nothing left of the days before."""
    for unit in UNITS:
        run("exempt", "add", unit, "--from", "2026-11-16", "--to", "-1", "--reason", "试运行")
    return city


def on(text: str) -> int:
    return ZONE.parse(text)


def urge(run: Run, at: int, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("urge", "-f", "json", at=at, **more).out)
    return found


def judged(run: Run, at: int, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        run("urge", "--dry-run", *words, "-f", "json", at=at).out
    )
    return found


def test_half_an_hour_before_the_liaison_is_reminded(run: Run, quiet: City) -> None:
    assert urge(run, on("2026-11-23 16:29:59")) == []
    fired = urge(run, on("2026-11-23 16:30:00"))
    assert [list(row) for row in fired] == [FIRED_KEYS] * len(UNITS)
    (row,) = [row for row in fired if row["unit"] == "D1"]
    assert {key: row[key] for key in FIRED_KEYS if key not in ("recipients", "text")} == {
        "rung": "reminder",
        "unit": "D1",
        "name": "东区",
        "to": ["liaison"],
        "obligations": ["R-20261123-D1"],
        "fired_at": "2026-11-23T08:30:00Z",
    }
    assert row["recipients"] == [
        {
            "role": "liaison",
            "unit": "D1",
            "login": "d1",
            "name": "东区联络员",
            "phone": None,
            "stands_in_for": None,
        }
    ]


def test_who_filed_is_left_in_peace(run: Run, quiet: City) -> None:
    run("file", "zero", "--unit", "D1", login="d1", at=on("2026-11-23 16:00"))
    assert "D1" not in {row["unit"] for row in urge(run, on("2026-11-23 16:40"))}
    run("file", "zero", "--unit", "D2", login="d2", at=on("2026-11-23 16:50"))
    assert {row["unit"] for row in urge(run, on("2026-11-23 17:00"))} == {
        "LAND",
        "DISC",
        "POWER",
        "WATER",
    }


def test_a_rung_fires_once(run: Run, quiet: City) -> None:
    at = on("2026-11-23 17:00")
    first = urge(run, at)
    assert {row["rung"] for row in first} == {"reminder", "urge"}
    assert urge(run, at) == []
    answer = run("urge", at=at + 60, lang="zh")
    assert (answer.out, answer.err) == ("", "没有到时的催办。\n")
    shown = json.loads(run("explain", "R-20261123-D1", "-f", "json", at=at + 60).out)
    assert {row["name"]: row["fired_at"] for row in shown["ladder"]}["urge"] == (
        "2026-11-23T09:00:00Z"
    )
    (overdue,) = json.loads(run("overdue", "--unit", "D1", "-f", "json", at=at + 60).out)
    assert overdue["rung"] == "urge"


def test_text_is_ready_to_paste_in_both_languages(run: Run, quiet: City) -> None:
    at = on("2026-11-23 17:05")
    run("matter", "open", "finding", "--unit", "D1", "--title", "推土堆料", login="d1", at=AT)
    before = [row for row in judged(run, at) if row["unit"] == "D1"]
    assert {row["id"] for row in before} == {
        "R-20261123-D1",
        "F-2026-0001/stop",
        "F-2026-0001/verify",
    }
    text = run("urge", at=at, lang="zh").out
    assert (
        "【催报】东区联络员 东区联络员、东区副联络员(B岗) 东区副联络员:\n"
        "截至 2026-11-23 17:05,东区有下列 1 项未办:\n"
        "1. 2026-11-23 日报告,期限 2026-11-23 17:00,已逾期 5 分钟\n"
        "请立即办理。\n"
    ) in text
    # What is due tonight waits for its own hour.
    late = on("2026-11-24 00:00")
    english = [row for row in urge(run, late) if row["unit"] == "D1"]
    assert [row["obligations"] for row in english] == [["F-2026-0001/stop"]]
    assert (
        "1. F-2026-0001 stop (推土堆料), due 2026-11-23 23:59, 0 min overdue"
        in (english[0]["text"])
    )


def test_what_a_unit_owes_on_one_rung_is_one_message(run: Run, quiet: City) -> None:
    for title in ("甲", "乙"):
        words = ("--unit", "D1", "--title", title, "--location", title)
        run("matter", "open", "lead", *words, login="d1", at=on("2026-11-20 10:00"))
    fired = urge(run, on("2026-11-24 09:00"))
    messages = [row for row in fired if row["unit"] == "D1" and row["rung"] == "urge"]
    assert [row["obligations"] for row in messages] == [
        ["R-20261123-D1", "L-2026-0001/register", "L-2026-0002/register"]
    ]
    assert "\n3. " in messages[0]["text"]


def test_sheets_go_out_in_working_hours_only(run: Run, quiet: City) -> None:
    friday = on("2026-11-20 10:00")
    run("matter", "open", "lead", "--unit", "D1", "--title", "x", login="d1", at=friday)
    night = on("2026-11-24 20:00")
    (row,) = [
        row
        for row in judged(run, night)
        if row["rung"] == "reminder_sheet" and row["id"] == "R-20261123-D1"
    ]
    assert (row["verdict"], row["planned_at"]) == ("outside_hours", "2026-11-24T09:00:00Z")
    assert not [row for row in urge(run, night) if row["rung"] == "reminder_sheet"]
    (sheet,) = [
        row
        for row in urge(run, on("2026-11-25 08:30"))
        if row["unit"] == "D1" and row["rung"] == "reminder_sheet"
    ]
    assert [to["role"] for to in sheet["recipients"]] == ["leader"]
    assert "R-20261123-D1" in sheet["obligations"]


def test_a_dry_run_says_what_would_fire_and_why_not_the_rest(run: Run, quiet: City) -> None:
    at = on("2026-11-23 17:30")
    rows = judged(run, at)
    assert [list(row) for row in rows] == [JUDGED_KEYS] * len(rows)
    verdicts = {row["rung"]: row["verdict"] for row in rows if row["unit"] == "D1"}
    assert verdicts == {
        "reminder": "too_late",
        "urge": "fires",
        "reminder_sheet": "not_yet",
        "urging_sheet": "not_yet",
        "supervision_sheet": "not_yet",
        "circular": "not_yet",
    }
    answer = run("urge", "--dry-run", at=at, lang="zh")
    assert "上次运行催办:从未" in answer.err
    assert "未到时间" in answer.out
    assert "发出" in answer.out
    urge(run, at)
    again = run("urge", "--dry-run", at=at, lang="en")
    assert "2026-11-23 17:30:00" in again.err
    assert "fired" in again.out
    then = judged(run, at + 60, "--as-of", "2026-11-23T16:45:00")
    assert {row["verdict"] for row in then if row["rung"] == "reminder"} == {"fires"}


def test_only_an_admin_runs_it_and_anybody_may_look(run: Run, quiet: City) -> None:
    at = on("2026-11-23 17:30")
    assert "run the ladder" in run("urge", login="d1", at=at, code=4).err
    run("urge", "--dry-run", login="d1", at=at)
    run("urge", "--as-of", "2026-11-23", at=at, code=2)
    assert "--send" in run("urge", "--send", "--dry-run", at=at, code=2).err


def test_a_suspended_matter_is_not_urged(run: Run, quiet: City) -> None:
    run("matter", "open", "finding", "--unit", "D1", "--title", "x", login="d1", at=AT)
    days = ("--from", "2026-11-24", "--to", "2026-11-27")
    run("matter", "suspend", "F-2026-0001", *days, "--reason", "鉴定", login="d1h", at=AT + 1)
    at = on("2026-11-25 10:00")
    assert not [row for row in judged(run, at) if row["id"].startswith("F-")]
    at = on("2026-11-30 10:00")
    assert [row for row in judged(run, at) if row["id"] == "F-2026-0001/stop"]


def test_a_stand_in_is_addressed_for_who_is_away(run: Run, quiet: City) -> None:
    days = ("--from", "2026-11-23", "--to", "2026-11-24")
    run("person", "stand-in", "d2", "d1", *days)
    (row,) = [r for r in urge(run, on("2026-11-23 16:35")) if r["unit"] == "D1"]
    (recipient,) = row["recipients"]
    assert (recipient["login"], recipient["stands_in_for"]) == ("d2", "d1")
    assert "West" not in row["text"]
    assert "东区联络员 (西区联络员 stands in)" in row["text"]


def test_an_addressee_whom_nobody_is(run: Run, quiet: City) -> None:
    fired = urge(run, on("2026-11-23 17:00"), lang="zh")
    (row,) = [row for row in fired if row["unit"] == "WATER" and row["rung"] == "urge"]
    assert [(to["role"], to["login"]) for to in row["recipients"]] == [
        ("liaison", "water"),
        ("deputy", None),
    ]
    assert "水务局副联络员(B岗)(未登记)" in row["text"]


def test_sheets_for_the_district_and_the_supervisors(run: Run, quiet: City) -> None:
    run("matter", "open", "lead", "--unit", "T1", "--title", "x", login="t1", at=AT)
    fired = urge(run, on("2026-12-02 10:00"))
    by_rung = {row["rung"]: row for row in fired if row["obligations"] == ["L-2026-0001/register"]}
    people = {
        rung: [(to["role"], to["login"]) for to in row["recipients"]]
        for rung, row in by_rung.items()
    }
    assert people == {
        "urge": [("liaison", "t1"), ("deputy", None)],
        "reminder_sheet": [("leader", None)],
        "urging_sheet": [("leader", None), ("district", "d1h")],
        "supervision_sheet": [("supervision", "landsup"), ("supervision", "sup")],
    }


def test_a_circular_names_all_units_at_once(run: Run, quiet: City) -> None:
    (circular,) = [row for row in urge(run, on("2026-12-01 09:00")) if row["rung"] == "circular"]
    assert (circular["unit"], circular["name"]) == (None, None)
    assert len(circular["obligations"]) == len(UNITS)
    assert circular["recipients"] == [
        {
            "role": "city",
            "unit": None,
            "login": None,
            "name": None,
            "phone": None,
            "stands_in_for": None,
        }
    ]
    assert (
        "1. East: daily report of 2026-11-23, due 2026-11-23 17:00, 7 d overdue"
        in (circular["text"])
    )


def test_three_missed_days_call_the_supervisors_at_once(run: Run, city: City) -> None:
    fired = urge(run, on("2026-11-18 23:59:59") + 1)
    sheets = [row for row in judged(run, on("2026-11-19 09:00")) if row["id"] == "R-20261118-D1"]
    assert {row["rung"]: row["verdict"] for row in sheets}["supervision_sheet"] == "fires"
    assert "supervision_sheet" not in {row["rung"] for row in fired}


@pytest.mark.parametrize("runs", [2, 4])
def test_runs_at_once_fire_nothing_twice(run: Run, city: City, runs: int) -> None:
    at = on("2026-11-23 17:00")
    expected = {(row["rung"], row["id"]) for row in judged(run, at) if row["verdict"] == "fires"}
    assert len(expected) > 50
    script = (
        "import sys, cli, commands.call\n"
        f"commands.call.now = lambda: {at}\n"
        f"commands.call.login = lambda: {ADMIN!r}\n"
        "print('ready', file=sys.stderr, flush=True)\n"
        f"sys.exit(cli.main(['--store', {str(city.path)!r}, 'urge', '-f', 'json']))\n"
    )
    with open_store(city.path) as store, store.connection.writing():
        # Nobody gets in before all stand at the door.
        started = [
            subprocess.Popen(
                [sys.executable, "-c", script],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(runs)
        ]
        for process in started:
            assert process.stderr is not None
            assert process.stderr.readline() == "ready\n"
    answers = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0] * runs, answers
    fired = [
        (row["rung"], owed)
        for out, _ in answers
        for row in json.loads(out)
        for owed in row["obligations"]
    ]
    assert len(fired) == len(set(fired))
    assert set(fired) == expected
    with open_store(city.path) as store:
        recorded = store.connection.row("SELECT COUNT(*) FROM urges")
    assert recorded == (len(expected),)


def test_help(run: Run) -> None:
    assert "--dry-run" in run("urge", "--help", lang="zh").out
    assert "timer" in run("urge", "--help").out
