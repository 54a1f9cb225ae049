"""Making a paper: facts, a number that stays, and a file that appears whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import catalogue
from actions import papers as register
from actions.papers import About, digest
from domain.errors import UsageError
from domain.instants import Instant
from domain.papers import BOOKS, Paper, PaperKind, Version, parse_number
from domain.people import Actor
from domain.values import dataclass
from exchange.check_book import check_book, check_facts
from exchange.letters import letter, template
from exchange.paper_facts import letter_facts
from exchange.paper_words import day_words
from exchange.rate_book import rate_book, table_facts
from exchange.writing import check_place, replaced
from storage.store import Store

_CHECK_SHOWN = 12
"""Digits of the content's hash that stand on a paper."""


_TABLES: dict[
    PaperKind,
    tuple[
        Callable[[Store, About, Instant], dict[str, object]],
        Callable[[Store, About, str, Instant], bytes],
    ],
] = {
    PaperKind.MONTH_TABLE: (table_facts, rate_book),
    PaperKind.HALF_YEAR_TABLE: (check_facts, check_book),
}
"""What each table is made from, and what makes it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A paper that was made: its entry, what it was made from, and the file."""

    paper: Paper
    version: Version
    file: str


def ending(kind: PaperKind) -> str:
    """Return the ending of a kind's files."""
    return ".xlsx" if kind in BOOKS else ".docx"


def make_paper(
    store: Store,
    actor: Actor,
    kind: PaperKind,
    subject: str,
    target: Path,
    at: Instant,
    templates: Path | None = None,
) -> Made:
    """Make a paper in the language in use and write it to `target`.

    The first time it gets a number; ever after the same. It is written under no number until it
    is known that the template and the file can be used. Raises LianluoError.
    """
    if target.suffix.lower() != ending(kind):
        raise UsageError("papers.bad_ending", file=str(target), ending=ending(kind))
    check_place(target)
    with store.reading():
        what = register.about(store, kind, subject, at)
        register.require_maker(store, actor, what, at)
        form = None if kind in BOOKS else template(templates, catalogue.language(), kind)
        if form is not None and register.standing(store, what) is None:
            # Tried before a number is spent on it.
            letter(
                *form,
                kind,
                {**letter_facts(store, what, at), **_numbered("XX-2000-0000", at, store)},
            )
    with store.connection.writing():
        paper = register.enter(store, actor, what, at)
        facts = _facts(store, what, paper, at)
        content = digest(canonical(facts))
        version = register.made(
            store,
            actor,
            paper,
            at,
            language=catalogue.language(),
            template="" if form is None else digest(form[1]),
            content=content,
        )
    if form is None:
        made = _TABLES[kind][1](store, what, paper.number, at)
    else:
        made = letter(*form, kind, {**facts, "check": content[:_CHECK_SHOWN]})
    with replaced(target) as stream:
        stream.write(made)
    return Made(paper, version, str(target))


def _facts(store: Store, what: About, paper: Paper, at: Instant) -> dict[str, Any]:
    if what.kind in BOOKS:
        return {"number": paper.number, **_TABLES[what.kind][0](store, what, at)}
    words = letter_facts(store, what, at)
    numbered = _numbered(paper.number, paper.made_at, store)
    del numbered["check"]
    return {**words, **numbered}


def _numbered(number: str, made_at: Instant, store: Store) -> dict[str, Any]:
    """Return what every letter says of itself; its day is that on which it was first made."""
    year, count = parse_number(number)
    return {
        "number": number,
        "year": str(year),
        "count": str(count),
        "day": day_words(store.today(made_at)),
        "check": "0" * _CHECK_SHOWN,
    }


def canonical(facts: dict[str, Any]) -> bytes:
    """Return facts as the one text that a hash is taken of."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def write_file(target: Path, content: bytes, suffix: str) -> None:
    """Write a file that appears whole or not at all; raises LianluoError."""
    if target.suffix.lower() != suffix:
        raise UsageError("papers.bad_ending", file=str(target), ending=suffix)
    check_place(target)
    with replaced(target) as stream:
        stream.write(content)
