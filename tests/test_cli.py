"""The front door: the options before the command, languages, errors and exit codes."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import catalogue
import cli
import storage.connection
from commands.call import Globals
from commands.frame import COMMANDS
from domain.errors import Exit, UsageError
from tests.conftest import LIAISON, City, Run

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("words", "before", "rest"),
    [
        ([], Globals(), []),
        (["board", "-3"], Globals(), ["board", "-3"]),
        (["--store", "a.db", "board"], Globals(store="a.db"), ["board"]),
        (["--store=a.db", "--lang=zh", "--debug"], Globals("a.db", lang="zh", debug=True), []),
        (["--config", "c.toml", "--as-login", "li"], Globals(None, "c.toml", None, "li"), []),
        (["--store", "a", "--store", "b", "due"], Globals(store="b"), ["due"]),
        (["--store", "--lang", "board"], Globals(store="--lang"), ["board"]),
        (["board", "--store", "a.db"], Globals(), ["board", "--store", "a.db"]),
        (["--help", "--debug"], Globals(), ["--help", "--debug"]),
        (["--show-completion=zsh"], Globals(), ["--show-completion", "zsh"]),
    ],
)
def test_options_before_the_command(words: list[str], before: Globals, rest: list[str]) -> None:
    assert cli.read_globals(words) == (before, rest)


@pytest.mark.parametrize("words", [["--store"], ["--store="], ["--lang=", "board"]])
def test_option_without_its_value(words: list[str]) -> None:
    with pytest.raises(UsageError):
        cli.read_globals(words)


def test_version(run: Run) -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = run("--version").out.split()[1]
    assert f'version = "{version}"' in project


def test_no_command_and_no_terminal_is_the_board(run: Run, city: City) -> None:
    assert run().out == run("board").out


def test_no_command_on_a_terminal_opens_the_screens(
    run: Run, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tui.app

    seen: dict[str, object] = {}

    def screens(path: Path, loaded: object, **words: object) -> int:
        seen.update(words, path=path, keyboard=os.environ["TEXTUAL_DISABLE_KITTY_KEY"])
        return 0

    monkeypatch.delenv("TEXTUAL_DISABLE_KITTY_KEY", raising=False)
    monkeypatch.setattr(tui.app, "run", screens)
    assert "Liwan" in run(terminal=True).out, "what is no keyboard sends no keys"
    assert seen == {}
    keyboard = io.StringIO()
    keyboard.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", keyboard)
    run("--as-login", LIAISON, terminal=True)
    assert seen == {
        "path": city.path,
        "login": "admin",
        "as_login": LIAISON,
        "host": os.uname().nodename,
        "keyboard": "1",
    }


@pytest.mark.parametrize("lang", catalogue.LANGUAGES)
@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_in_both_languages(run: Run, command: list[str], lang: str) -> None:
    page = run(*command, "--help", lang=lang).out
    assert page.startswith("用法: lianluo" if lang == "zh" else "Usage: lianluo")
    assert ("显示本说明" if lang == "zh" else "Show this help") in page


def test_help_lists_every_command_with_its_line(run: Run) -> None:
    lines = run("--help").out.splitlines()
    for name in COMMANDS:
        assert [line for line in lines if line.startswith(f"  {name} ") and len(line.split()) > 1]


@pytest.mark.parametrize(
    ("environ", "configured", "language"),
    [
        ({}, "", "en"),
        ({"LANG": "zh_CN.UTF-8"}, "", "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "en", "en"),
        ({"LIANLUO_LANG": "zh"}, "en", "zh"),
    ],
)
def test_language_by_environment_configuration_and_locale(
    city: City,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environ: dict[str, str],
    configured: str,
    language: str,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    if configured:
        file = tmp_path / "config.toml"
        file.write_text(f'lang = "{configured}"\n')
        monkeypatch.setenv("LIANLUO_CONFIG", str(file))
    assert cli.main(["--store", str(city.path), "board", "--unit", "zzz"]) == Exit.NOT_FOUND
    assert ("没有单位" in capsys.readouterr().err) == (language == "zh")


@pytest.mark.parametrize(
    ("words", "lang", "sentence"),
    [
        (["brd"], "en", "lianluo has no command “brd”; try board."),
        (["brd"], "zh", "lianluo 没有命令“brd”;可用:board。"),
        (["file"], "en", "lianluo file takes a command: zero, daily, amend."),
        (["file", "zreo"], "zh", "lianluo file 没有命令“zreo”;可用:zero。"),
        (["--zzz"], "en", "There is no option --zzz; lianluo --help lists them."),
        (["board", "--nwork"], "en", "There is no option --nwork; near ones are: --network."),
        (["board", "-x"], "zh", "没有选项 -x;lianluo board --help 列出全部选项。"),
        (
            ["board", "--store", "x"],
            "en",
            "--store goes before the command: lianluo --store … board.",
        ),
        (["board", "--unit"], "en", "The option --unit needs a value after it."),
        (["board", "--all=x"], "zh", "选项 --all 不带值;请去掉等号和后面的内容。"),
        (
            ["board", "--network", "up"],
            "en",
            "--network is one of horizontal, vertical, supervision.",
        ),
        (["report", "show", "PLAN", "today", "--revision", "x"], "en", None),
        (["report", "show", "PLAN", "today", "--revision", "0"], "zh", None),
        (["rates", "--from", "-3"], "en", "The option --to is missing; see lianluo rates --help."),
        (["explain"], "en", "OBLIGATION is missing; see lianluo explain --help."),
        (["explain"], "zh", "缺少“事项编号”;用法见 lianluo explain --help。"),
        (
            ["board", "today", "and", "more"],
            "en",
            "Too many words: and, more; see lianluo board --help.",
        ),
        (["board", "31/12"], "en", None),
        (["board", "today", "--from", "-3"], "zh", "日期与 --from/--to 只能写一种。"),
        (["board", "--as-of", "noon"], "en", None),
    ],
)
def test_wrong_words_are_one_sentence_and_exit_2(
    run: Run, city: City, words: list[str], lang: str, sentence: str | None
) -> None:
    answer = run(*words, lang=lang, code=Exit.USAGE)
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    if sentence is not None:
        assert answer.err == f"{sentence}\n"


def test_unknown_language(run: Run) -> None:
    assert run("board", lang="fr", code=Exit.USAGE).err.startswith("There is no language “fr”")


def test_missing_store(run: Run, tmp_path: Path) -> None:
    answer = run("board", store=tmp_path / "none.db", code=Exit.NOT_FOUND)
    assert "none.db" in answer.err
    assert "lianluo init" in answer.err
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("content", [b"no store", b"SQLite format 3\x00 but not quite"])
def test_wrong_file(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.db"
    path.write_bytes(content)
    assert "wrong.db" in run("board", store=path, code=Exit.DAMAGED).err
    assert path.read_bytes() == content


def test_somebody_elses_database(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    assert run("board", store=path, code=Exit.DAMAGED).err


def test_newer_store(run: Run, city: City) -> None:
    with sqlite3.connect(city.path) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    assert "newer version" in run("board", code=Exit.DAMAGED).err


def test_busy_store_is_left_alone(run: Run, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.connection, "WAIT_SECONDS", 0.01)
    run("board")
    other = sqlite3.connect(city.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = run("file", "zero", "--unit", "PLAN", code=Exit.BUSY)
    other.execute("ROLLBACK")
    other.close()
    assert "nothing was written" in answer.err
    assert json.loads(run("board", "--unit", "PLAN", "-f", "json").out)[0]["report"] is None


def test_reading_a_busy_store_works(run: Run, city: City) -> None:
    other = sqlite3.connect(city.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "440111" in run("board", "--unit", "白云区").out
    other.execute("ROLLBACK")
    other.close()


def test_acting_for_somebody_else_is_for_admins(run: Run, city: City) -> None:
    answer = run("--as-login", LIAISON, "file", "zero", "-f", "json")
    receipt = json.loads(answer.out)
    assert (receipt["unit"], receipt["filed_by"], receipt["keyed_by"]) == (
        "440111",
        LIAISON,
        "admin",
    )
    assert "may not" in run("--as-login", "plan", "board", login=LIAISON, code=Exit.REFUSED).err
    assert "nobody" in run("--as-login", "nobody", "board", code=Exit.REFUSED).err


def test_a_mistake_of_the_program_is_one_sentence(
    run: Run, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by\x1b[31m nought")

    monkeypatch.setattr("actions.entering.enter", broken)
    answer = run("board", code=cli.BROKEN)
    assert re.fullmatch(
        r"The program failed \(ZeroDivisionError, tests/test_cli\.py:\d+\); "
        r"try again with --debug for the traceback\.\n",
        answer.err,
    )
    traced = run("--debug", "board", code=cli.BROKEN).err
    assert "cli.py" in traced
    assert "ZeroDivisionError" in traced


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, Exit.BUSY),
        (errno.EFBIG, Exit.BUSY),
        (errno.EACCES, Exit.REFUSED),
        (errno.ENAMETOOLONG, Exit.REFUSED),
    ],
)
def test_what_the_system_refuses_is_one_sentence_with_its_code(
    run: Run, city: City, monkeypatch: pytest.MonkeyPatch, number: int, code: Exit
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(number, "no", "some/where")

    monkeypatch.setattr("actions.entering.enter", refused)
    answer = run("board", code=code)
    assert answer.err.startswith("The system failed (some/where: no)")
    assert answer.err.count("\n") == 1


def test_interrupted(run: Run, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("actions.entering.enter", interrupted)
    assert run("board", code=cli.INTERRUPTED).err.startswith("Interrupted; nothing")


def test_debug_shows_the_traceback_of_an_error(run: Run, city: City) -> None:
    answer = run("--debug", "board", "--unit", "zzz", code=Exit.NOT_FOUND)
    assert "Traceback" in answer.err
    assert answer.err.splitlines()[-1] == "There is no unit “zzz”."


def process(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_reader_that_leaves_is_no_error(city: City) -> None:
    program = process("--store", str(city.path), "board", "--all")
    assert program.stdout is not None
    program.stdout.close()
    _, error = program.communicate()
    assert (program.returncode, error) == (0, "")


def test_runs_as_a_module(city: City) -> None:
    program = process("--store", str(city.path), "--lang", "zh", "board")
    printed, _ = program.communicate()
    assert program.returncode == 0
    assert printed.startswith("代码")


def test_unknown_years_are_told_once(run: Run, city: City) -> None:
    answer = run("board", "--from", "2035-01-01", "--to", "2036-01-05", "--unit", "PLAN")
    assert len(answer.err.splitlines()) == 1
    assert "2035, 2036" in answer.err
