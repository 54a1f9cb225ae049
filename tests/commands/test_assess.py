"""`lianluo assess`: sheets, rows, remarks and scores, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest

from actions.schedules import adopt_rules
from commands.assess_records import FIELDS, ROW_FIELDS
from domain.figures import FigureKey
from domain.people import Actor
from domain.scoring import Assessment, Deduction
from domain.settings import CityRules
from domain.targets import TargetKey
from storage.store import open_store
from tests.conftest import ADMIN, AT, LIAISON, PLANNER, STARTS, ZONE, City, Run

DAY = 86400


@pytest.fixture
def filed(city: City, run: Run) -> City:
    """A week of Baiyun: on time but for one day late, and one missed."""
    for back in range(7, 0, -1):
        day = date(2026, 11, 23) - timedelta(days=back)
        if day < STARTS or back == 3:
            continue
        clock = "18:00" if back == 5 else "16:00"
        run(
            "file", "zero", "--date", str(day), "--areas", "6/6",
            at=ZONE.parse(f"{day} {clock}"), login=LIAISON,
        )  # fmt: skip
    return city


def read(run: Run, *words: str, **more: Any) -> Any:
    return json.loads(run("assess", *words, "-f", "json", **more).out)


def test_the_sheet_of_a_unit(filed: City, run: Run) -> None:
    rows = {row["figure"]: row for row in read(run, "--unit", "白云区")}
    assert (rows["reporting"]["part"], rows["reporting"]["whole"]) == (6, 7)
    assert (rows["on_time"]["part"], rows["on_time"]["whole"]) == (5, 7)
    assert rows["on_time"]["beside"] == {"late": 1, "made_up": 0, "missing": 1}
    assert rows["zero"]["rate"] == 1.0
    assert rows["steps"]["rate"] is None
    assert rows["reporting"]["period"] == "2026H2"
    assert rows["filing"]["period"] == "2026"
    assert rows["filing"]["met"] is None
    for row in rows.values():
        assert tuple(row) == FIELDS


def test_people_read_it_in_both_languages(filed: City, run: Run) -> None:
    shown = run("assess", "--unit", "440111")
    assert "6/7 (85.7 %)" in shown.out
    assert "missing 1" in shown.out
    assert "Farmland ratio" in shown.out
    assert "Baiyun  second half of 2026" in shown.err
    chinese = run("assess", "--unit", "440111", lang="zh")
    assert "报送率" in chinese.out
    assert "2026 年下半年" in chinese.err
    assert "新增占用耕地总面积未填报" in chinese.out


def test_all_units_stand_in_registry_order_with_their_sum(filed: City, run: Run) -> None:
    lines = run("assess", lang="zh").out.splitlines()
    assert lines[1].startswith("市纪委监察局")
    assert lines[-1].startswith("合计")
    codes = list(dict.fromkeys(row["unit"] for row in read(run)))
    with open_store(filed.path) as store:
        order = [
            row[0] for row in store.connection.rows("SELECT code FROM units ORDER BY position")
        ]
    assert codes == [code for code in order if code in codes]
    assert {row["figure"] for row in read(run, "--unit", "PLAN")} == set(FigureKey)


def test_csv_has_the_same_columns(filed: City, run: Run) -> None:
    text = run("assess", "--unit", "440111", "-f", "csv").out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == FIELDS
    assert json.loads(rows[0]["beside"])["missing"] == 1


def test_rows_behind_a_figure(filed: City, run: Run) -> None:
    rows = read(run, "rows", "on_time", "--unit", "440111")
    assert tuple(rows[0]) == ROW_FIELDS
    assert sum(row["part"] for row in rows) == 5
    assert sum(row["whole"] for row in rows) == 7
    assert [row["state"] for row in rows if row["whole"] and not row["part"]] == ["late", "missed"]
    again = json.loads(run("assess", "--rows", "on_time", "--unit", "440111", "-f", "json").out)
    assert again == rows
    assert "late" in run("assess", "rows", "on_time", "--unit", "440111").out
    assert read(run, "rows", "closing", "--unit", "440111") == []


def test_a_past_day_is_as_it_was(filed: City, run: Run) -> None:
    then = read(run, "--unit", "440111", "--as-of", "2026-11-19T12:00:00")
    late = read(run, "--unit", "440111", "--as-of", "2026-11-19T12:00:00", at=AT + 30 * DAY)
    assert then == late
    assert then[0]["whole"] == 3


def test_another_period(filed: City, run: Run) -> None:
    # Nobody was expected before the city began: what is left are the year's targets.
    assert {row["figure"] for row in read(run, "--period", "2026H1")} == set(TargetKey)
    year = {row["figure"]: row for row in read(run, "--period", "2026", "--unit", "440111")}
    assert year["reporting"]["whole"] == 7
    assert run("assess", "--period", "2010H5", code=2).err.startswith('"2010H5" is no period')


def test_a_remark_travels(filed: City, run: Run) -> None:
    said = run(
        "assess", "remark", "440111", "on_time", "--text", "道路中断", "--row",
        "R-20261120-440111", login=LIAISON,
    )  # fmt: skip
    assert said.out == "Remark 1 recorded: Baiyun, On-time rate (second half of 2026).\n"
    rows = {row["figure"]: row for row in read(run, "--unit", "440111")}
    (remark,) = rows["on_time"]["remarks"]
    assert (remark["row"], remark["text"], remark["login"]) == (
        "R-20261120-440111",
        "道路中断",
        LIAISON,
    )
    behind = {row["id"]: row for row in read(run, "rows", "on_time", "--unit", "440111")}
    assert behind["R-20261120-440111"]["remarks"] == [remark]
    assert "道路中断" in run("assess", "--unit", "440111").err
    assert rows["reporting"]["remarks"] == []


def test_what_a_remark_may_not_be(filed: City, run: Run) -> None:
    words = ("assess", "remark", "440111", "on_time", "--text", "x")
    run(*words, login=PLANNER, code=4)
    run(*words, "--row", "R-20261120-440112", login=LIAISON, code=3)
    refused = run("assess", "remark", "440111", "marks", "--text", "x", login=LIAISON, code=3)
    assert "closing" in refused.err
    run("assess", "rows", "marks", code=3)
    run("assess", "--unit", "440111", "rows", "steps", code=2)


def test_scores_are_off_and_derived_where_they_are_on(filed: City, run: Run) -> None:
    off = run("assess", "score")
    assert off.out == ""
    assert "does not score" in off.err
    assert json.loads(run("assess", "score", "-f", "json").out) == []
    rules = CityRules(assessment=Assessment(True, 100, (Deduction(FigureKey.ON_TIME, 150, 200),)))
    with open_store(filed.path) as store:
        adopt_rules(store, Actor(ADMIN, ADMIN, "host"), rules, AT)
    rows = json.loads(run("assess", "score", "--unit", "440111", "-f", "json").out)
    assert [(row["figure"], row["failing"], row["taken"], row["score"]) for row in rows] == [
        ("on_time", 2, "2", None),
        (None, None, None, "98"),
    ]
    shown = run("assess", "score", "--unit", "440111", lang="zh")
    assert "本地默认,非官方规定" in shown.err
    sheet = run("assess", "--unit", "440111")
    assert "On-time rate: 2 failing x 1.5, 2 at most = 2 off" in sheet.err
    assert "Score 98 of 100 (a local default" in sheet.err
