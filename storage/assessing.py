"""Remarks on the figures of a check, and what units' reports say day by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from domain.assessing import Remark
from domain.instants import Instant
from domain.spot_checks import Told
from storage import archives
from storage.columns import marks, parts
from storage.connection import Connection
from storage.units import Selection, chosen

COLUMNS = "period, unit, figure, subject, seq, text, at, login, real_login"


def add_remark(connection: Connection, row: Remark) -> None:
    """Record a remark."""
    connection.execute(
        f"INSERT INTO remarks ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.period,
            row.unit,
            row.figure,
            row.subject,
            row.seq,
            row.text,
            row.at,
            row.login,
            row.real_login,
        ),
    )


def next_remark(connection: Connection, period: str, unit: str, figure: str, subject: str) -> int:
    """Return the number of the next remark on a row of a figure, from 1."""
    row = connection.row(
        "SELECT COALESCE(MAX(seq), 0) + 1 FROM remarks"
        " WHERE period = ? AND unit = ? AND figure = ? AND subject = ?",
        (period, unit, figure, subject),
    )
    assert row is not None
    return int(row[0])


def remarks(
    connection: Connection, periods: Iterable[str], at: Instant, units: Iterable[str] | None = None
) -> list[Remark]:
    """Return the remarks recorded by `at` on figures of these periods, of these units (None: all).

    In the order in which they were made.
    """
    wanted = None if units is None else set(units)
    found = [
        Remark(*row)
        for part in parts(list(periods))
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM remarks WHERE period IN ({marks(len(part))}) AND at <= ?",
            [*part, at],
        )
        if wanted is None or row[1] in wanted
    ]
    return sorted(found, key=lambda row: (row.at, row.unit, row.figure, row.subject, row.seq))


def told_by_day(
    connection: Connection, first: date, selection: Selection, at: Instant
) -> dict[str, list[tuple[date, Told]]]:
    """Return what each selected unit's reports since `first` say, by day, as known at `at`."""
    clause, parameters = chosen(selection)
    found: dict[str, list[tuple[date, Told]]] = {}
    for part in archives.parts(connection, first.isoformat()):
        for unit, day, kind, findings in part.connection.rows(
            f"{clause} SELECT r.unit, r.date, r.kind, EXISTS (SELECT 1 FROM findings AS f"
            " WHERE f.date = r.date AND f.unit = r.unit AND f.revision = r.revision)"
            " FROM chosen AS c INNER JOIN reports AS r ON r.unit = c.code"
            " WHERE r.date BETWEEN :first AND :last AND r.filed_at <= :at"
            " AND r.revision = (SELECT MAX(n.revision) FROM reports AS n"
            " WHERE n.date = r.date AND n.unit = r.unit AND n.filed_at <= :at)"
            " ORDER BY r.unit, r.date",
            {**parameters, "first": part.first, "last": part.last, "at": at},
        ):
            told = Told.ZERO if kind == "zero" else Told.FOUND if findings else Told.ACCOUNT
            found.setdefault(unit, []).append((date.fromisoformat(day), told))
    return found


def done_steps(
    connection: Connection, numbers: Sequence[str]
) -> set[tuple[str, str, Instant | None]]:
    """Return (matter, step, instant) of each step of these matters that was done or returned."""
    return {
        (row[0], row[1], row[2])
        for part in parts(numbers)
        for row in connection.rows(
            "SELECT matter, step, at FROM matter_entries WHERE act IN ('done', 'return')"
            f" AND matter IN ({marks(len(part))})",
            part,
        )
    }
