"""Fields: a field has the room of its remark until there is one, so that hints are read whole."""

from __future__ import annotations

import pytest

import catalogue
from catalogue import t
from tests.tui.desktops import MakeDesktop, picture, press, settle, write
from tui.views.report_form import ReportForm


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_hints_of_a_finding_are_whole_at_80_columns(desktop: MakeDesktop, lang: str) -> None:
    desk = desktop("huadu", lang=lang)
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "d", "f3")
        shown = picture(desk.app)
        assert catalogue.language() == lang
        assert t("forms.place_hint") in shown
        assert shown.count(t("forms.area_hint")) == 3
        assert t("forms.day_hint") in shown


async def test_a_remark_stands_beside_its_field(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "d", "f3")
        assert not isinstance(desk.app.screen, ReportForm)
        desk.app.screen.query_one("#area").focus()
        await write(pilot, "3.5亩")
        assert "2,333平方米 3.50亩 0.2333公顷" in picture(desk.app)
