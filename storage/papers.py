"""The register of papers: numbers given once, and what each making was made from."""

from __future__ import annotations

from domain.instants import Instant
from domain.papers import Paper, PaperKind, Version, paper_number
from storage.connection import Connection, Row
from storage.matters import next_count

COLUMNS = "number, kind, subject, made_at, login"
VERSION_COLUMNS = "version, made_at, login, real_login, language, template, content"


def _paper(row: Row) -> Paper:
    return Paper(row[0], PaperKind(row[1]), row[2], row[3], row[4])


def find(connection: Connection, kind: PaperKind, subject: str) -> Paper | None:
    """Return the paper of a kind about a subject, or None where none was made."""
    row = connection.row(
        f"SELECT {COLUMNS} FROM papers WHERE kind = ? AND subject = ?", (kind.value, subject)
    )
    return None if row is None else _paper(row)


def get(connection: Connection, number: str) -> Paper | None:
    """Return a paper by its number, or None."""
    row = connection.row(f"SELECT {COLUMNS} FROM papers WHERE number = ?", (number,))
    return None if row is None else _paper(row)


def add(
    connection: Connection, kind: PaperKind, subject: str, year: int, made_at: Instant, login: str
) -> Paper:
    """Give a new paper the next number of its kind and year."""
    count = next_count(connection, f"paper:{kind}-{year}")
    paper = Paper(paper_number(kind, year, count), kind, subject, made_at, login)
    connection.execute(
        f"INSERT INTO papers ({COLUMNS}) VALUES (?, ?, ?, ?, ?)",
        (paper.number, kind.value, subject, made_at, login),
    )
    return paper


def versions(connection: Connection, number: str, at: Instant | None = None) -> list[Version]:
    """Return what a paper was made from by `at` (None: ever), oldest first."""
    return [
        Version(*row)
        for row in connection.rows(
            f"SELECT {VERSION_COLUMNS} FROM paper_versions WHERE paper = ?"
            " AND made_at <= COALESCE(?, made_at) ORDER BY version",
            (number, at),
        )
    ]


def add_version(connection: Connection, number: str, version: Version) -> None:
    """Record what one making was made from."""
    connection.execute(
        f"INSERT INTO paper_versions (paper, {VERSION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            version.version,
            version.made_at,
            version.login,
            version.real_login,
            version.language,
            version.template,
            version.content,
        ),
    )


def listed(
    connection: Connection, at: Instant, kind: PaperKind | None = None, subject: str | None = None
) -> list[Paper]:
    """Return the papers first made by `at`, of one kind and about one subject where named."""
    conditions, parameters = ["made_at <= ?"], [at]  # type: tuple[list[str], list[object]]
    if kind is not None:
        conditions.append("kind = ?")
        parameters.append(kind.value)
    if subject is not None:
        conditions.append("(subject = ? OR substr(subject, 1, length(?) + 1) = ? || '@')")
        parameters += [subject, subject, subject]
    return [
        _paper(row)
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM papers WHERE {' AND '.join(conditions)}"
            " ORDER BY made_at, number",
            parameters,
        )
    ]
