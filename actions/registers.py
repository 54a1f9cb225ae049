"""Registers beside the units, such as standards and tiles: rows by a key, changed by an admin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from actions.people import require_on
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.values import dataclass
from storage import events
from storage.connection import Connection
from storage.store import Store

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Register(Generic[Row]):
    """A register by its name: how its rows are read and written, and what an event says of one.

    `words` begin with the row's key.
    """

    name: str
    standing: Callable[[Connection], Iterable[Row]]
    write: Callable[[Connection, Sequence[Row]], None]
    words: Callable[[Row], Sequence[object]]


def save_rows(
    store: Store, actor: Actor, register: Register[Row], new: Sequence[Row], at: Instant
) -> None:
    """Write rows of a register, new or changed; only an admin may."""
    with store.connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        rows = map(register.words, register.standing(store.connection))
        standing = {words[0]: words for words in rows}
        register.write(store.connection, new)
        after = [register.words(row) for row in new]
        events.record(
            store.connection,
            actor,
            at,
            f"{register.name}.save",
            register.name,
            before=[standing[words[0]] for words in after if words[0] in standing],
            after=after,
        )
