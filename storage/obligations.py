"""Obligations: created once, discharged once, and read through the index of open ones (R11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from domain.instants import Instant
from domain.obligations import Obligation, ObligationKind
from domain.schedules import Exemption
from domain.values import dataclass
from storage import archives
from storage.connection import IN_ORDER, Connection, Row, using
from storage.expecting import add_days
from storage.units import Selection, chosen

COLUMNS = (
    "o.kind, o.unit, o.subject, o.opened_at, o.due_at, o.missed_at, o.locks_at, o.discharged_at,"
    " o.exempt, o.rule, o.matter, o.first_due_at, o.changed_at"
)

# Each selected unit's own days by their key, and not the days with all their units.
_OWN_DAYS = (
    f"chosen AS c {IN_ORDER} days AS d {IN_ORDER} obligations AS o ON o.kind = 'report'"
    " AND o.subject = d.day AND o.unit = c.code AND d.day BETWEEN :first AND :last"
)


def obligation_of(row: Row) -> Obligation:
    """Return the obligation of a row in the order of `COLUMNS`."""
    return Obligation(
        ObligationKind(row[0]),
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        row[6],
        row[7],
        bool(row[8]),
        row[9],
        row[10],
        row[11],
        row[12],
    )


def add(connection: Connection, rows: Iterable[Obligation]) -> int:
    """Create obligations; one that is there already stays as it is. Return how many are new."""
    made = list(rows)
    add_days(connection, _changed(connection, made))
    return connection.execute_many(
        "INSERT INTO obligations (kind, unit, subject, opened_at, due_at, missed_at, locks_at,"
        " discharged_at, exempt, rule, matter, first_due_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, subject, unit) DO NOTHING",
        (
            (
                row.kind.value,
                row.unit,
                row.subject,
                row.opened_at,
                row.due_at,
                row.missed_at,
                row.locks_at,
                row.discharged_at,
                int(row.exempt),
                row.rule,
                row.matter,
                row.first_due_at,
            )
            for row in made
        ),
    )


def _changed(connection: Connection, rows: Iterable[Obligation]) -> set[str]:
    """Return the days of report obligations, and remember that the next event tells of them."""
    days = {row.subject for row in rows if row.kind is ObligationKind.REPORT}
    connection.days_changed |= days
    return days


def replace(connection: Connection, rows: Iterable[Obligation]) -> None:
    """Give standing obligations the instants, the rule and the exemption of `rows`."""
    rows = list(rows)
    _changed(connection, rows)
    connection.execute_many(
        "UPDATE obligations SET opened_at = ?, due_at = ?, missed_at = ?, locks_at = ?,"
        " discharged_at = ?, exempt = ?, rule = ? WHERE kind = ? AND subject = ? AND unit = ?",
        [
            (
                row.opened_at,
                row.due_at,
                row.missed_at,
                row.locks_at,
                row.discharged_at,
                int(row.exempt),
                row.rule,
                row.kind.value,
                row.subject,
                row.unit,
            )
            for row in rows
        ],
    )


def remove(connection: Connection, rows: Iterable[Obligation]) -> None:
    """Take away obligations that do not hold: the day is no longer one of the unit's."""
    rows = list(rows)
    _changed(connection, rows)
    connection.execute_many(
        "DELETE FROM obligations WHERE kind = ? AND subject = ? AND unit = ?",
        [(row.kind.value, row.subject, row.unit) for row in rows],
    )


def discharge(
    connection: Connection, kind: ObligationKind, filings: Iterable[tuple[str, str, Instant]]
) -> None:
    """Discharge obligations by (unit, subject, instant); the first discharge stands for ever."""
    connection.execute_many(
        "UPDATE obligations SET discharged_at = ?"
        " WHERE kind = ? AND subject = ? AND unit = ? AND discharged_at IS NULL",
        [(at, kind.value, subject, unit) for unit, subject, at in filings],
    )


def discharge_filed(connection: Connection, day: str) -> None:
    """Discharge the reports of an ISO day that have been filed, each at its first filing.

    In one statement, for many at once; what has not been filed stays open, and the first
    discharge stands for ever.
    """
    connection.execute(
        "UPDATE obligations SET discharged_at = (SELECT r.filed_at FROM reports AS r"
        " WHERE r.date = :day AND r.unit = obligations.unit AND r.revision = 1)"
        " WHERE kind = 'report' AND subject = :day AND discharged_at IS NULL",
        {"day": day},
    )


def get(connection: Connection, unit: str, subject: str) -> Obligation | None:
    """Return the report obligation of a unit's day, or None."""
    row = archives.holding(connection, subject).row(
        f"SELECT {COLUMNS} FROM obligations AS o"
        " WHERE o.kind = 'report' AND o.subject = ? AND o.unit = ?",
        (subject, unit),
    )
    return None if row is None else obligation_of(row)


@archives.listing
def of_days(
    connection: Connection, first: date, last: date, selection: Selection
) -> list[Obligation]:
    """Return the report obligations of the selected units' days, by day and unit."""
    parameters: dict[str, object] = {"first": first.isoformat(), "last": last.isoformat()}
    if selection.everything:
        clause, source = "", "obligations AS o"
    else:
        clause, more = chosen(selection)
        parameters |= more
        source = _OWN_DAYS
    return [
        obligation_of(row)
        for row in connection.rows(
            f"{clause} SELECT {COLUMNS} FROM {source} WHERE o.kind = 'report'"
            " AND o.subject BETWEEN :first AND :last ORDER BY o.subject, o.unit",
            parameters,
        )
    ]


def reports_open_at(
    connection: Connection,
    at: Instant,
    selection: Selection,
    *,
    overdue: bool,
    until: Instant | None = None,
) -> list[Obligation]:
    """Return the reports owed and not filed by `at`, by due instant and unit code.

    `overdue`: what was due before `at`; otherwise what falls due from `at` through `until`: what
    is open then, and the reports of days to come, which are known before they open.
    """
    clause, narrow, parameters = narrowed(selection, at)
    # What is open now is one small index. What was still open at an earlier instant is another:
    # the late ones; and, of what was not due yet, the days around that instant.
    earlier = "obligations AS o"
    if overdue:
        earlier += using("obligations_late")
        due = "o.due_at < :at AND o.opened_at <= :at"
        since = "o.discharged_at > o.due_at"
    else:
        due = "o.due_at >= :at AND o.due_at <= :until"
        since = "o.subject BETWEEN :first AND :last"
        until = at if until is None else until
        parameters |= {"until": until, "first": _day(at, -2), "last": _day(until, 2)}
        if not selection.everything:
            earlier = _OWN_DAYS
    owed = f"o.kind = 'report' AND o.exempt = 0 AND {due}{narrow}"
    return [
        obligation_of(row)
        for row in connection.rows(
            f"{clause} SELECT {COLUMNS} FROM obligations AS o{_open_ones(selection)}"
            f" WHERE o.discharged_at IS NULL AND {owed}"
            f" UNION ALL SELECT {COLUMNS} FROM {earlier}"
            f" WHERE o.discharged_at > :at AND {since} AND {owed}"
            " ORDER BY 5, 2, 3",
            parameters,
        )
    ]


Key = tuple[Instant, str, str]
"""Where an obligation stands in a list by due instant, unit and subject."""


def reports_overdue_page(
    connection: Connection, at: Instant, selection: Selection, after: Key | None, most: int
) -> list[Obligation]:
    """Return the next `most` reports after a key that were due before `at` and not filed by then.

    As `reports_open_at` has them; a page of everything costs the page.
    """
    clause, narrow, parameters = narrowed(selection, at)
    named = selection.under or selection.unit or selection.codes is not None
    open_ones = using("obligations_open_by_unit" if named else "obligations_open")
    late_ones = f"{using('obligations_late')} WHERE o.discharged_at > o.due_at"
    parameters |= {"most": most}
    if after is not None:
        parameters |= {"due": after[0], "unit": after[1], "subject": after[2]}
        narrow += (
            " AND o.due_at >= :due AND (o.due_at > :due OR o.unit > :unit"
            " OR (o.unit = :unit AND o.subject > :subject))"
        )
    owed = (
        "o.kind = 'report' AND o.exempt = 0 AND o.due_at < :at AND o.opened_at <= :at"
        f"{narrow} ORDER BY o.due_at, o.unit, o.subject LIMIT :most"
    )
    found = [
        obligation_of(row)
        for condition in (
            f"{open_ones} WHERE o.discharged_at IS NULL",
            f"{late_ones} AND o.discharged_at > :at",
        )
        for row in connection.rows(
            f"{clause} SELECT {COLUMNS} FROM obligations AS o{condition} AND {owed}", parameters
        )
    ]
    return sorted(found, key=lambda owed: (owed.due_at, owed.unit, owed.subject))[:most]


def unfiled_page(
    connection: Connection,
    day: str,
    due: Sequence[Instant] | None,
    selection: Selection,
    at: Instant,
    after: str,
    most: int | None,
) -> list[str]:
    """Return the next selected units after a code that owe an ISO day's report not filed by `at`.

    `due` are the instants at which that day's open reports fall due, where nothing has been filed
    since `at`: then a page costs the page. Exempt ones owe nothing.
    """
    connection = archives.holding(connection, day)
    clause, parameters = ("", {}) if selection.everything else chosen(selection)
    parameters |= {"day": day, "at": at, "after": after, "most": -1 if most is None else most}
    owed = "o.kind = 'report' AND o.subject = :day AND o.exempt = 0 AND o.unit > :after"
    ordered = "ORDER BY o.unit" + ("" if most is None else " LIMIT :most")
    if not selection.everything:
        source = f"chosen AS c {IN_ORDER} obligations AS o ON o.unit = c.code"
        state = "(o.discharged_at IS NULL OR o.discharged_at > :at)"
    elif due is None:
        source = "obligations AS o"
        state = "(o.discharged_at IS NULL OR o.discharged_at > :at)"
    else:
        source = f"obligations AS o{using('obligations_open')}"
        state = "o.discharged_at IS NULL AND o.due_at = :due"
    found = [
        row[0]
        for instant in (due if due is not None and selection.everything else (0,))
        for row in connection.rows(
            f"{clause} SELECT o.unit FROM {source} WHERE {owed} AND {state} {ordered}",
            parameters | {"due": instant},
        )
    ]
    return sorted(found)[:most]


def narrowed(selection: Selection, at: Instant) -> tuple[str, str, dict[str, object]]:
    """Return a `WITH` clause, a condition on `o.unit` and parameters: the selected units' own."""
    if selection.everything:
        return "", "", {"at": at}
    clause, parameters = chosen(selection)
    return clause, " AND o.unit IN (SELECT code FROM chosen)", {**parameters, "at": at}


@dataclass(frozen=True, slots=True)
class Alike:
    """Report obligations of one status: one of them, whether it is a zero, and how many."""

    obligation: Obligation
    zero: bool
    count: int


@archives.listing
def alike(
    connection: Connection,
    first: date,
    last: date,
    selection: Selection,
    at: Instant,
    *,
    by_day: bool = True,
    by_unit: bool = False,
) -> list[Alike]:
    """Return the selected units' report obligations in groups as of `at`.

    Those that compare alike with their own instants and with `at` are one group, so the rules
    need to look at one of each. A group is of one day with `by_day`, and of one unit with
    `by_unit`.
    """
    clause, parameters = ("", {}) if selection.everything else chosen(selection)
    parameters |= {"first": first.isoformat(), "last": last.isoformat(), "at": at}
    source = "obligations AS o" if selection.everything else _OWN_DAYS
    told_apart = f"{'subject, ' if by_day else ''}{'unit, ' if by_unit else ''}"
    # All of a group compare alike, and so do the least of their instants.
    names = [column.removeprefix("o.") for column in COLUMNS.split(", ")]
    least = ", ".join(f"MIN({name})" for name in names)
    return [
        Alike(obligation_of(row[:-2]), bool(row[-2]), row[-1])
        for row in connection.rows(
            f"{clause} SELECT {least}, zero, COUNT(*) FROM (SELECT {COLUMNS},"
            " CASE WHEN o.due_at < :at THEN 1 ELSE 0 END AS was_due,"
            " CASE WHEN o.missed_at < :at THEN 1 ELSE 0 END AS was_missed,"
            " CASE WHEN o.discharged_at IS NULL OR o.discharged_at > :at THEN 0"
            " WHEN o.discharged_at <= o.due_at THEN 1"
            " WHEN o.discharged_at <= o.missed_at THEN 2 ELSE 3 END AS answer,"
            " CASE WHEN r.kind = 'zero' THEN 1 ELSE 0 END AS zero"
            f" FROM {source} LEFT JOIN reports AS r ON r.date = o.subject"
            " AND r.unit = o.unit AND r.revision = (SELECT MAX(n.revision) FROM reports AS n"
            " WHERE n.date = o.subject AND n.unit = o.unit AND n.filed_at <= :at)"
            " WHERE o.kind = 'report' AND o.subject BETWEEN :first AND :last) AS owed"
            f" GROUP BY {told_apart}exempt, was_due, was_missed, answer, zero"
            " ORDER BY MIN(subject)",
            parameters,
        )
    ]


def open_counts(
    connection: Connection, at: Instant, today: date, selection: Selection
) -> dict[str, int]:
    """Return how many open obligations of each selected unit were due before `at`.

    Open as things stand now: what the index of open ones holds. Steps of a matter whose clocks
    stand still `today` are left out (R11).
    """
    clause, parameters = ("", {}) if selection.everything else chosen(selection)
    narrow = "" if selection.everything else " AND o.unit IN (SELECT code FROM chosen)"
    return {
        row[0]: row[1]
        for row in connection.rows(
            f"{clause} SELECT o.unit, COUNT(*) FROM obligations AS o{_open_ones(selection)}"
            f" WHERE o.discharged_at IS NULL AND o.exempt = 0 AND o.due_at < :at{narrow}"
            " AND NOT EXISTS (SELECT 1 FROM matter_suspensions AS s WHERE s.matter = o.matter"
            " AND s.first <= :today AND s.last >= :today AND s.recorded_at <= :at)"
            " GROUP BY o.unit",
            {**parameters, "at": at, "today": today.isoformat()},
        )
    }


def _open_ones(selection: Selection) -> str:
    return using("obligations_open" if selection.everything else "obligations_open_by_unit")


def _day(at: Instant, days: int) -> str:
    return (datetime.fromtimestamp(at, UTC) + timedelta(days=days)).date().isoformat()


def set_exempt(connection: Connection, unit: str, ranges: Iterable[Exemption]) -> None:
    """Mark the unit's obligations that an exemption covers, and no others (R8)."""
    spans = [(row.first.isoformat(), row.last.isoformat()) for row in ranges]
    exempt = "SELECT subject FROM obligations WHERE unit = ? AND kind = 'report' AND exempt = 1"
    before = set(connection.rows(exempt, (unit,)))
    connection.execute(
        "UPDATE obligations SET exempt = 0 WHERE unit = ? AND kind = 'report' AND exempt = 1",
        (unit,),
    )
    connection.execute_many(
        "UPDATE obligations SET exempt = 1 WHERE unit = ? AND kind = 'report'"
        " AND subject BETWEEN ? AND ?",
        [(unit, first, last) for first, last in spans],
    )
    after = set(connection.rows(exempt, (unit,)))
    connection.days_changed |= {day for (day,) in before ^ after}
