"""What of the targets is entered by people: figures with their source, and letters (R18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.areas import parse_area
from domain.errors import Refused, UsageError
from domain.instants import Instant
from domain.targets import AT_LEAST, TargetKey
from domain.values import dataclass


class Entry(StrEnum):
    """The figures that are entered, not computed (R18)."""

    NEW_CULTIVATED = "new_cultivated"
    """All newly occupied cultivated land, m²: what the farmland ratio is a part of."""
    TYPICAL_CASE = "typical_case"
    """1 where the district was named a typical case, else 0."""
    STABILITY = "stability"
    """1 where stability was kept, else 0."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A revision of an entered figure: its value, where it is from, of which day, who entered it.

    `note` says why, from the second revision on.
    """

    year: int
    unit: str
    figure: Entry
    revision: int
    value: int
    source: str
    as_of: date
    note: str
    at: Instant
    login: str
    real_login: str


_YES = {
    "yes": 1,
    "1": 1,
    "true": 1,
    "是": 1,
    "有": 1,
    "no": 0,
    "0": 0,
    "false": 0,
    "否": 0,
    "无": 0,
}


def parse_entry(figure: Entry, text: str) -> int:
    """Return the value of a figure to be entered: an area (R16), yes or no.

    Raises UsageError.
    """
    if figure is Entry.NEW_CULTIVATED:
        return parse_area(text)
    value = _YES.get(text.strip().lower())
    if value is None:
        raise UsageError("target.bad_yes_no", text=text)
    return value


def check_entry(
    value: int, source: str, as_of: date, note: str, today: date, standing: Entered | None
) -> None:
    """Refuse a figure without a source, of a coming day, or changed without a reason."""
    if not source.strip():
        raise Refused("target.source_missing")
    if as_of > today:
        raise Refused("target.future", day=as_of)
    if standing is not None and not note.strip():
        raise Refused("target.note_missing", revision=standing.revision)
    if value < 0:
        raise Refused("areas.negative")


@dataclass(frozen=True, slots=True)
class Letter:
    """The year's responsibility letter 责任书 of a district: what was promised, and by whom.

    `promises` are per cents by target. A later one is a revision, and the earlier stay.
    """

    year: int
    unit: str
    revision: int
    signed_on: date
    signed_by: str
    text: str
    promises: Mapping[TargetKey, Fraction]
    at: Instant
    login: str
    real_login: str


PROMISED = (*AT_LEAST, TargetKey.FARMLAND)
"""The targets of which a per cent can be promised."""


def parse_promises(texts: Sequence[str]) -> dict[TargetKey, Fraction]:
    """Return the promises of `closing=92` and `farmland=12.5`, exactly; raises UsageError."""
    found: dict[TargetKey, Fraction] = {}
    known = {key.value: key for key in PROMISED}
    for text in texts:
        name, _, value = text.partition("=")
        key = known.get(name.strip())
        if key is None:
            raise UsageError("target.promise_unknown", text=text, known=list(known))
        found[key] = parse_percent(value)
    return found


def parse_percent(text: str) -> Fraction:
    """Return a per cent of `92` or `12.5`, exactly; raises UsageError."""
    plain = text.strip().removesuffix("%").strip()
    whole, dot, part = plain.partition(".")
    digits = whole + part
    if (
        not (digits.isascii() and digits.isdigit() and whole)
        or len(digits) > 12
        or (dot and not part)
    ):
        raise UsageError("target.bad_percent", text=text)
    value = Fraction(int(digits), 10 ** len(part))
    if value > 100:
        raise UsageError("target.bad_percent", text=text)
    return value


def check_letter(letter: Letter, today: date) -> None:
    """Refuse a letter that says nothing, that nobody signed, or of a coming day."""
    if not letter.text.strip() and not letter.promises:
        raise Refused("target.letter_empty")
    if not letter.signed_by.strip():
        raise Refused("target.signed_by_missing")
    if letter.signed_on > today:
        raise Refused("target.future", day=letter.signed_on)
