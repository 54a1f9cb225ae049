"""The rows of several units: drawn by one widget, with fields only where something is typed."""

from __future__ import annotations

import re

from rich.cells import cell_len
from textual.events import AppBlur, AppFocus
from textual.pilot import Pilot

from actions.reporting import file_zero
from domain.people import Actor
from tests.tui.desktops import NOW, TODAY, Desktop, MakeDesktop, picture, press, settle, text_of
from tui.widgets.countdown import Countdown
from tui.widgets.day_strip import DayStrip
from tui.widgets.fields import CountInput
from tui.widgets.unit_grid import UnitGrid
from tui.widgets.unit_rows import UnitRows

SMALL = (80, 24)
TOWN = "440111103"


def line_of(desk: Desktop, name: str) -> str:
    """Return the line of the grid that begins with a unit's name."""
    found = re.search(rf"^ {name} .*$", picture(desk.app), re.MULTILINE)
    assert found is not None
    return found.group()


def fields(desk: Desktop) -> list[str]:
    """Return what stands in the fields that there are."""
    return [field.value for field in desk.app.query(CountInput)]


async def begin(pilot: Pilot[None]) -> None:
    await settle(pilot)
    assert pilot.app.screen.focused is pilot.app.query_one(UnitGrid)


async def test_any_number_of_units_is_one_widget_until_one_is_typed_in(
    desktop: MakeDesktop,
) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        grid = desk.app.query_one(UnitGrid)
        assert len(grid.rows) == 3
        assert [type(node) for node in grid.walk_children()] == [UnitRows]
        await press(pilot, "z")
        assert len(desk.app.query(CountInput)) == 2
        await press(pilot, "escape")
        assert not desk.app.query(CountInput)


async def test_what_was_typed_stands_where_the_fields_were(desktop: MakeDesktop) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        await press(pilot, "down", "z", "6", "tab", "5")
        typed = line_of(desk, "人和镇")
        await press(pilot, "escape")
        assert line_of(desk, "人和镇") == typed
        assert "按 z 填写" in text_of(desk.app, "#grid-sentence")
        await press(pilot, "z")
        assert fields(desk) == ["6", "5"]
        assert desk.app.screen.focused is desk.app.query(CountInput).last()
        assert "5/6" in text_of(desk.app, "#grid-sentence")


async def test_the_fields_go_with_the_cursor(desktop: MakeDesktop) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        await press(pilot, "z", "6", "down", "7", "up")
        assert fields(desk) == ["6", ""]
        assert re.search(r"人和镇 +待 待报 +7 ", line_of(desk, "人和镇"))
        await press(pilot, "down", "down", "down")
        assert not fields(desk)
        assert isinstance(desk.app.screen.focused, DayStrip)


async def test_a_count_that_is_too_long_is_not_shown_as_another(desktop: MakeDesktop) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        await press(pilot, "z", *"1234567", "escape")
        assert " 1234.. " in line_of(desk, "白云区")
        assert desk.app.query_one(UnitGrid).rows[0].planned_number == 1234567


async def test_the_mouse_puts_the_cursor_on_a_row(desktop: MakeDesktop) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        grid = desk.app.query_one(UnitGrid)
        await pilot.click(UnitRows, offset=(30, 2))
        await settle(pilot)
        assert grid.selected is grid.rows[1]
        await pilot.click(UnitRows, offset=(3, 0))
        assert grid.selected is grid.rows[1]
        assert "人和镇" in text_of(desk.app, "#grid-sentence")


async def test_a_click_on_a_field_goes_on_typing_there(desktop: MakeDesktop) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        await press(pilot, "z", "6")
        await pilot.click(desk.app.query(CountInput).last())
        await press(pilot, "5")
        assert fields(desk) == ["6", "5"]


async def test_the_cursor_is_seen_without_colour_where_the_keys_are_for_it(
    desktop: MakeDesktop,
) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        rows = desk.app.query_one(UnitRows)

        def reversed_text() -> list[str]:
            shown = rows.render()
            return [shown.plain[s.start : s.end] for s in shown.spans if "reverse" in str(s.style)]

        assert reversed_text() == ["白云区"]
        await press(pilot, "down")
        assert reversed_text() == ["人和镇"]
        await press(pilot, "z")
        assert reversed_text() == []


async def test_a_terminal_that_is_left_for_a_moment_keeps_what_is_being_typed(
    desktop: MakeDesktop,
) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        await press(pilot, "z", "6", "tab")
        desk.app.post_message(AppBlur())
        await settle(pilot)
        assert desk.app.screen.focused is None
        desk.app.post_message(AppFocus())
        await settle(pilot)
        await press(pilot, "5")
        assert fields(desk) == ["6", "5"]


async def test_a_row_that_somebody_else_filed_is_left(desktop: MakeDesktop) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        await press(pilot, "z", "6")
        with desk.store() as store:
            file_zero(store, Actor("baiyun", "baiyun"), "440111", TODAY, NOW, areas=(3, 4))
        desk.app.on_store_changed()
        await settle(pilot)
        assert not fields(desk)
        assert desk.app.screen.focused is desk.app.query_one(UnitGrid)
        assert re.search(r"白云区 +零 按时 +4 +3 ", line_of(desk, "白云区"))


async def test_a_row_being_typed_in_stays_when_others_are_filed(desktop: MakeDesktop) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        await press(pilot, "z", "6")
        with desk.store() as store:
            file_zero(store, Actor("baiyun", "baiyun"), TOWN, TODAY, NOW, areas=(3, 4))
        desk.app.on_store_changed()
        await settle(pilot)
        await press(pilot, "tab", "5")
        assert fields(desk) == ["6", "5"]


async def test_a_line_is_as_wide_as_there_is_room(desktop: MakeDesktop) -> None:
    desk = desktop("baiyun")
    for width in (40, 60, 80, 120):
        async with desk.app.run_test(size=(width, 24)) as pilot:
            await settle(pilot)
            lines = str(desk.app.query_one(UnitRows).render()).split("\n")
            room = desk.app.query_one(UnitRows).size.width
            assert len(lines) == 4
            assert all(cell_len(line) == max(room, 49) for line in lines[1:])
        desk = desktop("baiyun")


async def test_nothing_is_composed_before_there_is_something_to_show(
    desktop: MakeDesktop,
) -> None:
    desk = desktop("baiyun")
    async with desk.app.run_test(size=SMALL) as pilot:
        await begin(pilot)
        view = desk.app.view
        assert view is not None
        assert len(view.query(Countdown)) == 1
        desk.app.on_store_changed()
        await settle(pilot)
        assert len(view.query(Countdown)) == 1
