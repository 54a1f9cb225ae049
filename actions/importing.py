"""Taking in tables of reports: what a file says against what is recorded (R4, R5, R7)."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter, itemgetter

from actions.expecting import roll_within
from actions.importing_rows import Day, write
from actions.people import require_on
from actions.rehearsing import rehearsed
from actions.reported import open_for_findings
from actions.restating import Change
from actions.spooling import Spool
from domain.errors import Message
from domain.findings import Finding
from domain.importing import (
    Addition,
    Broken,
    Columns,
    Decisions,
    Filed,
    FindingRow,
    Problem,
    ReportRow,
    Terms,
    UnitDay,
    decide,
    report_row,
    tidy,
    to_decide,
)
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from storage import events, reports
from storage import importing as rows
from storage.archives import live_from
from storage.store import Store

Key = tuple[str, str]
"""A unit's day: ISO day and unit code."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A file that rows come from: its name without a folder, and the SHA-256 of its bytes."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did or, as a dry run, would do; the counts are of rows.

    `changes` are the statuses of days that a change of schedules or exemptions altered;
    `matters` is how many were opened for findings.
    """

    new: int = 0
    amended: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    matters: int = 0


@dataclass(slots=True)
class Filings:
    """What files of reports and findings say, before it is held against the store.

    `compared` names the fields of `ReportRow` that the file has columns for: a recorded revision
    that is the same in these is the same filing. The broken rows are by unit-day.
    """

    rows: Spool
    compared: tuple[str, ...] = ("kind",)
    broken: dict[Key, list[Broken]] = field(default_factory=dict)
    findings: list[FindingRow] = field(default_factory=list)
    broken_findings: dict[Key, dict[int | None, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def import_filings(
    store: Store,
    actor: Actor,
    filings: Filings,
    origins: Mapping[str, Origin],
    at: Instant,
    *,
    reason: str,
    keep_going: bool = False,
    dry_run: bool = False,
    open_matters: bool = False,
) -> Outcome:
    """Record reports and findings; all of them or, with `keep_going`, those without a problem.

    Only an admin may, and the import is the recorded act that R7's lock asks for. `origins` are
    the files by kind of table; `reason` is that of an amendment which findings alone bring
    about. `open_matters`: the findings get their matters, as if they had been filed, where they
    have none. Decides outside the write lock, and again inside it if somebody wrote meanwhile.
    """
    require_on(store, actor, Action.IMPORT, at)
    terms = Terms(_same(filings.compared), keep_going, at, actor.login, reason)
    connection = store.connection
    with store.reading():
        before = connection.change_count()
        found = _decided(store, filings, terms)
    outcome = _outcome(filings, found.sums, keep_going=keep_going)
    opening = open_matters and (keep_going or not outcome.rejected)
    if not opening and (dry_run or not outcome.new + outcome.amended):
        return outcome

    def keep() -> bool:
        return not dry_run and bool(outcome.new or outcome.amended or outcome.matters)

    written: dict[str, object] | None = None
    with rehearsed(store, keep):
        require_on(store, actor, Action.IMPORT, at)
        if connection.change_count() != before:
            found = _decided(store, filings, terms)
            outcome = _outcome(filings, found.sums, keep_going=keep_going)
        if outcome.new + outcome.amended:
            roll_within(store, at)
            with rows.in_bulk(connection, outcome.new + outcome.amended):
                written = write(store, actor, filings.rows, found.days)
        if open_matters and (keep_going or not outcome.rejected):
            opened = _open_matters(store, actor, filings.findings, at)
            outcome = replace(outcome, matters=opened)
        if keep():
            record_import(store, actor, at, origins, outcome, written)
    return outcome


def _open_matters(store: Store, actor: Actor, findings: Sequence[FindingRow], at: Instant) -> int:
    """Open the matters of findings at the instants at which filing would have; say how many."""
    return sum(
        len(open_for_findings(store, actor, revision, revision.filed_at, at))
        for day, unit in sorted({(finding.day, finding.unit) for finding in findings})
        for revision in reports.revisions(store.connection, unit, date.fromisoformat(day))
    )


def _same(compared: Sequence[str]) -> Callable[[ReportRow, ReportRow], bool]:
    """Return whether two rows say the same in the fields that are compared."""
    said = attrgetter(*compared)
    return lambda row, other: bool(said(row) == said(other))


@dataclass(slots=True)
class _Found:
    """What an import comes to: the days on which something is recorded, and the whole count."""

    days: dict[str, Day] = field(default_factory=dict)
    sums: Decisions = field(default_factory=Decisions)


def _outcome(filings: Filings, found: Decisions, *, keep_going: bool) -> Outcome:
    problems = sorted(
        [*filings.problems, *found.problems], key=lambda problem: (problem.table, problem.row)
    )
    rejected = len({(problem.table, problem.row) for problem in problems})
    written = keep_going or not rejected
    return Outcome(
        found.new if written else 0,
        found.amended if written else 0,
        found.unchanged,
        rejected,
        tuple(problems),
    )


def _decided(store: Store, filings: Filings, terms: Terms) -> _Found:
    """Decide day by day, so that no more than a day of the store or the file is in memory."""
    into = _Found()
    findings: dict[str, dict[str, list[FindingRow]]] = {}
    for finding in filings.findings:
        findings.setdefault(finding.day, {}).setdefault(finding.unit, []).append(finding)
    broken: dict[str, set[str]] = {}
    for day, unit in (*filings.broken, *filings.broken_findings):
        broken.setdefault(day, set()).add(unit)
    fields = _compared(filings.compared)
    live_text = live_from(store.connection).isoformat()
    for day in sorted({*filings.rows.days(), *findings}):
        own = filings.rows.of_day(day)
        more = findings.get(day, {})
        units = set(own[0]) | set(more)
        recorded = rows.standing(store.connection, day, units)
        if len(recorded) > len(own[0]):
            recorded = [row for row in recorded if row[0] in units]
        if recorded and not more and _all_stand(own, recorded, fields):
            into.sums.unchanged += len(recorded)
            continue
        before = (into.sums.new, into.sums.amended)
        closely = to_decide(own) | broken.get(day, set()) | set(more)
        numbers = _plain(own, recorded, fields, closely, into.sums)
        others = _decide_units(
            store, day, own, recorded, more, closely & units, filings, terms, numbers, into.sums
        )
        if not others and not any(numbers):
            continue
        if live_text > day:
            into.sums.new, into.sums.amended = before
            into.sums.problems += _refused(day, own, more, numbers, others)
            continue
        into.days[day] = Day(numbers, others)
    return into


def _all_stand(own: Columns, recorded: Sequence[Filed], fields: Sequence[int]) -> bool:
    """Return whether a day's rows are what is recorded of it, in the fields that are compared."""
    standing = list(zip(*recorded, strict=True))
    return all(tuple(own[field]) == standing[field] for field in fields)


def _refused(
    day: str,
    own: Columns,
    findings: Mapping[str, list[FindingRow]],
    numbers: Sequence[int],
    others: Sequence[Addition],
) -> list[Problem]:
    """Return what an import would add to a day that is archived as so many rejected rows."""
    reason = Message("archives.row_closed", year=day[:4])
    more = {one.row.row for one in others}
    found = [
        Problem(row, "date", day, reason, "reports")
        for row, number in zip(own[2], numbers, strict=True)
        if number or row in more
    ]
    return found + [
        Problem(finding.row, "date", day, reason, "findings")
        for unit in sorted({one.row.unit for one in others})
        for finding in findings.get(unit, ())
    ]


def _plain(
    own: Columns,
    recorded: Sequence[Filed],
    fields: Sequence[int],
    closely: set[str],
    sums: Decisions,
) -> array[int]:
    """Return the revision of each row that is a first filing, 0 for the others.

    Leaves out the units that are to be decided `closely`, and adds to them.
    """
    units = own[0]
    if not recorded:
        numbers = array("L", [unit not in closely for unit in units])
        sums.new += sum(numbers)
        return numbers
    said = itemgetter(*fields)
    known = set(map(said, recorded))
    others = {row[0] for row in recorded}
    numbers = array("L", bytes(array("L").itemsize * len(units)))
    for place, row in enumerate(zip(*own, strict=True)):
        unit = row[0]
        if unit in closely:
            continue
        if unit not in others:
            numbers[place] = 1
        elif said(row) in known:
            sums.unchanged += 1
        else:
            closely.add(unit)
    sums.new += sum(numbers)
    return numbers


def _compared(names: Sequence[str]) -> tuple[int, ...]:
    """Return the places of unit, instant and the compared fields in a row."""
    fields = ReportRow._fields[1:]
    return (0, 1, *(fields.index(name) for name in names))


def _decide_units(
    store: Store,
    day: str,
    own: Columns,
    recorded: Sequence[Filed],
    findings: Mapping[str, list[FindingRow]],
    units: Collection[str],
    filings: Filings,
    terms: Terms,
    numbers: array[int],
    sums: Decisions,
) -> list[Addition]:
    """Decide these units of a day; the revisions that its rows become go into `numbers`.

    Returns the revisions that are more than a row.
    """
    if not units:
        return []
    by_unit: dict[str, list[ReportRow]] = {unit: [] for unit in units}
    places: dict[int, int] = {}
    for place in [place for place, unit in enumerate(own[0]) if unit in by_unit]:
        said = report_row(day, [column[place] for column in own])
        by_unit[said.unit].append(said)
        places[said.row] = place
    standing: dict[str, list[ReportRow]] = {}
    for row in recorded:
        if row[0] in by_unit:
            standing.setdefault(row[0], []).append(_tidied(report_row(day, row)))
    found = reports.findings_of_day(store.connection, day, list(findings)) if findings else {}
    others: list[Addition] = []
    for unit, rows_of_unit in sorted(by_unit.items()):
        unit_day = UnitDay(
            rows_of_unit,
            standing.get(unit, ()),
            filings.broken.get((day, unit), ()),
            findings.get(unit, ()),
            filings.broken_findings.get((day, unit), {}),
            [
                tuple(as_said(finding, unit) for finding in found.get((unit, row.row), ()))
                for row in standing.get(unit, ())
            ]
            if findings
            else (),
        )
        decide(unit_day, terms, sums)
        for addition in sums.added:
            if addition.findings:
                others.append(addition)
            else:
                numbers[places[addition.row.row]] = addition.number
        sums.added.clear()
    return others


def _tidied(row: ReportRow) -> ReportRow:
    """Return a recorded revision as a table would say it."""
    summary, reason = tidy(row.summary), tidy(row.reason)
    if summary == row.summary and reason == row.reason:
        return row
    return row._replace(summary=summary, reason=reason)


def as_said(finding: Finding, unit: str) -> Finding:
    """Return a recorded finding as a table says it: it lies in the reporting unit if nowhere."""
    return replace(
        finding,
        location=tidy(finding.location),
        place=finding.place or unit,
        party=tidy(finding.party),
        use=tidy(finding.use),
        source=tidy(finding.source),
    )


def record_import(
    store: Store,
    actor: Actor,
    at: Instant,
    origins: Mapping[str, Origin],
    outcome: Outcome,
    written: dict[str, object] | None = None,
) -> None:
    """Record inside the caller's transaction that files were imported, and what came of it.

    `written` tells of the revisions, by their mark and digest, so that they can be held to it.
    """
    events.record(
        store.connection,
        actor,
        at,
        "import",
        "+".join(origins),
        files=[
            {"kind": kind, "name": origin.file, "sha256": origin.sha256}
            for kind, origin in origins.items()
        ],
        new=outcome.new,
        amended=outcome.amended,
        unchanged=outcome.unchanged,
        rejected=outcome.rejected,
        matters=outcome.matters,
        written=written,
    )
