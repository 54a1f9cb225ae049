from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.areas import LandClass
from domain.findings import Finding
from domain.reports import Content, ReportKind, Revision
from storage import reports
from storage.store import open_store
from tests.conftest import AT, STARTS, City, Run
from tests.matters_city import TODAY, ZONE, new_city

DAY = 86400


@pytest.fixture
def city(tmp_path: Path) -> City:
    new_city(tmp_path).close()
    return City(tmp_path / "city.db", AT, STARTS)


def read(run: Run, *words: str, **more: Any) -> Any:
    return json.loads(run(*words, "-f", "json", **more).out)


def test_everybody_is_there_tomorrow(run: Run, city: City) -> None:
    answer = run("gaps", lang="zh")
    assert (answer.out, answer.code) == ("", 0)
    assert "都有人负责" in answer.err
    assert read(run, "gaps", "--days", "5") == []


def test_a_unit_without_a_liaison_tomorrow(run: Run, city: City) -> None:
    run("person", "retire", "d2", "--date", "2026-11-24")
    assert read(run, "gaps") == []
    rows = read(run, "gaps", "--days", "3")
    assert [row["date"] for row in rows] == ["2026-11-25", "2026-11-26"]
    assert rows[0] == {
        "unit": "D2",
        "name": "西区",
        "date": "2026-11-25",
        "id": "R-20261125-D2",
        "kind": "report",
        "subject": "2026-11-25",
        "due_at": "2026-11-25T09:00:00Z",
        "why": "nobody",
    }
    assert "没有联络员" in run("gaps", "--days", "3", lang="zh").out
    assert "no liaison" in run("gaps", "--days", "3").out
    # An exempt day owes nothing.
    run("exempt", "add", "D2", "--from", "2026-11-25", "--reason", "x")
    assert [row["date"] for row in read(run, "gaps", "--days", "3")] == ["2026-11-26"]


def test_a_liaison_and_his_stand_in_are_both_away(run: Run, city: City) -> None:
    days = ("--from", "2026-11-24", "--to", "2026-11-24")
    run("person", "stand-in", "d2h", "d2", *days)
    assert read(run, "gaps") == []
    run("person", "retire", "d2h", "--date", "2026-11-23")
    (row,) = read(run, "gaps")
    assert (row["unit"], row["why"]) == ("D2", "away")
    assert "都不在" in run("gaps", lang="zh").out


def test_steps_that_fall_due_count_too(run: Run, city: City) -> None:
    run("matter", "open", "lead", "--unit", "T2", "--title", "举报", login="t2")
    run("person", "retire", "t2", "--date", "2026-11-23")
    (row,) = read(run, "gaps")
    assert (row["id"], row["kind"], row["date"]) == (
        "L-2026-0001/register",
        "step",
        "2026-11-24",
    )
    assert "L-2026-0001 登记(举报)" in run("gaps", lang="zh").out


def test_blind_spots(run: Run, city: City) -> None:
    assert [row["unit"] for row in read(run, "gaps", "blind")] == ["D1", "D2", "T1", "T1B", "T2"]
    run("file", "zero", "--unit", "D2", login="d2")
    lead = ("--unit", "D1", "--place", "T1", "--title", "x", "--location", "桥")
    run("matter", "open", "lead", *lead, login="d1")
    rows = read(run, "gaps", "blind")
    assert [row["unit"] for row in rows] == ["T1B", "T2"]
    assert rows[0] == {
        "unit": "T1B",
        "name": "东乡",
        "kind_of_unit": "town",
        "parent": "D1",
        "last_seen": None,
    }
    assert "从未" in run("gaps", "blind", lang="zh").out
    later = read(run, "gaps", "blind", "--days", "2", at=AT + 2 * DAY)
    assert {row["unit"]: row["last_seen"] for row in later}["T1"] == "2026-11-23"
    assert "T1" not in {
        row["unit"] for row in read(run, "gaps", "blind", "--days", "3", at=AT + 2 * DAY)
    }
    run("gaps", "blind", "--days", "0", code=2)


def test_networks_that_disagree(run: Run, city: City) -> None:
    run("file", "zero", "--unit", "D1", login="d1")
    assert read(run, "gaps", "networks") == []
    assert "agree" in run("gaps", "networks").err
    run("matter", "open", "finding", "--unit", "T1", "--title", "x", login="t1")
    (row,) = read(run, "gaps", "networks")
    assert (row["unit"], row["date"], row["recorded_by"]) == ("D1", "2026-11-23", "T1")
    assert row["networks"] == ["vertical"]
    assert "纵向" in run("gaps", "networks", lang="zh").out
    assert read(run, "gaps", "networks", "--to", "-1") == []
    assert read(run, "gaps", "networks", "--as-of", "2026-11-23T16:00:00") == []


def test_words(run: Run, city: City) -> None:
    assert "blind" in run("gaps", "blnd", code=2).err
    run("gaps", "--days", "2", "blind", code=2)
    for words in (("gaps",), ("gaps", "blind"), ("gaps", "networks")):
        for lang in ("zh", "en"):
            assert "--as-of" in run(*words, "--help", lang=lang).out


def test_unlikely_zeros_are_for_supervisors_alone(city: City, run: Run) -> None:
    """Sixty days of which a third had findings, then forty zeros."""
    found = (Finding(1, "村口", LandClass.CULTIVATED, 100, place="T1"),)
    rows = []
    for back in range(99, -1, -1):
        day = TODAY - timedelta(days=back)
        daily = back >= 40 and (back % 3 == 0 or back == 40)
        content = Content(ReportKind.DAILY, findings=found) if daily else Content(ReportKind.ZERO)
        rows.append(Revision("D1", day, 1, content, ZONE.start_of(day) + 3600))
    with open_store(city.path) as store, store.connection.writing():
        reports.add(store.connection, rows)
    (row,) = json.loads(run("gaps", "zeros", "-f", "json", login="sup").out)
    assert (row["unit"], row["zeros"], row["history"]) == ("D1", 40, 60)
    assert row["chance"] < 0.01
    assert "东区" in run("gaps", "zeros", login="sup", lang="zh").out
    for login in ("admin", "d1"):
        refused = run("gaps", "zeros", login=login, code=4)
        assert refused.out == ""
        assert "supervisors" in refused.err
    # On no sheet, and in no export of one.
    for words in (("assess", "-f", "json"), ("assess", "--unit", "D1"), ("gaps",)):
        assert "chance" not in run(*words).out
