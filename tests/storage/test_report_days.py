"""Many revisions of a day in few statements are the rows that they would be one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.opening import found
from domain.errors import Refused
from domain.settings import CityRules
from storage import report_days, reports
from storage.report_days import Stamp
from tests.storage.conftest import ADMIN, AT, DISTRICTS, REGISTRY, STARTS

DAY = "2026-11-23"
STAMP = Stamp(DAY, "root", 7)


def columns(count: int) -> list[list[object]]:
    rows = [
        (DISTRICTS[0], number, "zero", f"第{number}版", None, 3, AT, "甲", "更正", number % 2)
        for number in range(1, count + 1)
    ]
    return [*map(list, zip(*rows, strict=True))]


@pytest.mark.parametrize("count", [1, 3, 15, 199, 200, 201, 285])
def test_all_rows_of_a_day_are_recorded(tmp_path: Path, count: int) -> None:
    with found(tmp_path / "city.db", REGISTRY, CityRules(), STARTS, ADMIN, AT) as store:
        with store.connection.writing():
            report_days.add_day(store.connection, STAMP, columns(count))
        recorded = store.connection.rows(f"SELECT {reports.COLUMNS} FROM reports ORDER BY revision")
    assert recorded == [
        (unit, DAY, number, kind, text, planned, done, at, by, "root", reason, after, 7)
        for unit, number, kind, text, planned, done, at, by, reason, after in zip(
            *columns(count), strict=True
        )
    ]


def test_no_row_is_recorded_where_one_may_not_stand(tmp_path: Path) -> None:
    with found(tmp_path / "city.db", REGISTRY, CityRules(), STARTS, ADMIN, AT) as store:
        said = columns(70)
        said[0][65] = "nowhere"
        with pytest.raises(Refused), store.connection.writing():
            report_days.add_day(store.connection, STAMP, said)
        assert store.connection.rows("SELECT 1 FROM reports") == []
