"""Matters, their entries (append-only), suspensions and numbers (R12, R15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.deadlines import Suspension
from domain.instants import Instant
from domain.matters import Entry, Matter
from domain.values import dataclass
from storage.columns import day_of, day_text, marks, parts
from storage.connection import Connection, Row
from storage.matter_entries import detail_of, entry_of
from storage.units import Selection, chosen

COLUMNS = (
    "number, workflow, unit, issuer, opened_at, title, place, location, party, land_class, area,"
    " existed_since, source, origin, parent"
)
_OF_M = ", ".join(f"m.{column}" for column in COLUMNS.split(", "))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which matters a list is about; None where it does not matter."""

    workflow: str | None = None
    open: bool | None = None
    parent: str | None = None
    place: str | None = None


def _matter(row: Row) -> Matter:
    return Matter(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        day_of(row[11]),
        row[12],
        row[13],
        row[14],
    )


def add(connection: Connection, matter: Matter) -> None:
    """Record a new matter."""
    connection.execute(
        f"INSERT INTO matters ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        as_row(matter),
    )


def as_row(matter: Matter) -> Row:
    """Return a matter in the order of `COLUMNS`."""
    return (
        matter.number,
        matter.workflow,
        matter.unit,
        matter.issuer,
        matter.opened_at,
        matter.title,
        matter.place,
        matter.location,
        matter.party,
        matter.land_class,
        matter.area,
        day_text(matter.existed_since),
        matter.source,
        matter.origin,
        matter.parent,
    )


def set_closed(connection: Connection, number: str, closed_at: Instant | None) -> None:
    """Record when a matter was closed, or that it is open again."""
    connection.execute("UPDATE matters SET closed_at = ? WHERE number = ?", (closed_at, number))


def get(connection: Connection, number: str) -> Matter | None:
    """Return a matter by its number, or None."""
    row = connection.row(f"SELECT {COLUMNS} FROM matters WHERE number = ?", (number,))
    return None if row is None else _matter(row)


def by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, Matter]:
    """Return the matters of these numbers."""
    return {
        row[0]: _matter(row)
        for part in parts(list(numbers))
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM matters WHERE number IN ({marks(len(part))})", part
        )
    }


def by_origin(
    connection: Connection, origins: Iterable[str], at: Instant | None = None
) -> dict[str, str]:
    """Return the numbers of the matters that came from these origins, by `at` (None: at all)."""
    found: dict[str, str] = {}
    for part in parts(list(origins)):
        found |= dict(
            connection.rows(
                f"SELECT origin, number FROM matters WHERE origin IN ({marks(len(part))})"
                " AND origin <> '' AND opened_at <= COALESCE(?, opened_at)",
                [*part, at],
            )
        )
    return found


def of_origins(connection: Connection, begin: str, at: Instant) -> list[Matter]:
    """Return the matters whose origins begin so and that were opened by `at`, oldest first.

    Without those that were merged into others by then: theirs is the other's number.
    """
    return [
        _matter(row)
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM matters WHERE origin <> '' AND origin >= ? AND origin < ?"
            " AND opened_at <= ? AND NOT EXISTS (SELECT 1 FROM matter_entries AS e"
            " WHERE e.matter = matters.number AND e.act = 'merge' AND e.at <= ?)"
            " ORDER BY opened_at, number",
            (begin, begin + chr(0x10FFFF), at, at),
        )
    ]


def listed(
    connection: Connection, selection: Selection, wanted: Filter, at: Instant
) -> list[Matter]:
    """Return the matters of the selected units opened by `at`, oldest first.

    Of those that were reopened after `at` both the open and the closed are listed: what they were
    at `at` only their entries tell.
    """
    clause, where, parameters = _where(selection, wanted, at)
    return [
        _matter(row)
        for row in connection.rows(
            f"{clause} SELECT {_OF_M} FROM matters AS m WHERE {where}"
            " ORDER BY m.opened_at, m.number",
            parameters,
        )
    ]


def _where(selection: Selection, wanted: Filter, at: Instant) -> tuple[str, str, dict[str, object]]:
    clause, parameters = ("", {}) if selection.everything else chosen(selection)
    conditions = ["m.opened_at <= :at"]
    parameters = {**parameters, "at": at}
    if not selection.everything:
        conditions.append("m.unit IN (SELECT code FROM chosen)")
    for column, value in (
        ("workflow", wanted.workflow),
        ("parent", wanted.parent),
        ("place", wanted.place),
    ):
        if value is not None:
            conditions.append(f"m.{column} = :{column}")
            parameters[column] = value
    if wanted.open:
        conditions.append("(m.closed_at IS NULL OR m.closed_at > :at)")
    elif wanted.open is not None:
        conditions.append(
            "(m.closed_at <= :at OR EXISTS (SELECT 1 FROM matter_entries AS r"
            " WHERE r.matter = m.number AND r.act = 'reopen' AND r.at > :at))"
        )
    return clause, " AND ".join(conditions), parameters


def entries(connection: Connection, number: str) -> list[Entry]:
    """Return what was done to a matter, in order."""
    return [
        entry_of(row)
        for row in connection.rows(
            "SELECT seq, at, login, real_login, act, step, text, detail FROM matter_entries"
            " WHERE matter = ? ORDER BY seq",
            (number,),
        )
    ]


def listed_entries(
    connection: Connection, selection: Selection, wanted: Filter, at: Instant
) -> dict[str, list[Entry]]:
    """Return what was done by `at` to each of the matters that `listed` returns, in order."""
    clause, where, parameters = _where(selection, wanted, at)
    found: dict[str, list[Entry]] = {}
    for row in connection.rows(
        f"{clause} SELECT e.seq, e.at, e.login, e.real_login, e.act, e.step, e.text, e.detail,"
        " e.matter FROM matters AS m INNER JOIN matter_entries AS e ON e.matter = m.number"
        f" WHERE {where} AND e.at <= :at ORDER BY e.matter, e.seq",
        parameters,
    ):
        found.setdefault(row[8], []).append(entry_of(row))
    return found


def add_entry(connection: Connection, number: str, entry: Entry) -> None:
    """Record one entry of a matter."""
    connection.execute(
        "INSERT INTO matter_entries (matter, seq, at, login, real_login, act, step, text, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            entry.seq,
            entry.at,
            entry.login,
            entry.real_login,
            entry.act.value,
            entry.step,
            entry.text,
            detail_of(entry),
        ),
    )
    if entry.suspension is not None:
        connection.execute(
            "INSERT INTO matter_suspensions (matter, seq, recorded_at, first, last)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                number,
                entry.seq,
                entry.at,
                entry.suspension.first.isoformat(),
                entry.suspension.last.isoformat(),
            ),
        )


def merged(connection: Connection, at: Instant) -> set[str]:
    """Return the matters that by `at` go on under another number."""
    return {
        row[0]
        for row in connection.rows(
            "SELECT matter FROM matter_entries WHERE act = 'merge' AND at <= ?", (at,)
        )
    }


def suspended_on(connection: Connection, day: date, at: Instant) -> set[str]:
    """Return the matters whose clocks stand still on `day`, as was known at `at`."""
    return {
        row[0]
        for row in connection.rows(
            "SELECT matter FROM matter_suspensions"
            " WHERE first <= ? AND last >= ? AND recorded_at <= ?",
            (day.isoformat(), day.isoformat(), at),
        )
    }


def suspensions(
    connection: Connection, numbers: Iterable[str], at: Instant
) -> dict[str, list[Suspension]]:
    """Return the suspensions of these matters that were recorded by `at`, where there are any."""
    wanted = list(dict.fromkeys(numbers))
    found: dict[str, list[Suspension]] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for row in connection.rows(
            "SELECT matter, first, last FROM matter_suspensions"
            f" WHERE matter IN ({marks(len(part))}) AND recorded_at <= ? ORDER BY matter, seq",
            [*part, at],
        ):
            span = Suspension(date.fromisoformat(row[1]), date.fromisoformat(row[2]))
            found.setdefault(row[0], []).append(span)
    return found


def next_count(connection: Connection, name: str) -> int:
    """Return the next number of a counter, from 1, inside the caller's transaction."""
    row = connection.row(
        "INSERT INTO counters (name, value) VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
        (name,),
    )
    assert row is not None
    return int(row[0])
