"""The one writer of audit events: an append-only log, each event chained to the one before."""

from __future__ import annotations

import hashlib
import json

from domain.instants import Instant
from domain.people import Actor
from domain.values import dataclass
from storage.connection import Connection

FIRST_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded change: who did what to which subject, and when."""

    seq: int
    at: Instant
    actor: str
    real_login: str
    host: str
    action: str
    subject: str
    detail: dict[str, object]
    hash: str


def record(
    connection: Connection,
    actor: Actor,
    at: Instant,
    action: str,
    subject: str,
    **detail: object,
) -> str:
    """Append one event inside the caller's transaction; return its hash.

    The hash is SHA-256 over the canonical event and the hash before it.
    """
    last = connection.row("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
    seq, previous = (last[0] + 1, last[1]) if last else (1, FIRST_HASH)
    body = json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fields = [seq, at, actor.login, actor.real_login, actor.host, action, subject, body]
    mark = chained(fields, previous)
    connection.execute(
        "INSERT INTO events (seq, at, actor, real_login, host, action, subject, detail, previous,"
        " hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*fields, previous, mark),
    )
    return mark


def chained(fields: list[object], previous: str) -> str:
    """Return the hash of an event's fields after the event whose hash is `previous`."""
    canonical = json.dumps([*fields, previous], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def of_subject(connection: Connection, subject: str) -> list[Event]:
    """Return the events of one subject, oldest first."""
    return [
        Event(row[0], row[1], row[2], row[3], row[4], row[5], row[6], json.loads(row[7]), row[8])
        for row in connection.rows(
            "SELECT seq, at, actor, real_login, host, action, subject, detail, hash FROM events"
            " WHERE subject = ? ORDER BY seq",
            (subject,),
        )
    ]


def first_broken(connection: Connection) -> int | None:
    """Return the number of the first event that does not fit the chain or is gone, or None."""
    previous, expected = FIRST_HASH, 1
    for *fields, before, mark in connection.rows(
        "SELECT seq, at, actor, real_login, host, action, subject, detail, previous, hash"
        " FROM events ORDER BY seq"
    ):
        if fields[0] != expected or before != previous or chained(fields, before) != mark:
            return expected
        previous, expected = mark, expected + 1
    last = connection.row("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
    return expected if last is not None and last[0] >= expected else None
