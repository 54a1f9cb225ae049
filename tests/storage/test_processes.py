"""Several processes at one store: nobody is lost, nothing is done twice."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from actions.entering import enter
from actions.expecting import roll
from actions.reporting import file_zero
from domain.errors import Refused
from domain.instants import Instant
from domain.people import Actor
from domain.settings import Settings
from storage import events, reports
from storage.connection import SCHEMA_VERSION, connect, open_file
from storage.creating import create_file
from storage.migrations import migrate
from storage.store import Store, open_store
from tests.storage.conftest import AT, DISTRICTS, STARTS, Crowd, begin


def migrated(path: Path) -> int:
    connection = connect(path)
    applied = migrate(connection)
    connection.close()
    return applied


def test_of_processes_that_migrate_one_file_each_step_is_done_by_one(
    tmp_path: Path, crowd: Crowd
) -> None:
    path = tmp_path / "s.db"
    empty = connect(path, mode="rwc")
    empty.execute("PRAGMA journal_mode = WAL")
    empty.close()
    answers = crowd(migrated, [(path,)] * 4)
    assert sum(answers) == SCHEMA_VERSION, answers
    made, alone = open_file(path), create_file(tmp_path / "alone.db")
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    assert made.rows(schema) == alone.rows(schema)
    made.close()
    alone.close()


def test_of_processes_that_create_one_file_one_does(tmp_path: Path, crowd: Crowd) -> None:
    answers = crowd(created, [(tmp_path / "s.db",)] * 4)
    assert sorted(answers) == ["created", *["errors.store_exists"] * 3]


def created(path: Path) -> str:
    try:
        create_file(path).close()
    except Refused as error:
        return error.message.key
    return "created"


def founded(path: Path) -> str:
    try:
        begin(path).close()
    except Refused as error:
        return error.message.key
    return "founded"


def test_of_processes_that_found_one_store_one_does(tmp_path: Path, crowd: Crowd) -> None:
    path = tmp_path / "s.db"
    answers = crowd(founded, [(path,)] * 4)
    assert answers.count("founded") == 1
    # Who comes while the first has it open sees its log first.
    assert set(answers) <= {"founded", "errors.store_exists", "errors.store_leftover"}
    with open_store(path) as store:
        assert len(events.of_subject(store.connection, "store")) == 1
        assert events.first_broken(store.connection) is None
    left = {each.name for each in tmp_path.iterdir()}
    assert left <= {"s.db", "s.db-wal", "s.db-shm"}


def rolled(path: Path, at: Instant) -> int:
    with open_store(path) as mine:
        return roll(mine, at)


def test_days_are_created_once_whoever_comes_first(store: Store, crowd: Crowd) -> None:
    later = AT + 5 * 86400
    answers = crowd(rolled, [(store.path, later)] * 6)
    # From Thursday 5 to Monday 9: sixty districts daily, LAND on the three working days.
    assert sorted(answers) == [0, 0, 0, 0, 0, 60 * 5 + 3], answers
    assert store.connection.row("SELECT COUNT(*) FROM obligations") == (60 * 8 + 6,)
    store.reread()
    assert store.through == store.today(later)


def entered(path: Path, login: str, at: Instant) -> str:
    mine, actor = enter(path, Settings(), login, None, "host", at)
    mine.close()
    return actor.login


def test_everybody_may_enter_at_once(store: Store, crowd: Crowd) -> None:
    logins = [f"of-D{number:02}" for number in range(8)]
    assert crowd(entered, [(store.path, login, AT + 86400) for login in logins]) == logins


def filed(path: Path, unit: str, note: str = "") -> str:
    mine, actor = enter(path, Settings(), f"of-{unit}", None, "host", AT)
    with mine:
        try:
            return file_zero(mine, actor, unit, STARTS, AT, areas=(1, 1), note=note).number
        except Refused as error:
            return error.message.key


def test_fifty_people_file_at_once_and_none_is_lost(store: Store, crowd: Crowd) -> None:
    answers = crowd(filed, [(store.path, unit) for unit in DISTRICTS[:50]])
    assert answers == [f"R-20261102-{unit}-1" for unit in DISTRICTS[:50]]
    connection = store.connection
    assert connection.row("SELECT COUNT(*), COUNT(DISTINCT unit) FROM reports") == (50, 50)
    done = "SELECT COUNT(*) FROM obligations WHERE subject = '2026-11-02' AND discharged_at = ?"
    assert connection.row(done, (AT,)) == (50,)
    # Founding the store, opening its first days, and fifty filings.
    assert connection.row("SELECT COUNT(*) FROM events") == (52,)
    assert events.first_broken(connection) is None


def test_of_people_who_file_for_one_unit_one_is_first(store: Store, crowd: Crowd) -> None:
    answers = crowd(filed, [(store.path, "D00", f"note {number}") for number in range(5)])
    assert Counter(answers) == {"R-20261102-D00-1": 1, "errors.already_filed": 4}
    assert len(reports.revisions(store.connection, "D00", STARTS)) == 1


def test_a_filing_sent_five_times_at_once_stands_once(store: Store, crowd: Crowd) -> None:
    answers = crowd(filed, [(store.path, "D00")] * 5)
    assert answers == ["R-20261102-D00-1"] * 5
    assert len(reports.revisions(store.connection, "D00", STARTS)) == 1


def test_a_leftover_log_is_not_taken_for_the_new_stores(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "other"
    place.mkdir()
    file_zero(store, Actor("of-D00", "of-D00", "host"), "D00", STARTS, AT)
    log = store.path.with_name(store.path.name + "-wal")
    assert log.stat().st_size > 0
    shutil.copyfile(log, place / "s.db-wal")
    with pytest.raises(Refused) as refused:
        begin(place / "s.db")
    assert refused.value.message.key == "errors.store_leftover"
    assert not (place / "s.db").exists()
