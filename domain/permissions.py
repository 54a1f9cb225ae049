"""Who may do what: one table of role, action and scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from domain.errors import Message, Named, Refused
from domain.people import Person, Role


class Action(StrEnum):
    """What a person can be allowed to do."""

    FILE = "file"
    FILE_LOCKED = "file_locked"
    REGISTRY = "registry"
    IMPORT = "import"
    RESTATE = "restate"
    ACT_AS = "act_as"


class Scope(StrEnum):
    """How far a permission reaches: the own unit and all below it, or everything."""

    BELOW = "below"
    ALL = "all"


TABLE: dict[Role, dict[Action, Scope]] = {
    Role.LIAISON: {Action.FILE: Scope.BELOW},
    Role.DEPUTY: {Action.FILE: Scope.BELOW},
    Role.LEADER: {},
    Role.SUPERVISOR: {},
    Role.VIEWER: {},
    Role.ADMIN: dict.fromkeys(Action, Scope.ALL),
}


def may(action: Action, roles: Iterable[Person], line: Sequence[str] = ()) -> bool:
    """Return whether the roles allow the action on a unit.

    `roles` are those held on the day (stand-ins' included); `line` is the unit's code followed by
    the codes of everything above it.
    """
    for person in roles:
        scope = TABLE[person.role].get(action)
        if scope is Scope.ALL or (scope is Scope.BELOW and person.unit in line):
            return True
    return False


def require(
    action: Action,
    login: str,
    roles: Iterable[Person],
    line: Sequence[str] = (),
    called: Named | str = "",
) -> None:
    """Refuse what the roles do not allow (exit 4); `called` is the unit's name in the refusal."""
    if not may(action, roles, line):
        key = "errors.not_allowed_unit" if line else "errors.not_allowed"
        unit = called or (line[0] if line else "")
        raise Refused(key, login=login, action=action_word(action), unit=unit)


def action_word(action: Action) -> Message:
    """Return the action as words for a sentence."""
    return Message(f"permissions.{action}")
