from __future__ import annotations

import csv
from pathlib import Path

from bench.cities import built, guangzhou, history, nation, write_history
from exchange.registry import read_registry


def test_history_is_the_same_each_time_and_has_its_share_of_bad_rows() -> None:
    codes = [f"D{number}" for number in range(7)]
    good = list(history(codes, 2_000))
    assert good == list(history(codes, 2_000))
    spoilt = list(history(codes, 2_000, 20))
    assert len(spoilt) == len(good) == 2_000
    differing = [number for number, row in enumerate(good) if row != spoilt[number]]
    assert len(differing) == 20
    assert sum(1 for row in good if row[8]) == 3
    assert len({(row[0], row[1]) for row in good}) == 1_997


def test_guangzhou_has_its_209_units_and_all_owe_a_report(tmp_path: Path) -> None:
    codes = guangzhou(tmp_path)
    registry = read_registry(tmp_path)
    assert len(codes) == len(registry.units) == len(registry.schedules) == 209


def test_nation_has_towns_and_all_above_them(tmp_path: Path) -> None:
    codes = nation(tmp_path, 30)
    registry = read_registry(tmp_path)
    assert len(codes) == len(registry.schedules) == 30
    kinds = {unit.kind.value for unit in registry.units}
    assert kinds == {"region", "city", "district", "town"}


def test_a_table_of_reports_is_one_that_imports_read(tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    write_history(path, ["D1"], 3)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["date"] for row in rows] == ["2012-01-01", "2012-01-02", "2012-01-03"]


def test_what_is_built_is_built_once_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "store"
    built(path, lambda begun: begun.write_text("one", encoding="utf-8"))  # type: ignore[arg-type]
    built(path, lambda begun: begun.write_text("two", encoding="utf-8"))  # type: ignore[arg-type]
    assert path.read_text(encoding="utf-8") == "one"
    assert [each.name for each in path.parent.iterdir()] == ["store"]
