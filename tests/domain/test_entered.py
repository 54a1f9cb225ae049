"""Figures that people enter, and what districts promise (R16, R18)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.entered import (
    Entered,
    Entry,
    Letter,
    check_entry,
    check_letter,
    parse_entry,
    parse_percent,
    parse_promises,
)
from domain.errors import Refused, UsageError
from domain.targets import TargetKey

TODAY = date(2026, 11, 23)
STANDING = Entered(2026, "D", Entry.STABILITY, 1, 1, "文", TODAY, "", 0, "a", "a")


def test_areas_come_in_any_unit_and_the_rest_is_yes_or_no() -> None:
    assert parse_entry(Entry.NEW_CULTIVATED, "3亩") == 2000
    assert parse_entry(Entry.NEW_CULTIVATED, "1,200") == 1200
    assert parse_entry(Entry.TYPICAL_CASE, "否") == 0
    assert parse_entry(Entry.STABILITY, "Yes") == 1
    with pytest.raises(UsageError):
        parse_entry(Entry.STABILITY, "perhaps")
    with pytest.raises(UsageError):
        parse_entry(Entry.NEW_CULTIVATED, "-1")


@pytest.mark.parametrize(
    ("source", "day", "note", "standing", "key"),
    [
        (" ", TODAY, "", None, "target.source_missing"),
        ("文", date(2026, 11, 24), "", None, "target.future"),
        ("文", TODAY, " ", STANDING, "target.note_missing"),
    ],
)
def test_what_is_refused(
    source: str, day: date, note: str, standing: Entered | None, key: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_entry(1, source, day, note, TODAY, standing)
    assert refused.value.message.key == key


def test_what_is_taken() -> None:
    check_entry(0, "文", TODAY, "", TODAY, None)
    check_entry(0, "文", TODAY, "更正", TODAY, STANDING)
    with pytest.raises(Refused):
        check_entry(-1, "文", TODAY, "", TODAY, None)


@given(st.integers(0, 100), st.integers(0, 999))
def test_per_cents_are_exact(whole: int, thousandths: int) -> None:
    text = f"{whole}.{thousandths:03}"
    value = Fraction(whole * 1000 + thousandths, 1000)
    if value > 100:
        with pytest.raises(UsageError):
            parse_percent(text)
    else:
        assert parse_percent(text) == value


@pytest.mark.parametrize("text", ["", "-1", "1e2", "101", "9.", ".5", "九十", "1/3", "9" * 40])
def test_what_is_no_per_cent(text: str) -> None:
    with pytest.raises(UsageError):
        parse_percent(text)


def test_promises() -> None:
    assert parse_promises(["closing=92", "farmland = 12.5 %"]) == {
        TargetKey.CLOSING: Fraction(92),
        TargetKey.FARMLAND: Fraction(25, 2),
    }
    for text in ("stability=1", "closing", "closing=x"):
        with pytest.raises(UsageError):
            parse_promises([text])


def letter(**changes: object) -> Letter:
    about: dict[str, object] = {
        "signed_on": TODAY,
        "signed_by": "区长",
        "text": "保住耕地",
        "promises": {},
        **changes,
    }
    return Letter(2026, "D", 1, at=0, login="a", real_login="a", **about)  # type: ignore[arg-type]


def test_a_letter_says_something_and_somebody_signed_it() -> None:
    check_letter(letter(), TODAY)
    check_letter(letter(text="", promises={TargetKey.CLOSING: Fraction(92)}), TODAY)
    for changes, key in (
        ({"text": " "}, "target.letter_empty"),
        ({"signed_by": ""}, "target.signed_by_missing"),
        ({"signed_on": date(2026, 12, 1)}, "target.future"),
    ):
        with pytest.raises(Refused) as refused:
            check_letter(letter(**changes), TODAY)
        assert refused.value.message.key == key
