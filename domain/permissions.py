"""Who may do what: one table of role, action and scope."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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
    STEP = "step"
    GRANT = "grant"
    ISSUE = "issue"
    URGE = "urge"
    BACKUP = "backup"
    ENTER = "enter"
    REMARK = "remark"
    SEAL = "seal"
    CHECK = "check"


class Scope(StrEnum):
    """How far a permission reaches: the own unit and all below it, what the own unit supervises,
    or everything.
    """

    BELOW = "below"
    SUPERVISED = "supervised"
    ALL = "all"


TABLE: dict[Role, dict[Action, Scope]] = {
    Role.LIAISON: {
        Action.FILE: Scope.BELOW,
        Action.STEP: Scope.BELOW,
        Action.CHECK: Scope.BELOW,
        Action.REMARK: Scope.BELOW,
    },
    Role.DEPUTY: {
        Action.FILE: Scope.BELOW,
        Action.STEP: Scope.BELOW,
        Action.CHECK: Scope.BELOW,
        Action.REMARK: Scope.BELOW,
    },
    Role.LEADER: {
        Action.STEP: Scope.BELOW,
        Action.GRANT: Scope.BELOW,
        Action.CHECK: Scope.BELOW,
        Action.REMARK: Scope.BELOW,
    },
    Role.SUPERVISOR: {
        Action.STEP: Scope.BELOW,
        Action.GRANT: Scope.SUPERVISED,
        Action.ISSUE: Scope.SUPERVISED,
        Action.ENTER: Scope.SUPERVISED,
        Action.CHECK: Scope.SUPERVISED,
    },
    Role.VIEWER: {},
    Role.ADMIN: dict.fromkeys(Action, Scope.ALL),
}


def may(
    action: Action,
    roles: Iterable[Person],
    line: Sequence[str] = (),
    supervisors: Collection[str] = (),
) -> bool:
    """Return whether the roles allow the action on a unit.

    `roles` are those held on the day (stand-ins' included); `line` is the unit's code followed by
    the codes of everything above it; `supervisors` are the units that supervise any of them.
    """
    for person in roles:
        scope = TABLE[person.role].get(action)
        if (
            scope is Scope.ALL
            or (scope is Scope.BELOW and person.unit in line)
            or (scope is Scope.SUPERVISED and person.unit in supervisors)
        ):
            return True
    return False


def require(
    action: Action,
    login: str,
    roles: Iterable[Person],
    line: Sequence[str] = (),
    supervisors: Collection[str] = (),
    called: Named | str = "",
) -> None:
    """Refuse what the roles do not allow (exit 4); `called` is the unit's name in the refusal."""
    if not may(action, roles, line, supervisors):
        key = "errors.not_allowed_unit" if line else "errors.not_allowed"
        unit = called or (line[0] if line else "")
        raise Refused(key, login=login, action=action_word(action), unit=unit)


def action_word(action: Action) -> Message:
    """Return the action as words for a sentence."""
    return Message(f"permissions.{action}")
