"""At rest a minute sends what it changes and nothing else: whoever is far away pays for it."""

from __future__ import annotations

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from tests.tui.desktops import ZONE, Desktop, MakeDesktop, press, settle, text_of
from tui.widgets.day_strip import DayStrip
from tui.widgets.keys_bar import KeysBar
from tui.widgets.unit_rows import UnitRows


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the widgets that ask to be painted from now on."""
    found: set[str] = set()
    refresh = Widget.refresh

    def noted(widget: Widget, *regions: Region, **how: bool) -> Widget:
        found.add(widget.id or type(widget).__name__)
        return refresh(widget, *regions, **how)

    monkeypatch.setattr(Widget, "refresh", noted)
    return found


async def rest(pilot: Pilot[None], painted: set[str]) -> None:
    """Wait until every answer is on the screen, and nothing is painted any more."""
    await settle(pilot)
    painted.add("")
    while painted:
        painted.clear()
        await pilot.pause(0.1)


def minute(desk: Desktop, at: str) -> None:
    """Let the clock show another minute of the day, and the app look at it."""
    desk.clock.at = ZONE.parse(f"2026-11-23 {at}")
    desk.app._tick()


@pytest.mark.parametrize("login", ["plan", "baiyun", "admin"])
async def test_today_moves_the_countdown_alone(
    desktop: MakeDesktop, painted: set[str], login: str
) -> None:
    desk = desktop(login)
    desk.clock.at = ZONE.parse("2026-11-23 09:00:00")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, painted)
        minute(desk, "09:01:00")
        await settle(pilot)
        assert painted <= {"countdown"}


@pytest.mark.parametrize("key", ["2", "4"])
async def test_a_list_that_says_the_same_is_not_drawn(
    desktop: MakeDesktop, painted: set[str], key: str
) -> None:
    desk = desktop("plan")
    desk.clock.at = ZONE.parse("2026-11-23 09:00:00")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, key)
        await rest(pilot, painted)
        minute(desk, "09:01:00")
        await settle(pilot)
        # Today is not shown, but goes on by itself.
        assert painted <= {"countdown"}


async def test_a_letter_that_time_alone_makes_look_different_is_drawn(
    desktop: MakeDesktop, painted: set[str]
) -> None:
    desk = desktop("baiyun")
    desk.clock.at = ZONE.parse("2026-11-23 15:59:00")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)

        def soon() -> list[bool]:
            shown = (desk.app.query_one(UnitRows).render(), desk.app.query_one(DayStrip).render())
            return ["$warning" in " ".join(str(span.style) for span in s.spans) for s in shown]

        assert soon() == [False, False]
        await rest(pilot, painted)
        minute(desk, "16:00:01")
        await settle(pilot)
        assert soon() == [True, True]
        assert painted >= {"UnitRows", "strip"}


async def test_a_status_whose_look_alone_changes_is_drawn(
    desktop: MakeDesktop, painted: set[str]
) -> None:
    desk = desktop("plan")
    desk.clock.at = ZONE.parse("2026-11-23 15:59:00")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, painted)
        before = text_of(desk.app, "#status")
        minute(desk, "16:00:01")
        await settle(pilot)
        assert text_of(desk.app, "#status") == before
        assert "status" in painted


async def test_the_keys_are_drawn_where_they_are_others(
    desktop: MakeDesktop, painted: set[str]
) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        bar = desk.app.query_one(KeysBar)
        before = str(bar.render())
        await rest(pilot, painted)
        await press(pilot, "z")
        assert str(bar.render()) != before
        assert "keys-bar" in painted
