from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AT, STARTS, City, Run
from tests.matters_city import new_city

DAY = 86400
ISSUE = ("notice", "issue", "D1", "--title", "未报日报", "--text", "请说明原因")


@pytest.fixture
def city(tmp_path: Path) -> City:
    new_city(tmp_path).close()
    return City(tmp_path / "city.db", AT, STARTS)


def read(run: Run, *words: str, **more: Any) -> Any:
    return json.loads(run(*words, "-f", "json", **more).out)


def show(run: Run, number: str, **more: Any) -> Any:
    return read(run, "matter", "show", number, **more)


def test_a_notice_from_issue_to_review(run: Run, city: City) -> None:
    (notice,) = read(run, *ISSUE, login="sup")
    assert (notice["number"], notice["unit"], notice["issuer"]) == ("N-2026-0001", "D1", "DISC")
    assert [row["step"] for row in notice["open"]] == ["sign", "reply"]
    assert notice["due_at"] == "2026-11-24T15:59:59Z"
    assert "N-2026-0001" in run("notice", "sign", "n-2026-0001", login="d1", lang="zh").out
    run("notice", "reply", "N-2026-0001", "--text", "已补报", login="d1b")
    waiting = show(run, "N-2026-0001")
    assert [(row["step"], row["unit"]) for row in waiting["open"]] == [("review", "DISC")]
    run("notice", "review", "N-2026-0001", "--accept", login="sup")
    assert show(run, "N-2026-0001")["closed_at"] is not None
    assert read(run, "notice", "list", "--open") == []
    (listed,) = read(run, "notice", "list", "--closed")
    assert (listed["number"], listed["outcome"]) == ("N-2026-0001", None)


def test_a_returned_reply_is_replied_to_again(run: Run, city: City) -> None:
    run(*ISSUE, login="sup")
    number = "N-2026-0001"
    run("notice", "sign", number, login="d1")
    run("notice", "reply", number, "--text", "知道了", login="d1")
    run("notice", "review", number, "--return", login="sup", code=4)
    answer = run(
        "notice", "review", number, "--return", "--text", "没有原因", login="sup", lang="zh"
    )
    assert "退回" in answer.out
    row = show(run, number)
    assert [each["id"] for each in row["open"]] == [f"{number}/reply#2"]
    assert [each["progress"] for each in row["steps"]] == [
        "done",
        "done",
        "returned",
        "open",
        "waiting",
    ]
    run("notice", "reply", number, "--text", "网络故障,已修复", login="d1")
    run("notice", "review", number, "--accept", login="sup")
    assert show(run, number)["closed_at"] is not None


def test_who_may_do_what(run: Run, city: City) -> None:
    run(*ISSUE, login="d1", code=4)
    run(*ISSUE, login="disc", code=4)
    run("notice", "issue", "D2", "--title", "x", "--text", "y", login="landsup", code=4)
    assert (
        "督导"
        in run(*("notice", "issue", "WATER", "--title", "x", "--text", "y"), lang="zh", code=4).err
    )
    run(*ISSUE, login="sup")
    number = "N-2026-0001"
    run("notice", "sign", number, login="d2", code=4)
    run("notice", "sign", number, login="sup", code=4)
    run("notice", "reply", number, "--text", " ", login="d1", code=4)
    run("notice", "review", number, "--accept", login="sup", code=4)
    run("notice", "reply", number, "--text", "已办", code=0)
    run("notice", "review", number, "--accept", login="d1", code=4)
    assert "another person" in run("notice", "review", number, "--accept", code=4).err
    # Who signs after the reply does not make the replier a second person.
    run("notice", "sign", number, login="d1")
    run("notice", "review", number, "--accept", code=4)
    run("notice", "review", number, "--accept", login="sup")
    run("notice", "reply", number, "--text", "x", login="d1", code=4)


def test_words_and_numbers_that_are_wrong(run: Run, city: City) -> None:
    run(*ISSUE, login="sup")
    run("notice", "review", "N-2026-0001", login="sup", code=2)
    run("notice", "review", "N-2026-0001", "--accept", "--return", login="sup", code=2)
    run("notice", "sign", "N-2026-0009", code=3)
    run("matter", "open", "finding", "--unit", "D1", "--title", "x", login="d1")
    assert "F-2026-0001" in run("notice", "sign", "F-2026-0001", login="d1", code=3).err
    run("notice", "issue", "--title", "x", "--text", "y", login="sup", code=2)
    run(*ISSUE, "--missed", "3", login="sup", code=2)
    run(*ISSUE, "--under", "C", login="sup", code=2)
    run(*ISSUE[:-1], " ", login="sup", code=4)
    run("notice", "issue", "D1", "--text", "y", login="sup", code=2)
    run("notice", "issue", "--missed", "0", "--title", "x", "--text", "y", code=2)
    run("notice", "issue", "D1", "nowhere", "--title", "x", "--text", "y", login="sup", code=3)
    assert len(read(run, "notice", "list")) == 1


def test_a_date_on_the_notice_wins(run: Run, city: City) -> None:
    run(*ISSUE, "--reply-by", "2026-12-01", login="sup")
    row = next(each for each in show(run, "N-2026-0001")["steps"] if each["step"] == "reply")
    assert (row["due_at"], row["limit"]) == ("2026-12-01T15:59:59Z", None)
    assert "单上写明的日期" in run("matter", "show", "N-2026-0001", lang="zh").out
    run(*ISSUE, "--reply-by", "2026-11-20", login="sup", code=4)


def test_to_all_that_missed_so_many_days(run: Run, city: City) -> None:
    issue = ("notice", "issue", "--missed", "3", "--title", "连续未报", "--text", "请说明")
    for day in ("2026-11-20", "2026-11-21", "2026-11-22"):
        run("file", "zero", "--unit", "D2", "--date", day, login="d2")
    rehearsed = run(*issue, "--dry-run", "-f", "json", login="sup")
    assert json.loads(rehearsed.out) == [{"unit": "D1", "name": "东区", "issuer": "DISC"}]
    assert "supervise" in rehearsed.err
    assert read(run, "notice", "list") == []
    assert "东区" in run(*issue, "--dry-run", login="sup", lang="zh").out
    issued = read(run, *issue, login="sup")
    assert [(row["number"], row["unit"]) for row in issued] == [("N-2026-0001", "D1")]
    everybody = read(run, *issue, "--dry-run")
    assert [row["unit"] for row in everybody] == ["POWER", "D1"]
    assert [row["unit"] for row in read(run, *issue, "--dry-run", "--under", "D1")] == ["D1"]


def test_nobody_missed_so_many_days(run: Run, city: City) -> None:
    issue = ("notice", "issue", "--missed", "30", "--title", "x", "--text", "y")
    answer = run(*issue, lang="zh")
    assert (answer.out, answer.code) == ("", 0)
    assert "未发督办单" in answer.err
    assert read(run, *issue) == []


def test_a_rehearsal_checks_who_may_issue(run: Run, city: City) -> None:
    run(*ISSUE, "--dry-run", login="d1", code=4)
    run(*ISSUE, "--dry-run", login="sup")
    assert read(run, "notice", "list") == []
    run(*ISSUE, login="sup")
    assert read(run, "notice", "list")[0]["number"] == "N-2026-0001"


def test_a_unit_named_twice_gets_one(run: Run, city: City) -> None:
    both = read(
        run, "notice", "issue", "D1", "东区", "D2", "--title", "x", "--text", "y", login="sup"
    )
    assert [row["unit"] for row in both] == ["D1", "D2"]


def test_lists_of_notices(run: Run, city: City) -> None:
    run(*ISSUE, login="sup")
    run(*ISSUE, login="landsup")
    run("notice", "issue", "D2", "--title", "x", "--text", "y", login="sup")

    def numbers(*words: str) -> list[str]:
        return [row["number"] for row in read(run, "notice", "list", *words)]

    assert numbers() == ["N-2026-0001", "N-2026-0002", "N-2026-0003"]
    assert numbers("--unit", "D1") == ["N-2026-0001", "N-2026-0002"]
    assert numbers("--issuer", "国土局") == ["N-2026-0002"]
    assert numbers("--as-of", "2026-11-22") == []
    assert "签收、回复" in run("notice", "list", lang="zh").out
    assert run("notice", "list", "--closed").err == "There is no notice.\n"


def test_an_unanswered_notice_is_overdue(run: Run, city: City) -> None:
    run(*ISSUE, login="sup")
    late = AT + 5 * DAY
    rows = read(run, "overdue", "--kind", "step", at=late)
    assert [(row["id"], row["unit"], row["light"]) for row in rows] == [
        ("N-2026-0001/sign", "D1", "red"),
        ("N-2026-0001/reply", "D1", "red"),
    ]
    assert "签收 未报日报" in run("overdue", "--kind", "step", at=late, lang="zh").out
    run("overdue", "--kind", "step", "--check", at=late, code=1)
    run("overdue", "--kind", "step", "--check", code=0)


def test_help(run: Run) -> None:
    for word in ("issue", "list", "sign", "reply", "review"):
        for lang in ("zh", "en"):
            assert f"lianluo notice {word}" in run("notice", word, "--help", lang=lang).out
