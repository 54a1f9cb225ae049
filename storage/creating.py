"""The file of a new store: created empty with the whole schema, or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from domain.errors import LianluoError, Refused
from storage.connection import Connection, connect


def create_file(path: Path) -> Connection:
    """Create an empty store at `path`; only its owner may read it. Refused where a file is."""
    from storage.migrations import migrate

    try:
        # The engine gives the files beside a store the store's own mode.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise Refused("errors.store_exists", store=str(path)) from error
    except OSError as error:
        raise Refused("errors.store_not_opened", store=str(path)) from error
    try:
        connection = connect(path, mode="rwc")
    except LianluoError:
        discard(path)
        raise
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection)
    except LianluoError:
        connection.close()
        discard(path)
        raise
    return connection


def discard(path: Path) -> None:
    """Take away a store that was never finished, with what the engine keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        # What cannot be taken away is told of by whoever opens it.
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink()
