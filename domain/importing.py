"""How the rows of a table and what is recorded already come together (R4, R5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from domain.errors import Message
from domain.findings import Finding
from domain.instants import Instant
from domain.reports import ReportKind
from domain.texts import plain

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that no table carries unharmed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is rejected: its number as a person sees it, and the column.

    `value` is the cell as it stands in the file, None where the judge did not see the cell.
    `table` is the kind of table, where an import reads more than one.
    """

    row: int
    column: str
    value: str | None
    reason: Message
    table: str = ""


Filed: TypeAlias = tuple[str, Instant, int, str, "str | None", str, "int | None", "int | None", str]
"""One row of a day of a reports table: the fields of `ReportRow` after the day, the kind a text.

A plain tuple of plain values.
"""

Columns: TypeAlias = list[Sequence[Any]]
"""Rows like `Filed`, turned: the values of each of their `FIELDS` fields.

There may be millions to sort, to hold and to compare, and most is done with a whole column.
"""
FIELDS = 9


class ReportRow(NamedTuple):
    """One row of a reports table; rows sort by unit-day, then in the order of revisions.

    Of a revision that is recorded already, `row` is its number.
    """

    day: str
    unit: str
    filed_at: Instant
    row: int
    kind: ReportKind
    filed_by: str | None
    summary: str
    areas_planned: int | None
    areas_patrolled: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One row of a findings table; without `revision` it belongs to the newest."""

    day: str
    unit: str
    row: int
    revision: int | None
    finding: Finding


class Broken(NamedTuple):
    """A row of reports that is rejected by itself.

    `filed_at` is None where it is unreadable; it is not `sure` where it cannot be right.
    """

    row: int
    filed_at: Instant | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class UnitDay:
    """All that the files and the store say of one unit's day.

    `rows` are in the order of `filed_at`, `standing` and `standing_findings` by revision.
    `broken_findings` has the first unreadable row of findings by the revision it names.
    """

    rows: Sequence[ReportRow]
    standing: Sequence[ReportRow] = ()
    broken: Sequence[Broken] = ()
    findings: Sequence[FindingRow] = ()
    broken_findings: Mapping[int | None, int] = field(default_factory=dict)
    standing_findings: Sequence[tuple[Finding, ...]] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every unit-day of one import.

    `same` says whether two rows with one `filed_at` are the same filing. With `knock_on`, rows
    that depend on a rejected one are rejected with it: what is good is going to be recorded.
    `at`, `filed_by` and `reason` are those of an amendment that findings alone bring about.
    """

    same: Callable[[ReportRow, ReportRow], bool]
    knock_on: bool
    at: Instant
    filed_by: str
    reason: str


class Addition(NamedTuple):
    """A revision to be recorded."""

    row: ReportRow
    number: int
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Decisions:
    """What an import comes to, unit-day by unit-day; the counts are of rows."""

    added: list[Addition] = field(default_factory=list)
    new: int = 0
    amended: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


def tidy(text: str) -> str:
    """Return a text as a table can carry it.

    Without outer blanks, with plain line ends, and without characters that steer a terminal.
    """
    text = text.strip()
    if text.isprintable():
        return text
    return plain(text).strip()


def decide(day: UnitDay, terms: Terms, into: Decisions) -> None:
    """Decide the rows of one unit-day (R5) and add what comes of them to `into`.

    A row that is a recorded revision changes nothing. A row older than the newest recorded
    revision is a conflict. Every other row is the next revision; only the day's first needs no
    reason. With `knock_on` the rows after a rejected one fall with it, lest the day's first
    filing be decided wrongly for ever.
    """
    recorded = len(day.standing)
    places = _places(day, terms)
    top = max([recorded, *(number for _, number in places)])
    findings = _by_number(day.findings, top, into)
    unread = {top if number is None else number: row for number, row in day.broken_findings.items()}
    done: set[int] = set()
    fallen: int | None = None
    for row, number in places:
        if 0 < number <= recorded or number in done:
            into.unchanged += 1
            continue
        own = findings.get(number, ())
        faults = _faults(row, number, day, has_findings=bool(own) or number in unread)
        if not faults and terms.knock_on:
            faults = _knocked_on(row, fallen, day.broken, unread.get(number))
        if faults:
            fallen = fallen or row.row
            into.problems += faults
            continue
        done.add(number)
        into.added.append(Addition(row, number, tuple(each.finding for each in own)))
        into.new += (number == 1) + len(own)
        into.amended += number > 1
    for number, rows in findings.items():
        if number not in done:
            _decide_findings(number, rows, day, terms, fallen, into)


def report_row(day: str, filed: Sequence[Any]) -> ReportRow:
    """Return a row of a day, as `Filed` has it, as `decide` takes it."""
    unit, filed_at, row, kind, by, summary, planned, patrolled, reason = filed
    return ReportRow(
        day, unit, filed_at, row, ReportKind(kind), by, summary, planned, patrolled, reason
    )


def filed_row(row: ReportRow) -> Filed:
    """Return a row without its day, the kind a text."""
    return (*row[1:4], str(row.kind.value), *row[5:])


def to_decide(rows: Columns) -> set[str]:
    """Return the units of a day, of rows sorted by unit, that have more than one plain filing.

    Of every other unit, `decide` would take its only row as revision 1 where nothing is recorded
    of its day, and as unchanged where the same is.
    """
    units, _, _, kinds, _, summaries, *_ = rows
    found: set[str] = set()
    if len(set(units)) < len(units):
        found |= {unit for unit, after in pairwise(units) if unit == after}
    if "" in summaries:
        said = zip(units, kinds, summaries, strict=True)
        found |= {unit for unit, kind, text in said if not text and kind != ReportKind.ZERO}
    return found


def _places(day: UnitDay, terms: Terms) -> list[tuple[ReportRow, int]]:
    """Return each row with the revision that it is or would become; 0 for a row that is older.

    A row that is rejected later still holds its place: what comes after it is no first filing.
    """
    number = len(day.standing)
    newest = day.standing[-1].filed_at if day.standing else None
    places: list[tuple[ReportRow, int]] = []
    for row in day.rows:
        place = next(
            (
                other.row
                for other in day.standing
                if other.filed_at == row.filed_at and terms.same(row, other)
            ),
            0,
        ) or next(
            (
                taken
                for other, taken in places
                if other.filed_at == row.filed_at and terms.same(row, other)
            ),
            0,
        )
        if not place and (newest is None or row.filed_at >= newest):
            number += 1
            place = number
        places.append((row, place))
    return places


def _by_number(
    rows: Sequence[FindingRow], top: int, into: Decisions
) -> dict[int, list[FindingRow]]:
    """Return findings by the revision they belong to; a number within it stands for one only."""
    found: dict[int, list[FindingRow]] = {}
    first: dict[tuple[int, int], FindingRow] = {}
    for row in rows:
        number = top if row.revision is None else row.revision
        other = first.setdefault((number, row.finding.no), row)
        if other is row:
            found.setdefault(number, []).append(row)
        elif other.finding == row.finding:
            into.unchanged += 1
        else:
            reason = Message("tables.same_key", row=other.row)
            into.problems.append(_finding_problem(row, "no", reason))
    return found


def _faults(row: ReportRow, number: int, day: UnitDay, *, has_findings: bool) -> list[Problem]:
    """Return what is wrong with a row itself, that is no recorded revision."""
    if number == 0:
        return [_problem(row, "filed_at", Message("tables.older", number=len(day.standing)))]
    faults: list[Problem] = []
    later = number > 1 or any(other.sure and _before(other, row) for other in day.broken)
    if later and not row.reason:
        faults.append(_problem(row, "reason", Message("tables.reason_missing")))
    if row.kind is ReportKind.ZERO and has_findings:
        faults.append(_problem(row, "kind", Message("errors.zero_with_finding")))
    if row.kind is ReportKind.DAILY and not row.summary and not has_findings:
        faults.append(_problem(row, "summary", Message("errors.daily_empty")))
    return faults


def _before(other: Broken, row: ReportRow) -> bool:
    return other.filed_at is not None and (other.filed_at, other.row) < (row.filed_at, row.row)


def _knocked_on(
    row: ReportRow, fallen: int | None, broken: Sequence[Broken], unread: int | None
) -> list[Problem]:
    """Return that a row depends on another that is rejected, if it does.

    A row whose time is unreadable may have been the first.
    """
    if fallen is None:
        before = (other for other in broken if other.filed_at is None or _before(other, row))
        fallen = next((other.row for other in before), None)
    if fallen is not None:
        return [_problem(row, "filed_at", Message("tables.mend_first", row=fallen))]
    if unread is not None:
        return [_problem(row, "kind", Message("tables.mend_finding", row=unread))]
    return []


def _decide_findings(
    number: int,
    rows: Sequence[FindingRow],
    day: UnitDay,
    terms: Terms,
    fallen: int | None,
    into: Decisions,
) -> None:
    """Decide findings whose report is not among the rows that are taken in."""
    if fallen is None and day.broken:
        fallen = day.broken[0].row
    named = [row for row in rows if row.revision is not None]
    blank = [row for row in rows if row.revision is None]
    unheld = not 0 < number <= len(day.standing)
    if unheld or (blank and fallen is not None):
        lost = rows if unheld else blank
        if fallen is None:
            into.problems += [_unowned(row) for row in lost]
        elif terms.knock_on:
            reason = Message("tables.mend_report", row=fallen)
            into.problems += [_finding_problem(row, "date", reason) for row in lost]
        if lost is rows:
            return
        blank = []
    standing = {finding.no: finding for finding in day.standing_findings[number - 1]}
    for row in named:
        if standing.get(row.finding.no) == row.finding:
            into.unchanged += 1
        else:
            reason = Message("tables.finding_recorded", number=number)
            into.problems.append(_finding_problem(row, "revision", reason))
    if blank:
        _amend(blank, standing, day, terms, into)


def _amend(
    rows: Sequence[FindingRow],
    standing: Mapping[int, Finding],
    day: UnitDay,
    terms: Terms,
    into: Decisions,
) -> None:
    """Make findings that are not recorded yet an amendment of the newest revision."""
    newest = day.standing[-1]
    merged = dict(standing)
    for row in rows:
        finding = row.finding
        if newest.kind is ReportKind.ZERO:
            reason = Message("errors.zero_with_finding")
            into.problems.append(_finding_problem(row, "date", reason))
        elif merged.get(finding.no) == finding:
            into.unchanged += 1
        else:
            into.new += finding.no not in merged
            into.amended += finding.no in merged
            merged[finding.no] = finding
    if merged != standing:
        amendment = newest._replace(
            filed_at=max(terms.at, newest.filed_at),
            row=rows[0].row,
            filed_by=terms.filed_by,
            reason=terms.reason,
        )
        findings = tuple(merged[no] for no in sorted(merged))
        into.added.append(Addition(amendment, len(day.standing) + 1, findings))


def _unowned(row: FindingRow) -> Problem:
    if row.revision is None:
        return _finding_problem(row, "date", Message("tables.report_missing"))
    reason = Message("tables.revision_missing", number=row.revision)
    return _finding_problem(row, "revision", reason)


def _problem(row: ReportRow, column: str, reason: Message) -> Problem:
    return Problem(row.row, column, None, reason, "reports")


def _finding_problem(row: FindingRow, column: str, reason: Message) -> Problem:
    return Problem(row.row, column, None, reason, "findings")
