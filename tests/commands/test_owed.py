"""`overdue` and `due`."""

from __future__ import annotations

import json

import pytest

from commands.due import parse_span
from domain.errors import Exit, UsageError
from tests.conftest import AT, LIAISON, City, Run

KEYS = [
    "id",
    "kind",
    "unit",
    "name",
    "subject",
    "opened_at",
    "due_at",
    "overdue_seconds",
    "light",
    "rung",
]


def test_json_is_the_contract(run: Run, city: City) -> None:
    rows = json.loads(run("overdue", "--unit", "白云区", "-f", "json").out)
    assert list(rows[0].items()) == [
        ("id", "R-20261116-440111"),
        ("kind", "report"),
        ("unit", "440111"),
        ("name", "白云区"),
        ("subject", "2026-11-16"),
        ("opened_at", "2026-11-15T16:00:00Z"),
        ("due_at", "2026-11-16T09:00:00Z"),
        ("overdue_seconds", 7 * 86400 - 2037),
        ("light", "red"),
        ("rung", None),
    ]
    assert len(rows) == 7


def test_order_is_longest_first_then_unit_code(run: Run, city: City) -> None:
    rows = json.loads(run("overdue", "-f", "json").out)
    order = [(row["due_at"], row["unit"]) for row in rows]
    assert order == sorted(order)


def test_five_silent_days_are_five_obligations_and_a_filing_takes_one(run: Run, city: City) -> None:
    def count(*words: str) -> int:
        return len(json.loads(run("overdue", "--unit", "440111", *words, "-f", "json").out))

    assert count() == 7
    run("file", "zero", "--date", "-5", login=LIAISON)
    assert count() == 6
    assert count("--as-of", "2026-11-23T08:26:02Z") == 7
    assert count("--kind", "step") == 0
    assert count("--network", "supervision") == 6
    assert count("--as-of", "2026-11-16") == 1


def test_check_exits_1_for_anything(run: Run, city: City) -> None:
    assert run("overdue", "--check", "--unit", "440111", code=Exit.FOUND).out
    assert run("overdue", "--check", "--kind", "step").out == ""
    assert run("overdue", "--check", "--as-of", "2026-11-16 12:00", code=0).err == (
        "Nothing is overdue.\n"
    )


def test_table(run: Run, city: City) -> None:
    lines = run("overdue", "--unit", "440111", lang="zh").out.splitlines()
    titles = "灯 逾期 代码 单位 类别 事由 到期时间 催办 编号"
    assert lines[0].split() == titles.split()
    assert lines[1].split()[:6] == ["红", "R", "7", "天", "440111", "白云区"]
    evening = run("overdue", "--unit", "PLAN", at=AT + 3 * 3600).out.splitlines()[-1]
    assert evening.split()[:6] == ["red", "R", "2", "h", "26", "min"]


def test_due(run: Run, city: City) -> None:
    rows = json.loads(run("due", "--unit", "440111", "--within", "2d", "-f", "json").out)
    assert [list(row) for row in rows] == [KEYS, KEYS]
    assert [row["subject"] for row in rows] == ["2026-11-23", "2026-11-24"]
    assert [row["light"] for row in rows] == ["amber", "green"]
    assert [row["overdue_seconds"] for row in rows] == [-2037, -2037 - 86400]
    assert len(json.loads(run("due", "--unit", "440111", "-f", "json").out)) == 1
    assert json.loads(run("due", "--within", "0h", "-f", "json").out) == []
    line = run("due", "--unit", "440111").out.splitlines()[1]
    assert line.split()[:4] == ["amber", "Y", "33", "min"]


def test_due_leaves_out_what_was_filed(run: Run, city: City) -> None:
    run("file", "zero", login=LIAISON)
    answer = run("due", "--unit", "440111", at=AT + 60)
    assert (answer.out, answer.err) == ("", "Nothing falls due in this time.\n")


@pytest.mark.parametrize(
    ("text", "seconds"), [("4h", 14400), ("2d", 172800), (" 1 小时", 3600), ("3天", 259200)]
)
def test_lengths_of_time(text: str, seconds: int) -> None:
    assert parse_span(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "h", "-1h", "4m", "4.5h", "99999d"])
def test_what_is_no_length_of_time(run: Run, city: City, text: str) -> None:
    with pytest.raises(UsageError):
        parse_span(text)
    run("due", f"--within={text}", code=Exit.USAGE)
