"""Today: status, countdown, zero, overdue days, several units, and who may do what."""

from __future__ import annotations

from datetime import date

import pytest
from textual.events import Key
from textual.widgets import Input

from actions import reporting
from actions.reporting import file_zero
from domain.people import Actor
from domain.reports import ReportKind, Status
from storage.units import Selection
from tests.tui.desktops import (
    NOW,
    TODAY,
    ZONE,
    Desktop,
    MakeDesktop,
    picture,
    press,
    settle,
    text_of,
    write,
)
from tui.views.today import TodayView
from tui.widgets.countdown import Countdown
from tui.widgets.day_strip import DayStrip
from tui.widgets.notice import Notice
from tui.widgets.short_list import ShortList
from tui.widgets.unit_grid import UnitGrid
from tui.widgets.zero import ZeroDialog

SMALL, LARGE = (80, 24), (120, 40)


def notice(desk: Desktop) -> str:
    return desk.app.query_one(Notice).text


def standing(desk: Desktop, unit: str, day: date = TODAY) -> reporting.Report:
    with desk.store() as store:
        return reporting.show(store, unit, day, desk.clock.at)


async def test_says_who_when_and_that_nothing_is_filed(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        shown = picture(desk.app)
    assert "市规划局联络员" in shown
    assert "2026-11-23 星期一  工作日" in shown
    assert "距截止 34 分钟 (17:00)" in shown
    assert "市规划局  待 待报" in shown
    assert "上次: 11-19 16:10 零报告" in shown


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-10-01", "节假日(国庆节)"),
        ("2026-10-10", "调休上班(国庆节调休)"),
        ("2026-11-22", "周末"),
        ("2027-01-04", "官方日历未到此年"),
    ],
)
async def test_says_what_kind_of_day_it_is(desktop: MakeDesktop, day: str, said: str) -> None:
    desk = desktop("plan")
    desk.clock.at = ZONE.parse(f"{day} 09:00:00")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert said in text_of(desk.app, "#day")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-23 14:29:30", "距截止 2 小时 30 分 (17:00)"),
        ("2026-11-23 16:49:59", "距截止 10 分钟 (17:00)"),
        ("2026-11-23 16:50:00", "距截止 10:00 (17:00)"),
        ("2026-11-23 16:59:59", "距截止 00:01 (17:00)"),
        ("2026-11-23 17:00:00", "距截止 00:00 (17:00)"),
        ("2026-11-23 17:00:01", "已过截止 17:00,距未报 6 小时 59 分"),
        ("2026-11-23 23:55:00", "已过截止 17:00,距未报 04:59"),
    ],
)
async def test_the_countdown_follows_the_clock(desktop: MakeDesktop, at: str, said: str) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        desk.clock.at = ZONE.parse(at)
        assert said in str(desk.app.query_one("#countdown").render())


async def test_a_second_draws_the_countdown_in_the_last_ten_minutes_alone(
    desktop: MakeDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        countdown = desk.app.query_one(Countdown)
        drawn: list[str] = []
        monkeypatch.setattr(countdown, "refresh", lambda: drawn.append(str(countdown.render())))
        for second in ("16:26:03", "16:26:04", "16:26:59", "16:52:00", "16:52:01", "16:52:01"):
            desk.clock.at = ZONE.parse(f"2026-11-23 {second}")
            countdown.look()
        assert [text.strip() for text in drawn] == [
            "距截止 33 分钟 (17:00)",
            "距截止 08:00 (17:00)",
            "距截止 07:59 (17:00)",
        ]


async def test_the_first_view_is_drawn_with_its_data(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert desk.app._batch_count == 0
        await desk.app.query_one(TodayView).ready()


async def test_the_cut_off_changes_the_status_when_the_minute_is_over(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        desk.clock.at = ZONE.parse("2026-11-23 17:00:01")
        desk.app._tick()
        await settle(pilot)
        assert "逾 逾期" in text_of(desk.app, "#status")


async def test_a_zero_takes_one_key_one_number_and_enter(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "z", "8", "enter")
        assert notice(desk).startswith("已报 R-20261123-440114-1 16:25:48 按时")
        assert "零 按时" in text_of(desk.app, "#status")
    content = standing(desk, "440114").newest.content
    assert (content.kind, content.areas_planned, content.areas_patrolled) == (
        ReportKind.ZERO,
        8,
        8,
    )


async def test_keys_typed_in_one_go_all_reach_the_dialog(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        for key, character in (("z", "z"), ("6", "6"), ("enter", "\r")):
            desk.app.post_message(Key(key, character))
        await settle(pilot)
        await settle(pilot)
        assert notice(desk).startswith("已报 R-20261123-440114-1 16:25:48 按时")
    assert standing(desk, "440114").newest.content.areas_patrolled == 6


async def test_patrolled_must_be_given_and_planned_is_carried_over(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "z")
        assert desk.app.screen.query_one("#planned", Input).value == "8"
        await press(pilot, "enter")
        assert isinstance(desk.app.screen, ZeroDialog)
        assert "请填写实际数" in text_of(desk.app, "#dialog-error")
        await press(pilot, "6")
        assert text_of(desk.app, "#dialog-error") == ""
        said = text_of(desk.app, "#sentence")
        assert "今日巡查上述区域,未发现新增违法用地。" in said
        assert "6/8 部分零报:还有 2 未巡查" in said
        assert "现在报送算:按时" in text_of(desk.app, "#would-be")
        await press(pilot, "escape")
        assert isinstance(desk.app.view, TodayView)
    with desk.store() as store:
        assert reporting.listed(store, TODAY, TODAY, Selection(unit="440114"), NOW) == []


async def test_a_department_need_not_count_areas(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "z")
        assert "今日履职中未发现新增违法用地" in text_of(desk.app, "#sentence")
        await press(pilot, "enter")
    assert standing(desk, "PLAN").newest.content.areas_planned is None


async def test_a_second_zero_is_refused_in_words(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        with desk.store() as store:
            file_zero(store, Actor("huadu", "huadu"), "440114", TODAY, NOW, areas=(8, 8))
        await press(pilot, "z")
        assert "R-20261123-440114-1" in text_of(desk.app, "#would-be")
        await press(pilot, "7", "enter")
        assert "已报过(回执 R-20261123-440114-1)" in text_of(desk.app, "#dialog-error")
    assert len(standing(desk, "440114").revisions) == 1


async def test_an_overdue_day_is_filed_late_and_says_so_before(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        listed = desk.app.query_one("#overdue", ShortList)
        shown = picture(desk.app)
        assert "缺  2026-11-20  逾期 3 天(1 个工作日)    现在报送:补报" in shown
        assert "缺  2026-11-04  逾期 19 天(13 个工作日)  已锁定" in shown
        desk.app.screen.set_focus(listed)
        await press(pilot, "enter")
        assert "2026-11-20" in text_of(desk.app, "#dialog .title")
        assert "现在报送算:补报" in text_of(desk.app, "#would-be")
        await press(pilot, "enter")
        assert notice(desk).startswith("已报 R-20261120-PLAN-1 16:25:48 补报")
        assert len(listed.lines) == 1
    assert standing(desk, "PLAN", date(2026, 11, 20)).status is Status.MADE_UP


async def test_a_locked_day_says_who_may_file_it(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        desk.app.screen.set_focus(desk.app.query_one("#overdue"))
        await press(pilot, "down", "enter")
        assert "已锁定,只有管理员" in text_of(desk.app, "#would-be")
        await press(pilot, "enter")
        assert "已锁定,只有管理员" in text_of(desk.app, "#dialog-error")


async def test_an_admin_files_a_locked_day_with_a_reason(desktop: MakeDesktop) -> None:
    desk = desktop("admin")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "u")
        await write(pilot, "plan")
        await press(pilot, "enter")
        desk.app.screen.set_focus(desk.app.query_one("#overdue"))
        await press(pilot, "down", "enter")
        assert desk.app.screen.query_one("#reason-line").display
        await press(pilot, "enter")
        assert "须说明原因" in text_of(desk.app, "#dialog-error")
        desk.app.screen.set_focus(desk.app.screen.query_one("#reason", Input))
        await write(pilot, "系统故障")
        await press(pilot, "enter")
        assert notice(desk).startswith("已报 R-20261104-PLAN-1 16:25:48 补报")
    assert standing(desk, "PLAN", date(2026, 11, 4)).newest.reason == "系统故障"


async def test_the_strip_has_a_letter_for_each_of_thirty_days(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        strip = desk.app.query_one(DayStrip)
        letters, dates = str(strip.render()).split("\n")
        # Monday 11-16 to Monday 11-23; weekends are blank.
        assert letters.endswith("零零零零缺    待")
        assert "迟" in letters
        assert dates.split() == ["10-25", "11-01", "11-08", "11-15", "11-23"]
        assert text_of(desk.app, "#strip-detail").startswith("2026-11-23 星期一  待报")
        await press(pilot, "left", "left", "left")
        assert text_of(desk.app, "#strip-detail").startswith("2026-11-20 星期五  未报")
        await press(pilot, "home", "left")
        assert text_of(desk.app, "#strip-detail").startswith("2026-10-25 星期日  不需报")
        await press(pilot, "end")
        assert text_of(desk.app, "#strip-detail").startswith("2026-11-23")


async def test_enter_on_a_filed_day_shows_what_was_filed(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=LARGE) as pilot:
        await settle(pilot)
        await press(pilot, "left", "left", "left", "left", "enter")
        shown = picture(desk.app)
        assert "R-20261119-440114-1" in shown
        assert "狮岭镇发现推土一宗" in shown


async def test_the_wide_screen_lists_the_days_beside(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=LARGE) as pilot:
        await settle(pilot)
        shown = picture(desk.app)
        assert "11-22 日  零  按时  16:10  部分零报 6/8" in shown
        assert "11-19 四  报  按时  16:20  日报告 8/8" in shown
        assert "11-11 三  补  补报  09:05  零报告 8/8" in shown


async def test_what_is_selected_is_explained_and_copied(
    desktop: MakeDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desktop("plan")
    copied: list[str] = []
    monkeypatch.setattr(desk.app, "copy_to_clipboard", copied.append)
    async with desk.app.run_test(size=LARGE) as pilot:
        await settle(pilot)
        await press(pilot, "left", "left", "left", "y")
        assert copied[0].startswith("市规划局  2026-11-20 星期五  未报")
        assert notice(desk) == "已复制。"
        await press(pilot, "e")
        assert "R-20261120-PLAN" in picture(desk.app)


class TestSeveralUnits:
    """The liaison of a district with two towns that file daily."""

    async def test_a_row_for_each_unit(self, desktop: MakeDesktop) -> None:
        desk = desktop("baiyun")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            grid = desk.app.query_one(UnitGrid)
            assert [row.code for row in grid.rows] == ["440111", "440111103", "440111108"]
            assert "今日已报 0/3 个单位" in text_of(desk.app, "#status")

    async def test_rows_are_filed_one_after_the_other(self, desktop: MakeDesktop) -> None:
        desk = desktop("baiyun")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "z", "6")
            # Nothing was filed before: planned comes first, then patrolled.
            assert "请填写实际数" in text_of(desk.app, "#grid-sentence")
            await press(pilot, "tab", "5")
            assert "5/6 部分零报:还有 1 未巡查" in text_of(desk.app, "#grid-sentence")
            await press(pilot, "enter")
            assert notice(desk).startswith("已报 R-20261123-440111-1 16:25:48 按时")
            await press(pilot, "4", "tab", "4", "enter")
            assert "今日已报 2/3 个单位" in text_of(desk.app, "#status")
        assert standing(desk, "440111").newest.content.partial
        assert standing(desk, "440111103").newest.content.areas_planned == 4

    async def test_digits_change_the_view_unless_a_row_is_filled_in(
        self, desktop: MakeDesktop
    ) -> None:
        desk = desktop("baiyun")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "z", "2")
            assert isinstance(desk.app.view, TodayView)
            await press(pilot, "escape", "4")
            assert not isinstance(desk.app.view, TodayView)

    async def test_z_in_a_row_opens_the_dialog_with_what_was_typed(
        self, desktop: MakeDesktop
    ) -> None:
        desk = desktop("baiyun")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "down", "z", "5", "tab", "4", "z")
            assert "人和镇" in text_of(desk.app, "#dialog .title")
            assert desk.app.screen.query_one("#planned", Input).value == "5"
            assert desk.app.screen.query_one("#patrolled", Input).value == "4"


class TestOthers:
    """People without a unit to file for."""

    async def test_the_countdown_moves_while_another_unit_is_asked_for(
        self, desktop: MakeDesktop
    ) -> None:
        desk = desktop("admin")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "u")
            await write(pilot, "hdq")
            await press(pilot, "enter")
            view = desk.app.query_one(TodayView)
            countdown = view.query_one(Countdown)
            assert countdown.due_at is not None
            view._unit_chosen("")
            assert str(countdown.render()).strip() == ""
            await settle(pilot)

    async def test_an_admin_sees_the_city_and_chooses_a_unit(self, desktop: MakeDesktop) -> None:
        desk = desktop("admin")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            assert "全市今日已报 0/29" in text_of(desk.app, "#status")
            await press(pilot, "u")
            await write(pilot, "hdq")
            await press(pilot, "enter")
            assert "花都区  待 待报" in text_of(desk.app, "#status")
            await press(pilot, "u", "enter")
            assert "全市今日已报 0/29" in text_of(desk.app, "#status")

    async def test_a_leader_reads_and_files_nothing(self, desktop: MakeDesktop) -> None:
        desk = desktop("plan-head")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            assert "只能查看" in text_of(desk.app, "#status")
            await press(pilot, "z")
            assert isinstance(desk.app.view, TodayView)
            assert "z 零报告" not in picture(desk.app)

    async def test_somebody_unknown_is_told_where_to_look(self, desktop: MakeDesktop) -> None:
        desk = desktop("nobody")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            assert "您没有自己的单位;请看“报送”和“逾期”。" in text_of(desk.app, "#status")
