"""The register of papers: who makes one, under which number, and from what."""

from __future__ import annotations

import hashlib

from actions.matters import show
from actions.people import allowed, require_on, roles_on
from actions.units import find
from domain.errors import NotFound, Refused
from domain.instants import Instant, parse_day
from domain.papers import (
    OF_RUNGS,
    Paper,
    PaperKind,
    Version,
    halves,
    kind_named,
    parse_half,
    parse_month,
    parse_year,
)
from domain.people import Actor
from domain.permissions import TABLE, Action
from domain.values import dataclass
from storage import events
from storage import papers as rows
from storage.store import Store

_AGAINST = ("finding", "satellite", "lead")
"""The workflows of what stands on the ground, whose party can be told, or be transferred."""


@dataclass(frozen=True, slots=True)
class About:
    """What a paper is about, found in the store: its canonical subject, and whose it is.

    `number` is a matter's; `unit` a unit's code, of the matter, the addressee or the letter;
    `detail` the day, the other unit or the year.
    """

    kind: PaperKind
    subject: str
    number: str = ""
    unit: str = ""
    detail: str = ""


def about(store: Store, kind: PaperKind, subject: str, at: Instant) -> About:
    """Return what a person's words name; raises UsageError, NotFound or Refused."""
    if kind is PaperKind.DAY_SHEET:
        raise Refused("papers.day_sheet_sealed")
    if kind is PaperKind.MONTH_TABLE:
        first, _ = parse_month(subject)
        return About(kind, f"{first:%Y-%m}")
    if kind is PaperKind.HALF_YEAR_TABLE:
        first, _ = parse_half(subject)
        return About(kind, f"{first.year}H{1 if first.month == 1 else 2}")
    today = store.today(at)
    if kind in OF_RUNGS:
        name, day = halves(kind, subject)
        code = find(store, name, today).code
        fired = parse_day(day, today).isoformat()
        return About(kind, f"{code}@{fired}", unit=code, detail=fired)
    if kind is PaperKind.RESPONSIBILITY:
        name, text = halves(kind, subject)
        code, year = find(store, name, today).code, str(parse_year(text))
        return About(kind, f"{code}@{year}", unit=code, detail=year)
    to = ""
    if kind is PaperKind.TRANSFER:
        subject, name = halves(kind, subject)
        to = find(store, name, today).code
    matter = show(store, subject, at).matter
    fits = ("notice",) if kind is PaperKind.SUPERVISION else (*_AGAINST, "approval")
    if matter.workflow not in fits:
        raise Refused("papers.not_of_this", number=matter.number, kind=kind_named(kind))
    named = f"{matter.number}@{to}" if to else matter.number
    owner = matter.issuer if kind is PaperKind.SUPERVISION else matter.unit
    return About(kind, named, matter.number, owner, to)


def require_maker(store: Store, actor: Actor, what: About, at: Instant) -> None:
    """Refuse who may not make such a paper.

    A matter's papers are made by who works on it or supervises its unit; sheets and letters to a
    unit by who may issue to it; tables of the city by who may issue to anybody.
    """
    if not what.unit:
        roles = roles_on(store, actor.login, store.today(at))
        if not any(Action.ISSUE in TABLE[person.role] for person in roles):
            require_on(store, actor, Action.ISSUE, at)
        return
    if what.number and allowed(store, actor, Action.STEP, at, what.unit):
        return
    require_on(store, actor, Action.ISSUE, at, what.unit)


def standing(store: Store, what: About) -> Paper | None:
    """Return the paper where it was made before, under its number; None where it is new."""
    return rows.find(store.connection, what.kind, what.subject)


def enter(
    store: Store,
    actor: Actor,
    what: About,
    at: Instant,
) -> Paper:
    """Return the paper's entry; a new one gets the next number of its kind and year."""
    with store.connection.writing():
        paper = standing(store, what)
        if paper is None:
            year = store.today(at).year
            paper = rows.add(store.connection, what.kind, what.subject, year, at, actor.login)
            events.record(
                store.connection,
                actor,
                at,
                "paper.number",
                paper.number,
                kind=what.kind.value,
                about=what.subject,
            )
        return paper


def made(
    store: Store,
    actor: Actor,
    paper: Paper,
    at: Instant,
    *,
    language: str,
    template: str,
    content: str,
) -> Version:
    """Record what a paper is made from, and return it; the same as last time leaves no new row."""
    with store.connection.writing():
        before = rows.versions(store.connection, paper.number)
        version = Version(
            len(before) + 1, at, actor.login, actor.real_login, language, template, content
        )
        if before and before[-1].same_as(version):
            return before[-1]
        rows.add_version(store.connection, paper.number, version)
        events.record(
            store.connection,
            actor,
            at,
            "paper.make",
            paper.number,
            version=version.version,
            language=language,
            template=template,
            content=content,
        )
        return version


@dataclass(frozen=True, slots=True)
class Registered:
    """A paper of the register with what it was last made from."""

    paper: Paper
    last: Version | None
    versions: int


def listed(
    store: Store, at: Instant, kind: PaperKind | None = None, subject: str | None = None
) -> list[Registered]:
    """Return the papers made by `at`, first made first."""
    found: list[Registered] = []
    with store.reading():
        for paper in rows.listed(store.connection, at, kind, subject):
            versions = rows.versions(store.connection, paper.number, at)
            last = versions[-1] if versions else None
            found.append(Registered(paper, last, len(versions)))
    return found


def of_number(store: Store, number: str, at: Instant) -> tuple[Paper, list[Version]]:
    """Return a paper with all that it was made from by `at`; raises NotFound."""
    paper = rows.get(store.connection, number.strip().upper())
    if paper is None or paper.made_at > at:
        raise NotFound("papers.unknown", number=number)
    return paper, rows.versions(store.connection, paper.number, at)


def digest(content: bytes) -> str:
    """Return the SHA-256 of what a paper is made from, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
