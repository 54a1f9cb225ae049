"""Founding a store, and entering one that others may not write (R6, R7)."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.board import board
from actions.entering import enter
from actions.explaining import explain
from actions.opening import Registry, found
from actions.overdue import due, overdue
from actions.people import is_admin
from actions.rates import Grouping, rates
from actions.reporting import file_zero, show
from domain.errors import LianluoError, NotFound, Refused, UsageError
from domain.people import Person, Role
from domain.reports import Content, ReportKind, Revision
from domain.settings import CityRules, Settings
from domain.units import Kind, Unit
from storage import connection as connections
from storage import events
from storage.connection import Connection
from storage.store import Store, open_store
from storage.units import Selection
from tests.actions.conftest import ADMIN, AT, DAY, LIAISON, REGISTRY, STARTS, at, begin


def refused(path: Path, registry: Registry = REGISTRY, rules: CityRules | None = None) -> str:
    """Return the key of the error of founding, which leaves nothing behind."""
    before = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    with pytest.raises(LianluoError) as error:
        found(path, registry, rules or CityRules(), STARTS, ADMIN, AT)
    if path.parent.is_dir():
        assert sorted(path.parent.iterdir()) == before
    return error.value.message.key


class TestFounding:
    """The file appears whole or not at all."""

    @pytest.mark.parametrize("name", ["s.db", "城市 库.db", "a?b#c%41&mode=ro.db", "-x", "s"])
    def test_a_new_store(self, tmp_path: Path, name: str) -> None:
        with begin(tmp_path / name) as store:
            assert (store.starts, store.through, store.demo) == (STARTS, DAY, False)
            assert is_admin(store, "admin", AT)
            assert len(overdue(store, AT, Selection())) == 2 * 5
        assert [path.name for path in tmp_path.iterdir()] == [name]

    def test_an_existing_file_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "s.db"
        path.write_text("mine")
        assert refused(path) == "errors.store_exists"
        assert path.read_text() == "mine"
        link = tmp_path / "link.db"
        link.symlink_to(tmp_path / "nowhere")
        assert refused(link) == "errors.store_exists"

    def test_a_missing_folder(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "no" / "s.db") == "errors.folder_missing"
        assert refused(tmp_path / ("x" * 300)) == "errors.store_not_opened"

    @pytest.mark.parametrize(
        ("registry", "key"),
        [
            (Registry([]), "errors.registry_empty"),
            (Registry([Unit("X", "x", Kind.CITY, parent="Y")]), "errors.parent_unknown"),
            (Registry([Unit("X", "x", Kind.CITY, parent="X")]), "errors.parent_cycle"),
            (
                replace(REGISTRY, people=[Person("x", "x", "NOWHERE", Role.VIEWER)]),
                "errors.store_constraint",
            ),
        ],
    )
    def test_a_registry_that_cannot_be(self, tmp_path: Path, registry: Registry, key: str) -> None:
        assert refused(tmp_path / "s.db", registry) == key

    def test_rules_that_cannot_be(self, tmp_path: Path) -> None:
        both = replace(CityRules(), extra_holidays=(DAY,), extra_workdays=(DAY,))
        with pytest.raises(UsageError):
            found(tmp_path / "s.db", REGISTRY, both, STARTS, ADMIN, AT)
        assert list(tmp_path.iterdir()) == []

    def test_what_a_killed_founder_left_is_not_taken_up(self, tmp_path: Path) -> None:
        left = tmp_path / f".s.db.{os.getpid()}.new"
        with begin(tmp_path / "other.db"):
            pass
        (tmp_path / "other.db").rename(left)
        with begin(tmp_path / "s.db") as store:
            assert len(events.of_subject(store.connection, "store")) == 1
        assert not left.exists()

    def test_where_files_have_no_links(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def none(*_: Any) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "link", none)
        with begin(tmp_path / "s.db") as store:
            assert store.through == DAY
        assert refused(tmp_path / "s.db") == "errors.store_exists"

    @pytest.mark.parametrize(
        "held",
        [
            Person("admin", "某管理员", "CITY", Role.ADMIN, valid_to=STARTS),
            Person("admin", "某管理员", "CITY", Role.ADMIN, valid_from=DAY + timedelta(1)),
            Person("admin", "某管理员", "D1", Role.LIAISON),
        ],
    )
    def test_the_founder_is_admin_today_whatever_the_registry_says(
        self, tmp_path: Path, held: Person
    ) -> None:
        registry = replace(REGISTRY, people=[held])
        with found(tmp_path / "s.db", registry, CityRules(), STARTS, ADMIN, AT) as store:
            assert is_admin(store, "admin", AT)

    def test_an_admin_of_the_registry_is_not_made_twice(self, tmp_path: Path) -> None:
        registry = replace(REGISTRY, people=[Person("admin", "某管理员", "LAND", Role.ADMIN)])
        with found(tmp_path / "s.db", registry, CityRules(), STARTS, ADMIN, AT) as store:
            rows = store.connection.rows("SELECT unit FROM people WHERE login = 'admin'")
            assert rows == [("LAND",)]

    def test_reports_that_stand_from_the_first_moment(self, tmp_path: Path) -> None:
        filed = [Revision("D1", STARTS, 1, Content(ReportKind.ZERO), at("02 09:00"), "d1", "d1")]
        with found(
            tmp_path / "s.db", REGISTRY, CityRules(), STARTS, ADMIN, AT, demo=True, filed=filed
        ) as store:
            assert store.demo
            assert show(store, "D1", STARTS, AT).status == "on_time"


def answers(store: Store) -> list[object]:
    """Return every kind of answer, two weeks after the small city was last opened."""
    when = at("18 09:00")
    first, last = STARTS, date(2026, 11, 20)
    every = Selection()
    return [
        board(store, first, last, every, when),
        overdue(store, when, every),
        due(store, when, when + 3 * 86400, every),
        [rates(store, first, last, every, when, by) for by in Grouping],
        explain(store, "R-20261116-D1", when),
        explain(store, "R-20261119-D1", when),
        show(store, "D1", STARTS, when),
    ]


def test_a_store_that_may_only_be_read_answers_as_one_that_was_rolled(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_zero(store, LIAISON, "D1", STARTS, AT)
    when = at("18 09:00")
    with monkeypatch.context() as reading:
        reading.setattr(Connection, "writable", property(lambda _: False))
        opened, who = enter(store.path, Settings(), "nobody", None, "host", when)
        with opened:
            assert who.login == "nobody"
            assert opened.through == DAY
            computed = answers(opened)
    opened, _ = enter(store.path, Settings(), "nobody", None, "host", when)
    with opened:
        assert opened.through == date(2026, 11, 18)
        assert answers(opened) == computed


def test_days_that_another_created_meanwhile_are_not_told_twice(store: Store) -> None:
    when = at("18 09:00")
    late = [owed.obligation.id for owed in overdue(store, when, Selection())]
    with open_store(store.path) as other:
        enter(other.path, Settings(), "nobody", None, "host", when)[0].close()
    assert [owed.obligation.id for owed in overdue(store, when, Selection())] == late
    assert len(set(late)) == len(late)
    assert store.through == date(2026, 11, 18)


def test_a_disk_that_refuses_the_roll_still_answers(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Connection, *_: Any) -> int:
        raise Refused("errors.store_read_only", store=str(self.path))

    expected = len(overdue(store, at("18 09:00"), Selection()))
    with monkeypatch.context() as broken:
        broken.setattr(Connection, "execute_many", full)
        opened, _ = enter(store.path, Settings(), "nobody", None, "host", at("18 09:00"))
        with opened:
            assert len(overdue(opened, at("18 09:00"), Selection())) == expected


def test_entering_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        enter(tmp_path / "s.db", Settings(), "admin", None, "host", AT)
    assert list(tmp_path.iterdir()) == []


def test_a_refused_entry_closes_the_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Path] = []
    close = connections.Connection.close

    def counted(self: Connection) -> None:
        closed.append(self.path)
        close(self)

    monkeypatch.setattr(Connection, "close", counted)
    with pytest.raises(Refused):
        enter(store.path, Settings(), "d1", "plan", "host", AT)
    assert closed == [store.path]
