"""What a screen reads page by page is what the board, the overdue list and the tree say whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from actions import board, rollups
from actions.cards import card
from actions.opening import Registry, found
from actions.overdue import overdue, overdue_counts
from actions.reporting import file_zero
from domain.instants import Instant
from domain.networks import Link, Network
from domain.people import Actor, Person, Role
from domain.rates import Tally
from domain.reports import ReportKind, Status
from domain.schedules import Days, Exemption
from domain.settings import DEFAULT_DAYS, CityRules
from domain.units import Kind, Unit
from storage import reports
from storage.connection import Row
from storage.networks import Duty
from storage.store import Store
from storage.units import Selection

FIRST = date(2026, 3, 2)
LAST = date(2026, 3, 13)
RULES = CityRules(schedules={**DEFAULT_DAYS, "town": Days.DAILY})
NOW = RULES.zone().at(LAST, time(18, 0))
ACTOR = Actor("admin", "admin", "here")


def registry(districts: int, towns: int) -> Registry:
    """A city with one department, and as many districts and towns as asked for."""
    units = [
        Unit("C", "市", Kind.CITY, "City"),
        Unit("LAND", "市国土局", Kind.DEPARTMENT, "Land Bureau", parent="C"),
    ]
    for d in range(districts):
        units.append(Unit(f"D{d}", f"{d}区", Kind.DISTRICT, f"District {d}", parent="C"))
        units += [Unit(f"D{d}T{n}", f"{d}区{n}镇", Kind.TOWN, parent=f"D{d}") for n in range(towns)]
    units.append(Unit("OLD", "旧区", Kind.DISTRICT, parent="C", valid_to=date(2026, 3, 6)))
    placed = [
        Unit(u.code, u.name, u.kind, u.name_en, "", u.parent, None, u.valid_to, order=i)
        for i, u in enumerate(units)
    ]
    return Registry(
        placed,
        [
            Link(Network.HORIZONTAL, "LAND", "D0", valid_to=date(2026, 3, 9)),
            Link(Network.HORIZONTAL, "LAND", "D1"),
            Link(Network.SUPERVISION, "LAND", "D0"),
            Link(Network.SUPERVISION, "LAND", "OLD"),
        ],
        [
            Person("a", "国土局联络员", "LAND", Role.LIAISON, "020-1"),
            Person("b", "0区联络员", "D0", Role.LIAISON),
            Person("b2", "0区副联络员", "D0", Role.DEPUTY, valid_to=date(2026, 3, 1)),
            Person("c", "1区分管负责人", "D1", Role.LEADER),
        ],
        exemptions=[Exemption("D1", FIRST, FIRST + timedelta(days=2), "防汛")],
        duties=[Duty("LAND", "牵头", "Leads")],
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = found(tmp_path / "s.db", registry(3, 3), RULES, FIRST, ACTOR, NOW)
    chance = random.Random(7)
    for unit in ("LAND", "D0", "D1", "D2", "OLD", "D0T0", "D0T1", "D2T2"):
        for offset in range(12):
            day = FIRST + timedelta(days=offset)
            if chance.random() < 0.7 and (unit != "OLD" or day <= date(2026, 3, 6)):
                filed_at = made.zone.at(day, time(8)) + chance.randrange(86400)
                if filed_at <= NOW:
                    file_zero(made, ACTOR, unit, day, filed_at, reason="补")
    yield made
    made.close()


SELECTIONS = [
    Selection(),
    Selection(under="D0"),
    Selection(text="0区"),
    *(Selection(network=network) for network in Network),
]


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("last", [LAST, LAST + timedelta(days=2)])
def test_totals_are_those_of_the_board(store: Store, selection: Selection, last: date) -> None:
    whole: dict[date, Tally] = {}
    for row in board.board(store, FIRST, last, selection, NOW):
        zero = row.filed is not None and row.filed.kind is ReportKind.ZERO
        whole.setdefault(row.day, Tally()).add(row.status, zero)
    found = board.totals(store, FIRST, last, selection, NOW)
    assert {day: tally for day, tally in found.items() if tally != Tally()} == {
        day: tally for day, tally in whole.items() if tally != Tally()
    }


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("everything", [False, True])
def test_rows_are_those_of_the_board(store: Store, selection: Selection, everything: bool) -> None:
    last = LAST + timedelta(days=2)
    whole = board.board(store, FIRST, last, selection, NOW, everything=everything)
    order = {row.unit.code: row.unit.order for row in whole}
    codes = board.codes(store, FIRST, last, selection, everything=everything)
    assert codes == sorted(order, key=lambda code: order[code])


def test_a_page_is_a_part_of_the_board(store: Store) -> None:
    whole = board.board(store, FIRST, LAST, Selection(), NOW)
    page = board.board(store, FIRST, LAST, Selection(codes=("D1", "D0T0")), NOW)
    assert page == [row for row in whole if row.unit.code in ("D1", "D0T0")]
    assert {row.status for row in page} >= {Status.EXEMPT, Status.ON_TIME}


def test_overdue_counts_are_those_of_the_list(store: Store) -> None:
    later = NOW + 3 * 86400
    for at in (NOW, later):
        for selection in (Selection(), Selection(under="D0")):
            listed = Counter(owed.unit.code for owed in overdue(store, at, selection))
            assert overdue_counts(store, at, selection) == listed


def test_every_node_sums_what_lies_below_it(store: Store) -> None:
    sums = rollups.rollups(store, LAST, NOW)
    rows = board.board(store, LAST, LAST, Selection(under="D0"), NOW)
    expected = Tally()
    for row in rows:
        zero = row.filed is not None and row.filed.kind is ReportKind.ZERO
        expected.add(row.status, zero)
    assert sums["D0"].tally == expected
    assert sums["D0"].overdue == len(overdue(store, NOW, Selection(under="D0")))
    assert sums["D0"].children == 3
    assert "OLD" not in sums
    assert sums["C"].children == 3
    assert sums["C"].tally.expected == sum(sums[f"D{n}"].tally.expected for n in range(3))
    assert [node.unit.code for node in rollups.children(store, None, LAST, NOW, sums)] == ["C"]
    below = rollups.children(store, "C", LAST, NOW, sums)
    assert [node.unit.code for node in below] == ["D0", "D1", "D2"]
    assert below[0].row is not None
    assert below[0].row.unit.code == "D0"
    found = rollups.matching(store, "0镇", LAST, NOW, sums)
    assert [node.unit.code for node in found] == ["D0T0", "D1T0", "D2T0"]
    assert len(rollups.matching(store, "镇", LAST, NOW, sums, most=2)) == 2


def test_members_with_gaps_come_first(store: Store) -> None:
    found = rollups.members(store, date(2026, 3, 3), NOW)
    lacks = [(m.unit.code, [role.value for role in m.gaps]) for m in found]
    assert lacks == [
        ("LAND", ["leader", "deputy"]),
        ("D0", ["leader", "deputy"]),
        ("D1", ["liaison", "deputy"]),
    ]
    assert [duty.duty for duty in found[0].duties] == ["牵头"]
    assert found[2].row is not None
    assert found[2].row.status is Status.EXEMPT
    assert [m.unit.code for m in rollups.members(store, LAST, NOW)] == ["LAND", "D1"]


def test_the_matrix_has_the_links_of_the_day(store: Store) -> None:
    now = rollups.supervision(store, LAST, NOW)
    assert [unit.code for unit in now.supervisors] == ["LAND"]
    assert [unit.code for unit in now.supervised] == ["D0"]
    assert now.overdue.get("D0", 0) == len(overdue(store, NOW, Selection(unit="D0")))
    then = rollups.supervision(store, date(2026, 3, 3), NOW)
    assert [unit.code for unit in then.supervised] == ["D0", "OLD"]
    assert ("LAND", "OLD") in then.links


def test_districts_of_a_day(store: Store) -> None:
    assert [unit.code for unit in rollups.districts(store, FIRST)] == ["D0", "D1", "D2", "OLD"]
    assert [unit.code for unit in rollups.districts(store, LAST)] == ["D0", "D1", "D2"]


def test_the_card_gathers_a_unit(store: Store) -> None:
    found = card(store, "D0", LAST, NOW)
    assert [unit.code for unit in found.above] == ["C"]
    assert found.networks == (Network.VERTICAL, Network.SUPERVISION)
    assert [unit.code for unit in found.supervisors] == ["LAND"]
    assert [person.login for person in found.people] == ["b"]
    assert found.days is Days.DAILY
    assert found.schedule is None
    assert found.window is not None
    assert found.window.due_at == store.zone.at(LAST, time(17))
    assert found.recent[-1].day == LAST
    assert len(found.recent) == 30
    late = [owed.obligation.subject for owed in found.owed]
    assert late == sorted(late)
    assert set(late) >= {o.obligation.subject for o in overdue(store, NOW, Selection(unit="D0"))}
    assert card(store, "C", LAST, NOW).window is None


FACTS = 4
"""Rows that hold the city's own facts, which every reading begins with."""


class Reads:
    """What a connection was asked for: the rows that came back, statement by statement."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[int] = []
        original = store.connection.rows

        def counted(sql: str, parameters: object = ()) -> list[Row]:
            found = original(sql, parameters)  # type: ignore[arg-type]
            self.rows.append(len(found))
            return found

        monkeypatch.setattr(store.connection, "rows", counted)


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Instant]]:
    """45,000 units, each of which owes a report of each of two days."""
    at = RULES.zone().at(FIRST + timedelta(days=1), time(18, 0))
    path = tmp_path_factory.mktemp("nation") / "s.db"
    store = found(path, registry(450, 99), RULES, FIRST, ACTOR, at)
    yield store, at
    store.close()


def test_a_page_of_a_nation_reads_a_page(
    nation: tuple[Store, Instant], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, at = nation
    last = FIRST + timedelta(days=1)
    codes = board.codes(store, FIRST, last, Selection())
    assert len(codes) == 45_002
    reads = Reads(store, monkeypatch)
    page = board.board(
        store, FIRST, last, Selection(codes=tuple(codes[20_000:20_040])), at, everything=True
    )
    assert len(page) == 80
    assert sum(reads.rows) <= 40 + 80 + FACTS
    assert len(reads.rows) <= 6


def test_totals_of_a_nation_read_groups(
    nation: tuple[Store, Instant], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, at = nation
    reads = Reads(store, monkeypatch)
    sums = board.totals(store, FIRST, FIRST, Selection(), at)
    assert sums[FIRST].missing == 45_001
    assert sum(reads.rows) <= 20


def test_the_tree_of_a_nation_takes_a_fixed_number_of_reads(
    nation: tuple[Store, Instant], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, at = nation
    reads = Reads(store, monkeypatch)
    sums = rollups.rollups(store, FIRST, at)
    assert len(sums) == 45_002
    assert sums["C"].tally.missing == 45_000
    assert len(reads.rows) <= 5
    assert reports.revisions(store.connection, "D0", FIRST) == []
