"""`config.example.toml` shows every setting with its default, explained in both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from domain.settings import (
    PREFERENCE_PARSERS,
    RULE_PARSERS,
    CityRules,
    Preferences,
    rules_to_table,
    settings_from_table,
)

EXAMPLE = Path(__file__).resolve().parent.parent / "config.example.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
TABLE = tomllib.loads(TEXT)


def comment_above(key: str) -> str:
    """Return the comment lines right above the first line that sets `key`."""
    lines = TEXT.splitlines()
    starts = re.compile(rf"(\[+{key}\]+|{key} = )")
    number = next(n for n, line in enumerate(lines) if starts.match(line))
    above = []
    while number and lines[number - 1].startswith("#"):
        number -= 1
        above.append(lines[number])
    return "\n".join(reversed(above))


def test_example_names_every_key_and_no_other() -> None:
    assert set(TABLE) == set(RULE_PARSERS) | set(PREFERENCE_PARSERS)


def test_example_is_exactly_the_defaults() -> None:
    settings = settings_from_table(TABLE)
    assert settings.preferences == Preferences()
    assert settings.applied_to(CityRules()) == CityRules()
    assert dict(settings.rules) == rules_to_table(CityRules())


def test_every_key_is_explained_in_both_languages() -> None:
    for key in TABLE:
        comment = comment_above(key)
        assert re.search(r"[\u4e00-\u9fff]{2}", comment), f"{key}: no Chinese"
        assert re.search(r"[A-Za-z]{3,} [a-z]{2,}", comment), f"{key}: no English"


def test_what_is_not_fixed_by_law_is_called_a_local_default() -> None:
    for key in RULE_PARSERS.keys() - {"timezone"}:
        assert "本地默认" in comment_above(key)
        assert "Local default" in comment_above(key)
