"""The one error family: a sentence for a person, an exit code for a script."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Exit(IntEnum):
    """Exit codes of the command-line contract."""

    DONE = 0
    FOUND = 1
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    BUSY = 5
    DAMAGED = 6


class Message:
    """A catalogue key with its parameters; rendered by a front door in the reader's language.

    A parameter may itself be a `Message`, or a list of strings and messages.
    """

    __slots__ = ("key", "params")

    def __init__(self, key: str, /, **params: object) -> None:
        self.key = key
        self.params = params

    def __repr__(self) -> str:
        return f"Message({self.key!r}, {self.params!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.key, self.params) == (other.key, other.params)

    def __hash__(self) -> int:
        return hash(self.key)


class Named(NamedTuple):
    """A record's own names; a text shows the one of the reader's language, or the other."""

    zh: str
    en: str


class LianluoError(Exception):
    """What went wrong, where, and what to do, as one catalogue message.

    Front doors show it and exit with `exit_code`; nobody else catches it.
    """

    exit_code = Exit.REFUSED

    def __init__(self, key: str, /, **params: object) -> None:
        super().__init__(key)
        self.message = Message(key, **params)

    def __str__(self) -> str:
        return repr(self.message)


class UsageError(LianluoError):
    """The words of a call are wrong (exit 2)."""

    exit_code = Exit.USAGE


class NotFound(LianluoError):
    """A store, unit, report or matter is not there (exit 3)."""

    exit_code = Exit.NOT_FOUND


class Refused(LianluoError):
    """A rule or a permission says no (exit 4)."""

    exit_code = Exit.REFUSED


class NotAllowed(Refused):
    """A permission says no (exit 4), which is recorded: who wanted what, for which unit."""

    def __init__(self, key: str, /, *, wanted: str, of_unit: str, **params: object) -> None:
        super().__init__(key, **params)
        self.wanted = wanted
        self.of_unit = of_unit


class Busy(LianluoError):
    """Somebody else is writing; nothing was written (exit 5)."""

    exit_code = Exit.BUSY


class Damaged(LianluoError):
    """The file is damaged, not ours, or newer than this program (exit 6)."""

    exit_code = Exit.DAMAGED


class Rejected(LianluoError):
    """A table has rows that cannot be taken in (exit 1)."""

    exit_code = Exit.FOUND
