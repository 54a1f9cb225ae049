"""Where the rows of a day lie: in the store, or in the archive of a closed year.

An archive is a file of the same schema. It is asked by a connection of its own, through which the
store's registry is seen: so a question is the same for both, with the same indexes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from domain.errors import Damaged, LianluoError, NotFound, Refused
from domain.values import dataclass
from storage.connection import Connection, open_file
from storage.store import set_fact

OWN: frozenset[str] = frozenset({"reports", "findings", "obligations", "days"})
"""The tables that an archive answers for; everything else is the live store's."""

P = ParamSpec("P")
T = TypeVar("T")
V = TypeVar("V")
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Archive:
    """A closed year in a file of its own; `head` is the hash of the newest event in it.

    The file's name is that beside the store, or a whole path.
    """

    year: int
    file: str
    head: str

    @property
    def first(self) -> str:
        """Return the year's first ISO day."""
        return f"{self.year:04}-01-01"

    @property
    def last(self) -> str:
        """Return the year's last ISO day."""
        return f"{self.year:04}-12-31"


@dataclass(frozen=True, slots=True)
class Part:
    """A range of ISO days, and the connection by which its rows are read."""

    connection: Connection
    first: str
    last: str


def known(connection: Connection) -> list[Archive]:
    """Return the archives of a store, by year; an archive asked for a store has none itself."""
    if connection.beside_live:
        return []
    text = connection.archives_known if connection.inside() else None
    if text is None:
        row = connection.row("SELECT value FROM meta WHERE key = 'archives'")
        text = connection.archives_known = "[]" if row is None else str(row[0])
    return [] if text == "[]" else [Archive(*each) for each in json.loads(text)]


def add(connection: Connection, archive: Archive) -> None:
    """Know another archive, inside the caller's transaction."""
    archived = [*known(connection), archive]
    rows = [[each.year, each.file, each.head] for each in archived]
    set_fact(connection, "archives", json.dumps(rows, ensure_ascii=False))
    connection.archives_known = None


def live_from(connection: Connection) -> date:
    """Return the first day whose reports may still change: years are archived oldest first."""
    archived = known(connection)
    return date(archived[-1].year + 1, 1, 1) if archived else date.min


def refuse_closed(connection: Connection, day: date) -> None:
    """Raise Refused for a day that lies in an archive, or before one."""
    live = live_from(connection)
    if day < live:
        raise Refused("archives.closed", day=day, year=live.year - 1)


def place(connection: Connection, archive: Archive) -> Path:
    """Return where an archive's file is looked for."""
    return connection.folder / archive.file


def opened(connection: Connection, archive: Archive) -> Connection:
    """Return the connection by which an archive is read; it stays open with the store's.

    Raises NotFound where the file is missing, Damaged where it is not the one recorded.
    """
    there = connection.archives.get(archive.year)
    if there is None:
        there = _open(connection, archive)
        connection.archives[archive.year] = there
    return there


def _open(connection: Connection, archive: Archive) -> Connection:
    path = place(connection, archive)
    if not path.exists():
        raise NotFound("archives.missing", year=str(archive.year), file=str(path))
    there = open_file(path, mode="ro")
    try:
        marked = there.row("SELECT value FROM meta WHERE key = 'archive'")
        head = there.row("SELECT hash FROM events ORDER BY seq DESC LIMIT 1")
        if marked != (str(archive.year),) or head != (archive.head,):
            raise Damaged("archives.another", year=str(archive.year), file=str(path))
        there.look_through(connection, OWN)
    except LianluoError:
        there.close()
        raise
    return there


@contextmanager
def passing_over(connection: Connection, years: frozenset[int]) -> Iterator[None]:
    """Leave out the archives of these years inside this block."""
    connection.without = years
    try:
        yield
    finally:
        connection.without = frozenset()


def parts(connection: Connection, first: str = "", last: str = "9999-12-31") -> list[Part]:
    """Return the parts of a range of ISO days, in calendar order: each archive's, and the rest.

    Raises NotFound where the archive of one is missing.
    """
    archived = known(connection)
    if not archived:
        return [Part(connection, first, last)]
    found = [
        Part(opened(connection, each), max(first, each.first), min(last, each.last))
        for each in archived
        if first <= each.last and last >= each.first and each.year not in connection.without
    ]
    begin = f"{archived[-1].year + 1:04}-01-01"
    if last >= begin:
        found.append(Part(connection, max(first, begin), last))
    return found


def holding(connection: Connection, day: str) -> Connection:
    """Return the connection by which an ISO day's reports are read; NotFound as in `parts`."""
    for archive in known(connection):
        if archive.first <= day <= archive.last and archive.year not in connection.without:
            return opened(connection, archive)
    return connection


def listing(
    ask: Callable[Concatenate[Connection, date, date, P], list[T]],
) -> Callable[Concatenate[Connection, date, date, P], list[T]]:
    """Make a question about a range of days, in calendar order, span the archives."""

    def spanning(
        connection: Connection, first: date, last: date, /, *rest: P.args, **named: P.kwargs
    ) -> list[T]:
        found: list[T] = []
        for part in _parts_of(connection, first, last):
            found += ask(*part, *rest, **named)
        return found

    return spanning


def mapping(
    ask: Callable[Concatenate[Connection, date, date, P], dict[K, V]],
) -> Callable[Concatenate[Connection, date, date, P], dict[K, V]]:
    """Make a question whose answer is kept by day span the archives."""

    def spanning(
        connection: Connection, first: date, last: date, /, *rest: P.args, **named: P.kwargs
    ) -> dict[K, V]:
        found: dict[K, V] = {}
        for part in _parts_of(connection, first, last):
            found |= ask(*part, *rest, **named)
        return found

    return spanning


def _parts_of(
    connection: Connection, first: date, last: date
) -> list[tuple[Connection, date, date]]:
    return [
        (part.connection, date.fromisoformat(part.first), date.fromisoformat(part.last))
        for part in parts(connection, first.isoformat(), last.isoformat())
    ]
