"""The demo's accountability: letters, figures with revisions, a district still to be entered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest

from actions.assessing import check, remarks
from actions.targets import history, targets
from domain.entered import Entry
from domain.instants import Zone
from domain.people import Actor
from domain.periods import half_of
from domain.settings import CityRules
from domain.targets import TargetKey
from exchange.demo import HOME, found_demo
from storage.store import Store
from storage.units import Selection

DAY = date(2026, 11, 23)
AT = Zone("Asia/Shanghai").at(DAY, time(16, 26))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with found_demo(path, CityRules(), Actor("somebody", "somebody", "host"), AT) as store:
        yield store


def test_every_district_promised_and_all_but_one_are_entered(demo: Store) -> None:
    sheets = targets(demo, DAY.year, Selection(), AT)
    assert len(sheets) == 11
    assert all(sheet.letter is not None for sheet in sheets)
    missing = [
        sheet.unit.code for sheet in sheets if sheet.target(TargetKey.STABILITY).reading.met is None
    ]
    assert missing == ["440118"]
    met = {sheet.target(TargetKey.FARMLAND).reading.met for sheet in sheets}
    assert met == {True, False, None}


def test_a_figure_was_corrected_with_a_reason(demo: Store) -> None:
    figures, _ = history(demo, DAY.year, AT, HOME)
    own = [row for row in figures if row.figure is Entry.NEW_CULTIVATED]
    assert [row.revision for row in own] == [1, 2]
    assert own[0].value - own[1].value == 600
    assert own[1].note


def test_the_home_district_appeals(demo: Store) -> None:
    said = remarks(demo, half_of(DAY), AT)
    assert [(row.unit, row.figure, bool(row.subject)) for row in said] == [
        (HOME, "contradicted", False),
        (HOME, "on_time", True),
    ]
    found = check(demo, half_of(DAY), Selection(), AT)
    assert found.remarks == tuple(said)
    assert len(found.sheets) > 25
    assert all(sheet.score is None for sheet in found.sheets)
