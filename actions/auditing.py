"""The audit log: reading it, holding the store against it, and checking a receipt."""

from __future__ import annotations

from domain.errors import Damaged, NotFound
from domain.instants import Instant
from domain.people import PROGRAM
from domain.reports import Revision
from domain.units import Unit
from domain.values import dataclass
from storage import events, proofs, reports, units, verifying
from storage.events import SEAL_LENGTH, Event
from storage.store import Store, drop_fact
from storage.verifying import Progress, Verdict


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event: its number, when it was recorded, and its hash."""

    seq: int
    at: Instant
    hash: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt that holds: the filing it is for, and its event.

    `sealed`: the receipt carried a seal and the event has it. Without one, no more is said than
    that the store agrees with itself.
    """

    unit: Unit
    revision: Revision
    event: Event
    sealed: bool
    newest: bool


def log(store: Store, wanted: events.Wanted, most: int | None = None) -> list[Event]:
    """Return the events that are wanted, oldest first; with `most`, only the newest so many."""
    with store.reading():
        return events.listed(store.connection, wanted, most)


def head(store: Store) -> Head:
    """Return the newest event; raises Damaged for a store without one."""
    found = events.head(store.connection)
    if found is None:
        raise Damaged("audit.no_events")
    return Head(*found)


def verify(store: Store, progress: Progress, *, whole: bool = True) -> Verdict:
    """Hold the whole store and its archives against its events, as they stand at one moment.

    Raises Damaged naming the first thing that does not fit. Where all fits and an archive is
    missing, raises NotFound, or without `whole` returns what could be looked at.
    """
    with store.reading():
        verdict = verifying.verify(store.connection, progress)
    if whole and verdict.missing:
        raise NotFound("archives.not_shown", files=list(verdict.missing), events=verdict.events)
    return verdict


def check_receipt(store: Store, code: str) -> Checked:
    """Hold a receipt, with or without its seal, against its event and its revision.

    Raises NotFound where no such filing is recorded, Damaged where the record contradicts it.
    """
    number, _, seal = code.strip().partition("/")
    seal = seal.strip().lower()
    connection = store.connection
    try:
        day, unit, revision_number = verifying.parse_receipt(number.strip())
    except ValueError as error:
        raise NotFound("audit.receipt_unreadable", code=code) from error
    with store.reading():
        owner = units.get(connection, unit)
        standing = [] if owner is None else reports.revisions(connection, unit, day)
        revision = next((row for row in standing if row.number == revision_number), None)
        found = [] if revision is None else events.of_subject(connection, revision.receipt)
        if owner is None or revision is None:
            # Whoever holds a sealed receipt was told that it was recorded.
            if seal:
                raise Damaged("audit.receipt_gone", receipt=number)
            raise NotFound("audit.receipt_unknown", receipt=number)
        if not found:
            raise NotFound("audit.receipt_no_event", receipt=number)
        verifying.check_filing(connection, revision)
    event = found[-1]
    if seal and (len(seal) < SEAL_LENGTH or not event.hash.startswith(seal)):
        raise Damaged(
            "audit.seal_differs", receipt=number, seal=seal, other=event.hash[:SEAL_LENGTH]
        )
    return Checked(owner, revision, event, bool(seal), revision is standing[-1])


def seal_older(store: Store, at: Instant) -> None:
    """Record what older programs wrote, whose events say less: from then on it is proven too.

    Done once for a store, by whoever opens it first for writing.
    """
    connection = store.connection
    with connection.writing():
        store.reread()
        if not store.unsealed:
            return
        sealed = verifying.unproven(connection)
        drop_fact(connection, "unsealed")
        events.record(connection, PROGRAM, at, proofs.SEALED, "store", sealed=sealed)
    store.reread()
