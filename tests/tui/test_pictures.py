"""Pictures of today, the zero dialog, the form and the first run, in both languages and sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.desktops import MakeDesktop, press, settle, write

SIZES = [(80, 24), (120, 40)]
Snap = Callable[..., bool]

each = pytest.mark.parametrize("lang", ["zh", "en"])
sized = pytest.mark.parametrize("size", SIZES, ids=[f"{w}x{h}" for w, h in SIZES])


def after(*keys: str, typed: str = "") -> Callable[[Pilot[None]], object]:
    """Return what is done before the picture is taken."""

    async def run(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, *keys)
        if typed:
            await write(pilot, typed)

    return run


@each
@sized
def test_today(desktop: MakeDesktop, snap_compare: Snap, lang: str, size: tuple[int, int]) -> None:
    app = desktop("plan", lang=lang).app
    assert snap_compare(app, terminal_size=size, run_before=after())


@each
@sized
def test_today_of_several_units(
    desktop: MakeDesktop, snap_compare: Snap, lang: str, size: tuple[int, int]
) -> None:
    app = desktop("baiyun", lang=lang).app
    assert snap_compare(app, terminal_size=size, run_before=after("z", "6", "tab", "5"))


@each
@sized
def test_today_of_the_city(
    desktop: MakeDesktop, snap_compare: Snap, lang: str, size: tuple[int, int]
) -> None:
    app = desktop("admin", lang=lang, theme="light").app
    assert snap_compare(app, terminal_size=size, run_before=after())


@each
@sized
def test_zero(desktop: MakeDesktop, snap_compare: Snap, lang: str, size: tuple[int, int]) -> None:
    app = desktop("huadu", lang=lang).app
    assert snap_compare(app, terminal_size=size, run_before=after("z", "6"))


@each
@sized
def test_finding(
    desktop: MakeDesktop, snap_compare: Snap, lang: str, size: tuple[int, int]
) -> None:
    app = desktop("huadu", lang=lang).app
    assert snap_compare(app, terminal_size=size, run_before=after("d", "f3", typed="hd"))


@each
@sized
def test_amendment(
    desktop: MakeDesktop, snap_compare: Snap, lang: str, size: tuple[int, int]
) -> None:
    app = desktop("huadu", lang=lang).app
    before = after("left", "left", "left", "left", "a", "f2", typed="原因")
    assert snap_compare(app, terminal_size=size, run_before=before)


@each
@sized
def test_help(desktop: MakeDesktop, snap_compare: Snap, lang: str, size: tuple[int, int]) -> None:
    app = desktop("huadu", lang=lang).app
    assert snap_compare(app, terminal_size=size, run_before=after("question_mark"))


@each
@sized
def test_first_run(
    desktop: MakeDesktop,
    snap_compare: Snap,
    lang: str,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    app = desktop("somebody", lang=lang, path=Path("lianluo.db")).app
    assert snap_compare(app, terminal_size=size, run_before=after("down"))
