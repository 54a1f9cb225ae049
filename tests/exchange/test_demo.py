"""The demo store: sixty plausible days over the whole registry, ending at the given instant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from actions.board import BoardRow, board
from actions.networks import network
from actions.overdue import overdue
from actions.people import home_units, is_admin
from actions.rates import tally
from actions.reporting import file_zero, preview
from domain.errors import Refused
from domain.findings import check_finding
from domain.instants import Zone
from domain.networks import Network
from domain.obligations import ObligationKind
from domain.people import Actor, Role
from domain.reports import ReportKind, Revision, Status, check_content
from domain.schedules import parse_late_until
from domain.settings import CityRules
from exchange.demo import DAYS, HOME, found_demo, sample_filings, sample_registry
from exchange.registry import read_registry
from storage import people, reports
from storage.events import first_broken
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
def rows(demo: Store) -> list[BoardRow]:
    return board(demo, demo.starts, DAY, Selection(), AFTERNOON)


@pytest.fixture(scope="module")
def filed(demo: Store) -> list[Revision]:
    return reports.between(demo.connection, demo.starts, DAY, Selection())


def filings(at: int, rules: CityRules = RULES) -> list[Revision]:
    today = ZONE.day_of(at)
    starts = today - timedelta(days=DAYS)
    registry = sample_registry(read_registry("guangzhou"), ACTOR.login, starts, today)
    return sample_filings(registry, rules, ACTOR.login, starts, at)


def test_store_says_that_it_is_a_demo_of_sixty_days(demo: Store) -> None:
    assert demo.demo
    assert demo.starts == DAY - timedelta(days=60)
    assert demo.through == DAY
    assert first_broken(demo.connection) is None


def test_login_is_admin_and_liaison_of_the_home_district(demo: Store) -> None:
    assert is_admin(demo, ACTOR.login, AFTERNOON)
    assert home_units(demo, ACTOR.login, DAY) == [HOME]


def test_every_status_shows_in_plausible_shares(rows: list[BoardRow]) -> None:
    counts = Counter(row.status for row in rows)
    assert set(counts) == set(Status) - {Status.NOT_EXPECTED, Status.OVERDUE}
    sums = tally(rows)
    assert 0.85 < sums.on_time / sums.expected < 0.97
    assert 0.01 < sums.late / sums.expected < 0.10
    assert 0.005 < sums.made_up / sums.expected < 0.06
    assert 0.005 < sums.missing / sums.expected < 0.06
    assert 0.6 < sums.zero / sums.received < 0.8
    assert sum(row.partial for row in rows) > 10
    assert sum(row.filed is not None and row.filed.revision > 1 for row in rows) > 10


def test_today_is_partly_filed_and_home_is_pending(rows: list[BoardRow]) -> None:
    today = {row.unit.code: row.status for row in rows if row.day == DAY}
    assert today[HOME] is Status.PENDING
    assert {Status.ON_TIME, Status.PENDING} == set(today.values())


def test_home_is_overdue_after_the_cutoff_and_not_planted_so() -> None:
    evening = filings(ZONE.at(DAY, time(22, 0)))
    assert not [row for row in evening if row.unit == HOME and row.day == DAY]
    morning = filings(ZONE.at(DAY, time(0, 5)))
    assert not [row for row in morning if row.day == DAY]


def test_home_has_a_missed_day_that_can_still_be_made_up(
    demo: Store, rows: list[BoardRow], tmp_path: Path
) -> None:
    week = [row for row in rows if row.unit.code == HOME and row.day > DAY - timedelta(days=7)]
    (missed,) = [row for row in week if row.status is Status.MISSED]
    assert preview(demo, missed.unit, missed.day, AFTERNOON) == (Status.MADE_UP, False)
    with found_demo(tmp_path / "demo.db", RULES, ACTOR, AFTERNOON) as copy:
        receipt = file_zero(copy, ACTOR, HOME, missed.day, AFTERNOON, areas=(6, 6))
    assert receipt.status is Status.MADE_UP


def test_one_unit_was_silent_three_days_in_a_row(rows: list[BoardRow]) -> None:
    missed: dict[str, list[date]] = {}
    for row in rows:
        if row.status is Status.MISSED:
            missed.setdefault(row.unit.code, []).append(row.day)
    three_days = timedelta(days=2)
    assert any(
        last - first == three_days
        for days in missed.values()
        for first, last in zip(days, days[2:], strict=False)
    )


def test_overdue_list_and_board_agree(demo: Store, rows: list[BoardRow]) -> None:
    reports_owed = overdue(demo, AFTERNOON, Selection(), ObligationKind.REPORT)
    owed = {(row.unit.code, row.obligation.day) for row in reports_owed}
    assert owed == {(row.unit.code, row.day) for row in rows if row.status is Status.MISSED}


def test_every_report_may_stand(demo: Store, filed: list[Revision]) -> None:
    units = {unit.code: unit for unit in read_registry("guangzhou").units}
    for row in filed:
        check_content(row.content)
        assert row.filed_at <= AFTERNOON
        assert ZONE.day_of(row.filed_at) >= row.day
        assert row.filed_by
        assert row.keyed_by
        for finding in row.content.findings:
            check_finding(finding, row.day)
            place = units[finding.place]
            assert place.name in finding.location
            assert row.unit in {place.code, place.parent}
    assert any(row.content.findings for row in filed)
    assert any(row.keyed_by != row.filed_by for row in filed)


def test_amendments_come_later_say_why_and_change_something(filed: list[Revision]) -> None:
    pairs = [pair for pair in pairwise(filed) if pair[1].number > 1]
    assert len(pairs) > 10
    for before, after in pairs:
        assert (after.unit, after.day) == (before.unit, before.day)
        assert after.number == before.number + 1
        assert after.filed_at > before.filed_at
        assert after.content != before.content
        assert after.reason
    kinds = {(before.content.kind, after.content.kind) for before, after in pairs}
    assert (ReportKind.ZERO, ReportKind.DAILY) in kinds


def test_same_day_reads_the_same_whenever_the_demo_is_made() -> None:
    assert filings(AFTERNOON) == filings(AFTERNOON)
    later = filings(ZONE.at(DAY, time(23, 30)))
    assert filings(AFTERNOON) == [row for row in later if row.filed_at <= AFTERNOON]


@pytest.mark.parametrize(
    "rules",
    [
        replace(RULES, cutoff=time(9, 0), late_until=parse_late_until("+1d 12:00")),
        replace(RULES, cutoff=time(0, 0), backfill_days=0),
        replace(RULES, cutoff=time(23, 59), late_until=parse_late_until("12:00")),
    ],
    ids=["late into the next day", "nothing is made up", "no late window"],
)
@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 1, 1), date(2031, 5, 1)])
def test_any_rules_and_any_day_make_a_demo(rules: CityRules, day: date) -> None:
    at = ZONE.at(day, time(15, 0))
    filed = filings(at, rules)
    assert len(filed) > 1000
    for row in filed:
        assert ZONE.start_of(row.day) <= row.filed_at <= at


def test_people_are_named_by_their_role(demo: Store) -> None:
    everyone = people.everyone(demo.connection)
    for person in everyone:
        if person.role is not Role.ADMIN:
            assert person.name.endswith(("联络员", "分管负责人", "督导员", "查看人"))
    supervisors = {person.unit for person in everyone if person.role is Role.SUPERVISOR}
    assert supervisors == {"DISC", "PROC", "LAND"}


def test_few_members_lack_a_contact(demo: Store) -> None:
    view = network(demo, Network.HORIZONTAL, DAY)
    assert 3 <= len(view.gaps) <= 6
    assert {gap.lacks for gap in view.gaps} == {Role.LEADER, Role.LIAISON, Role.DEPUTY}


def test_a_district_files_for_towns(demo: Store, filed: list[Revision]) -> None:
    deputy = next(
        person.login
        for person in people.of_unit(demo.connection, HOME)
        if person.role is Role.DEPUTY
    )
    own = home_units(demo, deputy, DAY)
    assert len(own) == 3
    assert {row.unit for row in filed if row.filed_by == deputy} >= set(own)


def test_existing_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    path.write_text("mine")
    with pytest.raises(Refused) as refused:
        found_demo(path, RULES, ACTOR, AFTERNOON)
    assert refused.value.message.key == "errors.store_exists"
    assert path.read_text() == "mine"
