"""What a start may import: whoever asks for the board does not wait for the screens.

Each test starts the program in a process of its own and looks at its `sys.modules`.
"""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Calls the front door with the words after the first one, which names the file to answer in.
PROBE = """
import json, sys
from pathlib import Path
answer = Path(sys.argv.pop(1))
sys.argv[0] = "lianluo"
{before}
import cli
try:
    code = cli.main()
except SystemExit as stop:
    code = stop.code
answer.write_text(json.dumps({{"code": code or 0, "modules": sorted(sys.modules)}}))
"""

# Draws the first frame into nothing, then leaves.
HEADLESS = """
from textual.app import App
run = App.run
async def leave(pilot):
    await pilot.pause()
    pilot.app.exit()
App.run = lambda app, **words: run(
    app, **words | {"headless": True, "size": (80, 24), "auto_pilot": leave}
)
"""


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which nothing of the caller's counts."""
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
    }


def modules_after(home: Path, *words: str, before: str = "", terminal: bool = False) -> set[str]:
    """Return what `lianluo WORDS` has imported when it is done, having checked that it succeeds.

    With `terminal` its three streams are a terminal.
    """
    answer = home / "answer.json"
    command = [sys.executable, "-c", PROBE.format(before=before), str(answer), *words]
    if terminal:
        printed = run_in_terminal(command, home)
    else:
        done = subprocess.run(
            command,
            cwd=home,
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        printed = done.stdout
    assert answer.is_file(), printed
    told = json.loads(answer.read_text())
    assert told["code"] == 0, printed
    return set(told["modules"])


def run_in_terminal(command: list[str], home: Path) -> str:
    """Return what the command writes to the terminal that it is given."""
    ours, theirs = pty.openpty()
    printed: list[bytes] = []

    def read() -> None:
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # how Linux says that nobody holds the other end any more
                return
            if not part:
                return
            printed.append(part)

    with subprocess.Popen(
        command, cwd=home, env=environment(home), stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        reader = threading.Thread(target=read)
        reader.start()
        process.wait()
        reader.join()
    os.close(ours)
    return b"".join(printed).decode(errors="replace")


def modules_of(home: Path, module: str) -> set[str]:
    """Return what importing one module imports."""
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}, sys; print(*sys.modules)"],
        cwd=home,
        env=environment(home),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new store without reports."""
    home = tmp_path_factory.mktemp("store")
    modules_after(home, "--store", str(home / "city.db"), "init")
    return home / "city.db"


FOUNDING = {"actions.opening", "domain.workflows", "domain.matters", "storage.matters"}
"""What only founding a store, or a matter, has a use for."""
ELSEWHERE = {"platformdirs", "tomllib", "fractions", "decimal", "csv", "difflib", "random"}
"""What a short command has no use for."""


def test_the_overview_imports_no_parser_and_no_rules(tmp_path: Path) -> None:
    modules = modules_after(tmp_path, "--help")
    assert not modules & {"typer", "sqlite3", "zoneinfo", "domain.settings", *ELSEWHERE}
    assert not [name for name in modules if name.startswith(("actions.", "storage.", "tui."))]


def test_board_imports_what_it_shows(tmp_path: Path, store: Path) -> None:
    modules = modules_after(tmp_path, "--store", str(store), "board")
    # Typer itself brings difflib.
    assert not modules & (FOUNDING | ELSEWHERE - {"difflib"})
    assert not modules & {"rich.console", "chinese_calendar", "hashlib"}


@pytest.mark.parametrize("words", [["--help"], ["board", "--help"], ["file", "zero", "--help"]])
def test_help_imports_neither_screens_nor_store(tmp_path: Path, words: list[str]) -> None:
    modules = modules_after(tmp_path, *words)
    assert not modules & {"textual", "sqlite_utils", "pydantic"}


@pytest.mark.parametrize("words", [["board"], []], ids=["board", "no command, no terminal"])
def test_board_imports_no_screens(tmp_path: Path, store: Path, words: list[str]) -> None:
    modules = modules_after(tmp_path, "--store", str(store), *words)
    assert not modules & {"textual", "pydantic", "python_calamine", "xlsxwriter"}


@pytest.mark.parametrize(
    "words", [["urge"], ["outbox", "list"], ["sheet", "day", "today"], ["paper", "list"]]
)
def test_nothing_that_sends_or_prints_is_imported_to_look(
    tmp_path: Path, store: Path, words: list[str]
) -> None:
    modules = modules_after(tmp_path, "--store", str(store), *words)
    assert not modules & {"textual", "apprise", "requests", "docx", "docxtpl", "jinja2"}
    assert "xlsxwriter" not in modules


def test_front_door_alone_imports_neither_front_end(tmp_path: Path) -> None:
    modules = modules_of(tmp_path, "cli")
    assert not modules & {"textual", "typer", "sqlite_utils", "rich.console"}


def test_screens_need_neither_typer_nor_sqlite_utils(tmp_path: Path) -> None:
    modules = modules_of(tmp_path, "tui.app")
    assert "textual" in modules
    assert not modules & {"typer", "sqlite_utils", "pydantic"}


def test_first_frame_comes_before_typer(tmp_path: Path, store: Path) -> None:
    modules = modules_after(tmp_path, "--store", str(store), before=HEADLESS, terminal=True)
    assert "tui.app" in modules
    assert not modules & {"typer", "sqlite_utils", "pydantic"}
