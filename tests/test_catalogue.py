"""Both languages say the same things, and nothing that nobody asks for."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import catalogue
from domain.errors import Message

ROOT = Path(__file__).resolve().parent.parent
TOPICS = sorted(path.stem for path in (catalogue.FOLDER / "zh").glob("*.json"))
KEY = re.compile(r"[a-z][a-z0-9_]*\.[a-z][A-Za-z0-9_]*")
PREFIX = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9_]*")

WHOLE_TOPICS = {"areas.", "gaps.", "matter.", "permissions.", "supervision_ui.", "workflows."}
"""Topics of which any entry may be asked for by a computed name."""


NAMES_OF_EVENTS = {"CHANGES", "FILINGS", "SEALED", "_TOLD"}
"""Values that are the names of events."""

FILES = {"app.tcss", "config.toml", "workflows.toml"}
"""Names of files that look like keys."""


def texts(language: str, topic: str) -> dict[str, str]:
    path = catalogue.FOLDER / language / f"{topic}.json"
    found = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=no_repeats)
    assert isinstance(found, dict)
    return found


def no_repeats(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(pairs)
    assert len(found) == len(pairs), "a name stands twice"
    return found


def every_key() -> set[str]:
    return {f"{topic}.{name}" for topic in TOPICS for name in texts("zh", topic)}


def sources() -> Iterator[Path]:
    for folder in ("domain", "storage", "actions", "exchange", "commands", "tui"):
        yield from (ROOT / folder).rglob("*.py")
    yield from (ROOT / "cli.py", ROOT / "catalogue.py")


def asked() -> tuple[set[str], set[str]]:
    """Return the keys that the code names whole, and the beginnings of those it computes."""
    whole, begun = set(), set()
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        other = set(map(id, no_keys(tree)))
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                start = node.values[0]
                if isinstance(start, ast.Constant) and in_topic(PREFIX, start.value):
                    begun.add(str(start.value))
            elif (
                isinstance(node, ast.Constant)
                and id(node) not in other
                and in_topic(KEY, node.value)
            ):
                whole.add(str(node.value))
    return whole - FILES, begun


def in_topic(pattern: re.Pattern[str], value: object) -> bool:
    return (
        isinstance(value, str)
        and pattern.fullmatch(value) is not None
        and value.partition(".")[0] in TOPICS
    )


def no_keys(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the texts in a module that may look like keys: parts of texts, and names of events."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in NAMES_OF_EVENTS:
            assert node.value is not None
            yield from ast.walk(node.value)
        if isinstance(node, ast.JoinedStr):
            yield from node.values
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("record"):
            for argument in node.args:
                yield from ast.walk(argument)


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_have_the_same_entries(topic: str) -> None:
    assert set(texts("en", topic)) == set(texts("zh", topic))


def test_both_languages_have_the_same_topics() -> None:
    assert TOPICS == sorted(path.stem for path in (catalogue.FOLDER / "en").glob("*.json"))


def parameters(text: str) -> set[tuple[str | None, str | None]]:
    return {(name, form) for _, name, form, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_take_the_same_parameters(topic: str) -> None:
    english = texts("en", topic)
    for name, text in texts("zh", topic).items():
        assert parameters(english[name]) == parameters(text), f"{topic}.{name}"


@pytest.mark.parametrize("topic", TOPICS)
def test_every_entry_says_something(topic: str) -> None:
    assert all(texts("zh", topic).values())


def test_what_the_code_asks_for_is_there() -> None:
    whole, begun = asked()
    keys = every_key()
    assert sorted(whole - keys) == []
    assert [start for start in begun if not any(key.startswith(start) for key in keys)] == []
    assert not {start for start in begun if start.endswith(".")} - WHOLE_TOPICS


def test_nothing_is_there_that_nobody_asks_for() -> None:
    whole, begun = asked()
    computed = tuple(begun)
    unused = sorted(every_key() - whole)
    assert [key for key in unused if not key.startswith(computed)] == []


def test_a_message_within_a_message_is_in_the_language_in_use() -> None:
    message = Message("config.wrong_together", file="x", problem=Message("errors.amend_reason"))
    assert catalogue.render(message) == "x: An amendment needs a reason (--reason)."
    catalogue.use("zh")
    assert catalogue.render(message) == "配置文件 x:更正必须说明原因(--reason)。"


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (-1, "0 分钟", "0 min"),
        (59, "0 分钟", "0 min"),
        (3599, "59 分钟", "59 min"),
        (3600 * 5 + 180, "5 小时 03 分", "5 h 03 min"),
        (86399, "23 小时 59 分", "23 h 59 min"),
        (19 * 86400 + 5, "19 天", "19 d"),
    ],
)
def test_lengths_of_time(seconds: int, zh: str, en: str) -> None:
    assert catalogue.span(seconds) == en
    catalogue.use("zh")
    assert catalogue.span(seconds) == zh


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "zh_TW", "LANG": "de_DE"}, "zh"),
    ],
)
def test_language_of_the_locale(environ: dict[str, str], language: str) -> None:
    assert catalogue.from_environment(environ) == language
