from __future__ import annotations

import json

import pytest

from tests.conftest import LIAISON, City, Run

KEYS = [
    "code",
    "name",
    "name_en",
    "short",
    "kind",
    "parent",
    "valid_from",
    "valid_to",
    "aliases",
    "source",
]


def codes(run: Run, *words: str) -> list[str]:
    return [row["code"] for row in json.loads(run("unit", "list", *words, "-f", "json").out)]


def test_list_has_the_columns_of_the_registry(run: Run, city: City) -> None:
    rows = json.loads(run("unit", "list", "-f", "json").out)
    assert list(rows[0]) == KEYS
    assert rows[0]["code"] == "440100"
    assert rows[0]["parent"] is None
    assert rows[1]["aliases"] == ["市监察局", "市纪委"]
    street = next(row for row in rows if row["code"] == "440103001")
    assert (street["name_en"], street["valid_from"]) == (None, None)
    header = run("unit", "list", "-f", "csv").out.splitlines()[0]
    assert header == ",".join(KEYS)


@pytest.mark.parametrize(("day", "count"), [("2010-06-01", 12), ("2026-01-01", 11)])
def test_list_shows_who_exists_on_the_day(run: Run, city: City, day: str, count: int) -> None:
    assert len(codes(run, "--kind", "district", "--date", day)) == count
    assert len(codes(run, "--kind", "district", "--all")) == 14


def test_list_by_network_and_parent(run: Run, city: City) -> None:
    assert len(codes(run, "--network", "horizontal")) == 27
    assert len(codes(run, "--network", "horizontal", "--date", "2010-06-01")) == 28
    below = codes(run, "--under", "白云区")
    assert below[0] == "440111"
    assert all(code.startswith("440111") for code in below)


def test_empty_list_is_no_error(run: Run, city: City) -> None:
    answer = run("unit", "list", "--kind", "team")
    assert (answer.out, answer.err) == ("", "There is no such unit.\n")


def test_show_gathers_everything(run: Run, city: City) -> None:
    run("file", "zero", "--unit", "440111", "--areas", "6/6")
    found = json.loads(run("unit", "show", "白云区", "-f", "json").out)
    assert list(found)[: len(KEYS)] == KEYS
    assert found["above"] == ["440100"]
    assert found["networks"] == ["horizontal", "vertical", "supervision"]
    assert found["supervisors"] == ["DISC", "PROC", "LAND"]
    assert [person["role"] for person in found["people"]] == ["liaison", "deputy", "leader"]
    assert found["days"] == "daily"
    assert found["local_default"] is True
    assert found["due_at"] == "2026-11-23T09:00:00Z"
    assert found["recent"][-1] == {"date": "2026-11-23", "status": "on_time", "report": "zero"}
    assert found["open"][0]["id"] == "R-20261116-440111"


def test_show_names_five_open_days_and_how_many_more(run: Run, city: City) -> None:
    everything = json.loads(run("unit", "show", "440111", "-f", "json").out)["open"]
    shown = run("unit", "show", "440111").out
    assert shown.count("R-2026") == 5
    assert f"and {len(everything) - 5} more; lianluo overdue --unit 440111" in shown
    assert everything[0]["id"] in shown


def test_show_reads_well_in_both_languages(run: Run, city: City) -> None:
    zh = run("unit", "show", "440111", lang="zh").out
    assert "每日,截止 17:00 (本地默认,非官方规定)" in zh
    assert "白云区联络员  020-10000001" in zh
    en = run("unit", "show", "PLAN").out
    assert "issues no planning permit on illegal land" in en


def test_add_and_file_for_the_new_unit(run: Run, city: City) -> None:
    words = ("440199", "试验区", "--kind", "district", "--parent", "广州市", "--short", "试验")
    answer = run("unit", "add", *words, "--alias", "试验新区", "--from", "2026-11-20")
    assert answer.err == "Added 440199 试验区.\n"
    (row,) = json.loads(run("unit", "list", "--all", "--under", "试验新区", "-f", "json").out)
    assert row["parent"] == "440100"
    assert row["valid_from"] == "2026-11-20"
    run("file", "zero", "--unit", "试验")


def test_retire_keeps_the_code_and_names_what_is_left_below(run: Run, city: City) -> None:
    answer = run("unit", "retire", "白云区", "--date", "yesterday")
    assert "440111 白云区 is valid to 2026-11-22" in answer.err
    assert "440111103 人和镇" in answer.err
    assert "440111" not in codes(run)
    assert "440111" in codes(run, "--date", "2026-11-22")
    again = run("unit", "add", "440111", "新区", "--kind", "district", code=4)
    assert "白云区" in again.err
    assert "was retired on 2026-11-22" in run("unit", "retire", "440111", code=4).err


def test_errors(run: Run, city: City) -> None:
    assert "白云区" in run("unit", "show", "白云驱", code=3).err
    assert run("unit", "add", "X", "甲", "--kind", "planet", code=2).err
    assert run("unit", "add", "X", "甲", code=2).err
    assert run("unit", "add", " ", "甲", "--kind", "town", code=4).err
    assert run("unit", "add", "X", "甲", "--kind", "town", "--parent", "Y", code=3).err
    reversed_range = ("--from", "2026-02-01", "--to", "2026-01-01")
    assert run("unit", "add", "X", "甲", "--kind", "town", *reversed_range, code=2).err
    assert run("unit", code=2).err


@pytest.mark.parametrize(
    "words", [("add", "X", "甲", "--kind", "town"), ("retire", "440111")], ids=["add", "retire"]
)
def test_only_an_admin_changes_the_registry(run: Run, city: City, words: tuple[str, ...]) -> None:
    assert LIAISON in run("unit", *words, login=LIAISON, code=4).err
    assert "X" not in codes(run, "--all")
