"""Copying a whole store as it stands at one moment, while others go on writing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from domain.errors import Damaged, Refused
from storage.connection import APPLICATION_ID, Connection, connect, explained

Done = Callable[[int, int], None]
"""Told how many pages of how many are copied."""

_PAGES = 2048
"""Pages copied at a time: 8 MB."""
_SUFFIXES = ("", "-wal", "-shm", "-journal")


def copy(connection: Connection, target: Path, done: Done) -> None:
    """Copy the store into a new file that only its owner may read; writers are not held up.

    The copy is of one moment, whatever is written meanwhile. Raises Refused, Busy or Damaged, and
    leaves nothing behind then.
    """
    reserve(target)
    try:
        copied = connect(target)
        try:
            with connection.reading():
                # What is read first fixes the moment: a writer later on begins nothing anew.
                connection.row("SELECT COUNT(*) FROM sqlite_master")

                def told(_status: int, left: int, pages: int) -> None:
                    done(pages - left, pages)

                connection.engine.backup(copied.engine, pages=_PAGES, progress=told)
        except sqlite3.Error as error:
            raise explained(error, target) from error
        finally:
            copied.close()
    except BaseException:
        discard(target)
        raise


def reserve(target: Path) -> None:
    """Create an empty file for a copy; raises Refused where there is one or none may be made."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise Refused("backup.exists", file=str(target)) from error
    except OSError as error:
        raise Refused("backup.not_written", file=str(target), cause=str(error.strerror)) from error


def discard(path: Path) -> None:
    """Take away a file that was not finished, with what the engine keeps beside it."""
    for suffix in _SUFFIXES:
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink()


def settle(path: Path) -> None:
    """Bring a finished file to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def damaged(connection: Connection) -> str | None:
    """Return what the engine finds wrong with the whole file, in its own words, or None."""
    for (found,) in connection.each("PRAGMA integrity_check(1)"):
        if found != "ok":
            return str(found)
    if connection.row("PRAGMA foreign_key_check") is not None:
        return "foreign_key_check"
    return None


def check_store(connection: Connection) -> None:
    """Raise Damaged where a file is no store of this program, or not a sound one."""
    mark = connection.row("PRAGMA application_id")
    if mark is None or mark[0] != APPLICATION_ID:
        raise Damaged("errors.store_foreign", store=str(connection.path))
    cause = damaged(connection)
    if cause is not None:
        raise Damaged("backup.damaged", file=str(connection.path), cause=cause)
