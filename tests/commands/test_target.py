"""`lianluo target`: figures entered with their source, letters, and distances in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commands.target import FIELDS, HISTORY_FIELDS
from tests.conftest import AT, LIAISON, City, Run

SITE = (
    "location=村口,place=440111108,land_class=cultivated,area=1500,cultivated_area=1200,"
    "conforms_plan=no,key_project=no"
)


@pytest.fixture
def found(city: City, run: Run) -> City:
    """A report of today with a finding on 1,200 m² of cultivated land."""
    run("file", "daily", "--areas", "6/6", "--finding", SITE, login=LIAISON)
    return city


def read(run: Run, *words: str, **more: Any) -> dict[str, Any]:
    rows = json.loads(run("target", "list", "--unit", "440111", *words, "-f", "json", **more).out)
    assert all(tuple(row) == FIELDS for row in rows)
    return {row["target"]: row for row in rows}


def put(run: Run, *words: str, code: int = 0, **more: Any) -> str:
    answer = run("target", "set", "440111", *words, "--source", "统计月报", code=code, **more)
    return answer.out or answer.err


def test_the_line_is_met_and_touched(found: City, run: Run) -> None:
    assert read(run)["farmland"]["met"] is None
    said = put(run, "new_cultivated", "12亩")
    assert (
        said == "Recorded for Baiyun, 2026: newly occupied cultivated land 8,000 m² (revision 1).\n"
    )
    row = read(run)["farmland"]
    assert (row["part"], row["whole"], row["met"], row["touched"]) == (1200, 8000, True, True)
    shown = run("target", "list", "--unit", "440111").out
    assert "1,200/8,000 m² (15.0 %)" in shown
    assert "exactly 15 %: the city's target is met, and the national line is touched" in shown
    chinese = run("target", "list", "--unit", "440111", lang="zh").out
    assert "正好 15 %:达到市的指标,同时触及国家 15 % 线" in chinese


def test_the_distance_to_the_line(found: City, run: Run) -> None:
    put(run, "new_cultivated", "16266")
    assert "1,240 m² of cultivated land to the 15 % line" in run("target", "list").out
    assert "距 15 % 线还有 1,240 m² 耕地" in run("target", "list", lang="zh").out
    put(run, "new_cultivated", "7000", "--note", "更正", at=AT + 60)
    shown = run("target", "list", "--unit", "440111", at=AT + 60).out
    assert "not met, beyond the 15 % line" in shown
    assert "150 m² of cultivated land above it" in shown


def test_revisions_are_kept_and_the_past_reads_as_it_did(found: City, run: Run) -> None:
    put(run, "stability", "yes")
    refused = put(run, "stability", "no", code=4)
    assert "--note" in refused
    put(run, "stability", "no", "--note", "群体性事件", at=AT + 3600)
    assert read(run, at=AT + 3600)["stability"]["met"] is False
    then = ("--as-of", "2026-11-23T16:30:00")
    assert read(run, *then, at=AT + 7200)["stability"]["met"] is True
    rows = json.loads(run("target", "history", "-f", "json", at=AT + 3600).out)
    assert all(tuple(row) == HISTORY_FIELDS for row in rows)
    assert [(row["revision"], row["value"], row["note"]) for row in rows] == [
        (1, "1", ""),
        (2, "0", "群体性事件"),
    ]
    shown = run("target", "history", lang="zh", at=AT + 3600).out
    assert "群体性事件" in shown
    assert "保持稳定" in shown


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("stability", "maybe"), 2),
        (("new_cultivated", "many"), 2),
        (("weights", "1"), 2),
        (("stability", "yes", "--date", "2026-12-01"), 4),
        (("stability", "yes", "--year", "12"), 2),
    ],
)
def test_what_may_not_be_entered(city: City, run: Run, words: tuple[str, ...], code: int) -> None:
    put(run, *words, code=code)


def test_who_may_not_enter(city: City, run: Run) -> None:
    put(run, "stability", "yes", code=4, login=LIAISON)
    run("target", "set", "PLAN", "stability", "yes", "--source", "x", code=4)


def test_a_letter_and_what_became_of_it(found: City, run: Run) -> None:
    said = run(
        "target", "letter", "440111", "--signed-by", "区长", "--text", "守住耕地",
        "--promise", "closing=92", "--promise", "farmland=12.5", "--signed-on", "2026-03-01",
    )  # fmt: skip
    assert "responsibility letter of Baiyun for 2026 (revision 1)" in said.out
    put(run, "new_cultivated", "12000")
    row = read(run)["farmland"]
    assert (row["promised"], row["kept"]) == ("12.5", True)
    shown = run("target", "list", "--unit", "440111", lang="zh")
    assert "责任书承诺不高于 12.5 %:兑现" in shown.out
    assert "责任书:2026-03-01 区长 签订(第 1 版)" in shown.err
    run("target", "letter", "440111", "--signed-by", "区长", code=4)
    run("target", "letter", "440111", "--signed-by", "区长", "--promise", "x=1", code=2)


def test_every_district_in_registry_order(city: City, run: Run) -> None:
    rows = json.loads(run("target", "list", "-f", "json").out)
    units = list(dict.fromkeys(row["unit"] for row in rows))
    assert len(units) == 11
    assert len(rows) == 110
    # Guangzhou had twelve in 2010.
    old = json.loads(run("target", "list", "--year", "2010", "-f", "json").out)
    assert len({row["unit"] for row in old}) == 12
