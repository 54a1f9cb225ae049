"""The first start without a store: three ways, then straight to today."""

from __future__ import annotations

import tomllib
from pathlib import Path

from textual.widgets import Input

from actions.people import is_admin
from exchange.config import default_store, user_path
from tests.tui.desktops import MakeDesktop, picture, press, settle, write
from tui.views.first_run import FirstRunView
from tui.views.today import TodayView
from tui.widgets.notice import Notice

SMALL = (80, 24)


async def test_three_choices_in_words_and_no_tabs(desktop: MakeDesktop, tmp_path: Path) -> None:
    desk = desktop("somebody", path=tmp_path / "none.db")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        shown = picture(desk.app)
        assert "1  试用演示" in shown
        assert "2  建立本市数据" in shown
        assert "3  打开已有文件" in shown
        assert "2 报送" not in shown
        await press(pilot, "4")
        assert isinstance(desk.app.view, FirstRunView)
        await press(pilot, "L")
        assert "1  Try the demo" in picture(desk.app)
    assert not desk.path.exists()


async def test_the_demo_opens_on_today(desktop: MakeDesktop, tmp_path: Path) -> None:
    desk = desktop("somebody", path=tmp_path / "new.db")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert isinstance(desk.app.view, TodayView)
        shown = picture(desk.app)
        assert "[演示]" in shown
        assert "白云区" in shown
        assert f"已打开 {desk.path}" in desk.app.query_one(Notice).text
    with desk.store() as store:
        assert store.demo


async def test_a_demo_stands_beside_the_users_own_store(desktop: MakeDesktop) -> None:
    desk = desktop("somebody", path=default_store())
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "1", "enter")
        assert isinstance(desk.app.view, TodayView)
    demo = default_store().with_name("demo.db")
    assert demo.exists()
    assert not default_store().exists()
    # The next start goes straight there.
    assert tomllib.loads(user_path().read_text(encoding="utf-8")) == {"store": str(demo)}


async def test_a_city_is_set_up_from_its_registry(desktop: MakeDesktop, tmp_path: Path) -> None:
    desk = desktop("somebody", path=tmp_path / "new.db")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "2", "enter")
        assert "全市今日已报 0/27" in picture(desk.app)
    with desk.store() as store:
        assert not store.demo
        assert store.starts.isoformat() == "2026-11-23"
    assert not user_path().exists()


async def test_a_registry_that_is_none_is_refused_in_words(
    desktop: MakeDesktop, tmp_path: Path
) -> None:
    desk = desktop("somebody", path=tmp_path / "new.db")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "2")
        desk.app.query_one("#registry", Input).value = str(tmp_path / "nowhere")
        await press(pilot, "enter")
        assert "没有注册表文件夹" in desk.app.query_one(Notice).text
        desk.app.query_one("#registry", Input).value = "guangzhou"
        await press(pilot, "enter")
        assert isinstance(desk.app.view, TodayView)


async def test_an_existing_file_is_opened_and_remembered(
    desktop: MakeDesktop, populated: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "shared.db"
    shared.write_bytes(populated.read_bytes())
    desk = desktop("plan", path=tmp_path / "none.db")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "3", "enter")
        assert "请填写数据文件的路径。" in desk.app.query_one(Notice).text
        await write(pilot, str(shared))
        await press(pilot, "enter")
        assert "市规划局  待 待报" in picture(desk.app)
    assert tomllib.loads(user_path().read_text(encoding="utf-8")) == {"store": str(shared)}


async def test_a_file_that_is_no_store_is_refused_in_words(
    desktop: MakeDesktop, tmp_path: Path
) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("sehr geehrte")
    desk = desktop("plan", path=tmp_path / "none.db")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "3")
        desk.app.query_one("#store", Input).value = str(other)
        await press(pilot, "enter")
        assert isinstance(desk.app.view, FirstRunView)
        assert "letter.txt" in desk.app.query_one(Notice).text
    assert not user_path().exists()


async def test_whoever_sets_it_up_is_its_administrator(
    desktop: MakeDesktop, tmp_path: Path
) -> None:
    desk = desktop("somebody", path=tmp_path / "new.db")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "2", "enter")
    with desk.store() as store:
        assert is_admin(store, "somebody", desk.clock.at)
