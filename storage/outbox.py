"""The outbox: messages that do not change, and what became of each, entry by entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.instants import Instant
from domain.outbox import Act, Entry, Message
from storage import proofs
from storage.columns import marks, parts
from storage.connection import Connection, Row

_COLUMNS = "id, topic, addressee, address, person, language, title, body, any_hour, queued_at"


def _message(row: Row) -> Message:
    return Message(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], bool(row[8]), row[9]
    )


def queue(connection: Connection, steps: Sequence[str], message: Message) -> int | None:
    """Queue a message for the steps that its address has not had; return its id, None for none.

    The id of `message` is not looked at.
    """
    had = {
        row[0]
        for part in parts(steps)
        for row in connection.rows(
            "SELECT step FROM outbox_steps WHERE address = ? AND person = ?"
            f" AND step IN ({marks(len(part))})",
            (message.address, message.person, *part),
        )
    }
    new = [step for step in dict.fromkeys(steps) if step not in had]
    if not new:
        return None
    row = connection.row("SELECT COALESCE(MAX(id), 0) + 1 FROM outbox")
    assert row is not None
    id_ = int(row[0])
    connection.execute(
        f"INSERT INTO outbox ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            id_,
            message.topic,
            message.addressee,
            message.address,
            message.person,
            message.language,
            message.title,
            message.body,
            int(message.any_hour),
            message.queued_at,
        ),
    )
    connection.execute_many(
        "INSERT INTO outbox_steps (step, address, person, message) VALUES (?, ?, ?, ?)",
        [(step, message.address, message.person, id_) for step in new],
    )
    return id_


def get(connection: Connection, id_: int) -> Message | None:
    """Return a message, or None."""
    row = connection.row(f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", (id_,))
    return None if row is None else _message(row)


def messages(connection: Connection, at: Instant, *, everything: bool) -> list[Message]:
    """Return the messages queued by `at` that somebody or something still waits for, or all."""
    still = "" if everything else " AND (ended_at IS NULL OR ended_at > ?)"
    return [
        _message(row)
        for row in connection.rows(
            f"SELECT {_COLUMNS} FROM outbox WHERE queued_at <= ?{still} ORDER BY id",
            (at,) if everything else (at, at),
        )
    ]


def open_messages(connection: Connection) -> list[Message]:
    """Return the messages that have not ended, oldest first."""
    return [
        _message(row)
        for row in connection.rows(
            f"SELECT {_COLUMNS} FROM outbox WHERE ended_at IS NULL ORDER BY id"
        )
    ]


def entries(connection: Connection, ids: Iterable[int]) -> dict[int, list[Entry]]:
    """Return what became of messages, by id, in order."""
    found: dict[int, list[Entry]] = {}
    for part in parts([str(id_) for id_ in ids]):
        for row in connection.rows(
            "SELECT message, seq, at, login, act, problem, next_at FROM outbox_entries"
            f" WHERE message IN ({marks(len(part))}) ORDER BY message, seq",
            [int(id_) for id_ in part],
        ):
            entry = Entry(row[1], row[2], row[3], Act(row[4]), row[5], row[6])
            found.setdefault(row[0], []).append(entry)
    return found


def add_entry(connection: Connection, id_: int, entry: Entry, *, ends: bool) -> None:
    """Record what became of a message; `ends`: nobody has to do anything about it any more."""
    connection.execute(
        "INSERT INTO outbox_entries (message, seq, at, login, act, problem, next_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (id_, entry.seq, entry.at, entry.login, entry.act.value, entry.problem, entry.next_at),
    )
    connection.execute(
        "UPDATE outbox SET ended_at = ? WHERE id = ?", (entry.at if ends else None, id_)
    )


def digest_of(connection: Connection, ids: Sequence[int]) -> dict[str, object]:
    """Return count and digest of messages and their steps, as the event of queueing carries them.

    So a text, which may speak of people, is proven and yet not in the log.
    """
    digest = proofs.Digest()
    for id_ in ids:
        row = connection.row(f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", (id_,))
        if row is not None:
            digest.add([*row, steps(connection, id_)])
    return digest.detail()


def steps(connection: Connection, id_: int) -> list[str]:
    """Return the steps that a message is about."""
    return [
        row[0]
        for row in connection.rows(
            "SELECT step FROM outbox_steps WHERE message = ? ORDER BY step", (id_,)
        )
    ]
