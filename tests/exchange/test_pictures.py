"""Pictures: every number is a command's, and every line fits, in both languages."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import catalogue
from actions.board import board
from actions.matter_ends import close
from actions.matters import listed
from actions.overdue import overdue
from actions.rates import Grouping, rates
from actions.reporting import file_zero
from actions.targets import targets
from domain.errors import UsageError
from domain.obligations import ObligationKind
from domain.rates import shown
from domain.targets import COUNTED
from domain.workflows import Outcome
from exchange.picture_svg import png, svg
from exchange.picture_text import level_of, picture_lines, shares
from exchange.pictures import Asked, Bars, Curves, Drawing, PlotKind, Tiles, drawing
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection
from tests.matters_city import STARTS, finding, new_city, on, refused, who

AT = on("2026-11-25 18:00")
TODAY = date(2026, 11, 25)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        for offset in range(0, 8, 2):
            day = STARTS + timedelta(days=offset)
            for login, unit in (("d1", "D1"), ("land", "LAND"), ("power", "POWER")):
                clock = "16:00" if unit != "POWER" else "18:30"
                file_zero(opened, who(login), unit, day, on(f"{day} {clock}"), areas=(6, 6))
        at = on("2026-11-23 10:00")
        finding(opened, at, place="T1", land_class="cultivated", area=1200)
        finding(opened, at, land_class="cultivated", area=300)
        finding(opened, at, "D2", "d2", land_class="unused", area=77)
        gone = finding(opened, at, place="T1B", land_class="construction", area=5).number
        close(opened, who("d1h"), gone, Outcome.TRANSFERRED, "移送函", at + 60)
        yield opened


def draw(store: Store, kind: PlotKind, lang: str = "en", **asked: object) -> Drawing:
    catalogue.use(lang)
    return drawing(store, kind, Asked(AT, **asked))  # type: ignore[arg-type]


def body_of(found: Drawing) -> Bars:
    assert isinstance(found.body, Bars)
    return found.body


def test_rates_are_those_of_the_command(store: Store) -> None:
    found = draw(store, PlotKind.RATES, first=STARTS, last=TODAY)
    assert isinstance(found.body, Curves)
    rows = rates(store, STARTS, TODAY, Selection(), AT, Grouping.DAY)
    reporting, on_time = found.body.curves
    assert [day.isoformat() for day in found.body.days] == [group for group, _ in rows]
    assert reporting.values == tuple(tally.reporting_rate for _, tally in rows)
    assert on_time.values == tuple(tally.on_time_rate for _, tally in rows)
    assert on_time.told == tuple(shown(tally.on_time, tally.expected) for _, tally in rows)
    assert any(value not in (None, 0, 1) for value in reporting.values)


def test_the_backlog_is_what_overdue_lists(store: Store) -> None:
    bars = body_of(draw(store, PlotKind.BACKLOG)).bars
    counts = {bar.label: int(bar.told) for bar in bars}
    every = overdue(store, AT, Selection())
    assert sum(counts.values()) == len(every) > 0
    reports = overdue(store, AT, Selection(), ObligationKind.REPORT)
    assert counts["report of a day"] == len(reports)
    assert counts["finding"] == len(every) - len(reports)
    assert bars[0].parts == (Fraction(1),)


def test_areas_are_the_sums_of_the_findings_listed(store: Store) -> None:
    found = draw(store, PlotKind.AREAS)
    told = [(bar.head, bar.label, bar.told) for bar in body_of(found).bars]
    assert told == [
        ("East", "cultivated land", "found 1,500  closed 0"),
        ("", "construction land", "found 5  closed 5"),
        ("West", "unused land", "found 77  closed 0"),
    ]
    views = listed(store, Selection(), Filter("finding"), AT)
    whole = sum(view.matter.area or 0 for view in views)
    assert f"{whole:,} m²" in found.notes[0]
    scale = [sum(bar.parts) for bar in body_of(found).bars]
    assert scale == [1, Fraction(5, 1500), Fraction(77, 1500)]
    assert draw(store, PlotKind.AREAS, last=STARTS).empty


def test_targets_are_those_of_the_command(store: Store) -> None:
    bars = body_of(draw(store, PlotKind.TARGETS)).bars
    sheets = targets(store, 2026, Selection(), AT)
    wanted = [sheet.target(key).reading for sheet in sheets for key in COUNTED]
    assert len(bars) == len(wanted)
    for bar, reading in zip(bars, wanted, strict=True):
        assert bar.parts == (() if reading.rate is None else (min(Fraction(1), reading.rate),))
        assert (bar.style == "late") is (reading.met is False)


def test_the_map_has_the_letters_of_the_board(store: Store) -> None:
    found = draw(store, PlotKind.MAP, last=STARTS)
    assert isinstance(found.body, Tiles)
    letters = {tile.name: tile.letter for tile in found.body.tiles}
    assert set(letters) == {"East", "West", "LAND", "DISC", "POWER", "WATER"}
    assert letters == {
        "East": "0",
        "LAND": "0",
        "POWER": "L",
        "West": "X",
        "DISC": "X",
        "WATER": "X",
    }
    days = {row.unit.code: row.status for row in board(store, STARTS, STARTS, Selection(), AT)}
    assert sum(status == "missed" for status in days.values()) == 3
    assert dict(found.body.legend)["X"] == "missed 3"


@pytest.mark.parametrize("lang", catalogue.LANGUAGES)
@pytest.mark.parametrize("width", [72, 80, 112])
@pytest.mark.parametrize("kind", list(PlotKind))
def test_every_line_fits_and_says_its_numbers(
    store: Store, kind: PlotKind, width: int, lang: str
) -> None:
    found = draw(store, kind, lang)
    lines = ["".join(text for text, _ in line) for line in picture_lines(found, width)]
    assert max(map(cell_len, lines)) <= width
    assert not [mark for mark in "●○◎·█▓░" if mark in "".join(lines)]
    if isinstance(found.body, Bars) and kind is not PlotKind.TARGETS:
        for bar in found.body.bars:
            assert any(line.endswith(bar.told) for line in lines)


@pytest.mark.parametrize("lang", catalogue.LANGUAGES)
@pytest.mark.parametrize("kind", list(PlotKind))
def test_an_svg_is_well_formed_and_says_its_numbers(
    store: Store, kind: PlotKind, lang: str
) -> None:
    found = draw(store, kind, lang)
    root = ET.fromstring(svg(found))
    texts = {element.text for element in root.iter() if element.text}
    assert found.title in texts
    if isinstance(found.body, Bars):
        assert {bar.told for bar in found.body.bars} <= texts
    elif isinstance(found.body, Tiles):
        assert {tile.name for tile in found.body.tiles} <= texts
    else:
        said = [t for curve in found.body.curves for t in curve.told if t != "—"]
        assert all(any(text.endswith(told) for text in texts) for told in said)
    assert "NaN" not in svg(found)


def test_a_name_is_no_markup(store: Store) -> None:
    store.connection.execute("UPDATE units SET name_en = '<b>&East' WHERE code = 'D1'")
    found = draw(store, PlotKind.AREAS)
    root = ET.fromstring(svg(found))
    assert "<b>&East" in {element.text for element in root.iter()}


def test_a_png_is_one_and_has_something_on_it(store: Store) -> None:
    made = png(draw(store, PlotKind.MAP))
    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(made[16:20], "big") == 1920
    assert len(made) > 5000


@pytest.mark.parametrize("kind", list(PlotKind))
def test_a_city_in_which_nothing_happened(tmp_path: Path, kind: PlotKind) -> None:
    with new_city(tmp_path) as quiet:
        catalogue.use("zh")
        found = drawing(quiet, kind, Asked(on("2026-11-16 08:00")))
        lines = picture_lines(found, 72)
        assert lines
        assert re.search("<svg", svg(found))


def test_a_range_that_is_reversed_is_refused(store: Store) -> None:
    asked = Asked(AT, TODAY, STARTS)
    for kind in (PlotKind.RATES, PlotKind.AREAS):
        assert refused(drawing, store, kind, asked, error=UsageError) == "errors.range_reversed"


rate = st.fractions(0, 1)


@given(rate)
def test_only_what_is_full_is_drawn_as_full(value: Fraction) -> None:
    level = level_of(value)
    assert (level == 10) is (value == 1)
    assert (level == 0) is (value == 0)
    assert abs(Fraction(level, 10) - value) <= Fraction(1, 10)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=3), st.integers(8, 200))
def test_a_bar_is_as_long_as_its_parts(parts: list[int], room: int) -> None:
    whole = max(1, sum(parts))
    found = shares([Fraction(part, whole) for part in parts], room)
    assert sum(found) <= room
    assert all((cells > 0) == (part > 0) for cells, part in zip(found, parts, strict=True))
    if sum(parts):
        assert sum(found) == room
