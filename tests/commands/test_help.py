"""Every command and option says what it does, in both languages and not in Click's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rich.cells import cell_len

import catalogue
from commands import helping, parsing
from commands.frame import COMMANDS, GLOBAL_OPTIONS, PROGRAM
from tests.conftest import Run


def every_command() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each command with the words that call it."""
    program = parsing.root()
    for name in program.list_commands(None):
        command = program.get_command(None, name)
        yield (name,), command
        for inner, below in getattr(command, "commands", {}).items():
            yield (name, inner), below


EVERY = dict(every_command())


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_and_option_has_its_text(words: tuple[str, ...]) -> None:
    command = EVERY[words]
    assert isinstance(command, (parsing.Command, parsing.Group))
    assert catalogue.t(str(command.help))
    params: list[Any] = list(command.params)
    for param in params:
        if not getattr(param, "hidden", False):
            assert catalogue.t(param.help), param.name


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
@pytest.mark.parametrize("lang", catalogue.LANGUAGES)
def test_pages(run: Run, words: tuple[str, ...], lang: str) -> None:
    page = run(*words, "--help", lang=lang).out
    assert page.startswith(("用法: lianluo " if lang == "zh" else "Usage: lianluo ") + words[0])
    for click in (
        "[OPTIONS]",
        "Arguments:\n" if lang == "zh" else "\u9009",
        "{",
        "Show this message",
    ):
        assert click not in page
    assert all(cell_len(line) <= 80 for line in page.splitlines())


def test_page_is_as_wide_as_the_terminal_but_no_wider_than_is_read_well(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns, widest in (("50", 50), ("300", 100)):
        monkeypatch.setenv("COLUMNS", columns)
        lines = run("file", "daily", "--help", lang="zh").out.splitlines()
        assert max(map(cell_len, lines)) <= widest
    assert max(map(cell_len, lines)) > 80


@pytest.mark.parametrize("columns", ["40", "80", "200"])
@pytest.mark.parametrize("lang", catalogue.LANGUAGES)
def test_the_overview_is_what_parsing_would_print(
    lang: str, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.use(lang)
    monkeypatch.setenv("COLUMNS", columns)
    program = parsing.root()
    parsed = program.get_help(program.make_context(PROGRAM, ["board"]))
    assert helping.overview(PROGRAM, COMMANDS, GLOBAL_OPTIONS) == parsed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_argument_has_its_name_in_both_languages(lang: str) -> None:
    catalogue.use(lang)
    named = {
        helping.argument_name(param)
        for _, command in every_command()
        for param in command.params
        if not param.opts[0].startswith("-")
    }
    assert len(named) > 10
