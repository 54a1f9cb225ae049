"""Papers: what can be printed, what each is about, and the number that it keeps."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from domain.errors import Message, NotFound, UsageError
from domain.instants import Instant
from domain.values import dataclass


class PaperKind(StrEnum):
    """A kind of paper."""

    DAY_SHEET = "day_sheet"
    MONTH_TABLE = "month_table"
    HALF_YEAR_TABLE = "half_year_table"
    STOP_WORK = "stop_work"
    SUPERVISION = "supervision"
    REMINDER_SHEET = "reminder_sheet"
    URGING_SHEET = "urging_sheet"
    SUPERVISION_SHEET = "supervision_sheet"
    APPROVAL_URGING = "approval_urging"
    TRANSFER = "transfer"
    RESPONSIBILITY = "responsibility"


PREFIXES = {
    PaperKind.DAY_SHEET: "DS",
    PaperKind.MONTH_TABLE: "MT",
    PaperKind.HALF_YEAR_TABLE: "HT",
    PaperKind.STOP_WORK: "SW",
    PaperKind.SUPERVISION: "SN",
    PaperKind.REMINDER_SHEET: "RS",
    PaperKind.URGING_SHEET: "US",
    PaperKind.SUPERVISION_SHEET: "SS",
    PaperKind.APPROVAL_URGING: "AU",
    PaperKind.TRANSFER: "TL",
    PaperKind.RESPONSIBILITY: "RL",
}
"""What the number of each kind begins with."""

BOOKS = (PaperKind.DAY_SHEET, PaperKind.MONTH_TABLE, PaperKind.HALF_YEAR_TABLE)
"""The kinds that are workbooks; the others are written from templates."""

LETTERS = tuple(kind for kind in PaperKind if kind not in BOOKS)
"""The kinds that are written from templates."""

OF_MATTERS = (PaperKind.STOP_WORK, PaperKind.SUPERVISION, PaperKind.APPROVAL_URGING)
"""The kinds whose subject is a matter's number."""

OF_RUNGS = (PaperKind.REMINDER_SHEET, PaperKind.URGING_SHEET, PaperKind.SUPERVISION_SHEET)
"""The kinds that put a step of the ladder on paper, each under the step's own name (R14)."""

SHAPES = {
    PaperKind.DAY_SHEET: "DATE",
    PaperKind.MONTH_TABLE: "2026-11",
    PaperKind.HALF_YEAR_TABLE: "2026H2",
    PaperKind.STOP_WORK: "F-2026-0001",
    PaperKind.SUPERVISION: "N-2026-0001",
    PaperKind.REMINDER_SHEET: "UNIT@DATE",
    PaperKind.URGING_SHEET: "UNIT@DATE",
    PaperKind.SUPERVISION_SHEET: "UNIT@DATE",
    PaperKind.APPROVAL_URGING: "F-2026-0001",
    PaperKind.TRANSFER: "F-2026-0001@UNIT",
    PaperKind.RESPONSIBILITY: "UNIT@2026",
}
"""How the subject of each kind is written."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper's number, what it is about, and when and by whom it was first made."""

    number: str
    kind: PaperKind
    subject: str
    made_at: Instant
    login: str


@dataclass(frozen=True, slots=True)
class Version:
    """What one making was made from: hashes (SHA-256) of the template and of the content.

    `template` is blank for a workbook, which has none.
    """

    version: int
    made_at: Instant
    login: str
    real_login: str
    language: str
    template: str
    content: str

    def same_as(self, other: Version) -> bool:
        """Return whether both were made from the same."""
        mine = (self.language, self.template, self.content)
        return mine == (other.language, other.template, other.content)


def paper_number(kind: PaperKind, year: int, count: int) -> str:
    """Return a paper's number, unique per city, kind and year: `SW-2026-0003`."""
    return f"{PREFIXES[kind]}-{year}-{count:04}"


_NUMBER = re.compile(r"([A-Z]{2})-(\d{4})-(\d{4,9})", re.ASCII)


def parse_number(text: str) -> tuple[int, int]:
    """Return the year and the count of a paper's number; raises NotFound for other text."""
    match = _NUMBER.fullmatch(text.strip().upper())
    if match is None:
        raise NotFound("papers.unknown", number=text)
    return int(match[2]), int(match[3])


def parse_kind(text: str) -> PaperKind:
    """Return the kind of a word, `stop-work` or `stop_work`; raises UsageError naming them all."""
    try:
        return PaperKind(text.strip().lower().replace("-", "_"))
    except ValueError:
        kinds: list[object] = [kind_named(kind) for kind in PaperKind]
        raise UsageError("papers.kind_unknown", kind=text, kinds=kinds) from None


def kind_named(kind: PaperKind) -> Message:
    """Return a kind's name with the word that commands take."""
    return Message("papers.named", name=Message(f"papers.kind_{kind}"), kind=kind.value)


_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_HALF = re.compile(r"(\d{4})H([12])", re.ASCII | re.IGNORECASE)
_YEAR = re.compile(r"\d{4}", re.ASCII)


def parse_month(text: str) -> tuple[date, date]:
    """Return the first and the last day of `2026-11`; raises UsageError."""
    match = _MONTH.fullmatch(text.strip())
    if match is None or not 1 <= int(match[2]) <= 12 or not 1 < int(match[1]) < 9999:
        raise UsageError("papers.bad_month", text=text)
    year, month = int(match[1]), int(match[2])
    return date(year, month, 1), _day_before(year + month // 12, month % 12 + 1)


def parse_half(text: str) -> tuple[date, date]:
    """Return the first and the last day of `2026H2`; raises UsageError."""
    match = _HALF.fullmatch(text.strip())
    if match is None or not 1 < int(match[1]) < 9999:
        raise UsageError("papers.bad_half", text=text)
    year = int(match[1])
    if match[2] == "1":
        return date(year, 1, 1), date(year, 6, 30)
    return date(year, 7, 1), date(year, 12, 31)


def parse_year(text: str) -> int:
    """Return the year of `2026`; raises UsageError."""
    if not _YEAR.fullmatch(text.strip()) or not 1 < int(text) < 9999:
        raise UsageError("papers.bad_year", text=text)
    return int(text)


def _day_before(year: int, month: int) -> date:
    return date.fromordinal(date(year, month, 1).toordinal() - 1)


def halves(kind: PaperKind, text: str) -> tuple[str, str]:
    """Return what stands before and after the `@` of a subject; raises UsageError where none is."""
    first, mark, last = text.strip().rpartition("@")
    if not mark or not first.strip() or not last.strip():
        raise UsageError("papers.bad_subject", text=text, kind=kind_named(kind), shape=SHAPES[kind])
    return first.strip(), last.strip()
