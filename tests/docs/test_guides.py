"""What the guides tell people to type is understood, and what they link to is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from cli import read_globals
from commands.call import Call
from commands.frame import PROGRAM
from commands.parsing import root
from domain.people import Actor
from domain.settings import CityRules
from exchange.demo import found_demo
from tests.conftest import AT

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)]+)\)")


def blocks(path: Path, language: str) -> list[str]:
    """Return the blocks of code of a language on a page."""
    found = BLOCK.findall(path.read_text(encoding="utf-8"))
    return [text for named, text in found if named == language]


def calls() -> list[str]:
    """Return every line of the guides that calls the program."""
    return [
        line
        for path in PAGES
        for block in blocks(path, "sh")
        for line in block.splitlines()
        if line.startswith(f"{PROGRAM} ")
    ]


def anchors(path: Path) -> set[str]:
    """Return the anchors that a page's headings have on the web."""
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("line", calls())
def test_every_call_in_the_guides_parses(line: str) -> None:
    before, words = read_globals(shlex.split(line, comments=True)[1:])
    call = Call(before, {}, AT)
    program = root()
    context = program.make_context(PROGRAM, list(words), obj=call)
    name, *rest = words
    command = program.get_command(context, name)
    assert command is not None
    # Some groups stand alone too: `lianluo gaps`.
    while hasattr(command, "get_command") and rest and not rest[0].startswith("-"):
        name, *rest = rest
        command = command.get_command(context, name)
        assert command is not None
    command.make_context(name, rest, obj=call)


def test_guides_call_the_program_at_all() -> None:
    assert len(calls()) > 40


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        page = (path.parent / name).resolve() if name else path
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), target


@pytest.mark.parametrize("name", ["store.md", "store.zh-CN.md"])
def test_queries_of_the_store_run_read_only(name: str, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "demo.db"
    found_demo(path, CityRules(), Actor("somebody", "somebody"), AT).close()
    engine = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    # The machine's clock has no say here.
    engine.create_function("unixepoch", 0, lambda: AT)
    queries = [
        query
        for block in blocks(ROOT / "docs" / name, "sql")
        for query in block.split(";")
        if query.strip()
    ]
    assert len(queries) == 4
    for query in queries[1:]:
        assert engine.execute(query).fetchall()
    engine.execute(queries[0]).fetchall()
    engine.close()
