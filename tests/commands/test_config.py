from __future__ import annotations

import json
import stat
import tomllib
from pathlib import Path

import pytest

from domain.errors import Exit
from tests.conftest import LIAISON, City, Run


def test_path_is_the_users_own_or_the_named_one(
    run: Run, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("config", "path").out == f"{alone}/.config/lianluo/config.toml\n"
    monkeypatch.setenv("LIANLUO_CONFIG", "/named.toml")
    assert run("config", "path").out == "/named.toml\n"
    assert run("--config", "/other.toml", "config", "path").out == "/other.toml\n"


def test_set_writes_what_show_then_says(run: Run, city: City, alone: Path) -> None:
    run("config", "set", "theme", "light")
    run("config", "set", "cutoff", "16:30")
    run("config", "set", "backfill_days", "3")
    run("config", "set", "schedules.town", "daily")
    run("config", "set", "extra_holidays", '["2026-02-13"]')
    run("config", "set", "keys.today_zero", "f2")
    file = alone / ".config" / "lianluo" / "config.toml"
    assert tomllib.loads(file.read_text(encoding="utf-8")) == {
        "theme": "light",
        "cutoff": "16:30",
        "backfill_days": 3,
        "schedules": {"town": "daily"},
        "extra_holidays": ["2026-02-13"],
        "keys": {"today_zero": "f2"},
    }
    rows = json.loads(run("config", "show", "-f", "json").out)
    assert [list(row) for row in rows] == [["key", "value", "source", "city"]] * len(rows)
    by_key = {row["key"]: row for row in rows}
    assert by_key["cutoff"] == {
        "key": "cutoff",
        "value": "16:30",
        "source": "file",
        "city": "17:00",
    }
    assert by_key["late_until"]["source"] == "default"
    assert by_key["schedules"]["value"]["town"] == "daily"
    table = run("config", "show", lang="zh").out
    assert "schedules.town" in table
    assert "配置文件" in table


def test_rules_are_taken_up_when_an_admin_opens_the_store(run: Run, city: City) -> None:
    def cutoff() -> str:
        rows = json.loads(run("config", "show", "-f", "json").out)
        return str(next(row["city"] for row in rows if row["key"] == "cutoff"))

    run("config", "set", "cutoff", "18:00")
    run("board", login=LIAISON)
    assert cutoff() == "17:00"
    run("board")
    assert cutoff() == "18:00"
    (row,) = json.loads(run("board", "--unit", "440111", "-f", "json").out)
    assert row["due_at"] == "2026-11-23T10:00:00Z"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("nonsense", "1"),
        ("schedules.moon", "daily"),
        ("cutoff.inner", "1"),
        ("cutoff", "25:00"),
        ("lang", "fr"),
        ("backfill_days", "many"),
        ("extra_holidays", "2026-02-13"),
    ],
)
def test_what_is_wrong_is_not_written(run: Run, alone: Path, key: str, value: str) -> None:
    run("config", "set", "theme", "light")
    file = alone / ".config" / "lianluo" / "config.toml"
    before = file.read_bytes()
    assert len(run("config", "set", key, value, code=Exit.USAGE).err.splitlines()) == 1
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]


def test_set_says_what_comes_of_a_rule(run: Run, city: City) -> None:
    assert run("config", "set", "theme", "light").err == ""
    for key, value in (("cutoff", "16:30"), ("schedules.town", "daily")):
        assert "not yet due" in run("config", "set", key, value).err
    assert "尚未到期" in run("config", "set", "cutoff", "16:30", lang="zh").err


def test_set_keeps_the_mode_and_the_link_of_a_file(run: Run, tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text('lang = "zh"\n')
    real.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(real)
    run("--config", str(link), "config", "set", "theme", "light")
    assert link.is_symlink()
    assert tomllib.loads(real.read_text()) == {"lang": "zh", "theme": "light"}
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('lang = "zh"\n\nnonsense = 1\n', ["line 3", "nonsense"]),
        ("# none\n[schedules]\nmoon = 'daily'\n", ["line 3", "schedules.moon"]),
        ("cutoff = '17:00'\ncutoff = '18:00'\n", ["line 2"]),
        ("lang = \n", ["line 1"]),
        ("[[ladder_report]]\nat = 'soon'\nname = 'urge'\nto = ['liaison']\n", ["line 1"]),
        ("theme = 'dark", ["line 1"]),
    ],
)
def test_wrong_configuration_names_file_line_and_key(
    run: Run, city: City, tmp_path: Path, text: str, says: list[str]
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    for command in (["board"], ["config", "show"]):
        answer = run("--config", str(file), *command, code=Exit.USAGE)
        assert len(answer.err.splitlines()) == 1
        for part in ("wrong.toml", *says):
            assert part in answer.err
    assert run("--config", str(file), "board", "--help").out


def test_missing_configuration_that_was_named(
    run: Run, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "/none.toml" in run("--config", "/none.toml", "board", code=Exit.NOT_FOUND).err
    monkeypatch.setenv("LIANLUO_CONFIG", "/no.toml")
    assert "/no.toml" in run("board", lang="zh", code=Exit.NOT_FOUND).err


def test_configuration_that_is_no_utf8(run: Run, city: City, tmp_path: Path) -> None:
    file = tmp_path / "gb.toml"
    file.write_bytes('# 中文\nlang = "zh"\n'.encode("gb18030"))
    assert "UTF-8" in run("--config", str(file), "board", code=Exit.USAGE).err


def test_a_broken_store_hides_no_setting(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_text("no store")
    rows = json.loads(run("config", "show", "-f", "json", store=broken).out)
    assert {row["city"] for row in rows} == {None}
