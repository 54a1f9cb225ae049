"""The outbox: queued once, claimed before it is sent, and never sent twice by itself (R14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions.people import require_on
from domain.delivery import Attempt, Fate
from domain.errors import NotFound
from domain.instants import Instant
from domain.obligations import ObligationKind, parse_id
from domain.outbox import (
    ENDED,
    Act,
    Entry,
    Message,
    Standing,
    State,
    check_drop,
    check_retry,
    fold,
    may_go,
    wait,
)
from domain.people import Actor
from domain.permissions import Action
from domain.values import dataclass
from storage import events, obligations
from storage import outbox as rows
from storage import steps as step_rows
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be queued, and the steps that it is for; each goes to an address once."""

    steps: tuple[str, ...]
    topic: str
    addressee: str
    address: str
    person: str
    language: str
    title: str
    body: str
    any_hour: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message with what had become of it."""

    message: Message
    standing: Standing


def step_of(obligation: str, rung: str) -> str:
    """Return the name of a rung of an obligation's ladder, as the outbox remembers it."""
    return f"{obligation}|{rung}"


def queue(store: Store, actor: Actor, drafts: Iterable[Draft], at: Instant) -> list[int]:
    """Queue what has not been queued before; return the new messages' numbers."""
    queued: list[int] = []
    with store.connection.writing():
        for draft in drafts:
            message = Message(
                0,
                draft.topic,
                draft.addressee,
                draft.address,
                draft.person,
                draft.language,
                draft.title,
                draft.body,
                draft.any_hour,
                at,
            )
            id_ = rows.queue(store.connection, draft.steps, message)
            if id_ is not None:
                entry = Entry(1, at, actor.login, Act.QUEUED)
                rows.add_entry(store.connection, id_, entry, ends=False)
                queued.append(id_)
        if queued:
            events.record(
                store.connection,
                actor,
                at,
                "outbox.queue",
                "outbox",
                messages=queued,
                texts=rows.digest_of(store.connection, queued),
            )
    return queued


def due(store: Store, at: Instant) -> list[Message]:
    """Return the messages that may be sent now, oldest first."""
    hours = store.rules.working_hours()
    return [
        row.message
        for row in _standing(store, rows.open_messages(store.connection), at)
        if may_go(row.message, row.standing, at, hours, store.zone, store.calendar)
    ]


def listed(store: Store, at: Instant, *, everything: bool = False) -> list[Waiting]:
    """Return the messages that had not ended by `at`, or all queued by then, oldest first."""
    with store.reading():
        found = rows.messages(store.connection, at, everything=everything)
        return _standing(store, found, at)


def _standing(store: Store, messages: Sequence[Message], at: Instant) -> list[Waiting]:
    told = rows.entries(store.connection, [message.id for message in messages])
    found: list[Waiting] = []
    for message in messages:
        standing = fold(told.get(message.id, ()), at)
        if standing is not None:
            found.append(Waiting(message, standing))
    return found


def claim(store: Store, actor: Actor, id_: int, at: Instant) -> Message | None:
    """Claim a message for sending, recorded before anything goes; None where it is not to go.

    Only one of several processes gets it. Where nothing of what it urges is owed any more, it is
    withdrawn instead.
    """
    with store.connection.writing():
        message, standing = _one(store, id_, at)
        hours = store.rules.working_hours()
        if not may_go(message, standing, at, hours, store.zone, store.calendar):
            return None
        if not _still_owed(store, id_, at):
            _record(store, actor, id_, Act.WITHDRAWN, at)
            return None
        _record(store, actor, id_, Act.CLAIMED, at)
        return message


def _still_owed(store: Store, id_: int, at: Instant) -> bool:
    owed = (step.rpartition("|")[0] for step in rows.steps(store.connection, id_))
    return any(not _is_closed(store, obligation, at) for obligation in owed)


def _is_closed(store: Store, obligation: str, at: Instant) -> bool:
    """Return whether nothing is owed any more; what is no obligation at all, a sheet, is open."""
    if obligation.startswith("sheet/"):
        return False
    if obligation.startswith("R-"):
        unit, day = parse_id(obligation)
        found = obligations.get(store.connection, unit, day)
        assert found is None or found.kind is ObligationKind.REPORT
    else:
        found = step_rows.get(store.connection, obligation)
    return found is None or found.closed(at)


def settle(
    store: Store, actor: Actor, id_: int, attempt: Attempt, attempts: int, at: Instant
) -> State:
    """Record what became of a claimed message; return its state.

    A failure is tried again later, `attempts` times in all. What cannot be told stays unknown.
    """
    with store.connection.writing():
        _, standing = _one(store, id_, at)
        if standing.state is not State.SENDING:
            return standing.state
        act, next_at = {
            Fate.SENT: (Act.SENT, None),
            Fate.UNKNOWN: (Act.UNKNOWN, None),
            Fate.FAILED: (Act.FAILED, at + wait(standing.attempts, attempt.retry_after)),
        }[attempt.fate]
        if act is Act.FAILED and standing.attempts >= attempts:
            act, next_at = Act.GAVE_UP, None
        return _record(store, actor, id_, act, at, attempt.problem, next_at)


def recover(store: Store, actor: Actor, at: Instant) -> int:
    """Record as unknown what an interrupted process had claimed; return how many there are."""
    count = 0
    with store.connection.writing():
        for row in _standing(store, rows.open_messages(store.connection), at):
            told = rows.entries(store.connection, [row.message.id])[row.message.id]
            if row.standing.state is State.UNKNOWN and told[-1].act is Act.CLAIMED:
                _record(store, actor, row.message.id, Act.UNKNOWN, at, "interrupted")
                count += 1
    return count


def retry(store: Store, actor: Actor, id_: int, at: Instant) -> Waiting:
    """Let a message that is stuck go once more: a person's act, for it may arrive twice."""
    with store.connection.writing():
        require_on(store, actor, Action.URGE, at)
        _, standing = _one(store, id_, at)
        check_retry(id_, standing)
        _record(store, actor, id_, Act.RETRY, at, next_at=at)
        return Waiting(*_one(store, id_, at))


def drop(store: Store, actor: Actor, id_: int, at: Instant) -> Waiting:
    """Let a message be: it is not sent, and nobody waits for it any more."""
    with store.connection.writing():
        require_on(store, actor, Action.URGE, at)
        _, standing = _one(store, id_, at)
        check_drop(id_, standing)
        _record(store, actor, id_, Act.DROPPED, at)
        return Waiting(*_one(store, id_, at))


def history(store: Store, id_: int, at: Instant) -> tuple[Waiting, list[Entry]]:
    """Return a message with what became of it by `at`; raises NotFound."""
    with store.reading():
        message, standing = _one(store, id_, at)
        told = rows.entries(store.connection, [id_]).get(id_, [])
        return Waiting(message, standing), [entry for entry in told if entry.at <= at]


def _one(store: Store, id_: int, at: Instant) -> tuple[Message, Standing]:
    message = rows.get(store.connection, id_)
    standing = fold(rows.entries(store.connection, [id_]).get(id_, ()), at)
    if message is None or standing is None:
        raise NotFound("outbox.unknown", id=id_)
    return message, standing


def _record(
    store: Store,
    actor: Actor,
    id_: int,
    act: Act,
    at: Instant,
    problem: str = "",
    next_at: Instant | None = None,
) -> State:
    told = rows.entries(store.connection, [id_]).get(id_, [])
    # Entries stand in the order of their instants, whatever the clock of another machine says.
    when = max([at, *(entry.at for entry in told)])
    entry = Entry(len(told) + 1, when, actor.login, act, problem, next_at)
    standing = fold([*told, entry], when)
    assert standing is not None
    rows.add_entry(store.connection, id_, entry, ends=standing.state in ENDED)
    events.record(
        store.connection,
        actor,
        at,
        "outbox.act",
        f"outbox/{id_}",
        act=act.value,
        problem=problem,
        next_at=next_at,
        entry=[entry.seq, entry.at],
    )
    return standing.state
