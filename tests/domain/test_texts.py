from __future__ import annotations

import pytest

from domain.texts import visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("白云区 land (A) 亩", "白云区 land (A) 亩"),
        ("red \x1b[31m text", "red ?[31m text"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("turned \u202eround\u2069", "turned ?round?"),
        ("nothing \u200bhere\ufeff", "nothing ?here?"),
        ("\x9b31m\x7f", "?31m?"),
        ("half \ud83d", "half ?"),
        ("", ""),
    ],
)
def test_nothing_steers_the_terminal(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_lines_stay_lines() -> None:
    assert visible_lines("one\ntwo \x07\r\nthree") == ["one", "two ?", "three"]
