"""Accountability: both lists, a unit's sheet, what is behind a figure, and remarks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from textual.pilot import Pilot

from actions.assessing import remarks
from actions.targets import enter, promise
from domain.entered import Entry
from domain.periods import Period
from domain.targets import TargetKey
from tests.tui.matters_stage import (
    AT,
    LARGE,
    SMALL,
    TODAY,
    city,
    picture,
    press,
    seen,
    settled,
    staged,
    who,
    write,
)
from tui.app import LianluoApp
from tui.views.accountability import AccountabilityView
from tui.views.accountability_behind import BehindPage
from tui.views.accountability_sheet import SheetPage
from tui.views.explanation import ExplanationDialog
from tui.views.matter_page import MatterPage
from tui.views.unit_card import UnitCard
from tui.widgets.form import FormDialog
from tui.widgets.rows import Rows

HALF = Period(2026, 2)
BAIYUN = "440111"


def entered(folder: Path, login: str = "baiyun", lang: str = "zh") -> LianluoApp:
    """Return the app of a city in which Baiyun's figures and letter were entered."""
    app = staged(folder, login, lang)
    source, day = "统计月报 11 号", date(2026, 11, 20)
    values = {Entry.NEW_CULTIVATED: 24_800, Entry.TYPICAL_CASE: 0, Entry.STABILITY: 1}
    with city(app) as store:
        for figure, value in values.items():
            enter(store, who("sup"), 2026, BAIYUN, figure, value, source, day, AT - 3600)
        promises = {TargetKey.CLOSING: Fraction(92)}
        promise(store, who("sup"), 2026, BAIYUN, TODAY, "区长", "守住耕地", promises, AT - 3600)
    return app


async def shown(pilot: Pilot[None], *keys: str) -> AccountabilityView:
    """Show accountability and press some keys."""
    await settled(pilot)
    await press(pilot, "7", *keys)
    return pilot.app.query_one(AccountabilityView)


async def point_at(pilot: Pilot[None], view: AccountabilityView, name: str) -> None:
    """Put the cursor on a unit."""
    for row in range(view.rows.count):
        view.rows.cursor = row
        if view.unit is not None and view.unit.name == name:
            await settled(pilot)
            return
    pytest.fail(f"{name} is not in the list")


async def sheet(pilot: Pilot[None], *keys: str, name: str = "白云区") -> SheetPage:
    """Open the sheet of a unit."""
    view = await shown(pilot, *keys)
    await point_at(pilot, view, name)
    await press(pilot, "enter")
    page = pilot.app.screen
    assert isinstance(page, SheetPage)
    return page


async def on_figure(pilot: Pilot[None], page: SheetPage, key: str) -> None:
    """Put the cursor on a figure of a sheet."""
    keys = [line.key.value for line in page._lines]
    page.query_one(Rows).cursor = keys.index(key)
    await settled(pilot)


# -- the lists ---------------------------------------------------------------------------------


async def test_duty_in_registry_order(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        assert view.rows.has_focus
        text = picture(app)
        assert "2026 年下半年" in text
        assert "按名录顺序,不排名" in text
        assert text.index("市纪委监察局") < text.index("市规划局")
        await point_at(pilot, view, "白云区")
        row = next(line for line in seen(app) if "白云区" in line and "/" in line)
        assert row.split()[1:4] == ["17/42", "17/42", "17/17"]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_all_seven_views_are_named_in_eighty_columns(tmp_path: Path, lang: str) -> None:
    app = staged(tmp_path, lang=lang)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot)
        first = seen(app)[0]
        last = "7 考核" if lang == "zh" else "7 Accountability"
        for number in range(1, 7):
            assert f"{number} " in first
        assert last in first


async def test_targets_with_their_marks(tmp_path: Path) -> None:
    app = entered(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "n")
        row = next(line for line in seen(app) if line.strip().startswith("白云区"))
        # 3,720 of 24,800 m² is exactly 15 %: met, and on the line.
        assert row.split() == [
            "白云区", "1/3", "未", "1/3", "未", "1/1", "达", "15.0", "%", "线", "达", "达"
        ]  # fmt: skip
        await press(pilot, "left")
        assert pilot.app.query_one(AccountabilityView).rows.id == "accountability-duty"


async def test_periods_there_and_back(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "left_square_bracket")
        assert "2026 年上半年" in picture(app)
        assert "没有可考核的内容" in picture(app)
        await press(pilot, "right_square_bracket", "p")
        assert any(line.endswith(" 2026 年") for line in seen(app))
        await press(pilot, "p")
        assert "2026 年下半年" in picture(app)


async def test_the_filter_and_the_card(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot, "slash")
        await write(pilot, "花都")
        assert view.rows.count == 1
        await press(pilot, "enter", "c")
        assert isinstance(app.screen, UnitCard)
        await press(pilot, "escape", "escape")
        assert view.rows.count > 20
        await press(pilot, "slash")
        await write(pilot, "没有这个")
        assert "没有符合筛选的单位" in picture(app)


# -- a sheet, and what is behind it ------------------------------------------------------------


async def test_a_sheet_says_all_of_a_figure(tmp_path: Path) -> None:
    app = entered(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        page = await sheet(pilot, "n")
        # From the targets it begins at the first of them.
        assert page.line is not None
        assert page.line.key is TargetKey.FILING
        assert "再立案 2 宗即达 100 %" in picture(app)
        await on_figure(pilot, page, "farmland")
        text = picture(app)
        assert "3,720/24,800 m² (15.0 %)" in text
        assert "正好 15 %:达到市的指标,同时触及国家 15 % 线" in text
        assert "来源:统计月报 11 号(2026-11-20,sup 填报,第 1 版)" in text
        await on_figure(pilot, page, "closing")
        assert "责任书承诺不低于 92 %:兑现" in picture(app)
        assert "责任书:2026-11-23 区长 签订(第 1 版)" in picture(app)


async def test_the_rows_are_one_key_away_and_add_up(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        page = await sheet(pilot)
        await on_figure(pilot, page, "reporting")
        figure = page.line.figure if page.line else None
        assert figure is not None
        await press(pilot, "enter")
        behind = app.screen
        assert isinstance(behind, BehindPage)
        assert behind._seen is not None
        rows = behind._seen.rows
        assert sum(row.part for row in rows) == figure.part
        assert sum(row.whole for row in rows) == figure.whole
        assert "b 口径" not in picture(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, ExplanationDialog)
        await press(pilot, "escape", "escape")
        assert app.screen_stack[-1] is page


async def test_a_step_leads_to_its_matter(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        page = await sheet(pilot)
        await on_figure(pilot, page, "steps")
        await press(pilot, "enter", "enter")
        assert isinstance(app.screen, MatterPage)


async def test_another_basis_of_a_target(tmp_path: Path) -> None:
    app = entered(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        page = await sheet(pilot, "n")
        await on_figure(pilot, page, "farmland")
        await press(pilot, "enter")
        assert "口径:全部" in picture(app)
        assert "3,720 m²" in picture(app)
        await press(pilot, "k")
        assert "口径:扣除已整改" in picture(app)
        assert "2,480 m²" in picture(app)


async def test_what_is_entered_has_no_rows(tmp_path: Path) -> None:
    app = entered(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        page = await sheet(pilot, "n")
        await on_figure(pilot, page, "stability")
        await press(pilot, "enter")
        assert app.screen is page
        assert "没有明细" in picture(app)


# -- remarks -----------------------------------------------------------------------------------


async def test_a_remark_is_written_and_travels(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        page = await sheet(pilot)
        await on_figure(pilot, page, "on_time")
        await press(pilot, "m")
        assert isinstance(app.screen, FormDialog)
        assert "不能删改" in picture(app)
        await write(pilot, "断网")
        await press(pilot, "enter")
        assert app.screen_stack[-1] is page
        assert "已记录第 1 条说明" in picture(app)
        assert "2026-11-23 16:26 baiyun:断网" in picture(app)
        await press(pilot, "enter", "end", "m")
        await write(pilot, "值班")
        await press(pilot, "enter")
        assert "值班" in picture(app)
    with city(app) as store:
        said = [(row.subject, row.text) for row in remarks(store, HALF, AT)]
    assert said == [("", "断网"), ("R-20261123-440111", "值班")]


async def test_who_may_not_remark_is_told(tmp_path: Path) -> None:
    app = staged(tmp_path, "panyu")
    async with app.run_test(size=SMALL) as pilot:
        page = await sheet(pilot)
        await on_figure(pilot, page, "on_time")
        await press(pilot, "m")
        await write(pilot, "断网")
        await press(pilot, "enter")
        assert isinstance(app.screen, FormDialog)
        assert "panyu" in picture(app)
    with city(app) as store:
        assert remarks(store, HALF, AT) == []


async def test_the_sheet_is_copied_whole(tmp_path: Path) -> None:
    app = entered(tmp_path, lang="en")
    async with app.run_test(size=SMALL) as pilot:
        await sheet(pilot)
        await press(pilot, "y")
        text = app.clipboard
        assert text.startswith("Baiyun  second half of 2026")
        assert "Farmland ratio  3,720/24,800 m² (15.0 %)" in text
        assert len(text.splitlines()) >= 19


async def test_the_language_changes_on_every_page(tmp_path: Path) -> None:
    app = entered(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await sheet(pilot)
        await press(pilot, "L")
        assert "Reporting rate" in picture(app)
        await press(pilot, "enter", "L")
        assert "报送率" in picture(app)


# -- pictures ----------------------------------------------------------------------------------

SIZES = [SMALL, LARGE]
NAMES = ["80x24", "120x40"]
each = pytest.mark.parametrize("lang", ["zh", "en"])
sized = pytest.mark.parametrize("size", SIZES, ids=NAMES)


@each
@sized
def test_duty(
    tmp_path: Path, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await shown(pilot)

    app = entered(tmp_path, lang=lang)
    assert snap_compare(app, terminal_size=size, run_before=show)


@each
@sized
def test_targets(
    tmp_path: Path, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await shown(pilot, "n")

    app = entered(tmp_path, lang=lang)
    assert snap_compare(app, terminal_size=size, run_before=show)


@each
@sized
def test_the_sheet(
    tmp_path: Path, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        page = await sheet(pilot, "n")
        await on_figure(pilot, page, "farmland")

    app = entered(tmp_path, lang=lang)
    assert snap_compare(app, terminal_size=size, run_before=show)


@each
@sized
def test_the_rows(
    tmp_path: Path, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        page = await sheet(pilot)
        await on_figure(pilot, page, "steps")
        await press(pilot, "enter")

    app = entered(tmp_path, lang=lang)
    assert snap_compare(app, terminal_size=size, run_before=show)
