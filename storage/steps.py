"""Steps of matters: obligations of the workflows, with the index of those begun (R11, R12, R15)."""

from __future__ import annotations

from collections.abc import Sequence

from domain.instants import Instant
from domain.obligations import Obligation
from storage.columns import marks, parts
from storage.connection import Connection, using
from storage.obligations import COLUMNS, narrowed, obligation_of
from storage.units import Selection


def open_at(connection: Connection, at: Instant, selection: Selection) -> list[Obligation]:
    """Return the steps begun and not done by `at`, with their dates as they stand now."""
    clause, narrow, parameters = narrowed(selection, at)
    steps = f"obligations AS o{using('obligations_steps_done')}"
    owed = f"o.kind = 'step' AND o.opened_at <= :at{narrow}"
    return [
        obligation_of(row)
        for row in connection.rows(
            f"{clause} SELECT {COLUMNS} FROM {steps}"
            f" WHERE o.discharged_at IS NULL AND o.exempt = 0 AND {owed}"
            f" UNION ALL SELECT {COLUMNS} FROM {steps}"
            f" WHERE o.discharged_at > :at AND {owed}"
            " ORDER BY 5, 2, 3",
            parameters,
        )
    ]


def of_matter(connection: Connection, number: str) -> list[Obligation]:
    """Return the step obligations of a matter, in the order they began."""
    return [
        obligation_of(row)
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM obligations AS o WHERE o.matter = ?"
            " ORDER BY o.opened_at, o.subject",
            (number,),
        )
    ]


def of_matters(connection: Connection, numbers: Sequence[str]) -> list[Obligation]:
    """Return the step obligations of these matters, by due instant."""
    found = [
        obligation_of(row)
        for part in parts(numbers)
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM obligations AS o WHERE o.matter IN ({marks(len(part))})", part
        )
    ]
    return sorted(found, key=lambda owed: (owed.due_at, owed.unit, owed.subject))


def get(connection: Connection, subject: str) -> Obligation | None:
    """Return the obligation of a step by its name, or None."""
    row = connection.row(
        f"SELECT {COLUMNS} FROM obligations AS o WHERE o.kind = 'step' AND o.subject = ?",
        (subject,),
    )
    return None if row is None else obligation_of(row)


def move(connection: Connection, subject: str, due_at: Instant, at: Instant) -> None:
    """Give an open step another due instant, as of `at`; the first one stays beside it."""
    connection.execute(
        "UPDATE obligations SET due_at = ?, changed_at = ?"
        " WHERE kind = 'step' AND subject = ? AND discharged_at IS NULL",
        (due_at, at, subject),
    )


def due_between(
    connection: Connection, begin: Instant, end: Instant, at: Instant
) -> list[Obligation]:
    """Return the steps begun by `at`, done or not, that were due from `begin` through `end`.

    Those whose date was moved after `at` are among them whatever their date is now.
    """
    begun = f"SELECT {COLUMNS} FROM obligations AS o WHERE o.kind = 'step' AND o.opened_at <= :at"
    return [
        obligation_of(row)
        for row in connection.rows(
            f"{begun} AND o.due_at BETWEEN :begin AND :end"
            f" UNION {begun} AND o.changed_at > :at ORDER BY 5, 2, 3",
            {"begin": begin, "end": end, "at": at},
        )
    ]
