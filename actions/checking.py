"""What is wrong with a store, its clock and its calendar, and what to do about it."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from actions import outbox
from actions.people import roles_on
from actions.urging import last_check
from domain.errors import LianluoError, Message
from domain.instants import Instant
from domain.outbox import STUCK
from domain.values import dataclass
from storage import checks, events, recounting
from storage.archives import known, opened, passing_over, place
from storage.connection import SCHEMA_VERSION, Connection
from storage.mounts import network_drive
from storage.store import Store, open_store

_NOVEMBER = 11
"""The month in which the days off of the next year are announced."""
_SKEW = 120
"""Seconds by which the clocks of two machines may differ without harm."""


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `remedy` is what to do, None where nothing has to be done."""

    name: str
    level: Level
    text: Message
    remedy: Message | None = None


def check_store(path: Path, login: str, at: Instant) -> list[Check]:
    """Return what is to be said of the store at `path`; writes nothing."""
    try:
        store = open_store(path)
    except LianluoError as error:
        return [Check("store", Level.BAD, error.message)]
    with store:
        try:
            return [
                Check(
                    "store",
                    Level.OK,
                    Message("doctor.store_open", store=str(path), schema=SCHEMA_VERSION),
                ),
                *_drive(path),
                *_file(path),
                *_archives(store),
                *_content(store),
                *_clock(store, at),
                *_calendar(store, at),
                _ladder(store, at),
                _outbox(store, at),
                _login(store, login, at),
            ]
        except LianluoError as error:
            return [Check("store", Level.BAD, error.message)]


def _drive(path: Path) -> list[Check]:
    drive = network_drive(path)
    if drive is None:
        return []
    text = Message("doctor.network_drive", drive=drive)
    return [Check("store", Level.BAD, text, Message("doctor.network_drive_remedy"))]


def _file(path: Path) -> list[Check]:
    mode = stat.S_IMODE(path.stat().st_mode)
    shown = f"{mode:04o}"
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return [
            Check(
                "permissions",
                Level.WARN,
                Message("doctor.read_only", mode=shown),
                Message("doctor.read_only_remedy", folder=str(path.parent)),
            )
        ]
    if mode & stat.S_IRWXO:
        return [
            Check(
                "permissions",
                Level.WARN,
                Message("doctor.open_to_all", mode=shown),
                Message("doctor.open_to_all_remedy", store=str(path)),
            )
        ]
    return [Check("permissions", Level.OK, Message("doctor.permissions", mode=shown))]


def _content(store: Store) -> list[Check]:
    connection = store.connection
    missing = {each.year for each in known(connection) if not place(connection, each).exists()}
    with passing_over(connection, frozenset(missing)):
        return _sound(connection)


def _archives(store: Store) -> list[Check]:
    """Return of each archived year whether its file is there, and the one that was recorded."""
    connection = store.connection
    checks_made = []
    for archive in known(connection):
        path = place(connection, archive)
        if not path.exists():
            text = Message("doctor.archive_missing", year=str(archive.year), file=str(path))
            remedy = Message("doctor.archive_remedy", folder=str(path.parent))
            checks_made.append(Check("archives", Level.BAD, text, remedy))
            continue
        try:
            opened(connection, archive)
        except LianluoError as error:
            checks_made.append(Check("archives", Level.BAD, error.message))
        else:
            text = Message("doctor.archive", year=str(archive.year), file=str(path))
            checks_made.append(Check("archives", Level.OK, text))
    return checks_made


def _sound(connection: Connection) -> list[Check]:
    restore = Message("doctor.restore")
    found = []
    damage = checks.damage(connection)
    if damage:
        found.append(
            Check("integrity", Level.BAD, Message("doctor.damaged", cause=damage[0]), restore)
        )
    dangling = checks.dangling(connection)
    if dangling:
        text = Message("doctor.dangling", count=dangling)
        found.append(Check("integrity", Level.BAD, text, restore))
    contradictions = checks.contradictions(connection)
    if contradictions:
        text = Message("doctor.contradictions", count=contradictions)
        found.append(Check("integrity", Level.BAD, text, restore))
    wrong = recounting.contradictions(connection)
    if wrong:
        text = Message("doctor.sums_wrong", count=len(wrong), period=wrong[0])
        found.append(Check("integrity", Level.BAD, text, restore))
    if not found:
        found.append(Check("integrity", Level.OK, Message("doctor.sound")))
    broken = events.first_broken(connection)
    if broken is None:
        found.append(Check("audit", Level.OK, Message("doctor.chain_whole")))
    else:
        text = Message("doctor.chain_broken", seq=broken)
        found.append(Check("audit", Level.BAD, text, restore))
    return found


def _clock(store: Store, at: Instant) -> list[Check]:
    remedy = Message("doctor.set_clock")
    last = checks.last_event_at(store.connection)
    now = store.zone.show(at)
    if last is not None and last > at + _SKEW:
        text = Message("doctor.clock_behind", now=now, last=store.zone.show(last))
        return [Check("clock", Level.BAD, text, remedy)]
    if store.through > store.today(at) + timedelta(days=1):
        text = Message("doctor.days_ahead", now=now, through=store.through)
        return [Check("clock", Level.BAD, text, remedy)]
    through = max(store.through, store.starts - timedelta(days=1))
    behind = (store.today(at) - through).days
    if behind > 1 and not store.connection.writable:
        text = Message("doctor.days_behind", through=through)
        return [Check("clock", Level.WARN, text, Message("doctor.days_behind_remedy"))]
    return [Check("clock", Level.OK, Message("doctor.clock", now=now, zone=store.zone.name))]


def _ladder(store: Store, at: Instant) -> Check:
    """Return when the ladder was last looked at: a dead timer urges nobody (R14)."""
    last = last_check(store)
    if last is None:
        text = Message("doctor.ladder_never")
        return Check("ladder", Level.WARN, text, Message("doctor.ladder_remedy"))
    hours = max(0, at - last) // 3600
    text = Message("doctor.ladder", at=store.zone.show(last), hours=hours)
    if hours >= 24:
        return Check("ladder", Level.WARN, text, Message("doctor.ladder_remedy"))
    return Check("ladder", Level.OK, text)


def _outbox(store: Store, at: Instant) -> Check:
    """Return whether messages are stuck, which a person has to decide about (R14)."""
    waiting = outbox.listed(store, at)
    stuck = [row.message.id for row in waiting if row.standing.state in STUCK]
    if stuck:
        text = Message("doctor.outbox_stuck", count=len(stuck), id=stuck[0])
        return Check("outbox", Level.BAD, text, Message("doctor.outbox_remedy"))
    return Check("outbox", Level.OK, Message("doctor.outbox", count=len(waiting)))


def _calendar(store: Store, at: Instant) -> list[Check]:
    today = store.today(at)
    years = [today.year] + [today.year + 1] * (today.month >= _NOVEMBER)
    unknown = [
        str(year) for year in years if not store.calendar.known(today.replace(year=year, day=1))
    ]
    if unknown:
        text = Message("doctor.calendar_unknown", years=unknown)
        return [Check("calendar", Level.WARN, text, Message("doctor.calendar_remedy"))]
    text = Message("doctor.calendar", years=[str(year) for year in years])
    return [Check("calendar", Level.OK, text)]


def _login(store: Store, login: str, at: Instant) -> Check:
    roles = sorted({person.role.value for person in roles_on(store, login, store.today(at))})
    if not roles:
        text = Message("doctor.no_role", login=login)
        return Check("login", Level.WARN, text, Message("doctor.no_role_remedy"))
    words = [Message(f"words.role_{role}") for role in roles]
    return Check("login", Level.OK, Message("doctor.roles", login=login, roles=words))
