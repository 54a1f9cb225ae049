"""Schedules, exemptions and step limits (R6, R8, R12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import NamedTuple

from domain.schedules import Days, Exemption, LateUntil, Schedule, parse_late_until
from storage.columns import day_of, day_text, marks
from storage.connection import Connection, Row

Terms = tuple[str, str, str]
"""What a schedule row says, as its columns hold it: days, cut-off and late window, or blank."""


def _schedule(row: Row) -> Schedule:
    return Schedule(
        row[0],
        Days(row[1]),
        None if row[2] is None else time.fromisoformat(row[2]),
        None if row[3] is None else parse_late_until(row[3]),
        day_of(row[4]),
        day_of(row[5]),
    )


def clock_text(clock: time | None) -> str | None:
    """Return a clock time as its column holds it, `17:00`."""
    return None if clock is None else f"{clock:%H:%M}"


def late_text(late: LateUntil | None) -> str | None:
    """Return a late window as its column holds it, `+1d 12:00`."""
    return None if late is None else str(late)


def every(connection: Connection, units: Iterable[str] | None = None) -> list[Schedule]:
    """Return the schedule rows of these units, or of all, in the order entered."""
    return [
        _schedule(row)
        for row in _of_units(
            connection, "unit, days, cutoff, late_until, valid_from, valid_to", "schedules", units
        )
    ]


def by_terms(connection: Connection) -> dict[Terms, Schedule]:
    """Return a schedule, nobody's in particular, for each of the terms that there are."""
    return {
        (row[0], row[1] or "", row[2] or ""): _schedule(("", *row, None, None))
        for row in connection.rows("SELECT DISTINCT days, cutoff, late_until FROM schedules")
    }


def exemptions(connection: Connection, units: Iterable[str] | None = None) -> list[Exemption]:
    """Return the exemptions of these units, or of all, in the order entered."""
    return [
        Exemption(row[0], date.fromisoformat(row[1]), date.fromisoformat(row[2]), row[3], row[4])
        for row in _of_units(
            connection, "unit, first, last, reason, approved_by", "exemptions", units
        )
    ]


def _of_units(
    connection: Connection, columns: str, table: str, units: Iterable[str] | None
) -> list[Row]:
    if units is None:
        return connection.rows(f"SELECT {columns} FROM {table} ORDER BY position")
    wanted = list(units)
    if len(wanted) > 500:
        among = set(wanted)
        return [row for row in _of_units(connection, columns, table, None) if row[0] in among]
    return connection.rows(
        f"SELECT {columns} FROM {table} WHERE unit IN ({marks(len(wanted))}) ORDER BY position",
        wanted,
    )


def save(connection: Connection, rows: Sequence[Schedule]) -> None:
    """Write schedule rows; one is the same as another by unit and first day."""
    connection.execute_many(
        "INSERT INTO schedules (unit, days, cutoff, late_until, valid_from, valid_to)"
        " VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (unit, COALESCE(valid_from, '')) DO UPDATE SET days = excluded.days,"
        " cutoff = excluded.cutoff, late_until = excluded.late_until,"
        " valid_to = excluded.valid_to",
        [
            (
                row.unit,
                row.days.value,
                clock_text(row.cutoff),
                late_text(row.late_until),
                day_text(row.valid_from),
                day_text(row.valid_to),
            )
            for row in rows
        ],
    )


def save_exemptions(connection: Connection, rows: Sequence[Exemption]) -> None:
    """Write exemptions; one is the same as another by unit and range."""
    connection.execute_many(
        "INSERT INTO exemptions (unit, first, last, reason, approved_by) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (unit, first, last) DO UPDATE SET reason = excluded.reason,"
        " approved_by = excluded.approved_by",
        [
            (row.unit, row.first.isoformat(), row.last.isoformat(), row.reason, row.approved_by)
            for row in rows
        ],
    )


def delete_exemption(connection: Connection, row: Exemption) -> bool:
    """Take an exemption away; return whether it was there."""
    return (
        connection.execute(
            "DELETE FROM exemptions WHERE unit = ? AND first = ? AND last = ?",
            (row.unit, row.first.isoformat(), row.last.isoformat()),
        )
        > 0
    )


def save_limits(connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Add step limits: workflow, step, after, amount, unit, from, to, source, status, roll.

    `roll` is 1 or 0, and 0 where a row ends before it.
    """
    connection.execute_many(
        "INSERT INTO limits (workflow, step, after, amount, unit, effective_from, effective_to,"
        " source, status, roll) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*row, 0)[:10] for row in rows],
    )


class LimitRow(NamedTuple):
    """One row of the limits table: days are ISO text, `roll` is 1 or 0."""

    workflow: str
    step: str
    after: str
    amount: int
    unit: str
    effective_from: str | None = None
    effective_to: str | None = None
    source: str = ""
    status: str = ""
    roll: int = 0


def limits(connection: Connection) -> list[LimitRow]:
    """Return the step limits, in the order entered."""
    return [
        LimitRow(*row)
        for row in connection.rows(
            "SELECT workflow, step, after, amount, unit, effective_from, effective_to, source,"
            " status, roll FROM limits ORDER BY position"
        )
    ]


def put_limits(connection: Connection, rows: Iterable[LimitRow]) -> None:
    """Write step limits; of the same step, state and beginning there is one."""
    for row in rows:
        changed = connection.execute(
            "UPDATE limits SET amount = ?, unit = ?, effective_to = ?, source = ?, status = ?,"
            " roll = ? WHERE workflow = ? AND step = ? AND after = ? AND effective_from IS ?",
            (
                row.amount,
                row.unit,
                row.effective_to,
                row.source,
                row.status,
                row.roll,
                row.workflow,
                row.step,
                row.after,
                row.effective_from,
            ),
        )
        if not changed:
            save_limits(connection, [row])
