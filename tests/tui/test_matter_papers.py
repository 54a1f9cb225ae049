"""A paper of a matter, made by keys from its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions import papers
from domain.papers import PaperKind
from tests.exchange.papers_stage import letter_text
from tests.tui.matters_stage import HELD, city, notice, page_of, press, seen, staged
from tui.views.matter_page import MatterPage
from tui.widgets.pick_dialog import PickDialog


async def test_a_paper_is_chosen_with_its_file_and_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = staged(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await page_of(pilot, app, HELD)
        await press(pilot, "m")
        assert isinstance(app.screen, PickDialog)
        file = f"stop_work-{HELD}.docx"
        assert any("责令停止违法行为通知书" in line and file in line for line in seen(app))
        await press(pilot, "enter")
        assert "SW-2026-0001" in notice(app)
        assert (tmp_path / file).exists()
    assert letter_text((tmp_path / file).read_bytes()).startswith("责令停止违法行为通知书")
    with city(app) as store:
        (row,) = papers.listed(store, app.now(), PaperKind.STOP_WORK)
        assert (row.paper.subject, row.paper.login) == (HELD, "baiyun")


async def test_a_transfer_asks_to_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = staged(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await page_of(pilot, app, HELD)
        await press(pilot, "m", "down", "down", "enter")
        assert any("市公安局" in line for line in seen(app))
        await press(pilot, *"公安", "enter")
        assert "TL-2026-0001" in notice(app)
    assert (tmp_path / f"transfer-{HELD}@POLICE.docx").exists()


async def test_leaving_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = staged(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await page_of(pilot, app, HELD)
        await press(pilot, "m", "escape")
        assert isinstance(app.screen, MatterPage)
    with city(app) as store:
        assert papers.listed(store, app.now()) == []
    assert not list(tmp_path.glob("*.docx"))
