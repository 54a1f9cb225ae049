"""The demo's matters: every kind at every stage, done by people who may, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from actions.matters import MatterView, listed
from actions.overdue import overdue
from actions.reconciling import coming_gaps, unexplained
from domain.instants import Zone
from domain.matters import Act
from domain.obligations import ObligationKind
from domain.people import PROGRAM, Actor
from domain.schedules import parse_late_until
from domain.settings import CityRules
from domain.workflows import Outcome
from exchange.demo import HOME, found_demo
from exchange.exporting import Wanted, export_table
from exchange.importing import Order, import_file
from storage import people, urges
from storage.events import first_broken
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

RULES = CityRules()
ZONE = Zone("Asia/Shanghai")
DAY = date(2026, 11, 23)
ACTOR = Actor("somebody", "somebody", "host")
AFTERNOON = ZONE.at(DAY, time(16, 26))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with found_demo(path, RULES, ACTOR, AFTERNOON) as store:
        yield store


@pytest.fixture(scope="module")
def views(demo: Store) -> list[MatterView]:
    return listed(demo, Selection(), Filter(), AFTERNOON)


def test_every_kind_of_matter_and_every_end(views: list[MatterView]) -> None:
    kinds = {view.workflow.key for view in views}
    assert kinds == {
        "finding",
        "lead",
        "satellite",
        "petition",
        "proposal",
        "assist",
        "approval",
        "transfer",
        "notice",
        "reconcile",
    }
    assert {view.state.outcome for view in views} >= set(Outcome)
    findings = [view for view in views if view.workflow.key == "finding"]
    reached = {view.state.state for view in findings}
    assert reached >= {"stopped", "verified", "reported", "filed", "decided", "rectified"}
    acts = {entry.act for view in views for entry in view.entries}
    # What is seen again is said by reports, and the demo's stand from the first moment.
    assert acts == set(Act) - {Act.REMARK, Act.SIGHT, Act.MERGE}
    assert any(view.state.reopened for view in findings)
    assert any(step.asked for view in findings for step in view.state.open)
    assert any(view.state.suspended_on(DAY) for view in findings)


def test_each_finding_that_was_filed_has_its_matter(views: list[MatterView]) -> None:
    findings = [view.matter for view in views if view.workflow.key == "finding"]
    assert len(findings) > 150
    assert len({matter.origin for matter in findings}) == len(findings)
    leads = [view.matter for view in views if view.workflow.key in ("lead", "satellite")]
    assert all(matter.origin and matter.place for matter in leads)


def test_everything_lies_in_the_past_and_in_order(demo: Store, views: list[MatterView]) -> None:
    for view in views:
        instants = [entry.at for entry in view.entries]
        assert instants == sorted(instants)
        assert instants[-1] <= AFTERNOON
    assert listed(demo, Selection(), Filter(), 1 << 40) == views
    rows = demo.connection.rows(
        "SELECT at FROM events WHERE actor <> ? AND seq > 1 ORDER BY seq", (PROGRAM.login,)
    )
    assert rows == sorted(rows)
    assert first_broken(demo.connection) is None


def test_a_second_person_closes(views: list[MatterView]) -> None:
    closings = 0
    for view in views:
        for before, entry in zip(view.entries, view.entries[1:], strict=False):
            if entry.act is Act.CLOSE:
                closings += 1
                assert entry.login not in (before.login, before.real_login)
                assert entry.text
    assert closings > 30


def test_something_is_owed_and_little_of_it_is_overdue(
    demo: Store, views: list[MatterView]
) -> None:
    late = overdue(demo, AFTERNOON, Selection(), ObligationKind.STEP)
    assert 8 < len(late) < 40
    assert HOME in {row.unit.code for row in late}
    (notice,) = [view for view in views if view.matter.number[0] == "N" and view.unit.code == HOME]
    (reply,) = notice.state.open
    assert (reply.step.key, reply.due_at) == ("reply", ZONE.end_of(DAY + timedelta(days=1)))
    assert unexplained(demo, Selection(), AFTERNOON)


def test_notices_stand_at_every_stage(views: list[MatterView]) -> None:
    notices = [view for view in views if view.workflow.key == "notice"]
    assert {view.state.state for view in notices} >= {"issued", "signed", "replied", "accepted"}
    assert any(entry.act is Act.RETURN for view in notices for entry in view.entries)
    assert {view.matter.issuer for view in notices} == {"DISC", "PROC"}


def test_requests_are_answered_by_some(views: list[MatterView]) -> None:
    requests = [view for view in views if view.workflow.key == "assist"]
    assert {view.unit.code for view in requests} == {"POWER", "WATER", "AIC"}
    answered = {view.state.closed_at is not None for view in requests}
    assert answered == {True, False}
    numbers = {view.matter.number for view in views}
    assert all(view.matter.parent in numbers for view in requests)


def test_the_ladder_was_looked_at_this_morning(demo: Store) -> None:
    assert urges.last_beat(demo.connection) == ZONE.at(DAY, time(9, 5))
    assert len(demo.connection.rows("SELECT DISTINCT rung FROM urges")) == 6
    assert max(row[0] for row in demo.connection.rows("SELECT fired_at FROM urges")) <= AFTERNOON


def test_somebody_is_away_and_somebody_leaves(demo: Store) -> None:
    rows = people.stand_ins(demo.connection)
    assert [row.valid_on(DAY) for row in rows].count(True) == 1
    assert "RENT" in {gap.unit.code for gap in coming_gaps(demo, 3, AFTERNOON)}


def test_same_day_reads_the_same(demo: Store, tmp_path: Path) -> None:
    with found_demo(tmp_path / "again.db", RULES, ACTOR, AFTERNOON) as again:
        for store, name in ((demo, "one"), (again, "two")):
            export_table(store, Wanted("matters"), str(tmp_path / f"{name}.csv"))
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_leads_and_patches_go_out_and_come_in(demo: Store, tmp_path: Path) -> None:
    for kind in ("leads", "satellite"):
        file = str(tmp_path / f"{kind}.csv")
        count = export_table(demo, Wanted(kind), file)
        assert count > 5
        outcome = import_file(demo, ACTOR, Order(kind, file), AFTERNOON).outcome
        assert (outcome.unchanged, outcome.rejected) == (count, 0)


@pytest.mark.parametrize(
    ("day", "clock", "rules"),
    [
        (date(2024, 2, 29), time(15, 0), RULES),
        (date(2026, 1, 1), time(0, 0), replace(RULES, timezone="America/New_York")),
        (date(2025, 10, 8), time(23, 59), replace(RULES, cutoff=time(9, 0), look_back_days=0)),
        (date(2031, 5, 1), time(9, 6), replace(RULES, late_until=parse_late_until("+1d 12:00"))),
    ],
)
def test_any_day_makes_matters(day: date, clock: time, rules: CityRules, tmp_path: Path) -> None:
    at = rules.zone().at(day, clock)
    with found_demo(tmp_path / "demo.db", rules, ACTOR, at) as store:
        views = listed(store, Selection(), Filter(), 1 << 40)
        assert len(views) > 100
        assert all(entry.at <= at for view in views for entry in view.entries)
