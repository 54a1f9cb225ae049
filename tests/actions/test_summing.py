"""The sums that are kept are those of what is recorded, after every kind of write (R5–R8, R10)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from actions.board import board, totals
from actions.expecting import roll
from actions.importing import Filings, Origin, import_filings
from actions.opening import Registry, found
from actions.overdue import key_of, overdue, overdue_count, overdue_page
from actions.rates import Grouping, rates, tally
from actions.reporting import file
from actions.schedules import (
    adopt_rules,
    restate_days,
    save_exemptions,
    save_schedules,
    withdraw_exemption,
)
from actions.spooling import Spool
from actions.summing import summed, tallies
from actions.units import save_units
from domain.errors import Refused
from domain.instants import Instant
from domain.networks import Network
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.rates import Tally, total
from domain.reports import Content, ReportKind, Status
from domain.schedules import Days, Exemption, Schedule
from domain.settings import DEFAULT_DAYS, CityRules
from domain.units import Kind, Unit
from storage import units as unit_rows
from storage.recounting import contradictions, refill
from storage.store import Store
from storage.units import Selection

STARTS = date(2026, 1, 24)
RULES = CityRules(schedules={**DEFAULT_DAYS, "town": Days.DAILY, "city": Days.DAILY})
ADMIN = Actor("admin", "admin", "host")
UNITS = [
    Unit("N", "国", Kind.REGION),
    Unit("C", "市", Kind.CITY, parent="N"),
    Unit("L", "局", Kind.DEPARTMENT, parent="C"),
    Unit("D1", "东区", Kind.DISTRICT, parent="C"),
    Unit("D2", "西区", Kind.DISTRICT, parent="C"),
    Unit("T1", "东镇", Kind.TOWN, parent="D1"),
    Unit("T2", "西镇", Kind.TOWN, parent="D1"),
    Unit("X", "孤岛", Kind.TOWN),
]
CODES = [unit.code for unit in UNITS]


def on(day: date, clock: time = time(16, 0)) -> Instant:
    return RULES.zone().at(day, clock)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    placed = [replace(unit, order=number) for number, unit in enumerate(UNITS)]
    with found(tmp_path / "s.db", Registry(placed), RULES, STARTS, ADMIN, on(STARTS)) as opened:
        yield opened


class Life:
    """A city to which something happens; what is refused has not happened."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.chance = store, random.Random(seed)
        self.at = on(STARTS)

    def happen(self) -> None:
        self.at += self.chance.choice([60, 3600, 40_000, 86_400, 100_000])
        act = self.chance.choice(
            [self.report] * 5
            + [self.take_in, self.exempt, self.withdraw, self.schedule, self.restate, self.rule]
            + [self.move, self.move, self.change_kind, self.change_life, self.add, self.roll]
        )
        try:
            act()
        except Refused:
            return

    def _unit(self) -> Unit:
        known = unit_rows.selected(self.store.connection, Selection())
        return self.chance.choice(known)

    def _day(self) -> date:
        return self.store.today(self.at) - timedelta(days=self.chance.choice([0, 0, 1, 2, 5]))

    def report(self) -> None:
        unit, day = self._unit(), self._day()
        kind = self.chance.choice(list(ReportKind))
        content = Content(kind, f"说明{self.at}")
        standing = board(self.store, day, day, Selection(unit=unit.code), self.at)
        amending = bool(standing and standing[0].filed)
        file(self.store, ADMIN, unit.code, day, content, self.at, amending=amending, reason="补正")

    def take_in(self) -> None:
        with Spool() as spool:
            for number in range(4):
                unit, day = self._unit(), self._day()
                hours = self.chance.choice([0, 40_000])
                at = min(self.at, on(day, time(16, number)) + hours)
                kind = self.chance.choice(list(ReportKind)).value
                row = (unit.code, at, number, kind, None, f"行{at}", None, None, "更正")
                spool.add(day.isoformat(), [[value] for value in row])
            import_filings(
                self.store,
                ADMIN,
                Filings(spool, ("kind", "summary")),
                {"reports": Origin("r.csv", "0" * 64)},
                self.at,
                reason="更正",
                keep_going=True,
            )

    def exempt(self) -> None:
        first = self._day()
        row = Exemption(self._unit().code, first, first + timedelta(days=1), "停电")
        save_exemptions(self.store, ADMIN, [row], self.at)

    def withdraw(self) -> None:
        from storage.schedules import exemptions

        standing = exemptions(self.store.connection)
        if standing:
            withdraw_exemption(self.store, ADMIN, self.chance.choice(standing), self.at)

    def schedule(self) -> None:
        first, past = self._day(), self.chance.random() < 0.5
        row = Schedule(
            self._unit().code,
            self.chance.choice([Days.DAILY, Days.WORKDAYS]),
            self.chance.choice([None, time(9, 0), time(23, 30)]),
            valid_from=first,
            valid_to=self.chance.choice([None, first + timedelta(days=2)]),
        )
        save_schedules(self.store, ADMIN, [row], self.at, restate_past=past)

    def restate(self) -> None:
        restate_days(self.store, ADMIN, None, STARTS, self.store.today(self.at), self.at)

    def rule(self) -> None:
        cutoff = self.chance.choice([time(12, 0), time(17, 0), time(21, 30)])
        adopt_rules(self.store, ADMIN, replace(self.store.rules, cutoff=cutoff), self.at)

    def move(self) -> None:
        parent = self.chance.choice([None, *CODES])
        save_units(self.store, ADMIN, [replace(self._unit(), parent=parent)], self.at)

    def change_kind(self) -> None:
        kind = self.chance.choice(list(Kind))
        save_units(self.store, ADMIN, [replace(self._unit(), kind=kind)], self.at)

    def change_life(self) -> None:
        unit = self._unit()
        changed = replace(
            unit,
            valid_from=self.chance.choice([None, self._day()]),
            valid_to=self.chance.choice([None, None, self.store.today(self.at)]),
            parent=self.chance.choice([unit.parent, None]),
        )
        if not (changed.valid_from and changed.valid_to):
            save_units(self.store, ADMIN, [changed], self.at)

    def add(self) -> None:
        code = f"NEW{self.at}"
        kind = self.chance.choice([Kind.TOWN, Kind.DISTRICT])
        save_units(self.store, ADMIN, [Unit(code, code, kind, parent=self._unit().code)], self.at)

    def roll(self) -> None:
        roll(self.store, self.at)


@pytest.mark.parametrize("seed", range(12))
def test_sums_are_those_of_what_is_recorded_whatever_happens(store: Store, seed: int) -> None:
    life = Life(store, seed)
    for _ in range(25):
        life.happen()
        assert contradictions(store.connection) == []
    last = store.today(life.at) + timedelta(days=2)
    for at in (life.at, life.at - 90_000, life.at - 5 * 86_400):
        compare(store, STARTS - timedelta(days=3), last, at)


def compare(store: Store, first: date, last: date, at: Instant) -> None:
    """Hold what the sums say of each node to what the board says."""
    for node in (None, *CODES):
        for network in (None, Network.VERTICAL):
            part = Selection(network=network, under=node)
            rows = [
                row
                for row in board(store, first, last, part, at)
                if row.status is not Status.NOT_EXPECTED
            ]
            ahead = [row for row in rows if row.day > store.through]
            kept = [one for _, one in tallies(store, first, last, part, at)]
            assert total([*kept, tally(ahead)]) == tally(rows), (node, network)
            by_month: dict[str, Tally] = {}
            for row in rows:
                month = by_month.setdefault(row.day.isoformat()[:7], Tally())
                month.add(row.status, row.zero)
            assert dict(rates(store, first, last, part, at, Grouping.MONTH)) == by_month
            days = totals(store, first, last, part, at)
            assert total(days.values()) == tally(rows)
            late = overdue(store, at, part, ObligationKind.REPORT)
            assert overdue_count(store, at, part, ObligationKind.REPORT) == len(late)


@pytest.mark.parametrize("part", [Selection(), Selection(under="C"), Selection(unit="T1")])
@pytest.mark.parametrize("back", [0, 30 * 3600])
def test_pages_of_what_is_overdue_are_the_list(store: Store, part: Selection, back: int) -> None:
    life = Life(store, 7)
    for _ in range(60):
        life.happen()
    roll(store, life.at)
    at = life.at - back
    whole = [key_of(owed.obligation) for owed in overdue(store, at, part)]
    paged: list[tuple[Instant, str, str]] = []
    while page := overdue_page(store, at, part, after=paged[-1] if paged else None, most=3):
        paged += [key_of(owed.obligation) for owed in page]
    assert paged == whole
    assert overdue_count(store, at, part) == len(whole)


def test_what_is_filed_late_is_not_yet_filed_before(store: Store) -> None:
    """A sum is believed as of an instant only where it was the same then."""
    day = STARTS
    next_morning = on(day + timedelta(days=1), time(9, 0))
    roll(store, next_morning)
    file(store, ADMIN, "T1", day, Content(ReportKind.ZERO), next_morning)
    amended = next_morning + 3600
    daily = Content(ReportKind.DAILY, "发现一起")
    file(store, ADMIN, "T1", day, daily, amended, amending=True, reason="漏填")

    def seen(at: Instant) -> Tally:
        return total(one for _, one in tallies(store, day, day, Selection(under="D1"), at))

    assert seen(on(day)) == Tally(pending=3)
    assert seen(next_morning - 1) == Tally(missing=3)
    assert seen(next_morning) == Tally(missing=2, made_up=1, zero=1)
    assert seen(amended) == Tally(missing=2, made_up=1)


def test_a_leaf_and_a_page_are_counted_and_a_node_is_summed(store: Store) -> None:
    assert summed(store, Selection())
    assert summed(store, Selection(under="D1"))
    assert summed(store, Selection(network=Network.VERTICAL, under="C"))
    for part in (
        Selection(under="D2"),
        Selection(unit="D1"),
        Selection(codes=("D1",)),
        Selection(text="区"),
        Selection(network=Network.HORIZONTAL),
    ):
        assert not summed(store, part)


OF_ANOTHER_DAY = (
    "SELECT '2030-01-01', node, kind, due_at, due_last, filed_last, exempt, open, on_time, late,"
    " made_up, zero FROM summaries WHERE period = '2026-01-24'"
)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE summaries SET open = open + 1 WHERE node = 'D1' AND period = '2026-01-24'",
        "UPDATE summaries SET on_time = 1, zero = 1 WHERE node = '' AND period = '2026-01'",
        "DELETE FROM summaries WHERE node = 'C' AND period = '2026-01-24'",
        "UPDATE summaries SET due_last = due_last - 1 WHERE node = 'N' AND period = '2026-01'",
        f"INSERT INTO summaries {OF_ANOTHER_DAY}",
    ],
)
def test_a_sum_that_is_wrong_is_found_and_mended(store: Store, harm: str) -> None:
    assert contradictions(store.connection) == []
    assert store.connection.execute(harm) > 0
    assert contradictions(store.connection) != []
    refill(store.connection)
    assert contradictions(store.connection) == []


def test_nothing_of_what_was_rehearsed_is_counted(store: Store) -> None:
    kept = store.connection.rows("SELECT * FROM summaries")
    row = Exemption("T1", STARTS, STARTS, "停电")
    assert save_exemptions(store, ADMIN, [row], on(STARTS), dry_run=True) != []
    assert store.connection.rows("SELECT * FROM summaries") == kept
