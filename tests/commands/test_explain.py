from __future__ import annotations

import json

import pytest

from domain.errors import Exit
from tests.conftest import LIAISON, City, Run


def test_json(run: Run, city: City) -> None:
    found = json.loads(run("explain", "R-20261120-440111", "-f", "json").out)
    assert list(found) == [
        "id",
        "kind",
        "unit",
        "name",
        "subject",
        "as_of",
        "status",
        "light",
        "opened_at",
        "due_at",
        "missed_at",
        "locks_at",
        "discharged_at",
        "exempt",
        "overdue_seconds",
        "overdue_days",
        "overdue_workdays",
        "rule",
        "days",
        "ladder",
        "holder",
        "contacts",
    ]
    assert found["status"] == "missed"
    assert found["rule"] == {"days": "daily", "local_default": True}
    assert found["days"] == [
        {"date": "2026-11-20", "counted": False, "why": "workday"},
        {"date": "2026-11-21", "counted": False, "why": "weekend"},
        {"date": "2026-11-22", "counted": False, "why": "weekend"},
        {"date": "2026-11-23", "counted": True, "why": "workday"},
    ]
    assert (found["overdue_days"], found["overdue_workdays"]) == (3, 1)
    assert [rung["name"] for rung in found["ladder"]][:2] == ["reminder", "urge"]
    assert found["ladder"][2]["planned_at"] == "2026-11-23T09:00:00Z"
    assert found["holder"] == "440111"
    assert found["contacts"]["liaison"] == {
        "login": LIAISON,
        "name": "白云区联络员",
        "phone": "020-10000001",
    }


def test_page_in_both_languages(run: Run, city: City) -> None:
    page = run("explain", "r-20261120-440111", lang="zh").out
    for words in (
        "R-20261120-440111  白云区  日报 2026-11-20",
        "未报  红 R",
        "报送日:每日;来源:本地默认,非官方规定",
        "分管负责人 白云区分管负责人 020-10000003",
        "逾期      3 天(其中 1 个工作日)",
        "2026-11-21 星期六  不计  周末",
        "2026-11-23 17:00:00  提醒单(蓝) → 分管负责人",
    ):
        assert words in page
    english = run("explain", "R-20261120-440111").out
    assert "missed  red R" in english
    assert "2026-11-23 Monday    counted  working day" in english


def test_a_day_that_was_filed_is_nobodys_turn(run: Run, city: City) -> None:
    run("file", "zero", "--date", "-3", login=LIAISON)
    words = ("explain", "R-20261120-440111", "-f", "json")
    found = json.loads(run(*words).out)
    assert (found["holder"], found["status"], found["overdue_seconds"]) == (None, "made_up", 0)
    assert found["discharged_at"] == "2026-11-23T08:26:03Z"
    before = json.loads(run(*words, "--as-of", "2026-11-20T08:30:00Z").out)
    assert (before["status"], before["light"], before["discharged_at"]) == (
        "pending",
        "amber",
        None,
    )
    assert "nobody owes this day" in run("explain", "R-20261120-440111").out


@pytest.mark.parametrize(
    "name", ["R-20261115-440111", "R-20261121-PLAN", "R-20261399-440111", "nonsense", ""]
)
def test_unknown_obligation(run: Run, city: City, name: str) -> None:
    answer = run("explain", name, code=Exit.NOT_FOUND)
    assert "R-20261104-440111" in answer.err
