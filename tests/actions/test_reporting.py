"""Filing and reading reports: who may, when, what, and what becomes of the day (R4, R5, R7, R8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from actions import drafts
from actions.entering import enter
from actions.people import save_people, set_stand_in
from actions.reporting import (
    Receipt,
    file,
    file_zero,
    listed,
    preview,
    show,
    unit_to_file_for,
)
from actions.schedules import restate_days, save_schedules
from actions.units import find
from domain.areas import LandClass
from domain.errors import LianluoError, NotFound, UsageError
from domain.findings import Finding
from domain.instants import Instant
from domain.people import Actor, Person, Role, StandIn
from domain.reports import Content, ReportKind, Status
from domain.schedules import Days, Schedule
from domain.settings import Settings
from storage import events, obligations, reports
from storage.store import Store
from storage.units import Selection
from tests.actions.conftest import ADMIN, AT, DAY, DEPUTY, LEADER, LIAISON, STARTS, actor, at

DAILY = Content(ReportKind.DAILY, "制止一起")
FINDING = Finding(1, "村东", LandClass.CULTIVATED, 1200, place="T1")


def daily(store: Store, content: Content = DAILY, when: Instant = AT, day: date = DAY) -> Receipt:
    return file(store, LIAISON, "D1", day, content, when)


def amend(
    store: Store,
    content: Content = DAILY,
    when: Instant = AT,
    who: Actor = LIAISON,
    reason: str = "漏填",
    day: date = DAY,
) -> Receipt:
    return file(store, who, "D1", day, content, when, amending=True, reason=reason)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(LianluoError) as error:
        call()
    return error.value.message.key.removeprefix("errors.")


class TestFiling:
    """What a first filing does."""

    def test_a_zero_with_its_scope(self, store: Store) -> None:
        receipt = file_zero(store, LIAISON, "甲区", DAY, AT, areas=(5, 6), note=" 雨 ")
        assert receipt.number == "R-20261104-D1-1"
        assert receipt.status is Status.ON_TIME
        assert receipt.unit.code == "D1"
        content = receipt.revision.content
        assert (content.areas_patrolled, content.areas_planned) == (5, 6)
        assert content.partial
        assert content.summary == "雨"
        assert reports.revisions(store.connection, "D1", DAY) == [receipt.revision]

    def test_a_daily_report_with_findings(self, store: Store) -> None:
        content = Content(ReportKind.DAILY, findings=(FINDING,))
        daily(store, content)
        assert show(store, "D1", DAY, AT).newest.content == content

    @pytest.mark.parametrize(
        ("when", "status"),
        [
            ("02 00:00", Status.ON_TIME),
            ("02 17:00:00", Status.ON_TIME),
            ("02 17:00:01", Status.LATE),
            ("02 23:59:59", Status.LATE),
            ("03 00:00:00", Status.MADE_UP),
            ("09 17:00:00", Status.MADE_UP),
        ],
    )
    def test_the_status_to_the_second(self, store: Store, when: str, status: Status) -> None:
        assert daily(store, when=at(when), day=STARTS).status is status

    def test_it_discharges_the_obligation_and_leaves_an_event(self, store: Store) -> None:
        daily(store)
        owed = obligations.get(store.connection, "D1", "2026-11-04")
        assert owed is not None
        assert owed.discharged_at == AT
        (event,) = events.of_subject(store.connection, "R-20261104-D1-1")
        assert (event.action, event.actor, event.real_login) == ("report.file", "d1", "d1")
        assert (event.at, event.host) == (AT, "host")
        assert events.first_broken(store.connection) is None

    def test_it_takes_the_draft_away(self, store: Store) -> None:
        drafts.save(store, LIAISON, "D1", DAY, "body", AT)
        drafts.save(store, DEPUTY, "D1", DAY, "other", AT)
        assert drafts.read(store, LIAISON, "D1", DAY) == ("body", AT)
        daily(store)
        assert drafts.read(store, LIAISON, "D1", DAY) is None
        assert drafts.read(store, DEPUTY, "D1", DAY) == ("other", AT)

    def test_a_day_that_is_not_expected_is_accepted_and_counts_nowhere(self, store: Store) -> None:
        saturday = date(2026, 11, 7)
        receipt = file_zero(store, ADMIN, "PLAN", saturday, at("07 10:00"))
        assert receipt.status is Status.NOT_EXPECTED
        assert file_zero(store, LIAISON, "T1", DAY, AT).status is Status.NOT_EXPECTED
        before_starts = STARTS - timedelta(1)
        assert file_zero(store, LIAISON, "D1", before_starts, AT).status is Status.NOT_EXPECTED
        assert show(store, "T1", DAY, AT).status is Status.NOT_EXPECTED
        later = at("08 12:00")
        statuses = [
            report.status for report in listed(store, before_starts, saturday, Selection(), later)
        ]
        assert statuses == [Status.NOT_EXPECTED] * 3

    @pytest.mark.parametrize(
        ("content", "key"),
        [
            (Content(ReportKind.ZERO, findings=(FINDING,)), "zero_with_finding"),
            (Content(ReportKind.DAILY, "  "), "daily_empty"),
            (Content(ReportKind.ZERO, "", 6, None), "areas_half"),
            (
                Content(ReportKind.DAILY, findings=(Finding(1, "", LandClass.UNUSED, 1),)),
                "finding_location",
            ),
            (
                Content(
                    ReportKind.DAILY,
                    findings=(Finding(1, "x", LandClass.UNUSED, 1, place="NOWHERE"),),
                ),
                "unit_unknown",
            ),
        ],
    )
    def test_content_that_is_refused_leaves_nothing(
        self, store: Store, content: Content, key: str
    ) -> None:
        assert refused(lambda: daily(store, content)) == key
        assert reports.revisions(store.connection, "D1", DAY) == []
        assert events.of_subject(store.connection, "R-20261104-D1-1") == []

    def test_a_future_date(self, store: Store) -> None:
        tomorrow = DAY + timedelta(1)
        assert refused(lambda: daily(store, day=tomorrow)) == "future_day"
        assert refused(lambda: daily(store, day=date.max)) == "future_day"
        # The city's midnight decides, whatever the machine's.
        assert refused(lambda: daily(store, day=tomorrow, when=at("04 23:59:59"))) == "future_day"
        assert daily(store, day=tomorrow, when=at("05 00:00:00")).status is Status.ON_TIME

    def test_a_unit_that_is_not_there_that_day(self, store: Store) -> None:
        assert refused(lambda: file_zero(store, ADMIN, "OLD", DAY, AT)) == "unit_not_valid"
        last = DAY - timedelta(1)
        assert file_zero(store, ADMIN, "OLD", last, AT).status is Status.MADE_UP

    def test_an_unknown_or_ambiguous_unit(self, store: Store) -> None:
        with pytest.raises(NotFound) as unknown:
            file_zero(store, ADMIN, "丙区", DAY, AT)
        assert unknown.value.message.key in ("errors.unit_unknown", "errors.unit_unknown_near")

    def test_a_day_long_ago_does_not_overflow(self, store: Store) -> None:
        receipt = file_zero(store, ADMIN, "D1", date.min, AT, reason="补录")
        assert receipt.status is Status.NOT_EXPECTED
        assert receipt.revision.after_lock


class TestWhoMay:
    """Liaisons and deputies for their unit and all below it; admins for all (R3)."""

    @pytest.mark.parametrize("who", [LIAISON, DEPUTY, ADMIN])
    @pytest.mark.parametrize("unit", ["D1", "T1"])
    def test_those_who_may(self, store: Store, who: Actor, unit: str) -> None:
        file_zero(store, who, unit, DAY, AT)

    @pytest.mark.parametrize(
        ("who", "unit"),
        [
            (LEADER, "D1"),
            (actor("nobody"), "D1"),
            (LIAISON, "D2"),
            (LIAISON, "CITY"),
            (actor("plan"), "D1"),
            (actor("gone"), "D2"),
        ],
    )
    def test_those_who_may_not(self, store: Store, who: Actor, unit: str) -> None:
        assert refused(lambda: file_zero(store, who, unit, DAY, AT)) == "not_allowed_unit"
        assert reports.revisions(store.connection, unit, DAY) == []

    def test_stand_ins_file_on_their_days_in_chains(self, store: Store) -> None:
        save_people(
            store,
            ADMIN,
            [Person(name, name, "CITY", Role.VIEWER) for name in ("x", "y")],
            AT,
        )
        set_stand_in(store, ADMIN, StandIn("x", "d1", DAY, DAY), AT)
        set_stand_in(store, ADMIN, StandIn("y", "x", STARTS, date(2026, 11, 9)), AT)
        receipt = file_zero(store, actor("y"), "D1", DAY, AT)
        assert receipt.revision.filed_by == "y"
        late = refused(lambda: file_zero(store, actor("y"), "T1", DAY, at("05 09:00")))
        assert late == "not_allowed_unit"

    def test_in_anothers_name_both_logins_are_kept(self, store: Store) -> None:
        opened, who = enter(store.path, Settings(), "admin", "d1", "host", AT)
        with opened:
            receipt = file_zero(opened, who, "D1", DAY, AT)
            assert (receipt.revision.filed_by, receipt.revision.keyed_by) == ("d1", "admin")
            (event,) = events.of_subject(opened.connection, receipt.number)
            assert (event.actor, event.real_login) == ("d1", "admin")
            # It is the other's right that counts.
            assert refused(lambda: file_zero(opened, who, "D2", DAY, AT)) == "not_allowed_unit"

    @pytest.mark.parametrize(("real", "name"), [("d1", "plan"), ("nobody", "admin")])
    def test_only_an_admin_acts_for_another(self, store: Store, real: str, name: str) -> None:
        call = refused(lambda: enter(store.path, Settings(), real, name, "host", AT))
        assert call == "not_allowed"
        assert (
            refused(lambda: enter(store.path, Settings(), "admin", "stranger", "host", AT))
            == "login_unknown"
        )

    def test_acting_for_oneself_is_nothing_special(self, store: Store) -> None:
        opened, who = enter(store.path, Settings(), "d1", "d1", "host", AT)
        opened.close()
        assert not who.proxy

    def test_the_unit_may_be_left_out_where_there_is_one(self, store: Store) -> None:
        assert unit_to_file_for(store, LIAISON, None, DAY) == "D1"
        assert unit_to_file_for(store, LIAISON, "甲镇", DAY) == "T1"
        assert refused(lambda: unit_to_file_for(store, LEADER, None, DAY)) == "no_unit"
        save_people(store, ADMIN, [Person("d1", "x", "D2", Role.DEPUTY)], AT)
        assert refused(lambda: unit_to_file_for(store, LIAISON, None, DAY)) == "many_units"


class TestAmending:
    """The next revision: with a reason, and the day's timeliness as it was (R5)."""

    def test_revisions_stay_readable(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", DAY, AT)
        receipt = amend(store, when=at("04 18:00"))
        assert receipt.number == "R-20261104-D1-2"
        assert receipt.status is Status.ON_TIME
        report = show(store, "D1", DAY, at("04 18:00"))
        assert [each.content.kind.value for each in report.revisions] == ["zero", "daily"]
        assert report.newest.reason == "漏填"
        assert report.status is Status.ON_TIME

    def test_timeliness_is_decided_by_the_first_for_ever(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", STARTS, at("03 08:00"))
        assert amend(store, when=AT, day=STARTS).status is Status.MADE_UP
        owed = obligations.get(store.connection, "D1", "2026-11-02")
        assert owed is not None
        assert owed.discharged_at == at("03 08:00")

    def test_as_of_an_earlier_instant_later_revisions_are_not_there(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", DAY, AT)
        amend(store, when=AT + 60)
        assert len(show(store, "D1", DAY, AT + 59).revisions) == 1
        assert len(show(store, "D1", DAY, AT + 60).revisions) == 2
        with pytest.raises(NotFound):
            show(store, "D1", DAY, AT - 1)

    def test_what_is_refused(self, store: Store) -> None:
        assert refused(lambda: amend(store)) == "nothing_to_amend"
        daily(store)
        assert refused(lambda: daily(store, Content(ReportKind.ZERO))) == "already_filed"
        assert refused(lambda: amend(store, Content(ReportKind.ZERO), reason=" ")) == (
            "amend_reason"
        )
        other = Content(ReportKind.DAILY, "两起")
        assert refused(lambda: amend(store, other, when=AT - 1)) == "clock_back"
        assert len(reports.revisions(store.connection, "D1", DAY)) == 1

    def test_sent_twice_it_is_recorded_once(self, store: Store) -> None:
        file_zero(store, LIAISON, "D1", DAY, AT)
        assert amend(store).number == amend(store, when=AT + 9).number == "R-20261104-D1-2"
        assert len(reports.revisions(store.connection, "D1", DAY)) == 2
        assert len(events.of_subject(store.connection, "R-20261104-D1-2")) == 1


class TestTheLock:
    """Seven days after the cut-off the day locks, for first filings and amendments (R7)."""

    LOCK = at("09 17:00:00")

    def test_until_the_second(self, store: Store) -> None:
        receipt = daily(store, when=self.LOCK, day=STARTS)
        assert not receipt.revision.after_lock
        assert refused(lambda: amend(store, when=self.LOCK + 1, day=STARTS)) == "locked"
        assert preview(store, find(store, "D1"), STARTS, self.LOCK) == (Status.MADE_UP, False)
        assert preview(store, find(store, "D1"), STARTS, self.LOCK + 1) == (Status.MADE_UP, True)

    def test_a_liaison_is_refused_with_and_without_a_reason(self, store: Store) -> None:
        for reason in ("", "忘了"):
            call = refused(
                lambda reason=reason: file_zero(  # type: ignore[misc]
                    store, LIAISON, "D1", STARTS, self.LOCK + 1, reason=reason
                )
            )
            assert call == "locked"

    def test_an_admin_gives_a_reason_and_it_is_recorded_as_such(self, store: Store) -> None:
        later = self.LOCK + 1
        assert refused(lambda: file_zero(store, ADMIN, "D1", STARTS, later)) == "locked_reason"
        receipt = file_zero(store, ADMIN, "D1", STARTS, later, reason="停电")
        assert receipt.status is Status.MADE_UP
        assert receipt.revision.after_lock
        assert receipt.revision.reason == "停电"
        (event,) = events.of_subject(store.connection, receipt.number)
        assert event.detail["after_lock"] is True
        amended = amend(store, when=later, who=ADMIN, day=STARTS)
        assert amended.revision.after_lock

    def test_days_that_are_not_expected_lock_too(self, store: Store) -> None:
        call = refused(lambda: file_zero(store, LIAISON, "T1", STARTS, self.LOCK + 1))
        assert call == "locked"
        assert not file_zero(store, LIAISON, "T1", STARTS, self.LOCK).revision.after_lock

    def test_a_schedules_cut_off_moves_the_lock(self, store: Store) -> None:
        row = Schedule("D1", Days.DAILY, time(9, 0), valid_from=STARTS)
        save_schedules(store, ADMIN, [row], AT, restate_past=True)
        lock = at("09 09:00:00")
        assert refused(lambda: daily(store, when=lock + 1, day=STARTS)) == "locked"
        daily(store, when=lock, day=STARTS)


class TestReading:
    """What is read is as of an instant, of days created or not."""

    def test_listed_by_day_and_registry_order(self, store: Store) -> None:
        for unit, day in (("D2", DAY), ("D1", DAY), ("D2", STARTS), ("LAND", DAY)):
            file_zero(store, ADMIN, unit, day, AT)
        found = listed(store, STARTS, DAY, Selection(), AT)
        assert [(r.day, r.unit.code) for r in found] == [
            (STARTS, "D2"),
            (DAY, "LAND"),
            (DAY, "D1"),
            (DAY, "D2"),
        ]
        assert listed(store, STARTS, DAY, Selection(), AT - 1) == []
        assert [r.unit.code for r in listed(store, DAY, DAY, Selection(under="CITY"), AT)] == [
            "LAND",
            "D1",
            "D2",
        ]
        with pytest.raises(UsageError):
            listed(store, DAY, STARTS, Selection(), AT)

    def test_a_preview_says_what_would_become(self, store: Store) -> None:
        unit = find(store, "D1")
        assert preview(store, unit, DAY, AT) == (Status.ON_TIME, False)
        assert preview(store, unit, STARTS, AT) == (Status.MADE_UP, False)
        assert preview(store, unit, DAY, at("04 17:00:01")) == (Status.LATE, False)
        assert preview(store, find(store, "T1"), DAY, AT) == (Status.NOT_EXPECTED, False)
        assert preview(store, unit, date.max, AT)[1] is False

    def test_a_report_of_a_restated_day_is_found_again(self, store: Store) -> None:
        file_zero(store, LIAISON, "T1", STARTS, at("02 10:00"))
        row = Schedule("T1", Days.DAILY)
        save_schedules(store, ADMIN, [row], AT)
        assert show(store, "T1", STARTS, AT).status is Status.NOT_EXPECTED
        restate_days(store, ADMIN, ["T1"], STARTS, DAY, AT)
        assert show(store, "T1", STARTS, AT).status is Status.ON_TIME
