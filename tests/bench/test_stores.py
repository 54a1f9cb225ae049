"""A built store is what the program itself would have left, table by table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from actions.expecting import roll
from actions.importing import Filings, import_filings
from actions.opening import Registry, found
from actions.spooling import Spool
from bench.stores import ORIGIN, build, registry_of
from domain.people import Actor
from domain.schedules import Exemption
from domain.settings import CityRules
from domain.units import Kind, Unit
from storage.checks import contradictions, damage, dangling
from storage.store import Store, open_store

ACTOR = Actor("admin", "admin", "host")
LAST = date(2026, 2, 17)
DAYS = 25
"""Days of which some are working days, some days off, and some at the Spring Festival."""
REGISTRY = Registry(
    [
        Unit("C", "市", Kind.CITY, order=0),
        Unit("L", "局", Kind.DEPARTMENT, parent="C", order=1),
        Unit("D1", "一区", Kind.DISTRICT, parent="C", order=2),
        Unit("D2", "二区", Kind.DISTRICT, parent="C", valid_from=date(2026, 2, 3), order=3),
        Unit("D3", "三区", Kind.DISTRICT, parent="C", valid_to=date(2026, 2, 9), order=4),
        *(Unit(f"T{n}", f"{n}镇", Kind.TOWN, parent="D1", order=5 + n) for n in range(9)),
    ]
)
RULES = CityRules(schedules={**CityRules().schedules, "town": CityRules().schedules["district"]})


@pytest.fixture
def built(tmp_path: Path) -> Iterator[Store]:
    build(tmp_path / "built.db", REGISTRY, DAYS, rules=RULES, last=LAST, actor=ACTOR)
    with open_store(tmp_path / "built.db") as store:
        yield store


@pytest.fixture
def filed(tmp_path: Path, built: Store) -> Iterator[Store]:
    """The same reports, taken in by the program."""
    at = RULES.zone().parse(f"{built.starts} 00:00") - 3600
    until = RULES.zone().parse(f"{LAST} 16:00")
    with found(tmp_path / "filed.db", REGISTRY, RULES, built.starts, ACTOR, at) as store:
        for back in range(DAYS - 1, -1, -1):
            roll(store, until - back * 86400)
        with Spool() as spool:
            lay_aside(built, spool)
            outcome = import_filings(
                store,
                ACTOR,
                Filings(spool, compared=("kind", "summary")),
                {"reports": ORIGIN},
                until,
                reason="",
            )
        assert outcome.problems == ()
        yield store


def lay_aside(store: Store, spool: Spool) -> None:
    for number, (day, unit, at, *said) in enumerate(
        store.connection.rows(
            "SELECT date, unit, filed_at, kind, filed_by, summary, areas_planned,"
            " areas_patrolled, reason FROM reports"
        )
    ):
        spool.add(day, [[value] for value in (unit, at, number, *said)])


def tables(store: Store) -> dict[str, list[tuple[object, ...]]]:
    names = [
        row[0]
        for row in store.connection.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    return {
        name: sorted(store.connection.rows(f"SELECT * FROM {name}"), key=repr) for name in names
    }


def test_it_is_the_same_as_if_the_program_had_taken_it_in(built: Store, filed: Store) -> None:
    mine, theirs = tables(built), tables(filed)
    assert mine.keys() == theirs.keys()
    for name, rows in theirs.items():
        assert mine[name] == rows, name


def test_it_has_some_of_everything(built: Store) -> None:
    owed = built.connection.rows(
        "SELECT CASE WHEN discharged_at IS NULL THEN 'open' WHEN discharged_at <= due_at THEN"
        " 'on_time' WHEN discharged_at <= missed_at THEN 'late' ELSE 'made_up' END AS answer"
        " FROM obligations ORDER BY answer"
    )
    counts = {answer: len(list(rows)) for (answer,), rows in groupby(owed)}
    assert set(counts) == {"open", "on_time", "late", "made_up"}
    kinds = built.connection.rows("SELECT DISTINCT kind, revision FROM reports")
    assert {("zero", 1), ("daily", 1)} < set(kinds)
    assert {number for _, number in kinds} == {1, 2}


def test_it_is_sound_and_has_every_index(built: Store, filed: Store) -> None:
    assert damage(built.connection) == []
    assert dangling(built.connection) == 0
    assert contradictions(built.connection) == 0
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    assert built.connection.rows(schema) == filed.connection.rows(schema)
    assert built.connection.row("PRAGMA journal_mode") == ("wal",)


def test_two_builds_are_alike(tmp_path: Path, built: Store) -> None:
    build(tmp_path / "again.db", REGISTRY, DAYS, rules=RULES, last=LAST, actor=ACTOR)
    with open_store(tmp_path / "again.db") as again:
        assert tables(again) == tables(built)


def test_a_registry_with_days_of_its_own_is_refused(tmp_path: Path) -> None:
    registry = Registry(REGISTRY.units, exemptions=[Exemption("D1", LAST, LAST, "封路")])
    with pytest.raises(ValueError, match="by kind of unit"):
        build(tmp_path / "s.db", registry, DAYS)


def test_a_shipped_registry_is_read_by_name() -> None:
    assert len(registry_of("guangzhou").units) > 20
