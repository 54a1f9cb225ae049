"""A finding of a report that is like an open matter: it is offered, and linked or not."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from actions import matters
from actions.reported import numbers_of
from actions.reporting import Report, show
from domain.matters import Act
from tests.tui.matters_stage import AT, FRESH, SMALL, TODAY, city, picture, press, settled, staged
from tui.app import LianluoApp
from tui.drafts import NEW
from tui.views.report_form import ReportForm
from tui.widgets.confirm import ConfirmDialog
from tui.widgets.finding import FindingDialog
from tui.widgets.pick_dialog import PickDialog
from tui.widgets.report_fields import ReportFields


def put(app: LianluoApp, name: str, text: str) -> None:
    app.screen.query_one(f"#{name}", Input).value = text


async def found(pilot: Pilot[None], app: LianluoApp, location: str) -> None:
    """Open the form of the day, and add a finding in a town."""
    await settled(pilot)
    await press(pilot, "d")
    put(app, "patrolled", "6")
    await press(pilot, "f3")
    assert isinstance(app.screen, FindingDialog)
    put(app, "place", "440111108")
    put(app, "location", location)
    put(app, "area", "3.5亩")
    app.screen.set_focus(app.screen.query_one("#area"))
    await press(pilot, "enter")


def report(app: LianluoApp) -> Report:
    with city(app) as store:
        return show(store, "440111", TODAY, AT)


def number(app: LianluoApp) -> str:
    findings = report(app).newest.content.findings
    with city(app) as store:
        return numbers_of(store, "440111", TODAY, findings, AT)[1]


async def test_the_same_one_is_offered_and_linked(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await found(pilot, app, "竹料大道旁边")
        assert isinstance(app.screen, PickDialog)
        assert f"{FRESH}  硬化地面停车场  竹料大道旁" in picture(app)
        await press(pilot, "enter")
        assert f"同 {FRESH}" in picture(app)
        await press(pilot, "f2")
        assert isinstance(app.screen, ConfirmDialog)
        assert f"同一事项 {FRESH}" in picture(app)
        await press(pilot, "enter")
    assert report(app).newest.content.findings[0].same_as == FRESH
    assert number(app) == FRESH
    with city(app) as store:
        assert matters.show(store, FRESH, AT).entries[-1].act is Act.SIGHT


async def test_a_new_one_opens_its_own_and_is_not_asked_about_again(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await found(pilot, app, "竹料大道旁边")
        await press(pilot, "end", "up", "down", "down", "enter")
        fields = app.screen.query_one(ReportFields)
        assert [finding.same_as for finding in fields.findings] == [NEW]
        await press(pilot, "f2")
        assert isinstance(app.screen, ConfirmDialog)
        await press(pilot, "enter")
    assert report(app).newest.content.findings[0].same_as == ""
    assert number(app) == "F-2026-0005"


async def test_what_was_not_decided_is_asked_before_it_is_filed(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await found(pilot, app, "竹料大道旁边")
        await press(pilot, "escape", "f2")
        assert isinstance(app.screen, PickDialog)
        await press(pilot, "escape")
        assert isinstance(app.screen, ReportForm)
        await press(pilot, "f2", "enter")
        assert isinstance(app.screen, ConfirmDialog)
        await press(pilot, "enter")
    assert number(app) == FRESH


async def test_another_location_is_another_question(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await found(pilot, app, "竹料大道旁边")
        await press(pilot, "enter")
        app.screen.set_focus(app.screen.query_one("#findings"))
        await press(pilot, "enter")
        put(app, "location", "山顶")
        app.screen.set_focus(app.screen.query_one("#area"))
        await press(pilot, "enter")
        assert isinstance(app.screen, ReportForm)
        fields = app.screen.query_one(ReportFields)
        assert [finding.same_as for finding in fields.findings] == [""]


async def test_what_is_like_nothing_is_not_asked_about(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await found(pilot, app, "山顶")
        assert isinstance(app.screen, ReportForm)
        await press(pilot, "f2")
        assert isinstance(app.screen, ConfirmDialog)
