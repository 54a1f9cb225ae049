"""Supervision: notices both ways, late units, contradicted zeros, blind spots, the last check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from actions import matters
from actions.matters import Subject, open_matter
from actions.reconciling import looked_back, unasked
from actions.supervision import supervision
from domain.areas import LandClass
from domain.findings import Finding
from domain.reports import Content, ReportKind, Revision
from storage import reports
from storage.matters import Filter
from storage.units import Selection
from tests.tui.matters_stage import (
    AT,
    LARGE,
    SMALL,
    TODAY,
    city,
    notice,
    on,
    picture,
    press,
    said,
    seen,
    settled,
    staged,
    standing,
    who,
    write,
)
from tui.views.explanation import ExplanationDialog
from tui.views.matter_page import MatterPage
from tui.views.supervision import SupervisionView
from tui.views.unit_card import UnitCard
from tui.widgets.confirm import ConfirmDialog
from tui.widgets.form import FormDialog
from tui.widgets.notice_form import IssueDialog, NoticeDialog

FIRST, SECOND, THIRD = "N-2026-0001", "N-2026-0002", "N-2026-0003"
"""To Baiyun, signed for; to Huadu, untouched; to Panyu, replied to."""


async def shown(pilot: Pilot[None], *keys: str) -> SupervisionView:
    """Show supervision and press some keys."""
    await settled(pilot)
    await press(pilot, "6", *keys)
    return pilot.app.query_one(SupervisionView)


async def point_at(pilot: Pilot[None], view: SupervisionView, number: str) -> None:
    """Put the cursor on a notice."""
    assert view._sight is not None
    numbers = [row.view.matter.number for row in view._sight.found.notices]
    view.rows.cursor = numbers.index(number)
    await settled(pilot)


# -- what is listed ----------------------------------------------------------------------------


async def test_my_notices_as_supervisor(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        assert view.rows.has_focus
        rows = [line.split() for line in seen(app) if "N-2026-" in line]
        assert [row[:5] for row in rows] == [
            [SECOND, "发", "连续未报", "花都区", "签收"],
            [FIRST, "发", "连续未报", "白云区", "回复"],
            [THIRD, "发", "石楼镇问题", "番禺区", "审核"],
        ]


async def test_my_notices_as_supervised(tmp_path: Path) -> None:
    app = staged(tmp_path, "baiyun", "en")
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot)
        rows = [line.split() for line in seen(app) if "N-2026-" in line]
        assert [row[:2] for row in rows] == [[FIRST, "in"]]
        assert "i Issue" not in picture(app)


async def test_the_last_check_of_the_ladder_is_said(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot)
        assert "上次催办检查 26 小时前" in picture(app)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("11-22 14:50:00", "上次催办检查 24 分钟前"),
        ("11-22 16:30:00", "上次催办检查 2 小时前"),
        ("11-26 09:00:00", "上次催办检查 3 天前"),
    ],
)
async def test_the_last_check_in_its_own_measure(tmp_path: Path, at: str, words: str) -> None:
    app = staged(tmp_path, "sup", at=on(at))
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot)
        assert words in picture(app)


async def test_units_by_what_they_have_owed_longest(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    with city(app) as store:
        found = supervision(store, who("sup"), AT)
    since = [row.longest.obligation.due_at for row in found.debtors]
    assert since == sorted(since)
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot, "n")
        assert view.rows.count == len(found.debtors)
        assert "42 天" in picture(app)
        await press(pilot, "y")
        assert "【催报】" in app.clipboard
        await press(pilot, "escape", "enter")
        assert isinstance(app.screen, ExplanationDialog)


async def test_hints_to_make_a_spot_check_are_for_supervisors(tmp_path: Path) -> None:
    app = staged(tmp_path, "admin")
    found = (Finding(1, "村口", LandClass.CULTIVATED, 100, place="440112"),)
    rows = []
    for back in range(199, 99, -1):
        day = TODAY - timedelta(days=back)
        daily = back >= 140 and (back % 3 == 0 or back == 140)
        content = Content(ReportKind.DAILY, findings=found) if daily else Content(ReportKind.ZERO)
        rows.append(Revision("440112", day, 1, content, AT - back * 86400))
    with city(app) as store, store.connection.writing():
        reports.add(store.connection, rows)
    async with app.run_test(size=SMALL) as pilot:
        # An administrator as such supervises nobody.
        view = await shown(pilot)
        assert "抽查" not in picture(app)
        app.act_as("sup")
        await settled(pilot)
        await press(pilot, "left")
        assert "抽查 1" in picture(app)
        row = next(line for line in seen(app) if "黄埔区" in line)
        assert row.split()[1] == "40"
        await press(pilot, "enter")
        assert isinstance(app.screen, UnitCard)
        await press(pilot, "escape")
        # The list and its tab go with the supervisor.
        app.act_as("baiyun")
        assert view.rows.count == 0
        await settled(pilot)
        assert "抽查" not in picture(app)
        assert "黄埔区" not in picture(app)


async def test_blind_spots_open_the_card(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "left", "left")
        assert "荔湾区" in picture(app)
        assert "从未" in picture(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, UnitCard)


async def test_the_filter_narrows_every_list(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot, "/")
        await write(pilot, "番禺")
        assert view.rows.count == 1
        await press(pilot, "enter", "n")
        assert view.rows.count == 1
        await press(pilot, "n")
        assert "没有符合筛选的内容" in picture(app)


async def test_who_has_no_notice_is_told_so(tmp_path: Path) -> None:
    app = staged(tmp_path, "power")
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot)
        assert "没有督办单。" in picture(app)
        await press(pilot, "s")
        assert notice(app) == "这里没有选中的督办单。"


# -- notices -----------------------------------------------------------------------------------


async def test_a_notice_goes_its_way_by_keys(tmp_path: Path) -> None:
    """Issued, signed for, replied to, returned, replied to again, accepted."""
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "i")
        assert isinstance(app.screen, NoticeDialog)
        field = app.screen.query_one("#notice-unit-input")
        app.screen.set_focus(field)
        await write(pilot, "440111")
        await press(pilot, "enter")
        await write(pilot, "人和镇")
        await press(pilot, "tab")
        await write(pilot, "限期拆除")
        await press(pilot, "enter")
        assert isinstance(app.screen, IssueDialog)
        assert "发给(1):白云区" in picture(app)
        await press(pilot, "enter")
        assert notice(app) == "已发 1 份督办单:N-2026-0004。"
    number = "N-2026-0004"

    app = staged(tmp_path, "baiyun")
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        await point_at(pilot, view, number)
        await press(pilot, "s")
        assert "签收 完成" in said(app)
        await press(pilot, "enter")
        await point_at(pilot, view, number)
        await press(pilot, "r", "enter")
        assert "请写明依据或证据。" in picture(app)
        await write(pilot, "已拆除")
        await press(pilot, "enter")
        await point_at(pilot, view, number)
        await press(pilot, "v")
        assert "无权" in notice(app)

    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        await point_at(pilot, view, number)
        await press(pilot, "v", "shift+tab", "right")
        assert "审核退回,重新开始:回复#2" in said(app)
        await press(pilot, "enter")
        assert "请说明理由。" in picture(app)
        await press(pilot, "tab")
        await write(pilot, "无照片")
        await press(pilot, "enter")

    app = staged(tmp_path, "deputy")
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        await point_at(pilot, view, number)
        await press(pilot, "r")
        assert "回复#2" in picture(app)
        await write(pilot, "照片3张")
        await press(pilot, "enter")

    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        await point_at(pilot, view, number)
        await press(pilot, "v")
        assert "审核#2 完成,事项办结" in said(app)
        await press(pilot, "enter")
    assert standing(app, number).state.closed_at == AT


async def test_a_notice_to_all_that_missed_their_days(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "i", "shift+tab", "shift+tab", "right")
        assert app.screen.query_one("#notice-missed").display
        await press(pilot, "tab", "tab")
        await write(pilot, "连续三日未报")
        await press(pilot, "tab")
        await write(pilot, "请说明")
        await press(pilot, "enter")
        assert isinstance(app.screen, IssueDialog)
        assert "荔湾区" in picture(app)
        assert "白云区" not in said(app, "#confirm-text Static")
        await press(pilot, "escape")
    with city(app) as store:
        found = matters.listed(store, Selection(), Filter(workflow="notice"), AT)
    assert len(found) == 3


async def test_a_notice_without_words_is_refused(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "i", "enter")
        assert isinstance(app.screen, NoticeDialog)
        assert "请写明督办的内容。" in picture(app)


async def test_a_step_out_of_turn_is_refused_in_words(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        await point_at(pilot, view, FIRST)
        await press(pilot, "v")
        assert notice(app) == f"{FIRST} 的步骤 审核(review) 现在不能办;可办的有:回复(reply)。"


async def test_enter_opens_the_notice(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot)
        await point_at(pilot, view, THIRD)
        await press(pilot, "enter")
        assert isinstance(app.screen, MatterPage)
        assert "已核实,附照片 3 张" in picture(app)


# -- contradicted zeros ------------------------------------------------------------------------


async def test_a_contradicted_zero_is_explained_with_a_reason(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        view = await shown(pilot, "n", "n")
        assert "2026-11-21  S-2026-0001 卫片图斑 31 号" in picture(app)
        before = view.rows.count
        await press(pilot, "enter")
        assert isinstance(app.screen, FormDialog)
        for words in ("[看不到]", "不在巡查范围", "早已掌握", "漏看"):
            assert words in picture(app)
        await press(pilot, "shift+tab", "right", "right", "tab")
        await write(pilot, "11月20日已立案")
        await press(pilot, "enter")
        assert view.rows.count == before - 1
    view_of = standing(app, "Z-2026-0001")
    assert view_of.entries[-1].reason == "already_known"


async def test_an_explanation_needs_words(tmp_path: Path) -> None:
    app = staged(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "n", "n", "enter", "enter")
        assert "请写明依据或证据。" in picture(app)
    assert standing(app, "Z-2026-0001").state.closed_at is None


# -- pictures ----------------------------------------------------------------------------------

SIZES = [SMALL, LARGE]
NAMES = ["80x24", "120x40"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_notices(
    tmp_path: Path, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await shown(pilot)

    assert snap_compare(staged(tmp_path, "sup", lang), terminal_size=size, run_before=show)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_late_units(
    tmp_path: Path, snap_compare: Callable[..., bool], lang: str, size: tuple[int, int]
) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await shown(pilot, "n")

    assert snap_compare(staged(tmp_path, "sup", lang), terminal_size=size, run_before=show)


async def test_zeros_are_reconciled_by_a_key_that_shows_what_it_asks(tmp_path: Path) -> None:
    app = staged(tmp_path, "admin")
    with city(app) as store:
        patch = Subject("卫片图斑 32 号", place="440111103", existed_since=date(2026, 11, 19))
        open_matter(store, who("admin"), "satellite", "440111", patch, on("11-23 09:00"))
        before = unasked(store, *looked_back(store, TODAY), Selection(), AT)
    assert len(before) > 0
    async with app.run_test(size=SMALL) as pilot:
        view = await shown(pilot, "u")
        assert isinstance(app.screen, ConfirmDialog)
        assert f"零报核对:要求说明 {len(before)} 项" in picture(app)
        assert f"{before[0].day} 零报  与 {before[0].matter.number} 卫片图斑 32 号 不符" in picture(
            app
        )
        await press(pilot, "escape", "u", "enter")
        assert notice(app) == f"已要求说明 {len(before)} 项。"
        assert view.zero is not None
        await press(pilot, "u")
        assert notice(app) == "没有尚未要求说明的不符零报。"
    with city(app) as store:
        assert unasked(store, *looked_back(store, TODAY), Selection(), AT) == []


async def test_who_may_not_reconcile_has_no_key_for_it(tmp_path: Path) -> None:
    app = staged(tmp_path, "sup")
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, "u")
        assert not isinstance(app.screen, ConfirmDialog)
