"""Pictures on the screens, the lists of land offices and the hotline, and handing a case over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Static

from actions import checklists, matters
from actions.matters import Subject
from actions.referring import referrals
from domain.checklists import Said, State
from exchange.pictures import PlotKind
from tests.tui.matters_stage import (
    AT,
    HELD,
    LARGE,
    SMALL,
    TODAY,
    city,
    notice,
    picture,
    press,
    seen,
    settled,
    staged,
    who,
    write,
)
from tui.app import LianluoApp
from tui.views.matter_page import MatterPage
from tui.views.offices import OfficesDialog
from tui.views.pictures import PicturesDialog

each = pytest.mark.parametrize("lang", ["zh", "en"])
sized = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
Snap = Callable[..., bool]


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        ("1", PlotKind.RATES),
        ("2", PlotKind.RATES),
        ("3", PlotKind.MAP),
        ("4", PlotKind.BACKLOG),
        ("6", PlotKind.RATES),
        ("7", PlotKind.TARGETS),
    ],
)
async def test_b_shows_pictures_on_every_view(tmp_path: Path, view: str, kind: PlotKind) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await press(pilot, view, "b")
        assert isinstance(app.screen, PicturesDialog)
        assert app.screen.kind is kind
        await press(pilot, "escape")
        assert not isinstance(app.screen, PicturesDialog)


async def test_arrows_turn_the_pictures_round(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await press(pilot, "2", "b")
        titles = []
        for _ in PlotKind:
            titles.append(next(line for line in seen(app) if "截至" in line).strip(" │"))
            await press(pilot, "right")
        assert len(set(titles)) == len(PlotKind)
        await press(pilot, "left")
        assert isinstance(app.screen, PicturesDialog)
        assert app.screen.kind is PlotKind.MAP


@each
@sized
async def test_a_picture_fits_its_dialog(tmp_path: Path, lang: str, size: tuple[int, int]) -> None:
    app = staged(tmp_path, lang=lang)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await press(pilot, "3", "b")
        for _ in PlotKind:
            assert all(cell_len(line.rstrip()) <= size[0] for line in seen(app))
            await press(pilot, "right")


@each
@sized
@pytest.mark.parametrize("turns", [0, 2, 3], ids=["map", "backlog", "areas"])
def test_pictures(
    tmp_path: Path, snap_compare: Snap, lang: str, size: tuple[int, int], turns: int
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await press(pilot, "3", "b", *["right"] * turns)
        await settled(pilot)

    assert snap_compare(staged(tmp_path, lang=lang), terminal_size=size, run_before=run)


def checked(folder: Path, lang: str = "zh") -> LianluoApp:
    """Return the app of a city in which one office was checked and one lead came in."""
    app = staged(folder, lang=lang)
    with city(app) as store:
        for item, state in (("O1", State.MET), ("S1", State.NOT_MET), ("P1", State.NOT_NEEDED)):
            said = Said("440111103", item, state, TODAY, "现场查看")
            checklists.say(store, who("baiyun"), said, AT - 3600)
        about = Subject("夜间堆料", place="440111103", source="12336热线")
        matters.open_matter(store, who("baiyun"), "lead", "440111", about, AT - 3600)
    return app


async def test_offices_are_summed_and_opened(tmp_path: Path) -> None:
    app = checked(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        await settled(pilot)
        await press(pilot, "7", "n", "n")
        row = next(line for line in seen(app) if "白云区" in line and "/" in line)
        assert "1/287" in row
        await press(pilot, "/")
        await write(pilot, "白云")
        await press(pilot, "enter", "enter")
        assert isinstance(app.screen, OfficesDialog)
        await settled(pilot)
        told = str(app.screen.query_one("#page-text", Static).content)
        assert "S1  不达标  在编在岗" in told
        assert "1/11 (9.1 %)" in told
        assert "9 项未查" in told


async def test_the_hotlines_figures_are_a_list(tmp_path: Path) -> None:
    app = checked(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await press(pilot, "7", "n", "n", "n")
        row = next(line.split() for line in seen(app) if "12336" in line)
        assert row[1:] == ["1", "0", "0", "0", "0/1"]
        await press(pilot, "enter", "c")
        assert len(app.screen_stack) == 1


@each
@sized
@pytest.mark.parametrize("section", ["offices", "hotline"])
def test_the_lists(
    tmp_path: Path, snap_compare: Snap, lang: str, size: tuple[int, int], section: str
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await press(pilot, "7", "n", "n", *(["n"] if section == "hotline" else []))
        await settled(pilot)

    assert snap_compare(checked(tmp_path, lang), terminal_size=size, run_before=run)


async def test_a_case_is_handed_over_by_keys(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        app.open_matter(HELD)
        await settled(pilot)
        await press(pilot, "F")
        await write(pilot, "公安")
        await press(pilot, "enter")
        assert "移送市公安局" in picture(app)
        await press(pilot, "enter")
        assert "原因" in picture(app) or "理由" in picture(app)
        await write(pilot, "涉嫌犯罪")
        await press(pilot, "enter")
        await settled(pilot)
        assert isinstance(app.screen, MatterPage)
        assert "T-2026-0001" in notice(app)
        assert "T-2026-0001" in picture(app)
    with city(app) as store:
        [made] = referrals(store, HELD, AT)
        assert (made.matter.unit, made.matter.issuer) == ("POLICE", "440111")
