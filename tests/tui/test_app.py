"""The shell: views, keys, language, look, people, errors, and other people's writing."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import Input

import catalogue
from actions.reporting import file_zero
from domain.errors import Busy
from domain.instants import Instant
from domain.people import Actor
from domain.settings import Settings
from storage import reports
from storage.store import Store
from tests.tui.desktops import (
    ADMIN,
    NOW,
    TODAY,
    MakeDesktop,
    picture,
    press,
    settle,
    text_of,
    write,
)
from tui.desk import Desk
from tui.keys import known_ids
from tui.views.report_form import ReportForm
from tui.views.today import TodayView
from tui.widgets.help import HelpDialog
from tui.widgets.keys_bar import KeysBar
from tui.widgets.notice import Notice, Tone
from tui.widgets.title_bar import TitleBar

SMALL = (80, 24)


async def test_number_keys_and_the_mouse_show_the_views(desktop: MakeDesktop) -> None:
    desk = desktop()
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert desk.app.view is not None
        assert desk.app.view.id == "today"
        for key, name in (("2", "board"), ("3", "networks"), ("4", "overdue"), ("1", "today")):
            await press(pilot, key)
            assert desk.app.view.id == name
            assert desk.app.query_one(TitleBar).current == name
        # 联络 takes cells 1 to 4, 1 今日 cells 7 to 12, 2 报送 cells 15 to 20.
        await pilot.click(TitleBar, offset=(16, 0))
        await settle(pilot)
        assert desk.app.view.id == "board"


async def test_the_footer_shows_what_fits_whole_and_does_it_on_a_click(
    desktop: MakeDesktop,
) -> None:
    desk = desktop("huadu", lang="en")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        line = str(desk.app.query_one(KeysBar).render())
        assert line.startswith("z Zero  d Daily  a Amend  Enter Open")
        assert line.endswith("? Help  Ctrl+P Commands")
        assert len(line) <= 78
        await pilot.click(KeysBar, offset=(2, 0))
        await settle(pilot)
        assert "Zero report  Huadu" in text_of(desk.app, "#dialog .title")


async def test_the_language_changes_at_once_and_everywhere(desktop: MakeDesktop) -> None:
    desk = desktop()
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "L")
        shown = picture(desk.app)
        assert "1 Today 2 Board 3 Networks 4 Overdue" in shown
        assert "2026-11-23 Monday  working day" in shown
        assert "due in 34 min (17:00)" in shown
        assert "Planning Bureau  . pending" in shown
        await press(pilot, "L")
        assert "1 今日  2 报送  3 网络  4 逾期" in picture(desk.app)
    assert catalogue.language() == "zh"


async def test_dark_and_light(desktop: MakeDesktop) -> None:
    desk = desktop(theme="light")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert not desk.app.current_theme.dark
        await press(pilot, "T")
        assert desk.app.current_theme.dark


async def test_without_colour_everything_is_still_a_word(
    desktop: MakeDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert desk.app.no_color
        shown = picture(desk.app)
    assert "待 待报" in shown
    assert "缺  2026-11-20" in shown


async def test_the_question_mark_explains_what_has_the_focus(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for key in ("question_mark", "fullwidth_question_mark", "f1"):
            await press(pilot, key)
            assert isinstance(desk.app.screen, HelpDialog)
            shown = picture(desk.app)
            assert "说明:今日" in shown
            assert "市规划局  2026-11-23 星期一  待报" in shown
            assert "零报告" in shown
            assert "免 免报" in shown
            await press(pilot, "escape")
            assert isinstance(desk.app.view, TodayView)


async def test_the_palette_finds_acts_by_name(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+p")
        assert isinstance(desk.app.screen, CommandPalette)
        await write(pilot, "报送")
        await pilot.pause(0.3)
        await press(pilot, "enter")
        await press(pilot, "enter")
        assert desk.app.view is not None
        assert desk.app.view.id == "board"


async def test_keys_are_mapped_anew_by_their_ids(desktop: MakeDesktop) -> None:
    desk = desktop("plan", keys={"zero": "f5", "board": "f6"})
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "F5 零报告" in picture(desk.app)
        assert "F6 报送" in picture(desk.app)
        await press(pilot, "z")
        assert isinstance(desk.app.screen.query_one(TodayView), TodayView)
        await press(pilot, "f5")
        assert "零报告  市规划局" in text_of(desk.app, "#dialog .title")
        await press(pilot, "escape", "f6")
        assert desk.app.view is not None
        assert desk.app.view.id == "board"


async def test_a_configured_key_for_nothing_is_named(desktop: MakeDesktop) -> None:
    desk = desktop("plan", keys={"zeor": "f5"})
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        notice = desk.app.query_one(Notice)
        assert (notice.text, notice.tone) == ("配置 [keys] 里没有这样的按键名:zeor。", Tone.ERROR)


async def test_keys_of_pages_and_dialogs_can_be_configured_too(desktop: MakeDesktop) -> None:
    desk = desktop("plan", keys={"plot_next": "f6", "place_down": "f7", "file": "f8"})
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert desk.app.query_one(Notice).text == ""


def test_every_key_that_is_shown_has_an_id_and_says_what_it_does() -> None:
    ids = known_ids(["tui.app", "tui.views.today", "tui.views.report_form", "tui.widgets.zero"])
    assert {"zero", "daily", "amend", "explain", "copy", "help", "palette", "send"} <= ids


async def test_in_a_demo_another_person_acts(desktop: MakeDesktop, demo: Path) -> None:
    desk = desktop("admin", path=demo)
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "[演示]" in picture(desk.app)
        await press(pilot, "w")
        await write(pilot, "市规划局联络")
        await press(pilot, "enter")
        shown = picture(desk.app)
        assert "plan  [演示]" in shown
        assert "市规划局  待 待报" in shown
        await press(pilot, "z", "enter")
    with desk.store() as store:
        filed = reports.revisions(store.connection, "PLAN", TODAY)[0]
    assert (filed.filed_by, filed.keyed_by) == ("plan", "admin")


async def test_outside_a_demo_nobody_changes_places(desktop: MakeDesktop) -> None:
    desk = desktop("admin")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "w")
        assert len(desk.app.screen_stack) == 1
        assert "w 换人" not in picture(desk.app)


async def test_only_an_admin_acts_as_somebody_else(desktop: MakeDesktop) -> None:
    desk = desktop("plan", as_login="huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "无权代他人操作" in desk.app.query_one(Notice).text


async def test_a_filing_by_another_process_appears(desktop: MakeDesktop) -> None:
    desk = desktop("plan", watch_seconds=0.01)
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "待 待报" in text_of(desk.app, "#status")
        with desk.store() as store:
            file_zero(store, Actor("plan", "plan"), "PLAN", TODAY, NOW - 60)
        for _ in range(200):
            await pilot.pause(0.02)
            if "零 按时" in text_of(desk.app, "#status"):
                break
        assert "零 按时" in text_of(desk.app, "#status")


def test_the_watch_tells_of_each_write_until_it_is_closed(desktop: MakeDesktop) -> None:
    path = desktop("plan").path
    desk = Desk(path, Settings(), login="plan", now=lambda: NOW, watch_seconds=0)
    changes: list[str] = []

    def changed() -> None:
        changes.append("changed")
        desk.close()

    watcher = threading.Thread(target=desk.watch, args=(changed,))
    watcher.start()
    other = sqlite3.connect(path)
    number = 0
    while watcher.is_alive():
        number += 1
        other.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('n', ?)", (str(number),))
        other.commit()
        watcher.join(0.01)
    other.close()
    assert changes == ["changed"]


async def test_a_busy_store_is_waited_for_and_says_so(
    desktop: MakeDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.asking.PATIENCE", 0.01)
    desk = desktop("plan")
    free = threading.Event()

    def question(_store: Store, _actor: Actor, _at: Instant) -> str:
        free.wait()
        raise Busy("errors.store_busy", store="city.db")

    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        notice = desk.app.query_one(Notice)
        desk.app.ask(question, lambda _: None)
        while notice.text == "":
            await pilot.pause(0.01)
        assert notice.text == "数据文件正忙,正在等候……"
        free.set()
        await settle(pilot)
        assert notice.text.startswith("city.db 正被别人写入,没有写入")
        assert notice.tone is Tone.ERROR


async def test_a_mistake_of_the_program_is_a_sentence_not_a_crash(desktop: MakeDesktop) -> None:
    desk = desktop("plan")

    def question(_store: Store, _actor: Actor, _at: Instant) -> str:
        raise ZeroDivisionError

    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert desk.app.view is not None
        for asker in (desk.app, desk.app.view):
            asker.ask(question, lambda _: None)
            await settle(pilot)
            assert desk.app.query_one(Notice).text.startswith("程序出错(ZeroDivisionError, ")
            desk.app.say("")
        await press(pilot, "2")
        assert desk.app.view.id == "board"


async def test_a_damaged_store_is_a_sentence(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    desk.path.write_bytes(b"not a store at all" * 100)
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "city.db" in desk.app.query_one(Notice).text
        assert desk.app.query_one(Notice).tone is Tone.ERROR


async def test_the_cursor_of_fields_does_not_blink(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "z")
        assert not desk.app.screen.query_one("#patrolled", Input).cursor_blink


async def test_letters_and_digits_of_the_views_do_nothing_in_a_form(
    desktop: MakeDesktop, demo: Path
) -> None:
    desk = desktop(ADMIN, path=demo)
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "u", "4", "4", "0", "1", "1", "1", "enter", "d")
        form = desk.app.screen
        assert isinstance(form, ReportForm)
        form.set_focus(None)
        await press(pilot, "2", "w", "q")
        assert desk.app.screen is form
        assert "Esc 返回" in picture(desk.app)
        assert desk.app.view is not None
        assert desk.app.view.id == "today"
        assert desk.app.is_running
        await press(pilot, "escape", "q")
        assert not desk.app.is_running


async def test_where_one_writes_the_key_of_the_help_is_one_that_writes_nothing(
    desktop: MakeDesktop,
) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "? 说明" in picture(desk.app)
        await press(pilot, "d")
        assert "F1 说明" in picture(desk.app)
        await press(pilot, "question_mark")
        assert isinstance(desk.app.screen, ReportForm)
        await press(pilot, "f1")
        assert isinstance(desk.app.screen, HelpDialog)


async def test_the_palette_says_that_nothing_is_called_so(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "2", "ctrl+p")
        await pilot.pause(0.3)
        assert "上键" not in picture(desk.app)
        await write(pilot, "盖章")
        await pilot.pause(0.3)
        assert "没有这样的操作" in picture(desk.app)
        await press(pilot, "enter", "enter")
        assert desk.app.view is not None
        assert desk.app.view.id == "board"


async def test_the_help_names_the_arrows_in_words(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=(80, 60)) as pilot:
        await settle(pilot)
        await press(pilot, "2", "question_mark")
        assert "上键" in picture(desk.app)


async def test_what_no_widget_survives_ends_in_a_sentence(
    desktop: MakeDesktop, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desktop("plan")

    def fail() -> None:
        raise ZeroDivisionError

    async def run() -> None:
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            desk.app.call_later(fail)
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await run()
    told = capsys.readouterr().err
    assert "程序出错(ZeroDivisionError, " in told
    assert "Traceback" not in told
    assert desk.app.return_code == 1
