"""Who may do what: one table of role, action and scope."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from domain.errors import Message, Named, NotAllowed
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
    ARCHIVE = "archive"
    ENTER = "enter"
    REMARK = "remark"
    SEAL = "seal"
    CHECK = "check"
    CONTACTS = "contacts"


class Scope(StrEnum):
    """How far a permission reaches: the own unit and all below it, the line of the own unit up and
    down, what the own unit supervises, the horizontal network where the own unit is in it, or
    everything. Of the network's other members only what its contacts are called by is meant.
    """

    BELOW = "below"
    LINE = "line"
    SUPERVISED = "supervised"
    NETWORK = "network"
    ALL = "all"


TABLE: dict[Role, dict[Action, tuple[Scope, ...]]] = {
    Role.LIAISON: {
        Action.FILE: (Scope.BELOW,),
        Action.STEP: (Scope.BELOW,),
        Action.REMARK: (Scope.BELOW,),
        Action.CHECK: (Scope.BELOW,),
        Action.CONTACTS: (Scope.LINE, Scope.NETWORK),
    },
    Role.DEPUTY: {
        Action.FILE: (Scope.BELOW,),
        Action.STEP: (Scope.BELOW,),
        Action.REMARK: (Scope.BELOW,),
        Action.CHECK: (Scope.BELOW,),
        Action.CONTACTS: (Scope.LINE, Scope.NETWORK),
    },
    Role.LEADER: {
        Action.STEP: (Scope.BELOW,),
        Action.GRANT: (Scope.BELOW,),
        Action.REMARK: (Scope.BELOW,),
        Action.CHECK: (Scope.BELOW,),
        Action.CONTACTS: (Scope.LINE, Scope.NETWORK),
    },
    Role.SUPERVISOR: {
        Action.STEP: (Scope.BELOW,),
        Action.GRANT: (Scope.SUPERVISED,),
        Action.ISSUE: (Scope.SUPERVISED,),
        Action.ENTER: (Scope.SUPERVISED,),
        Action.CHECK: (Scope.SUPERVISED,),
        Action.CONTACTS: (Scope.LINE, Scope.SUPERVISED),
    },
    Role.VIEWER: {},
    Role.ADMIN: dict.fromkeys(Action, (Scope.ALL,)),
}
"""Who may do what, and how far: the one table. `docs/audit.md` shows it, and a test compares."""


def may(
    action: Action,
    roles: Iterable[Person],
    line: Sequence[str] = (),
    supervisors: Collection[str] = (),
) -> bool:
    """Return whether the roles allow the action on a unit.

    `roles` are those held on the day (stand-ins' included); `line` is the unit's code followed by
    the codes of everything above it; `supervisors` are the units that supervise any of them. What
    lies above an own unit, which a line has too, is for who knows that unit: `actions.contacts`.
    """
    for person in roles:
        scopes = TABLE[person.role].get(action, ())
        if (
            Scope.ALL in scopes
            or ((Scope.BELOW in scopes or Scope.LINE in scopes) and person.unit in line)
            or (Scope.SUPERVISED in scopes and person.unit in supervisors)
        ):
            return True
    return False


def scopes_of(action: Action, roles: Iterable[Person]) -> dict[Scope, list[str]]:
    """Return how far roles allow an action: the units whose roles give each scope, in order."""
    found: dict[Scope, list[str]] = {}
    for person in roles:
        for scope in TABLE[person.role].get(action, ()):
            units = found.setdefault(scope, [])
            if person.unit not in units:
                units.append(person.unit)
    return found


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
        if not line:
            raise refusal(action, login)
        raise NotAllowed(
            "errors.not_allowed_unit",
            wanted=action.value,
            of_unit=line[0],
            login=login,
            action=action_word(action),
            unit=called or line[0],
        )


def refusal(action: Action, login: str) -> NotAllowed:
    """Return the refusal of an action that somebody may do nowhere, or not here."""
    return NotAllowed(
        "errors.not_allowed",
        wanted=action.value,
        of_unit="",
        login=login,
        action=action_word(action),
        unit="",
    )


def action_word(action: Action) -> Message:
    """Return the action as words for a sentence."""
    return Message(f"permissions.{action}")
