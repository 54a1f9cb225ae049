from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import City, Run


def deadline(run: Run, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("deadline", *words, "-f", "json").out)
    return found


def test_check_of_the_rule(run: Run) -> None:
    found = deadline(run, "2023-10-01", "60 days")
    assert list(found) == ["due_at", "days"]
    assert found["due_at"] == "2023-11-30T15:59:59Z"
    assert found["days"][0] == {"date": "2023-10-01", "counted": False, "why": "anchor"}
    assert found["days"][1] == {"date": "2023-10-02", "counted": True, "why": "counted"}
    assert len(found["days"]) == 61


def test_workdays_pass_over_the_holiday(run: Run) -> None:
    found = deadline(run, "2026-09-29", "2 workdays")
    assert found["due_at"] == "2026-10-08T15:59:59Z"
    skipped = [day["date"] for day in found["days"] if day["why"] == "not_workday"]
    assert skipped == [f"2026-10-0{day}" for day in range(1, 8)]


def test_suspensions_and_rolling(run: Run) -> None:
    suspended = ("--suspend", "2026-09-02..2026-09-04", "--suspend", "2026-09-04..2026-09-05")
    found = deadline(run, "2026-09-01", "5天", *suspended)
    assert found["due_at"] == "2026-09-10T15:59:59Z"
    assert [day["why"] for day in found["days"]][1:5] == ["suspended"] * 4
    rolled = deadline(run, "2026-09-01", "1 months", "--roll")
    assert rolled["due_at"] == "2026-10-08T15:59:59Z"
    assert rolled["days"][-1]["why"] == "rolled"


def test_hours_need_the_time(run: Run) -> None:
    assert deadline(run, "2026-11-23T10:00", "24 hours")["due_at"] == "2026-11-24T02:00:00Z"
    assert deadline(run, "2026-11-23T10:00Z", "1小时")["due_at"] == "2026-11-23T11:00:00Z"
    assert "2026-11-23 17:00" in run("deadline", "2026-11-23", "24 hours", code=2).err


def test_anchor_may_be_named_from_today(run: Run) -> None:
    assert deadline(run, "-3", "1 days")["due_at"] == "2026-11-21T15:59:59Z"
    assert deadline(run, "today", "0 days")["due_at"] == "2026-11-23T15:59:59Z"


def test_table_says_why_in_words(run: Run) -> None:
    zh = run("deadline", "2026-09-30", "1个工作日", lang="zh").out.splitlines()
    assert zh[0] == "到期  2026-10-08 23:59:59"
    assert zh[2] == "计入 1 天,不计 7 天"
    assert "2026-10-01  星期四  不计,非工作日 (节假日)" in zh
    assert run("deadline", "2026-09-30", "1 days").out.startswith("Due    2026-10-01 23:59:59\n")
    header = run("deadline", "2026-09-30", "1 days", "-f", "csv").out.splitlines()
    assert header == ["date,counted,why", "2026-09-30,false,anchor", "2026-10-01,true,counted"]


def test_configuration_decides_without_a_store(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('timezone = "Europe/Berlin"\nextra_holidays = ["2026-11-24"]\n')
    words = ("deadline", "2026-11-23", "1 workdays", "-f", "json")
    found = json.loads(run("--config", str(path), *words).out)
    assert found["due_at"] == "2026-11-25T22:59:59Z"


def test_named_store_decides(run: Run, city: City) -> None:
    assert deadline(run, "2026-11-23", "1 workdays")["due_at"] == "2026-11-24T15:59:59Z"
    run("calendar", "add", "2026-11-24", "--holiday")
    assert deadline(run, "2026-11-23", "1 workdays")["due_at"] == "2026-11-25T15:59:59Z"


def test_unknown_year_says_so_once(run: Run) -> None:
    assert run("deadline", "2040-01-01", "3 workdays").err.count("2040") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("2023-10-01",),
        ("soon", "60 days"),
        ("2023-10-01", "60"),
        ("2023-10-01", "60 moons"),
        ("2023-10-01", "60 days", "--suspend", "2023-10-02"),
        ("2023-10-01", "60 days", "--suspend", "2023-10-03..2023-10-02"),
        ("9999-12-01", "60 days"),
    ],
)
def test_errors(run: Run, words: tuple[str, ...]) -> None:
    assert run("deadline", *words, code=2).err


def test_missing_store_is_not_found(run: Run, tmp_path: Path) -> None:
    run("deadline", "2023-10-01", "60 days", store=tmp_path / "none.db", code=3)
