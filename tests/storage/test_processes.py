"""Several processes at one store: nobody is lost, nothing is done twice."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from actions.expecting import roll
from actions.opening import enter
from actions.reporting import file_zero
from domain.errors import Refused
from domain.people import Actor
from domain.settings import Settings
from storage import events, reports
from storage.connection import create_file, open_file
from storage.migrations import migrate
from storage.store import Store, open_store
from tests.storage.conftest import AT, DISTRICTS, STARTS, Crowd, begin


def test_two_processes_migrate_one_file(tmp_path: Path, crowd: Crowd) -> None:
    path = tmp_path / "s.db"

    def create() -> tuple[str, int]:
        connection = create_file(path)
        found = len(connection.rows("SELECT name FROM sqlite_master"))
        connection.close()
        return "made", found

    answers = crowd(create, [()] * 4)
    assert len(set(answers)) == 1, answers
    with_all = open_file(path)
    assert migrate(with_all) == 0
    with_all.close()


def test_of_processes_that_found_one_store_one_does(tmp_path: Path, crowd: Crowd) -> None:
    path = tmp_path / "s.db"

    def found() -> str:
        try:
            begin(path).close()
        except Refused as error:
            return error.message.key
        return "founded"

    answers = crowd(found, [()] * 4)
    assert Counter(answers) == {"founded": 1, "errors.store_exists": 3}
    with open_store(path) as store:
        assert len(events.of_subject(store.connection, "store")) == 1
        assert events.first_broken(store.connection) is None
    left = {each.name for each in tmp_path.iterdir()}
    assert left <= {"s.db", "s.db-wal", "s.db-shm"}


def test_days_are_created_once_whoever_comes_first(store: Store, crowd: Crowd) -> None:
    later = AT + 5 * 86400
    path = store.path

    def opened() -> int:
        with open_store(path) as mine:
            return roll(mine, later)

    answers = crowd(opened, [()] * 6)
    # Nine days from Monday 2nd; three were there. 60 districts daily, LAND on working days.
    created = 60 * 5 + 3
    assert sorted(answers) == [0, 0, 0, 0, 0, created], answers
    assert store.connection.row("SELECT COUNT(*) FROM obligations") == (60 * 8 + 6,)
    store.reread()
    assert store.through == store.today(later)


def test_everybody_may_enter_at_once(store: Store, crowd: Crowd) -> None:
    path = store.path

    def entered(number: int) -> str:
        mine, actor = enter(path, Settings(), f"of-D{number:02}", None, "host", AT + 86400)
        mine.close()
        return actor.login

    answers = crowd(entered, [(number,) for number in range(8)])
    assert answers == [f"of-D{number:02}" for number in range(8)]


def test_fifty_people_file_at_once_and_none_is_lost(store: Store, crowd: Crowd) -> None:
    path = store.path

    def filed(code: str) -> str:
        mine, actor = enter(path, Settings(), f"of-{code}", None, "host", AT)
        with mine:
            return file_zero(mine, actor, code, STARTS, AT, areas=(1, 1)).number

    answers = crowd(filed, [(code,) for code in DISTRICTS[:50]])
    assert answers == [f"R-20261102-{code}-1" for code in DISTRICTS[:50]]
    connection = store.connection
    assert connection.row("SELECT COUNT(*), COUNT(DISTINCT unit) FROM reports") == (50, 50)
    done = "SELECT COUNT(*) FROM obligations WHERE subject = '2026-11-02' AND discharged_at = ?"
    assert connection.row(done, (AT,)) == (50,)
    assert connection.row("SELECT COUNT(*) FROM events") == (51,)
    assert events.first_broken(connection) is None


def test_of_people_who_file_for_one_unit_one_is_first(store: Store, crowd: Crowd) -> None:
    path = store.path

    def filed() -> str:
        with open_store(path) as mine:
            actor = Actor("of-D00", "of-D00", "host")
            try:
                return file_zero(mine, actor, "D00", STARTS, AT).number
            except Refused as error:
                return error.message.key

    answers = crowd(filed, [()] * 5)
    assert Counter(answers) == {"R-20261102-D00-1": 1, "errors.already_filed": 4}
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
