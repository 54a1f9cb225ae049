"""The one module that knows which engine keeps the store: opening, transactions, errors."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

from domain.errors import Busy, Damaged, LianluoError, NotFound, Refused, UsageError
from storage.queueing import queued

APPLICATION_ID = 0x4C69616E
SCHEMA_VERSION = 8
WAIT_SECONDS = 10.0
_NO_WAIT = 0.01
"""Seconds in the line that take nothing from the engine's own patience."""
_ROOMY_KIB = 128 * 1024
_LOG_PAGES = 4096
"""Pages of the log (16 MB) at which a writer carries them over into the store and waits for it.

A country's day and a crowd's filings are less: they are carried over when the last one leaves.
"""

Row = tuple[Any, ...]


IN_ORDER = "CROSS JOIN"
"""This engine's way of saying that the table on the left is read first."""


def using(index: str) -> str:
    """Return this engine's way of saying by which index a table is to be read.

    Its planner knows no sizes, and would now and then read all that a unit ever owed. An engine
    that keeps statistics needs no such word.
    """
    return f" INDEXED BY {index}"


def _everybody(*_of: str) -> bool:
    return True


class Connection:
    """A connection to one store file; close it, or use it in a `with`.

    Everything raises `LianluoError`: Busy, Damaged, NotFound or Refused, never an engine's error.
    """

    def __init__(self, path: Path, engine: sqlite3.Connection) -> None:
        self.path = path
        self.engine = engine
        self.shows_contacts: Callable[[str], bool] = _everybody
        """Whether phones and addresses of a unit's people are given out to who uses this."""
        self.shows_phone: Callable[[str, str], bool] = _everybody
        """Whether the phone of a unit's people of a role is, where their addresses are not."""
        self.days_changed: set[str] = set()
        """The ISO days whose report obligations were changed and no event has told of it yet."""
        self.archive = ""
        """The year that this file is the archive of, blank for a store that may be written."""
        self.folder = path.parent
        """The folder in which this store's archives are looked for."""
        self.archives: dict[int, Connection] = {}
        """The archives of this store that are open, by year."""
        self.archives_known: str | None = None
        """What the store says of its archives, once asked for in a transaction."""
        self.without: frozenset[int] = frozenset()
        """The years whose archives are passed over."""
        self.beside_live = False
        """Whether this is an archive that is asked for a live store, whose registry it shows."""
        self._patience = WAIT_SECONDS

    def close(self) -> None:
        """Close the file, and the archives that were opened for it."""
        for archive in self.archives.values():
            archive.close()
        self.archives.clear()
        self.engine.close()

    def inside(self) -> bool:
        """Return whether a transaction is going on."""
        return self.engine.in_transaction

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise explained(error, self.path) from error
        except UnicodeDecodeError as error:
            # The engine's own complaint of a damaged schema quotes bytes that are no text.
            raise Damaged("errors.store_damaged", store=str(self.path)) from error
        except UnicodeEncodeError as error:
            # Bytes of a command line that are no UTF-8 arrive as lone surrogates.
            raise UsageError("errors.text_not_utf8") from error

    def rows(self, sql: str, parameters: Sequence[object] | dict[str, object] = ()) -> list[Row]:
        """Return every row of a query."""
        with self._explaining():
            return self.engine.execute(sql, parameters).fetchall()

    def each(
        self, sql: str, parameters: Sequence[object] | dict[str, object] = ()
    ) -> Iterator[Row]:
        """Yield the rows of a query one after another: of a large table, never all at once."""
        with self._explaining():
            # Not the cursor itself: whoever stops early may do so after the file is closed, and a
            # cursor that is closed then complains.
            yield from chain(self.engine.execute(sql, parameters))

    def row(self, sql: str, parameters: Sequence[object] | dict[str, object] = ()) -> Row | None:
        """Return the first row of a query, or None."""
        with self._explaining():
            found: Row | None = self.engine.execute(sql, parameters).fetchone()
        return found

    def execute(self, sql: str, parameters: Sequence[object] | dict[str, object] = ()) -> int:
        """Run one statement; return how many rows it changed."""
        with self._explaining():
            return self.engine.execute(sql, parameters).rowcount

    def execute_many(
        self, sql: str, parameters: Iterable[Sequence[object] | dict[str, object]]
    ) -> int:
        """Run one statement for each row of parameters; return how many rows changed."""
        with self._explaining():
            return self.engine.executemany(sql, parameters).rowcount

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock; all that is written inside stands together or not at all.

        Nests: an inner `writing` is part of the outer one. Raises Damaged where a newer program
        has changed the store since it was opened, Refused where it is an archive.
        """
        self.refuse_archive()
        if self.inside():
            yield
            return
        try:
            with self._turn():
                self.archives_known = None
                if self.version() > SCHEMA_VERSION:
                    raise Damaged("errors.store_newer", store=str(self.path))
                yield
                self.execute("COMMIT")
        except BaseException:
            if self.inside():
                self.engine.rollback()
            raise

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Begin to write once it is one's turn; raises Busy after the patience there is.

        The engine alone decides who may write. Who waits for it sleeps up to 100 ms at a time, and
        a crowd then leaves the lock unused half the while; so those who know of each other stand
        in line first. At the end of the patience the line is passed by and the engine asked.

        The place is the engine's log, which is there as long as anybody has the store open. The
        engine holds no lock on it, while closing the store's own file would drop all it holds.
        """
        begun = time.monotonic()
        with queued(_log(self.path), self._patience):
            used = time.monotonic() - begun
            left = max(self._patience - used, 0.0)
            with self.waiting(left) if used > _NO_WAIT else nullcontext():
                self.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read one consistent state, whatever others write meanwhile."""
        if self.inside():
            yield
            return
        self.execute("BEGIN")
        self.archives_known = None
        try:
            yield
        finally:
            if self.inside():
                self.engine.rollback()

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Wait at most `seconds` for somebody else's write lock, inside this block."""
        before = self._patience
        self._wait_at_most(seconds)
        try:
            yield
        finally:
            self._wait_at_most(before)

    def _wait_at_most(self, seconds: float) -> None:
        self._patience = seconds
        self.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    @contextmanager
    def roomy(self) -> Iterator[None]:
        """Keep much of the file in memory inside this block: for writing very many rows.

        An index is then not written out and read again for every part of it that a row touches.
        """
        self.execute(f"PRAGMA cache_size = {-_ROOMY_KIB}")
        try:
            yield
        finally:
            self.execute("PRAGMA cache_size = -2000")

    @contextmanager
    def rebuilding(self, indexes: Iterable[str]) -> Iterator[None]:
        """Take indexes down inside this block, and build them anew from what then stands.

        Only within `writing`, where nobody else ever sees the store without them, and where they
        are back if anything fails.
        """
        made: list[str] = []
        for index in indexes:
            found = self.row(
                "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", (index,)
            )
            assert found is not None
            self.execute(f"DROP INDEX {index}")
            made.append(found[0])
        yield
        for sql in made:
            self.execute(sql)

    def change_count(self) -> int:
        """Return a number that differs once another connection has written; costs no query."""
        found = self.row("PRAGMA data_version")
        assert found is not None
        return int(found[0])

    def version(self) -> int:
        """Return the number of the last migration that the store has had."""
        found = self.row("PRAGMA user_version")
        assert found is not None
        return int(found[0])

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns, as the file has them."""
        return [str(row[1]) for row in self.rows(f"PRAGMA table_info({table})")]

    def refuse_archive(self) -> None:
        """Raise Refused where this file is the archive of a year, which is only read."""
        if self.archive:
            raise Refused("archives.read_only", store=str(self.path), year=self.archive)

    def look_through(self, live: Connection, own: Collection[str]) -> None:
        """Show, under their names, the tables of a live store beside this file's `own` ones."""
        mode = "ro&immutable=1" if _at_rest(live.path) else "ro"
        self.execute("ATTACH ? AS live", (f"{live.path.absolute().as_uri()}?mode={mode}",))
        for (name,) in self.rows("SELECT name FROM live.sqlite_master WHERE type = 'table'"):
            if name not in own and not name.startswith("sqlite_"):
                self.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM live.{name}")
        self.beside_live = True

    @property
    def writable(self) -> bool:
        """Return whether this person may write the file and its folder; nobody an archive."""
        return (
            not self.archive
            and os.access(self.path, os.W_OK)
            and os.access(self.path.parent, os.W_OK)
        )


def explained(error: sqlite3.Error, path: Path) -> LianluoError:
    """Return an engine's error as one sentence with its exit code."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    name = str(path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy("errors.store_busy", store=name)
    if code == sqlite3.SQLITE_READONLY:
        return Refused("errors.store_read_only", store=name)
    if code == sqlite3.SQLITE_FULL:
        return Busy("errors.disk_full", store=name)
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return Refused("errors.store_not_opened", store=name)
    if code == sqlite3.SQLITE_IOERR:
        return Busy("errors.store_io", store=name, cause=str(error))
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return Damaged("errors.store_damaged", store=name)
    if code == sqlite3.SQLITE_CONSTRAINT:
        return Refused("errors.store_constraint", store=name, cause=str(error))
    return Damaged("errors.store_failed", store=name, cause=str(error))


def connect(path: Path, *, mode: str = "rw") -> Connection:
    """Open a file with the engine's settings; `mode` `rw` never creates it, `rwc` does.

    Only the thread that opened it may use it: a transaction belongs to one thread of work.
    """
    if mode == "rw" and _at_rest(path):
        mode = "ro&immutable=1"
    try:
        engine = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=WAIT_SECONDS,
        )
    except sqlite3.Error as error:
        raise explained(error, path) from error
    connection = Connection(path, engine)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        # A page that makes no sense is told of, not read as if it did.
        connection.execute("PRAGMA cell_size_check = ON")
    except LianluoError:
        connection.close()
        raise
    return connection


def _at_rest(path: Path) -> bool:
    """Return whether the file can only be read as it lies there.

    To read beside a writer the engine needs its log; where there is none and the folder takes
    none, on a read-only disk say, the file has to be opened as one that nobody changes.
    """
    return not os.access(path.parent, os.W_OK) and not _log(path).exists()


def _log(path: Path) -> Path:
    """Return the file beside a store to which the engine writes first."""
    return path.with_name(f"{path.name}-wal")


def open_file(path: Path, *, mode: str = "rw") -> Connection:
    """Open an existing store of this program, bringing an older one up to date.

    An older archive stays what it is: what is brought up to date is a passing copy of it.

    Raises NotFound where there is no file, Damaged where it is no store or a newer one.
    """
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("errors.store_missing", store=str(path)) from error
    except (OSError, ValueError) as error:
        raise Refused("errors.store_not_opened", store=str(path)) from error
    if not stat.S_ISREG(kind):
        raise Damaged("errors.store_foreign", store=str(path))
    connection = connect(path, mode=mode)
    try:
        version = _checked_version(connection)
        if version < SCHEMA_VERSION:
            from storage.migrations import migrate

            if connection.row("SELECT 1 FROM meta WHERE key = 'archive'") is not None:
                connection = _passing_copy(connection)
            migrate(connection)
    except LianluoError:
        connection.close()
        raise
    return connection


def _passing_copy(connection: Connection) -> Connection:
    """Return a copy of a file that is gone when it is closed; closes the file."""
    copied = Connection(connection.path, sqlite3.connect("", uri=True, isolation_level=None))
    try:
        connection.engine.backup(copied.engine)
    except sqlite3.Error as error:
        copied.close()
        raise explained(error, connection.path) from error
    finally:
        connection.close()
    return copied


def _checked_version(connection: Connection) -> int:
    mark = connection.row("PRAGMA application_id")
    assert mark is not None
    if mark[0] != APPLICATION_ID:
        raise Damaged("errors.store_foreign", store=str(connection.path))
    version = connection.version()
    if version > SCHEMA_VERSION:
        raise Damaged("errors.store_newer", store=str(connection.path))
    return version
