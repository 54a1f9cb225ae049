"""Areas in whole square metres and the classes of land (R16)."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.errors import Refused, UsageError

if TYPE_CHECKING:
    from fractions import Fraction

_METRE = (1, 1)
_MU = (2000, 3)
_HECTARE = (10_000, 1)
_MOST = 10**13
"""Square metres: a little more than the whole country."""

_UNITS = {
    "": _METRE,
    "m2": _METRE,
    "sqm": _METRE,
    "squaremetres": _METRE,
    "squaremeters": _METRE,
    "平方米": _METRE,
    "平米": _METRE,
    "亩": _MU,
    "mu": _MU,
    "公顷": _HECTARE,
    "ha": _HECTARE,
    "hectare": _HECTARE,
    "hectares": _HECTARE,
}
"""The square metres of a unit, as numerator and denominator."""
_AREA = r"((?:\d{1,3}(?:,\d{3})+|\d{1,24})(?:\.\d{1,24})?|\.\d{1,24})(.*)"


class LandClass(StrEnum):
    """What land is used for, as the survey has it."""

    CULTIVATED = "cultivated"
    OTHER_AGRICULTURAL = "other_agricultural"
    CONSTRUCTION = "construction"
    UNUSED = "unused"


_CLASS_NAMES = {
    "耕地": LandClass.CULTIVATED,
    "其他农用地": LandClass.OTHER_AGRICULTURAL,
    "建设用地": LandClass.CONSTRUCTION,
    "未利用地": LandClass.UNUSED,
}


def parse_area(text: str) -> int:
    """Return the square metres of `3.5亩`, `0.2公顷`, `1,200 m²` or `1200`, rounded half up.

    Exact: no floating point. Raises UsageError for anything else, a negative area too, and
    for more than the country has.
    """
    from fractions import Fraction

    # NFKC turns ², ㎡, ㏊ and full-width digits into plain letters and digits.
    match = re.fullmatch(_AREA, unicodedata.normalize("NFKC", text).strip().lower(), re.ASCII)
    factor = _UNITS.get("".join(match[2].split())) if match else None
    if match is None or factor is None:
        raise UsageError("areas.bad", text=text)
    area = (2 * Fraction(match[1].replace(",", "")) * Fraction(*factor) + 1) // 2
    if area > _MOST:
        raise UsageError("areas.absurd", text=text)
    return area


def format_area(area: int) -> str:
    """Return square metres as people read them, `1,240 m²`."""
    return f"{area:,} m²"


def in_mu(area: int) -> Fraction:
    """Return square metres in mu 亩, exactly."""
    from fractions import Fraction

    return area / Fraction(*_MU)


def in_hectares(area: int) -> Fraction:
    """Return square metres in hectares 公顷, exactly."""
    from fractions import Fraction

    return area / Fraction(*_HECTARE)


def parse_land_class(text: str) -> LandClass:
    """Return the land class of a code, a Chinese or an English name; raises UsageError."""
    plain = text.strip()
    known = _CLASS_NAMES.get(plain)
    if known is not None:
        return known
    code = re.sub(r"[\s_-]+", "_", plain.lower()).removesuffix("_land")
    try:
        return LandClass(code)
    except ValueError:
        raise UsageError("areas.bad_class", text=text) from None


def check_areas(area: int, cultivated: int | None, basic: int | None) -> None:
    """Hold the parts of an area to R16, all in m²; a part that was not given is None.

    Basic farmland is part of the cultivated land, which is part of the area. Raises Refused.
    """
    if min(area, cultivated or 0, basic or 0) < 0:
        raise Refused("areas.negative")
    if (cultivated or 0) > area:
        raise Refused("areas.cultivated_over", cultivated=cultivated, area=area)
    if (basic or 0) > (cultivated or 0):
        raise Refused("areas.basic_over", basic=basic, cultivated=cultivated or 0)
