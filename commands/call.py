"""One call of the program: its global options, its instant, and the store it opens."""

from __future__ import annotations

import os
import pwd
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue import t
from domain.errors import NotAllowed
from domain.texts import visible
from domain.values import dataclass
from exchange import config

if TYPE_CHECKING:
    from domain.calendar import Calendar
    from domain.instants import Instant
    from domain.people import Actor
    from exchange.config import Loaded
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Globals:
    """What stands before the command; None where it was not given."""

    store: str | None = None
    config: str | None = None
    lang: str | None = None
    as_login: str | None = None
    debug: bool = False


def now() -> Instant:
    """Return the machine's clock; every command looks at it once."""
    return int(time.time())


def login() -> str:
    """Return the operating-system login, which no environment variable can change."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def host() -> str:
    """Return the name of this machine."""
    return os.uname().nodename


class Call:
    """What a command is given: the options before it, one instant, and the way to the store."""

    def __init__(self, before: Globals, environ: Mapping[str, str], at: Instant) -> None:
        self.before = before
        self.environ = environ
        self.at = at
        self._told: set[int] = set()

    @cached_property
    def loaded(self) -> Loaded:
        """Return the configuration; raises LianluoError where it cannot be used."""
        return config.load(self.before.config, self.environ)

    @property
    def configured(self) -> bool:
        """Return whether there is a configuration to read; raises NotFound."""
        return config.used_path(self.before.config, self.environ) is not None

    @cached_property
    def path(self) -> Path:
        """Return where the store lies, whether it is there or not."""
        return config.store_path(self.before.store, self.loaded.settings, self.environ)

    @property
    def login(self) -> str:
        """Return the operating-system login of who calls."""
        return login()

    @property
    def host(self) -> str:
        """Return the name of this machine."""
        return host()

    @contextmanager
    def city(self) -> Iterator[tuple[Store, Actor]]:
        """Open the store for who calls, and close it; raises LianluoError."""
        from actions.entering import enter

        store, actor = enter(
            self.path, self.loaded.settings, self.login, self.before.as_login, self.host, self.at
        )
        with store:
            try:
                yield store, actor
            except NotAllowed as refused:
                from actions.refusals import note

                note(store, actor, refused, self.at)
                raise
            self.tell_unknown_years(store.calendar)

    def tell_unknown_years(self, calendar: Calendar) -> None:
        """Say once on stderr which years' working days had to be taken as Monday to Friday (R9)."""
        years = sorted(calendar.unknown_years - self._told)
        if years:
            self._told.update(years)
            warn(t("cli.unknown_years", years=[str(year) for year in years]))


def warn(text: str) -> None:
    """Write one line to stderr."""
    print(visible(text), file=sys.stderr)
