"""Draws the pictures of docs/images/ from the program itself, on a demo store of a fixed instant.

`python docs/pictures.py` draws each view in both languages.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import sys
import tempfile
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len

import catalogue
from domain.people import Actor
from domain.settings import CityRules, Settings
from exchange.config import Loaded
from exchange.demo import found_demo

if TYPE_CHECKING:
    from tui.app import LianluoApp

FOLDER = Path(__file__).resolve().parent / "images"
LOGIN = "baiyun"
SIZE = (100, 30)
TEXT = re.compile(r'<text ([^>]*?)x="([\d.]+)"([^>]*?) textLength="([\d.]+)"([^>]*)>([^<]+)</text>')
AT = CityRules().zone().parse("2026-11-23 16:26:03")
"""A Monday, thirty-four minutes before the cut-off."""


async def draw(store: Path, language: str) -> dict[str, str]:
    """Return each view's picture as SVG, by the name of its file."""
    from tui.app import LianluoApp
    from tui.entries import VIEWS

    catalogue.use(language)
    app = LianluoApp(
        store, Loaded(Settings(), None), login=LOGIN, clock=lambda: AT, watch_seconds=3600
    )
    pictures: dict[str, str] = {}
    async with app.run_test(size=SIZE) as pilot:
        await settled(app)
        for entry in VIEWS:
            await app.action_view(entry.name)
            await settled(app)
            await pilot.pause()
            picture = app.export_screenshot(title="lianluo")
            pictures[f"{entry.name}-{language}.svg"] = aligned(picture)
    return pictures


def aligned(picture: str) -> str:
    """Return a picture in which a Han character takes two cells: Rich gives every one a single."""
    return TEXT.sub(_on_the_grid, picture)


def _on_the_grid(match: re.Match[str]) -> str:
    style, at, line, length, rest, content = match.groups()
    words = html.unescape(content)
    cell, x = float(length) / len(words), float(at)
    parts = []
    for width, run in groupby(words, key=cell_len):
        part = "".join(run)
        size = cell * width * len(part)
        shown = html.escape(part, quote=False).replace("\u00a0", "&#160;")
        place = f'x="{x:g}"{line} textLength="{size:g}"'
        if width > 1:
            place += ' lengthAdjust="spacingAndGlyphs"'
        parts.append(f"<text {style}{place}{rest}>{shown}</text>")
        x += size
    return "".join(parts)


async def settled(app: LianluoApp) -> None:
    """Return once every question to the store is answered; only the watch goes on."""
    for _ in range(3):
        await asyncio.sleep(0.2)
        while any(worker.is_running and worker.group != "watch" for worker in app.workers):
            await asyncio.sleep(0.05)


def main() -> int:
    """Draw every picture; return the exit code."""
    # Before Textual is imported: a picture waits for no animation, and has its colours.
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ.pop("NO_COLOR", None)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "demo.db"
        found_demo(store, CityRules(), Actor(LOGIN, LOGIN), AT).close()
        for language in catalogue.LANGUAGES:
            for name, picture in asyncio.run(draw(store, language)).items():
                (FOLDER / name).write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
