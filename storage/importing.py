"""What imports of reports ask of the store: whole days at a time, and never row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from domain.findings import Finding
from domain.importing import Filed
from domain.instants import Instant
from storage import summaries
from storage.archives import holding
from storage.columns import marks
from storage.connection import Connection, Row
from storage.proofs import Digest, whole_columns
from storage.report_days import Stamp, add_day
from storage.reports import add_findings, finding_row

_FEW = 50
_MANY = 20_000
_NONE: list[Row] = []


@contextmanager
def in_bulk(connection: Connection, new: int) -> Iterator[None]:
    """Expect about `new` revisions inside this block.

    Where most of an index would be touched, each row somewhere else in it, it is cheaper to build
    it anew: that of reports by unit if no more stand than come, those of open days if most of them
    are being discharged.
    """
    anew: list[str] = []
    if new >= _MANY:
        more = connection.row("SELECT 1 FROM reports LIMIT 1 OFFSET ?", (new,))
        if more is None:
            anew.append("reports_by_unit")
        if summaries.open_in_all(connection) <= 2 * new:
            anew += ["obligations_open", "obligations_open_by_unit"]
    with connection.roomy(), connection.rebuilding(anew):
        yield


def standing(connection: Connection, day: str, units: Collection[str]) -> list[Filed]:
    """Return the recorded revisions of some units' ISO day, by unit and number.

    In the place of a row's number they have that of the revision. There may be others of the
    day's among them.
    """
    narrow, wanted = _near(units)
    return holding(connection, day).rows(
        "SELECT unit, filed_at, revision, kind, filed_by, summary, areas_planned, areas_patrolled,"
        f" reason FROM reports WHERE date = ?{narrow} ORDER BY unit, revision",
        (day, *wanted),
    )


Window: TypeAlias = tuple[Instant, Instant, "Instant | None", int]
"""When a unit's day is due, missed and locked, and whether it is exempt (R7)."""


def owed(connection: Connection, day: str, units: Collection[str]) -> dict[str, Window]:
    """Return what was fixed of an ISO day for each unit that is expected to report on it (R7).

    There may be others of the day's among them.
    """
    narrow, wanted = _near(units)
    source = f"FROM obligations WHERE kind = 'report' AND subject = ?{narrow}"
    window = "due_at, missed_at, locks_at, exempt"
    # Nearly always it is the same for all, and it is the values of a row that cost.
    windows = connection.rows(f"SELECT DISTINCT {window} {source}", (day, *wanted))
    if len(windows) == 1:
        found = connection.rows(f"SELECT unit {source}", (day, *wanted))
        return {unit: windows[0] for (unit,) in found}
    return {
        row[0]: row[1:]
        for row in connection.rows(f"SELECT unit, {window} {source}", (day, *wanted))
    }


def _near(units: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """Return what narrows a day to some units: each of them, or where they begin and end."""
    if len(units) <= _FEW:
        return f" AND unit IN ({marks(len(units))})", tuple(units)
    return " AND unit BETWEEN ? AND ?", (min(units), max(units))


def mark(connection: Connection) -> int:
    """Return the mark of an import that begins now: the number of its first event, more than 1.

    Its revisions carry it, so that what the import's event says of them can be asked of them.
    """
    found = connection.row("SELECT COALESCE(MAX(seq), 0) + 1 FROM events")
    assert found is not None
    return max(2, int(found[0]))


def add(
    connection: Connection,
    stamp: Stamp,
    columns: Sequence[Sequence[object]],
    findings: Sequence[tuple[str, int, Finding]],
    digest: Digest,
) -> None:
    """Record a day's imported revisions, in the order of unit and number.

    `columns` are those of `storage.report_days.DAY_COLUMNS`, `findings` by unit and revision;
    `digest` takes all of it in.
    """
    add_day(connection, stamp, columns)
    count = len(columns[0])
    own: Sequence[object] = [_NONE] * count
    if findings:
        add_findings(connection, [(unit, stamp.day, number, one) for unit, number, one in findings])
        found: dict[tuple[object, object], list[Row]] = {}
        for unit, number, finding in findings:
            found.setdefault((unit, number), []).append(finding_row(finding))
        own = [found.get(key, _NONE) for key in zip(columns[0], columns[1], strict=True)]
    digest.add_columns(whole_columns(stamp, columns, own))
