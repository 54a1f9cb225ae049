"""Who may do what: every role, action and scope."""

from __future__ import annotations

import itertools

import pytest

import catalogue
from domain.errors import Refused
from domain.people import Person, Role
from domain.permissions import TABLE, Action, action_word, may, require

LINE = ("town", "district", "city")


def roles(role: Role, unit: str) -> list[Person]:
    return [Person("x", "x", unit, role)]


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_the_whole_table(role: Role, action: Action) -> None:
    admin = role is Role.ADMIN
    liaises = role in (Role.LIAISON, Role.DEPUTY) and action in (
        Action.FILE,
        Action.STEP,
        Action.CHECK,
        Action.REMARK,
    )
    led = (Action.STEP, Action.GRANT, Action.CHECK, Action.REMARK)
    leads = role is Role.LEADER and action in led
    supervises = role is Role.SUPERVISOR and action is Action.STEP
    knows = role is not Role.VIEWER and action is Action.CONTACTS
    for unit in LINE:
        allowed = admin or liaises or leads or supervises or knows
        assert may(action, roles(role, unit), LINE) is allowed
    assert may(action, roles(role, "elsewhere"), LINE) is admin
    # Of a unit above, not of one below or beside.
    assert may(action, roles(role, "town"), LINE[1:]) is admin


def test_every_role_has_its_line() -> None:
    assert TABLE.keys() == set(Role)


def test_several_roles_allow_what_one_of_them_allows() -> None:
    held = [*roles(Role.VIEWER, "town"), *roles(Role.DEPUTY, "district")]
    assert may(Action.FILE, held, LINE)
    assert not may(Action.FILE, [], LINE)
    assert not may(Action.REGISTRY, held)


def test_a_refusal_names_login_action_and_unit() -> None:
    with pytest.raises(Refused) as refused:
        require(Action.FILE, "somebody", roles(Role.VIEWER, "town"), LINE)
    assert refused.value.message.key == "errors.not_allowed_unit"
    for language in catalogue.LANGUAGES:
        catalogue.use(language)
        sentence = catalogue.render(refused.value.message)
        assert "somebody" in sentence
        assert "town" in sentence
    with pytest.raises(Refused) as refused:
        require(Action.REGISTRY, "somebody", ())
    assert refused.value.message.key == "errors.not_allowed"


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_word(action: Action) -> None:
    for language in catalogue.LANGUAGES:
        catalogue.use(language)
        assert catalogue.render(action_word(action))
