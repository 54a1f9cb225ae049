"""Doing something for good, or only as far as to see what would come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from storage.store import Store


class _Rehearsal(Exception):
    """Leaves a transaction without keeping what it did."""


@contextmanager
def rehearsed(store: Store, keep: Callable[[], bool]) -> Iterator[None]:
    """Hold the write lock; at the end what was written stands if `keep`, or never happened."""
    kept = False
    with suppress(_Rehearsal), store.connection.writing():
        yield
        kept = keep()
        if not kept:
            raise _Rehearsal
    if not kept:
        store.reread()
