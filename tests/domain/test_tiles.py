"""The map of tiles: every unit of the day once, each in a place of its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.tiles import ACROSS, MOST, Tile, laid_out
from domain.units import Kind, Unit

kinds = st.sampled_from([Kind.DISTRICT, Kind.DEPARTMENT, Kind.TOWN, Kind.CITY])
spots = st.integers(1, MOST)


def unit(code: str, kind: Kind = Kind.DISTRICT) -> Unit:
    return Unit(code, code, kind)


def test_departments_stand_below_the_districts_in_lines() -> None:
    districts = [unit("A"), unit("B")]
    departments = [unit(f"P{number}", Kind.DEPARTMENT) for number in range(ACROSS + 1)]
    found = laid_out([*districts, *departments], [Tile("A", 2, 3), Tile("B", 1, 1)])
    where = {row.unit.code: (row.line, row.place) for row in found}
    assert (where["A"], where["B"]) == ((1, 2), (0, 0))
    assert where["P0"] == (2, 0)
    assert where[f"P{ACROSS}"] == (3, 0)


def test_a_district_without_a_tile_or_whose_place_is_taken_stands_below() -> None:
    tiles = [Tile("A", 1, 1), Tile("B", 1, 1)]
    found = laid_out([unit("A"), unit("B"), unit("C")], tiles)
    assert [(row.unit.code, row.line, row.place) for row in found] == [
        ("A", 0, 0),
        ("B", 1, 0),
        ("C", 1, 1),
    ]


@given(st.lists(kinds, max_size=30), st.data())
def test_everybody_is_drawn_once_and_nobody_over_another(
    chosen: list[Kind], data: st.DataObject
) -> None:
    units = [unit(f"U{number}", kind) for number, kind in enumerate(chosen)]
    tiles = [
        Tile(row.code, data.draw(spots), data.draw(spots))
        for row in units
        if data.draw(st.booleans())
    ]
    found = laid_out(units, tiles)
    drawn = [row.unit.code for row in found]
    wanted = [row.code for row in units if row.kind in (Kind.DISTRICT, Kind.DEPARTMENT)]
    assert sorted(drawn) == sorted(wanted)
    assert len({(row.line, row.place) for row in found}) == len(found)
