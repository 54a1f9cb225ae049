"""The daily report and the amendment: fields, findings, drafts, confirmation, difference."""

from __future__ import annotations

from datetime import date

import pytest
from textual.widgets import Input, TextArea

from actions import drafts as kept
from actions import reporting
from actions.reporting import Report, file, file_zero
from domain.areas import LandClass
from domain.errors import NotFound
from domain.findings import Finding
from domain.people import Actor
from domain.reports import Content, ReportKind, Revision, Status
from domain.units import Kind, Unit
from tests.tui.desktops import (
    NOW,
    TODAY,
    Desktop,
    MakeDesktop,
    picture,
    press,
    settle,
    text_of,
    write,
)
from tui.drafts import (
    FindingDraft,
    ReportDraft,
    carried,
    draft_of,
    from_json,
    read_finding,
    read_report,
    to_json,
)
from tui.places import gathered, matching
from tui.views.report_form import ReportForm
from tui.widgets.confirm import ConfirmDialog
from tui.widgets.fields import Choice
from tui.widgets.finding import FindingDialog
from tui.widgets.notice import Notice
from tui.widgets.report_fields import ReportFields

SMALL = (80, 24)
HUADU = Actor("huadu", "huadu", "host")


def notice(desk: Desktop) -> str:
    return desk.app.query_one(Notice).text


def field(desk: Desktop, name: str) -> Input:
    return desk.app.screen.query_one(f"#{name}", Input)


def focused(desk: Desktop) -> str | None:
    return desk.app.focused.id if desk.app.focused is not None else None


def go(desk: Desktop, name: str) -> None:
    desk.app.screen.set_focus(desk.app.screen.query_one(f"#{name}"))


def account(desk: Desktop) -> TextArea:
    return desk.app.screen.query_one("#summary", TextArea)


def standing(desk: Desktop, day: date = TODAY) -> Report:
    with desk.store() as store:
        return reporting.show(store, "440114", day, NOW)


def draft(desk: Desktop) -> str | None:
    with desk.store() as store:
        found = kept.read(store, HUADU, "440114", TODAY)
    return None if found is None else found[0]


class TestDailyReport:
    """`d` opens the form, F2 shows what will be written, Enter files it."""

    async def test_is_filed_after_showing_what_will_be_written(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "d")
            assert "日报告  花都区  2026-11-23 星期一   现在报送算:按时" in picture(desk.app)
            assert field(desk, "planned").value == "8"
            await write(pilot, "巡查一切如常")
            go(desk, "patrolled")
            await press(pilot, "7", "f2")
            assert isinstance(desk.app.screen, ConfirmDialog)
            shown = picture(desk.app)
            assert "日报告  7/8" in shown
            assert "巡查一切如常" in shown
            await press(pilot, "enter")
            assert notice(desk).startswith("已报 R-20261123-440114-1 16:25:48 按时")
            assert draft(desk) is None
        content = standing(desk).newest.content
        assert content == Content(ReportKind.DAILY, "巡查一切如常", 8, 7)

    async def test_says_beside_each_field_what_is_wrong(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "d", "f2")
            shown = picture(desk.app)
            assert "请填写实际数" in shown
            assert focused(desk) == "patrolled"
            await press(pilot, "8", "f2")
            assert "日报告没有文字" in picture(desk.app)
            assert focused(desk) == "summary"
            await write(pilot, "有")
            assert "日报告没有文字" not in picture(desk.app)

    async def test_takes_findings_and_shows_them(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "d", "f3")
            assert isinstance(desk.app.screen, FindingDialog)
            await write(pilot, "hdq")
            await press(pilot, "enter")
            assert field(desk, "place").value == "440114 花都区"
            await write(pilot, "旗岭北侧")
            await press(pilot, "tab", "tab", "right", "tab")
            assert desk.app.screen.query_one("#land_class", Choice).value == "other_agricultural"
            await write(pilot, "3.5亩")
            assert "2,333平方米 3.50亩 0.2333公顷" in picture(desk.app)
            await press(pilot, "enter")
            assert "1  花都区 旗岭北侧  其他农用地  3.5亩" in picture(desk.app)
            go(desk, "findings")
            await press(pilot, "enter")
            await write(pilot, "(二)")
            await press(pilot, "enter")
            assert "旗岭北侧(二)" in picture(desk.app)
            go(desk, "patrolled")
            await press(pilot, "8", "f2", "enter")
        finding = standing(desk).newest.content.findings[0]
        assert finding == Finding(1, "旗岭北侧(二)", LandClass.OTHER_AGRICULTURAL, 2333, "440114")

    async def test_a_finding_is_taken_out(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "left", "left", "left", "left", "a")
            fields = desk.app.screen.query_one(ReportFields)
            assert [finding.area for finding in fields.findings] == ["1240"]
            go(desk, "findings")
            await press(pilot, "delete")
            assert not fields.findings

    async def test_takes_over_what_the_last_report_said(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        with desk.store() as store:
            content = Content(ReportKind.DAILY, "同一宗", findings=standing_findings())
            file(store, HUADU, "440114", date(2026, 11, 21), content, NOW - 60)
            file_zero(store, HUADU, "440114", TODAY, NOW - 30, areas=(8, 8))
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "left", "d", "f4")
            # The twenty-second is filed: its amendment takes over what the day before said.
            assert account(desk).text == "同一宗"
            assert "已沿用 2026-11-21 的报告内容" in desk.app.screen.query_one(Notice).text


def standing_findings() -> tuple[Finding, ...]:
    return (Finding(1, "旗岭", LandClass.CULTIVATED, 1240),)


class TestFindingDialog:
    """What is wrong with a finding stands beside the field, and nothing wrong is taken."""

    async def open(self, desk: Desktop, *typed: str) -> str:
        """Fill the fields named `name=text`, press Enter, and return the screen."""
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "d", "f3")
            for pair in typed:
                name, _, text = pair.partition("=")
                go(desk, name)
                await write(pilot, text)
            await press(pilot, "enter")
            assert isinstance(desk.app.screen, FindingDialog)
            return picture(desk.app)

    async def test_location_and_area_are_needed(self, desktop: MakeDesktop) -> None:
        shown = await self.open(desktop("huadu"), "party=某厂")
        assert "请填写位置。" in shown
        assert "请填写面积。" in shown

    async def test_the_parts_of_an_area_are_no_larger_than_it(self, desktop: MakeDesktop) -> None:
        shown = await self.open(
            desktop("huadu"), "location=旗岭", "area=100", "cultivated_area=1亩", "use=堆料"
        )
        assert "耕地面积 667" in shown

    async def test_a_day_ahead_and_an_unreadable_area(self, desktop: MakeDesktop) -> None:
        shown = await self.open(
            desktop("huadu"), "location=旗岭", "area=很大", "existed_since=明天", "use=堆料"
        )
        assert "看不懂这个面积" in shown or "不是面积" in shown

    async def test_a_place_is_one_of_the_registry(self, desktop: MakeDesktop) -> None:
        shown = await self.open(
            desktop("huadu"), "location=旗岭", "area=100", "place=月球", "use=堆料"
        )
        assert "请从列表中选" in shown


class TestDraft:
    """What is typed is kept, and never counted as filed."""

    async def test_survives_a_crash_and_is_restored(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "d")
            await write(pilot, "写到一半")
            await pilot.pause(0.05)
            await settle(pilot)
            assert "草稿已存 16:25:48;草稿不算报送。" in text_of(desk.app, "#draft-state")
        with pytest.raises(NotFound):
            standing(desk)
        again = desktop("huadu", path=desk.path)
        async with again.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            assert "待 待报" in text_of(again.app, "#status")
            await press(pilot, "d")
            assert account(again).text == "写到一半"
            assert "已恢复 2026-11-23 16:25 的草稿" in text_of(again.app, "#draft-state")
            await press(pilot, "f8")
            await settle(pilot)
            assert account(again).text == ""
        assert draft(again) is None

    async def test_leaving_keeps_it(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        desk.app.draft_seconds = 3600
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "d")
            await write(pilot, "写到一半")
            await press(pilot, "escape")
            await settle(pilot)
            assert not isinstance(desk.app.screen, ReportForm)
        assert "写到一半" in (draft(desk) or "")

    async def test_quitting_keeps_the_last_second_of_it(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        desk.app.draft_seconds = 3600
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "d")
            await write(pilot, "写到一半")
            await pilot.press("ctrl+q")
        assert "写到一半" in (draft(desk) or "")

    async def test_saying_nothing_new_keeps_none(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "d", "x", "backspace")
            await pilot.pause(0.05)
            await settle(pilot)
        assert draft(desk) is None


class TestAmendment:
    """`a` loads what stands, asks for the reason, and shows the difference before it is sent."""

    async def test_shows_the_difference_and_records_a_revision(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "left", "left", "left", "left", "a")
            assert "更正  花都区  2026-11-19 星期四   更正 R-20261119-440114-1" in picture(desk.app)
            assert account(desk).text == "狮岭镇发现推土一宗"
            await write(pilot, ",已制止")
            await press(pilot, "f2")
            assert "请说明原因。" in picture(desk.app)
            await write(pilot, "补充制止情况")
            await press(pilot, "f2")
            shown = picture(desk.app)
            assert "- 狮岭镇发现推土一宗" in shown
            assert "+ 狮岭镇发现推土一宗,已制止" in shown
            assert "原因:补充制止情况" in shown
            await press(pilot, "enter")
            assert notice(desk).startswith("已报 R-20261119-440114-2")
        report = standing(desk, date(2026, 11, 19))
        assert report.status is Status.ON_TIME
        assert [revision.number for revision in report.revisions] == [1, 2]
        assert report.newest.reason == "补充制止情况"
        assert report.newest.content.findings == report.revisions[0].content.findings

    async def test_a_zero_becomes_a_daily_report(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "left", "a")
            assert desk.app.screen.query_one("#kind", Choice).value == "zero"
            go(desk, "kind")
            await press(pilot, "right")
            go(desk, "summary")
            await write(pilot, "其实有一宗")
            go(desk, "reason")
            await write(pilot, "漏看")
            await press(pilot, "f2")
            shown = picture(desk.app)
            assert "- 零报告" in shown
            assert "+ 日报告" in shown
            await press(pilot, "enter")
        report = standing(desk, date(2026, 11, 22))
        assert [r.content.kind for r in report.revisions] == [ReportKind.ZERO, ReportKind.DAILY]

    async def test_nothing_filed_is_nothing_to_amend(self, desktop: MakeDesktop) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "a")
            assert "2026-11-23 还没有报告,无可更正" in notice(desk)

    async def test_what_somebody_amended_meanwhile_is_not_overwritten(
        self, desktop: MakeDesktop
    ) -> None:
        desk = desktop("huadu")
        async with desk.app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            await press(pilot, "left", "a")
            go(desk, "reason")
            await write(pilot, "改数")
            with desk.store() as store:
                content = Content(ReportKind.ZERO, "", 8, 7)
                day = date(2026, 11, 22)
                file(store, HUADU, "440114", day, content, NOW, amending=True, reason="先改")
            await press(pilot, "f2", "enter")
            assert "刚被别人报送或更正(R-20261122-440114-2)" in (
                desk.app.screen.query_one(Notice).text
            )
        assert len(standing(desk, date(2026, 11, 22)).revisions) == 2


UNIT = Unit("440114", "花都区", Kind.DISTRICT)


class TestDraftsAsValues:
    """Reading drafts needs no screen."""

    def test_go_through_json_unchanged(self) -> None:
        finding = FindingDraft("旗岭", "440114", area="3.5亩", existed_since="昨天")
        typed = ReportDraft("daily", "8", "7", "两行\n文字", "原因", (finding,), 2)
        assert from_json(to_json(typed)) == typed

    @pytest.mark.parametrize("body", ["", "[]", "{}", '{"findings": 3}', '{"findings": [1]}'])
    def test_what_is_no_draft_is_left_alone(self, body: str) -> None:
        assert from_json(body) is None

    def test_a_content_read_back_is_the_same(self) -> None:
        finding = Finding(
            1,
            "旗岭",
            LandClass.CULTIVATED,
            1240,
            "440114",
            "某砖厂",
            1000,
            200,
            "堆料",
            date(2026, 11, 1),
            "no",
            "no",
            "provincial",
            "举报",
        )
        content = Content(ReportKind.DAILY, "一宗", 8, 7, (finding,))
        read = read_report(draft_of(content, 1), UNIT, TODAY, TODAY, reason_needed=False)
        assert read == content

    def test_full_width_digits_are_digits(self) -> None:
        typed = ReportDraft("zero", "８", "７")
        read = read_report(typed, UNIT, TODAY, TODAY, reason_needed=False)
        assert read == Content(ReportKind.ZERO, "", 8, 7)

    def test_a_zero_keeps_no_finding(self) -> None:
        typed = ReportDraft("zero", "8", "7", findings=(FindingDraft("旗岭", area="1"),))
        read = read_report(typed, UNIT, TODAY, TODAY, reason_needed=False)
        assert isinstance(read, dict)
        assert list(read) == ["summary"]

    def test_problems_name_their_fields(self) -> None:
        wrong = FindingDraft("", area="x", cultivated_area="y", existed_since="z")
        read = read_finding(wrong, 1, TODAY, TODAY)
        assert isinstance(read, dict)
        assert set(read) == {"location", "area", "cultivated_area", "existed_since"}

    def test_carrying_over_adds_what_is_not_said_yet(self) -> None:
        last = Revision(
            "440114",
            date(2026, 11, 22),
            1,
            Content(ReportKind.DAILY, "旧文", 8, 8, standing_findings()),
            NOW,
        )
        assert carried(ReportDraft(), last).summary == "旧文"
        mine = ReportDraft(summary="新文", findings=(FindingDraft("旗岭", area="5"),))
        assert carried(mine, last) == ReportDraft(
            planned="8", summary="新文", findings=mine.findings
        )


class TestPlaces:
    """A place is found by code, by name, by initials of its pinyin."""

    PLACES = gathered(
        [
            Unit("440114", "花都区", Kind.DISTRICT, "Huadu", "花都"),
            Unit("440111", "白云区", Kind.DISTRICT, "Baiyun", "白云"),
            Unit("440111108", "钟落潭镇", Kind.TOWN, parent="440111"),
            Unit("440111103", "人和镇", Kind.TOWN, parent="440111"),
        ]
    )

    @pytest.mark.parametrize(
        ("typed", "codes"),
        [
            ("", []),
            ("zlt", ["440111108"]),
            ("ZLTZ", ["440111108"]),
            ("落潭", ["440111108"]),
            ("huadu", ["440114"]),
            ("440111", ["440111", "440111108", "440111103"]),
            ("镇", ["440111108", "440111103"]),
            ("z", ["440111108", "440111103"]),
            ("月球", []),
        ],
    )
    def test_the_likeliest_comes_first(self, typed: str, codes: list[str]) -> None:
        assert [place.unit.code for place in matching(self.PLACES, typed, 8)] == codes

    def test_no_more_than_asked_for(self) -> None:
        assert len(matching(self.PLACES, "4", 2)) == 2


async def test_the_form_has_the_colours_of_a_screen(desktop: MakeDesktop) -> None:
    desk = desktop("huadu")
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        form, below = desk.app.screen, desk.app.screen_stack[0]
        assert isinstance(form, ReportForm)
        assert form.styles.background == below.styles.background
        words = form.query(".between")
        assert words
        for word in words:
            assert word.visual_style.foreground == below.styles.color


async def test_a_report_whose_answer_was_lost_stands_once(desktop: MakeDesktop) -> None:
    """It was recorded, and the screens never heard: sent once more, it gives its receipt."""
    desk = desktop("huadu")
    content = Content(ReportKind.DAILY, "巡查一切如常", 8, 7)
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        await write(pilot, "巡查一切如常")
        go(desk, "patrolled")
        await press(pilot, "7", "f2")
        with desk.store() as store:
            file(store, HUADU, "440114", TODAY, content, NOW)
        await press(pilot, "enter")
        assert notice(desk).startswith("此前已记录 R-20261123-440114-1 16:25:48 按时")
    assert len(standing(desk).revisions) == 1


async def test_a_report_filed_by_somebody_else_meanwhile_is_not_taken_for_ones_own(
    desktop: MakeDesktop,
) -> None:
    desk = desktop("huadu")
    content = Content(ReportKind.DAILY, "另一份", 8, 7)
    async with desk.app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        await write(pilot, "巡查一切如常")
        go(desk, "patrolled")
        await press(pilot, "7", "f2")
        with desk.store() as store:
            file(store, HUADU, "440114", TODAY, content, NOW)
        await press(pilot, "enter")
        assert isinstance(desk.app.screen, ReportForm)
    assert standing(desk).newest.content == content
