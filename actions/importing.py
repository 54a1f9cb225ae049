"""Taking in tables of reports: what a file says against what is recorded (R4, R5, R7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from operator import attrgetter

from actions.expecting import Change, roll_within
from actions.people import require_on
from actions.rehearsing import rehearsed
from actions.reported import open_for_findings
from domain.findings import Finding
from domain.importing import (
    Addition,
    Broken,
    Decisions,
    FindingRow,
    Problem,
    ReportRow,
    Terms,
    UnitDay,
    decide,
    tidy,
)
from domain.instants import Instant
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.permissions import Action
from domain.schedules import Days, Schedule, schedule_in_force, window
from storage import events, obligations, proofs, reports, schedules, summaries
from storage import importing as rows
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

    compared: tuple[str, ...] = ("kind",)
    rows: list[ReportRow] = field(default_factory=list)
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
    filings.rows.sort()
    terms = Terms(_same(filings.compared), keep_going, at, actor.login, reason)
    connection = store.connection
    with store.reading():
        before = connection.change_count()
        found = _decided(store, filings, terms)
    outcome = _outcome(filings, found, keep_going=keep_going)
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
            outcome = _outcome(filings, found, keep_going=keep_going)
        if outcome.new + outcome.amended:
            roll_within(store, at)
            written = _write(store, actor, found.added)
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


def _decided(store: Store, filings: Filings, terms: Terms) -> Decisions:
    """Decide day by day, so that no more than a day of the store is in memory."""
    into = Decisions()
    findings: dict[str, dict[str, list[FindingRow]]] = {}
    for finding in filings.findings:
        findings.setdefault(finding.day, {}).setdefault(finding.unit, []).append(finding)
    by_day = groupby(filings.rows, attrgetter("day"))
    for day, own in by_day:
        _decide_day(store, day, list(own), findings.pop(day, {}), filings, terms, into)
    for day, alone in sorted(findings.items()):
        _decide_day(store, day, [], alone, filings, terms, into)
    into.added.sort(key=lambda addition: (addition.row.day, addition.row.unit, addition.number))
    return into


def _decide_day(
    store: Store,
    day: str,
    filed: Sequence[ReportRow],
    findings: dict[str, list[FindingRow]],
    filings: Filings,
    terms: Terms,
    into: Decisions,
) -> None:
    by_unit = {unit: list(own) for unit, own in groupby(filed, attrgetter("unit"))}
    for unit in findings:
        by_unit.setdefault(unit, [])
    connection = store.connection
    standing = rows.standing(connection, day, by_unit)
    found = reports.findings_of_day(connection, day, list(findings)) if findings else {}
    for unit, own in by_unit.items():
        recorded = [_tidied(row) for row in standing.get(unit, ())]
        unit_day = UnitDay(
            own,
            recorded,
            filings.broken.get((day, unit), ()),
            findings.get(unit, ()),
            filings.broken_findings.get((day, unit), {}),
            [
                tuple(as_said(finding, unit) for finding in found.get((unit, row.row), ()))
                for row in recorded
            ]
            if findings
            else (),
        )
        decide(unit_day, terms, into)


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


def _write(store: Store, actor: Actor, added: Sequence[Addition]) -> dict[str, object]:
    """Record revisions, and discharge the days whose first filings are among them.

    Returns what the import's event says of them: their mark, their number and their digest.
    """
    connection = store.connection
    mark, digest = rows.mark(connection), proofs.Digest()
    unexpected = _UnexpectedLocks(store)
    for day, group in groupby(added, lambda addition: addition.row.day):
        of_day = list(group)
        fixed = rows.locks(connection, day, {addition.row.unit for addition in of_day})
        rows.add(
            connection,
            [(each, each.row.filed_at > unexpected.lock(each.row, fixed)) for each in of_day],
            actor.real_login,
            mark,
            digest,
        )
        first = [(row.unit, day, row.filed_at) for row, number, _ in of_day if number == 1]
        if fixed:
            obligations.discharge(connection, ObligationKind.REPORT, first)
    summaries.count_filings(
        connection,
        ((row.day, row.unit, number, row.kind, row.filed_at) for row, number, _ in added),
    )
    return {"mark": mark, **digest.detail()}


class _UnexpectedLocks:
    """When days lock: as they were fixed, or as they would be where nobody expects a report (R7).

    Remembers a day's lock for the units that have no schedule rows of their own.
    """

    def __init__(self, store: Store) -> None:
        self._rules = store.reporting
        self._schedules: dict[str, list[Schedule]] = {}
        for row in schedules.every(store.connection):
            self._schedules.setdefault(row.unit, []).append(row)
        self._usual: dict[str, Instant] = {}

    def lock(self, row: ReportRow, fixed: Mapping[str, Instant]) -> Instant:
        """Return when the row's day locks for its unit."""
        lock = fixed.get(row.unit)
        if lock is not None:
            return lock
        own = self._schedules.get(row.unit)
        if own:
            return self._computed(row.day, own)
        if row.day not in self._usual:
            self._usual[row.day] = self._computed(row.day, ())
        return self._usual[row.day]

    def _computed(self, text: str, own: Sequence[Schedule]) -> Instant:
        day = date.fromisoformat(text)
        return window(self._rules, day, schedule_in_force(own, day), Days.DAILY).locks_at


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
