"""Findings: where, how much of what, and since when (R15, R16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.areas import LandClass
from domain.errors import LianluoError
from domain.findings import FINDING_FIELDS, Finding, check_finding

DAY = date(2026, 11, 4)
PLAIN = Finding(1, "村东鱼塘北侧", LandClass.CULTIVATED, 1200)


@pytest.mark.parametrize(
    "finding",
    [
        PLAIN,
        replace(PLAIN, existed_since=DAY),
        replace(PLAIN, cultivated_area=1200, basic_farmland_area=1200),
        replace(PLAIN, cultivated_area=0),
        # Cultivated land without an area of its own is cultivated altogether.
        replace(PLAIN, basic_farmland_area=1200),
        replace(PLAIN, land_class=LandClass.CONSTRUCTION, area=0),
        replace(PLAIN, land_class=LandClass.CONSTRUCTION, cultivated_area=200),
    ],
)
def test_findings_that_may_stand(finding: Finding) -> None:
    check_finding(finding, DAY)


@pytest.mark.parametrize(
    ("finding", "key"),
    [
        (replace(PLAIN, location=" "), "errors.finding_location"),
        (replace(PLAIN, existed_since=DAY + timedelta(1)), "errors.finding_future"),
        (replace(PLAIN, area=-1), "areas.negative"),
        (replace(PLAIN, cultivated_area=1201), "areas.cultivated_over"),
        (replace(PLAIN, basic_farmland_area=1201), "areas.basic_over"),
        (replace(PLAIN, cultivated_area=10, basic_farmland_area=11), "areas.basic_over"),
        (
            replace(PLAIN, land_class=LandClass.UNUSED, basic_farmland_area=1),
            "areas.basic_over",
        ),
    ],
)
def test_findings_that_are_refused(finding: Finding, key: str) -> None:
    with pytest.raises(LianluoError) as refused:
        check_finding(finding, DAY)
    assert refused.value.message.key == key


def test_fields_are_those_of_the_table() -> None:
    assert set(FINDING_FIELDS) == {
        *("no", "location", "place", "party", "land_class", "area", "cultivated_area"),
        *("basic_farmland_area", "use", "existed_since", "conforms_plan", "approved"),
        *("key_project", "source", "same_as"),
    }
