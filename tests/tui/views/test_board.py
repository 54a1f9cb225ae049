from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from actions.board import codes
from actions.opening import Registry, found
from domain.people import Actor
from domain.schedules import Days
from domain.settings import DEFAULT_DAYS, CityRules
from domain.units import Kind, Unit
from storage.connection import Connection, Row
from storage.store import Store
from tests.tui.views.staging import AT, Stage, line_with, press, seen, settled, staged, type_in
from tui.app import LianluoApp
from tui.views import board_pages
from tui.views.board import BoardView
from tui.views.board_grid import BoardGrid
from tui.views.board_pages import Index
from tui.views.explanation import ExplanationDialog
from tui.views.report_panel import ReportDialog, ReportPanel
from tui.views.unit_card import UnitCard

SMALL, LARGE = (80, 24), (120, 40)


async def opened(pilot: Pilot[None]) -> BoardView:
    """Show the board and return it."""
    await settled(pilot)
    await press(pilot, "2")
    view = pilot.app.query_one(BoardView)
    assert view.grid.has_focus
    return view


def shown(view: BoardView) -> Index:
    """Return the rows and days that are shown."""
    assert view.grid.index is not None
    return view.grid.index


def showing(app: LianluoApp, screen: type[Screen[Any]]) -> bool:
    """Return whether a screen of this type is on top."""
    return isinstance(app.screen, screen)


def to(view: BoardView, code: str, day: date) -> None:
    """Put the cursor on a unit's day."""
    index = shown(view)
    view.grid.cursor = index.codes.index(code)
    view.grid.column = index.days.index(day)


@pytest.mark.parametrize(
    ("lang", "name", "letters", "rate"),
    [
        ("zh", "白云区", "零 零~迟*补 缺 缺 缺 待", "2/7"),
        ("en", "Baiyun", "0  0~ L* M  X  X  X  .", "2/7"),
    ],
)
async def test_a_unit_is_a_row_of_letters(
    stage: Stage, lang: str, name: str, letters: str, rate: str
) -> None:
    app = stage(lang)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        line = line_with(app, f" {name} ")
        assert letters in line
        assert line.endswith(rate)


async def test_every_line_is_as_wide_as_the_screen(stage: Stage) -> None:
    for lang in ("zh", "en"):
        app = stage(lang)
        async with app.run_test(size=SMALL) as pilot:
            await opened(pilot)
            strips = app.screen._compositor.render_strips()
            assert {strip.cell_length for strip in strips} == {80}


async def test_the_day_is_summed_above_and_below(stage: Stage) -> None:
    app = stage("en")
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot)
        # Sixteen departments and eleven districts; six filed a zero, nobody is late yet.
        assert "11-23 Monday working day  filed 6/27 (22.2 %)  zero 6  pending 21" in seen(app)[3]
        to(view, "440111", date(2026, 11, 18))
        await settled(pilot)
        assert "filed 7/26 (26.9 %)  zero 6  pending 0  missing 19  exempt 1" in seen(app)[3]
        filed, owed = seen(app)[-6].split(), seen(app)[-5].split()
        assert filed[-8:] == ["7", "7", "7", "7", "6", "3", "3", "6"]
        assert owed[-3:] == ["11", "11", "27"]
        told = "Baiyun  2026-11-18  late  daily report 6/6  findings 1"
        assert told in line_with(app, "Baiyun  2")


async def test_beyond_the_left_edge_lies_the_past(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        index = shown(view)
        assert index.last == date(2026, 11, 23)
        assert view.grid.day == index.last
        view.grid.column = 0
        await press(pilot, "left", "left")
        assert shown(view).last == date(2026, 11, 21)
        assert view.grid.day == shown(view).first
        await press(pilot, "t")
        assert shown(view).last == date(2026, 11, 23)
        await press(pilot, "right")
        assert shown(view).last == date(2026, 11, 23)
        await press(pilot, "left_square_bracket")
        assert shown(view).last < index.first


async def test_a_date_is_jumped_to(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        await press(pilot, "g")
        await type_in(pilot, "2010-06-01")
        await press(pilot, "enter")
        assert view.grid.day == date(2010, 6, 1)
        assert "没有符合条件的单位" in "\n".join(seen(app))
        await press(pilot, "x")
        assert "440116" in shown(view).codes
        await press(pilot, "g")
        await type_in(pilot, "2010-13-01")
        await press(pilot, "enter")
        assert "不是日期" in "\n".join(seen(app))
        await press(pilot, "escape")
        assert view.grid.has_focus


async def test_a_report_opens_over_the_grid_where_it_is_narrow(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        to(view, "440111", date(2026, 11, 18))
        await press(pilot, "enter")
        assert showing(app, ReportDialog)
        text = "\n".join(seen(app))
        assert "R-20261118-440111-2" in text
        await press(pilot, "end")
        text = "\n".join(seen(app))
        assert "- 1,240 平方米" in text
        assert "+ 900 平方米" in text
        await press(pilot, "escape")
        assert view.grid.has_focus


async def test_a_report_stands_beside_the_grid_where_it_is_wide(stage: Stage) -> None:
    app = stage("en")
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot)
        to(view, "440111", date(2026, 11, 18))
        await press(pilot, "enter")
        text = "\n".join(seen(app))
        assert "Revision 2" in text
        assert "复核面积" in text
        assert view.grid.has_focus
        assert view.grid.day == date(2026, 11, 18)
        await press(pilot, "enter")
        assert view.query_one(ReportPanel).has_focus
        await press(pilot, "escape", "escape")
        assert view.grid.has_focus
        assert not view.query_one(ReportPanel).display


async def test_the_filter_narrows_as_one_types(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        await press(pilot, "slash", "4", "4", "0", "1", "1")
        assert view.grid.count == 7
        await press(pilot, "1", "enter")
        assert shown(view).codes == ("440111",)
        assert view.grid.has_focus
        assert "已报 0/1" in "\n".join(seen(app))
        await press(pilot, "escape")
        assert view.grid.count == 27


async def test_networks_and_districts_narrow_the_rows(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot)
        counts = []
        for _ in range(4):
            await press(pilot, "n")
            counts.append(view.grid.count)
        assert counts == [27, 11, 27, 27]
        await press(pilot, "u")
        await type_in(pilot, "440111")
        await press(pilot, "enter")
        assert view.grid.count == 1
        await press(pilot, "x")
        assert view.grid.count > 10


async def test_who_has_not_filed_is_copied(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        to(view, "440111", date(2026, 11, 21))
        await press(pilot, "Y")
        assert app.clipboard.startswith("【日报】2026-11-21(星期六)尚未报送 8 个单位:")
        assert "白云区" in app.clipboard
        assert "已复制" in "\n".join(seen(app))
        await press(pilot, "enter")
        assert view.grid.has_focus


async def test_a_cell_is_explained_and_its_unit_has_a_card(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        to(view, "440111", date(2026, 11, 20))
        await press(pilot, "e")
        assert showing(app, ExplanationDialog)
        assert "R-20261120-440111" in "\n".join(seen(app))
        await press(pilot, "escape", "c")
        assert showing(app, UnitCard)
        await press(pilot, "escape")
        to(view, "DISC", date(2026, 11, 21))
        await press(pilot, "e")
        assert not showing(app, ExplanationDialog)


async def test_the_mouse_moves_the_cursor_and_opens(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        grid = view.grid
        x = grid.name_width + 2
        await pilot.click(grid, offset=(x, grid.head_height + 2))
        await settled(pilot)
        assert (grid.cursor, grid.column) == (2, 0)
        await pilot.click(grid, offset=(x, grid.head_height + 2))
        await settled(pilot)
        assert showing(app, ReportDialog)


async def test_the_language_changes_at_once(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await press(pilot, "L")
        text = "\n".join(seen(app))
        assert "Discipline" in text
        assert "filed 6/27" in text
        assert "已报" not in text


def reversed_cells(strip: Strip) -> int:
    return sum(len(part.text) for part in strip if part.style and part.style.reverse)


async def test_without_colours_the_cursor_is_reversed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        strips = app.screen._compositor.render_strips()
        row = strips[view.grid.region.y + view.grid.head_height]
        assert reversed_cells(row) > 60
        assert reversed_cells(strips[12]) < 3


class Reads:
    """How many rows each statement brought, and that none ran on the UI thread."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[int] = []
        original = Connection.rows

        def counted(connection: Connection, sql: str, parameters: Any = ()) -> list[Row]:
            assert threading.current_thread() is not threading.main_thread()
            answer = original(connection, sql, parameters)
            self.rows.append(len(answer))
            return answer

        monkeypatch.setattr(Connection, "rows", counted)


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """45,000 towns in 450 districts, all of which owe a report of each of two days."""
    rules = CityRules(schedules={**DEFAULT_DAYS, "town": Days.DAILY})
    units = [Unit("C", "国", Kind.CITY)]
    for district in range(450):
        units.append(Unit(f"D{district:03}", f"第{district}区", Kind.DISTRICT, parent="C"))
        units += [
            Unit(f"D{district:03}T{n:02}", f"第{n}镇", Kind.TOWN, parent=f"D{district:03}")
            for n in range(99)
        ]
    placed = [
        Unit(unit.code, unit.name, unit.kind, parent=unit.parent, order=order)
        for order, unit in enumerate(units)
    ]
    path = tmp_path_factory.mktemp("nation") / "s.db"
    actor = Actor("admin", "admin", "host")
    found(path, Registry(placed), rules, date(2026, 11, 22), actor, AT).close()
    return path


async def test_of_forty_five_thousand_units_only_those_in_sight_are_read(
    nation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = staged(nation, AT, "admin")
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot)
        grid = view.grid
        assert grid.count == 45_000
        reads = Reads(monkeypatch)
        await press(pilot, "end")
        assert grid.cursor == 44_999
        assert "第98镇" in "\n".join(seen(app))
        assert max(reads.rows) <= 2 * grid.body * len(shown(view).days)
        assert len(reads.rows) <= 12
        whole = sum(reads.rows)
        await press(pilot, *["up"] * 5)
        assert sum(reads.rows) == whole
        assert len(grid.pages.rows) < 1000
        assert "45000" in line_with(app, "应报")


class Painted:
    """The rows that are drawn, and the widgets that are laid out anew, from now on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[int] = []
        self.layouts = 0
        draw, layout = BoardGrid.draw_row, Screen._refresh_layout

        def drawn(grid: BoardGrid, index: int, width: int) -> Strip:
            self.rows.append(index)
            return draw(grid, index, width)

        def laid_out(*args: Any, **named: Any) -> None:
            self.layouts += 1
            layout(*args, **named)

        monkeypatch.setattr(BoardGrid, "draw_row", drawn)
        monkeypatch.setattr(Screen, "_refresh_layout", laid_out)


async def test_a_cursor_key_draws_the_rows_that_it_changes_and_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage().run_test(size=SMALL) as pilot:
        await opened(pilot)
        painted = Painted(monkeypatch)
        await press(pilot, "down")
        assert sorted(set(painted.rows)) == [0, 1]
        assert len(painted.rows) == 2
        painted.rows.clear()
        await press(pilot, "left")
        assert painted.rows == [1]
        assert painted.layouts == 0


async def test_a_key_at_the_edge_draws_the_rows_in_sight_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage().run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        await press(pilot, *["down"] * (view.grid.body - 1))
        painted = Painted(monkeypatch)
        await press(pilot, "down")
        assert view.grid.in_sight.start == 1
        assert len(painted.rows) <= view.grid.body
        assert painted.layouts == 0


async def test_right_of_today_nothing_is_asked_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage().run_test(size=SMALL) as pilot:
        await opened(pilot)
        reads = Reads(monkeypatch)
        await press(pilot, "right", "right")
        assert reads.rows == []


@pytest.mark.parametrize("size", [SMALL, LARGE, (60, 20)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_first_order_that_comes_has_as_many_days_as_fit(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    came: list[Index] = []
    take = BoardGrid._indexed

    def taken(grid: BoardGrid, index: Index) -> None:
        came.append(index)
        take(grid, index)

    monkeypatch.setattr(BoardGrid, "_indexed", taken)
    async with stage().run_test(size=size) as pilot:
        view = await opened(pilot)
        assert len(came[0].days) == view.grid.fitting
        assert came[0].codes


async def test_a_nation_is_put_in_order_over_the_days_that_fit_alone(
    nation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[int] = set()

    def counted(store: Store, first: date, last: date, *rest: Any, **words: Any) -> list[str]:
        asked.add((last - first).days + 1)
        return codes(store, first, last, *rest, **words)

    monkeypatch.setattr(board_pages, "codes", counted)
    async with staged(nation, AT, "admin").run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        assert asked == {len(shown(view).days)} == {view.grid.fitting}


async def test_a_minute_reads_the_rows_in_sight_and_not_the_order_of_all(stage: Stage) -> None:
    async with stage().run_test(size=SMALL) as pilot:
        view = await opened(pilot)
        before = shown(view)
        view.grid.pass_minute(before.at + 120)
        await settled(pilot)
        assert shown(view).at == before.at + 120
        assert shown(view).codes is before.codes
        assert {row.version for row in view.grid.pages.rows.values()} >= {view.grid.pages.version}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture(
    stage: Stage, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        view = await opened(pilot)
        to(view, "440111", date(2026, 11, 18))
        await press(pilot, "enter" if size == LARGE else "left")

    app: LianluoApp = stage(lang)
    assert snap_compare(app, terminal_size=size, run_before=show)
