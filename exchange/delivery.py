"""Sending what the outbox holds: each endpoint on its own, none waiting for another (R14)."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from actions import outbox
from domain.delivery import Attempt, Delivery, Fate, filled, personal
from domain.errors import Message as Words
from domain.errors import UsageError
from domain.instants import Instant
from domain.outbox import Message, State
from domain.people import Actor, Person
from storage import people
from storage.store import Store

Send = Callable[[str, str, str, float], Attempt]
"""Takes an address, a title, a text and a time limit in seconds."""

_MOST_AT_ONCE = 32
_RUN_SECONDS = 120.0
"""After so long a run begins nothing new; what is left waits for the next."""


@dataclass(slots=True)
class Delivered:
    """What a run came to: how many messages reached each state, and addresses it could not use."""

    states: dict[State, int] = field(default_factory=dict)
    unusable: dict[str, Words] = field(default_factory=dict)
    interrupted: int = 0

    def count(self, state: State) -> None:
        """Count a message."""
        self.states[state] = self.states.get(state, 0) + 1


@dataclass(slots=True)
class _Endpoint:
    """What is to go to one address, one after the other."""

    url: str
    waiting: deque[Message] = field(default_factory=deque)
    running: Message | None = None
    until: float = 0.0


def deliver(
    store: Store,
    actor: Actor,
    delivery: Delivery,
    environ: Mapping[str, str],
    at: Instant,
    send: Send | None = None,
) -> Delivered:
    """Send what is due; each message is claimed in the store before it goes, and settled after.

    An endpoint that does not answer in time keeps only its own messages waiting: what was claimed
    for it becomes unknown, and the rest is left for a later run.
    """
    result = Delivered(interrupted=outbox.recover(store, actor, at))
    endpoints = _endpoints(store, delivery, environ, at, result)
    if not endpoints:
        return result
    sender = send or _by_apprise()
    answers: queue.SimpleQueue[tuple[int, Attempt]] = queue.SimpleQueue()
    ends = time.monotonic() + _RUN_SECONDS
    idle, running = deque(endpoints), list[_Endpoint]()
    while idle or running:
        while idle and len(running) < _MOST_AT_ONCE and time.monotonic() < ends:
            endpoint = idle.popleft()
            if _begin(store, actor, endpoint, delivery, at, sender, answers):
                running.append(endpoint)
        if not running:
            break
        _settle_one(store, actor, delivery, at, running, idle, answers, result)
    return result


def _by_apprise() -> Send:
    from exchange.wire import attempt

    return attempt


def _endpoints(
    store: Store,
    delivery: Delivery,
    environ: Mapping[str, str],
    at: Instant,
    result: Delivered,
) -> list[_Endpoint]:
    """Return the endpoints of what is due, with their messages, oldest first."""
    found: dict[str, _Endpoint] = {}
    messages = outbox.due(store, at)
    own = _own(store, messages, at)
    for message in messages:
        try:
            url = address_of(delivery, environ, message.address, own.get(message.person))
        except UsageError as error:
            result.unusable[message.address] = error.message
            continue
        if url is None:
            result.unusable[message.address] = Words("outbox.address_gone", address=message.address)
            continue
        # One robot or mailbox may stand for many people: what it gets, it gets in order.
        found.setdefault(url, _Endpoint(url)).waiting.append(message)
    return list(found.values())


def _own(store: Store, messages: Sequence[Message], at: Instant) -> dict[str, Person]:
    today = store.today(at)
    logins = {message.person for message in messages if message.person}
    return {
        person.login: person
        for login in sorted(logins)
        for person in people.of_login(store.connection, login)
        if person.valid_on(today)
    }


def address_of(
    delivery: Delivery, environ: Mapping[str, str], place: str, person: Person | None
) -> str | None:
    """Return what an address of the configuration comes to for somebody; None where it has none.

    Raises UsageError for a variable of the environment that is not set.
    """
    address = delivery.address(place)
    if address is None or (personal(address) and person is None):
        return None
    own = {} if person is None else {"email": person.email, "phone": person.phone}
    return filled(address, environ, own)


def _begin(
    store: Store,
    actor: Actor,
    endpoint: _Endpoint,
    delivery: Delivery,
    at: Instant,
    send: Send,
    answers: queue.SimpleQueue[tuple[int, Attempt]],
) -> bool:
    """Claim the endpoint's next message and set out to send it; return whether there is one."""
    limit = float(delivery.timeout_seconds)

    def work(message: Message, url: str) -> None:
        answers.put((message.id, send(url, message.title, message.body, limit)))

    while endpoint.waiting:
        message = outbox.claim(store, actor, endpoint.waiting.popleft().id, at)
        if message is None:
            continue
        endpoint.running = message
        endpoint.until = time.monotonic() + 2 * limit + 1
        # A thread that an endpoint keeps for ever does not keep the program.
        threading.Thread(target=work, args=(message, endpoint.url), daemon=True).start()
        return True
    return False


def _settle_one(
    store: Store,
    actor: Actor,
    delivery: Delivery,
    at: Instant,
    running: list[_Endpoint],
    idle: deque[_Endpoint],
    answers: queue.SimpleQueue[tuple[int, Attempt]],
    result: Delivered,
) -> None:
    """Wait for the next answer, or for the first endpoint to run out of time, and record it."""
    first = min(running, key=lambda endpoint: endpoint.until)
    try:
        id_, attempt = answers.get(timeout=max(0.0, first.until - time.monotonic()))
    except queue.Empty:
        assert first.running is not None
        id_, attempt = first.running.id, Attempt(Fate.UNKNOWN, "no_answer")
    ended = [each for each in running if each.running is not None and each.running.id == id_]
    if not ended:
        # It answers after it was given up: that stays as it was recorded.
        return
    endpoint = ended[0]
    running.remove(endpoint)
    endpoint.running = None
    result.count(outbox.settle(store, actor, id_, attempt, delivery.attempts, at))
    if attempt.fate is Fate.SENT and endpoint.waiting:
        idle.append(endpoint)
