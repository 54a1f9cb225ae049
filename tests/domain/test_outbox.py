"""Messages entry by entry: claims that nobody settled, waits, and the hours of the day."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.errors import Refused
from domain.instants import DAY, Zone
from domain.outbox import (
    LEASE,
    MOST_WAIT,
    Act,
    Entry,
    Message,
    State,
    check_drop,
    check_retry,
    fold,
    may_go,
    wait,
)

ZONE = Zone("Asia/Shanghai")
HOURS = (time(8, 30), time(18, 0))
CALENDAR = Calendar()


def told(*acts: tuple[Act, int]) -> list[Entry]:
    return [Entry(number, at, "admin", act) for number, (act, at) in enumerate(acts, 1)]


def message(queued_at: int, *, any_hour: bool = False) -> Message:
    return Message(1, "urge/urge", "x", "a[1]", "", "zh", "t", "b", any_hour, queued_at)


def test_only_entries_up_to_the_instant_exist() -> None:
    entries = told((Act.QUEUED, 10), (Act.CLAIMED, 20), (Act.SENT, 30))
    states = [fold(entries, at) for at in (9, 10, 20, 30)]
    assert [found and found.state for found in states] == [
        None,
        State.WAITING,
        State.SENDING,
        State.SENT,
    ]


def test_a_claim_without_a_result_is_unknown_after_the_lease() -> None:
    entries = told((Act.QUEUED, 10), (Act.CLAIMED, 20))
    for at, state in ((20 + LEASE, State.SENDING), (21 + LEASE, State.UNKNOWN)):
        found = fold(entries, at)
        assert found is not None
        assert found.state is state


def test_attempts_are_counted_since_a_person_asked_again() -> None:
    acts = [(Act.QUEUED, 1), (Act.CLAIMED, 2), (Act.FAILED, 3), (Act.CLAIMED, 4), (Act.GAVE_UP, 5)]
    found = fold(told(*acts), 9)
    assert found is not None
    assert found.attempts == 2
    again = fold(told(*acts, (Act.RETRY, 6), (Act.CLAIMED, 7)), 9)
    assert again is not None
    assert again.attempts == 1


@given(st.integers(1, 60), st.one_of(st.none(), st.integers(0, 10**9)))
def test_waits_grow_and_are_bounded(attempts: int, asked: int | None) -> None:
    assert wait(attempts) <= wait(attempts + 1) <= MOST_WAIT
    assert wait(attempts, asked) >= wait(attempts)
    assert wait(attempts, asked) <= DAY
    if asked is not None and asked <= DAY:
        assert wait(attempts, asked) >= asked


@pytest.mark.parametrize(
    ("queued", "at", "any_hour", "goes"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00", False, True),
        ("2026-11-23 10:00", "2026-11-23 18:00", False, True),
        ("2026-11-23 10:00", "2026-11-23 18:01", False, False),
        ("2026-11-23 10:00", "2026-11-24 08:29", False, False),
        ("2026-11-21 10:00", "2026-11-21 10:00", False, False),  # a Saturday
        ("2026-11-21 10:00", "2026-11-21 23:59", True, True),
        ("2026-11-21 10:00", "2026-11-22 00:00", True, False),
        ("2026-11-21 10:00", "2026-11-23 08:30", True, True),
    ],
)
def test_who_is_woken_when(queued: str, at: str, any_hour: bool, goes: bool) -> None:
    queued_at = ZONE.parse(queued)
    found = fold(told((Act.QUEUED, queued_at)), ZONE.parse(at))
    assert found is not None
    waiting = message(queued_at, any_hour=any_hour)
    assert may_go(waiting, found, ZONE.parse(at), HOURS, ZONE, CALENDAR) is goes


@pytest.mark.parametrize("act", Act)
def test_what_a_person_may_do_depends_on_the_state(act: Act) -> None:
    found = fold(told((Act.QUEUED, 1), (act, 2)), 3)
    assert found is not None
    stuck = found.state in (State.UNKNOWN, State.GAVE_UP)
    if stuck:
        check_retry(1, found)
    else:
        with pytest.raises(Refused):
            check_retry(1, found)
    if stuck or found.state is State.WAITING:
        check_drop(1, found)
    else:
        with pytest.raises(Refused):
            check_drop(1, found)
