"""The app on a stage: a fixed clock, a store of one's own, and nothing left to wait for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from textual.pilot import Pilot
from textual.worker import WorkerCancelled

import catalogue
from domain.instants import Instant, Zone
from domain.settings import Settings
from exchange.config import Loaded
from tests.tui.desktops import begun
from tui.app import LianluoApp

ZONE = Zone("Asia/Shanghai")
AT: Instant = ZONE.parse("2026-11-23 16:26:03")
"""A Monday, thirty-four minutes before the cut-off."""
Stage = Callable[..., LianluoApp]
"""Makes the app of the city: `stage(lang, at, login)`."""


def staged(path: Path, at: Instant, login: str, lang: str = "zh") -> LianluoApp:
    """Return the app of the store at `path`, in which it is always `at`.

    It looks for nobody's writing: what the first question writes would be read a second later.
    """
    catalogue.use(lang)
    loaded = Loaded(Settings(), None)
    return LianluoApp(path, loaded, login=login, clock=lambda: at, watch_seconds=3600)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is asked of the store any more and every answer is drawn."""
    await begun(pilot)
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        asked = [w for w in pilot.app.workers if w.group != "watch" and not w.is_finished]
        if asked:
            quiet = 0
            # Whoever writes meanwhile makes a question void and another take its place.
            with suppress(WorkerCancelled):
                await pilot.app.workers.wait_for_complete(asked)
        else:
            quiet += 1
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after another, and wait after each."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type a text."""
    await pilot.press(*text)
    await settled(pilot)


def seen(app: LianluoApp) -> list[str]:
    """Return the lines of the screen as they are read, without scrollbars at the right."""
    strips = app.screen._compositor.render_strips()
    lines = ["".join(segment.text for segment in strip) for strip in strips]
    return [line.rstrip(" ▁▂▃▄▅▆▇█") for line in lines]


def line_with(app: LianluoApp, text: str) -> str:
    """Return the first line of the screen with a text in it."""
    return next(line for line in seen(app) if text in line)
