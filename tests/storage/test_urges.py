"""Urges: each rung once for an obligation, kept with who and when (R14)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.ladder import RUNG_NAMES
from domain.obligations import Obligation, ObligationKind
from storage import urges
from storage.store import Store, open_store
from storage.urges import Urge
from tests.matters_city import AT, new_city, together


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def owed(unit: str = "D1", subject: str = "2026-11-20", kind: str = "report") -> Obligation:
    return Obligation(ObligationKind(kind), unit, subject, 0, 1)


def urge(
    row: Obligation, rung: str = "urge", at: int = AT, login: str = "a", to: str = "liaison"
) -> Urge:
    return Urge(row.kind.value, row.subject, row.unit, rung, at, login, to)


def test_a_rung_is_recorded_once(store: Store) -> None:
    first = urge(owed(), to="liaison,deputy")
    assert urges.fire(store.connection, first)
    assert not urges.fire(store.connection, urge(owed(), at=AT + 9, login="b"))
    assert urges.fired(store.connection, AT + 99, [owed()]) == {owed().id: [first]}


def test_the_same_rung_of_another_obligation_is_another(store: Store) -> None:
    rows = [
        owed(),
        owed("D2"),
        owed(subject="2026-11-21"),
        owed(kind="step", subject="F-2026-0001/stop"),
        owed(kind="step", subject="F-2026-0001/stop#2"),
    ]
    assert all(urges.fire(store.connection, urge(row)) for row in rows)
    found = urges.fired(store.connection, AT, rows)
    assert {name: [each.subject for each in fired] for name, fired in found.items()} == {
        row.id: [row.subject] for row in rows
    }


def test_what_fired_later_is_not_known_yet(store: Store) -> None:
    for rung, at in (("urge", AT), ("reminder_sheet", AT + 10)):
        urges.fire(store.connection, urge(owed(), rung, at))

    def known(at: int) -> list[str]:
        return [row.rung for row in urges.fired(store.connection, at, [owed()]).get(owed().id, [])]

    assert known(AT - 1) == []
    assert known(AT) == ["urge"]
    assert known(AT + 10) == ["urge", "reminder_sheet"]


@pytest.mark.parametrize("names", list(itertools.permutations(RUNG_NAMES[1:4])))
def test_what_fired_at_once_stands_in_the_ladders_order(
    store: Store, names: tuple[str, ...]
) -> None:
    for name in names:
        urges.fire(store.connection, urge(owed(), name))
    [fired] = urges.fired(store.connection, AT, [owed()]).values()
    assert [row.rung for row in fired] == list(RUNG_NAMES[1:4])


def test_many_are_read_in_few_statements(store: Store) -> None:
    rows = [owed(subject=f"F-2026-{n:04}/stop", kind="step") for n in range(650)]
    for row in rows[::2]:
        urges.fire(store.connection, urge(row))
    ran: list[str] = []
    store.connection.engine.set_trace_callback(ran.append)
    found = urges.fired(store.connection, AT, rows)
    store.connection.engine.set_trace_callback(None)
    assert found.keys() == {row.id for row in rows[::2]}
    assert len(ran) == 3
    assert urges.fired(store.connection, AT, []) == {}


def test_they_are_read_by_their_key(store: Store) -> None:
    ran: list[str] = []
    store.connection.engine.set_trace_callback(ran.append)
    urges.fired(store.connection, AT, [owed(), owed("D2")])
    store.connection.engine.set_trace_callback(None)
    steps = [row[3] for row in store.connection.rows(f"EXPLAIN QUERY PLAN {ran[0]}")]
    assert any(step.startswith("SEARCH u USING PRIMARY KEY") for step in steps), steps


def test_the_heartbeat(store: Store) -> None:
    assert urges.last_beat(store.connection) is None
    for at in (AT, AT + 5):
        urges.beat(store.connection, at)
        assert urges.last_beat(store.connection) == at


def _fire(path: Path, login: str) -> bool:
    with open_store(path) as own, own.connection.writing():
        return urges.fire(own.connection, urge(owed(), login=login))


def test_of_many_at_once_one_fires(tmp_path: Path) -> None:
    new_city(tmp_path).close()
    path = tmp_path / "city.db"
    logins = [f"p{n}" for n in range(6)]
    answers = together(_fire, *[(path, login) for login in logins])
    assert sorted(answers) == [False] * 5 + [True]
    with open_store(path) as own:
        [fired] = urges.fired(own.connection, AT, [owed()]).values()
    assert [row.login for row in fired] == [logins[answers.index(True)]]
