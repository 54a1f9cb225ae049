"""Reports and their findings: revisions that are added and never changed (R5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from domain.areas import LandClass
from domain.findings import Finding
from domain.instants import Instant
from domain.reports import Content, ReportKind, Revision
from domain.values import dataclass
from storage import archives
from storage.columns import among, day_of, day_text
from storage.connection import IN_ORDER, Connection, Row, using
from storage.units import Selection, chosen

COLUMNS = (
    "unit, date, revision, kind, summary, areas_planned, areas_patrolled, filed_at, filed_by,"
    " keyed_by, reason, after_lock, imported"
)
_FINDING_COLUMNS = (
    "no, location, land_class, area, place, party, cultivated_area, basic_farmland_area, use,"
    " existed_since, conforms_plan, approved, key_project, source, same_as"
)


@dataclass(frozen=True, slots=True)
class Filed:
    """What a board needs of a unit's day: the first filing, and the newest revision as of then."""

    unit: str
    day: date
    first_filed_at: Instant
    revision: int
    kind: ReportKind
    filed_at: Instant
    filed_by: str | None
    areas_planned: int | None
    areas_patrolled: int | None
    findings: int = 0


def _finding(row: Row) -> Finding:
    return Finding(
        row[0],
        row[1],
        LandClass(row[2]),
        row[3],
        row[4],
        row[5],
        row[6],
        row[7],
        row[8],
        day_of(row[9]),
        *row[10:15],
    )


def _revision(row: Row, findings: tuple[Finding, ...]) -> Revision:
    return Revision(
        row[0],
        date.fromisoformat(row[1]),
        row[2],
        Content(ReportKind(row[3]), row[4], row[5], row[6], findings),
        row[7],
        row[8],
        row[9],
        row[10],
        bool(row[11]),
        bool(row[12]),
    )


def revisions(
    connection: Connection, unit: str, day: date, at: Instant | None = None
) -> list[Revision]:
    """Return the revisions of a unit's day filed up to `at` (None: all), oldest first."""
    key = (day.isoformat(), unit)
    connection = archives.holding(connection, key[0])
    rows = connection.rows(
        f"SELECT {COLUMNS} FROM reports WHERE date = ? AND unit = ? ORDER BY revision", key
    )
    if not rows:
        return []
    found: dict[int, list[Finding]] = {}
    for row in connection.rows(
        f"SELECT revision, {_FINDING_COLUMNS} FROM findings WHERE date = ? AND unit = ?"
        " ORDER BY revision, no",
        key,
    ):
        found.setdefault(row[0], []).append(_finding(row[1:]))
    return [
        _revision(row, tuple(found.get(row[2], ()))) for row in rows if at is None or row[7] <= at
    ]


@archives.listing
def between(
    connection: Connection,
    first: date,
    last: date,
    selection: Selection,
    at: Instant | None = None,
) -> list[Revision]:
    """Return every revision of the selected units' days filed up to `at`, by day, unit, number."""
    clause, parameters = chosen(selection)
    parameters |= {"first": first.isoformat(), "last": last.isoformat()}
    findings: dict[tuple[str, str, int], list[Finding]] = {}
    narrow = "" if selection.everything else " AND unit IN (SELECT code FROM chosen)"
    with_clause = "" if selection.everything else clause
    for row in connection.rows(
        f"{with_clause} SELECT unit, date, revision, {_FINDING_COLUMNS} FROM findings"
        f" WHERE date BETWEEN :first AND :last{narrow} ORDER BY date, unit, revision, no",
        parameters,
    ):
        findings.setdefault((row[0], row[1], row[2]), []).append(_finding(row[3:]))
    return [
        _revision(row, tuple(findings.get((row[0], row[1], row[2]), ())))
        for row in connection.rows(
            f"{with_clause} SELECT {COLUMNS} FROM reports"
            f" WHERE date BETWEEN :first AND :last{narrow} ORDER BY date, unit, revision",
            parameters,
        )
        if at is None or row[7] <= at
    ]


@archives.mapping
def filed_between(
    connection: Connection, first: date, last: date, selection: Selection, at: Instant
) -> dict[tuple[str, str], Filed]:
    """Return what was filed up to `at` for the selected units' days, by (ISO day, unit)."""
    parameters: dict[str, object] = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "at": at,
    }
    if selection.everything:
        clause, source, narrow = "", "reports AS r", ""
    else:
        clause, more = chosen(selection)
        parameters |= more
        # Each unit's own days, and not the days with all their units.
        source = f"chosen AS c {IN_ORDER} reports AS r{using('reports_by_unit')} ON r.unit = c.code"
        narrow = " AND unit IN (SELECT code FROM chosen)"
    counts = {
        (row[0], row[1], row[2]): row[3]
        for row in connection.rows(
            f"{clause} SELECT date, unit, revision, COUNT(*) FROM findings"
            f" WHERE date BETWEEN :first AND :last{narrow} GROUP BY date, unit, revision",
            parameters,
        )
    }
    found: dict[tuple[str, str], Filed] = {}
    for row in connection.rows(
        f"{clause} SELECT r.date, r.unit, r.revision, r.kind, r.filed_at, r.filed_by,"
        f" r.areas_planned, r.areas_patrolled FROM {source}"
        " WHERE r.date BETWEEN :first AND :last AND r.filed_at <= :at"
        " ORDER BY r.date, r.unit, r.revision",
        parameters,
    ):
        day, unit, number = row[0], row[1], row[2]
        before = found.get((day, unit))
        found[day, unit] = Filed(
            unit,
            before.day if before else date.fromisoformat(day),
            before.first_filed_at if before else row[4],
            number,
            ReportKind(row[3]),
            row[4],
            row[5],
            row[6],
            row[7],
            counts.get((day, unit, number), 0),
        )
    return found


def last_before(connection: Connection, unit: str, day: date) -> Revision | None:
    """Return the newest revision of the unit's last report before `day`, or None."""
    row = connection.row(
        "SELECT MAX(date) FROM reports WHERE unit = ? AND date < ?", (unit, day.isoformat())
    )
    if row is None or row[0] is None:
        return None
    return revisions(connection, unit, date.fromisoformat(row[0]))[-1]


def last_days(connection: Connection, at: Instant) -> dict[str, date]:
    """Return the last day each unit reported on, of what was filed up to `at`."""
    return {
        row[0]: date.fromisoformat(row[1])
        for part in archives.parts(connection)
        for row in part.connection.rows(
            "SELECT unit, MAX(date) FROM reports"
            " WHERE filed_at <= ? AND date BETWEEN ? AND ? GROUP BY unit",
            (at, part.first, part.last),
        )
    }


def add(connection: Connection, filed: Iterable[Revision]) -> None:
    """Record revisions, each with its findings; the caller decided that they may stand."""
    rows = list(filed)
    _add_reports(connection, [as_row(row) for row in rows])
    found = [
        (row.unit, row.day.isoformat(), row.number, finding)
        for row in rows
        for finding in row.content.findings
    ]
    if found:
        _add_findings(connection, found)


def as_row(revision: Revision) -> Row:
    """Return a revision without its findings, in the order of `COLUMNS`."""
    content = revision.content
    return (
        revision.unit,
        revision.day.isoformat(),
        revision.number,
        content.kind.value,
        content.summary,
        content.areas_planned,
        content.areas_patrolled,
        revision.filed_at,
        revision.filed_by,
        revision.keyed_by,
        revision.reason,
        int(revision.after_lock),
        int(revision.imported),
    )


def finding_row(finding: Finding) -> Row:
    """Return a finding as its columns hold it, without the report that it is of."""
    return (
        finding.no,
        finding.location,
        finding.land_class.value,
        finding.area,
        finding.place,
        finding.party,
        finding.cultivated_area,
        finding.basic_farmland_area,
        finding.use,
        day_text(finding.existed_since),
        finding.conforms_plan,
        finding.approved,
        finding.key_project,
        finding.source,
        finding.same_as,
    )


def every(connection: Connection) -> Iterator[tuple[Revision, int]]:
    """Yield every revision with the mark of its import, by day, unit and number, one by one.

    The mark is 0 where it was not imported.
    """
    for part in archives.parts(connection):
        yield from _every(part)


def _every(part: archives.Part) -> Iterator[tuple[Revision, int]]:
    span = (part.first, part.last)
    found = part.connection.each(
        f"SELECT date, unit, revision, {_FINDING_COLUMNS} FROM findings"
        " WHERE date BETWEEN ? AND ? ORDER BY date, unit, revision, no",
        span,
    )
    ahead = next(found, None)
    for row in part.connection.each(
        f"SELECT {COLUMNS} FROM reports WHERE date BETWEEN ? AND ? ORDER BY date, unit, revision",
        span,
    ):
        key = (row[1], row[0], row[2])
        own: list[Finding] = []
        while ahead is not None and ahead[:3] == key:
            own.append(_finding(ahead[3:]))
            ahead = next(found, None)
        yield _revision(row, tuple(own)), row[12]


def add_rows(
    connection: Connection,
    filed: Iterable[Row],
    findings: Iterable[tuple[str, str, int, Finding]],
) -> None:
    """Record revisions in the order of `COLUMNS`, and findings by unit, ISO day and revision."""
    _add_reports(connection, filed)
    _add_findings(connection, findings)


def _add_reports(connection: Connection, filed: Iterable[Row]) -> None:
    connection.execute_many(
        f"INSERT INTO reports ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", filed
    )


def _add_findings(
    connection: Connection, findings: Iterable[tuple[str, str, int, Finding]]
) -> None:
    connection.execute_many(
        f"INSERT INTO findings (unit, date, revision, {_FINDING_COLUMNS})"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((unit, day, number, *finding_row(finding)) for unit, day, number, finding in findings),
    )


def span(connection: Connection) -> tuple[date, date] | None:
    """Return the first and the last day that anything was filed for, or None."""
    found = [
        date.fromisoformat(row[0])
        for part in archives.parts(connection)
        for end in ("MIN", "MAX")
        for row in part.connection.rows(
            f"SELECT {end}(date) FROM reports WHERE date BETWEEN ? AND ?", (part.first, part.last)
        )
        if row[0] is not None
    ]
    return (min(found), max(found)) if found else None


def findings_of_day(
    connection: Connection, day: str, units: Collection[str] | None = None
) -> dict[tuple[str, int], list[Finding]]:
    """Return the findings of an ISO day by unit and revision, of these units (None: all)."""
    narrow, wanted = among(units)
    connection = archives.holding(connection, day)
    found: dict[tuple[str, int], list[Finding]] = {}
    for row in connection.rows(
        f"SELECT unit, revision, {_FINDING_COLUMNS} FROM findings WHERE date = ?{narrow}"
        " ORDER BY unit, revision, no",
        (day, *wanted),
    ):
        found.setdefault((row[0], row[1]), []).append(_finding(row[2:]))
    return found


def sighted(connection: Connection, at: Instant) -> dict[str, set[str]]:
    """Return the units whose reports, filed by `at`, found a matter again, by its number."""
    found: dict[str, set[str]] = {}
    for part in archives.parts(connection):
        for number, unit in part.connection.rows(
            "SELECT DISTINCT f.same_as, f.unit FROM findings AS f INNER JOIN reports AS r"
            " ON r.date = f.date AND r.unit = f.unit AND r.revision = f.revision"
            " WHERE f.same_as <> '' AND r.filed_at <= ? AND f.date BETWEEN ? AND ?",
            (at, part.first, part.last),
        ):
            found.setdefault(number, set()).add(unit)
    return found


@archives.mapping
def first_filings(
    connection: Connection, first: date, last: date, units: Collection[str] | None = None
) -> dict[tuple[str, str], Instant]:
    """Return when each (ISO day, unit) from `first` to `last` was first filed, of these units."""
    span = (first.isoformat(), last.isoformat())
    if units is None or len(units) > 500:
        rows = connection.rows(
            "SELECT date, unit, filed_at FROM reports WHERE date BETWEEN ? AND ? AND revision = 1",
            span,
        )
        among = None if units is None else set(units)
        return {(row[0], row[1]): row[2] for row in rows if among is None or row[1] in among}
    return {
        (row[0], row[1]): row[2]
        for unit in units
        for row in connection.rows(
            "SELECT date, unit, filed_at FROM reports"
            " WHERE unit = ? AND date BETWEEN ? AND ? AND revision = 1",
            (unit, *span),
        )
    }
