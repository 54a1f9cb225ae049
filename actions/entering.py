"""Entering a city's store, as every command and every question of the screens does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from actions.expecting import roll
from actions.people import acting, is_admin
from domain.errors import LianluoError, NotAllowed
from domain.instants import Instant
from domain.people import Actor
from domain.settings import Settings
from storage.checks import look_over
from storage.store import Store, open_store

if TYPE_CHECKING:
    from actions.contacts import Reach


def enter(
    path: Path, settings: Settings, login: str, as_login: str | None, host: str, at: Instant
) -> tuple[Store, Actor]:
    """Open a store for somebody: create the days that became current, take up an admin's rules.

    The rules that the configuration names become the city's when an admin opens it; for
    everybody else the store's own stand. Raises NotFound, Damaged, Busy, Refused.
    """
    store = open_store(path)
    try:
        look_over(store, store.today(at))
        if store.unsealed and store.connection.writable:
            # Once in the life of a store that an older program wrote.
            from actions.auditing import seal_older

            seal_older(store, at)
        roll(store, at)
        try:
            actor = acting(store, login, as_login, host, at)
        except NotAllowed as refused:
            from actions.refusals import note

            note(store, Actor(login, login, host), refused, at)
            raise
        _show_contacts(store, actor.login, at)
        differs = settings.applied_to(store.rules) != store.rules
        if differs and store.connection.writable and is_admin(store, login, at):
            from actions.schedules import adopt_rules

            with store.connection.writing():
                store.reread()
                rules = settings.applied_to(store.rules)
                adopt_rules(store, Actor(login, login, host), rules, at)
    except LianluoError:
        store.close()
        raise
    return store, actor


def _show_contacts(store: Store, login: str, at: Instant) -> None:
    """Let the store give out the phones and addresses that `login` is shown, and no others.

    They are left out where they are read, so that no list, card or export can forget it.
    """
    known: list[Reach] = []

    def reached() -> Reach:
        if not known:
            # Only who asks for people pays for knowing; who asks, is a person that is read too.
            from actions.contacts import Reach as Known
            from actions.contacts import reach

            known.append(Known(set()))
            known[0] = reach(store, login, store.today(at))
        return known[0]

    store.connection.shows_contacts = lambda unit: reached().shows(unit)
    store.connection.shows_phone = lambda unit, role: reached().shows_phone(unit, role)
