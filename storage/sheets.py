"""Sealed day sheets and the errata of them; both are append-only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.errors import Damaged
from domain.instants import Instant
from domain.sheets import Erratum, Seal, Sheet, row_from_table, sheet_from_table
from domain.sheets import sheet_to_table as plain
from storage.archives import holding, live_from
from storage.connection import Connection, Row

SEAL_COLUMNS = "paper, sealed_at, login, hash"


def canonical(table: Mapping[str, Any]) -> str:
    """Return plain values as the one text that a hash is taken of."""
    return json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(content: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def mark(connection: Connection, day: date, at: Instant) -> str:
    """Return what a day's reports by `at` and its obligations come to; it differs once they do."""
    key = day.isoformat()
    connection = holding(connection, key)
    filed = connection.row(
        "SELECT COUNT(*) FROM reports WHERE date = ? AND filed_at <= ?", (key, at)
    )
    owed = connection.row(
        "SELECT COUNT(*), SUM(exempt), SUM(due_at), SUM(missed_at) FROM obligations"
        " WHERE kind = 'report' AND subject = ?",
        (key,),
    )
    return "/".join(str(value or 0) for value in (*(filed or ()), *(owed or ())))


def add(
    connection: Connection, sheet: Sheet, paper: str, sealed_at: Instant, login: str, now: str
) -> Seal:
    """Seal a sheet; `now` is the day's mark. Returns the seal."""
    content = canonical(plain(sheet))
    seal = Seal(paper, sealed_at, login, hash_of(content))
    connection.execute(
        f"INSERT INTO sheets (date, {SEAL_COLUMNS}, content, mark) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (sheet.date.isoformat(), paper, sealed_at, login, seal.hash, content, now),
    )
    connection.execute_many(
        "INSERT INTO errata (number, date, unit, published, position, before, after)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        errata_rows(plain(sheet)),
    )
    return seal


def sealed(connection: Connection, day: date, at: Instant) -> tuple[Sheet, Seal] | None:
    """Return a day's sheet as it was sealed by `at`, or None; Damaged where it is not that one."""
    row = connection.row(
        f"SELECT {SEAL_COLUMNS}, content FROM sheets WHERE date = ? AND sealed_at <= ?",
        (day.isoformat(), at),
    )
    if row is None:
        return None
    seal = Seal(*row[:4])
    if hash_of(row[4]) != seal.hash:
        raise Damaged("sheets.damaged", day=day)
    return sheet_from_table(json.loads(row[4])), seal


def content(connection: Connection, day: str) -> str:
    """Return what was sealed for an ISO day, as it stands; blank where nothing was."""
    row = connection.row("SELECT content FROM sheets WHERE date = ?", (day,))
    return "" if row is None else str(row[0])


def published(connection: Connection, day: str) -> list[Row]:
    """Return the rows of the errata that the sheet of an ISO day published, as `errata_rows`."""
    return connection.rows(
        "SELECT number, date, unit, published, position, before, after FROM errata"
        " WHERE published = ? ORDER BY position",
        (day,),
    )


def errata_rows(table: Mapping[str, Any]) -> list[Row]:
    """Return the rows of the errata that a sheet's plain values tell of."""
    return [
        (
            each["number"],
            each["date"],
            each["unit"],
            table["date"],
            position,
            canonical(each["before"]) if each["before"] else "",
            canonical(each["after"]) if each["after"] else "",
        )
        for position, each in enumerate(table["errata"])
    ]


def listed(connection: Connection, at: Instant) -> list[tuple[date, Seal, int]]:
    """Return each day sealed by `at` with its seal and the number of errata known of it by then."""
    return [
        (date.fromisoformat(row[0]), Seal(*row[1:5]), row[5])
        for row in connection.rows(
            "SELECT s.date, s.paper, s.sealed_at, s.login, s.hash, COUNT(p.date)"
            " FROM sheets AS s LEFT JOIN errata AS e ON e.date = s.date"
            " LEFT JOIN sheets AS p ON p.date = e.published AND p.sealed_at <= ?"
            " WHERE s.sealed_at <= ?"
            " GROUP BY s.date, s.paper, s.sealed_at, s.login, s.hash ORDER BY s.date",
            (at, at),
        )
    ]


def marks(connection: Connection) -> list[tuple[date, str]]:
    """Return the sealed days with what each came to then; those in archives change no more."""
    return [
        (date.fromisoformat(row[0]), row[1])
        for row in connection.rows(
            "SELECT date, mark FROM sheets WHERE date >= ? ORDER BY date",
            (live_from(connection).isoformat(),),
        )
    ]


def errata_of(connection: Connection, day: date, at: Instant) -> list[Erratum]:
    """Return the errata of a day's sheet that sheets sealed by `at` published, oldest first."""
    return [
        _erratum(row)
        for row in connection.rows(
            "SELECT e.number, e.date, e.unit, e.before, e.after FROM errata AS e"
            " INNER JOIN sheets AS p ON p.date = e.published"
            " WHERE e.date = ? AND p.sealed_at <= ? ORDER BY p.sealed_at, e.position",
            (day.isoformat(), at),
        )
    ]


def _erratum(row: Row) -> Erratum:
    before, after = (row_from_table(json.loads(text)) if text else None for text in row[3:5])
    return Erratum(row[0], date.fromisoformat(row[1]), row[2], before, after)


def areas(connection: Connection, day: date, units: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return the area of the findings of a day in m², by unit and revision."""
    wanted = set(units)
    return {
        (row[0], row[1]): row[2]
        for row in holding(connection, day.isoformat()).rows(
            "SELECT unit, revision, SUM(area) FROM findings WHERE date = ? GROUP BY unit, revision",
            (day.isoformat(),),
        )
        if row[0] in wanted
    }


def summaries(connection: Connection, day: date) -> dict[tuple[str, int], str]:
    """Return what the reports of a day say, by unit and revision."""
    return {
        (row[0], row[1]): row[2]
        for row in holding(connection, day.isoformat()).rows(
            "SELECT unit, revision, summary FROM reports WHERE date = ?", (day.isoformat(),)
        )
    }
