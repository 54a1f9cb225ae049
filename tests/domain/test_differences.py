from __future__ import annotations

from dataclasses import replace

from domain.areas import LandClass
from domain.differences import Difference, differences
from domain.findings import Finding
from domain.reports import Content, ReportKind

YARD = Finding(1, "钟落潭镇 东侧", LandClass.CULTIVATED, 1240)


def test_the_same_report_differs_in_nothing() -> None:
    content = Content(ReportKind.DAILY, "巡查", findings=(YARD,))
    assert differences(content, content) == []


def test_a_zero_that_became_a_daily_report() -> None:
    before = Content(ReportKind.ZERO, "", 6, 6)
    after = Content(ReportKind.DAILY, "补充", 6, 6, (YARD,))
    assert differences(before, after) == [
        Difference("kind", ReportKind.ZERO, ReportKind.DAILY),
        Difference("summary", "", "补充"),
        Difference("finding", None, "钟落潭镇 东侧", 1),
    ]


def test_a_finding_is_compared_fact_by_fact() -> None:
    other = replace(YARD, no=2)
    before = Content(ReportKind.DAILY, "", findings=(YARD, other))
    after = Content(ReportKind.DAILY, "", findings=(replace(YARD, area=900, use="堆场"),))
    assert differences(before, after) == [
        Difference("area", 1240, 900, 1),
        Difference("use", "", "堆场", 1),
        Difference("finding", "钟落潭镇 东侧", None, 2),
    ]
