"""What imports of reports ask of the store: whole days at a time, and never row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from domain.findings import Finding
from domain.importing import Addition, ReportRow
from domain.instants import Instant
from domain.reports import ReportKind
from storage.columns import among
from storage.connection import Connection, Row
from storage.proofs import Digest, whole
from storage.reports import add_rows


def standing(
    connection: Connection, day: str, units: Collection[str] | None = None
) -> dict[str, list[ReportRow]]:
    """Return the recorded revisions of an ISO day by unit, oldest first; `row` is the number."""
    narrow, wanted = among(units)
    found: dict[str, list[ReportRow]] = {}
    for row in connection.rows(
        "SELECT unit, filed_at, revision, kind, filed_by, summary, areas_planned, areas_patrolled,"
        f" reason FROM reports WHERE date = ?{narrow} ORDER BY unit, revision",
        (day, *wanted),
    ):
        revision = ReportRow(day, row[0], row[1], row[2], ReportKind(row[3]), *row[4:])
        found.setdefault(row[0], []).append(revision)
    return found


def locks(
    connection: Connection, day: str, units: Collection[str] | None = None
) -> dict[str, Instant]:
    """Return when an ISO day locks for each unit that is expected to report on it (R7)."""
    narrow, wanted = among(units)
    return dict(
        connection.rows(
            "SELECT unit, locks_at FROM obligations WHERE kind = 'report' AND subject = ?"
            f" AND locks_at IS NOT NULL{narrow}",
            (day, *wanted),
        )
    )


def mark(connection: Connection) -> int:
    """Return the mark of an import that begins now: the number of its first event, more than 1.

    Its revisions carry it, so that what the import's event says of them can be asked of them.
    """
    found = connection.row("SELECT COALESCE(MAX(seq), 0) + 1 FROM events")
    assert found is not None
    return max(2, int(found[0]))


def add(
    connection: Connection,
    additions: Iterable[tuple[Addition, bool]],
    keyed_by: str,
    mark: int,
    digest: Digest,
) -> None:
    """Record imported revisions, each with whether it was filed after its lock.

    `digest` takes them in, in the order of day, unit and number in which they are to come.
    """
    filed: list[Row] = []
    findings: list[tuple[str, str, int, Finding]] = []
    for (row, number, found), after_lock in additions:
        values = (
            row.unit,
            row.day,
            number,
            row.kind.value,
            row.summary,
            row.areas_planned,
            row.areas_patrolled,
            row.filed_at,
            row.filed_by,
            keyed_by,
            row.reason,
            int(after_lock),
            mark,
        )
        filed.append(values)
        findings += [(row.unit, row.day, number, finding) for finding in found]
        digest.add(whole(values, found))
    add_rows(connection, filed, findings)
