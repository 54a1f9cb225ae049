"""What the report panel says of how a report came about: for ever, and as `report show` does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from textual.widgets import Static

from actions.entering import enter
from actions.reporting import file_zero
from actions.schedules import save_schedules
from domain.people import Actor
from domain.schedules import Days, Schedule
from domain.settings import Settings
from storage import reports
from tests.tui.views.staging import AT, Stage, press, settled
from tui.views.board import BoardView
from tui.views.report_panel import ReportPanel

ADMIN = Actor("admin", "admin", "host")
PROXY = Actor("baiyun", "admin", "host")
WEDNESDAY = date(2026, 11, 18)
FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def altered(stage: Stage, tmp_path: Path) -> Stage:
    """Restate one day, have another keyed in by somebody else after its lock, import a third."""
    store, _ = enter(tmp_path / "city.db", Settings(), "admin", None, "host", AT)
    with store:
        row = Schedule("440111", Days.DAILY, time(19, 0), valid_from=WEDNESDAY, valid_to=WEDNESDAY)
        save_schedules(store, ADMIN, [row], AT, restate_past=True)
        file_zero(store, PROXY, "440111", MONDAY, AT, areas=(6, 6))
        file_zero(store, ADMIN, "440111", FRIDAY, AT + 40 * 86400, areas=(6, 6), reason="补报")
        with store.connection.writing():
            [revision] = reports.revisions(store.connection, "440103", WEDNESDAY)
            again = replace(revision, number=2, reason="补录", imported=True, keyed_by="admin")
            reports.add(store.connection, [again])
    return stage


@pytest.mark.parametrize(
    ("lang", "unit", "day", "wanted"),
    [
        ("zh", "440111", WEDNESDAY, ("重算", "admin 重算:迟报 改为 按时")),
        ("en", "440111", WEDNESDAY, ("Restated", "by admin: from late to on time")),
        ("zh", "440111", FRIDAY, ("补报", "情形", "锁定后")),
        ("zh", "440111", MONDAY, ("情形", "代报", "baiyun")),
        ("zh", "440103", WEDNESDAY, ("情形", "导入")),
    ],
)
async def test_how_a_report_came_about_is_said(
    altered: Stage, lang: str, unit: str, day: date, wanted: tuple[str, ...]
) -> None:
    app = altered(lang, at=AT + 41 * 86400)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "2")
        panel = app.query_one(BoardView).query_one(ReportPanel)
        panel.display = True
        panel.show(unit, day)
        await settled(pilot)
        text = str(panel.query_one("#report-text", Static).content)
        for each in wanted:
            assert each in text
