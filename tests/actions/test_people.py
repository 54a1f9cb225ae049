"""People and stand-ins: what is recorded, and by whom (R3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.people import (
    acting,
    allowed,
    home_units,
    is_admin,
    roles_on,
    save_people,
    set_stand_in,
)
from domain.errors import LianluoError, Refused
from domain.people import Person, Role, StandIn
from domain.permissions import Action
from storage import events, people
from storage.store import Store
from tests.actions.conftest import ADMIN, AT, DAY, LIAISON, STARTS, actor

NEW = Person("new", "乙区联络员", "D2", Role.LIAISON, "020-1", "a@example.org", DAY, DAY)


def test_roles_are_written_once_and_changed_by_their_key(store: Store) -> None:
    assert save_people(store, ADMIN, [NEW], AT) == 1
    assert save_people(store, ADMIN, [NEW], AT) == 0
    longer = replace(NEW, valid_to=None, phone="020-2")
    assert save_people(store, ADMIN, [longer], AT) == 1
    assert people.of_login(store.connection, "new") == [longer]
    deputy = replace(longer, role=Role.DEPUTY)
    assert save_people(store, ADMIN, [longer, deputy], AT) == 1
    assert people.of_login(store.connection, "new") == [longer, deputy]
    assert len(events.of_subject(store.connection, "people")) == 3


def test_roles_of_a_day(store: Store) -> None:
    save_people(store, ADMIN, [NEW], AT)
    days = [DAY - timedelta(1), DAY, DAY + timedelta(1)]
    assert [bool(roles_on(store, "new", day)) for day in days] == [False, True, False]
    assert allowed(store, actor("new"), Action.FILE, AT, "D2")
    assert not allowed(store, actor("new"), Action.FILE, AT + 86400, "D2")
    assert home_units(store, "new", DAY) == ["D2"]
    assert home_units(store, "d1-head", DAY) == []


def test_the_founder_is_admin(store: Store) -> None:
    assert is_admin(store, "admin", AT)
    assert not is_admin(store, "d1", AT)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (replace(NEW, unit="NOWHERE"), "errors.store_constraint"),
        (replace(NEW, login=""), "errors.store_constraint"),
        (replace(NEW, valid_to=STARTS), "errors.store_constraint"),
    ],
)
def test_rows_that_are_refused_leave_nothing(store: Store, row: Person, key: str) -> None:
    before = people.everyone(store.connection)
    with pytest.raises(Refused) as refused:
        save_people(store, ADMIN, [NEW, row], AT)
    assert refused.value.message.key == key
    assert people.everyone(store.connection) == before


def test_only_an_admin_writes(store: Store) -> None:
    with pytest.raises(Refused):
        save_people(store, LIAISON, [NEW], AT)
    with pytest.raises(Refused):
        set_stand_in(store, LIAISON, StandIn("d1-b", "d1", DAY, DAY), AT)


class TestStandIns:
    """With dates, in chains, never in a circle."""

    def test_one_may_what_the_absent_may_on_these_days(self, store: Store) -> None:
        set_stand_in(store, ADMIN, StandIn("plan", "d1", DAY, DAY), AT)
        assert {p.unit for p in roles_on(store, "plan", DAY)} == {"PLAN", "D1"}
        assert {p.unit for p in roles_on(store, "plan", DAY + timedelta(1))} == {"PLAN"}
        assert home_units(store, "plan", DAY) == ["PLAN", "D1"]
        (event,) = events.of_subject(store.connection, "plan")
        assert event.detail["absent"] == "d1"

    def test_of_an_admin_one_is_admin(self, store: Store) -> None:
        set_stand_in(store, ADMIN, StandIn("plan", "admin", DAY, DAY), AT)
        assert is_admin(store, "plan", AT)
        assert not is_admin(store, "plan", AT + 86400)
        assert acting(store, "plan", "d1", "host", AT).proxy

    def test_the_absents_role_has_to_hold_too(self, store: Store) -> None:
        set_stand_in(store, ADMIN, StandIn("plan", "gone", STARTS, DAY), AT)
        assert {p.unit for p in roles_on(store, "plan", STARTS)} == {"PLAN", "D2"}
        assert {p.unit for p in roles_on(store, "plan", DAY)} == {"PLAN"}

    def test_a_circle_is_refused_and_the_same_pair_is_replaced(self, store: Store) -> None:
        row = StandIn("d1-b", "d1", DAY, DAY)
        set_stand_in(store, ADMIN, row, AT)
        longer = replace(row, last=DAY + timedelta(3))
        set_stand_in(store, ADMIN, longer, AT)
        assert people.stand_ins(store.connection) == [longer]
        back = StandIn("d1", "d1-b", DAY + timedelta(3), DAY + timedelta(9))
        with pytest.raises(Refused) as refused:
            set_stand_in(store, ADMIN, back, AT)
        assert refused.value.message.key == "errors.stand_in_cycle"
        set_stand_in(store, ADMIN, replace(back, first=DAY + timedelta(4)), AT)
        assert len(people.stand_ins(store.connection)) == 2

    @pytest.mark.parametrize(("login", "absent"), [("nobody", "d1"), ("d1", "nobody")])
    def test_both_have_to_be_known(self, store: Store, login: str, absent: str) -> None:
        with pytest.raises(LianluoError) as refused:
            set_stand_in(store, ADMIN, StandIn(login, absent, DAY, DAY), AT)
        assert refused.value.message.key == "errors.login_unknown"
