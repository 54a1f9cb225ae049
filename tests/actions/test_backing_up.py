"""Copies of a store: whole while others write, verified, and never half there."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions import auditing
from actions.backing_up import Shown, back_up, restore
from actions.opening import Registry, found
from actions.reporting import file_zero
from domain.errors import Damaged, LianluoError, NotFound, Refused
from domain.instants import DAY, Instant, Zone
from domain.people import Actor, Person, Role
from domain.settings import CityRules
from domain.units import Kind, Unit
from storage import copying, events
from storage.connection import Connection
from storage.copying import Done
from storage.store import Store, open_store

ZONE = Zone("Asia/Shanghai")
STARTS = date(2026, 11, 2)
AT: Instant = ZONE.parse("2026-11-04 09:00")
ADMIN = Actor("admin", "admin", "host")
LIAISON = Actor("of-D1", "of-D1", "host")


def quiet(_one: object, _other: object) -> None:
    """Show nothing."""


SHOWN = Shown(quiet, quiet)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A small city with three reports."""
    registry = Registry(
        [
            Unit("CITY", "某市", Kind.CITY, order=0),
            Unit("D1", "一区", Kind.DISTRICT, parent="CITY", order=1),
        ],
        people=[Person("of-D1", "一区联络员", "D1", Role.LIAISON)],
    )
    with found(tmp_path / "s.db", registry, CityRules(), STARTS, ADMIN, AT - 2 * DAY) as opened:
        for number in range(3):
            day = STARTS + timedelta(number)
            file_zero(opened, LIAISON, "D1", day, AT + number, areas=(1, 1))
        yield opened


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"s.db", "s.db-wal", "s.db-shm"}


def test_a_backup_is_the_store_and_is_recorded(store: Store, tmp_path: Path) -> None:
    before = auditing.head(store)
    made = back_up(store, ADMIN, tmp_path / "b.db", AT + 9, SHOWN)
    assert made.head == before
    assert names(tmp_path) == {"b.db"}
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    (event,) = events.listed(store.connection, events.Wanted(action="store.backup"))
    assert (event.detail["file"], event.detail["head"]) == ("b.db", before.hash)
    with open_store(made.path) as copy:
        assert auditing.verify(copy, quiet).revisions == 3


def test_only_an_admin_makes_a_copy_of_everything(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        back_up(store, LIAISON, tmp_path / "b.db", AT + 9, SHOWN)
    assert names(tmp_path) == set()


def test_a_standing_file_is_kept_unless_told(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    target.write_text("mine")
    with pytest.raises(Refused, match="exists"):
        back_up(store, ADMIN, target, AT + 9, SHOWN)
    assert target.read_text() == "mine"
    back_up(store, ADMIN, target, AT + 9, SHOWN, replace=True)
    assert auditing.head(store).seq > 3
    with pytest.raises(Refused, match="onto_itself"):
        back_up(store, ADMIN, store.path, AT + 9, SHOWN, replace=True)
    with pytest.raises(Refused, match="no_file"):
        back_up(store, ADMIN, tmp_path, AT + 9, SHOWN, replace=True)
    with pytest.raises(Refused, match="folder_missing"):
        back_up(store, ADMIN, tmp_path / "none" / "b.db", AT + 9, SHOWN)
    assert names(tmp_path) == {"b.db"}


def test_others_write_while_a_backup_is_made(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_PAGES", 1)
    filed: list[str] = []

    def write() -> None:
        with open_store(store.path) as other:
            for number in range(20):
                note = f"note {number}"
                day = STARTS + timedelta(2)
                receipt = amend_again(other, day, note, AT + 10 + number)
                filed.append(receipt)

    steps: list[int] = []

    def step(copied: int, _pages: int) -> None:
        if not steps:
            writer = threading.Thread(target=write)
            writer.start()
            writer.join()
        steps.append(copied)

    before = auditing.head(store)
    made = back_up(store, ADMIN, tmp_path / "b.db", AT + 99, Shown(step, quiet))
    assert len(filed) == 20
    assert steps == sorted(steps)
    assert len(steps) > 20
    assert made.head == before
    assert auditing.verify(store, quiet).revisions == 23


def amend_again(store: Store, day: date, note: str, at: Instant) -> str:
    from actions.reporting import file
    from domain.reports import Content, ReportKind

    content = Content(ReportKind.ZERO, note, 1, 1)
    return file(store, LIAISON, "D1", day, content, at, amending=True, reason="补充").number


def test_a_copy_that_cannot_be_verified_gets_no_name(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "b.db"
    target.write_text("the last good one")
    plain = copying.copy

    def spoilt(connection: Connection, part: Path, done: Done) -> None:
        plain(connection, part, done)
        with sqlite3.connect(part) as engine:
            engine.execute("DROP TRIGGER reports_not_deleted")
            engine.execute("DELETE FROM reports WHERE date = '2026-11-04'")
        engine.close()

    monkeypatch.setattr(copying, "copy", spoilt)
    with pytest.raises(Damaged):
        back_up(store, ADMIN, target, AT + 9, SHOWN, replace=True)
    assert target.read_text() == "the last good one"
    assert names(tmp_path) == {"b.db"}


def test_restoring_gives_the_same_store_and_says_so(store: Store, tmp_path: Path) -> None:
    made = back_up(store, ADMIN, tmp_path / "b.db", AT + 9, SHOWN)
    kept = made.path.read_bytes()
    target = tmp_path / "r.db"
    back = restore(made.path, target, ADMIN, AT + 20, SHOWN)
    assert (back.head, back.path) == (made.head, target)
    assert made.path.read_bytes() == kept
    with open_store(target) as restored:
        rows = "SELECT * FROM reports ORDER BY date"
        assert restored.connection.rows(rows) == store.connection.rows(rows)
        assert restored.connection.row("PRAGMA journal_mode") == ("wal",)
        newest = auditing.log(restored, events.Wanted(), 1)[0]
        assert (newest.action, newest.detail["head"]) == ("store.restore", made.head.hash)
        assert auditing.verify(restored, quiet).revisions == 3
    with pytest.raises(Refused, match="exists"):
        restore(made.path, target, ADMIN, AT + 20, SHOWN)


def test_restore_looks_at_a_backup_first(store: Store, tmp_path: Path) -> None:
    made = back_up(store, ADMIN, tmp_path / "b.db", AT + 9, SHOWN)
    target = tmp_path / "r.db"

    def refused(path: Path) -> LianluoError:
        with pytest.raises(LianluoError) as error:
            restore(path, target, ADMIN, AT + 20, SHOWN)
        assert not target.exists()
        return error.value

    assert isinstance(refused(tmp_path / "none.db"), NotFound)
    (tmp_path / "text").write_text("no store")
    assert isinstance(refused(tmp_path / "text"), Damaged)
    half = tmp_path / "half.db"
    half.write_bytes(made.path.read_bytes()[: made.size // 2])
    assert isinstance(refused(half), Damaged)
    with sqlite3.connect(tmp_path / "other.db") as engine:
        engine.execute("CREATE TABLE t (x)")
    engine.close()
    assert isinstance(refused(tmp_path / "other.db"), Damaged)
    forged = tmp_path / "forged.db"
    shutil.copyfile(made.path, forged)
    with sqlite3.connect(forged) as engine:
        engine.execute("UPDATE people SET role = 'admin' WHERE login = 'of-D1'")
    engine.close()
    assert refused(forged).message.key == "audit.registry_differs"
    (tmp_path / "r.db-wal").write_text("")
    assert refused(made.path).message.key == "errors.store_leftover"
