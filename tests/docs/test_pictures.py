"""Pictures keep the grid: a Han character takes two cells of them, as it does on screen."""

from __future__ import annotations

import re

from docs.pictures import FOLDER, aligned

PIECE = '<text class="r4" x="85.4" y="20" textLength="48.8" clip-path="url(#l)">1&#160;今日</text>'


def test_han_characters_take_two_cells() -> None:
    assert aligned(PIECE) == (
        '<text class="r4" x="85.4" y="20" textLength="24.4" clip-path="url(#l)">1&#160;</text>'
        '<text class="r4" x="109.8" y="20" textLength="48.8" lengthAdjust="spacingAndGlyphs"'
        ' clip-path="url(#l)">今日</text>'
    )


def test_marks_of_the_language_stay_marks() -> None:
    piece = '<text x="0" y="1" textLength="24.4">&lt;&amp;</text>'
    assert aligned(piece) == piece


def test_every_view_has_its_pictures() -> None:
    for name in ("today", "board", "networks", "overdue"):
        for language in ("zh", "en"):
            picture = (FOLDER / f"{name}-{language}.svg").read_text(encoding="utf-8")
            assert bool(re.search(">[^<]*工作日|>[^<]*按时", picture)) is (language == "zh")
