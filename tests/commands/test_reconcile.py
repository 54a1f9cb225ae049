from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AT, STARTS, City, Run
from tests.matters_city import new_city

HOUR = 3600
KEYS = [
    "unit",
    "name",
    "date",
    "matter",
    "workflow",
    "title",
    "place",
    "location",
    "existed_since",
    "recorded_by",
]


@pytest.fixture
def city(tmp_path: Path) -> City:
    new_city(tmp_path).close()
    return City(tmp_path / "city.db", AT, STARTS)


@pytest.fixture
def contradicted(run: Run, city: City) -> City:
    """Return the city with a zero of D1 that a lead of its supervisor speaks against."""
    run("file", "zero", "--unit", "D1", "--areas", "6/6", login="d1")
    lead = ("--unit", "D1", "--place", "T1", "--title", "12336 来电", "--location", "村口")
    run("matter", "open", "lead", *lead, "--existed-since", "-1", login="landsup")
    return city


def read(run: Run, *words: str, **more: Any) -> Any:
    return json.loads(run(*words, "-f", "json", **more).out)


def test_a_rehearsal_lists_contradicted_zeros(run: Run, contradicted: City) -> None:
    rows = read(run, "reconcile", "--dry-run")
    assert [list(row) for row in rows] == [KEYS]
    assert rows[0] == {
        "unit": "D1",
        "name": "东区",
        "date": "2026-11-23",
        "matter": "L-2026-0001",
        "workflow": "lead",
        "title": "12336 来电",
        "place": "T1",
        "location": "村口",
        "existed_since": "2026-11-22",
        "recorded_by": "D1",
    }
    assert "12336 来电" in run("reconcile", "--dry-run", lang="zh").out
    assert read(run, "reconcile", "list") == []
    assert read(run, "reconcile", "--dry-run", "--unit", "D2") == []
    assert read(run, "reconcile", "--dry-run", "--to", "2026-11-22") == []
    assert read(run, "reconcile", "--dry-run", "--from", "-3", "--to", "today") == rows
    assert read(run, "reconcile", "--dry-run", "--as-of", "2026-11-22") == []


def test_an_explanation_is_asked_for_once(run: Run, contradicted: City) -> None:
    run("reconcile", login="d1", code=4)
    (opened,) = read(run, "reconcile")
    assert (opened["number"], opened["unit"], opened["parent"]) == (
        "Z-2026-0001",
        "D1",
        "L-2026-0001",
    )
    assert opened["due_at"] == "2026-11-26T15:59:59Z"
    assert read(run, "reconcile") == []
    answer = run("reconcile", lang="zh")
    assert (answer.out, answer.code) == ("", 0)
    assert "没有" in answer.err
    assert [row["number"] for row in read(run, "reconcile", "list", "--open")] == ["Z-2026-0001"]


def test_a_zero_is_explained_with_a_reason_and_in_words(run: Run, contradicted: City) -> None:
    run("reconcile")
    explain = ("reconcile", "explain", "z-2026-0001")
    run(*explain, "--reason", "tired", "--text", "x", login="d1", code=2)
    run(*explain, "--reason", "overlooked", "--text", " ", login="d1", code=4)
    run(*explain, "--text", "x", login="d1", code=2)
    run(*explain, "--reason", "overlooked", "--text", "x", login="d2", code=4)
    number = "Z-2026-0001"
    run("matter", "step", number, "explain", "--text", "x", login="d1", code=4)
    answer = run(
        *explain,
        "--reason",
        "not_visible",
        "--text",
        "围墙挡住",
        login="d1",
        at=AT + HOUR,
        lang="zh",
    )
    assert "巡查时看不到" in answer.out
    row = read(run, "matter", "show", number, at=AT + HOUR)
    assert row["closed_at"] == "2026-11-23T09:26:03Z"
    assert (row["entries"][-1]["reason"], row["entries"][-1]["text"]) == ("not_visible", "围墙挡住")
    assert "not visible" in run("matter", "show", number, at=AT + HOUR).out
    run(*explain, "--reason", "overlooked", "--text", "x", login="d1", at=AT + HOUR, code=4)
    assert read(run, "reconcile", "list", "--open", at=AT + HOUR) == []
    assert read(run, "overdue", "--kind", "step", "--unit", "D1", at=AT + HOUR) == []


def test_numbers_of_something_else(run: Run, contradicted: City) -> None:
    words = ("--reason", "overlooked", "--text", "x")
    assert "L-2026-0001" in run("reconcile", "explain", "L-2026-0001", *words, code=3).err
    run("reconcile", "explain", "Z-2026-0009", *words, code=3)


def test_words_before_a_command(run: Run, contradicted: City) -> None:
    assert "list" in run("reconcile", "--dry-run", "list", code=2).err
    run("reconcile", "--as-of", "2026-11-22", code=2)
    assert "explain" in run("reconcile", "explian", code=2).err
    for lang in ("zh", "en"):
        page = run("reconcile", "--help", lang=lang).out
        assert "--dry-run" in page
        assert "explain" in page
    assert "[COMMAND …]" in run("reconcile", "--help").out
