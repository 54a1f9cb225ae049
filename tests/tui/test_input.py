"""Chinese typed with an input method arrives whole, as a terminal sends it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message
from textual.widgets import Input, TextArea

from tests.tui.desktops import Desktop, MakeDesktop, press, settle

SMALL = (80, 24)
SENTENCE = "今日巡查人和镇鸦湖村北侧空地发现新增推土堆料一宗已当场制止并上报了"
COMMITS = [SENTENCE[:1], SENTENCE[:4], SENTENCE[:5], SENTENCE[:30]]
IDS = [str(len(text)) for text in COMMITS]


def as_keys(text: str) -> list[Message]:
    """Return the events of a commit as the terminal writes it: plain UTF-8."""
    parser = XTermParser()
    return [*parser.feed(text), *parser.feed("")]


def as_paste(text: str) -> list[Message]:
    """Return the events of the same text pasted in brackets."""
    return list(XTermParser().feed(f"\x1b[200~{text}\x1b[201~"))


def send(desk: Desktop, messages: list[Message]) -> None:
    for message in messages:
        desk.app.post_message(message)


def test_the_kitty_protocol_is_off_whatever_the_environment_says() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import tui.app, textual.constants as c; print(c.DISABLE_KITTY_KEY)",
        ],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "TEXTUAL_DISABLE_KITTY_KEY": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "True"


@pytest.mark.parametrize("text", COMMITS, ids=IDS)
def test_the_parser_gives_one_key_for_each_character(text: str) -> None:
    keys = [message for message in as_keys(text) if isinstance(message, events.Key)]
    assert "".join(key.character or "" for key in keys) == text


@pytest.mark.parametrize("how", [as_keys, as_paste])
@pytest.mark.parametrize("text", COMMITS, ids=IDS)
async def test_a_commit_arrives_whole_in_the_account(
    desktop: MakeDesktop, text: str, how: object
) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        send(desk, as_keys(text) if how is as_keys else as_paste(text))
        await settle(pilot)
        assert desk.app.screen.query_one("#summary", TextArea).text == text


@pytest.mark.parametrize("how", [as_keys, as_paste])
@pytest.mark.parametrize("text", COMMITS, ids=IDS)
async def test_a_commit_arrives_whole_in_the_note(
    desktop: MakeDesktop, text: str, how: object
) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "z", "tab")
        send(desk, as_keys(text) if how is as_keys else as_paste(text))
        await settle(pilot)
        note = desk.app.screen.query_one("#note", Input)
        assert note.value == text
        assert desk.app.focused is note


async def test_the_input_methods_window_stands_at_the_cursor(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "z", "tab")
        note = desk.app.screen.query_one("#note", Input)
        assert desk.app.cursor_position == note.cursor_screen_offset
        before = desk.app.cursor_position
        send(desk, as_keys("巡查"))
        await settle(pilot)
        # Two Han characters are four cells.
        assert desk.app.cursor_position.x == before.x + 4
