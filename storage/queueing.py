"""A queue of processes before one place: a courtesy beside whatever lock decides in the end."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any


def _locks() -> Any:
    try:
        return import_module("fcntl")
    except ImportError:
        return None


LOCKS = _locks()
"""The system's advisory locks; None on a system without them, which then has no queue."""

FIRST_SLEEP = 0.001
LONGEST_SLEEP = 0.05
"""Seconds between two looks. Soon everybody sleeps alike, so that nobody who came early is passed
by for ever; and the more there are, the sooner one of them sees that the place is free."""


@contextmanager
def queued(place: Path, seconds: float) -> Iterator[None]:
    """Wait at most `seconds` for one's turn at an existing file, then go on, whoever is first.

    The turn is a lock that goes with its process, however that ends. The file must be one on which
    this process holds no other lock: closing it would drop that.
    """
    opened = _opened(place)
    if opened is None:
        yield
        return
    try:
        _stand(opened, time.monotonic() + seconds)
        yield
    finally:
        os.close(opened)


def _opened(place: Path) -> int | None:
    if LOCKS is None:
        return None
    try:
        return os.open(place, os.O_RDONLY)
    except OSError:
        # Whatever hinders the queue does not hinder the work.
        return None


def _stand(opened: int, until: float) -> None:
    sleep = FIRST_SLEEP
    while True:
        try:
            LOCKS.flock(opened, LOCKS.LOCK_EX | LOCKS.LOCK_NB)
            return
        except BlockingIOError:
            left = until - time.monotonic()
        except OSError:
            # A disk that knows no such locks has no queue.
            return
        if left <= 0:
            return
        # Never all at once: between a half and the whole of it.
        time.sleep(min(left, sleep * (255 + os.urandom(1)[0]) / 510))
        sleep = min(2 * sleep, LONGEST_SLEEP)
