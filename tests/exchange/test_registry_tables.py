from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from actions.expecting import roll
from actions.matters import Subject, open_matter, show
from domain.errors import Refused
from domain.networks import Link, Network
from domain.people import Role
from domain.reports import Status
from domain.schedules import Days, Exemption, LateUntil, Schedule
from domain.units import Kind
from exchange.importing import Imported, Order, import_file
from storage import events, networks, obligations, people, schedules, units
from storage.units import Selection
from tests.conftest import ADMIN, AT, LIAISON, ZONE
from tests.exchange.conftest import OFFICE, Desk, counts

UNITS = ("code", "name", "kind", "parent")


def problems(done: Imported) -> list[tuple[int, str, str]]:
    return [
        (problem.row, problem.column, problem.reason.key.partition(".")[2])
        for problem in done.outcome.problems
    ]


def test_units_are_added_and_changed(desk: Desk) -> None:
    rows = [
        ("代码", "名称", "类别", "上级", "别名"),
        ("T1", "棠景街国土所", "镇街", "440111", "棠景|棠景所"),
        ("440111", "白云新区", "区", "440100", ""),
    ]
    before = units.get(desk.store.connection, "440111")
    assert counts(desk.take("units", rows)) == (1, 1, 0, 0)
    town = units.get(desk.store.connection, "T1")
    after = units.get(desk.store.connection, "440111")
    assert town is not None
    assert before is not None
    assert after is not None
    assert (town.kind, town.parent, town.aliases) == (Kind.TOWN, "440111", ("棠景", "棠景所"))
    assert town.order == 209
    assert (after.name_en, after.source) == (before.name_en, before.source), "not in the file"
    assert counts(desk.take("units", rows)) == (0, 0, 2, 0)


def test_unit_may_stand_before_its_parent(desk: Desk) -> None:
    rows = [UNITS, ("T2", "b", "team", "T1"), ("T1", "a", "town", "440111")]
    assert counts(desk.take("units", rows)) == (2, 0, 0, 0)


def test_parents_that_cannot_be(desk: Desk) -> None:
    rows = [
        UNITS,
        ("T1", "a", "town", "404"),
        ("T2", "b", "team", "T1"),
        ("T3", "c", "team", "T4"),
        ("T4", "d", "town", "T3"),
        ("T5", "e", "team", "440111"),
        ("440100", "广州市", "city", "T5"),
    ]
    expected = [
        (2, "parent", "parent_unknown"),
        (4, "parent", "parent_cycle"),
        (5, "parent", "parent_cycle"),
        (6, "parent", "parent_cycle"),
        (7, "parent", "parent_cycle"),
    ]
    assert problems(desk.take("units", rows)) == expected
    kept = desk.take("units", rows[:5], keep_going=True)
    assert problems(kept) == [
        (2, "parent", "parent_unknown"),
        (3, "parent", "parent_unknown"),
        *expected[1:3],
    ]
    assert units.get(desk.store.connection, "T2") is None


def test_unit_under_a_row_to_be_mended_is_not_wrong_itself(desk: Desk) -> None:
    rows = [UNITS, ("T1", "a", "village", "440111"), ("T2", "b", "team", "T1")]
    assert problems(desk.take("units", rows)) == [(2, "kind", "not_one_of")]
    kept = desk.take("units", rows, keep_going=True)
    assert problems(kept) == [(2, "kind", "not_one_of"), (3, "parent", "parent_unknown")]
    assert kept.outcome.problems[1].value == "T1"


def test_two_rows_about_one_unit(desk: Desk) -> None:
    same = ("T1", "a", "town", "440111")
    rows = [UNITS, same, same, ("T1", "b", "town", "440111")]
    done = desk.take("units", rows)
    assert problems(done) == [(4, "code", "same_key")]
    assert counts(desk.take("units", rows[:3])) == (1, 0, 1, 0)


def test_validity_must_not_be_reversed_with_what_stands(desk: Desk) -> None:
    header = (*UNITS, "valid_from", "valid_to")
    rows = [header, ("T1", "a", "town", "440111", "2026-02-01", "2026-01-01")]
    assert problems(desk.take("units", rows)) == [(2, "valid_to", "range_reversed")]
    desk.take("units", [header, ("T1", "a", "town", "440111", "2026-02-01", "")])
    later = [(*UNITS, "valid_to"), ("T1", "a", "town", "440111", "2026-01-01")]
    assert problems(desk.take("units", later)) == [(2, "valid_to", "range_reversed")]


def test_days_follow_the_validity_of_units(desk: Desk) -> None:
    header = (*UNITS, "valid_to")
    roll(desk.store, AT)
    desk.take("units", [header, ("440111", "白云区", "district", "440100", "2026-11-18")])
    found = obligations.of_days(
        desk.store.connection, desk.store.starts, date(2026, 11, 23), Selection(unit="440111")
    )
    assert [owed.day.day for owed in found] == [16, 17, 18]


def test_links(desk: Desk) -> None:
    rows = [
        ("network", "from", "to", "valid_from", "valid_to"),
        ("supervision", "国土房管", "白云区", "2026-01-01", ""),
        ("vertical", "LAND", "440111", "", ""),
        ("horizontal", "LAND", "LAND", "", ""),
        ("horizontal", "LAND", "从化", "", ""),
    ]
    done = desk.take("links", rows, keep_going=True)
    assert problems(done) == [
        (3, "network", "not_one_of"),
        (4, "to", "link_to_itself"),
        (5, "to", "unit_ambiguous"),
    ]
    assert counts(done) == (1, 0, 0, 3)
    link = Link(Network.SUPERVISION, "LAND", "440111", date(2026, 1, 1))
    assert link in networks.links(desk.store.connection)
    ended = [rows[0], ("supervision", "LAND", "440111", "2026-01-01", "2026-06-30")]
    assert counts(desk.take("links", ended)) == (0, 1, 0, 0)
    assert link not in networks.links(desk.store.connection)


def test_people_keep_the_contacts_that_a_file_does_not_have(desk: Desk) -> None:
    rows = [
        ("login", "name", "unit", "role"),
        (LIAISON, "白云区联络员(新)", "白云区", "联络员"),
        ("new", "国土局联络员", "LAND", "liaison"),
    ]
    assert counts(desk.take("people", rows)) == (1, 1, 0, 0)
    (person,) = people.of_login(desk.store.connection, LIAISON)
    assert (person.name, person.phone, person.role) == (
        "白云区联络员(新)",
        "020-10000001",
        Role.LIAISON,
    )
    desk.take("people", [(*rows[0], "phone"), (*rows[1], "")])
    assert people.of_login(desk.store.connection, LIAISON)[0].phone == ""


def test_last_admin_stays(desk: Desk) -> None:
    rows = [("login", "name", "unit", "role", "valid_to"), (ADMIN, ADMIN, "440100", "admin", "")]
    ended = [rows[0], (*rows[1][:4], "2026-11-22")]
    before = people.everyone(desk.store.connection)
    with pytest.raises(Refused) as caught:
        desk.take("people", ended)
    assert caught.value.message.key == "errors.last_admin"
    assert people.everyone(desk.store.connection) == before
    other = [*ended, ("other", "办公室管理员", "440100", "admin", "")]
    assert counts(desk.take("people", other)) == (1, 1, 0, 0)


def test_schedules_hold_from_what_is_not_due_yet(desk: Desk) -> None:
    roll(desk.store, AT)
    rows = [
        ("unit", "days", "cutoff", "late_until", "valid_from"),
        ("市国土房管局", "每日", "9:30", "+1d 12:00", "2026-11-16"),
    ]
    done = desk.take("schedules", rows)
    assert (counts(done), done.outcome.changes) == ((1, 0, 0, 0), ())
    row = Schedule("LAND", Days.DAILY, time(9, 30), LateUntil(1, time(12)), date(2026, 11, 16))
    assert schedules.every(desk.store.connection) == [row]
    assert obligations.get(desk.store.connection, "LAND", "2026-11-22") is None
    rehearsed = desk.take("schedules", rows, restate=True, dry_run=True).outcome
    assert [(c.day.day, c.before, c.after) for c in rehearsed.changes] == [
        (21, Status.NOT_EXPECTED, Status.MISSED),
        (22, Status.NOT_EXPECTED, Status.MISSED),
    ]
    assert obligations.get(desk.store.connection, "LAND", "2026-11-22") is None
    done = desk.take("schedules", rows, restate=True)
    assert done.outcome.changes == rehearsed.changes
    assert obligations.get(desk.store.connection, "LAND", "2026-11-22") is not None
    assert desk.take("schedules", rows, restate=True).outcome.changes == ()


def test_restating_is_agreed_to_first(desk: Desk) -> None:
    roll(desk.store, AT)
    rows = [("unit", "days", "valid_from"), ("LAND", "daily", "2026-11-16")]
    order = Order("schedules", desk.file(rows), restate=True)
    done = import_file(desk.store, desk.actor, order, AT, agreed=lambda changes: len(changes) == 0)
    assert counts(done) == (0, 0, 0, 0)
    assert schedules.every(desk.store.connection) == []
    assert events.of_subject(desk.store.connection, "schedules") == []


def test_days_of_a_schedule(desk: Desk) -> None:
    rows = [("unit", "days"), ("LAND", "none"), ("PLAN", "weekly")]
    assert problems(desk.take("schedules", rows)) == [
        (2, "days", "not_one_of"),
        (3, "days", "not_one_of"),
    ]


def test_exemptions_hold_as_they_stand_now(desk: Desk) -> None:
    roll(desk.store, AT)
    rows = [
        ("unit", "from", "to", "reason", "approved_by"),
        ("440111", "2026-11-17", "2026-11-18", "机房检修", "分管负责人"),
    ]
    rehearsed = desk.take("exemptions", rows, dry_run=True)
    assert schedules.exemptions(desk.store.connection) == []
    done = desk.take("exemptions", rows)
    assert done == rehearsed
    assert [(c.day.day, c.before, c.after) for c in done.outcome.changes] == [
        (17, Status.MISSED, Status.EXEMPT),
        (18, Status.MISSED, Status.EXEMPT),
    ]
    (row,) = schedules.exemptions(desk.store.connection)
    assert row == Exemption(
        "440111", date(2026, 11, 17), date(2026, 11, 18), "机房检修", "分管负责人"
    )
    again = desk.take("exemptions", rows)
    assert (counts(again), again.outcome.changes) == ((0, 0, 1, 0), ())
    bad = [rows[0], ("440111", "2026-11-18", "2026-11-17", "", "")]
    assert problems(desk.take("exemptions", bad)) == [
        (2, "reason", "required"),
        (2, "to", "range_reversed"),
    ]


def test_import_of_the_registry_is_recorded_once(desk: Desk) -> None:
    rows = [UNITS, ("T1", "a", "town", "440111")]
    desk.take("units", rows)
    desk.take("units", rows)
    found = [e.action for e in events.of_subject(desk.store.connection, "units")]
    assert sorted(found) == ["import", "units.save"]


def test_dry_run_leaves_the_store_in_use_as_it_was(desk: Desk) -> None:
    later = AT + 86_400
    rows = [UNITS, ("T1", "a", "town", "440111")]
    through = desk.store.through
    assert counts(desk.take("units", rows, at=later, dry_run=True)) == (1, 0, 0, 0)
    assert desk.store.through == through
    assert units.get(desk.store.connection, "T1") is None


LIMITS = ("workflow", "step", "after", "amount", "unit", "effective_from", "effective_to", "source")


def test_limits_change_for_steps_that_begin_from_now_on(desk: Desk) -> None:
    about = Subject("堆料", place="440111")
    first = open_matter(desk.store, OFFICE, "lead", "440111", about, AT)
    rows = (
        LIMITS,
        ("lead", "register", "received", 2, "工作日", "", "", "新规"),
        ("lead", "investigate", "registered", 5, "days", "2026-12-01", "", "新规"),
    )
    done = desk.take("limits", rows, dry_run=True)
    assert counts(done) == (1, 1, 0, 0)
    assert counts(desk.take("limits", rows)) == (1, 1, 0, 0)
    assert counts(desk.take("limits", rows)) == (0, 0, 2, 0)
    second = open_matter(desk.store, OFFICE, "lead", "440111", about, AT)
    dues = [show(desk.store, matter.number, AT).state.open[0].due_at for matter in (first, second)]
    assert dues == [ZONE.end_of(date(2026, 11, day)) for day in (24, 25)]
    (event,) = events.of_subject(desk.store.connection, "limits")[:1]
    assert event.action == "limits.save"


def test_limits_name_steps_that_there_are(desk: Desk) -> None:
    rows = (
        LIMITS,
        ("leed", "register", "received", 2, "workdays", "", "", ""),
        ("lead", "registre", "received", 2, "workdays", "", "", ""),
        ("lead", "register", "received", -1, "weeks", "2026-01-02", "2026-01-01", ""),
    )
    done = desk.take("limits", rows)
    assert [(problem.row, problem.column) for problem in done.outcome.problems] == [
        (2, "workflow"),
        (3, "step"),
        (4, "amount"),
        (4, "unit"),
        (4, "effective_to"),
    ]
    assert counts(done)[:2] == (0, 0)


def test_shipped_limits_go_out_and_come_in(desk: Desk) -> None:
    path = desk.give("limits", "limits.csv")
    assert counts(desk.take("limits", path)) == (0, 0, 27, 0)
    rolled = (
        Path(path)
        .read_text(encoding="utf-8")
        .replace(",local default,\n", ",local default,yes\n", 1)
    )
    Path(path).write_text(rolled, encoding="utf-8")
    assert counts(desk.take("limits", path)) == (0, 1, 26, 0)
    assert ",yes\n" in desk.text("limits")
