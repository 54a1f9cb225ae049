"""Matters, entries, suspensions, numbers and workflows as the store keeps them (R12, R15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.deadlines import Limit, Measure, Suspension
from domain.instants import Instant
from domain.matters import Act, Entry, Matter, Started
from domain.workflows import Outcome, StepLimit
from storage import matters, obligations
from storage import steps as step_rows
from storage import workflows as flow_rows
from storage.connection import Connection
from storage.matters import Filter
from storage.schedules import save_limits
from storage.store import Store
from storage.units import Selection
from tests.matters_city import AT, DAY, HOUR, finding, new_city, together, workflows


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def matter(number: str = "F-2026-0001", **changes: object) -> Matter:
    found = Matter(number, "finding", "D1", "LAND", AT, "推土堆料")
    return replace(found, **changes)  # type: ignore[arg-type]


WHOLE = matter(
    place="T1",
    location="村口",
    party="某公司",
    land_class="cultivated",
    area=1240,
    existed_since=date(2026, 11, 1),
    source="群众反映",
    origin="2026-11-23/D1/1",
    parent="N-2026-0001",
)


def opened(at: Instant = AT) -> Entry:
    return Entry(1, at, "a", "a", Act.OPEN)


def test_a_matter_is_read_as_it_was_written(store: Store) -> None:
    for row in (WHOLE, matter("F-2026-0002")):
        matters.add(store.connection, row)
        assert matters.get(store.connection, row.number) == row
    assert matters.get(store.connection, "F-2026-0003") is None


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
days = st.dates(date(2000, 1, 1), date(2030, 1, 1))
limits = st.builds(
    StepLimit,
    texts,
    texts,
    texts,
    st.builds(Limit, st.integers(0, 90), st.sampled_from(Measure), st.booleans()),
    st.none() | days,
    st.none() | days,
    texts,
    texts,
)
entries = st.builds(
    Entry,
    st.just(1),
    st.integers(0, 2**40),
    texts,
    texts,
    st.sampled_from(Act),
    texts,
    texts,
    st.lists(
        st.builds(
            Started, texts, st.integers(1, 9), st.none() | limits, st.none() | st.integers(0, 2**40)
        ),
        max_size=2,
    ).map(tuple),
    st.dictionaries(texts, st.integers(0, 2**40), max_size=2),
    st.none() | days,
    st.none() | st.builds(lambda day, text: Suspension(day, day, text), days, texts),
    st.none() | st.sampled_from(Outcome),
    texts,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries, min_size=1, max_size=4))
def test_entries_are_read_as_they_were_written(store: Store, rows: list[Entry]) -> None:
    tale = [replace(row, seq=number) for number, row in enumerate(rows, 1)]
    connection = store.connection
    connection.execute("BEGIN")
    matters.add(connection, matter())
    for row in tale:
        matters.add_entry(connection, "F-2026-0001", row)
    assert matters.entries(connection, "F-2026-0001") == tale
    whole = matters.listed_entries(connection, Selection(), Filter(), 2**41)
    at = min(row.at for row in tale)
    some = matters.listed_entries(connection, Selection(), Filter(), max(at, AT))
    connection.execute("ROLLBACK")
    assert whole == {"F-2026-0001": tale}
    assert some.get("F-2026-0001", []) == [row for row in tale if row.at <= max(at, AT)]


def numbers(connection: Connection, at: Instant = AT, **wanted: object) -> list[str]:
    selection = wanted.pop("selection", Selection())
    assert isinstance(selection, Selection)
    filter_ = Filter(**wanted)  # type: ignore[arg-type]
    found = matters.listed(connection, selection, filter_, at)
    entries_ = matters.listed_entries(connection, selection, filter_, at)
    assert entries_.keys() == {row.number for row in found}
    return [row.number for row in found]


def test_lists_are_narrowed(store: Store) -> None:
    connection = store.connection
    rows = [
        matter("F-2026-0001", place="T1"),
        matter("L-2026-0001", workflow="lead", unit="T1", opened_at=AT - 5),
        matter("F-2026-0002", unit="D2", parent="N-2026-0001"),
        matter("F-2026-0003", opened_at=AT + 1),
    ]
    for row in rows:
        matters.add(connection, row)
        matters.add_entry(connection, row.number, opened(row.opened_at))
    assert numbers(connection) == ["L-2026-0001", "F-2026-0001", "F-2026-0002"]
    assert numbers(connection, AT + 1)[-1] == "F-2026-0003"
    assert numbers(connection, AT - 5) == ["L-2026-0001"]
    assert numbers(connection, workflow="finding") == ["F-2026-0001", "F-2026-0002"]
    assert numbers(connection, place="T1") == ["F-2026-0001"]
    assert numbers(connection, place="") == ["L-2026-0001", "F-2026-0002"]
    assert numbers(connection, parent="N-2026-0001") == ["F-2026-0002"]
    for selection, expected in (
        (Selection(unit="D1"), ["F-2026-0001"]),
        (Selection(under="D1"), ["L-2026-0001", "F-2026-0001"]),
        (Selection(under="D2"), ["F-2026-0002"]),
        (Selection(codes=("D1", "D2")), ["F-2026-0001", "F-2026-0002"]),
        (Selection(unit="POWER"), []),
    ):
        assert numbers(connection, selection=selection) == expected


def test_open_and_closed_are_listed_as_of_then(store: Store) -> None:
    connection = store.connection
    for number, closed in (("F-2026-0001", None), ("F-2026-0002", AT + HOUR)):
        matters.add(connection, matter(number))
        matters.add_entry(connection, number, opened())
        matters.set_closed(connection, number, closed)
    assert numbers(connection, AT + HOUR - 1, open=True) == ["F-2026-0001", "F-2026-0002"]
    assert numbers(connection, AT + HOUR, open=True) == ["F-2026-0001"]
    assert numbers(connection, AT + HOUR - 1, open=False) == []
    assert numbers(connection, AT + HOUR, open=False) == ["F-2026-0002"]
    # Reopened after the instant of the question: only the entries tell what it was then.
    matters.set_closed(connection, "F-2026-0002", None)
    again = Entry(2, AT + 3 * HOUR, "c", "c", Act.REOPEN, "stop")
    matters.add_entry(connection, "F-2026-0002", again)
    assert numbers(connection, AT + 2 * HOUR, open=False) == ["F-2026-0002"]
    assert numbers(connection, AT + 2 * HOUR, open=True) == ["F-2026-0001", "F-2026-0002"]
    assert numbers(connection, AT + 3 * HOUR, open=False) == []


def test_lists_are_one_query_however_long(store: Store) -> None:
    connection = store.connection
    found: list[str] = []
    for count in (3, 30):
        for number in range(count):
            name = f"L-20{count:02}-{number:04}"
            matters.add(connection, matter(name))
            matters.add_entry(connection, name, opened())
        found.clear()
        connection.engine.set_trace_callback(found.append)
        assert len(numbers(connection)) >= count
        connection.engine.set_trace_callback(None)
        assert len(found) == 2


def test_origins_are_found_again(store: Store) -> None:
    for number in range(700):
        name, origin = f"F-2026-{number:04}", f"o{number}" if number % 7 else ""
        matters.add(store.connection, matter(name, origin=origin, opened_at=AT + number))
    wanted = [f"o{number}" for number in range(2000)]
    found = matters.by_origin(store.connection, wanted)
    assert found == {f"o{n}": f"F-2026-{n:04}" for n in range(700) if n % 7}
    assert matters.by_origin(store.connection, ["", "o7"]) == {}
    assert matters.by_origin(store.connection, []) == {}
    assert matters.by_origin(store.connection, ["o8", "o9"], AT + 8) == {"o8": "F-2026-0008"}


def suspended(seq: int, at: Instant, first: int, last: int) -> Entry:
    still = Suspension(date(2026, 11, first), date(2026, 11, last), "鉴定")
    return Entry(seq, at, "a", "a", Act.SUSPEND, suspension=still)


def test_suspensions_are_known_from_when_they_were_recorded(store: Store) -> None:
    connection = store.connection
    for number in ("F-2026-0001", "F-2026-0002"):
        matters.add(connection, matter(number))
    matters.add_entry(connection, "F-2026-0001", suspended(1, AT, 24, 26))
    matters.add_entry(connection, "F-2026-0001", suspended(2, AT + HOUR, 28, 28))
    both = ["F-2026-0001", "F-2026-0002", "F-2026-0001"]
    known = matters.suspensions(connection, both, AT + HOUR)
    assert known.keys() == {"F-2026-0001"}
    assert [(row.first.day, row.last.day) for row in known["F-2026-0001"]] == [(24, 26), (28, 28)]
    assert len(matters.suspensions(connection, both, AT + HOUR - 1)["F-2026-0001"]) == 1
    assert matters.suspensions(connection, both, AT - 1) == {}
    assert matters.suspensions(connection, [], AT) == {}
    for day, at, expected in (
        (23, AT, set()),
        (24, AT, {"F-2026-0001"}),
        (26, AT, {"F-2026-0001"}),
        (27, AT + HOUR, set()),
        (28, AT + HOUR, {"F-2026-0001"}),
        (28, AT, set()),
    ):
        assert matters.suspended_on(connection, date(2026, 11, day), at) == expected


def test_counters_count_from_one(store: Store) -> None:
    assert [matters.next_count(store.connection, "F-2026") for _ in range(3)] == [1, 2, 3]
    assert matters.next_count(store.connection, "F-2027") == 1


def _open_ten(path: Path) -> list[str]:
    from storage.store import open_store

    with open_store(path) as own:
        return [finding(own, AT + n).number for n in range(10)]


def test_no_number_is_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    new_city(tmp_path).close()
    answers = together(_open_ten, *[(path,)] * 4)
    given_ = sorted(number for answer in answers for number in answer)
    assert given_ == [f"F-2026-{n:04}" for n in range(1, 41)]


def test_workflows_are_kept_in_their_order(store: Store) -> None:
    assert flow_rows.workflows(store.connection) == workflows()
    turned = dict(reversed(workflows().items()))
    flow_rows.save_workflows(store.connection, turned)
    assert list(flow_rows.workflows(store.connection)) == list(turned)


def test_the_steps_that_matters_have_begun(store: Store) -> None:
    assert flow_rows.steps_used(store.connection) == {}
    first = finding(store).number
    finding(store)
    assert flow_rows.steps_used(store.connection) == {
        "finding": {"": first, "stop": first, "verify": first}
    }


def test_limits_are_read_with_their_dates_and_roll(store: Store) -> None:
    save_limits(
        store.connection,
        [
            ("w", "s", "a", 3, "months", "2014-07-01", None, "law", "national", 1),
            ("w", "s", "b", 4, "hours", None, "2014-06-30", "", ""),
        ],
    )
    assert flow_rows.step_limits(store.connection)[-2:] == [
        StepLimit(
            "w",
            "s",
            "a",
            Limit(3, Measure.MONTHS, roll=True),
            date(2014, 7, 1),
            None,
            "law",
            "national",
        ),
        StepLimit("w", "s", "b", Limit(4, Measure.HOURS), None, date(2014, 6, 30)),
    ]


def test_steps_stand_among_the_obligations_as_of_then(store: Store) -> None:
    connection = store.connection
    number = finding(store).number

    def open_at(at: Instant, selection: Selection | None = None) -> list[str]:
        rows = step_rows.open_at(connection, at, selection or Selection())
        return [row.id for row in rows]

    names = [f"{number}/stop", f"{number}/verify"]
    assert open_at(AT) == names
    assert open_at(AT - 1) == []
    assert open_at(AT, Selection(unit="D1")) == names
    assert open_at(AT, Selection(unit="D2")) == []
    stop = step_rows.get(connection, names[0])
    assert stop is not None
    obligations.discharge(connection, stop.kind, [("D1", stop.subject, AT + HOUR)])
    assert open_at(AT + HOUR - 1) == names
    assert open_at(AT + HOUR) == names[1:]
    assert [row.id for row in step_rows.of_matter(connection, number)] == names
    # What is done keeps its date; what is open keeps the first beside the new.
    for name in names:
        step_rows.move(connection, name, AT + 9 * DAY, AT + 2 * HOUR)
    done, moved = (step_rows.get(connection, name) for name in names)
    assert done is not None
    assert moved is not None
    assert (done.due_at, done.changed_at) == (stop.due_at, None)
    assert (moved.due_at, moved.changed_at) == (AT + 9 * DAY, AT + 2 * HOUR)
    assert moved.first_due_at is not None
    assert moved.first_due_at < moved.due_at
    assert step_rows.get(connection, f"{number}/burn") is None
