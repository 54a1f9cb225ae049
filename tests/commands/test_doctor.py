from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from actions.checking import Level
from commands.doctor import installation, terminal
from domain.errors import Exit
from tests.conftest import AT, LIAISON, City, Run

KEYS = ["check", "level", "text", "remedy"]


def checks(run: Run, *words: str, at: int = AT, login: str = "admin") -> dict[str, dict[str, str]]:
    answer = run(*words, "doctor", "-f", "json", at=at, login=login, code=None)
    found = json.loads(answer.out)
    assert [list(each) for each in found] == [KEYS] * len(found)
    bad = any(each["level"] == "bad" for each in found)
    assert answer.code == (Exit.FOUND if bad else Exit.DONE)
    worst = sorted(found, key=lambda each: ["ok", "warn", "bad"].index(each["level"]))
    return {each["check"]: each for each in worst}


@pytest.fixture
def healthy(run: Run, city: City) -> City:
    city.path.chmod(0o600)
    run("board")
    return city


def alter(city: City, *statements: str) -> None:
    with sqlite3.connect(city.path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_healthy_store(run: Run, healthy: City) -> None:
    run("urge", at=AT - 200 * 86400)
    found = checks(run, at=AT - 200 * 86400)
    del found["clock"]
    assert {name: each["level"] for name, each in found.items()} == dict.fromkeys(found, "ok")
    assert set(found) == {
        "installation",
        "config",
        "store",
        "permissions",
        "integrity",
        "audit",
        "calendar",
        "ladder",
        "outbox",
        "login",
        "terminal",
    }


def test_page_in_both_languages(run: Run, healthy: City) -> None:
    page = run("doctor", lang="zh").out
    assert "正常  审计链    审计链完整" in page
    assert "注意  日历      官方放假安排未覆盖 2027 年" in page
    assert "办法:" in page
    assert "ok    audit chain" in run("doctor").out


def test_missing_and_foreign_stores_are_bad(run: Run, tmp_path: Path) -> None:
    none = tmp_path / "none.db"
    assert "lianluo init" in checks(run, "--store", str(none))["store"]["text"]
    assert not none.exists()
    none.write_text("no store")
    assert checks(run, "--store", str(none))["store"]["level"] == "bad"


def test_configuration_that_cannot_be_used(run: Run, city: City, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text("nonsense = 1\n")
    found = checks(run, "--config", str(file))
    assert found["config"]["level"] == "bad"
    assert "line 1" in found["config"]["text"]


def test_permissions(run: Run, healthy: City) -> None:
    healthy.path.chmod(0o666)
    found = checks(run)["permissions"]
    assert found["level"] == "warn"
    assert "0666" in found["text"]


def test_altered_event_breaks_the_chain(run: Run, healthy: City) -> None:
    alter(healthy, "DROP TRIGGER events_not_changed", "UPDATE events SET actor = 'x' WHERE seq = 1")
    found = checks(run)["audit"]
    assert found["level"] == "bad"
    assert "event 1" in found["text"]


def test_obligation_that_contradicts_its_report(run: Run, healthy: City) -> None:
    run("file", "zero", login=LIAISON)
    alter(healthy, "UPDATE obligations SET discharged_at = 1 WHERE discharged_at IS NOT NULL")
    assert "1 obligations" in checks(run)["integrity"]["text"]


def test_sum_that_is_not_what_is_recorded(run: Run, healthy: City) -> None:
    run("file", "zero", login=LIAISON)
    assert checks(run)["integrity"]["level"] == "ok"
    alter(healthy, "UPDATE summaries SET exempt = exempt + 1 WHERE node = ''")
    found = checks(run)["integrity"]
    assert found["level"] == "bad"
    assert "sums" in found["text"]


def test_clock_behind_the_last_record(run: Run, healthy: City) -> None:
    run("file", "zero", login=LIAISON)
    assert checks(run, at=AT + 1)["clock"]["level"] == "ok"
    assert checks(run, at=AT - 100)["clock"]["level"] == "ok"
    behind = checks(run, at=AT - 600)["clock"]
    assert behind["level"] == "bad"
    assert "16:26:03" in behind["text"]


def test_calendar_of_this_and_from_november_of_the_next_year(run: Run, healthy: City) -> None:
    assert "2027" in checks(run)["calendar"]["text"]
    later = checks(run, at=AT + 3 * 365 * 86400)["calendar"]
    assert later["level"] == "warn"
    assert "2029, 2030" in later["text"]


def test_login(run: Run, healthy: City) -> None:
    assert checks(run, login=LIAISON)["login"]["text"] == "baiyun: liaison"
    assert checks(run, login="stranger")["login"]["level"] == "warn"


def test_library_that_is_missing_or_another(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"textual": "1.0", "rich": None}
    monkeypatch.setattr(
        "commands.doctor.installed", lambda name: versions.get(name, "==") or versions[name]
    )
    monkeypatch.setattr(
        "commands.doctor.requirements",
        lambda: {"textual": "8.2.8", "rich": "15.0.0", "typer": None},
    )
    levels = [check.level for check in installation()]
    assert levels == [Level.OK, Level.WARN, Level.BAD]


@pytest.mark.parametrize(
    ("environ", "width", "level"),
    [
        ({"TERM": "xterm", "LANG": "zh_CN.UTF-8"}, "80", Level.OK),
        ({"TERM": "dumb"}, "80", Level.WARN),
        ({}, "80", Level.WARN),
        ({"TERM": "xterm"}, "79", Level.WARN),
    ],
)
def test_terminal(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], width: str, level: Level
) -> None:
    class Screen:
        encoding = "UTF-8"

        @staticmethod
        def isatty() -> bool:
            return True

    monkeypatch.setattr("sys.stdout", Screen())
    monkeypatch.setenv("COLUMNS", width)
    assert terminal(environ).level is level
    monkeypatch.setattr(Screen, "encoding", "latin-1")
    assert terminal(environ).text.params["encoding"] == "latin-1"


def test_the_last_check_of_the_ladder(run: Run, healthy: City) -> None:
    never = checks(run)["ladder"]
    assert never["level"] == "warn"
    assert "lianluo urge" in str(never["remedy"])
    run("urge")
    assert checks(run, at=AT + 23 * 3600)["ladder"]["level"] == "ok"
    late = checks(run, at=AT + 26 * 3600)["ladder"]
    assert (late["level"], late["remedy"]) == ("warn", never["remedy"])
    assert late["text"] == "last check 2026-11-23 16:26:03, 26 hours ago"


def test_a_stuck_message_is_told_of(run: Run, healthy: City) -> None:
    assert checks(run)["outbox"]["level"] == "ok"
    alter(
        healthy,
        "INSERT INTO outbox (id, topic, addressee, address, person, language, title, body,"
        f" any_hour, queued_at) VALUES (1, 'sheet', 'x', 'x[1]', '', 'zh', '题', '文', 0, {AT})",
        f"INSERT INTO outbox_entries VALUES (1, 1, {AT}, 'admin', 'queued', '', NULL)",
        f"INSERT INTO outbox_entries VALUES (1, 2, {AT}, 'admin', 'claimed', '', NULL)",
    )
    # Claimed a moment ago, it is on its way; later nobody knows whether it went.
    assert checks(run, at=AT + 60)["outbox"]["level"] == "ok"
    stuck = checks(run, at=AT + 3600)["outbox"]
    assert stuck["level"] == "bad"
    assert "1 messages are stuck" in stuck["text"]
    assert "outbox retry" in stuck["remedy"]
