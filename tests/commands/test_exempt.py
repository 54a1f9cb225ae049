from __future__ import annotations

import json

from tests.conftest import ADMIN, LIAISON, City, Run

RANGE = ("--from", "2026-11-18", "--to", "2026-11-20")


def status(run: Run, day: str) -> str:
    words = ("board", day, "--unit", "440111", "-f", "json")
    return str(json.loads(run(*words).out)[0]["status"])


def test_added_exemption_lists_what_it_changes(run: Run, city: City) -> None:
    words = ("exempt", "add", "白云区", *RANGE, "--reason", "机房检修", "-f", "json")
    rehearsed = json.loads(run(*words, "--dry-run").out)
    assert [(row["date"], row["before"], row["after"]) for row in rehearsed] == [
        ("2026-11-18", "missed", "exempt"),
        ("2026-11-19", "missed", "exempt"),
        ("2026-11-20", "missed", "exempt"),
    ]
    assert status(run, "2026-11-18") == "missed"
    assert json.loads(run(*words).out) == rehearsed
    assert status(run, "2026-11-18") == "exempt"
    assert json.loads(run("exempt", "list", "-f", "json").out) == [
        {
            "unit": "440111",
            "from": "2026-11-18",
            "to": "2026-11-20",
            "reason": "机房检修",
            "approved_by": ADMIN,
        }
    ]


def test_withdrawn_exemption_gives_the_days_back(run: Run, city: City) -> None:
    approved = ("--approved-by", "分管负责人")
    run("exempt", "add", "白云区", *RANGE, "--reason", "机房检修", *approved)
    assert "分管负责人" in run("exempt", "list", lang="zh").out
    run("exempt", "withdraw", "白云区", "--from", "2026-11-18")
    assert status(run, "2026-11-18") == "missed"
    answer = run("exempt", "list")
    assert (answer.out, answer.err) == ("", "There is no exemption.\n")


def test_list_of_a_day(run: Run, city: City) -> None:
    run("exempt", "add", "白云区", *RANGE, "--reason", "机房检修")
    for day, count in (("2026-11-17", 0), ("2026-11-18", 1), ("2026-11-20", 1), ("-1", 0)):
        assert len(json.loads(run("exempt", "list", "--date", day, "-f", "json").out)) == count


def test_several_from_one_day_need_the_last(run: Run, city: City) -> None:
    run("exempt", "add", "白云区", "--from", "-3", "--reason", "一")
    run("exempt", "add", "白云区", "--from", "-3", "--to", "-1", "--reason", "二")
    withdraw = ("exempt", "withdraw", "白云区", "--from", "-3")
    assert "2026-11-20, 2026-11-22" in run(*withdraw, code=2).err
    run(*withdraw, "--to", "-1")
    assert status(run, "2026-11-20") == "exempt"
    assert status(run, "2026-11-22") == "missed"


def test_errors(run: Run, city: City) -> None:
    add = ("exempt", "add", "白云区", *RANGE)
    assert run(*add, code=2).err
    assert "needs a reason" in run(*add, "--reason", " ", code=4).err
    assert run(*add, "--reason", "x", login=LIAISON, code=4).err
    backwards = ("--from", "today", "--to", "-1", "--reason", "x")
    assert run("exempt", "add", "白云区", *backwards, code=4).err
    assert run("exempt", "add", "火星", "--from", "today", "--reason", "x", code=3).err
    assert run("exempt", "withdraw", "白云区", "--from", "today", code=3).err
