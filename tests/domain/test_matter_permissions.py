"""Who may do what with matters: roles, actions and how far they reach (R15)."""

from __future__ import annotations

import itertools

import pytest

from domain.people import Person, Role
from domain.permissions import TABLE, Action, Scope, may

LINE = ("town", "district", "city")
OWN = {
    Role.LIAISON: {Action.FILE, Action.STEP, Action.REMARK, Action.CHECK, Action.CONTACTS},
    Role.DEPUTY: {Action.FILE, Action.STEP, Action.REMARK, Action.CHECK, Action.CONTACTS},
    Role.LEADER: {Action.STEP, Action.GRANT, Action.REMARK, Action.CHECK, Action.CONTACTS},
    Role.SUPERVISOR: {Action.STEP, Action.CONTACTS},
    Role.VIEWER: set(),
}
SUPERVISED = {
    Role.SUPERVISOR: {Action.GRANT, Action.ISSUE, Action.ENTER, Action.CHECK, Action.CONTACTS}
}


def held(role: Role, unit: str) -> list[Person]:
    return [Person("x", "x", unit, role)]


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_what_a_role_allows_in_its_own_unit_and_below(role: Role, action: Action) -> None:
    expected = role is Role.ADMIN or action in OWN[role]
    for unit in LINE:
        assert may(action, held(role, unit), LINE, ["bureau"]) is expected
    # Of a unit above, not of one below or beside.
    for unit in ("village", "elsewhere"):
        assert may(action, held(role, unit), LINE, ["bureau"]) is (role is Role.ADMIN)


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_what_a_role_allows_over_what_its_unit_supervises(role: Role, action: Action) -> None:
    expected = role is Role.ADMIN or action in SUPERVISED.get(role, ())
    assert may(action, held(role, "bureau"), LINE, ["bureau"]) is expected
    assert may(action, held(role, "bureau"), LINE, ["office"]) is (role is Role.ADMIN)
    assert may(action, held(role, "bureau"), LINE) is (role is Role.ADMIN)


@pytest.mark.parametrize("action", [Action.URGE, Action.REGISTRY, Action.IMPORT, Action.RESTATE])
def test_what_is_the_whole_citys_is_an_admins(action: Action) -> None:
    for role in Role:
        assert may(action, held(role, "city")) is (role is Role.ADMIN)
        assert may(action, held(role, "city"), LINE, ["city"]) is (role is Role.ADMIN)


def test_only_an_admin_reaches_everything() -> None:
    for role, allowed in TABLE.items():
        everything = {action for action, scope in allowed.items() if Scope.ALL in scope}
        assert everything == (set(Action) if role is Role.ADMIN else set())
