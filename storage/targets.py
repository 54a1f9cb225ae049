"""What is entered for the targets, and letters: revisions added and never changed (R18)."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

from domain.entered import Entered, Entry, Letter
from domain.instants import Instant
from domain.targets import TargetKey
from storage.columns import day_text
from storage.connection import Connection

FIGURE_COLUMNS = (
    "year, unit, figure, revision, value, source, as_of, note, entered_at, login, real_login"
)
LETTER_COLUMNS = (
    "year, unit, revision, signed_on, signed_by, text, promises, entered_at, login, real_login"
)


def add_entered(connection: Connection, row: Entered) -> None:
    """Record a revision of an entered figure."""
    connection.execute(
        f"INSERT INTO entered_figures ({FIGURE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.year,
            row.unit,
            row.figure.value,
            row.revision,
            row.value,
            row.source,
            day_text(row.as_of),
            row.note,
            row.at,
            row.login,
            row.real_login,
        ),
    )


def entered(
    connection: Connection, year: int, at: Instant, unit: str | None = None
) -> list[Entered]:
    """Return every revision entered by `at` for a year, of one unit or all, oldest first."""
    return [
        Entered(
            row[0],
            row[1],
            Entry(row[2]),
            row[3],
            row[4],
            row[5],
            date.fromisoformat(row[6]),
            row[7],
            row[8],
            row[9],
            row[10],
        )
        for row in connection.rows(
            f"SELECT {FIGURE_COLUMNS} FROM entered_figures WHERE year = ? AND entered_at <= ?"
            " AND unit = COALESCE(?, unit) ORDER BY unit, figure, revision",
            (year, at, unit),
        )
    ]


def add_letter(connection: Connection, row: Letter) -> None:
    """Record a letter, or its next revision."""
    promises = {key.value: str(percent) for key, percent in row.promises.items()}
    connection.execute(
        f"INSERT INTO letters ({LETTER_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.year,
            row.unit,
            row.revision,
            day_text(row.signed_on),
            row.signed_by,
            row.text,
            json.dumps(promises, sort_keys=True),
            row.at,
            row.login,
            row.real_login,
        ),
    )


def letters(
    connection: Connection, year: int, at: Instant, unit: str | None = None
) -> list[Letter]:
    """Return every revision of a year's letters recorded by `at`, of one unit or all."""
    return [
        Letter(
            row[0],
            row[1],
            row[2],
            date.fromisoformat(row[3]),
            row[4],
            row[5],
            {TargetKey(key): Fraction(text) for key, text in json.loads(row[6]).items()},
            row[7],
            row[8],
            row[9],
        )
        for row in connection.rows(
            f"SELECT {LETTER_COLUMNS} FROM letters WHERE year = ? AND entered_at <= ?"
            " AND unit = COALESCE(?, unit) ORDER BY unit, revision",
            (year, at, unit),
        )
    ]


def case_numbers(connection: Connection, begin: Instant, end: Instant, at: Instant) -> list[str]:
    """Return the findings' matters, known at `at`, that may count in a year, in order of opening.

    Those opened in it, and the earlier ones that were not closed before it began: a case is filed
    before it is closed. `begin` and `end` are the year's first and last instants.
    """
    return [
        row[0]
        for row in connection.rows(
            "SELECT number FROM matters WHERE workflow = 'finding' AND opened_at <= :at"
            " AND opened_at <= :end AND (opened_at >= :begin OR closed_at IS NULL"
            " OR closed_at >= :begin) ORDER BY opened_at, number",
            {"begin": begin, "end": end, "at": at},
        )
    ]
