from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.texts import escaped, plain, visible, visible_lines


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


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("one\r\ntwo\rthree\u2028four\x85five\tsix", "one\ntwo\nthree\nfour\nfive\tsix"),
        ("red \x1b[31m\x9b1m text", "red [31m1m text"),
        (
            "turned \u202eround\u2069, \u200bhidden\ufeff, tag \U000e0041",
            "turned round, hidden, tag ",
        ),
        ("白云区 (A) 亩 ①", "白云区 (A) 亩 ①"),
    ],
)
def test_files_carry_lines_and_nothing_that_steers(text: str, carried: str) -> None:
    assert plain(text) == carried


@given(st.text() | st.text('\x00\x1b\x7f\x9b\u202e\u200b\ufeff\U000e0041\ud83d\n"\\'))
def test_json_says_the_same_without_steering(text: str) -> None:
    written = escaped(json.dumps({text: [text]}, ensure_ascii=False))
    assert json.loads(written) == {text: [text]}
    assert visible(written) == written
    indented = escaped(json.dumps({"a": text}, ensure_ascii=False, indent=2))
    assert json.loads(indented) == {"a": text}
    assert visible_lines(indented) == indented.splitlines()
