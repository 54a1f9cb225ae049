"""Sums of days and months counted anew: for a new day, for all, and to compare.

A reading beside that of `storage.summaries`, so that each finds the other's mistakes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeAlias

from domain.instants import Instant
from domain.summaries import LONG_AGO, WHOLE
from storage.archives import holding
from storage.columns import marks
from storage.connection import IN_ORDER, Connection, Row
from storage.summaries import COLUMNS, COUNTS, of_period

_SUMMED = ", ".join(f"SUM({name})" for name in COUNTS)
_OF_DAY = ", ".join(("kind", "due_at", "filed_last", *COUNTS))
_Sort: TypeAlias = tuple[str, Instant]
"""What is told apart of a node's reports: the kind of unit, and when they are due."""


_REPORT = (
    " LEFT JOIN reports AS r ON r.date = o.subject AND r.unit = o.unit AND r.revision ="
    " (SELECT MAX(m.revision) FROM reports AS m WHERE m.date = o.subject AND m.unit = o.unit)"
)


def _counted(of: str, owed: str) -> str:
    """Return the question of a day's sums by units' `code` or `parent`, of what is `owed`."""
    return (
        f"SELECT {of}, kind, due_at,"
        " COALESCE(MAX(CASE WHEN answer > 0 THEN filed_at END), :long_ago),"
        " SUM(exempt), SUM(CASE WHEN answer = 0 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN answer = 1 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN answer = 2 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN answer = 3 THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN answer > 0 THEN zero ELSE 0 END)"
        " FROM (SELECT u.code, COALESCE(u.parent, '') AS parent, u.kind, o.due_at, o.exempt,"
        " CASE WHEN o.exempt = 1 THEN -1 WHEN o.discharged_at IS NULL THEN 0"
        " WHEN o.discharged_at <= o.due_at THEN 1 WHEN o.discharged_at <= o.missed_at THEN 2"
        " ELSE 3 END AS answer, CASE WHEN r.kind = 'zero' THEN 1 ELSE 0 END AS zero, r.filed_at"
        f" FROM {owed} INNER JOIN units AS u ON u.code = o.unit{_REPORT}"
        " WHERE o.kind = 'report' AND o.subject = :day) AS owed"
        f" GROUP BY {of}, kind, due_at"
    )


_NODES = "(SELECT DISTINCT parent AS code FROM units WHERE parent IS NOT NULL)"
_OF_NODES = f"{_NODES} AS n {IN_ORDER} obligations AS o ON o.unit = n.code"
_BELOW = _counted("parent", "obligations AS o")
_OWN = _counted("code", _OF_NODES)
_CLIMBING = ", ".join(f"b.{name}" for name in _OF_DAY.split(", "))
# What a unit owes is counted at every node above it, and at itself where it is one.
_DAY = (
    f"WITH RECURSIVE below (node, {_OF_DAY}) AS ({_BELOW}),"
    f" above (node, {_OF_DAY}) AS (SELECT * FROM below UNION ALL"
    f" SELECT COALESCE(u.parent, ''), {_CLIMBING} FROM above AS b"
    " INNER JOIN units AS u ON u.code = b.node),"
    f" own (node, {_OF_DAY}) AS ({_OWN}),"
    " counted AS (SELECT * FROM above UNION ALL SELECT * FROM own)"
    f" SELECT :day, node, kind, due_at, due_at, MAX(filed_last), {_SUMMED}"
    " FROM counted GROUP BY node, kind, due_at"
)
_SILENT_BELOW = (
    "SELECT u.parent, u.kind, o.due_at, SUM(o.exempt), SUM(1 - o.exempt) FROM obligations AS o"
    " INNER JOIN units AS u ON u.code = o.unit WHERE o.kind = 'report' AND o.subject = :day"
    " GROUP BY u.parent, u.kind, o.due_at"
)
_SILENT_NODES = (
    f"SELECT u.code, COALESCE(u.parent, ''), u.kind, o.due_at, o.exempt FROM {_NODES} AS n"
    f" {IN_ORDER} units AS u ON u.code = n.code"
    " LEFT JOIN obligations AS o ON o.kind = 'report' AND o.subject = :day AND o.unit = n.code"
)
_MONTHS = (
    "SELECT SUBSTR(period, 1, 7), node, kind, :long_ago, MAX(due_last), MAX(filed_last),"
    f" {_SUMMED} FROM summaries WHERE period > :month AND period < :after"
    " GROUP BY SUBSTR(period, 1, 7), node, kind"
)


def days(connection: Connection) -> list[str]:
    """Return the days for which a report is or was owed, in calendar order."""
    return [row[0] for row in connection.rows("SELECT day FROM days ORDER BY day")]


def add_day(connection: Connection, day: str, *, filed: bool) -> None:
    """Count a day that was just created; `filed`: some had reported on it already."""
    values = {"day": day, "long_ago": LONG_AGO}
    if filed:
        connection.execute(f"INSERT INTO summaries ({COLUMNS}) {_DAY}", values)
    else:
        _add_silent(connection, day)
    _add_to_month(connection, day)


def _add_silent(connection: Connection, day: str) -> None:
    """Count a day on which nobody has reported yet: as `_DAY`, climbing the tree once."""
    found: dict[str, dict[_Sort, tuple[int, int]]] = {}
    for node, *sort, exempt, owed in connection.rows(_SILENT_BELOW, {"day": day}):
        found.setdefault(node or WHOLE, {})[tuple(sort)] = (exempt, owed)
    nodes = connection.rows(_SILENT_NODES, {"day": day})
    above = {node: parent for node, parent, *_ in nodes}
    # The deepest first: each gives what it has to the one above it, and is done with.
    for node in sorted(above, key=partial(_depth, above), reverse=True):
        _put_into(found.setdefault(above[node], {}), found.get(node, {}))
    for node, _, kind, due_at, exempt in nodes:
        if due_at is not None:
            _put_into(found.setdefault(node, {}), {(kind, due_at): (exempt, 1 - exempt)})
    connection.execute_many(
        f"INSERT INTO summaries ({COLUMNS}) VALUES ({marks(len(COLUMNS.split(', ')))})",
        [
            (day, node, kind, due_at, due_at, LONG_AGO, *counts, 0, 0, 0, 0)
            for node in sorted(found)
            for (kind, due_at), counts in sorted(found[node].items())
        ],
    )


def _put_into(mine: dict[_Sort, tuple[int, int]], theirs: Mapping[_Sort, tuple[int, int]]) -> None:
    for sort, (exempt, owed) in theirs.items():
        held = mine.get(sort, (0, 0))
        mine[sort] = (held[0] + exempt, held[1] + owed)


def _depth(above: Mapping[str, str], node: str) -> int:
    depth = 0
    while node:
        node = above[node]
        depth += 1
    return depth


def _add_to_month(connection: Connection, day: str) -> None:
    added = ", ".join(f"{name} = summaries.{name} + excluded.{name}" for name in COUNTS)
    later = ", ".join(
        f"{name} = CASE WHEN excluded.{name} > summaries.{name} THEN excluded.{name}"
        f" ELSE summaries.{name} END"
        for name in ("due_last", "filed_last")
    )
    connection.execute(
        f"INSERT INTO summaries ({COLUMNS}) SELECT :month, node, kind, :long_ago, MAX(due_last),"
        f" MAX(filed_last), {_SUMMED} FROM summaries WHERE period = :day GROUP BY node, kind"
        f" ON CONFLICT (period, node, kind, due_at) DO UPDATE SET {later}, {added}",
        {"day": day, "month": day[:7], "long_ago": LONG_AGO},
    )


def refill(connection: Connection) -> None:
    """Make all sums anew from what is recorded."""
    connection.execute("DELETE FROM summaries")
    found = days(connection)
    for day in found:
        connection.execute_many(
            f"INSERT INTO summaries ({COLUMNS}) VALUES ({marks(len(COLUMNS.split(', ')))})",
            holding(connection, day).rows(_DAY, {"day": day, "long_ago": LONG_AGO}),
        )
    for month in sorted({day[:7] for day in found}):
        connection.execute(f"INSERT INTO summaries ({COLUMNS}) {_MONTHS}", _of_month(month))


def contradictions(connection: Connection) -> list[str]:
    """Return the days and months whose sums are not those of what is recorded.

    The two instants of a sum may be later than they need be, and never earlier.
    """
    found = days(connection)
    months = sorted({day[:7] for day in found})
    wrong = [
        period
        for period, question, values in (
            *(
                (day, _DAY, {"day": day, "long_ago": LONG_AGO})
                for day in found
                if int(day[:4]) not in connection.without
            ),
            *((month, _MONTHS, _of_month(month)) for month in months),
        )
        if _differ(connection, period, _where(connection, period).rows(question, values))
    ]
    known = {*found, *months}
    return wrong + [
        row[0]
        for row in connection.rows("SELECT DISTINCT period FROM summaries ORDER BY period")
        if row[0] not in known
    ]


def _where(connection: Connection, period: str) -> Connection:
    """Return where a day's rows lie; a month is summed up from the days in the store."""
    return holding(connection, period) if len(period) == len("2026-11-23") else connection


def _of_month(month: str) -> dict[str, object]:
    return {"month": month, "after": f"{month}-99", "long_ago": LONG_AGO}


def _differ(connection: Connection, period: str, recounted: Sequence[Row]) -> bool:
    kept = {row[:4]: row[4:] for row in of_period(connection, period)}
    made = {row[:4]: row[4:] for row in recounted}
    return kept.keys() != made.keys() or any(
        kept[key][2:] != row[2:] or kept[key][0] < row[0] or kept[key][1] < row[1]
        for key, row in made.items()
    )
