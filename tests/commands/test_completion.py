from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cli
from domain.errors import Exit
from tests.conftest import AT, City, Run

ROOT = Path(__file__).resolve().parent.parent.parent


def offered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> list[str]:
    """Return what bash is offered for the last of the words."""
    monkeypatch.setenv("_LIANLUO_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", " ".join(["lianluo", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    assert cli.main([]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out.split()


def test_commands_and_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert offered(monkeypatch, capsys, "re") == ["report", "reconcile", "restore"]
    assert offered(monkeypatch, capsys, "file", "") == ["zero", "daily", "amend"]
    assert offered(monkeypatch, capsys, "--st") == ["--store"]
    assert offered(monkeypatch, capsys, "board", "--as") == ["--as-of"]
    assert offered(monkeypatch, capsys, "board", "--network", "v") == ["vertical"]
    assert "cutoff" in offered(monkeypatch, capsys, "config", "set", "c")


def test_units_by_code_and_name(
    city: City, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ("--store", str(city.path))
    assert offered(monkeypatch, capsys, *store, "board", "--unit", "PL") == ["PLAN"]
    assert "白云区" in offered(monkeypatch, capsys, *store, "board", "--under", "白云")
    assert "440111" in offered(monkeypatch, capsys, *store, "file", "amend", "4401")
    assert offered(monkeypatch, capsys, *store, "report", "show", "Bai") == ["Baiyun"]


def test_store_of_the_environment(
    city: City, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIANLUO_STORE", str(city.path))
    assert offered(monkeypatch, capsys, "board", "--unit", "市规") == ["市规划局"]


def test_obligations(
    run: Run,
    city: City,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run("board")
    monkeypatch.setattr("commands.completion.now", lambda: AT)
    store = ("--store", str(city.path))
    found = offered(monkeypatch, capsys, *store, "explain", "R-20261116-4401")
    assert "R-20261116-440111" in found


def test_silent_without_a_store_or_with_a_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_text("no store")
    config = tmp_path / "config.toml"
    config.write_text("nonsense = 1")
    for words in (
        ["board", "--unit", "a"],
        ["--store", str(broken), "board", "--unit", "a"],
        ["--config", str(config), "explain", "R"],
    ):
        assert offered(monkeypatch, capsys, *words) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_of_the_shells(run: Run, shell: str) -> None:
    for words in (["--show-completion", shell], [f"--show-completion={shell}"]):
        script = run(*words).out
        assert "_LIANLUO_COMPLETE" in script
        assert f"complete_{shell}" in script


def test_installing(run: Run, alone: Path) -> None:
    answer = run("--install-completion", "bash", lang="zh")
    script = alone / ".bash_completions" / "lianluo.sh"
    assert str(script) in answer.out
    assert "_LIANLUO_COMPLETE" in script.read_text()
    assert str(script) in (alone / ".bashrc").read_text()


def test_shell_that_there_is_none_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "zsh" in run("--show-completion", "tcsh", code=Exit.USAGE).err
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: None)
    assert run("--install-completion", code=Exit.USAGE).out == ""


def test_completing_imports_no_command_but_the_one(tmp_path: Path) -> None:
    environ = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG")},
        "_LIANLUO_COMPLETE": "complete_bash",
        "COMP_WORDS": "lianluo bo",
        "COMP_CWORD": "1",
        "PYTHONPATH": str(ROOT),
    }
    code = (
        "import sys, json, cli; sys.argv = ['lianluo']; cli.main();"
        "print(json.dumps([name for name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    first, modules = done.stdout.splitlines()
    assert first == "board"
    assert not {"sqlite3", "textual", "rich.console", "commands.board"} & set(json.loads(modules))
