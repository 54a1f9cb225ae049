"""Indexes that are built anew where an import touches most of them: they are there afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from actions.expecting import roll
from actions.importing import Filings, Origin, import_filings
from actions.opening import found
from actions.spooling import Spool
from domain.errors import Refused
from domain.settings import CityRules
from storage import importing
from storage.connection import Connection, Row
from storage.recounting import contradictions
from storage.store import Store
from storage.summaries import open_in_all
from tests.storage.conftest import ADMIN, AT, DISTRICTS, REGISTRY, STARTS

DAYS = 12
LATER = AT + DAYS * 86400


def indexes(store: Store) -> list[Row]:
    return store.connection.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
    )


def open_ones(store: Store) -> list[Row]:
    return store.connection.rows(
        "SELECT unit, subject FROM obligations INDEXED BY obligations_open_by_unit"
        " WHERE discharged_at IS NULL AND exempt = 0 ORDER BY unit, subject"
    )


def take_in(store: Store) -> int:
    """Import a history in which one unit is silent; return how many rows were new."""
    with Spool() as spool:
        number = 0
        for offset in range(DAYS):
            day = (STARTS + timedelta(offset)).isoformat()
            for code in DISTRICTS[1:]:
                number += 1
                row = (code, AT + offset * 86400, number, "zero", None, "", 3, 3, "")
                spool.add(day, [[value] for value in row])
        origins = {"reports": Origin("reports.csv", "0" * 64)}
        filings = Filings(spool, ("kind", "areas_planned"))
        outcome = import_filings(store, ADMIN, filings, origins, LATER, reason="导入")
    return outcome.new


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hold three hundred rows for very many; the indexes taken down while the test runs."""
    names_told: list[str] = []
    rebuilding = Connection.rebuilding

    def told(self: Connection, names: Iterable[str]) -> AbstractContextManager[None]:
        names_told.extend(names)
        return rebuilding(self, names)

    monkeypatch.setattr(importing, "_MANY", 300)
    monkeypatch.setattr(Connection, "rebuilding", told)
    return names_told


def test_an_import_of_most_of_what_is_owed_leaves_every_index(
    store: Store, down: list[str]
) -> None:
    roll(store, LATER)
    before = indexes(store)
    assert take_in(store) == DAYS * (len(DISTRICTS) - 1)
    assert down == ["reports_by_unit", "obligations_open", "obligations_open_by_unit"]
    assert indexes(store) == before
    assert {unit for unit, _ in open_ones(store)} >= {DISTRICTS[0]}
    assert len(open_ones(store)) == open_in_all(store.connection)
    assert store.connection.rows("PRAGMA integrity_check") == [("ok",)]
    assert contradictions(store.connection) == []


def test_what_stands_or_is_open_beside_it_is_not_built_anew(store: Store, down: list[str]) -> None:
    roll(store, AT + 60 * 86400)
    take_in(store)
    assert down == ["reports_by_unit"]


def test_few_rows_build_nothing_anew(
    store: Store, down: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_MANY", 100_000)
    roll(store, LATER)
    take_in(store)
    assert down == []


def test_an_import_that_fails_leaves_every_index(
    store: Store, down: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    roll(store, LATER)
    before, open_before = indexes(store), open_ones(store)

    def full(*_: object) -> None:
        raise Refused("errors.store_constraint", store="", cause="")

    monkeypatch.setattr("actions.importing.record_import", full)
    with pytest.raises(Refused):
        take_in(store)
    assert down == ["reports_by_unit", "obligations_open", "obligations_open_by_unit"]
    assert indexes(store) == before
    assert open_ones(store) == open_before
    assert store.connection.rows("SELECT 1 FROM reports") == []


def test_a_new_store_of_months_has_every_index(
    store: Store, down: list[str], tmp_path: Path
) -> None:
    starts = STARTS - timedelta(100)
    with found(tmp_path / "old.db", REGISTRY, CityRules(), starts, ADMIN, AT) as old:
        assert down == ["obligations_open_by_unit"]
        assert indexes(old) == indexes(store)
        assert len(open_ones(old)) == open_in_all(old.connection) > 100 * len(DISTRICTS)
        assert old.connection.rows("PRAGMA integrity_check") == [("ok",)]
        assert contradictions(old.connection) == []
