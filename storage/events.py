"""The one writer of audit events: an append-only log, each event chained to the one before."""

from __future__ import annotations

import json
from collections.abc import Iterator

from domain.instants import Instant
from domain.people import Actor
from domain.values import dataclass
from storage.connection import Connection, Row

FIRST_HASH = "0" * 64
SEAL_LENGTH = 12
"""How much of an event's hash a receipt carries: 48 bits."""


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

    The hash is SHA-256 over the canonical event and the hash before it. What the action changes
    of the registry, and on which days what is owed, is told by digest (`states`, `owed_days`).
    """
    # A reader records nothing, and need not wait for what proves a record.
    from storage import proofs

    states = proofs.states(connection, action)
    if states:
        detail["states"] = states
    if connection.days_changed:
        detail["owed_days"] = proofs.digests_of(connection, connection.days_changed)
        connection.days_changed.clear()
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
    import hashlib

    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


_COLUMNS = "seq, at, actor, real_login, host, action, subject, detail, hash"


def _event(row: Row) -> Event:
    seq, at, actor, real_login, host, action, subject, detail, mark = row
    return Event(seq, at, actor, real_login, host, action, subject, json.loads(detail), mark)


def of_subject(connection: Connection, subject: str) -> list[Event]:
    """Return the events of one subject, oldest first."""
    return [
        _event(row)
        for row in connection.rows(
            f"SELECT {_COLUMNS} FROM events WHERE subject = ? ORDER BY seq", (subject,)
        )
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events a list is about; None where it does not matter.

    `actor` is either login of an event; `action` and `subject` match what begins so.
    """

    first: Instant | None = None
    last: Instant | None = None
    actor: str | None = None
    subject: str | None = None
    action: str | None = None


def listed(connection: Connection, wanted: Wanted, most: int | None = None) -> list[Event]:
    """Return the events that are wanted, oldest first; with `most`, only the newest so many."""
    conditions = ["1 = 1"]
    parameters: dict[str, object] = {}
    for condition, name, value in (
        ("at >= :first", "first", wanted.first),
        ("at <= :last", "last", wanted.last),
        ("(actor = :actor OR real_login = :actor)", "actor", wanted.actor),
        ("substr(subject, 1, length(:subject)) = :subject", "subject", wanted.subject),
        ("substr(action, 1, length(:action)) = :action", "action", wanted.action),
    ):
        if value is not None:
            conditions.append(condition)
            parameters[name] = value
    limit = "" if most is None else f" LIMIT {int(most)}"
    found = connection.rows(
        f"SELECT {_COLUMNS} FROM events WHERE {' AND '.join(conditions)} ORDER BY seq DESC{limit}",
        parameters,
    )
    return [_event(row) for row in reversed(found)]


def head(connection: Connection) -> tuple[int, Instant, str] | None:
    """Return number, instant and hash of the newest event, None for a store without events."""
    row = connection.row("SELECT seq, at, hash FROM events ORDER BY seq DESC LIMIT 1")
    return None if row is None else (row[0], row[1], row[2])


def with_number(connection: Connection, seq: int) -> str | None:
    """Return the hash of the event of a number, None where there is none."""
    row = connection.row("SELECT hash FROM events WHERE seq = ?", (seq,))
    return None if row is None else str(row[0])


def first_broken(connection: Connection) -> int | None:
    """Return the number of the first event that does not fit the chain or is gone, or None."""
    expected = 1
    for seq, fits in checked(connection):
        if seq != expected or not fits:
            return expected
        expected += 1
    last = connection.row("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
    return expected if last is not None and last[0] >= expected else None


def checked(connection: Connection) -> Iterator[tuple[int, bool]]:
    """Yield each event's number, and whether it is what its hash and the one before it say."""
    previous = FIRST_HASH
    for *fields, before, mark in connection.each(
        "SELECT seq, at, actor, real_login, host, action, subject, detail, previous, hash"
        " FROM events ORDER BY seq"
    ):
        yield fields[0], before == previous and chained(fields, before) == mark
        previous = mark
