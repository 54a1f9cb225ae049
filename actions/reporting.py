"""Filing and reading reports (R4, R5, R7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions.expecting import expected_between, roll_within
from actions.people import home_units, roles_on
from actions.reported import open_for_findings
from actions.units import find
from domain.errors import Message, NotFound, Refused
from domain.findings import check_finding
from domain.instants import Instant, Zone, check_range
from domain.obligations import Obligation, ObligationKind, status_of
from domain.people import Actor
from domain.permissions import Action, may, require
from domain.reports import (
    Content,
    ReportKind,
    Revision,
    Status,
    check_content,
    check_filing,
)
from domain.schedules import Days, schedule_in_force, window
from domain.summaries import Delta, of_filing
from domain.units import Unit
from domain.values import dataclass
from storage import (
    archives,
    drafts,
    events,
    obligations,
    proofs,
    reports,
    schedules,
    summaries,
    units,
)
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a filing recorded: its revision, the unit, and the status of the day from now on.

    `seal` is the beginning of its event's hash, which a rewritten history would contradict.
    `repeated`: it had been recorded before, and the answer was lost.
    """

    revision: Revision
    unit: Unit
    status: Status
    seal: str = ""
    repeated: bool = False

    @property
    def number(self) -> str:
        """Return the receipt number, `R-20261123-440111-1`."""
        return self.revision.receipt

    @property
    def code(self) -> str:
        """Return the number with the seal, `R-20261123-440111-1/3f9a2b7c41d0`."""
        return f"{self.number}/{self.seal}" if self.seal else self.number


@dataclass(frozen=True, slots=True)
class Report:
    """A unit's day as of an instant: its status and every revision filed up to then."""

    unit: Unit
    day: date
    status: Status
    obligation: Obligation | None
    revisions: tuple[Revision, ...]

    @property
    def newest(self) -> Revision:
        """Return the revision that stands."""
        return self.revisions[-1]


def file_zero(
    store: Store,
    actor: Actor,
    unit: str,
    day: date,
    at: Instant,
    *,
    areas: tuple[int, int] | None = None,
    note: str = "",
    reason: str = "",
) -> Receipt:
    """File a zero report; `areas` are (patrolled, planned). Raises Refused, NotFound, Busy."""
    patrolled, planned = areas if areas is not None else (None, None)
    content = Content(ReportKind.ZERO, note.strip(), planned, patrolled)
    return file(store, actor, unit, day, content, at, reason=reason)


def file(
    store: Store,
    actor: Actor,
    unit: str,
    day: date,
    content: Content,
    at: Instant,
    *,
    amending: bool = False,
    reason: str = "",
) -> Receipt:
    """Record a report, or with `amending` its next revision; everything stands or nothing does.

    The first filing discharges the day's obligation for ever (R5). The same amendment sent twice
    is recorded once. Raises Refused for what the rules or the actor's permissions do not allow.
    """
    owner = find(store, unit, day)
    content = replace(content, summary=content.summary.strip())
    check_content(content)
    for finding in content.findings:
        check_finding(finding, day)
    connection = store.connection
    for finding in content.findings:
        if finding.place and units.get(connection, finding.place) is None:
            raise NotFound("errors.unit_unknown", name=finding.place)
    if not owner.valid_on(day):
        raise Refused("errors.unit_not_valid", unit=owner.code, name=owner.called, day=day)
    if not connection.inside():
        # Refused, and thought through once, before anybody has to wait for this.
        with store.reading():
            _weighed(store, actor, owner, day, content, at, reason, amending=amending)
    with connection.writing():
        roll_within(store, at)
        archives.refuse_closed(connection, day)
        found = _weighed(store, actor, owner, day, content, at, reason, amending=amending)
        standing, owed, revision = found.standing, found.owed, found.revision
        if revision is None:
            return _again(store, owner, standing, at)
        reports.add(connection, [revision])
        if not standing:
            discharge = (owner.code, day.isoformat(), at)
            obligations.discharge(connection, ObligationKind.REPORT, [discharge])
        summaries.count(connection, found.counted, found.line)
        open_for_findings(store, actor, revision, at)
        drafts.drop(connection, actor.real_login, owner.code, day)
        mark = events.record(
            connection,
            actor,
            at,
            "report.amend" if standing else "report.file",
            revision.receipt,
            **proofs.said(revision),
            due_at=owed.due_at if owed else None,
        )
    first = standing[0].filed_at if standing else at
    return Receipt(revision, owner, status_of(owed, first, at), mark[: events.SEAL_LENGTH])


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What a filing meets and what it becomes; `revision` is None where it repeats what stands.

    `line` is the unit with all above it.
    """

    standing: Sequence[Revision]
    owed: Obligation | None
    revision: Revision | None
    counted: Delta | None
    line: Sequence[Unit]


def _weighed(
    store: Store,
    actor: Actor,
    owner: Unit,
    day: date,
    content: Content,
    at: Instant,
    reason: str,
    *,
    amending: bool,
) -> _Weighed:
    """Return what a filing would record; raises Refused for what rules or permissions forbid."""
    connection = store.connection
    roles = roles_on(store, actor.login, store.today(at))
    line = units.line(connection, owner.code)
    codes = [above.code for above in line]
    require(Action.FILE, actor.login, roles, codes, called=owner.called)
    standing = reports.revisions(connection, owner.code, day)
    if standing and at < standing[-1].filed_at:
        raise Refused("errors.clock_back")
    if repeats(standing, actor, content, reason, amending=amending):
        return _Weighed(standing, None, None, None, line)
    owed = obligations.get(connection, owner.code, day.isoformat())
    after_lock = check_filing(
        unit=owner.called,
        day=day,
        today=store.today(at),
        locks_at=owed.locks_at if owed and owed.locks_at else locks_at(store, owner, day),
        at=at,
        standing=standing,
        amending=amending,
        admin=may(Action.FILE_LOCKED, roles, codes),
        reason=reason,
    )
    revision = Revision(
        owner.code,
        day,
        len(standing) + 1,
        content,
        at,
        actor.login,
        actor.real_login,
        reason.strip(),
        after_lock,
    )
    before = standing[-1].content.kind if standing else None
    return _Weighed(standing, owed, revision, of_filing(owed, before, content.kind, at), line)


def repeats(
    standing: Sequence[Revision], actor: Actor, content: Content, reason: str, *, amending: bool
) -> bool:
    """Return whether a filing is the standing one sent again, its answer having been lost.

    Word for word the same, by the same login and on the same terms: nobody wants that twice.
    """
    if not standing:
        return False
    last = standing[-1]
    return (last.number > 1) == amending and (
        last.content,
        last.reason,
        last.filed_by,
        last.imported,
    ) == (content, reason.strip(), actor.login, False)


def _again(store: Store, owner: Unit, standing: Sequence[Revision], at: Instant) -> Receipt:
    """Return the receipt of the standing revision once more."""
    last = standing[-1]
    owed = obligations.get(store.connection, owner.code, last.day.isoformat())
    status = status_of(owed, standing[0].filed_at, at)
    return Receipt(last, owner, status, seal_of(store, last), repeated=True)


def seal_of(store: Store, revision: Revision) -> str:
    """Return the seal of a revision's receipt, blank where it has no event of its own."""
    found = events.of_subject(store.connection, revision.receipt)
    return found[-1].hash[: events.SEAL_LENGTH] if found else ""


def locks_at(store: Store, unit: Unit, day: date) -> Instant:
    """Return when a day that is not expected locks: as it would if it were (R7)."""
    row = schedule_in_force(schedules.every(store.connection, [unit.code]), day)
    return window(store.reporting, day, row, Days.DAILY).locks_at


def unit_to_file_for(store: Store, actor: Actor, named: str | None, day: date) -> str:
    """Return the unit that a filing is for: the one named, or the actor's only one."""
    if named is not None:
        return find(store, named, day).code
    own = home_units(store, actor.login, day)
    if not own:
        raise Refused("errors.no_unit", login=actor.login)
    if len(own) > 1:
        raise Refused("errors.many_units", login=actor.login, units=own)
    return own[0]


def preview(store: Store, unit: Unit, day: date, at: Instant) -> tuple[Status, bool]:
    """Return the status that a first filing at `at` would have, and whether the day is locked."""
    found = expected_between(store, day, day, Selection(unit=unit.code))
    owed = found[0] if found else None
    lock = owed.locks_at if owed and owed.locks_at else locks_at(store, unit, day)
    return status_of(owed, at, at), at > lock


def show(store: Store, unit: str, day: date, at: Instant) -> Report:
    """Return the report of a unit's day as of `at`; raises NotFound where none was filed."""
    with store.reading():
        owner = find(store, unit, day)
        found = reports.revisions(store.connection, owner.code, day, at)
        if not found:
            raise NotFound("errors.report_missing", unit=owner.called, day=day)
        owed = next(iter(expected_between(store, day, day, Selection(unit=owner.code))), None)
    return Report(owner, day, status_of(owed, found[0].filed_at, at), owed, tuple(found))


@dataclass(frozen=True, slots=True)
class Restated:
    """A day whose status an administrator's act altered after it was due (R7)."""

    at: Instant
    by: str
    before: Status
    after: Status

    def said(self, zone: Zone) -> Message:
        """Return when, by whom and from what to what it was."""
        return Message(
            "report.restated_text",
            at=zone.show(self.at),
            by=self.by,
            before=Message(f"words.status_{self.before}"),
            after=Message(f"words.status_{self.after}"),
        )


def restated(store: Store, unit: str, day: date, at: Instant) -> list[Restated]:
    """Return what was restated of a unit's day by `at`, oldest first: it stays visible for ever."""
    key = [unit, day.isoformat()]
    return [
        Restated(event.at, event.real_login, Status(change[2]), Status(change[3]))
        for subject in ("days", "schedules")
        for event in events.of_subject(store.connection, subject)
        if event.at <= at
        for change in _changes(event)
        if change[:2] == key
    ]


def _changes(event: events.Event) -> list[list[str]]:
    found = event.detail.get("restated")
    return found if isinstance(found, list) else []


def listed(
    store: Store, first: date, last: date, selection: Selection, at: Instant
) -> list[Report]:
    """Return the selected units' reports filed up to `at`, by day and registry order."""
    check_range(first, last)
    by_key: dict[tuple[str, str], list[Revision]] = {}
    with store.reading():
        for revision in reports.between(store.connection, first, last, selection, at):
            by_key.setdefault((revision.day.isoformat(), revision.unit), []).append(revision)
        owners = units.by_code(store.connection, [unit for _, unit in by_key])
        owed = {(o.subject, o.unit): o for o in expected_between(store, first, last, selection)}
    found = [
        Report(
            owners[unit],
            rows[0].day,
            status_of(owed.get((day, unit)), rows[0].filed_at, at),
            owed.get((day, unit)),
            tuple(rows),
        )
        for (day, unit), rows in by_key.items()
    ]
    return sorted(found, key=lambda report: (report.day, report.unit.order))
