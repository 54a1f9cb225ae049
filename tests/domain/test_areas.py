"""Areas in three units and the classes of land (R16)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import (
    LandClass,
    check_areas,
    format_area,
    in_hectares,
    in_mu,
    parse_area,
    parse_land_class,
)
from domain.errors import Refused, UsageError


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("1200", 1200),
        ("1200 m²", 1200),
        ("1200㎡", 1200),
        ("1200m2", 1200),
        ("1,200平方米", 1200),
        ("1,234,567", 1234567),
        ("1200 square metres", 1200),
        ("3.5亩", 2333),
        ("3.5 mu", 2333),
        ("1亩", 667),
        ("3 亩", 2000),
        ("0.2公顷", 2000),
        ("0.2 ha", 2000),
        ("0.2 HA", 2000),
        ("\uff13\uff0e\uff15亩", 2333),
        ("0", 0),
        (".5", 1),
        ("0.4999", 0),
        ("1200.5", 1201),
        ("0.00075亩", 1),
        ("0.000749亩", 0),
        ("0.00005公顷", 1),
    ],
)
def test_forms_of_an_area(text: str, area: int) -> None:
    assert parse_area(text) == area


@pytest.mark.parametrize(
    "text",
    [
        "",
        "亩",
        "-1",
        "-0.5亩",
        "nan",
        "inf",
        "1e3",
        "3,5亩",
        "12,34",
        "1.2.3",
        "3 acres",
        "3亩 5",
        "1200,",
        "+5",
        "1/2亩",
        "9" * 60,
    ],
)
def test_what_is_no_area(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_area(text)
    assert error.value.message.key == "areas.bad"


def test_more_than_the_country_is_refused() -> None:
    assert parse_area("10,000,000,000,000") == 10**13
    with pytest.raises(UsageError) as error:
        parse_area("1,000,000,001 ha")
    assert error.value.message.key == "areas.absurd"


@given(st.decimals(0, 10**6, places=4))
def test_rounding_is_half_up_and_exact(number: Decimal) -> None:
    whole = number.quantize(Decimal(1), ROUND_HALF_UP)
    assert parse_area(f"{number:f}") == whole
    assert parse_area(f"{number:f}公顷") == (number * 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    mu = Fraction(number) * 2000 / 3
    assert abs(parse_area(f"{number:f}亩") - mu) <= Fraction(1, 2)


@given(st.integers(0, 10**13))
def test_what_is_shown_is_read_back(area: int) -> None:
    assert parse_area(format_area(area)) == area
    assert in_mu(area) * 2000 == area * 3
    assert in_hectares(area) * 10_000 == area


def test_an_area_as_people_read_it() -> None:
    assert format_area(1240) == "1,240 m²"


@pytest.mark.parametrize("code", list(LandClass))
def test_a_land_class_by_its_code(code: LandClass) -> None:
    assert parse_land_class(code.value) is code
    assert parse_land_class(f" {code.value.replace('_', ' ').title()} land") is code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("耕地", LandClass.CULTIVATED),
        ("其他农用地", LandClass.OTHER_AGRICULTURAL),
        (" 建设用地", LandClass.CONSTRUCTION),
        ("未利用地", LandClass.UNUSED),
    ],
)
def test_a_land_class_by_its_chinese_name(text: str, code: LandClass) -> None:
    assert parse_land_class(text) is code


@pytest.mark.parametrize("text", ["", "land", "农用地", "basic_farmland", "forest"])
def test_an_unknown_land_class(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_land_class(text)
    assert error.value.message.key == "areas.bad_class"


@pytest.mark.parametrize(
    "parts", [(100, 100, 100), (100, 60, 0), (100, None, None), (100, 60, None), (0, 0, 0)]
)
def test_parts_that_fit(parts: tuple[int, int | None, int | None]) -> None:
    check_areas(*parts)


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ((100, 60, 61), "areas.basic_over"),
        ((100, None, 1), "areas.basic_over"),
        ((100, 101, 0), "areas.cultivated_over"),
        ((-1, 0, 0), "areas.negative"),
        ((100, -1, None), "areas.negative"),
        ((100, 1, -1), "areas.negative"),
    ],
)
def test_parts_that_do_not_fit(parts: tuple[int, int | None, int | None], key: str) -> None:
    with pytest.raises(Refused) as error:
        check_areas(*parts)
    assert error.value.message.key == key
