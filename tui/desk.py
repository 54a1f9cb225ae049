"""The way to the store: every question is asked, and every act done, off the UI thread.

What acts on the store is imported by the first question: the first frame does not wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from domain.errors import Busy, NotAllowed
from domain.values import dataclass

if TYPE_CHECKING:
    from domain.instants import Instant
    from domain.people import Actor, Person
    from domain.settings import Settings
    from domain.units import Unit
    from storage.store import Store

T = TypeVar("T")
Question: TypeAlias = "Callable[[Store, Actor, Instant], T]"
"""What is done with an open store by somebody at an instant, in a worker thread."""


class Desk:
    """Where one store lies and who sits at it. `as_login` may change while it is in use."""

    def __init__(
        self,
        path: Path,
        settings: Settings,
        *,
        login: str,
        as_login: str | None = None,
        host: str = "",
        now: Callable[[], Instant],
        watch_seconds: float = 1.0,
    ) -> None:
        """Take the instants from `now`; look for other people's writing every `watch_seconds`."""
        self.path = path
        self.settings = settings
        self.login = login
        self.as_login = as_login
        self.host = host
        self.now = now
        self._watch_seconds = watch_seconds
        self._closed = threading.Event()

    def call(self, function: Question[T]) -> T:
        """Open the store, run `function(store, actor, at)` and return its answer.

        Call it from a worker thread only. Raises what `actions` raises.
        """
        from actions.entering import enter

        at = self.now()
        store, actor = enter(self.path, self.settings, self.login, self.as_login, self.host, at)
        with store:
            try:
                return function(store, actor, at)
            except NotAllowed as refused:
                from actions.refusals import note

                note(store, actor, refused, at)
                raise

    def watch(self, changed: Callable[[], None]) -> None:
        """Call `changed` after each write by anybody, until `close`; runs no query meanwhile."""
        from storage.connection import open_file

        connection = open_file(self.path)
        try:
            seen = connection.change_count()
            while not self._closed.wait(self._watch_seconds):
                try:
                    count = connection.change_count()
                except Busy:
                    continue
                if count != seen:
                    seen = count
                    changed()
        finally:
            connection.close()

    def close(self) -> None:
        """End the watch."""
        self._closed.set()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who acts: name and units as of today; `demo` where the store holds sample data."""

    login: str
    name: str
    roles: tuple[Person, ...]
    units: tuple[Unit, ...]
    admin: bool
    demo: bool
    proxy: bool


def identity(store: Store, actor: Actor, at: Instant) -> Identity:
    """Return who acts; `units` are those filed for by an own role, else those of any role."""
    from actions.people import home_units, is_admin, roles_on
    from storage import units

    today = store.today(at)
    roles = roles_on(store, actor.login, today)
    codes = home_units(store, actor.login, today) or list(
        dict.fromkeys(person.unit for person in roles)
    )
    found = units.by_code(store.connection, codes)
    return Identity(
        actor.login,
        roles[0].name if roles else actor.login,
        tuple(roles),
        tuple(found[code] for code in codes),
        is_admin(store, actor.login, at),
        store.demo,
        actor.proxy,
    )
