"""Every word people read, in Chinese and in English.

Texts live in `locale/<lang>/<topic>.json`; the key `board.title` is the entry `title` of
the topic `board`. Topics are read when first used, so a command pays for its own words only.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from domain.errors import Message, Named

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent / "locale"

_language = "zh"
_topics: dict[tuple[str, str], dict[str, str]] = {}


def use(language: str) -> None:
    """Set the language of every text from now on (a front door's decision, live in the UI)."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(language)
    _language = language


def language() -> str:
    """Return the language in use, `zh` or `en`."""
    return _language


def from_environment(environ: dict[str, str] | os._Environ[str]) -> str:
    """Return the language that the locale variables ask for; English where they name no other."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def t(key: str, /, **params: object) -> str:
    """Return the text of `key` with its parameters filled in.

    Raises KeyError when the catalogue lacks the key: a test holds both languages complete.
    """
    topic, _, name = key.partition(".")
    texts = _topics.get((_language, topic))
    if texts is None:
        path = FOLDER / _language / f"{topic}.json"
        texts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        _topics[_language, topic] = texts
    try:
        text = texts[name]
    except KeyError:
        raise KeyError(f"no {_language} text for {key}") from None
    if not params:
        return text
    return text.format(**{name: _word(value) for name, value in params.items()})


def render(message: Message) -> str:
    """Return the sentence of a message (an error's, a warning's) in the language in use."""
    return t(message.key, **message.params)


def pick(zh: str, en: str) -> str:
    """Return a record's own name in the language in use, or the other where it has none."""
    first, second = (zh, en) if _language == "zh" else (en, zh)
    return first or second


def listing(items: list[str]) -> str:
    """Return the items joined as a sentence of the language joins them."""
    return ("、" if _language == "zh" else ", ").join(items)


def span(seconds: int) -> str:
    """Return a length of time as people read it, as `19 天` or `5 小时 03 分`."""
    minutes = max(0, seconds) // 60
    if minutes >= 24 * 60:
        return t("words.span_days", days=minutes // (24 * 60))
    if minutes >= 60:
        return t("words.span_hours", hours=minutes // 60, minutes=minutes % 60)
    return t("words.span_minutes", minutes=minutes)


def _word(value: object) -> object:
    if isinstance(value, Message):
        return render(value)
    if isinstance(value, Named):
        return pick(value.zh, value.en)
    if isinstance(value, (list, tuple)):
        items = [str(_word(item)) for item in value]
        # Items that begin a line of their own need no other mark between them.
        own_lines = all(item.startswith("\n") for item in items)
        return "".join(items) if own_lines else listing(items)
    return value
