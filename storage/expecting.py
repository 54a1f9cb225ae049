"""A day's expected reports, created for all units at once (R6, R7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from domain.obligations import rule_name
from domain.schedules import Window
from domain.units import Kind
from storage.connection import IN_ORDER, Connection
from storage.schedules import Terms

_TOGETHER = 100
"""Windows in one statement: a city has two or three."""
_WINDOWS = ("opened_at", "due_at", "missed_at", "locks_at", "rule")


def _valid(row: str) -> str:
    return f"COALESCE({row}.valid_from, :day) <= :day AND COALESCE({row}.valid_to, :day) >= :day"


_EXEMPT = (
    "CASE WHEN u.code IN (SELECT e.unit FROM exemptions AS e WHERE e.first <= :day"
    " AND e.last >= :day) THEN 1 ELSE 0 END"
)
_NEW_DAY = f"INSERT INTO obligations (kind, subject, unit, {', '.join(_WINDOWS)}, exempt)"
_OWED = f" SELECT 'report', :day, u.code, {', '.join(f'w.{name}' for name in _WINDOWS)}, {_EXEMPT}"
# All units in the order of their codes, which is the order of the rows' key: an index by kind
# would look each of them up once more.
_USUAL = (
    f"{_OWED} FROM units AS u {IN_ORDER} windows AS w ON w.kind = u.kind WHERE {_valid('u')}"
    f" AND u.code NOT IN (SELECT s.unit FROM schedules AS s WHERE {_valid('s')})"
    " ORDER BY u.code"
)
_TERMS = ("days", "cutoff", "late_until")
_SAID = " AND ".join(f"w.{name} = COALESCE(s.{name}, '')" for name in _TERMS)
_OWN = (
    f"{_OWED} FROM schedules AS s {IN_ORDER} units AS u ON u.code = s.unit {IN_ORDER} windows AS w"
    f" ON {_SAID} WHERE {_valid('u')} AND {_valid('s')}"
    f" AND NOT EXISTS (SELECT 1 FROM schedules AS t WHERE t.unit = s.unit AND {_valid('t')}"
    " AND COALESCE(t.valid_from, '') > COALESCE(s.valid_from, '')) ORDER BY s.unit"
)


@contextmanager
def creating_many(connection: Connection) -> Iterator[None]:
    """Expect the days of months or years inside this block.

    Where nothing is open yet, the index of open days by unit is built once for all of them.
    """
    none = connection.row("SELECT 1 FROM obligations LIMIT 1") is None
    anew = ("obligations_open_by_unit",) if none else ()
    with connection.roomy(), connection.rebuilding(anew):
        yield


def add_days(connection: Connection, days: Iterable[str]) -> None:
    """Know these ISO days as days for which reports are owed."""
    connection.execute_many(
        "INSERT INTO days (day) VALUES (?) ON CONFLICT (day) DO NOTHING",
        [(day,) for day in sorted(days)],
    )


def create(
    connection: Connection, day: str, usual: Mapping[Kind, Window], own: Mapping[Terms, Window]
) -> int:
    """Create an ISO day's reports, which nobody has filed yet; return how many they are.

    `usual` has the day's window by kind of unit, for those that have no schedule row in force;
    `own` by the terms of the row that is (`storage.schedules.by_terms`). What is left out owes
    nothing. One statement for each of the two, however many units.
    """
    add_days(connection, [day])
    kinds = [((kind.value,), window) for kind, window in usual.items()]
    created = _create(connection, day, _USUAL, ("kind",), kinds)
    created += _create(connection, day, _OWN, _TERMS, list(own.items()))
    if created:
        connection.days_changed.add(day)
    return created


def _create(
    connection: Connection,
    day: str,
    whom: str,
    key: Sequence[str],
    windows: Sequence[tuple[Sequence[str], Window]],
) -> int:
    created = 0
    columns = (*key, *_WINDOWS)
    for begin in range(0, len(windows), _TOGETHER):
        rows: list[str] = []
        parameters: dict[str, object] = {"day": day}
        for place, (said, window) in enumerate(windows[begin : begin + _TOGETHER]):
            names = [f"{column}{place}" for column in columns]
            rows.append(f"({', '.join(f':{name}' for name in names)})")
            parameters |= zip(names, (*said, *_values(window)), strict=True)
        created += connection.execute(
            f"{_NEW_DAY} WITH windows ({', '.join(columns)}) AS (VALUES {', '.join(rows)}){whom}",
            parameters,
        )
    return created


def _values(window: Window) -> tuple[object, ...]:
    instants = (window.opened_at, window.due_at, window.missed_at, window.locks_at)
    return (*instants, rule_name(window))
