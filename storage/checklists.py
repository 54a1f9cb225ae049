"""The standards of land offices, and what was said of each: revisions added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.checklists import Checked, Said, Section, Standard, State
from domain.instants import Instant
from storage.columns import day_text
from storage.connection import Connection

COLUMNS = "unit, item, revision, state, date, evidence, entered_at, login, real_login"
_EVER: Instant = 1 << 40


def standards(connection: Connection) -> list[Standard]:
    """Return the standards in their order."""
    return [
        Standard(row[0], Section(row[1]), row[2], row[3], row[4])
        for row in connection.rows(
            "SELECT code, section, standard, standard_en, source FROM standards ORDER BY position"
        )
    ]


def save_standards(connection: Connection, rows: Sequence[Standard]) -> None:
    """Write standards, new or changed; a new one comes last."""
    last = connection.row("SELECT COALESCE(MAX(position), 0) FROM standards")
    place = 0 if last is None else last[0]
    connection.execute_many(
        "INSERT INTO standards (code, section, standard, standard_en, source, position)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET section = excluded.section,"
        " standard = excluded.standard, standard_en = excluded.standard_en,"
        " source = excluded.source",
        [
            (row.code, row.section.value, row.standard, row.standard_en, row.source, place + number)
            for number, row in enumerate(rows, 1)
        ],
    )


def add(connection: Connection, rows: Sequence[Checked]) -> None:
    """Record what was said."""
    connection.execute_many(
        f"INSERT INTO checklist ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                row.said.unit,
                row.said.item,
                row.revision,
                row.said.state.value,
                day_text(row.said.day),
                row.said.evidence,
                row.at,
                row.login,
                row.real_login,
            )
            for row in rows
        ],
    )


def revisions(
    connection: Connection, at: Instant = _EVER, unit: str | None = None, item: str | None = None
) -> list[Checked]:
    """Return every revision entered by `at`, of one unit or item or all, oldest first."""
    return [
        Checked(
            Said(row[0], row[1], State(row[3]), date.fromisoformat(row[4]), row[5]),
            row[2],
            row[6],
            row[7],
            row[8],
        )
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM checklist WHERE entered_at <= ?"
            " AND unit = COALESCE(?, unit) AND item = COALESCE(?, item)"
            " ORDER BY unit, item, revision",
            (at, unit, item),
        )
    ]


def newest(
    connection: Connection, at: Instant = _EVER, unit: str | None = None
) -> dict[tuple[str, str], Checked]:
    """Return the newest revision entered by `at` by unit and item."""
    found = revisions(connection, at, unit)
    return {(row.said.unit, row.said.item): row for row in found}


def said(connection: Connection) -> list[Said]:
    """Return what is now said of everything, as tables carry it."""
    return [row.said for row in newest(connection).values()]
