"""The registry: finding a unit by any name, and what a change of it does to its days (R1, R8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions.board import board
from actions.reporting import file_zero
from actions.schedules import save_schedules
from actions.units import Outcome, find, retire, save_units
from domain.errors import LianluoError, NotFound, Refused
from domain.instants import Instant
from domain.schedules import Days, Schedule
from domain.units import Kind, Unit
from storage import events, units
from storage.store import Store
from storage.units import Selection
from tests.actions.conftest import ADMIN, AT, DAY, LIAISON, STARTS, at


def statuses(store: Store, unit: str, last: date = DAY, when: Instant = AT) -> dict[int, str]:
    """Return the status of each day of November on which the unit is on the board."""
    rows = board(store, STARTS - timedelta(9), last, Selection(unit=unit), when)
    return {row.day.day: row.status.value for row in rows}


def get(store: Store, code: str) -> Unit:
    found = units.get(store.connection, code)
    assert found is not None
    return found


class TestFinding:
    """By code or by any name, or an error that lists the near ones."""

    @pytest.mark.parametrize("name", ["LAND", "land", "国土局", " 国土 ", "国土"])
    def test_by_any_of_its_names(self, store: Store, name: str) -> None:
        assert find(store, name).code == "LAND"

    def test_english_in_any_case(self, store: Store) -> None:
        assert find(store, "someCITY").code == "CITY"

    def test_a_code_wins_over_a_name(self, store: Store) -> None:
        save_units(store, ADMIN, [Unit("X", "D1", Kind.TOWN, parent="D1")], AT)
        assert find(store, "D1").code == "D1"
        assert find(store, "x").code == "X"

    def test_of_namesakes_the_one_of_the_day(self, store: Store) -> None:
        old = Unit("N1", "新区", Kind.DISTRICT, valid_to=DAY - timedelta(1))
        new = Unit("N2", "新区", Kind.DISTRICT, valid_from=DAY)
        save_units(store, ADMIN, [old, new], AT)
        assert find(store, "新区", DAY).code == "N2"
        assert find(store, "新区", DAY - timedelta(1)).code == "N1"
        with pytest.raises(NotFound) as refused:
            find(store, "新区")
        assert refused.value.message.key == "errors.unit_ambiguous"
        assert refused.value.message.params["near"] == ["N1 新区", "N2 新区"]

    @pytest.mark.parametrize(("name", "near"), [("国土资源局", "LAND 国土局"), ("甲", "D1 甲区")])
    def test_the_near_ones_are_listed(self, store: Store, name: str, near: str) -> None:
        with pytest.raises(NotFound) as refused:
            find(store, name)
        assert refused.value.message.key == "errors.unit_unknown_near"
        listed = refused.value.message.params["near"]
        assert isinstance(listed, list)
        assert near in listed

    @pytest.mark.parametrize("name", ["", "  ", "\u3000", "qqqq", "%", "_", "'; --", "\0"])
    def test_nothing_near(self, store: Store, name: str) -> None:
        with pytest.raises(LianluoError):
            find(store, name)


class TestSaving:
    """New ones stand after the registry's last; a row that says nothing new changes nothing."""

    def test_outcome_and_order(self, store: Store) -> None:
        new = [Unit("T9", "九镇", Kind.TOWN, parent="D9"), Unit("D9", "九区", Kind.DISTRICT)]
        changed = replace(get(store, "D2"), short="乙")
        same = get(store, "D1")
        outcome = save_units(store, ADMIN, [*new, changed, same], AT)
        assert outcome == Outcome(new=2, amended=1, unchanged=1)
        every = [unit.code for unit in units.selected(store.connection, Selection())]
        assert every == ["CITY", "LAND", "PLAN", "D1", "D2", "T1", "OLD", "T9", "D9"]
        assert get(store, "D2").short == "乙"
        assert get(store, "T9").parent == "D9"
        again = [get(store, code) for code in every]
        assert save_units(store, ADMIN, again, AT) == Outcome(unchanged=9)
        (event,) = events.of_subject(store.connection, "units")
        assert isinstance(event.detail["units"], list)
        assert len(event.detail["units"]) == 3

    def test_names_that_changed_are_found_and_old_ones_are_not(self, store: Store) -> None:
        save_units(store, ADMIN, [replace(get(store, "LAND"), name="自然资源局", aliases=())], AT)
        assert find(store, "自然资源局").code == "LAND"
        with pytest.raises(NotFound):
            find(store, "国土")

    @pytest.mark.parametrize(
        ("rows", "key"),
        [
            ([Unit("X", "x", Kind.TOWN, parent="NOWHERE")], "errors.parent_unknown"),
            ([Unit("X", "x", Kind.TOWN, parent="X")], "errors.parent_cycle"),
            ([Unit("CITY", "某市", Kind.CITY, parent="T1")], "errors.parent_cycle"),
            (
                [Unit("X", "x", Kind.TOWN, valid_from=DAY, valid_to=STARTS)],
                "errors.store_constraint",
            ),
        ],
    )
    def test_what_is_refused_leaves_nothing(self, store: Store, rows: list[Unit], key: str) -> None:
        before = units.selected(store.connection, Selection())
        with pytest.raises(Refused) as refused:
            save_units(store, ADMIN, [Unit("GOOD", "好", Kind.TOWN), *rows], AT)
        assert refused.value.message.key == key
        assert units.selected(store.connection, Selection()) == before
        assert events.of_subject(store.connection, "units") == []

    def test_only_an_admin_may(self, store: Store) -> None:
        with pytest.raises(Refused):
            save_units(store, LIAISON, [Unit("X", "x", Kind.TOWN)], AT)
        with pytest.raises(Refused):
            retire(store, LIAISON, "D1", DAY, AT)


class TestDaysFollow:
    """A unit's days are those of its validity as it stands now."""

    def test_a_new_unit_owes_from_its_first_day(self, store: Store) -> None:
        save_units(store, ADMIN, [Unit("D3", "丙区", Kind.DISTRICT, valid_from=DAY)], AT)
        assert statuses(store, "D3", DAY + timedelta(1)) == {4: "pending", 5: "pending"}

    def test_a_new_unit_without_a_first_day_was_always_there(self, store: Store) -> None:
        save_units(store, ADMIN, [Unit("D3", "丙区", Kind.DISTRICT)], AT)
        assert statuses(store, "D3") == {2: "missed", 3: "missed", 4: "pending"}

    def test_a_retired_unit_owes_until_its_last_day(self, store: Store) -> None:
        assert retire(store, ADMIN, "乙区", STARTS, AT).valid_to == STARTS
        assert statuses(store, "D2") == {2: "missed"}
        assert find(store, "乙区").code == "D2"
        with pytest.raises(Refused):
            file_zero(store, ADMIN, "D2", DAY, AT)

    def test_retiring_keeps_reports_and_coming_back_shows_them_again(self, store: Store) -> None:
        file_zero(store, ADMIN, "D2", STARTS + timedelta(1), AT)
        unit = get(store, "D2")
        retire(store, ADMIN, "D2", STARTS, AT)
        assert statuses(store, "D2") == {2: "missed"}
        save_units(store, ADMIN, [unit], AT)
        assert statuses(store, "D2") == {2: "missed", 3: "made_up", 4: "pending"}

    def test_a_unit_cannot_end_before_it_begins(self, store: Store) -> None:
        save_units(store, ADMIN, [replace(get(store, "D2"), valid_from=DAY)], AT)
        assert statuses(store, "D2") == {4: "pending"}
        with pytest.raises(Refused) as refused:
            retire(store, ADMIN, "D2", STARTS, AT)
        assert refused.value.message.key == "errors.range_reversed"

    def test_a_moved_first_day_gains_and_loses_days(self, store: Store) -> None:
        unit = get(store, "D2")
        save_units(store, ADMIN, [replace(unit, valid_from=STARTS + timedelta(1))], AT)
        assert statuses(store, "D2") == {3: "missed", 4: "pending"}
        save_units(store, ADMIN, [replace(unit, valid_from=STARTS)], AT)
        assert statuses(store, "D2") == {2: "missed", 3: "missed", 4: "pending"}

    def test_another_kind_changes_days_that_are_not_due(self, store: Store) -> None:
        unit = get(store, "T1")
        save_units(store, ADMIN, [replace(unit, kind=Kind.DISTRICT)], AT)
        assert statuses(store, "T1") == {4: "pending"}
        save_units(store, ADMIN, [unit], at("04 17:00:01"))
        assert statuses(store, "T1", when=at("04 18:00")) == {4: "overdue"}

    def test_another_kind_leaves_days_that_fell_due_unopened(self, store: Store) -> None:
        unit = get(store, "T1")
        week = at("11 09:00")
        save_units(store, ADMIN, [replace(unit, kind=Kind.DISTRICT)], week)
        assert statuses(store, "T1", date(2026, 11, 12), week) == {11: "pending", 12: "pending"}

    def test_a_name_changes_no_day(self, store: Store) -> None:
        before = store.connection.rows("SELECT * FROM obligations")
        save_units(store, ADMIN, [replace(get(store, "D1"), name="新名")], AT)
        assert store.connection.rows("SELECT * FROM obligations") == before

    def test_days_gained_follow_the_units_own_schedule(self, store: Store) -> None:
        save_units(store, ADMIN, [replace(get(store, "T1"), valid_from=DAY)], AT)
        save_schedules(store, ADMIN, [Schedule("T1", Days.DAILY)], AT)
        assert statuses(store, "T1") == {4: "pending"}
        save_units(store, ADMIN, [replace(get(store, "T1"), valid_from=None)], AT)
        assert statuses(store, "T1") == {2: "missed", 3: "missed", 4: "pending"}
