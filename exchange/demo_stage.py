"""The demo's stage: what happens when, in the order of time, and who there is to do it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from itertools import count
from random import Random

from domain.instants import Instant
from domain.people import Actor, Role
from domain.units import Unit, children_of
from storage import people, units
from storage.store import Store

Act = Callable[[Instant], None]
"""Something that happens at an instant, and may plan what follows from it."""

HOST = "demo"
_WHO = (Role.LIAISON, Role.DEPUTY, Role.LEADER)


class Stage:
    """A store whose past is played up to `now`, act by act; whatever lies beyond is dropped."""

    def __init__(self, store: Store, every: Sequence[Unit], login: str, now: Instant) -> None:
        """Look at who may act for which unit; `login` is the admin."""
        self.store = store
        self.now = now
        self.today: date = store.today(now)
        self.admin = Actor(login, login, HOST)
        self.units = {unit.code: unit for unit in every}
        self._below = children_of(every)
        self._posts: dict[tuple[str, Role], str] = {}
        for person in people.everyone(store.connection):
            self._posts.setdefault((person.unit, person.role), person.login)
        self._hands: dict[str, list[Actor]] = {}
        self._queue: list[tuple[Instant, int, Act]] = []
        self._order = count()

    def plan(self, at: Instant, act: Act) -> None:
        """Let something happen at an instant, if that has come."""
        if at <= self.now:
            heapq.heappush(self._queue, (at, next(self._order), act))

    def play(self) -> None:
        """Let everything happen that is planned, and what follows from it."""
        while self._queue:
            at, _, act = heapq.heappop(self._queue)
            act(at)

    def hands(self, unit: str) -> list[Actor]:
        """Return who may act for a unit: its own people, then those above; at least two."""
        if unit not in self._hands:
            line = [above.code for above in units.line(self.store.connection, unit)]
            found = [self._posts.get((code, role)) for code in line for role in _WHO]
            found.append(self.admin.login)
            logins = dict.fromkeys(login for login in found if login is not None)
            self._hands[unit] = [Actor(login, login, HOST) for login in logins]
        return self._hands[unit]

    def leader(self, unit: str, other_than: Actor | None = None) -> Actor:
        """Return who grants and suspends for a unit: its leader, or the one above, or an admin."""
        for above in units.line(self.store.connection, unit):
            login = self._posts.get((above.code, Role.LEADER))
            if login is not None and (other_than is None or login != other_than.login):
                return Actor(login, login, HOST)
        return self.admin

    def supervisor(self, unit: str) -> Actor:
        """Return the supervisor of a supervising body."""
        login = self._posts[unit, Role.SUPERVISOR]
        return Actor(login, login, HOST)

    def there(self, unit: str) -> bool:
        """Return whether a unit is valid today."""
        return unit in self.units and self.units[unit].valid_on(self.today)

    def places(self, unit: str) -> list[Unit]:
        """Return the places in a unit today, or the unit itself where it has none."""
        found = [place for place in self._below.get(unit, ()) if place.valid_on(self.today)]
        return found or [self.units[unit]]

    def ago(self, days: int, clock: time = time(9, 30)) -> Instant:
        """Return a clock time so many days ago."""
        return self.store.zone.at(self.today - timedelta(days=days), clock)

    def later(self, at: Instant, workdays: int, rng: Random) -> Instant:
        """Return an office hour so many working days on; for none, a while later."""
        if workdays < 1:
            return at + rng.randint(15 * 60, 110 * 60)
        day = self.store.calendar.add_workdays(self.store.today(at), workdays)
        return self.store.zone.at(day, time(rng.randint(9, 16), rng.randint(0, 59)))
