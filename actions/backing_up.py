"""Backup and recovery: copies that are whole, proven to be, and never half there."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from actions.auditing import Head, head, verify
from actions.people import require_on
from domain.errors import Refused
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.values import dataclass
from storage import copying, events
from storage.archives import known
from storage.connection import connect
from storage.copying import Done
from storage.store import Store, open_store
from storage.verifying import Progress, Verdict


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was made and verified: where it lies, its bytes, and its newest event."""

    path: Path
    size: int
    head: Head
    verdict: Verdict
    archived: tuple[int, ...] = ()
    """The archived years: files of their own, which are not copied."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How the long parts tell what they are at: pages copied, then rows verified."""

    copying: Done
    verifying: Progress


def back_up(
    store: Store, actor: Actor, target: Path, at: Instant, shown: Shown, *, replace: bool = False
) -> Copied:
    """Copy the store to `target` while others write; verify the copy; then give it its name.

    Only an admin may: a copy has everything in it. An existing file is refused unless `replace`.
    What goes wrong leaves the target as it was. That it was done is recorded in the store.
    """
    require_on(store, actor, Action.BACKUP, at)
    store.connection.refuse_archive()
    _check_target(store.path, target, replace=replace)
    part = beside(target)
    try:
        copying.copy(store.connection, part, shown.copying)
        verdict, newest = _verified(part, shown.verifying, store.connection.folder)
        give_name(part, target, replace=replace)
    finally:
        copying.discard(part)
    with store.connection.writing():
        events.record(
            store.connection,
            actor,
            at,
            "store.backup",
            "store",
            file=target.name,
            events=newest.seq,
            head=newest.hash,
        )
    years = tuple(each.year for each in known(store.connection))
    return Copied(target, target.stat().st_size, newest, verdict, years)


def restore(source: Path, target: Path, actor: Actor, at: Instant, shown: Shown) -> Copied:
    """Make the store `target` of a backup, verified before it gets its name; record that.

    Raises Refused where there is a store already, NotFound or Damaged for a file that is none.
    """
    _check_target(source, target, replace=False)
    log = target.with_name(f"{target.name}-wal")
    if os.path.lexists(log):
        # The engine would read it as the restored store's own.
        raise Refused("errors.store_leftover", file=str(log))
    part = beside(target)
    try:
        with _opened(source) as given:
            copying.copy(given.connection, part, shown.copying)
        verdict, newest = _verified(part, shown.verifying, target.parent)
        with open_store(part) as made, made.connection.writing():
            years = tuple(each.year for each in known(made.connection))
            events.record(
                made.connection,
                actor,
                at,
                "store.restore",
                "store",
                file=source.name,
                events=newest.seq,
                head=newest.hash,
            )
        give_name(part, target, replace=False)
    finally:
        copying.discard(part)
    return Copied(target, target.stat().st_size, newest, verdict, years)


def _opened(source: Path) -> Store:
    """Open a backup without bringing it up to date: it stays what it is."""
    if not source.is_file():
        # Says in the usual words what is wrong with the path.
        return open_store(source)
    connection = connect(source)
    try:
        copying.check_store(connection)
    except BaseException:
        connection.close()
        raise
    return Store(connection)


def _verified(part: Path, progress: Progress, folder: Path) -> tuple[Verdict, Head]:
    """Hold a copy against its log, and its archives where they are there: they are not copied."""
    with open_store(part) as made:
        made.connection.folder = folder
        copying.check_store(made.connection)
        verdict = verify(made, progress, whole=False)
        newest = head(made)
        made.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copying.settle(part)
    return verdict, newest


def _check_target(own: Path, target: Path, *, replace: bool) -> None:
    if not target.parent.is_dir():
        raise Refused("errors.folder_missing", folder=str(target.parent))
    if os.path.lexists(target):
        if not replace:
            raise Refused("backup.exists", file=str(target))
        with suppress(OSError):
            if target.samefile(own):
                raise Refused("backup.onto_itself", file=str(target))
        if not target.is_file():
            raise Refused("backup.no_file", file=str(target))


def beside(target: Path) -> Path:
    """Return the name under which a copy is made until it is whole; nothing is there by then."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    # Of a process that was killed, and whose number came round again.
    copying.discard(part)
    return part


def give_name(part: Path, target: Path, *, replace: bool) -> None:
    """Give a finished copy its name: in one step, and never over somebody else's file."""
    act: Callable[[], object]
    act = (lambda: part.replace(target)) if replace else (lambda: os.link(part, target))
    try:
        act()
        copying.settle(target.parent)
    except FileExistsError as error:
        raise Refused("backup.exists", file=str(target)) from error
    except OSError as error:
        raise Refused("backup.not_written", file=str(target), cause=str(error.strerror)) from error
