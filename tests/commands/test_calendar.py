from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.conftest import LIAISON, City, Run


def days(run: Run, *words: str) -> dict[str, dict[str, object]]:
    rows = json.loads(run("calendar", "show", *words, "-f", "json").out)
    return {row["date"]: row for row in rows}


def test_month_is_day_by_day(run: Run, city: City) -> None:
    october = days(run, "2026-10")
    assert len(october) == 31
    assert list(october["2026-10-01"].items()) == [
        ("date", "2026-10-01"),
        ("weekday", 4),
        ("kind", "holiday"),
        ("workday", False),
        ("name", "国庆节"),
        ("name_en", "National Day"),
    ]
    assert october["2026-10-10"]["kind"] == "make_up"
    assert october["2026-10-10"]["workday"] is True
    assert october["2026-10-11"]["name"] is None


def test_year_table_shows_what_is_special(run: Run, city: City) -> None:
    answer = run("calendar", "show", "2026", lang="zh")
    assert "2026-10-01 至 2026-10-07" in answer.out
    assert "调休上班" in answer.out
    assert "工作日 248 天" in answer.err
    assert len(days(run, "2024")) == 366


def test_this_month_by_default(run: Run, city: City) -> None:
    assert set(days(run)) == {f"2026-11-{day:02}" for day in range(1, 31)}


def test_unknown_year_says_so_once(run: Run, city: City) -> None:
    answer = run("calendar", "show", "2031")
    assert answer.err.count("2031") == 1
    assert "261 of 365" in answer.err


def test_extra_day_wins_over_the_official_calendar(run: Run, city: City) -> None:
    answer = run("calendar", "add", "2026-11-24", "--holiday")
    assert answer.err == "2026-11-24 is a day off now.\n"
    assert days(run)["2026-11-24"]["kind"] == "extra_holiday"
    rows = json.loads(run("board", "2026-11-24", "--unit", "PLAN", "--all", "-f", "json").out)
    assert rows[0]["status"] == "not_expected"
    run("calendar", "add", "2026-11-24", "--workday")
    assert days(run)["2026-11-24"]["kind"] == "extra_workday"
    assert "nothing changed" in run("calendar", "add", "2026-11-24", "--workday").err


def test_day_that_is_due_stays_as_it_was(run: Run, city: City) -> None:
    answer = run("calendar", "add", "2026-11-20", "--holiday")
    assert "schedule restate" in answer.err
    rows = json.loads(run("board", "2026-11-20", "--unit", "PLAN", "-f", "json").out)
    assert rows[0]["status"] == "missed"


@pytest.mark.parametrize("named", ["extra_holidays", "extra_workdays"])
def test_configuration_that_names_extra_days_is_rewritten(
    run: Run, city: City, tmp_path: Path, named: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'theme = "light"\n{named} = ["2026-12-24"]\n')
    before = ("--config", str(path))
    run(*before, "calendar", "add", "2026-12-25", "--holiday")
    # Moves from one list to the other: it never stands in both.
    run(*before, "calendar", "add", "2026-12-24", "--workday")
    run(*before, "calendar", "add", "2026-12-24", "--holiday")
    answer = run(*before, "calendar", "add", "2026-12-24", "--workday")
    assert str(path) in answer.err
    table = tomllib.loads(path.read_text())
    assert table["extra_holidays"] == ["2026-12-25"]
    assert table["extra_workdays"] == ["2026-12-24"]
    assert table["theme"] == "light"
    # What the store holds and what the configuration says are the same.
    december = json.loads(run(*before, "calendar", "show", "2026-12", "-f", "json").out)
    kinds = {row["date"]: row["kind"] for row in december}
    assert kinds["2026-12-24"] == "extra_workday"
    assert kinds["2026-12-25"] == "extra_holiday"


def test_configuration_that_names_none_is_left_alone(run: Run, city: City, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('# mine\ntheme = "light"\n')
    run("--config", str(path), "calendar", "add", "2026-12-25", "--holiday")
    assert path.read_text() == '# mine\ntheme = "light"\n'


@pytest.mark.parametrize("period", ["2026-13", "2026-00", "0000", "november", "26"])
def test_bad_period(run: Run, city: City, period: str) -> None:
    assert period in run("calendar", "show", period, code=2).err


def test_errors(run: Run, city: City) -> None:
    assert run("calendar", "add", "2026-12-01", code=2).err
    assert run("calendar", "add", "2026-12-01", "--holiday", "--workday", code=2).err
    assert run("calendar", "add", "2026-02-30", "--holiday", code=2).err
    assert run("calendar", "add", "2026-12-01", "--holiday", login=LIAISON, code=4).err
