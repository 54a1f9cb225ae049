"""Sums as rows: a migration fills them, and a filing changes its own line alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions import reporting
from actions.expecting import roll
from actions.schedules import save_exemptions
from domain.people import Actor
from domain.reports import Content, ReportKind
from domain.schedules import Exemption
from storage.connection import Row
from storage.migrations import numbered, statements
from storage.recounting import contradictions, refill
from storage.store import Store
from storage.summaries import COLUMNS, of_node
from tests.storage.conftest import ADMIN, AT, STARTS

LATER = AT + 40 * 86400
LIAISON = Actor("of-D00", "of-D00", "host")
DAY = STARTS + timedelta(1)


def kept(store: Store) -> list[Row]:
    return store.connection.rows(f"SELECT {COLUMNS} FROM summaries ORDER BY 1, 2, 3, 4")


@pytest.fixture
def lived(store: Store) -> Store:
    """The store after forty days, with filings of every sort and an exemption."""
    zero, daily = Content(ReportKind.ZERO), Content(ReportKind.DAILY, "制止一起")
    reporting.file(store, LIAISON, "D00", DAY, zero, AT)
    reporting.file(store, LIAISON, "D00", DAY, daily, AT + 60, amending=True, reason="漏填")
    reporting.file(store, ADMIN, "D01", DAY, zero, AT + 86400)
    reporting.file(store, ADMIN, "D02", STARTS, zero, AT + 60)
    roll(store, LATER)
    days = (STARTS, STARTS + timedelta(2))
    save_exemptions(store, ADMIN, [Exemption("D02", *days, "防汛")], LATER)
    return store


def test_the_migration_fills_what_the_program_would_have_kept(lived: Store) -> None:
    refill(lived.connection)
    before = kept(lived)
    script = next(path for number, path in numbered() if number == 3).read_text("utf-8")
    lived.connection.execute("DELETE FROM summaries")
    for statement in statements(script):
        if statement.startswith("INSERT INTO summaries"):
            lived.connection.execute(statement)
    assert kept(lived) == before
    assert contradictions(lived.connection) == []


def test_a_filing_changes_the_sums_of_its_line_and_no_others(lived: Store) -> None:
    before = set(kept(lived))
    day = STARTS + timedelta(30)
    reporting.file(lived, ADMIN, "D03", day, Content(ReportKind.ZERO), LATER, reason="补报")
    changed = {(row[0], row[1], row[2]) for row in set(kept(lived)) - before}
    assert changed == {
        (period, node, "district")
        for period in (day.isoformat(), day.isoformat()[:7])
        for node in ("CITY", "")
    }


def test_periods_are_read_in_calendar_order_whatever_is_asked_first(lived: Store) -> None:
    days = [(STARTS + timedelta(number)).isoformat() for number in range(30)]
    found = of_node(lived.connection, "CITY", list(reversed(days)))
    assert [row.period for row in found] == sorted(row.period for row in found)
    assert {row.period for row in found} == set(days)
    assert of_node(lived.connection, "D00", days) == []
    assert {row.kind for row in of_node(lived.connection, "", days, ["department"])} == {
        "department"
    }
