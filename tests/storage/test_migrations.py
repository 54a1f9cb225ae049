"""Stores of earlier schemas are brought up to date, whole or not at all, by whoever opens first."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from actions.matters import listed
from actions.overdue import overdue
from actions.reporting import file
from actions.workflows import adopt_workflows
from domain.areas import LandClass
from domain.errors import Damaged, LianluoError, Refused
from domain.findings import Finding
from domain.reports import Content, ReportKind
from domain.settings import CityRules
from storage import obligations, reports
from storage import workflows as flow_rows
from storage.connection import APPLICATION_ID, SCHEMA_VERSION, Connection, connect, open_file
from storage.matters import Filter
from storage.migrations import migrate, numbered, statements
from storage.store import open_store, rules_text
from storage.units import Selection
from tests.matters_city import ADMIN, ZONE, on, refused, together, workflows

FIRST_DAY = date(2026, 11, 2)
NOW = on("2026-11-04 09:00")

# A store as the program wrote it when it knew reports only. What stands here is never changed:
# stores like it are out there.
RULES_OF_ONE = {"timezone": "Asia/Shanghai", "cutoff": "17:00", "backfill_days": 7}


def owed_report(day: str, locks_at: str, discharged_at: str | None = None) -> dict[str, object]:
    return {
        "kind": "report",
        "subject": day,
        "unit": "D1",
        "opened_at": on(f"{day} 00:00"),
        "due_at": on(f"{day} 17:00"),
        "missed_at": on(f"{day} 23:59:59"),
        "locks_at": on(locks_at),
        "discharged_at": discharged_at and on(discharged_at),
        "rule": "daily/default",
    }


LIMIT: dict[str, object] = {
    "workflow": "finding",
    "step": "verify",
    "after": "found",
    "amount": 3,
    "unit": "workdays",
}
ONE: list[tuple[str, dict[str, object]]] = [
    ("meta", {"key": "starts", "value": "2026-11-02"}),
    ("meta", {"key": "through", "value": "2026-11-03"}),
    ("meta", {"key": "rules", "value": json.dumps(RULES_OF_ONE)}),
    ("units", {"code": "C", "name": "市", "kind": "city", "position": 0}),
    ("units", {"code": "D1", "name": "东区", "kind": "district", "parent": "C", "position": 1}),
    ("unit_names", {"name": "d1", "unit": "D1"}),
    ("people", {"login": "admin", "name": "管理员", "unit": "C", "role": "admin"}),
    ("people", {"login": "d1", "name": "东区联络员", "unit": "D1", "role": "liaison"}),
    (
        "limits",
        {"workflow": "finding", "step": "stop", "after": "found", "amount": 0, "unit": "days"},
    ),
    ("limits", LIMIT),
    (
        "reports",
        {
            "date": "2026-11-02",
            "unit": "D1",
            "revision": 1,
            "kind": "daily",
            "filed_at": on("2026-11-02 16:00"),
            "filed_by": "d1",
            "keyed_by": "d1",
            "summary": "制止一起",
        },
    ),
    (
        "findings",
        {
            "date": "2026-11-02",
            "unit": "D1",
            "revision": 1,
            "no": 1,
            "location": "村口",
            "land_class": "cultivated",
            "area": 1240,
        },
    ),
    ("obligations", owed_report("2026-11-02", "2026-11-09 17:00", "2026-11-02 16:00")),
    ("obligations", owed_report("2026-11-03", "2026-11-10 17:00")),
]


def insert(connection: Connection, table: str, row: dict[str, object]) -> None:
    marks = ", ".join(f":{column}" for column in row)
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)


def store_of(version: int, path: Path) -> Path:
    """Write the store of schema 1 with its rows, and bring it to `version`, no further."""
    connection = connect(path, mode="rwc")
    connection.execute("PRAGMA journal_mode = WAL")
    for number, script in numbered()[:version]:
        with connection.writing():
            for statement in statements(script.read_text(encoding="utf-8")):
                connection.execute(statement)
            if number == 1:
                for table, row in ONE:
                    insert(connection, table, row)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
    connection.close()
    return path


def shape(path: Path) -> list[tuple[object, ...]]:
    """Return everything that the schema of a store says."""
    with closing(sqlite3.connect(path)) as engine:
        return engine.execute(
            "SELECT type, name, tbl_name FROM sqlite_master"
            " WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
        ).fetchall()


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as engine:
        return int(engine.execute("PRAGMA user_version").fetchone()[0])


def columns(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as engine:
        return engine.execute(f"SELECT name, type FROM pragma_table_info('{table}')").fetchall()


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """A store of schema 1."""
    return store_of(1, tmp_path / "one.db")


def test_there_is_something_to_bring_up_to_date() -> None:
    assert SCHEMA_VERSION > 1
    assert len(numbered()) == SCHEMA_VERSION


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_an_older_store_becomes_like_a_new_one(version: int, tmp_path: Path) -> None:
    old = store_of(version, tmp_path / "old.db")
    new = store_of(SCHEMA_VERSION, tmp_path / "new.db")
    open_file(old).close()
    assert version_of(old) == SCHEMA_VERSION
    assert shape(old) == shape(new)
    for kind, name, _ in shape(new):
        if kind == "table":
            assert columns(old, str(name)) == columns(new, str(name))


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_what_stood_still_stands(version: int, tmp_path: Path) -> None:
    with open_store(store_of(version, tmp_path / "old.db")) as store:
        assert store.starts == FIRST_DAY
        assert store.rules == CityRules()
        [revision] = reports.revisions(store.connection, "D1", FIRST_DAY)
        assert revision.content.summary == "制止一起"
        assert revision.content.findings[0].area == 1240
        owed = obligations.get(store.connection, "D1", "2026-11-02")
        assert owed is not None
        assert owed.discharged_at == on("2026-11-02 16:00")
        assert (owed.matter, owed.first_due_at, owed.changed_at) == (None, None, None)
        late = overdue(store, NOW, Selection())
        assert [row.obligation.id for row in late] == ["R-20261103-D1"]
        limits = flow_rows.step_limits(store.connection)
        assert [(row.step, row.limit.amount, row.limit.roll) for row in limits] == [
            ("stop", 0, False),
            ("verify", 3, False),
        ]
        assert store.connection.rows("SELECT subject, matter FROM v_overdue") == [
            ("2026-11-03", None)
        ]


def test_an_upgraded_city_files_findings_and_takes_up_workflows(one: Path) -> None:
    found = Finding(1, "河边", LandClass.UNUSED, 50)
    daily = Content(ReportKind.DAILY, "有", findings=(found,))
    with open_store(one) as store:
        assert listed(store, Selection(), Filter(), NOW) == []
        file(store, ADMIN, "D1", date(2026, 11, 3), daily, NOW)
        assert listed(store, Selection(), Filter(), NOW) == []
        assert adopt_workflows(store, ADMIN, workflows(), NOW)
        file(store, ADMIN, "D1", date(2026, 11, 4), daily, NOW + 60)
        [view] = listed(store, Selection(), Filter(), NOW + 60)
        assert view.matter.number == "F-2026-0001"
        # The limits that its registry brought hold.
        assert [ZONE.show(row.due_at or 0) for row in view.state.open] == [
            "2026-11-04 23:59:59",
            "2026-11-09 23:59:59",
        ]


def test_bringing_up_to_date_twice_changes_nothing(one: Path) -> None:
    connection = open_file(one)
    before = connection.rows("SELECT type, name, sql FROM sqlite_master")
    assert migrate(connection) == 0
    assert connection.rows("SELECT type, name, sql FROM sqlite_master") == before
    connection.close()


def _open(path: Path) -> int:
    with open_store(path) as store:
        return len(store.connection.rows("SELECT * FROM obligations"))


def test_many_who_open_at_once_bring_it_up_to_date_once(one: Path) -> None:
    assert together(_open, *[(one,)] * 6) == [2] * 6
    assert version_of(one) == SCHEMA_VERSION


def test_a_store_that_cannot_be_brought_up_stays_as_it_was(one: Path) -> None:
    with closing(sqlite3.connect(one)) as engine:
        engine.execute("CREATE TABLE urges (x INTEGER)")
        engine.commit()
    before = shape(one)
    refused(open_file, one, error=Damaged)
    assert version_of(one) == 1
    assert shape(one) == before
    assert [name for name, _ in columns(one, "obligations")][-1] == "rule"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_an_older_store_that_may_not_be_written_says_so(one: Path) -> None:
    one.chmod(0o400)
    one.parent.chmod(0o500)
    try:
        assert refused(open_file, one) == "errors.store_read_only"
    finally:
        one.parent.chmod(0o700)


def test_a_newer_store_is_left_alone(one: Path) -> None:
    with closing(sqlite3.connect(one)) as engine:
        engine.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        engine.commit()
    assert refused(open_file, one, error=Damaged) == "errors.store_newer"
    assert version_of(one) == SCHEMA_VERSION + 1


def test_rules_of_an_older_store_have_the_defaults_of_what_is_new(one: Path) -> None:
    with open_store(one) as store:
        assert rules_text(store.rules) == rules_text(CityRules())
        assert store.rules.ladder("step")
        assert store.rules.look_back_days == 14


MATTER: dict[str, object] = {
    "number": "F-2026-0001",
    "workflow": "finding",
    "unit": "D1",
    "issuer": "D1",
    "opened_at": 0,
    "title": "x",
    "origin": "o",
}
ENTRY: dict[str, object] = {
    "matter": "F-2026-0001",
    "seq": 1,
    "at": 0,
    "login": "a",
    "real_login": "a",
    "act": "open",
}
URGE: dict[str, object] = {
    "kind": "step",
    "subject": "F-2026-0001/stop",
    "unit": "D1",
    "rung": "urge",
    "fired_at": 0,
    "login": "a",
    "addressees": "liaison",
}
STILL: dict[str, object] = {
    "matter": "F-2026-0001",
    "seq": 1,
    "recorded_at": 0,
    "first": "2026-11-02",
    "last": "2026-11-02",
}


@pytest.fixture
def newest(one: Path) -> Iterator[Connection]:
    """A store brought up to date, with a matter in it."""
    connection = open_file(one)
    insert(connection, "matters", MATTER)
    insert(connection, "matter_entries", ENTRY)
    insert(connection, "matter_suspensions", STILL)
    insert(connection, "urges", URGE)
    yield connection
    connection.close()


@pytest.mark.parametrize("table", ["matter_entries", "urges"])
def test_what_was_done_and_sent_cannot_be_changed(newest: Connection, table: str) -> None:
    before = newest.rows(f"SELECT * FROM {table}")
    for (name,) in newest.rows(f"SELECT name FROM pragma_table_info('{table}')"):
        with pytest.raises(LianluoError, match="append-only"):
            newest.execute(f"UPDATE {table} SET {name} = {name}")
    with pytest.raises(LianluoError, match="append-only"):
        newest.execute(f"DELETE FROM {table}")
    assert newest.rows(f"SELECT * FROM {table}") == before


@pytest.mark.parametrize(
    ("table", "row", "constraint"),
    [
        ("matters", MATTER | {"number": "F-2026-0002"}, "UNIQUE constraint failed: matters.origin"),
        ("matters", MATTER | {"origin": "p"}, "UNIQUE constraint failed: matters.number"),
        ("matters", MATTER | {"number": "x", "origin": "", "title": ""}, "matters_title_given"),
        ("matters", MATTER | {"number": "x", "origin": "", "area": -1}, "matters_area_not_nega"),
        ("matters", MATTER | {"number": "x", "origin": "", "unit": "D9"}, "FOREIGN KEY"),
        ("matters", MATTER | {"number": "x", "origin": "", "issuer": "D9"}, "FOREIGN KEY"),
        ("matter_entries", ENTRY, "UNIQUE constraint failed"),
        ("matter_entries", ENTRY | {"matter": "x"}, "FOREIGN KEY"),
        ("matter_suspensions", STILL | {"seq": 2, "last": "2026-11-01"}, "range_ordered"),
        ("matter_suspensions", STILL | {"matter": "x"}, "FOREIGN KEY"),
        ("urges", URGE, "UNIQUE constraint failed"),
        ("urges", URGE | {"rung": "reminder", "unit": "D9"}, "FOREIGN KEY"),
        ("limits", LIMIT | {"roll": 2}, "limits_roll_flag"),
    ],
)
def test_rows_that_the_store_refuses(
    newest: Connection, table: str, row: dict[str, object], constraint: str
) -> None:
    with pytest.raises(Refused) as caught:
        insert(newest, table, row)
    assert constraint in str(caught.value.message.params["cause"])


def test_several_matters_come_from_nowhere(newest: Connection) -> None:
    for number in ("F-2026-0002", "F-2026-0003"):
        insert(newest, "matters", MATTER | {"number": number, "origin": ""})
