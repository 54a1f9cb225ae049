"""Names of ten thousand characters on every view of a city that has everything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.torture.shown import TEXTS
from tests.tui.desktops import ADMIN, MakeDesktop, picture, settle
from tests.tui.test_hostile_text import HOSTILE, shown

WALKS = {
    "today": ("w", "down", "escape", "question_mark", "escape"),
    "board": ("2", "down", "enter", "escape", "u", "down", "escape"),
    "networks": ("3", "enter", "escape", "right", "enter", "escape", "right", "down", "enter"),
    "overdue": ("4", "down", "enter", "escape", "y", "escape"),
    "matters": ("5", "down", "enter", "down", "escape", "escape"),
    "supervision": ("6", "down", "enter", "escape", "right", "down", "enter", "escape"),
}


def spoil(path: Path, text: str) -> None:
    """Put a text after whatever text of somebody's is kept."""
    with closing(sqlite3.connect(path)) as engine:
        kept = engine.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in kept:
            engine.execute(f"DROP TRIGGER {name}")
        for table, column in TEXTS:
            if column not in ("login", "real_login", "filed_by"):
                engine.execute(f"UPDATE {table} SET {column} = {column} || ?", (text,))
        for _, sql in kept:
            engine.execute(sql)
        engine.commit()


LONG = "很长的名称" * 1000 + "unbroken" * 625
CASES = [*((view, LONG) for view in WALKS), ("matters", HOSTILE), ("supervision", HOSTILE)]


@pytest.mark.parametrize(
    ("view", "text"), CASES, ids=[f"{view}-{len(text) > 99}" for view, text in CASES]
)
async def test_every_view_holds_them(
    desktop: MakeDesktop, demo: Path, view: str, text: str
) -> None:
    spoil(demo, text)
    desk = desktop(ADMIN, path=demo)
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await shown(pilot, *WALKS[view])
        page = picture(desk.app)
    assert max(map(len, page.splitlines()), default=0) <= 80
    assert page.strip()
