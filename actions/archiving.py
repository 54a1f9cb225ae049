"""Archiving: a closed year leaves the store for a file of its own, and nothing is ever lost."""

from __future__ import annotations

import os
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from actions.auditing import Head, head, verify
from actions.backing_up import Shown, beside, give_name
from actions.expecting import roll
from actions.people import require_on
from domain.errors import Busy, Damaged, NotFound, Refused
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.values import dataclass
from storage import archived, archives, archiving, copying, events
from storage.archives import Archive
from storage.archiving import Account
from storage.store import Store, open_store

_NAMED = 5
"""How many matters a refusal names."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A year that was moved: its file, that file's newest event, and how many rows went.

    `again`: the file was there already, complete, of a run that was cut short.
    """

    year: int
    path: Path
    size: int
    head: Head
    sha256: str
    reports: int
    findings: int
    obligations: int
    left_open: int
    again: bool


@dataclass(frozen=True, slots=True)
class Known:
    """An archive that the store tells of: since when, what is in it, and whether it is there."""

    year: int
    path: Path
    there: bool
    at: Instant
    by: str
    reports: int
    findings: int
    obligations: int
    sha256: str


def listed(store: Store) -> list[Known]:
    """Return the archives of a store, by year, as the events of their making tell of them."""
    with store.reading():
        connection = store.connection
        told = events.listed(connection, events.Wanted(action=archived.ACTION))
        found = []
        for archive in archives.known(connection):
            event = next((one for one in told if one.subject == str(archive.year)), None)
            if event is None:
                raise Damaged("archives.untold", year=str(archive.year))
            detail: dict[str, Any] = event.detail
            path = archives.place(connection, archive)
            moved = detail["moved"]
            found.append(
                Known(
                    archive.year,
                    path,
                    path.exists(),
                    event.at,
                    event.real_login,
                    moved["reports"]["count"],
                    moved["findings"]["count"],
                    moved["obligations"]["count"],
                    str(detail["sha256"]),
                )
            )
    return found


def archive_year(
    store: Store,
    actor: Actor,
    year: int,
    at: Instant,
    shown: Shown,
    *,
    target: Path | None = None,
    leave_open: bool = False,
) -> Archived:
    """Move a closed year's reports, findings and what was owed for it to a file of its own.

    The file is a verified copy of the whole store, made before anything leaves it; without a
    `target` it lies beside the store. What leaves is, row for row, what the copy has: otherwise
    nothing does. A copy that an interrupted run left is taken again. Only an admin may. Raises
    Refused for a year that is not closed; with `leave_open` reports that were never filed do not
    keep it open: they stay owed in the store as well.
    """
    connection = store.connection
    require_on(store, actor, Action.ARCHIVE, at)
    connection.refuse_archive()
    roll(store, at)
    beside_store = store.path.with_name(f"{store.path.stem}-{year}{store.path.suffix}")
    path = beside_store if target is None else target.absolute()
    with store.reading():
        _check_closed(store, year, at, leave_open=leave_open)
    again = os.path.lexists(path)
    if not again:
        _make(store, year, path, shown)
    newest, told = _look_at(store, year, path, shown)
    name = path.name if path.parent.resolve() == connection.folder.resolve() else str(path)
    one = Archive(year, name, newest.hash)
    mark = archiving.sha256(path)
    with connection.writing(), connection.roomy():
        store.reread()
        require_on(store, actor, Action.ARCHIVE, at)
        _check_closed(store, year, at, leave_open=leave_open)
        if archiving.account(connection, one, shown.verifying) != told:
            raise Refused("archives.changed", year=str(year), file=str(path))
        left = len(archiving.left_open(connection, one))
        archiving.move_out(connection, one)
        archives.add(connection, one)
        events.record(
            connection,
            actor,
            at,
            archived.ACTION,
            str(year),
            year=year,
            file=name,
            head=newest.hash,
            events=newest.seq,
            sha256=mark,
            moved=told,
            left_open=left,
        )
    return Archived(
        year,
        path,
        path.stat().st_size,
        newest,
        mark,
        told["reports"]["count"],
        told["findings"]["count"],
        told["obligations"]["count"] - left,
        left,
        again,
    )


def _check_closed(store: Store, year: int, at: Instant, *, leave_open: bool) -> None:
    """Raise Refused or NotFound where a year cannot be archived, and say what is to be done."""
    if not date.min.year <= year < date.max.year:
        raise Refused("archives.year_bad", year=str(year))
    connection = store.connection
    one = Archive(year, "", "")
    last = date(year, 12, 31)
    live = archives.live_from(connection)
    if last < live:
        raise Refused("archives.already", year=str(year))
    locks = timedelta(days=store.rules.backfill_days)
    if store.today(at) <= last + locks or store.through < last:
        raise Refused("archives.not_locked", year=str(year), day=last + locks + timedelta(days=1))
    found = archiving.standing(connection, one, live.isoformat())
    if found.before is not None:
        raise Refused("archives.older_first", year=str(year), older=found.before[:4])
    if found.locks_at is not None and found.locks_at >= at:
        raise Refused(
            "archives.not_locked",
            year=str(year),
            day=store.zone.day_of(found.locks_at) + timedelta(days=1),
        )
    if found.locks_at is None and not archiving.has_reports(connection, one):
        raise NotFound("archives.nothing", year=str(year))
    if found.matters:
        more = ["…"] if len(found.matters) > _NAMED else []
        raise Refused(
            "archives.matters_open",
            year=str(year),
            count=len(found.matters),
            matters=found.matters[:_NAMED] + more,
        )
    left = archiving.left_open(connection, one)
    if left and not leave_open:
        raise Refused(
            "archives.reports_open",
            year=str(year),
            count=len(left),
            day=left[0][0],
            unit=left[0][1],
        )


def _make(store: Store, year: int, path: Path, shown: Shown) -> None:
    """Make the archive: the whole store as it stands, marked, verified, and then named."""
    if not path.parent.is_dir():
        raise Refused("errors.folder_missing", folder=str(path.parent))
    part = beside(path)
    try:
        copying.copy(store.connection, part, shown.copying)
        with open_store(part) as made:
            archiving.mark(made.connection, Archive(year, path.name, ""))
        _verify(part, store.connection.folder, shown)
        # As readable as the store, and written by nobody.
        part.chmod(stat.S_IMODE(store.path.stat().st_mode) & 0o444)
        copying.settle(part)
        give_name(part, path, replace=False)
    finally:
        copying.discard(part)


def _verify(path: Path, folder: Path, shown: Shown) -> Head:
    with open_store(path) as made:
        made.connection.folder = folder
        copying.check_store(made.connection)
        verify(made, shown.verifying, whole=False)
        return head(made)


def _look_at(store: Store, year: int, path: Path, shown: Shown) -> tuple[Head, Account]:
    """Return an archive's newest event and what it has of its year.

    Raises Refused where the file is no archive of this store's year: it may be anybody's.
    """
    strange = Refused("archives.file_strange", file=str(path), year=str(year))
    try:
        with open_store(path) as made:
            if made.connection.archive != str(year):
                raise strange
            newest = head(made)
            own = events.with_number(store.connection, newest.seq)
            if own != newest.hash:
                raise strange
            told = archiving.account(made.connection, Archive(year, "", ""), shown.verifying)
    except (Busy, Damaged, NotFound) as error:
        raise strange from error
    _verify(path, store.connection.folder, shown)
    return newest, told
