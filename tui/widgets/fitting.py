"""Text in columns, measured in cells: a Han character is two."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

import catalogue
from domain.texts import visible
from domain.units import Unit

CUT = ".."
"""What stands where a text was cut: plain ASCII, of the same width on every terminal."""


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return the text in exactly `width` cells, cut or padded, safe to show."""
    shown = visible(_no_longer(text, width))
    room = width - cell_len(shown)
    if room >= 0:
        return " " * room + shown if right else shown + " " * room
    if width <= len(CUT):
        return set_cell_size(shown, width)
    return set_cell_size(set_cell_size(shown, width - len(CUT)).rstrip() + CUT, width)


def name_of(unit: Unit) -> str:
    """Return the unit's name in the language in use, safe to show."""
    return visible(catalogue.pick(unit.name, unit.name_en))


def name_within(unit: Unit, width: int) -> str:
    """Return the unit's name, or its short one where only that fits whole in `width` cells."""
    name = name_of(unit)
    if cell_len(_no_longer(name, width)) <= width or not unit.short or catalogue.language() != "zh":
        return name
    return unit.short


def _no_longer(text: str, width: int) -> str:
    """Return as much of a text as may fit into `width` cells, and some more that will be cut.

    Measuring a text of ten thousand characters in every row would take longer than drawing it.
    """
    return text[: 4 * max(width, 0) + 16]
