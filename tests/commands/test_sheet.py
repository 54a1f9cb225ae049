from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Exit
from tests.conftest import AT, LIAISON, PLANNER, ZONE, City, Run
from tests.exchange.endpoints import OK, endpoint
from tests.exchange.papers_stage import book_text

EVENING = ZONE.parse("2026-11-23 18:00")
MORNING = ZONE.parse("2026-11-24 09:00")
NEXT_EVENING = ZONE.parse("2026-11-24 18:00")

DAY_KEYS = [
    "date",
    "number",
    "as_of",
    "sealed_at",
    "hash",
    "expected",
    "received",
    "on_time",
    "late",
    "made_up",
    "missing",
    "pending",
    "exempt",
    "zero",
    "silent",
    "rows",
    "errata",
    "corrected",
]


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def day(run: Run, at: int, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        run("sheet", "day", "2026-11-23", "-f", "json", *words, at=at).out
    )
    return found


def test_the_sheet_of_a_day_as_it_stands(run: Run, city: City, tmp_path: Path) -> None:
    run("file", "zero", "--areas", "5/6", login=LIAISON)
    found = day(run, EVENING)
    assert list(found) == DAY_KEYS
    assert (found["number"], found["hash"], found["received"], found["zero"]) == (None, None, 1, 1)
    assert (found["expected"], len(found["silent"])) == (27, 26)
    (row,) = [row for row in found["rows"] if row["unit"] == "440111"]
    assert (row["areas_planned"], row["areas_patrolled"], row["status"]) == (6, 5, "on_time")
    # As of noon nobody had filed, and nobody was late.
    assert day(run, EVENING, "--as-of", "2026-11-23 12:00")["pending"] == 27
    file = tmp_path / "sheet.xlsx"
    said = run("sheet", "day", "2026-11-23", "-o", str(file), at=EVENING, lang="zh")
    assert said.out == ""
    assert str(file) in said.err
    text = book_text(file.read_bytes())
    assert "越秀区 | 未报 | 未报" in text
    assert "白云区 | 按时 | 部分零报" in text
    assert "未封存,截至 2026-11-23 18:00" in text
    run(
        "sheet", "day", "2026-11-23", "-o", str(tmp_path / "sheet.csv"), at=EVENING, code=Exit.USAGE
    )
    run("sheet", "day", "2026-11-23", "-o", "/no/such/a.xlsx", at=EVENING, code=Exit.NOT_FOUND)


def test_sealing_comparing_and_listing(run: Run, city: City) -> None:
    run("file", "zero", login=LIAISON)
    assert "not due yet" in run("sheet", "seal", "today", at=AT, code=Exit.REFUSED).err
    assert "seal day sheets" in run("sheet", "seal", "today", at=EVENING, login=LIAISON, code=4).err
    run("sheet", "diff", "today", at=EVENING, code=Exit.NOT_FOUND)
    said = run("sheet", "seal", "today", at=EVENING, lang="zh").out
    assert "编号 DS-2026-0001" in said
    assert "未报单位(26)" in said
    assert run("sheet", "diff", "today", "--check", at=EVENING).out == ""
    again = run("sheet", "seal", "2026-11-23", at=MORNING, code=Exit.REFUSED)
    assert "DS-2026-0001" in again.err
    run(
        "file",
        "amend",
        "440111",
        "2026-11-23",
        "--reason",
        "补充",
        "--summary",
        "补录",
        login=LIAISON,
        at=MORNING,
    )
    run("file", "zero", "--date", "2026-11-23", login=PLANNER, at=MORNING)
    rows = json.loads(run("sheet", "diff", "2026-11-23", "-f", "json", at=MORNING).out)
    assert [list(row) for row in rows] == [
        ["unit", "name", "fact", "sealed", "now", "erratum"]
    ] * len(rows)
    status = [row for row in rows if row["fact"] == "status"]
    assert [(row["unit"], row["sealed"], row["now"]) for row in status] == [
        ("PLAN", "overdue", "made_up")
    ]
    run("sheet", "diff", "2026-11-23", "--check", at=MORNING, code=Exit.FOUND)
    assert "补录" in run("sheet", "diff", "2026-11-23", at=MORNING, lang="zh").out
    # What was sealed still reads as it did, and the next sheet says what has changed.
    assert day(run, MORNING)["received"] == 1
    second = run("sheet", "seal", "2026-11-24", at=NEXT_EVENING).out
    assert "Errata of earlier sheets (2):" in second
    assert "ER-2026-0001" in second
    assert [each["number"] for each in day(run, NEXT_EVENING)["corrected"]] == [
        "ER-2026-0001",
        "ER-2026-0002",
    ]
    listed = json.loads(run("sheet", "list", "-f", "json", at=NEXT_EVENING).out)
    assert [(row["date"], row["number"], row["errata"]) for row in listed] == [
        ("2026-11-23", "DS-2026-0001", 2),
        ("2026-11-24", "DS-2026-0002", 0),
    ]
    assert list(listed[0]) == ["date", "number", "sealed_at", "login", "hash", "errata"]
    papers = json.loads(run("paper", "list", "-f", "json", at=NEXT_EVENING).out)
    assert [row["subject"] for row in papers] == ["2026-11-23", "2026-11-24"]
    assert papers[0]["content"] == listed[0]["hash"]


def test_a_sheet_is_sent_once_to_each_address(run: Run, city: City, alone: Path) -> None:
    with endpoint(OK) as other:
        run("config", "set", "delivery.to.sheet", other.url)
        said = run("sheet", "day", "today", "--send", at=AT, lang="zh")
        assert "已列入待发 1 条" in said.err
        assert "已发出 1" in said.err
        assert "geheim" not in said.err + said.out
        (text,) = other.texts()
        assert text.startswith("国土执法联络日报汇总表\n2026年11月23日")
        run("sheet", "day", "today", "--send", at=AT + 60)
        assert len(other.bodies) == 1
        run("sheet", "day", "today", "--send", at=AT, login=LIAISON, code=Exit.REFUSED)
        run("sheet", "day", "today", "--send", "--as-of", "today", at=AT, code=Exit.USAGE)
