from __future__ import annotations

import csv
import io
import json
import sqlite3

import pytest

from domain.errors import Exit
from tests.conftest import AT, LIAISON, ZONE, City, Run

KEYS = [
    "unit",
    "name",
    "kind_of_unit",
    "date",
    "status",
    "report",
    "partial",
    "findings",
    "filed_at",
    "filed_by",
    "revision",
    "due_at",
]


def rows(run: Run, *words: str) -> list[dict[str, object]]:
    found = json.loads(run("board", *words, "-f", "json").out)
    assert isinstance(found, list)
    return found


def test_json_is_the_contract(run: Run, city: City) -> None:
    run("file", "zero", "--areas", "5/6", login=LIAISON)
    assert list(rows(run, "--unit", "440111")[0].items()) == [
        ("unit", "440111"),
        ("name", "白云区"),
        ("kind_of_unit", "district"),
        ("date", "2026-11-23"),
        ("status", "on_time"),
        ("report", "zero"),
        ("partial", True),
        ("findings", 0),
        ("filed_at", "2026-11-23T08:26:03Z"),
        ("filed_by", "baiyun"),
        ("revision", 1),
        ("due_at", "2026-11-23T09:00:00Z"),
    ]


def test_absent_values_are_null(run: Run, city: City) -> None:
    (row,) = rows(run, "--unit", "市规划局")
    assert {key for key, value in row.items() if value is None} == {
        "report",
        "filed_at",
        "filed_by",
        "revision",
    }
    assert row["status"] == "pending"


def test_json_is_one_document_in_utf8(run: Run, city: City) -> None:
    assert "白云区" in run("board", "-f", "json").out
    assert run("board", "2026-11-15", "-f", "json").out == "[]\n"


def test_ndjson_is_one_object_a_line(run: Run, city: City) -> None:
    lines = run("board", "--network", "supervision", "-f", "ndjson").out.splitlines()
    assert [list(json.loads(line)) for line in lines] == [KEYS] * len(lines)
    assert run("board", "2026-11-15", "-f", "ndjson").out == ""


def test_csv_has_a_header(run: Run, city: City) -> None:
    found = list(csv.reader(io.StringIO(run("board", "--unit", "PLAN", "-f", "csv").out)))
    assert found[0] == KEYS
    assert found[1][:5] == ["PLAN", "市规划局", "department", "2026-11-23", "pending"]
    assert found[1][5:11] == ["", "false", "0", "", "", ""]
    assert run("board", "2026-11-15", "-f", "csv").out == ",".join(KEYS) + "\n"


def test_order_is_date_then_registry(run: Run, city: City) -> None:
    found = [(row["date"], row["unit"]) for row in rows(run, "--from", "-1", "--to", "today")]
    assert [day for day, _ in found] == sorted(str(day) for day, _ in found)
    sunday = [unit for day, unit in found if day == "2026-11-22"]
    monday = [unit for day, unit in found if day == "2026-11-23"]
    assert sunday == [unit for unit in monday if str(unit).isdigit()]
    assert monday[0] == "DISC"


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ([], {"2026-11-23"}),
        (["today"], {"2026-11-23"}),
        (["yesterday"], {"2026-11-22"}),
        (["-3"], {"2026-11-20"}),
        (["昨天"], {"2026-11-22"}),
        (["2026-11-18"], {"2026-11-18"}),
        (["--from", "-2"], {"2026-11-21", "2026-11-22", "2026-11-23"}),
        (["--to", "-2"], {"2026-11-21"}),
        (["--from", "2026-11-16", "--to", "-6"], {"2026-11-16", "2026-11-17"}),
        (["--as-of", "2026-11-18"], {"2026-11-18"}),
    ],
)
def test_days(run: Run, city: City, words: list[str], days: set[str]) -> None:
    assert {row["date"] for row in rows(run, *words)} == days


def test_reversed_range(run: Run, city: City) -> None:
    answer = run("board", "--from", "today", "--to", "-3", code=Exit.REFUSED)
    assert "reversed" in answer.err


def test_units_by_network_name_and_what_lies_below(run: Run, city: City) -> None:
    def units(*words: str) -> list[object]:
        return [row["unit"] for row in rows(run, *words)]

    assert units("--unit", "白云") == ["440111"]
    assert units("--unit", "baiyun") == ["440111"]
    assert set(units("--network", "horizontal")) > {"PLAN", "440111"}
    assert "PLAN" not in units("--network", "vertical")
    below = units("--under", "白云区", "--all")
    assert below[0] == "440111"
    assert len(below) > 20
    assert units("--under", "白云区") == ["440111"]


def test_unit_that_is_ambiguous_or_unknown_lists_the_near_ones(run: Run, city: City) -> None:
    answer = run("board", "--unit", "白云区啊", code=Exit.NOT_FOUND)
    assert "440111 白云区" in answer.err
    with sqlite3.connect(city.path) as store:
        store.execute(
            "INSERT INTO unit_names (name, unit) VALUES ('twin', 'PLAN'), ('twin', 'LAND')"
        )
    store.close()
    answer = run("board", "--unit", "twin", lang="zh", code=Exit.NOT_FOUND)
    assert "LAND 市国土房管局、PLAN 市规划局" in answer.err
    assert rows(run, "--unit", "从化")[0]["unit"] == "440117"


def test_as_of_is_what_was_known_then(run: Run, city: City) -> None:
    run("file", "zero", login=LIAISON)
    before = rows(run, "--unit", "440111", "--as-of", "2026-11-23T16:26:02+08:00")[0]
    after = rows(run, "--unit", "440111", "--as-of", "2026-11-23 16:26:03")[0]
    assert (before["status"], before["report"]) == ("pending", None)
    assert (after["status"], after["report"]) == ("on_time", "zero")
    late = rows(run, "--unit", "440112", "--as-of", "2026-11-23")[0]
    assert late["status"] == "overdue"


def test_all_adds_those_who_owe_nothing(run: Run, city: City) -> None:
    some, every = rows(run, "-1"), rows(run, "-1", "--all")
    assert len(every) > len(some)
    assert {row["status"] for row in every} == {"missed", "not_expected"}


def test_table_in_a_pipe_is_plain_and_whole(run: Run, city: City) -> None:
    run("file", "zero", "--areas", "6/6", login=LIAISON)
    answer = run("board", "--network", "horizontal", lang="zh")
    assert answer.err == ""
    assert "\x1b" not in answer.out
    assert "\t" not in answer.out
    assert "…" not in answer.out
    assert "市流动人员和出租屋管理办公室" in answer.out
    english = run("board", "--unit", "440111").out.splitlines()
    assert english[0].split() == [
        *("Code", "Unit", "Date", "Status", "Report", "Patrolled", "Findings"),
        *("Filed", "at", "Filed", "by", "Revision"),
    ]
    assert english[1].split() == [
        *("440111", "Baiyun", "2026-11-23", "on", "time", "zero", "report", "6/6"),
        *("2026-11-23", "16:26:03", "baiyun", "1"),
    ]


def test_empty_table_is_a_sentence_on_stderr(run: Run, city: City) -> None:
    answer = run("board", "2026-11-15")
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1


def test_board_of_a_later_instant_counts_the_days_that_came(run: Run, city: City) -> None:
    tomorrow = AT + 86400
    answer = run("board", "--unit", "440111", "--from", "-1", "-f", "json", at=tomorrow)
    assert [row["status"] for row in json.loads(answer.out)] == ["missed", "pending"]
    assert ZONE.show(tomorrow).startswith("2026-11-24")
