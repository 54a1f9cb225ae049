from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from domain.errors import NotFound, Refused, UsageError
from domain.settings import Settings
from exchange.config import Loaded, load, set_value, store_path, user_path


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_configuration_of_option_environment_and_user(tmp_path: Path) -> None:
    assert load(None, {}) == Loaded(Settings(), None)
    own = user_path()
    own.parent.mkdir(parents=True)
    own.write_text('theme = "light"\n')
    assert load(None, {}).path == own
    assert load(None, {"LIANLUO_CONFIG": ""}).settings.preferences.theme == "light"
    named = written(tmp_path, 'lang = "zh"\n')
    assert load(None, {"LIANLUO_CONFIG": str(named)}).settings.preferences.lang == "zh"
    other = tmp_path / "other.toml"
    other.write_text("\ufeffcutoff = '16:00'\n", encoding="utf-8")
    found = load(str(other), {"LIANLUO_CONFIG": str(named)})
    assert (found.path, found.settings.rules) == (other, {"cutoff": "16:00"})


def test_named_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load(str(tmp_path / "none.toml"), {})
    with pytest.raises(NotFound):
        load(None, {"LIANLUO_CONFIG": str(tmp_path)})


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("lang = 'zh'\nmoon = 1\n", 2, "moon"),
        ("# moon\n\n[moon]\nx = 1\n", 3, "moon"),
        ("[schedules]\ntown = 'weekly'\n", 1, "schedules"),
        ("schedules.town = 'weekly'\n", 1, "schedules"),
        ('"cutoff" = "5pm"\n', 1, "cutoff"),
        ("theme = 'dark'\n  backfill_days = -1\n", 2, "backfill_days"),
    ],
)
def test_error_names_file_line_and_key(tmp_path: Path, text: str, line: int, key: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load(str(path), {})
    params = caught.value.message.params
    assert (params["file"], params["line"], params["key"]) == (str(path), line, key)


def test_settings_that_contradict_each_other(tmp_path: Path) -> None:
    day = '["2026-02-13"]'
    path = written(tmp_path, f"extra_holidays = {day}\nextra_workdays = {day}\n")
    with pytest.raises(UsageError) as caught:
        load(str(path), {})
    assert caught.value.message.key == "config.wrong_together"


def test_store_of_option_environment_configuration_and_user(tmp_path: Path) -> None:
    settings = load(str(written(tmp_path, 'store = "~/shared.db"\n')), {}).settings
    assert store_path("a.db", settings, {"LIANLUO_STORE": "b.db"}) == Path("a.db")
    assert store_path(None, settings, {"LIANLUO_STORE": "b.db"}) == Path("b.db")
    assert store_path(None, settings, {"LIANLUO_STORE": ""}) == Path.home() / "shared.db"
    own = Path.home() / ".local" / "share" / "lianluo" / "lianluo.db"
    assert store_path(None, Settings(), {}) == own


def test_writing_keeps_what_stood(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    set_value(path, "lang", "zh")
    settings = set_value(path, "schedules.town", "daily")
    assert settings.preferences.lang == "zh"
    assert tomllib.loads(path.read_text()) == {"lang": "zh", "schedules": {"town": "daily"}}


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused):
        set_value(tmp_path / "file" / "config.toml", "lang", "zh")
