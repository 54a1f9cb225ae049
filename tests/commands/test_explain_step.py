from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commands.completion import complete_matter, complete_obligation
from commands.parsing import root
from tests.conftest import AT, STARTS, ZONE, City, Run
from tests.matters_city import finding, new_city

HOUR = 3600
DAY = 86400
KEYS = [
    "id",
    "kind",
    "unit",
    "name",
    "subject",
    "as_of",
    "matter",
    "workflow",
    "title",
    "step",
    "light",
    "opened_at",
    "due_at",
    "first_due_at",
    "discharged_at",
    "suspended",
    "overdue_seconds",
    "overdue_days",
    "overdue_workdays",
    "rule",
    "days",
    "answers",
    "ladder",
    "holder",
    "contacts",
    "held",
]


@pytest.fixture
def city(tmp_path: Path) -> City:
    with new_city(tmp_path) as store:
        finding(store, AT)
    return City(tmp_path / "city.db", AT, STARTS)


def explain(run: Run, step: str, **more: Any) -> Any:
    return json.loads(run("explain", f"F-2026-0001/{step}", "-f", "json", **more).out)


def test_the_rule_its_source_and_every_day(run: Run, city: City) -> None:
    found = explain(run, "verify", at=AT + HOUR)
    assert list(found) == KEYS
    assert found["rule"] == {
        "limit": "3 workdays",
        "source": "local handbook: preliminary verification within 3 working days",
        "local_default": True,
        "effective_from": None,
        "effective_to": None,
    }
    assert [(day["date"], day["why"]) for day in found["days"]] == [
        ("2026-11-23", "anchor"),
        ("2026-11-24", "counted"),
        ("2026-11-25", "counted"),
        ("2026-11-26", "counted"),
    ]
    assert found["holder"] == "D1"
    assert found["contacts"]["liaison"]["login"] == "d1"
    assert found["held"] == [{"unit": "D1", "seconds": HOUR}]
    assert [rung["name"] for rung in found["ladder"]][:2] == ["reminder", "urge"]


def test_in_words_of_both_languages(run: Run, city: City) -> None:
    zh = run("explain", "F-2026-0001/verify", lang="zh").out
    for words in ("3 个工作日(本地默认)", "第 0 日,起算", "计入,3 天", "东区联络员", "催办步骤"):
        assert words in zh
    en = run("explain", "f-2026-0001/verify").out
    for words in ("3 working day(s) (local default)", "day 0", "counted, 3 days", "Whose turn"):
        assert words in en
    run("explain", "F-2026-0001/verify", terminal=True, lang="zh")


def test_skipped_days_say_why(run: Run, city: City) -> None:
    days = ("--from", "2026-11-24", "--to", "2026-11-25")
    run("matter", "suspend", "F-2026-0001", *days, "--reason", "鉴定", login="d1h")
    found = explain(run, "verify")
    assert [day["why"] for day in found["days"]] == [
        "anchor",
        "suspended",
        "suspended",
        "counted",
        "counted",
        "not_workday",
        "not_workday",
        "counted",
    ]
    assert (found["first_due_at"], found["due_at"]) == (
        "2026-11-26T15:59:59Z",
        "2026-11-30T15:59:59Z",
    )
    assert found["suspended"] is False
    during = explain(run, "verify", at=AT + DAY)
    assert during["suspended"] is True
    text = run("explain", "F-2026-0001/verify", at=AT + DAY, lang="zh").out
    for words in ("中止中", "不计,中止期间,2 天", "不计,非工作日 (周末)", "原期限", "鉴定"):
        assert words in text


def test_extensions_what_fired_and_who_held_the_clock(run: Run, city: City) -> None:
    extend = ("matter", "extend", "F-2026-0001", "verify")
    run(*extend, "--until", "2026-12-01", "--reason", "等鉴定", login="d1", at=AT + HOUR)
    run(*extend, "--grant", login="d1h", at=AT + HOUR)
    after = ZONE.parse("2026-12-02 09:00")
    run("urge", at=after)
    found = explain(run, "verify", at=after + 60)
    assert [entry["act"] for entry in found["answers"]] == ["ask_extension", "grant_extension"]
    assert found["due_at"] == "2026-12-01T15:59:59Z"
    assert found["light"] == "red"
    assert (found["overdue_days"], found["overdue_workdays"]) == (1, 1)
    fired = {rung["name"]: rung["fired_at"] for rung in found["ladder"]}
    assert fired["urge"] == "2026-12-02T01:00:00Z"
    assert fired["reminder_sheet"] is None
    text = run("explain", "F-2026-0001/verify", at=after + 60, lang="zh").out
    assert "已于 2026-12-02 09:00:00 发出" in text
    assert "申请延期  2026-12-01  等鉴定" in text


def test_as_it_was_known_then(run: Run, city: City) -> None:
    run("matter", "step", "F-2026-0001", "verify", login="d1", at=AT + HOUR)
    done = explain(run, "verify", at=AT + DAY)
    assert (done["discharged_at"], done["holder"], done["light"]) == (
        "2026-11-23T09:26:03Z",
        None,
        "green",
    )
    assert "办结" in run("explain", "F-2026-0001/verify", at=AT + DAY, lang="zh").out
    words = ("explain", "F-2026-0001/verify", "--as-of", "2026-11-23T16:30:00", "-f", "json")
    before = json.loads(run(*words, at=AT + DAY).out)
    assert (before["discharged_at"], before["holder"]) == (None, "D1")


def test_time_divides_among_unit_and_reviewer(run: Run, city: City) -> None:
    notice = ("notice", "issue", "D1", "--title", "x", "--text", "y")
    run(*notice, login="sup", at=AT)
    run("notice", "sign", "N-2026-0001", login="d1", at=AT + HOUR)
    run("notice", "reply", "N-2026-0001", "--text", "z", login="d1", at=AT + 2 * HOUR)
    words = ("explain", "N-2026-0001/review", "-f", "json")
    found = json.loads(run(*words, at=AT + 5 * HOUR).out)
    assert found["held"] == [
        {"unit": "D1", "seconds": 2 * HOUR},
        {"unit": "DISC", "seconds": 3 * HOUR},
    ]
    text = run("explain", "N-2026-0001/review", at=AT + 5 * HOUR, lang="zh").out
    assert "东区 2 小时 00 分、监察局 3 小时 00 分" in text


def test_a_date_set_by_hand(run: Run, city: City) -> None:
    words = ("--title", "x", "--text", "y", "--reply-by", "2026-12-01")
    run("notice", "issue", "D1", *words, login="sup")
    found = json.loads(run("explain", "N-2026-0001/reply", "-f", "json").out)
    assert found["rule"] is None
    assert found["days"][-1]["date"] == "2026-12-01"
    assert "由人指定" in run("explain", "N-2026-0001/reply", lang="zh").out


def test_steps_that_are_not_there(run: Run, city: City) -> None:
    for name in ("F-2026-0001/file", "F-2026-0001/jump", "F-2026-0002/stop", "F-2026-0001/stop#2"):
        run("explain", name, code=3)
    run("explain", "F-2026-0001/stop", "--as-of", "2026-11-22", code=3)


def test_due_lists_steps(run: Run, city: City) -> None:
    rows = json.loads(run("due", "--within", "4d", "--unit", "D1", "-f", "json").out)
    steps = [row for row in rows if row["kind"] == "step"]
    assert [row["subject"] for row in steps] == ["F-2026-0001/stop", "F-2026-0001/verify"]
    assert "核查 推土堆料" in run("due", "--within", "4d", "--unit", "D1", lang="zh").out


def test_completion_knows_matters_and_steps(
    run: Run, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.completion.now", lambda: AT + 10 * DAY)
    program: Any = root()
    with program.make_context("lianluo", ["--store", str(city.path), "board"]) as context:
        assert complete_matter(context, "f-") == ["F-2026-0001"]
        assert complete_matter(context, "L") == []
        assert complete_obligation(context, "F-2026-0001/ver") == ["F-2026-0001/verify"]
