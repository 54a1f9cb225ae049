from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from actions.opening import Registry, found
from actions.overdue import Owed
from domain.people import Actor
from domain.schedules import Days
from domain.settings import DEFAULT_DAYS, CityRules
from domain.units import Kind, Unit
from storage.checks import look_over
from storage.connection import Connection, Row
from tests.tui.views.staging import (
    AT,
    ZONE,
    Stage,
    line_with,
    press,
    seen,
    settled,
    staged,
    type_in,
)
from tui.app import LianluoApp
from tui.views.explanation import ExplanationDialog
from tui.views.overdue import FIRST, OverdueView
from tui.views.unit_card import UnitCard

SMALL, LARGE = (80, 24), (120, 40)


async def opened(pilot: Pilot[None], *keys: str) -> OverdueView:
    """Show the overdue list and press some keys."""
    await settled(pilot)
    await press(pilot, "4", *keys)
    return pilot.app.query_one(OverdueView)


def listed(view: OverdueView) -> Sequence[Owed]:
    """Return what is listed."""
    assert view._listed is not None
    return view._listed.owed


def showing(app: LianluoApp, screen: type[Screen[Any]]) -> bool:
    """Return whether a screen of this type is on top."""
    return isinstance(app.screen, screen)


@pytest.mark.parametrize(
    ("lang", "first", "sum_"),
    [
        ("zh", ["红", "R", "7", "天", "5", "黄埔区", "日报", "2026-11-16"], "114 项,21 个单位"),
        (
            "en",
            ["red", "R", "7", "d", "5", "Huangpu", "report", "2026-11-16"],
            "overdue: 114, units: 21",
        ),
    ],
)
async def test_the_longest_comes_first(
    stage: Stage, lang: str, first: list[str], sum_: str
) -> None:
    app = stage(lang)
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        assert view.rows.has_focus
        assert sum_ in seen(app)[2]
        assert seen(app)[5].split()[: len(first)] == first
        days = [owed.obligation.day for owed in listed(view)]
        assert days == sorted(days)


async def test_today_counts_in_hours(stage: Stage) -> None:
    app = stage(at=ZONE.parse("2026-11-23 19:05"))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, "end")
        assert "2 小时 05 分" in seen(app)[-4]


async def test_the_filter_narrows_as_one_types(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot, "slash")
        await type_in(pilot, "白云")
        assert view.rows.count == 3
        assert "逾期 3/114 项,1 个单位" in seen(app)[2]
        await type_in(pilot, "x")
        assert "没有符合筛选的逾期事项" in "\n".join(seen(app))
        await press(pilot, "backspace", "enter")
        assert view.rows.has_focus
        await press(pilot, "escape")
        assert view.rows.count == 114


async def test_networks_narrow_the_list(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot, "n", "n")
        units = {owed.unit.kind for owed in listed(view)}
        assert units == {Kind.DISTRICT}
        assert "49 项" in seen(app)[2]


async def test_enter_explains_in_full(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, "slash")
        await type_in(pilot, "20261120-440111")
        await press(pilot, "enter", "enter")
        assert showing(app, ExplanationDialog)
        text = "\n".join(seen(app))
        for part in (
            "说明 R-20261120-440111",
            "白云区  日报 2026-11-20 星期五",
            "未报  红 R",
            "3 天(1 个工作日)",
            "报送日:每日;来源:本地默认,非官方规定",
            "2026-11-20 17:00:00",
            "2026-11-27 17:00:00",
            "联络员 白云区联络员 020-10000001",
            "2026-11-23 17:00  未到时  提醒单(蓝)  致 分管负责人",
            "2026-11-20 17:00  已到时  催报  致 联络员、副联络员(B岗)",
            "2026-11-21  星期六     不计           周末",
            "2026-11-23  星期一     计入           工作日",
        ):
            assert part in text, part
        await press(pilot, "escape")
        assert app.query_one(OverdueView).rows.has_focus


async def test_an_explanation_has_the_revisions(stage: Stage) -> None:
    app = stage("en")
    async with app.run_test(size=LARGE) as pilot:
        await settled(pilot)
        app.explain("R-20261118-440111")
        await settled(pilot)
        text = "\n".join(seen(app))
        assert "late  green G" in text
        assert "1  2026-11-18 18:22:03  daily report  admin" in text
        assert "2  2026-11-19 09:00:00  daily report  admin  复核面积" in text


async def test_an_unknown_obligation_is_refused_in_words(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        app.explain("R-20261118-NOBODY")
        await settled(pilot)
        assert "没有编号为 R-20261118-NOBODY 的责任事项" in "\n".join(seen(app))


async def test_a_text_that_urges_is_copied_and_shown(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot, "slash")
        await type_in(pilot, "白云")
        await press(pilot, "enter", "y")
        *lines, last = app.clipboard.splitlines()
        assert "白云区联络员 020-10000001、白云区副联络员 020-10000002" in last
        assert lines == [
            "【催报】白云区:截至 2026-11-23 16:26,以下 3 天的日报尚未报送:",
            "2026-11-20(星期五) 逾期 3 天(1 个工作日)",
            "2026-11-21(星期六) 逾期 2 天(1 个工作日)",
            "2026-11-22(星期日) 逾期 1 天(1 个工作日)",
        ]
        assert "【催报】白云区" in "\n".join(seen(app))
        await press(pilot, "enter", "c")
        assert showing(app, UnitCard)
        await press(pilot, "escape")
        assert view.rows.has_focus


async def test_nothing_overdue_is_said_in_words(stage: Stage) -> None:
    app = stage(at=ZONE.parse("2026-11-16 10:00"))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, "y")
        assert "没有逾期的事项。" in "\n".join(seen(app))
        assert "这里没有可复制的内容。" in "\n".join(seen(app))


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which two thousand towns have been silent for ten days."""
    rules = CityRules(schedules={**DEFAULT_DAYS, "town": Days.DAILY})
    units = [Unit("C", "市", Kind.CITY)]
    units += [Unit(f"T{n:04}", f"第{n}镇", Kind.TOWN, parent="C", order=n + 1) for n in range(2000)]
    path = tmp_path_factory.mktemp("silent") / "s.db"
    first = date(2026, 11, 23) - timedelta(days=10)
    with found(path, Registry(units), rules, first, Actor("admin", "admin", "host"), AT) as store:
        # What is noted at a day's first opening would make the views ask once more.
        look_over(store, store.today(AT))
    return path


async def test_twenty_thousand_rows_are_read_as_they_are_looked_at_and_never_on_the_ui_thread(
    silent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    original = Connection.rows

    def counted(connection: Connection, sql: str, parameters: Any = ()) -> list[Row]:
        assert threading.current_thread() is not threading.main_thread()
        found = original(connection, sql, parameters)
        read.append(len(found))
        return found

    app = staged(silent, AT, "admin")
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot)
        assert view.rows.count == FIRST
        assert line_with(app, "逾期 20000 项,先列最久的 500 项")
        monkeypatch.setattr(Connection, "rows", counted)
        await press(pilot, "down", "pagedown", "pageup", "home")
        assert read == []
        await press(pilot, "end")
        assert FIRST < view.rows.count < 20_000
        assert view.rows.cursor == FIRST - 1
        assert max(read) <= view.rows.count


async def test_the_filter_looks_in_what_was_not_read_too(silent: Path) -> None:
    app = staged(silent, AT, "admin")
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot, "slash")
        await type_in(pilot, "第1999镇")
        assert view.rows.count == 10
        assert line_with(app, "逾期 10 项,1 个单位")
        await press(pilot, "escape")
        assert view.rows.count == FIRST


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture(
    stage: Stage, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await opened(pilot, "down")

    assert snap_compare(stage(lang), terminal_size=size, run_before=show)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture_of_an_explanation(
    stage: Stage, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await opened(pilot, "end", "enter")

    assert snap_compare(stage(lang), terminal_size=size, run_before=show)
