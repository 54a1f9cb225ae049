"""What the engine does for each question: the named index, so many statements, plain SQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from pathlib import Path

import pytest

from actions import board, overdue, rates, reporting, summing
from actions.expecting import roll
from actions.explaining import explain
from actions.rates import Grouping
from domain.errors import Refused
from domain.networks import Network
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.reports import Content, ReportKind
from domain.schedules import Days, Schedule
from storage import reports, schedules
from storage.store import Store
from storage.units import Selection
from tests.storage.conftest import AT, DISTRICTS, STARTS

STORAGE = Path(__file__).parents[2] / "storage"
DAY = STARTS + timedelta(1)
LIAISON = Actor("of-D00", "of-D00", "host")
GROWING = ("obligations", "reports", "findings", "events", "o", "r", "n", "f")
"""The tables that grow with every day, and the letters that stand for them."""


def traced(store: Store, question: Callable[[], object]) -> list[str]:
    """Return all that a question asks the engine, with its values."""
    found: list[str] = []
    store.connection.engine.set_trace_callback(found.append)
    try:
        question()
    finally:
        store.connection.engine.set_trace_callback(None)
    return found


def statements(store: Store, question: Callable[[], object]) -> list[str]:
    """Return the statements that a question runs, with their values."""
    return asked(traced(store, question))


def asked(found: list[str]) -> list[str]:
    """Return the statements without those that only begin, end and set."""
    return [sql for sql in found if not re.match(r"\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA)", sql)]


def plan(store: Store, question: Callable[[], object]) -> list[str]:
    """Return how the engine finds the rows of a question, step by step."""
    return [
        str(row[3])
        for sql in statements(store, question)
        for row in store.connection.rows(f"EXPLAIN QUERY PLAN {sql}")
    ]


def scans(steps: list[str]) -> list[str]:
    """Return the steps that read a growing table from end to end; what is open does not grow."""
    pattern = re.compile(rf"SCAN ({'|'.join(GROWING)})(\s|$)")
    return [step for step in steps if pattern.match(step) and "INDEX obligations_open" not in step]


PARTS = [
    Selection(),
    Selection(unit="D00"),
    Selection(under="CITY"),
    Selection(network=Network.HORIZONTAL),
    Selection(network=Network.VERTICAL),
    Selection(codes=("D00", "D01")),
    Selection(text="D0"),
]


@pytest.mark.parametrize("selection", PARTS)
def test_what_is_open_is_read_from_the_index_of_open_ones(
    store: Store, selection: Selection
) -> None:
    if selection.everything:
        index, unit = "obligations_open", ""
    else:
        index, unit = "obligations_open_by_unit", "unit=? AND "
    steps = plan(store, lambda: overdue.overdue(store, AT, selection, ObligationKind.REPORT))
    assert [step for step in steps if step.startswith("SEARCH o ")] == [
        f"SEARCH o USING INDEX {index} ({unit}due_at<?)",
        "SEARCH o USING INDEX obligations_late (discharged_at>?)",
    ]
    assert scans(steps) == []
    steps = plan(store, lambda: overdue.overdue(store, AT, selection, ObligationKind.STEP))
    assert "SEARCH o USING INDEX obligations_steps_done (discharged_at=? AND kind=?)" in steps
    assert "SEARCH o USING INDEX obligations_steps_done (discharged_at>?)" in steps
    steps = plan(store, lambda: overdue.due(store, AT, AT + 3600, selection))
    assert f"SEARCH o USING INDEX {index} ({unit}due_at>? AND due_at<?)" in steps
    # Of the days around, everything or what these units owe.
    days = "subject>? AND subject<?" if selection.everything else "subject=? AND unit=?"
    assert f"SEARCH o USING PRIMARY KEY (kind=? AND {days})" in steps
    assert scans(steps) == []
    steps = plan(store, lambda: overdue.overdue_counts(store, AT, selection))
    assert f"SEARCH o USING INDEX {index} ({unit}due_at<?)" in steps
    assert scans(steps) == []


@pytest.mark.parametrize("selection", PARTS)
def test_a_range_of_days_is_read_by_days_or_by_units(store: Store, selection: Selection) -> None:
    first, last = STARTS, DAY
    for question in (
        lambda: board.board(store, first, last, selection, AT),
        lambda: board.board(store, first, last, selection, AT, everything=True),
        lambda: board.totals(store, first, last, selection, AT),
        lambda: board.codes(store, first, last, selection),
        lambda: rates.rates(store, first, last, selection, AT, Grouping.UNIT),
        lambda: reporting.listed(store, first, last, selection, AT),
    ):
        assert scans(plan(store, question)) == []


def test_a_units_board_is_read_by_its_own_indexes(store: Store) -> None:
    own = Selection(unit="D00")
    steps = plan(store, lambda: board.board(store, STARTS, DAY, own, AT))
    assert "SEARCH o USING PRIMARY KEY (kind=? AND subject=? AND unit=?)" in steps
    assert "SEARCH d USING PRIMARY KEY (day>? AND day<?)" in steps
    assert "SEARCH r USING INDEX reports_by_unit (unit=? AND date>? AND date<?)" in steps
    assert any("USING COVERING INDEX findings_by_unit (unit=?" in step for step in steps)


def test_a_days_board_is_read_by_the_day(store: Store) -> None:
    steps = plan(store, lambda: board.board(store, DAY, DAY, Selection(), AT))
    assert "SEARCH o USING PRIMARY KEY (kind=? AND subject>? AND subject<?)" in steps
    assert "SEARCH r USING PRIMARY KEY (date>? AND date<?)" in steps


def test_one_report_is_read_by_its_key(store: Store) -> None:
    reporting.file_zero(store, LIAISON, "D00", DAY, AT)
    for question in (
        lambda: reporting.show(store, "D00", DAY, AT),
        lambda: explain(store, "R-20261103-D01", AT),
        lambda: reports.last_before(store.connection, "D00", DAY),
    ):
        assert scans(plan(store, question)) == []


def test_statements_of_a_filing_are_counted(store: Store) -> None:
    zero = traced(store, lambda: reporting.file_zero(store, LIAISON, "D00", DAY, AT))
    before, held = _around_the_lock(zero)
    assert len(before) == 7, before
    assert len(held) == 12, held
    assert [sql.split()[0] for sql in held].count("INSERT") == 2
    amended = traced(
        store,
        lambda: reporting.file(
            store,
            LIAISON,
            "D00",
            DAY,
            Content(ReportKind.DAILY, "制止一起"),
            AT,
            amending=True,
            reason="漏填",
        ),
    )
    assert [len(part) for part in _around_the_lock(amended)] == [8, 12], amended


def _around_the_lock(found: list[str]) -> tuple[list[str], list[str]]:
    """Return the statements before the write lock is taken, and those that it is held for."""
    taken, given = found.index("BEGIN IMMEDIATE"), found.index("COMMIT")
    return asked(found[:taken]), asked(found[taken:given])


def test_what_is_refused_takes_no_lock(store: Store) -> None:
    nobody = Actor("nobody", "nobody", "host")

    def refused() -> None:
        with pytest.raises(Refused):
            reporting.file_zero(store, nobody, "D00", DAY, AT)

    assert "BEGIN IMMEDIATE" not in traced(store, refused)


def test_statements_do_not_grow_with_the_answer(store: Store) -> None:
    for question in (
        lambda selection: overdue.overdue(store, AT, selection),
        lambda selection: board.board(store, STARTS, DAY, selection, AT),
        lambda selection: reporting.listed(store, STARTS, DAY, selection, AT),
    ):
        counts = {
            len(statements(store, lambda q=question, s=s: q(s)))  # type: ignore[misc]
            for s in (Selection(), Selection(unit="D00"), Selection(under="CITY"))
        }
        assert len(counts) == 1, counts


def test_days_are_created_in_few_reads_whatever_the_days(store: Store) -> None:
    """Two for a day's sums, and a handful for all days together."""
    ran = statements(store, lambda: roll(store, AT + 20 * 86400))
    assert [sql.split()[0] for sql in ran].count("SELECT") <= 2 * 20 + 8


def test_a_day_is_created_in_few_statements_whatever_the_units(store: Store) -> None:
    """What is owed in one statement, and in one more where units have schedules of their own."""

    def shapes(ran: list[str]) -> set[str]:
        # A row for each node is written by one statement, with its values in turn.
        return {sql.split(" VALUES ('")[0] for sql in ran}

    ran = statements(store, lambda: roll(store, AT + 86400))
    made = [sql for sql in ran if sql.startswith("INSERT INTO obligations")]
    assert (len(made), len(shapes(ran))) == (1, 15), ran
    for number, code in enumerate(DISTRICTS[:30]):
        row = Schedule(code, Days.DAILY, time(number % 3 + 9), valid_from=STARTS + timedelta(3))
        schedules.save(store.connection, [row])
    ran = statements(store, lambda: roll(store, AT + 2 * 86400))
    made = [sql for sql in ran if sql.startswith("INSERT INTO obligations")]
    assert (len(made), len(shapes(ran))) == (2, 16), ran
    steps = [str(row[3]) for row in store.connection.rows(f"EXPLAIN QUERY PLAN {made[1]}")]
    assert "SEARCH t USING INDEX schedules_once (unit=? AND <expr>>?)" in steps
    assert "SEARCH u USING PRIMARY KEY (code=?)" in steps


NODES = [Selection(), Selection(under="CITY"), Selection(network=Network.VERTICAL)]


@pytest.mark.parametrize("selection", NODES)
def test_rates_of_a_node_are_read_from_its_sums(store: Store, selection: Selection) -> None:
    """Months and odd days by their key, and no report of a day: however old the store is."""
    last = STARTS + timedelta(100 * 365)
    roll(store, AT + 60 * 86400)
    now = AT + 60 * 86400
    for question in (
        lambda: list(summing.tallies(store, STARTS, last, selection, now)),
        lambda: rates.rates(store, STARTS, store.through, selection, now, Grouping.MONTH),
        lambda: board.totals(store, store.through, store.through, selection, now),
        lambda: overdue.overdue_count(store, now, selection, ObligationKind.REPORT),
    ):
        steps = plan(store, question)
        assert "SEARCH summaries USING PRIMARY KEY (period=? AND node=?)" in steps
        assert not [step for step in steps if re.match(r"(SEARCH|SCAN) (o|r|obligations)\b", step)]


def test_a_century_is_asked_for_by_the_months_there_are(store: Store) -> None:
    first, last = STARTS - timedelta(50 * 365), STARTS + timedelta(50 * 365)
    ran = statements(store, lambda: list(summing.tallies(store, first, last, Selection(), AT)))
    assert len(ran) <= 2
    assert sum(sql.count("-") for sql in ran) < 100


@pytest.mark.parametrize("kind", [None, ObligationKind.REPORT])
def test_a_page_of_what_is_overdue_is_read_in_order(
    store: Store, kind: ObligationKind | None
) -> None:
    after = (AT - 86400, "D05", STARTS.isoformat())
    for key in (None, after):
        page = partial(overdue.overdue_page, store, AT, Selection(), kind, after=key, most=5)
        steps = plan(store, page)
        found = [step for step in steps if "INDEX obligations_open (" in step]
        assert len(found) == 1
        assert steps[steps.index(found[0]) + 1] != "USE TEMP B-TREE FOR ORDER BY"
        assert scans(steps) == []


def test_who_has_not_filed_is_read_from_the_index_of_open_ones(store: Store) -> None:
    steps = plan(store, lambda: board.unfiled(store, DAY, Selection(), AT, after="D03", most=5))
    assert "SEARCH o USING INDEX obligations_open (due_at=? AND unit>?)" in steps
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps
    past = plan(store, lambda: board.unfiled(store, DAY, Selection(under="CITY"), AT, most=5))
    assert "SEARCH o USING PRIMARY KEY (kind=? AND subject=? AND unit=?)" in past
    assert scans(steps + past) == []


def test_a_filing_counts_itself_by_the_key_of_sums(store: Store) -> None:
    steps = plan(store, lambda: reporting.file_zero(store, LIAISON, "D00", DAY, AT))
    assert (
        "SEARCH summaries USING PRIMARY KEY (period=? AND node=? AND kind=? AND due_at=?)" in steps
    )


SQL_OF_ONE_ENGINE = re.compile(
    r"->|\bjson_\w+|\bGLOB\b|\b(?:date|time|datetime|julianday|strftime|unixepoch)\s*\("
    r"|CURRENT_(?:DATE|TIME|TIMESTAMP)|\bMATCH\b|(?<!WITHOUT )\browid\b|INSERT OR |REPLACE INTO"
    r"|INDEXED BY|CROSS JOIN",
    re.IGNORECASE,
)


def sql_texts() -> list[tuple[str, str]]:
    """Return (file, text) of every SQL file, and of every piece of SQL in storage's Python."""
    found = [
        (path.name, re.sub(r"--.*", "", path.read_text("utf-8"))) for path in STORAGE.rglob("*.sql")
    ]
    # The engine's own words have one place.
    for path in set(STORAGE.glob("*.py")) - {STORAGE / "connection.py"}:
        source = path.read_text(encoding="utf-8")
        found += [
            (path.name, text)
            for text in re.findall(r'f?"([^"\n]*)"', source)
            if re.search(r"\b(SELECT|FROM|WHERE|INSERT|UPDATE|DELETE|AND|ORDER BY)\b", text)
        ]
    return found


def test_the_sql_is_such_that_other_engines_share() -> None:
    assert len(sql_texts()) > 60
    assert [
        (name, match[0]) for name, text in sql_texts() for match in SQL_OF_ONE_ENGINE.finditer(text)
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT value -> '$.a'",
        "SELECT json_extract(x, '$')",
        "WHERE name GLOB 'x*'",
        "WHERE d < date('now')",
        "SELECT strftime('%s')",
        "INSERT OR REPLACE INTO x",
    ],
)
def test_the_search_for_such_sql_finds_it(text: str) -> None:
    assert SQL_OF_ONE_ENGINE.search(text)
