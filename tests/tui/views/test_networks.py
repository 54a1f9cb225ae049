from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.views.staging import Stage, line_with, press, seen, settled, type_in
from tui.app import LianluoApp
from tui.views.explanation import ExplanationDialog
from tui.views.network_matrix import MatrixGrid
from tui.views.network_members import Members
from tui.views.network_tree import TreeRows
from tui.views.networks import NetworksView
from tui.views.unit_card import UnitCard

SMALL, LARGE = (80, 24), (120, 40)


async def opened(pilot: Pilot[None], *keys: str) -> NetworksView:
    """Show the networks and press some keys."""
    await settled(pilot)
    await press(pilot, "3", *keys)
    return pilot.app.query_one(NetworksView)


def showing(app: LianluoApp, screen: type[Screen[Any]]) -> bool:
    """Return whether a screen of this type is on top."""
    return isinstance(app.screen, screen)


async def test_members_who_lack_somebody_come_first(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot)
        members = view.query_one(Members)
        assert members.has_focus
        assert members.count == 27
        lines = seen(app)
        assert "27 个成员  空缺:分管负责人 26、联络员 25、副联络员(B岗) 26" in lines[3]
        last = line_with(app, " 白云区 ")
        assert "待 待报" in last
        assert "020-10000001" in last
        assert "空缺" not in last
        # Those who lack one contact fewer stand below those who lack all three.
        assert lines.index(last) > lines.index(line_with(app, " 市规划局 "))
        assert lines.index(line_with(app, " 市规划局 ")) > lines.index(line_with(app, " 增城区 "))


async def test_on_another_date_the_network_of_that_date_stands(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot, "g")
        await type_in(pilot, "2010-06-01")
        await press(pilot, "enter")
        assert "2010-06-01 星期二" in seen(app)[2]
        assert view.query_one(Members).count == 28
        for name in ("萝岗区", "增城市", "从化市"):
            assert line_with(app, name)
        await press(pilot, "n")
        text = "\n".join(seen(app))
        assert text.count("区 ") == 10
        assert "增城市" in text
        await press(pilot, "t")
        assert "2026-11-23" in seen(app)[2]
        assert "增城区" in "\n".join(seen(app))


async def test_the_tree_unfolds_and_sums(stage: Stage) -> None:
    app = stage("en")
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot, "n")
        tree = view.query_one(TreeRows)
        assert tree.has_focus
        assert tree.count == 12
        # Three of eleven districts filed a zero today.
        assert line_with(app, "- Guangzhou").split()[-3:] == ["3/11", "3", "49"]
        assert line_with(app, "+ Baiyun").split()[-3:] == ["0/1", "0", "3"]
        await press(pilot, "down", "down", "down", "down", "down")
        assert tree.unit is not None
        assert tree.unit.code == "440111"
        await press(pilot, "right")
        assert tree.count > 30
        assert line_with(app, "- Baiyun")
        assert line_with(app, "钟落潭镇").split()[-1] == "0"
        await press(pilot, "down", "left")
        assert tree.unit.code == "440111"
        await press(pilot, "space")
        assert tree.count == 12


async def test_the_tree_is_searched_by_name(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=SMALL) as pilot:
        view = await opened(pilot, "n", "slash")
        await type_in(pilot, "440111")
        tree = view.query_one(TreeRows)
        assert tree.count > 10
        await press(pilot, "enter")
        assert tree.has_focus
        await press(pilot, "escape")
        assert tree.count == 12


async def test_the_matrix_counts_what_is_overdue(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot, "n", "n")
        matrix = view.query_one(MatrixGrid)
        assert matrix.has_focus
        head = line_with(app, "24 个单位")
        assert [word in head for word in ("纪检监察", "检察院", "国土房管")] == [True] * 3
        assert line_with(app, " 白云区 ").split()[1:4] == ["3", "3", "3"]
        assert line_with(app, " 荔湾区 ").split()[1:4] == ["0", "0", "0"]
        await press(pilot, "end", "right", "right", "right", "enter")
        assert showing(app, UnitCard)


async def test_any_unit_has_a_card(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, "slash")
        await type_in(pilot, "白云")
        await press(pilot, "enter", "enter")
        assert showing(app, UnitCard)
        text = "\n".join(seen(app))
        for part in (
            "单位 440111",
            "Baiyun  白云",
            "区(县级市)",
            "横向联动网络  纵向巡查网络  市级督导网络",
            "市纪委监察局  市人民检察院  市国土房管局",
            "联络员  白云区联络员  020-10000001",
            "每日,截止 17:00  (本地默认,非官方规定)",
            "近 30 日",
            "未了事项 5",
            "日报 2026-11-20",
        ):
            assert part in text, part
        await press(pilot, "e")
        assert showing(app, ExplanationDialog)
        await press(pilot, "escape", "y")
        assert "020-10000001" in app.clipboard


async def test_a_card_of_the_past_has_the_units_of_then(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=LARGE) as pilot:
        view = await opened(pilot, "g")
        await type_in(pilot, "2010-06-01")
        await press(pilot, "enter", "slash")
        await type_in(pilot, "萝岗")
        await press(pilot, "enter", "enter")
        text = "\n".join(seen(app))
        assert "至 2014-02-11 止" in text
        assert view.tab.unit is not None
        assert view.tab.unit.valid_to == date(2014, 2, 11)


async def test_the_language_changes_in_every_tab(stage: Stage) -> None:
    app = stage()
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot, "n", "L")
        assert "patrol network" in seen(app)[2]
        assert "+ Baiyun" in "\n".join(seen(app))
        await press(pilot, "n")
        assert "supervisors: 3" in seen(app)[3]
        await press(pilot, "n")
        assert "members: 27" in seen(app)[3]


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("keys", ["", "n", "nn"], ids=["horizontal", "vertical", "supervision"])
def test_picture(
    stage: Stage, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int], keys: str
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await opened(pilot, *keys)

    assert snap_compare(stage(lang), terminal_size=size, run_before=show)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture_of_a_card(
    stage: Stage, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await opened(pilot, "end", "enter")

    assert snap_compare(stage(lang), terminal_size=size, run_before=show)
