"""The schema: strict tables, constraints with names, history that cannot be changed, views."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Refused
from domain.obligations import ObligationKind
from domain.reports import Content, ReportKind, Revision
from storage import events, obligations, reports
from storage.connection import Connection
from storage.creating import create_file
from storage.migrations import FOLDER, numbered, statements, tables
from storage.store import Store
from tests.storage.conftest import ADMIN, AT, STARTS

SCHEMA = "\n".join(path.read_text(encoding="utf-8") for _, path in numbered())


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Connection]:
    connection = create_file(tmp_path / "s.db")
    yield connection
    connection.close()


def test_every_table_is_strict(empty: Connection) -> None:
    made: dict[str, int] = dict(
        empty.rows("SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
    )
    ours = {name for name in made if not name.startswith("sqlite_")}
    assert len(ours) >= 14
    assert {name for name in ours if not made[name]} == set()
    assert ours <= tables(empty).keys()


def test_every_check_has_its_name() -> None:
    checks = re.findall(r"(\w+)?\s*CHECK \(", SCHEMA)
    names = re.findall(r"CONSTRAINT (\w+)\s+CHECK \(", SCHEMA)
    assert len(checks) == len(names) > 20
    assert len(set(names)) == len(names)


def test_the_statements_of_a_script_are_found_with_their_triggers() -> None:
    found = statements(SCHEMA)
    assert all(sqlite3.complete_statement(statement) for statement in found)
    firsts = [statement.split()[1] for statement in found]
    assert set(firsts) == {"TABLE", "INDEX", "UNIQUE", "TRIGGER", "VIEW", "INTO"}
    assert firsts.count("TRIGGER") == SCHEMA.count("CREATE TRIGGER")


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [number for number, _ in numbered()] == list(range(1, len(numbered()) + 1))
    assert all(path.parent == FOLDER for _, path in numbered())


ROWS: dict[str, dict[str, object]] = {
    "units": {"code": "x", "name": "x", "kind": "town", "position": 99},
    "links": {"network": "horizontal", "source": "D00", "target": "D01"},
    "people": {"login": "x", "name": "x", "unit": "LAND", "role": "viewer"},
    "stand_ins": {"login": "a", "absent": "b", "first": "2026-01-01", "last": "2026-01-01"},
    "schedules": {"unit": "LAND", "days": "daily"},
    "exemptions": {"unit": "LAND", "first": "2026-01-01", "last": "2026-01-01", "reason": "x"},
    "reports": {"date": "2026-11-02", "unit": "D00", "revision": 1, "kind": "zero", "filed_at": 0},
    "findings": {
        "date": "2026-11-02",
        "unit": "LAND",
        "revision": 1,
        "no": 1,
        "location": "x",
        "land_class": "unused",
        "area": 1,
    },
    "obligations": {"kind": "step", "subject": "x", "unit": "LAND", "opened_at": 0, "due_at": 0},
    "limits": {"workflow": "x", "step": "x", "after": "x", "amount": 1, "unit": "days"},
}
REVERSED: dict[str, object] = {"valid_from": "2026-01-02", "valid_to": "2026-01-01"}


def insert(store: Store, table: str, changes: dict[str, object]) -> None:
    """Insert the table's good row with some columns changed."""
    row = ROWS[table] | changes
    marks = ", ".join(f":{column}" for column in row)
    store.connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)


@pytest.fixture
def filed(store: Store) -> Store:
    """The store with one report of LAND."""
    reports.add(store.connection, [Revision("LAND", STARTS, 1, Content(ReportKind.ZERO), AT)])
    return store


@pytest.mark.parametrize("table", ROWS)
def test_good_rows_are_taken(filed: Store, table: str) -> None:
    insert(filed, table, {})


@pytest.mark.parametrize(
    ("table", "changes", "constraint"),
    [
        ("units", {"code": ""}, "units_code_given"),
        ("units", {"kind": "hut"}, "units_kind_known"),
        ("units", REVERSED, "units_validity_ordered"),
        ("units", {"position": 0}, "UNIQUE constraint failed: units.position"),
        ("units", {"code": "LAND"}, "UNIQUE constraint failed: units.code"),
        ("units", {"parent": "nowhere"}, "FOREIGN KEY"),
        ("links", {"network": "vertical"}, "links_network_known"),
        ("links", {"target": "D00"}, "links_not_to_itself"),
        ("links", REVERSED, "links_validity_ordered"),
        ("links", {"source": "LAND"}, "links_once"),
        ("people", {"login": ""}, "people_login_given"),
        ("people", {"role": "king"}, "people_role_known"),
        ("people", REVERSED, "people_validity_ordered"),
        ("people", {"unit": "nowhere"}, "FOREIGN KEY"),
        ("stand_ins", {"first": "2026-01-02"}, "stand_ins_range_ordered"),
        ("stand_ins", {"absent": "a"}, "stand_ins_not_oneself"),
        ("schedules", {"days": "none"}, "schedules_days_known"),
        ("schedules", REVERSED, "schedules_validity_ordered"),
        ("schedules", {"unit": "nowhere"}, "FOREIGN KEY"),
        ("exemptions", {"first": "2026-01-02"}, "exemptions_range_ordered"),
        ("exemptions", {"reason": ""}, "exemptions_reason_given"),
        ("reports", {"kind": "none"}, "reports_kind_known"),
        ("reports", {"revision": 0}, "reports_revision_from_one"),
        ("reports", {"revision": 2}, "reports_amended_with_reason"),
        ("reports", {"areas_planned": -1}, "reports_areas_not_negative"),
        ("reports", {"unit": "nowhere"}, "FOREIGN KEY"),
        ("reports", {"unit": "LAND"}, "UNIQUE constraint failed"),
        ("reports", {"filed_at": "noon"}, "cannot store TEXT value in INTEGER column"),
        ("findings", {"land_class": "sea"}, "findings_land_class_known"),
        ("findings", {"area": -1}, "findings_area_not_negative"),
        ("findings", {"revision": 2}, "FOREIGN KEY"),
        ("obligations", {"kind": "visit"}, "obligations_kind_known"),
        ("obligations", {"opened_at": 1}, "obligations_due_after_opening"),
        ("obligations", {"exempt": 2}, "obligations_exempt_flag"),
        ("limits", {"amount": -1}, "limits_amount_not_negative"),
        ("limits", {"unit": "weeks"}, "limits_measure_known"),
    ],
)
def test_rows_that_the_store_refuses(
    filed: Store, table: str, changes: dict[str, object], constraint: str
) -> None:
    with pytest.raises(Refused) as refused:
        insert(filed, table, changes)
    assert constraint in str(refused.value.message.params["cause"])


def test_a_code_is_never_changed(store: Store) -> None:
    with pytest.raises(Refused, match="never changed"):
        store.connection.execute("UPDATE units SET code = 'x' WHERE code = 'D00'")


def test_what_was_filed_and_recorded_cannot_be_changed(store: Store) -> None:
    finding = (
        "INSERT INTO findings (date, unit, revision, no, location, land_class, area)"
        " VALUES ('2026-11-02', 'LAND', 1, 1, 'x', 'unused', 1)"
    )
    filed = Revision("LAND", STARTS, 1, Content(ReportKind.ZERO), AT, "x", "x")
    reports.add(store.connection, [filed])
    store.connection.execute(finding)
    for table in ("reports", "findings", "events"):
        before = store.connection.rows(f"SELECT * FROM {table}")
        assert before
        columns = store.connection.rows(f"SELECT name FROM pragma_table_info('{table}')")
        for (column,) in columns:
            with pytest.raises(Refused, match="append-only"):
                store.connection.execute(f"UPDATE {table} SET {column} = {column}")
        with pytest.raises(Refused, match="append-only"):
            store.connection.execute(f"DELETE FROM {table}")
        assert store.connection.rows(f"SELECT * FROM {table}") == before
    with pytest.raises(Refused, match="retired, never deleted"):
        store.connection.execute("DELETE FROM units WHERE code = 'D59'")


def test_the_board_for_other_tools(store: Store) -> None:
    zone = store.zone
    filings = [
        ("D00", 1, "zero", zone.parse("2026-11-02 17:00")),
        ("D00", 2, "daily", zone.parse("2026-11-03 09:00")),
        ("D01", 1, "zero", zone.parse("2026-11-02 17:00:01")),
        ("D02", 1, "zero", zone.parse("2026-11-03 00:00")),
    ]
    rows = [
        Revision(
            unit,
            STARTS,
            number,
            Content(ReportKind(kind), "x"),
            at,
            reason="x" if number > 1 else "",
        )
        for unit, number, kind, at in filings
    ]
    reports.add(store.connection, rows)
    obligations.discharge(
        store.connection,
        ObligationKind.REPORT,
        [(row.unit, "2026-11-02", row.filed_at) for row in rows if row.number == 1],
    )
    shown = store.connection.rows(
        "SELECT unit, status, report, revision FROM v_board WHERE date = '2026-11-02'"
        " AND unit < 'D04' ORDER BY unit"
    )
    assert shown == [
        ("D00", "on_time", "daily", 2),
        ("D01", "late", "zero", 1),
        ("D02", "made_up", "zero", 1),
        ("D03", "open", None, None),
    ]
    late = store.connection.rows("SELECT unit FROM v_overdue WHERE subject = '2026-11-02'")
    assert len(late) == 58
    assert ("D00",) not in late


def test_the_first_discharge_stands_for_ever(store: Store) -> None:
    for at in (AT, AT - 5, AT + 5):
        obligations.discharge(store.connection, ObligationKind.REPORT, [("D00", "2026-11-02", at)])
    owed = obligations.get(store.connection, "D00", "2026-11-02")
    assert owed is not None
    assert owed.discharged_at == AT


def test_adding_an_obligation_again_changes_nothing(store: Store) -> None:
    owed = obligations.get(store.connection, "D00", "2026-11-02")
    assert owed is not None
    assert obligations.add(store.connection, [owed]) == 0


class TestAuditChain:
    """The log shows any change of an event, by whatever means it was made."""

    @pytest.fixture
    def log(self, store: Store) -> Connection:
        for number in range(5):
            events.record(store.connection, ADMIN, AT + number, "test", f"s{number}", text="字")
        assert events.first_broken(store.connection) is None
        for (trigger,) in store.connection.rows(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
        ):
            store.connection.execute(f"DROP TRIGGER {trigger}")
        return store.connection

    def test_a_log_begins_with_the_founding(self, store: Store) -> None:
        (first,) = events.of_subject(store.connection, "store")
        assert (first.seq, first.action, first.actor, first.host) == (
            1,
            "store.found",
            "admin",
            "host",
        )
        assert first.detail["units"] == 62

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("at", "1"),
            ("actor", "'x'"),
            ("real_login", "'x'"),
            ("host", "''"),
            ("action", "'x'"),
            ("subject", "'x'"),
            ("detail", "'{}'"),
            ("previous", "hash"),
            ("hash", "previous"),
        ],
    )
    @pytest.mark.parametrize("seq", [1, 3, 6])
    def test_a_changed_column(self, log: Connection, seq: int, column: str, value: str) -> None:
        log.execute(f"UPDATE events SET {column} = {value} WHERE seq = ?", (seq,))
        assert events.first_broken(log) == seq

    @pytest.mark.parametrize("seq", [1, 3, 6])
    def test_a_missing_event(self, log: Connection, seq: int) -> None:
        log.execute("DELETE FROM events WHERE seq = ?", (seq,))
        assert events.first_broken(log) == seq

    def test_a_missing_end(self, log: Connection) -> None:
        log.execute("DELETE FROM events WHERE seq > 2")
        assert events.first_broken(log) == 3

    def test_a_log_that_was_emptied(self, log: Connection) -> None:
        log.execute("DELETE FROM events")
        assert events.first_broken(log) == 1

    def test_events_in_another_order(self, log: Connection) -> None:
        log.execute("UPDATE events SET seq = -seq WHERE seq IN (3, 4)")
        log.execute("UPDATE events SET seq = seq + 7 WHERE seq < 0")
        assert events.first_broken(log) == 3

    def test_an_event_slipped_in(self, log: Connection) -> None:
        log.execute(
            "INSERT INTO events SELECT 8, at, actor, real_login, host, action, subject, detail,"
            " previous, hash FROM events WHERE seq = 7"
        )
        assert events.first_broken(log) == 8

    def test_an_event_is_refused_outside_its_transaction(self, store: Store) -> None:
        def failing() -> None:
            with store.connection.writing():
                events.record(store.connection, ADMIN, AT, "test", "x")
                raise Refused("errors.x")

        with pytest.raises(Refused):
            failing()
        assert events.of_subject(store.connection, "x") == []
        events.record(store.connection, ADMIN, AT, "test", "y")
        assert events.first_broken(store.connection) is None
