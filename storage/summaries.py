"""Sums by node of the tree and period, kept with every write: what rates cost is what they show.

Whoever writes what an obligation says, or a report of one, counts it in the same transaction: one
filing by `count`, much at once as `storage.summing` does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from domain.summaries import LONG_AGO, WHOLE, Delta, Sum
from domain.units import Unit
from storage.columns import marks, parts
from storage.connection import IN_ORDER, Connection

COLUMNS = (
    "period, node, kind, due_at, due_last, filed_last, exempt, open, on_time, late, made_up, zero"
)
COUNTS = ("exempt", "open", "on_time", "late", "made_up", "zero")
LATER = ("due_last", "filed_last")
ADDED = ", ".join(
    [
        # Of two instants the later one, in words that every engine has.
        *(
            f"{name} = CASE WHEN :{name} > summaries.{name} THEN :{name} ELSE summaries.{name} END"
            for name in LATER
        ),
        *(f"{name} = summaries.{name} + :{name}" for name in COUNTS),
    ]
)


def of_node(
    connection: Connection, node: str, periods: Sequence[str], kinds: Collection[str] | None = None
) -> list[Sum]:
    """Return the sums of a node for these days or months, of units of these kinds (None: all).

    In calendar order; a node without units under it has none.
    """
    found: list[Sum] = []
    for part in parts(periods):
        found += [
            Sum(*row)
            for row in connection.rows(
                f"SELECT {COLUMNS} FROM summaries WHERE node = ?"
                f" AND period IN ({marks(len(part))}) ORDER BY period, kind, due_at",
                (node, *part),
            )
            if kinds is None or row[2] in kinds
        ]
    return found


def of_period(connection: Connection, period: str) -> list[Sum]:
    """Return the sums of every node for a day or a month."""
    return [
        Sum(*row)
        for row in connection.rows(f"SELECT {COLUMNS} FROM summaries WHERE period = ?", (period,))
    ]


def open_in_all(connection: Connection) -> int:
    """Return how many reports are owed and not filed, of all units and days."""
    found = connection.row(
        "SELECT COALESCE(SUM(s.open), 0) FROM"
        f" (SELECT DISTINCT SUBSTR(day, 1, 7) AS month FROM days) AS m {IN_ORDER} summaries AS s"
        " ON s.period = m.month AND s.node = ?",
        (WHOLE,),
    )
    assert found is not None
    return int(found[0])


def is_node(connection: Connection, code: str) -> bool:
    """Return whether there are units under a unit, so that it has sums of its own."""
    return connection.row("SELECT 1 FROM units WHERE parent = ? LIMIT 1", (code,)) is not None


def count(connection: Connection, delta: Delta | None, line: Sequence[Unit]) -> None:
    """Count one filing in every node that it belongs to: one statement, whatever the tree.

    `line` is the unit with all above it. The day has been counted as open before, so the rows are
    there.
    """
    if delta is None:
        return
    nodes = {f"node{place}": unit.code for place, unit in enumerate(line)} | {"whole": WHOLE}
    connection.execute(
        f"UPDATE summaries SET {ADDED} WHERE period IN (:day, :month)"
        f" AND node IN ({', '.join(f':{name}' for name in nodes)}) AND kind = :kind"
        " AND due_at IN (:due_last, :long_ago)",
        {
            **nodes,
            "kind": line[0].kind.value,
            "day": delta.day,
            "month": delta.day[:7],
            "long_ago": LONG_AGO,
            "due_last": delta.due_at,
            "filed_last": delta.filed_at,
            **{name: getattr(delta, name) for name in COUNTS},
        },
    )
