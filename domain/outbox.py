"""Messages on their way: claimed before they are sent, at most once, and told entry by entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from enum import StrEnum

from domain.calendar import Calendar
from domain.errors import Refused
from domain.instants import DAY, Instant, Zone
from domain.ladder import at_work
from domain.values import dataclass

LEASE = 300
"""Seconds after which a claim without a result is one whose process came to an end."""

FIRST_WAIT = 60
MOST_WAIT = 3600
"""Seconds: the wait after the first failure doubles with each further one, up to the second."""


class Act(StrEnum):
    """What an entry of a message records."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    GAVE_UP = "gave_up"
    RETRY = "retry"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """What has become of a message. `unknown` may have arrived: a person decides, no program."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    GAVE_UP = "gave_up"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


ENDED = (State.SENT, State.DROPPED, State.WITHDRAWN)
"""The states in which nobody has to do anything any more."""

STUCK = (State.UNKNOWN, State.GAVE_UP)
"""The states in which a person has to decide: to send once more, or to let be."""


@dataclass(frozen=True, slots=True)
class Message:
    """One text to one address. `address` is a key of the configuration with a place, `liaison[1]`;
    `person` the login whose own number or mailbox it is, blank for an address of several.
    """

    id: int
    topic: str
    addressee: str
    address: str
    person: str
    language: str
    title: str
    body: str
    any_hour: bool
    queued_at: Instant


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that became of a message; `problem` is a code, never an address."""

    seq: int
    at: Instant
    login: str
    act: Act
    problem: str = ""
    next_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as of an instant; `attempts` since it was queued or a person asked again."""

    state: State
    attempts: int
    problem: str
    next_at: Instant | None
    at: Instant


_AFTER = {
    Act.QUEUED: State.WAITING,
    Act.CLAIMED: State.SENDING,
    Act.SENT: State.SENT,
    Act.FAILED: State.WAITING,
    Act.UNKNOWN: State.UNKNOWN,
    Act.GAVE_UP: State.GAVE_UP,
    Act.RETRY: State.WAITING,
    Act.DROPPED: State.DROPPED,
    Act.WITHDRAWN: State.WITHDRAWN,
}


def fold(entries: Iterable[Entry], at: Instant) -> Standing | None:
    """Return what had become of a message by `at`, None where it was not queued yet.

    A claim that is older than the lease has no process behind it: nobody knows whether it went.
    """
    standing: Standing | None = None
    attempts = 0
    for entry in entries:
        if entry.at > at:
            break
        if entry.act is Act.RETRY:
            attempts = 0
        attempts += entry.act is Act.CLAIMED
        standing = Standing(
            _AFTER[entry.act], attempts, entry.problem, entry.next_at or entry.at, entry.at
        )
    if standing is not None and standing.state is State.SENDING and standing.at + LEASE < at:
        return Standing(State.UNKNOWN, attempts, "interrupted", None, standing.at)
    return standing


def wait(attempts: int, asked: int | None = None) -> int:
    """Return how many seconds to wait after so many attempts; `asked` is what the other side asks.

    It is asked at most for a day.
    """
    doubled = min(FIRST_WAIT << min(max(attempts, 1) - 1, 12), MOST_WAIT)
    return max(doubled, min(asked or 0, DAY))


def may_go(
    message: Message,
    standing: Standing,
    at: Instant,
    hours: tuple[time, time],
    zone: Zone,
    calendar: Calendar,
) -> bool:
    """Return whether a message is to be sent at `at`: its wait is over, and the hour is right.

    What goes at any hour does so on the day it was queued; everything else in working hours (R14).
    """
    if standing.state is not State.WAITING or (standing.next_at or at) > at:
        return False
    if message.any_hour and zone.day_of(message.queued_at) == zone.day_of(at):
        return True
    return at_work(at, hours, zone, calendar)


def check_retry(id_: int, standing: Standing) -> None:
    """Refuse to send again what is not known to have failed, and what is over."""
    if standing.state not in STUCK:
        raise Refused("outbox.not_stuck", id=id_)


def check_drop(id_: int, standing: Standing) -> None:
    """Refuse to drop what has ended, or is being sent just now."""
    if standing.state in ENDED or standing.state is State.SENDING:
        raise Refused("outbox.not_open", id=id_)
