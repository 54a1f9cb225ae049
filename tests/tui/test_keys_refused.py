"""A key that somebody may not use says why, whoever acts: nothing is silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.desktops import MakeDesktop, press, settle
from tests.tui.matters_stage import HELD, SMALL, notice, page_of, settled, staged
from tests.tui.matters_stage import press as press_there
from tui.views.today import TodayView
from tui.widgets.notice import Notice


@pytest.mark.parametrize("key", ["z", "d", "a"])
@pytest.mark.parametrize("login", ["plan-head", "stranger"])
async def test_who_may_not_file_is_told_so(desktop: MakeDesktop, login: str, key: str) -> None:
    desk = desktop(login, lang="en")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, key)
        assert len(desk.app.screen_stack) == 1
        said = desk.app.query_one(Notice).text
        assert said == f"The login {login} may not file reports; ask an administrator."


@pytest.mark.parametrize(("lang", "words"), [("zh", "只有管理员"), ("en", "Only an administrator")])
async def test_other_units_are_for_admins(desktop: MakeDesktop, lang: str, words: str) -> None:
    desk = desktop("plan", lang=lang)
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "u")
        assert words in desk.app.query_one(Notice).text


async def test_in_the_name_of_another_the_others_rights_count(desktop: MakeDesktop) -> None:
    desk = desktop("admin", as_login="plan-head", lang="en")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert desk.app.query_one(TodayView).display
        await press(pilot, "z")
        assert "plan-head may not file" in desk.app.query_one(Notice).text


MATTER_KEYS = ["n", "c", "x", "f", "r", "p"]


@pytest.mark.parametrize("login", ["viewer", "panyu", "stranger"])
async def test_who_may_not_work_on_a_matter_is_told_so(tmp_path: Path, login: str) -> None:
    app = staged(tmp_path, login, lang="en")
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, HELD)
        for key in MATTER_KEYS:
            app.say("")
            depth = len(app.screen_stack)
            await press_there(pilot, key)
            assert len(app.screen_stack) == depth, key
            assert login in notice(app), key
            assert "may not" in notice(app), key


@pytest.mark.parametrize("login", ["viewer", "stranger"])
async def test_who_may_not_open_a_matter_is_told_so(tmp_path: Path, login: str) -> None:
    app = staged(tmp_path, login, lang="en")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await press_there(pilot, "5", "i")
        assert len(app.screen_stack) == 1
        assert f"The login {login} may not work on matters" in notice(app)


@pytest.mark.parametrize("login", ["baiyun", "head", "viewer", "panyu", "power", "stranger"])
async def test_who_may_not_supervise_is_told_so(tmp_path: Path, login: str) -> None:
    app = staged(tmp_path, login, lang="en")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await press_there(pilot, "6")
        for key, action in (("i", "issue"), ("u", "run")):
            app.say("")
            await press_there(pilot, key)
            assert len(app.screen_stack) == 1, key
            assert f"The login {login} may not {action}" in notice(app), key


async def test_a_supervisor_is_told_what_is_an_admins(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup", lang="en")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await press_there(pilot, "6", "u")
        assert "The login sup may not run" in notice(app)
        # Away from the notices, their keys say that none is in hand.
        await press_there(pilot, "n")
        for key in ("s", "r", "v"):
            app.say("")
            await press_there(pilot, key)
            assert notice(app) == "No notice is selected here."


@pytest.mark.parametrize("login", ["viewer", "stranger"])
async def test_notices_are_answered_by_who_may(tmp_path: Path, login: str) -> None:
    app = staged(tmp_path, login, lang="en")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await press_there(pilot, "6")
        for key in ("s", "r", "v"):
            app.say("")
            await press_there(pilot, key)
            assert len(app.screen_stack) == 1, key
            assert notice(app), key
