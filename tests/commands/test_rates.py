from __future__ import annotations

import json

import pytest

from domain.errors import Exit
from domain.rates import shown
from tests.conftest import AT, LIAISON, PLANNER, City, Run

RANGE = ("--from", "2026-11-16", "--to", "today")
KEYS = [
    "group",
    "expected",
    "received",
    "on_time",
    "late",
    "made_up",
    "missing",
    "pending",
    "exempt",
    "zero",
    "reporting_rate",
    "on_time_rate",
    "missing_rate",
    "zero_share",
]


@pytest.fixture
def filed(run: Run, city: City) -> None:
    run("file", "zero", "--date", "-3", login=LIAISON)
    run("file", "daily", "--date", "-1", "--summary", "x", login=LIAISON)
    run("file", "zero", login=PLANNER)


@pytest.mark.usefixtures("filed")
def test_json_is_the_contract(run: Run, city: City) -> None:
    rows = json.loads(run("rates", *RANGE, "--unit", "440111", "-f", "json").out)
    assert list(rows[0].items()) == [
        ("group", "440111"),
        ("expected", 7),
        ("received", 2),
        ("on_time", 0),
        ("late", 0),
        ("made_up", 2),
        ("missing", 5),
        ("pending", 1),
        ("exempt", 0),
        ("zero", 1),
        ("reporting_rate", 2 / 7),
        ("on_time_rate", 0.0),
        ("missing_rate", 5 / 7),
        ("zero_share", 0.5),
    ]


def test_nothing_expected_is_no_value(run: Run, city: City) -> None:
    words = ("rates", "--from", "today", "--to", "today", "--unit", "PLAN")
    (row,) = json.loads(run(*words, "-f", "json").out)
    assert [row[key] for key in KEYS[-4:]] == [None] * 4
    assert row["pending"] == 1
    assert run(*words).out.splitlines()[1].split()[1:6].count("—") == 4


@pytest.mark.usefixtures("filed")
@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("network", ["horizontal", "vertical", "supervision"]),
        ("month", ["2026-11"]),
        ("day", [f"2026-11-{day}" for day in range(16, 24)]),
    ],
)
def test_groups(run: Run, city: City, by: str, groups: list[str]) -> None:
    rows = json.loads(run("rates", *RANGE, "--by", by, "-f", "json").out)
    assert [row["group"] for row in rows] == groups
    assert [list(row) for row in rows] == [KEYS] * len(rows)


@pytest.mark.usefixtures("filed")
def test_table_prints_x_of_y_and_a_total(run: Run, city: City) -> None:
    lines = run("rates", *RANGE, "--by", "district", lang="zh").out.splitlines()
    assert [line for line in lines if line.startswith("白云区") and "2/7 (28.6 %)" in line]
    assert lines[-1].startswith("合计")
    networks = run("rates", *RANGE, "--by", "network", lang="zh").out
    assert "横向联动网络" in networks
    assert "合计" not in networks


@pytest.mark.usefixtures("filed")
def test_as_of(run: Run, city: City) -> None:
    words = ("rates", *RANGE, "--unit", "440111", "-f", "json")
    (row,) = json.loads(run(*words, "--as-of", "2026-11-22").out)
    assert (row["received"], row["expected"]) == (0, 7)
    (row,) = json.loads(run(*words, at=AT + 3600).out)
    assert (row["received"], row["expected"]) == (2, 8)


def test_empty_and_wrong(run: Run, city: City) -> None:
    words = ("rates", "--from", "2026-11-01", "--to", "2026-11-02")
    assert run(*words, "-f", "json").out == "[]\n"
    assert "Nobody is expected" in run(*words).err
    run("rates", "--from", "today", "--to", "-1", code=Exit.REFUSED)
    run("rates", *RANGE, "--by", "week", code=Exit.USAGE)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (11, 12, "11/12 (91.7 %)"),
        (0, 3, "0/3 (0.0 %)"),
        (3, 3, "3/3 (100.0 %)"),
        (1, 2000, "1/2000 (0.1 %)"),
        (1, 2001, "1/2001 (0.0 %)"),
        (0, 0, "—"),
    ],
)
def test_rate_as_people_read_it(part: int, whole: int, text: str) -> None:
    assert shown(part, whole) == text
