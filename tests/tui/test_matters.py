"""Matters: the list, a page, and every act by keys, with what is refused and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.pilot import Pilot

import catalogue
from actions import assisting, matter_dates, matters
from domain.matters import Act
from domain.workflows import Outcome
from storage.matters import Filter
from storage.units import Selection
from tests.tui.matters_stage import (
    AT,
    FRESH,
    HELD,
    LARGE,
    SMALL,
    city,
    notice,
    on,
    page_of,
    picture,
    press,
    said,
    seen,
    settled,
    staged,
    standing,
    who,
    write,
)
from tui.views.explanation import ExplanationDialog
from tui.views.matter_page import MatterPage
from tui.views.matters import MattersView
from tui.widgets.check_list import CheckList
from tui.widgets.filling import FillingDialog
from tui.widgets.form import FormDialog
from tui.widgets.pick_dialog import PickDialog


async def shown(pilot: Pilot[None], *keys: str) -> MattersView:
    """Show the matters and press some keys."""
    await settled(pilot)
    await press(pilot, "5", *keys)
    return pilot.app.query_one(MattersView)


def test_a_number_of_the_stage_is_what_it_says(tmp_path: Path) -> None:
    app = staged(tmp_path)
    assert standing(app, HELD).matter.title == "违建厂房"
    assert standing(app, FRESH).matter.title == "硬化地面停车场"


# -- the list ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "row"),
    [
        ("zh", [HELD, "违法线索", "违建厂房", "白云区", "报告", "11-09", "红", "R"]),
        ("en", [HELD, "finding", "违建厂房", "Baiyun", "report", "11-09", "red", "R"]),
    ],
)
async def test_what_falls_due_first_comes_first(tmp_path: Path, lang: str, row: list[str]) -> None:
    app = staged(tmp_path, lang=lang)
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        assert view.rows.has_focus
        lines = [line.split() for line in seen(app)]
        assert row in lines
        first = next(line for line in lines if line and "-2026-" in line[0])
        assert first == row


async def test_the_language_changes_at_once(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "L")
        assert "Open | Closed | All" in picture(app)
        assert "red R" in picture(app)


async def test_open_ones_then_closed_ones_then_all(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        whole = view.rows.count
        await press(pilot, "h")
        assert "F-2026-0001" in picture(app)
        assert HELD not in picture(app)
        closed = view.rows.count
        await press(pilot, "h")
        assert view.rows.count == whole + closed


async def test_kind_and_district_narrow_the_list(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot, "k")
        assert isinstance(app.screen, PickDialog)
        await write(pilot, "违法")
        await press(pilot, "enter")
        assert view.rows.count == 3
        await press(pilot, "d")
        await write(pilot, "番禺")
        await press(pilot, "enter")
        assert view.rows.count == 1
        assert "围填鱼塘" in picture(app)
        assert "违法线索  番禺区" in picture(app)


async def test_typing_filters_by_any_of_its_words(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot, "/")
        await write(pilot, "凤和")
        assert view.rows.count == 3
        await press(pilot, "enter", "escape")
        assert view.rows.count > 3


async def test_a_suspended_matter_says_so_and_is_not_red(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        await shown(pilot)
        line = next(line for line in seen(app) if "围填鱼塘" in line)
        assert "中止中" in line
        assert "红" not in line


async def test_the_picture_can_be_read_without_colour(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "b")
        text = picture(app)
        assert "- 7 天内   = 8–30 天   # 超过 30 天" in text
        assert all(ord(mark) < 128 for mark in "-=#")
        baiyun = next(line for line in seen(app) if "白云区" in line)
        assert "=" in baiyun


async def test_without_colours_the_cursor_and_the_lights_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        strip = view.rows.draw_row(0, 78)
        assert all(segment.style is not None and segment.style.reverse for segment in strip)
        assert "红 R" in picture(app)


async def test_the_picture_stands_beside_the_list_where_there_is_room(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=(200, 60)) as pilot:
        await shown(pilot)
        assert "每周登记、立案、结案" in picture(app)
        assert HELD in picture(app)


# -- a page ------------------------------------------------------------------------------------


async def test_enter_opens_the_page_and_escape_leaves_it(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "enter")
        assert isinstance(app.screen, MatterPage)
        text = picture(app)
        for words in (
            f"{HELD}  违法线索  违建厂房",
            "人和镇  凤和村口",
            "已延期,原 11-18",
            "协助、移送 1/3 已回复",
            "11-09 16:00 已回复",
            "立案 准予延期至 2026-12-02",
            "本地默认",
        ):
            assert words in text
        await press(pilot, "escape")
        assert isinstance(app.view, MattersView)
        assert len(app.screen_stack) == 1


async def test_a_key_of_another_view_leaves_the_page(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "enter", "4")
        assert len(app.screen_stack) == 1
        assert app.view is not None
        assert app.view.id == "overdue"


async def test_the_step_under_the_cursor_is_explained(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        await page_of(pilot, app, HELD)
        await press(pilot, "down", "e")
        assert isinstance(app.screen, ExplanationDialog)
        text = picture(app)
        for words in ("立案", "原期限", "申请延期至 2026-12-02", "准予延期至 2026-12-02", "计入"):
            assert words in text


async def test_a_request_opens_its_own_page(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, HELD)
        app.screen.set_focus(app.screen.query_one("#matter-assists"))
        await press(pilot, "enter")
        assert "A-2026-0001  协助函" in picture(app)
        assert f"所属事项 {HELD}" in picture(app)


async def test_an_entry_is_read_in_full(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        await page_of(pilot, app, "F-2026-0001")
        app.screen.set_focus(app.screen.query_one("#matter-history"))
        await press(pilot, "enter")
        assert "结案:复耕复绿" in picture(app)
        assert "照片 6 张" in picture(app)


async def test_the_matter_is_copied_as_text(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, HELD)
        await press(pilot, "y")
        assert f"{HELD}  违法线索  违建厂房" in app.clipboard
        assert "市公安局" in app.clipboard


async def test_help_is_about_the_page(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        await page_of(pilot, app, HELD)
        await press(pilot, "?")
        text = picture(app)
        assert "说明:事项详情" in text
        assert "办理当前步骤,先看清将写入什么" in text


@pytest.mark.parametrize("widget", [MatterPage, MattersView, FillingDialog, CheckList])
def test_every_key_has_a_name_and_says_what_it_does(widget: type[DOMNode]) -> None:
    for binding in Binding.make_bindings(vars(widget)["BINDINGS"]):
        assert binding.id
        assert catalogue.t(binding.tooltip)
        assert catalogue.t(binding.description)


async def test_an_unknown_number_is_said_in_words(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        app.open_matter("F-2026-9999")
        await settled(pilot)
        assert len(app.screen_stack) == 1
        assert notice(app) == "没有事项 F-2026-9999。"


# -- acts --------------------------------------------------------------------------------------


async def test_a_step_says_what_it_writes_and_writes_it(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "n")
        assert f"写入:{FRESH} 制止 完成" in picture(app)
        await write(pilot, "已停工")
        await press(pilot, "enter")
        assert notice(app) == f"{FRESH} 已写入。"
    view = standing(app, FRESH)
    assert [(step.key, entry.text) for step, entry in view.state.done] == [("stop", "已停工")]


async def test_among_several_open_steps_one_chooses(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "n", "shift+tab", "right")
        assert "核查 完成;接着:报告(11-26 前)、立案(12-07 前)" in said(app)
        await press(pilot, "enter")
    assert [step.key for step, _ in standing(app, FRESH).state.done] == ["verify"]


async def test_a_patrol_to_its_closing_by_keys_alone(tmp_path: Path) -> None:
    """From a finding in a daily report's place to its closing, by two people."""
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "i")
        await write(pilot, "围墙")
        await press(pilot, "tab", "tab", "tab")
        await write(pilot, "小塘村北")
        await press(pilot, "enter")
        assert "已登记 F-2026-0005" in notice(app)
    number = "F-2026-0005"
    assert standing(app, number).matter.location == "小塘村北"

    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, number)
        for _ in ("stop", "verify", "report", "file", "decide", "rectify"):
            await press(pilot, "n")
            await write(pilot, "办")
            await press(pilot, "enter")
        assert "步骤已办完,待结案" in picture(app)
        await press(pilot, "c")
        assert notice(app) == f"{number} 的上一步是你(baiyun)办的,结案须由另一人来办。"

    app = staged(tmp_path, "deputy")
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, number)
        await press(pilot, "c")
        await write(pilot, "验收单9号")
        assert f"写入:{number} 以「复耕复绿」结案" in picture(app)
        await press(pilot, "enter")
        assert "已结案:复耕复绿" in picture(app)
    state = standing(app, number).state
    assert (state.closed_at, state.outcome) == (AT, Outcome.RESTORED)


async def test_closing_needs_evidence(tmp_path: Path) -> None:
    app = staged(tmp_path, "deputy")
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, HELD)
        await press(pilot, "c", "enter")
        assert isinstance(app.screen, FormDialog)
        assert "请写明依据或证据。" in picture(app)
    assert standing(app, HELD).state.closed_at is None


async def test_an_extension_is_asked_by_one_and_granted_by_another(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "down", "x")
        await write(pilot, "2026-12-15")
        await press(pilot, "tab")
        await write(pilot, "等鉴定")
        assert "核查 申请从 11-26 延期至 2026-12-15,待批准" in said(app)
        await press(pilot, "enter")
        assert "申请延期至 2026-12-15" in picture(app)
        await press(pilot, "x")
        assert isinstance(app.screen, MatterPage)
        assert "无权" in notice(app)
    app = staged(tmp_path, "head")
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "down", "x")
        assert "等鉴定" in picture(app)
        assert "写入:批准;核查 从 11-26 延期至 2026-12-15,原期限保留" in said(app)
        await press(pilot, "enter")
    found = standing(app, FRESH).state.open_step("verify")
    assert found is not None
    assert found.extended
    assert found.due_at == on("12-15 23:59:59")


async def test_an_extension_can_be_refused(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    with city(app) as store:
        until = on("12-15 00:00")
        day = store.today(until)
        matter_dates.ask_extension(store, who("baiyun"), FRESH, "verify", day, "忙", AT - 60)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "down", "x", "shift+tab", "right", "enter")
    found = standing(app, FRESH).state.open_step("verify")
    assert found is not None
    assert (found.extended, found.asked) == (False, None)


async def test_a_wrong_day_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "down", "x")
        await write(pilot, "2026-13-40")
        await press(pilot, "enter")
        assert "2026-13-40" in picture(app)
        assert isinstance(app.screen, FormDialog)
    assert standing(app, FRESH).entries[-1].act is Act.OPEN


async def test_a_suspension_shows_which_dates_move(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "p", "tab")
        await write(pilot, "2026-11-25")
        await press(pilot, "tab")
        await write(pilot, "停电")
        assert "核查 11-26 → 11-30" in said(app)
        await press(pilot, "enter")
        assert "中止至 2026-11-25" in picture(app)


async def test_who_may_not_is_told_so(tmp_path: Path) -> None:
    app = staged(tmp_path, "viewer")
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        for key in ("n", "c", "x", "p", "r", "f"):
            await press(pilot, key)
            assert len(app.screen_stack) == 2, key
            assert "无权" in notice(app), key


async def test_a_closed_matter_is_opened_again(tmp_path: Path) -> None:
    app = staged(tmp_path, "head")
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, "F-2026-0001")
        await press(pilot, "n")
        assert "已结案" in notice(app)
        await press(pilot, "o")
        await write(pilot, "又推土")
        assert "第 1 次重开" in picture(app)
        await press(pilot, "enter")
        assert "重开过 1 次" in picture(app)
    state = standing(app, "F-2026-0001").state
    assert [row.step.key for row in state.open] == ["rectify"]


async def test_a_remark_is_added(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "r")
        await write(pilot, "已约镇街")
        await press(pilot, "enter")
        assert "已约镇街" in picture(app)


async def test_other_units_are_asked_for_their_duty(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "f", "enter")
        assert "先用空格勾选单位" in picture(app)
        await press(pilot, "space", "down", "space")
        assert f"就 {FRESH} 请 2 个单位按职责协助:市纪委监察局、市人民检察院" in picture(app)
        await press(pilot, "enter")
        assert "协助、移送 0/2 已回复" in picture(app)
    with city(app) as store:
        asked = assisting.answers(store, FRESH, AT)
    assert [view.matter.unit for view in asked] == ["DISC", "PROC"]


async def test_those_asked_already_are_named_and_not_offered(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, HELD)
        await press(pilot, "f")
        assert "已请、尚未回复:市中级人民法院、市公安局" in picture(app)
        assert "[ ] 市公安局" not in picture(app)


async def test_what_is_there_already_is_offered(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "i")
        await write(pilot, "停车场")
        await press(pilot, "tab", "tab")
        await write(pilot, "440111108")
        await press(pilot, "enter")
        await write(pilot, "竹料大道边")
        await press(pilot, "enter")
        assert isinstance(app.screen, PickDialog)
        assert FRESH in picture(app)
        await press(pilot, "enter")
        await settled(pilot)
    last = standing(app, FRESH).entries[-1]
    assert last.act is Act.REMARK
    assert "又接到同一件:停车场" in last.text
    with city(app) as store:
        found = matters.listed(store, Selection(), Filter(workflow="finding"), AT)
    assert len(found) == 4


async def test_a_key_of_the_configuration_does_the_act(tmp_path: Path) -> None:
    app = staged(tmp_path, keys={"next_step": "f5"})
    async with app.run_test(size=SMALL) as pilot:
        await page_of(pilot, app, FRESH)
        await press(pilot, "n")
        assert len(app.screen_stack) == 2
        await press(pilot, "f5")
        assert isinstance(app.screen, FormDialog)


# -- elsewhere ---------------------------------------------------------------------------------


async def test_today_lists_my_steps_and_opens_their_page(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        await settled(pilot)
        assert any(FRESH in line and "核查" in line for line in seen(app))
        assert any(HELD in line and "逾期" in line for line in seen(app))
        app.screen.set_focus(app.screen.query_one("#overdue"))
        await press(pilot, "enter")
        assert isinstance(app.screen, MatterPage)
        assert HELD in seen(app)[0]


async def test_overdue_has_steps_too_and_can_show_them_alone(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await press(pilot, "4", "k", "k")
        assert "步骤" in seen(app)[2]
        first = next(line for line in seen(app) if "-2026-" in line)
        assert f"{HELD} 报告" in first
        await press(pilot, "y")
        assert f"{HELD}/report  报告  违建厂房" in app.clipboard
        assert "项事项待办" in app.clipboard


# -- pictures ----------------------------------------------------------------------------------

SIZES = [SMALL, LARGE]
NAMES = ["80x24", "120x40"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_the_list(
    tmp_path: Path, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await shown(pilot)

    assert snap_compare(staged(tmp_path, lang=lang), terminal_size=size, run_before=show)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_the_page(
    tmp_path: Path, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    app = staged(tmp_path, lang=lang)

    async def show(pilot: Pilot[None]) -> None:
        await page_of(pilot, app, HELD)

    assert snap_compare(app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_the_picture(
    tmp_path: Path, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await shown(pilot, "b")

    assert snap_compare(staged(tmp_path, lang=lang), terminal_size=size, run_before=show)
