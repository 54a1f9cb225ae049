from __future__ import annotations

import json

import pytest

from tests.conftest import LIAISON, City, Run

TOWN = "440111103"


def statuses(run: Run, unit: str) -> dict[str, str]:
    words = ("--unit", unit, "--from", "2026-11-16", "--to", "2026-11-24", "-f", "json")
    return {row["date"]: row["status"] for row in json.loads(run("board", *words).out)}


def test_empty_list_says_what_holds_instead(run: Run, city: City) -> None:
    answer = run("schedule", "list", lang="zh")
    assert answer.out == ""
    assert "责任单位 工作日、区(县级市) 每日" in answer.err
    assert "本地默认" in answer.err
    assert json.loads(run("schedule", "list", "-f", "json").out) == []


def test_added_schedule_holds_from_today(run: Run, city: City) -> None:
    words = ("人和镇", "--days", "daily", "--cutoff", "18:30", "--late-until", "+1d 12:00")
    assert "is written" in run("schedule", "add", *words).err
    rows = json.loads(run("schedule", "list", "-f", "json").out)
    assert rows == [
        {
            "unit": TOWN,
            "days": "daily",
            "cutoff": "18:30",
            "late_until": "+1d 12:00",
            "valid_from": "2026-11-23",
            "valid_to": None,
        }
    ]
    assert statuses(run, TOWN) == {"2026-11-23": "pending", "2026-11-24": "pending"}
    assert "+1d 12:00" in run("schedule", "list", "--under", "白云区", "--date", "today").out
    assert json.loads(run("schedule", "list", "--date", "-1", "-f", "json").out) == []


def test_past_days_change_only_when_restated(run: Run, city: City) -> None:
    words = ("schedule", "add", TOWN, "--days", "daily", "--from", "2026-11-21")
    run(*words)
    assert set(statuses(run, TOWN)) == {"2026-11-23", "2026-11-24"}
    rehearsed = json.loads(run(*words, "--restate", "--dry-run", "-f", "json").out)
    assert rehearsed == [
        {
            "unit": TOWN,
            "name": "人和镇",
            "date": f"2026-11-{day}",
            "before": "not_expected",
            "after": "missed",
        }
        for day in (21, 22)
    ]
    assert set(statuses(run, TOWN)) == {"2026-11-23", "2026-11-24"}
    assert json.loads(run(*words, "--restate", "-f", "json").out) == rehearsed
    assert statuses(run, TOWN)["2026-11-21"] == "missed"


def test_restate_lists_then_applies(run: Run, city: City) -> None:
    run("schedule", "add", TOWN, "--days", "daily", "--from", "2026-11-16")
    words = ("schedule", "restate", "--from", "2026-11-20", "--to", "2026-11-21", "--unit", TOWN)
    lines = run(*words, lang="zh").out.splitlines()
    assert lines[0].split() == ["代码", "单位", "日期", "原状态", "新状态"]
    assert lines[1].split() == [TOWN, "人和镇", "2026-11-20", "不需报", "未报"]
    assert len(lines) == 3
    assert "2026-11-19" not in statuses(run, TOWN)
    answer = run(*words)
    assert answer.out == ""
    assert "No day's status changes." in answer.err


def test_restating_the_past_asks_at_a_terminal(
    run: Run, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Keyboard:
        def __init__(self, answer: str) -> None:
            self.answer = answer

        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return self.answer

    run("schedule", "add", TOWN, "--days", "daily", "--from", "2026-11-20")
    words = ("schedule", "restate", "--from", "2026-11-20", "--under", "白云区")
    monkeypatch.setattr("sys.stdin", Keyboard("\n"))
    answer = run(*words, terminal=True)
    assert "Write it?" in answer.err
    assert "Nothing was written." in answer.err
    assert "2026-11-20" not in statuses(run, TOWN)
    monkeypatch.setattr("sys.stdin", Keyboard("y\n"))
    run(*words, terminal=True)
    assert statuses(run, TOWN)["2026-11-20"] == "missed"


def test_ended_schedule_leaves_the_default(run: Run, city: City) -> None:
    run("schedule", "add", TOWN, "--days", "workdays")
    run("schedule", "end", TOWN)
    assert statuses(run, TOWN) == {"2026-11-23": "pending"}
    assert "no schedule of its own" in run("schedule", "end", TOWN, "--date", "-1", code=3).err


def test_errors(run: Run, city: City) -> None:
    add = ("schedule", "add", TOWN)
    assert run(*add, code=2).err
    assert run(*add, "--days", "weekly", code=2).err
    assert run(*add, "--days", "daily", "--cutoff", "25:00", code=2).err
    assert run(*add, "--days", "daily", "--late-until", "soon", code=2).err
    assert run(*add, "--days", "daily", "--to", "2026-11-01", code=4).err
    assert run("schedule", "add", "火星", "--days", "daily", code=3).err
    assert run(*add, "--days", "daily", login=LIAISON, code=4).err
    assert run("schedule", "restate", code=2).err
    assert run("schedule", "restate", "--from", "today", "--to", "-3", code=4).err
    assert run("schedule", "restate", "--from", "-3", login=LIAISON, code=4).err
