"""Whatever stands in the store, nothing of it steers the terminal or is taken for markup."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from textual.pilot import Pilot

from actions.reporting import file, file_zero
from domain.areas import LandClass
from domain.errors import NotFound
from domain.findings import Finding
from domain.people import Actor
from domain.reports import Content, ReportKind
from storage.store import open_store
from tests.tui.desktops import ADMIN, NOW, TODAY, MakeDesktop, picture, press, settle

HOSTILE = "[/b][red]\x1b]0;x\x07\x9b31m\u202e\r\n"
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def spoil(path: Path) -> None:
    """Put text that would steer a terminal wherever a text of somebody's is kept."""
    connection = sqlite3.connect(path)
    for table, column in (
        ("units", "name"),
        ("units", "name_en"),
        ("units", "short"),
        ("people", "name"),
        ("people", "phone"),
        ("people", "email"),
        ("duties", "duty"),
        ("exemptions", "reason"),
    ):
        connection.execute(f"UPDATE {table} SET {column} = {column} || ?", (HOSTILE,))
    connection.commit()
    connection.close()
    with open_store(path) as store:
        plan = Actor("plan", "plan", "host")
        finding = Finding(
            1, f"位置{HOSTILE}", LandClass.UNUSED, 9, party=HOSTILE, use=HOSTILE, source=HOSTILE
        )
        content = Content(ReportKind.DAILY, f"情况{HOSTILE}", 1, 1, (finding,))
        file(store, plan, "PLAN", TODAY, content, NOW)
        file_zero(store, Actor("huadu", "huadu", "host"), "440114", TODAY, NOW, note=HOSTILE)


async def shown(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, and look at the screen after each."""
    for key in ("", *keys):
        if key:
            await press(pilot, key)
        await settle(pilot)
        strips = pilot.app.screen._compositor.render_strips()
        for strip in strips:
            for segment in strip:
                if not segment.control:
                    assert not STEERING.search(segment.text), (key, segment.text)


async def test_nor_does_anybody_in_a_demo(desktop: MakeDesktop, demo: Path) -> None:
    desk = desktop(ADMIN, path=demo)
    spoil(demo)
    async with desk.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await shown(pilot, "w", "down", "escape")


async def test_nor_does_a_sentence(desktop: MakeDesktop) -> None:
    desk = desktop("plan")
    async with desk.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        desk.app.show_error(NotFound("errors.unit_unknown", name=HOSTILE))
        await shown(pilot)
        assert "[red]" in picture(desk.app)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "keys",
    [
        ("question_mark", "escape", "a", "escape", "d", "escape"),
        ("2", "u", "down", "escape", "enter", "e", "escape", "question_mark", "escape"),
        ("3", "enter", "escape", "right", "enter", "escape", "right", "down", "enter"),
        ("4", "enter", "escape", "y", "escape"),
        ("ctrl+p", "a", "escape"),
    ],
    ids=["today", "board", "networks", "overdue", "palette"],
)
async def test_nothing_steers_the_terminal(
    desktop: MakeDesktop, lang: str, keys: tuple[str, ...]
) -> None:
    desk = desktop("plan", lang=lang)
    spoil(desk.path)
    async with desk.app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await shown(pilot, *keys)
        assert "[red]" in picture(desk.app)
