"""Rules, calendar, schedules and exemptions that change: what holds for which day (R6, R7, R8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from actions.board import board
from actions.entering import enter
from actions.expecting import roll
from actions.opening import found
from actions.reporting import file_zero
from actions.restating import Change
from actions.schedules import (
    add_extra_day,
    adopt_rules,
    restate_days,
    save_exemptions,
    save_schedules,
    withdraw_exemption,
)
from domain.errors import NotFound, Refused, UsageError
from domain.instants import Instant
from domain.reports import Status
from domain.schedules import Days, Exemption, Schedule, parse_late_until
from domain.settings import CityRules, settings_from_table
from storage import events, obligations, schedules
from storage.store import Store, open_store
from storage.units import Selection
from tests.actions.conftest import ADMIN, AT, DAY, LIAISON, REGISTRY, STARTS, at, begin

TOMORROW = DAY + timedelta(1)
WEEK = at("11 09:00")


def due(store: Store, unit: str, day: date) -> str | None:
    """Return when a day of a unit is due, read or computed, as people read it."""
    rows = board(store, day, day, Selection(unit=unit), AT)
    return store.zone.show(rows[0].due_at)[5:16] if rows and rows[0].due_at else None


def statuses(store: Store, unit: str, last: date = DAY, when: Instant = AT) -> list[str]:
    rows = board(store, STARTS, last, Selection(unit=unit), when, everything=True)
    return [row.status.value for row in rows]


def rows_of(store: Store) -> list[tuple[object, ...]]:
    return store.connection.rows("SELECT * FROM obligations ORDER BY kind, subject, unit")


class TestSchedules:
    """A schedule row holds for days that are not due yet."""

    ROW = Schedule("D1", Days.DAILY, cutoff=time(12, 0))

    def test_days_that_have_fallen_due_keep_their_instants(self, store: Store) -> None:
        assert save_schedules(store, ADMIN, [self.ROW], AT) == []
        assert due(store, "D1", STARTS) == "11-02 17:00"
        assert due(store, "D1", DAY - timedelta(1)) == "11-03 17:00"
        assert due(store, "D1", DAY) == "11-04 12:00"
        assert due(store, "D1", TOMORROW) == "11-05 12:00"
        assert due(store, "D2", DAY) == "11-04 17:00"

    @pytest.mark.parametrize(
        ("when", "today"),
        [
            ("04 16:59:59", "11-04 12:00"),
            ("04 17:00:00", "11-04 12:00"),
            ("04 17:00:01", "11-04 17:00"),
            ("04 23:00", "11-04 17:00"),
        ],
    )
    def test_today_changes_until_it_falls_due(self, store: Store, when: str, today: str) -> None:
        save_schedules(store, ADMIN, [self.ROW], at(when))
        assert due(store, "D1", DAY) == today

    @pytest.mark.parametrize(
        ("when", "expected"), [("04 11:59:59", True), ("04 12:00", True), ("04 12:00:01", False)]
    )
    def test_a_town_is_not_asked_for_what_would_be_overdue_already(
        self, store: Store, when: str, expected: bool
    ) -> None:
        save_schedules(store, ADMIN, [replace(self.ROW, unit="T1")], at(when))
        assert (due(store, "T1", DAY) is not None) is expected
        assert due(store, "T1", TOMORROW) == "11-05 12:00"
        assert due(store, "T1", STARTS) is None

    def test_a_day_can_be_taken_away_until_it_falls_due(self, store: Store) -> None:
        saturday = at("07 09:00")
        roll(store, saturday)
        row = Schedule("D1", Days.WORKDAYS)
        save_schedules(store, ADMIN, [row], saturday)
        assert due(store, "D1", date(2026, 11, 6)) is not None
        assert due(store, "D1", date(2026, 11, 7)) is None
        assert due(store, "D1", date(2026, 11, 8)) is None

    def test_what_became_due_unopened_is_fixed_by_what_stood_then(self, store: Store) -> None:
        # Nobody opened the store for a week; then the schedule changes.
        save_schedules(store, ADMIN, [self.ROW], WEEK)
        assert due(store, "D1", date(2026, 11, 10)) == "11-10 17:00"
        assert due(store, "D1", date(2026, 11, 11)) == "11-11 12:00"

    def test_restating_applies_it_to_days_past_and_says_what_changes(self, store: Store) -> None:
        for day, when in ((STARTS, "02 13:00"), (STARTS + timedelta(1), "03 11:00")):
            file_zero(store, LIAISON, "D1", day, at(when))
        expected = [Change("D1", STARTS, Status.ON_TIME, Status.LATE)]
        for dry_run in (True, False):
            before = rows_of(store)
            changes = save_schedules(
                store, ADMIN, [self.ROW], AT, restate_past=True, dry_run=dry_run
            )
            assert changes == expected
            if dry_run:
                assert rows_of(store) == before
                assert schedules.every(store.connection) == []
        assert statuses(store, "D1") == ["late", "on_time", "pending"]
        assert due(store, "D1", STARTS) == "11-02 12:00"
        assert due(store, "D2", STARTS) == "11-02 17:00"
        (event,) = events.of_subject(store.connection, "schedules")
        assert event.detail["restated"] == [["D1", "2026-11-02", "on_time", "late"]]

    def test_restating_covers_what_a_replaced_row_covered(self, store: Store) -> None:
        town = Schedule("T1", Days.DAILY, valid_from=STARTS)
        save_schedules(store, ADMIN, [town], AT, restate_past=True)
        assert statuses(store, "T1") == ["missed", "missed", "pending"]
        ended = replace(town, valid_to=STARTS)
        changes = save_schedules(store, ADMIN, [ended], AT, restate_past=True)
        assert changes == [
            Change("T1", STARTS + timedelta(1), Status.MISSED, Status.NOT_EXPECTED),
        ]
        assert statuses(store, "T1") == ["missed", "not_expected", "not_expected"]

    def test_restating_leaves_days_outside_the_rows_alone(self, store: Store) -> None:
        row = replace(self.ROW, valid_from=STARTS + timedelta(1), valid_to=STARTS + timedelta(1))
        save_schedules(store, ADMIN, [row], AT, restate_past=True)
        dues = [due(store, "D1", STARTS + timedelta(n)) for n in range(3)]
        assert dues == ["11-02 17:00", "11-03 12:00", "11-04 17:00"]

    def test_saving_nothing_is_no_change(self, store: Store) -> None:
        assert save_schedules(store, ADMIN, [], AT, restate_past=True) == []

    def test_only_an_admin_may(self, store: Store) -> None:
        before = rows_of(store)
        with pytest.raises(Refused):
            save_schedules(store, LIAISON, [self.ROW], AT)
        with pytest.raises(Refused):
            restate_days(store, LIAISON, None, STARTS, DAY, AT)
        with pytest.raises(Refused):
            save_exemptions(store, LIAISON, [Exemption("D1", DAY, DAY, "x")], AT)
        with pytest.raises(Refused):
            adopt_rules(store, LIAISON, replace(CityRules(), backfill_days=1), AT)
        assert rows_of(store) == before

    def test_rows_of_the_registry_hold_from_the_start(self, tmp_path: Path) -> None:
        registry = replace(
            REGISTRY,
            schedules=[self.ROW],
            exemptions=[Exemption("D2", STARTS, STARTS, "防汛")],
        )
        with found(tmp_path / "s.db", registry, CityRules(), STARTS, ADMIN, AT) as store:
            assert due(store, "D1", STARTS) == "11-02 12:00"
            assert statuses(store, "D2") == ["exempt", "missed", "pending"]


class TestExemptions:
    """They hold as they stand now, whatever was due or filed (R8)."""

    FREE = Exemption("D1", STARTS, STARTS + timedelta(1), "搬迁", "某局")

    def test_past_days_are_exempt_at_once_and_no_report_is_erased(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", STARTS, at("02 10:00"))
        changes = save_exemptions(store, ADMIN, [self.FREE], AT)
        assert changes == [
            Change("D1", STARTS, Status.ON_TIME, Status.EXEMPT),
            Change("D1", STARTS + timedelta(1), Status.MISSED, Status.EXEMPT),
        ]
        assert statuses(store, "D1") == ["exempt", "exempt", "pending"]
        rows = board(store, STARTS, STARTS, Selection(unit="D1"), AT)
        assert rows[0].filed is not None

    def test_withdrawn_everything_is_as_before(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", STARTS, at("02 10:00"))
        before = rows_of(store)
        save_exemptions(store, ADMIN, [self.FREE], AT)
        changes = withdraw_exemption(store, ADMIN, self.FREE, AT)
        assert [change.after for change in changes] == [Status.ON_TIME, Status.MISSED]
        assert rows_of(store) == before
        with pytest.raises(NotFound):
            withdraw_exemption(store, ADMIN, self.FREE, AT)

    def test_of_two_that_overlap_one_remains(self, store: Store) -> None:
        other = Exemption("D1", STARTS + timedelta(1), TOMORROW, "防汛")
        save_exemptions(store, ADMIN, [self.FREE, other], AT)
        withdraw_exemption(store, ADMIN, self.FREE, AT)
        assert statuses(store, "D1", TOMORROW) == ["missed", "exempt", "exempt", "exempt"]

    def test_days_to_come_are_exempt_when_they_come(self, store: Store) -> None:
        save_exemptions(store, ADMIN, [Exemption("D1", TOMORROW, TOMORROW, "x")], AT)
        assert statuses(store, "D1", TOMORROW)[-1] == "exempt"
        roll(store, WEEK)
        assert statuses(store, "D1", TOMORROW)[-1] == "exempt"

    def test_a_dry_run_says_it_and_leaves_it(self, store: Store) -> None:
        changes = save_exemptions(store, ADMIN, [self.FREE], AT, dry_run=True)
        assert len(changes) == 2
        assert schedules.exemptions(store.connection) == []
        assert statuses(store, "D1") == ["missed", "missed", "pending"]

    def test_a_dry_run_over_days_not_created_keeps_none_in_mind(self, store: Store) -> None:
        last = date(2026, 11, 10)
        before = statuses(store, "D1", last, WEEK)
        save_exemptions(store, ADMIN, [Exemption("D1", last, last, "x")], WEEK, dry_run=True)
        save_schedules(store, ADMIN, [TestSchedules.ROW], WEEK, dry_run=True)
        assert statuses(store, "D1", last, WEEK) == before
        assert store.through == DAY

    def test_an_unknown_unit_leaves_nothing(self, store: Store) -> None:
        with pytest.raises(Refused):
            save_exemptions(store, ADMIN, [self.FREE, Exemption("X", DAY, DAY, "x")], AT)
        assert schedules.exemptions(store.connection) == []
        assert statuses(store, "D1") == ["missed", "missed", "pending"]


class TestRules:
    """The city's rules and its calendar hold for days that are not due yet."""

    EARLY = replace(CityRules(), cutoff=time(12, 0))

    def test_the_cut_off_changes_from_today(self, store: Store) -> None:
        adopt_rules(store, ADMIN, self.EARLY, AT)
        dues = [due(store, "D1", STARTS + timedelta(n)) for n in range(4)]
        assert dues == ["11-02 17:00", "11-03 17:00", "11-04 12:00", "11-05 12:00"]
        with open_store(store.path) as other:
            assert other.rules == self.EARLY
        (event,) = events.of_subject(store.connection, "rules")
        assert event.detail["before"] == {"cutoff": "17:00"}
        assert event.detail["after"] == {"cutoff": "12:00"}

    def test_days_that_passed_unopened_are_fixed_by_the_old_rules(self, store: Store) -> None:
        adopt_rules(store, ADMIN, self.EARLY, WEEK)
        assert due(store, "D1", date(2026, 11, 10)) == "11-10 17:00"
        assert due(store, "D1", date(2026, 11, 11)) == "11-11 12:00"
        reports = store.connection.rows(
            "SELECT DISTINCT substr(subject, 9) FROM obligations WHERE unit = 'D1'"
        )
        assert [row[0] for row in reports] == [f"{n:02}" for n in range(2, 12)]

    def test_twice_on_one_day(self, store: Store) -> None:
        adopt_rules(store, ADMIN, self.EARLY, AT)
        adopt_rules(store, ADMIN, replace(CityRules(), cutoff=time(15, 0)), at("04 12:00"))
        assert due(store, "D1", DAY) == "11-04 15:00"
        adopt_rules(store, ADMIN, CityRules(), at("04 15:00:01"))
        assert due(store, "D1", DAY) == "11-04 15:00"
        assert due(store, "D1", TOMORROW) == "11-05 17:00"

    def test_restating_after_a_change_of_rules(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", STARTS, at("02 13:00"))
        adopt_rules(store, ADMIN, self.EARLY, AT)
        planned = restate_days(store, ADMIN, ["D1"], STARTS, DAY, AT, dry_run=True)
        assert planned == [Change("D1", STARTS, Status.ON_TIME, Status.LATE)]
        assert due(store, "D1", STARTS) == "11-02 17:00"
        assert restate_days(store, ADMIN, ["D1"], STARTS, DAY, AT) == planned
        assert due(store, "D1", STARTS) == "11-02 12:00"
        assert due(store, "D2", STARTS) == "11-02 17:00"
        (event,) = events.of_subject(store.connection, "days")
        assert event.detail["restated"] == [["D1", "2026-11-02", "on_time", "late"]]
        assert restate_days(store, ADMIN, None, date(2020, 1, 1), date(2030, 1, 1), AT) == []
        assert due(store, "D2", STARTS) == "11-02 12:00"
        with pytest.raises(UsageError):
            restate_days(store, ADMIN, None, DAY, STARTS, AT)

    def test_a_holiday_of_the_citys_own(self, store: Store) -> None:
        add_extra_day(store, ADMIN, DAY, workday=False, at=AT)
        add_extra_day(store, ADMIN, STARTS, workday=False, at=AT)
        add_extra_day(store, ADMIN, date(2026, 11, 7), workday=True, at=AT)
        assert [due(store, "PLAN", STARTS + timedelta(n)) for n in range(6)] == [
            "11-02 17:00",
            "11-03 17:00",
            None,
            "11-05 17:00",
            "11-06 17:00",
            "11-07 17:00",
        ]
        changes = restate_days(store, ADMIN, None, STARTS, DAY, AT)
        assert changes == [
            Change("LAND", STARTS, Status.MISSED, Status.NOT_EXPECTED),
            Change("PLAN", STARTS, Status.MISSED, Status.NOT_EXPECTED),
        ]
        # Districts report daily, whatever the calendar says.
        assert due(store, "D1", DAY) == "11-04 17:00"

    def test_a_day_changes_sides_and_is_never_on_both(self, store: Store) -> None:
        add_extra_day(store, ADMIN, DAY, workday=False, at=AT)
        rules = add_extra_day(store, ADMIN, DAY, workday=True, at=AT)
        assert (rules.extra_holidays, rules.extra_workdays) == ((), (DAY,))
        assert due(store, "PLAN", DAY) == "11-04 17:00"
        recorded = len(events.of_subject(store.connection, "rules"))
        add_extra_day(store, ADMIN, DAY, workday=True, at=AT)
        assert len(events.of_subject(store.connection, "rules")) == recorded

    def test_two_admins_add_days_and_neither_is_lost(self, store: Store) -> None:
        with open_store(store.path) as other:
            add_extra_day(store, ADMIN, DAY, workday=False, at=AT)
            rules = add_extra_day(other, ADMIN, TOMORROW, workday=False, at=AT)
        assert rules.extra_holidays == (DAY, TOMORROW)

    def test_rules_that_stand_already_leave_no_trace(self, store: Store) -> None:
        adopt_rules(store, ADMIN, CityRules(), AT)
        assert events.of_subject(store.connection, "rules") == []

    def test_another_zone_is_refused(self, store: Store) -> None:
        with pytest.raises(Refused):
            adopt_rules(store, ADMIN, replace(CityRules(), timezone="UTC"), AT)
        assert store.rules == CityRules()

    def test_rules_that_cannot_be_leave_the_old_ones(self, store: Store) -> None:
        both = replace(CityRules(), extra_holidays=(DAY,), extra_workdays=(DAY,))
        with pytest.raises(UsageError):
            adopt_rules(store, ADMIN, both, AT)
        assert store.rules == CityRules()
        with store.reading():
            assert store.rules == CityRules()
        with open_store(store.path) as other:
            assert other.rules == CityRules()


class TestAdoption:
    """An admin's configuration becomes the city's; anybody else's does not."""

    SETTINGS = settings_from_table({"cutoff": "12:00"})

    def open(self, store: Store, login: str, when: Instant = AT) -> CityRules:
        opened, _ = enter(store.path, self.SETTINGS, login, None, "host", when)
        with opened:
            return opened.rules

    def test_by_an_admin_once(self, store: Store) -> None:
        assert self.open(store, "admin").cutoff == time(12, 0)
        self.open(store, "admin")
        assert len(events.of_subject(store.connection, "rules")) == 1
        assert due(store, "D1", DAY) == "11-04 12:00"

    @pytest.mark.parametrize("login", ["d1", "nobody"])
    def test_by_nobody_else(self, store: Store, login: str) -> None:
        assert self.open(store, login).cutoff == time(17, 0)
        assert events.of_subject(store.connection, "rules") == []

    def test_after_days_unopened_the_old_rules_fix_them(self, store: Store) -> None:
        self.open(store, "admin", WEEK)
        assert due(store, "D1", date(2026, 11, 10)) == "11-10 17:00"
        assert due(store, "D1", date(2026, 11, 11)) == "11-11 12:00"

    def test_a_store_long_open_takes_up_what_another_recorded(self, store: Store) -> None:
        """A screen that stays open must not create tomorrow's days by yesterday's rules."""
        with open_store(store.path) as old:
            late = replace(
                self.SETTINGS.applied_to(CityRules()), late_until=parse_late_until("+1d 9:00")
            )
            adopt_rules(store, ADMIN, late, AT)
            roll(old, WEEK)
            assert old.rules == late
            owed = obligations.get(old.connection, "D1", "2026-11-10")
            assert owed is not None
            assert store.zone.show(owed.due_at) == "2026-11-10 12:00:00"
            assert owed.missed_at is not None
            assert store.zone.show(owed.missed_at) == "2026-11-11 09:00:00"


class TestCreating:
    """Expected days are created as they become current, exactly once."""

    def test_through_today_and_no_further(self, store: Store) -> None:
        assert store.through == DAY
        assert roll(store, AT) == 0
        # Saturday and Sunday are the districts' alone; OLD has ended.
        assert roll(store, at("08 00:00")) == 2 * 4 + 2 * 2
        assert roll(store, at("08 23:59:59")) == 0
        assert roll(store, at("09 00:00")) == 4
        assert store.through == date(2026, 11, 9)

    def test_a_clock_that_goes_back_creates_nothing(self, store: Store) -> None:
        before = rows_of(store)
        assert roll(store, at("02 00:00")) == 0
        assert rows_of(store) == before
        assert store.through == DAY

    def test_a_reader_does_not_wait_for_a_writer(self, store: Store) -> None:
        with open_store(store.path) as other, store.connection.writing():
            assert roll(other, WEEK) == 0
            assert statuses(other, "D1", DAY) == ["missed", "missed", "pending"]

    def test_a_store_that_starts_later(self, tmp_path: Path) -> None:
        with begin(tmp_path / "s.db", at("2026-10-01 09:00")) as store:
            assert rows_of(store) == []
            assert store.through == STARTS - timedelta(1)
            assert statuses(store, "D1", when=at("01 23:59:59")) == ["pending"] * 3
            assert roll(store, at("02 08:00")) == 5
