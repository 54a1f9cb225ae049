"""Holding what stands in a store against its events: the first thing that does not fit.

Everything is read in one pass and in order, so memory does not grow with the store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.errors import Damaged
from domain.reports import Revision
from storage import (
    archived,
    archives,
    matters,
    proofs,
    recounting,
    reports,
    units,
    verifying_acts,
    verifying_matters,
)
from storage.connection import Connection
from storage.events import FIRST_HASH, chained
from storage.migrations import numbered, statements

FILINGS: tuple[str, ...] = ("report.file", "report.amend")
_RECEIPT = re.compile(r"R-(\d{8})-(.+)-(\d{1,9})", re.IGNORECASE | re.ASCII)
Progress = Callable[[str, int], None]
"""Told what is looked at, and how many of it have been."""


@dataclass(slots=True)
class Told:
    """What the events say altogether.

    `since` is the number of the event from which contents are proven, None where no event says
    so; `sealed` is what that event says of the rows before it. `written` is what an import says
    of its revisions, by the mark that they carry.
    """

    events: int = 0
    filings: int = 0
    since: int | None = None
    sealed: dict[str, Any] = field(default_factory=dict)
    written: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    states: dict[str, tuple[int, str]] = field(default_factory=dict)
    owed: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much was looked at and found to fit; `since` as in `Told`.

    `others` are urges, figures, letters, remarks, papers, sheets, errata and the outbox's rows.
    """

    events: int
    since: int | None
    revisions: int
    imported: int
    obligations: int
    entries: int
    others: int
    head: str
    missing: tuple[str, ...] = ()
    """The archives that are not there: what they hold could not be looked at."""


def triggers(connection: Connection) -> None:
    """Raise Damaged where a trigger that keeps the record append-only is gone or altered."""
    wanted: dict[str, str] = {}
    for _, path in numbered():
        for statement in statements(path.read_text(encoding="utf-8")):
            words = statement.split()
            if [word.upper() for word in words[:2]] == ["CREATE", "TRIGGER"]:
                wanted[words[2]] = statement
            elif [word.upper() for word in words[:2]] == ["DROP", "TRIGGER"]:
                wanted.pop(words[-1].rstrip(";"), None)
    standing: dict[str, str] = dict(
        connection.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    )
    for name, sql in wanted.items():
        if name not in standing:
            raise Damaged("audit.trigger_gone", name=name)
        if _plain(standing[name]) != _plain(sql):
            raise Damaged("audit.trigger_altered", name=name)
    for name in standing:
        if name not in wanted:
            raise Damaged("audit.trigger_foreign", name=name)


def _plain(sql: str) -> str:
    return " ".join(sql.rstrip().rstrip(";").split())


def told(connection: Connection, progress: Progress) -> tuple[Told, str]:
    """Return what the events say, and the newest hash; raises Damaged where the chain breaks."""
    found = Told()
    previous = FIRST_HASH
    for *fields, before, mark in connection.each(
        "SELECT seq, at, actor, real_login, host, action, subject, detail, previous, hash"
        " FROM events ORDER BY seq"
    ):
        expected = found.events + 1
        if fields[0] != expected:
            raise Damaged("audit.event_gone", seq=expected)
        if before != previous or chained(fields, before) != mark:
            raise Damaged("audit.event_broken", seq=expected)
        previous, found.events = mark, expected
        _take_in(found, fields)
        progress("events", expected)
    last = connection.row("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
    if last is not None and last[0] > found.events:
        raise Damaged("audit.event_gone", seq=found.events + 1)
    if not found.events:
        raise Damaged("audit.no_events")
    return found, previous


def _take_in(found: Told, fields: list[Any]) -> None:
    seq, action, body = fields[0], fields[5], fields[7]
    if action in FILINGS:
        found.filings += 1
        return
    # Only what is looked at is read: most events say nothing of this.
    if not any(
        name in body for name in ('"states"', '"owed_days"', '"written"', '"filed"', '"sealed"')
    ):
        return
    detail = json.loads(body)
    if action == "store.found" and "filed" in detail:
        found.since, found.sealed = seq, {"reports": detail["filed"]}
    elif action == proofs.SEALED:
        found.since, found.sealed = seq, detail["sealed"]
    written = detail.get("written")
    if action == "import" and written:
        found.written[written["mark"]] = (seq, written)
    for table, state in detail.get("states", {}).items():
        found.states[table] = (seq, state)
    for day, mark in detail.get("owed_days", {}).items():
        found.owed[day] = (seq, mark)


def check_reports(connection: Connection, found: Told, progress: Progress) -> tuple[int, int]:
    """Hold every revision against the event that wrote it; return how many, and how many imported.

    Raises Damaged for a revision that no event tells of or that says something else, and for an
    event whose revision is gone.
    """
    imports = {mark: proofs.Digest() for mark in found.written}
    before = proofs.Digest()
    count = imported = filed = 0
    for revision, mark in reports.every(connection):
        count += 1
        if mark in imports:
            imports[mark].add(proofs.whole_of(revision))
            imported += 1
        elif revision.imported:
            before.add(proofs.whole_of(revision))
            imported += 1
        else:
            seq = check_filing(connection, revision)
            if seq is not None and seq > (found.since or 0):
                filed += 1
            else:
                # Written before contents were proven, or what a demo begins with.
                before.add(proofs.whole_of(revision))
        progress("reports", count)
    if connection.without:
        # What was imported or sealed may lie in an archive that is missing, and nobody can tell.
        gone = sum(archived.filings_of(connection, year) for year in connection.without)
        found.filings -= gone
        if filed != found.filings - int(found.sealed.get("filings", 0)) and found.since == 1:
            raise Damaged("audit.report_gone", receipt=_gone(connection, found))
        return count, imported
    for mark, digest in imports.items():
        seq, said = found.written[mark]
        if (digest.count, digest.text()) != (said["count"], said["digest"]):
            raise Damaged("audit.import_differs", seq=seq, said=said["count"], count=digest.count)
    sealed = found.sealed.get("reports")
    if sealed is not None and before.detail() != sealed:
        raise Damaged(
            "audit.sealed_differs", seq=found.since, said=sealed["count"], count=before.count
        )
    told_filings = found.filings - int(found.sealed.get("filings", 0))
    if filed != told_filings:
        raise Damaged("audit.report_gone", receipt=_gone(connection, found))
    return count, imported


def check_filing(connection: Connection, revision: Revision) -> int | None:
    """Hold a revision against the event of its filing; return the event's number, None without.

    Raises Damaged where the event says something else, or is not what its own hash says.
    """
    row = connection.row(
        "SELECT seq, at, actor, real_login, host, action, subject, detail, previous, hash"
        " FROM events WHERE subject = ? AND action IN (?, ?) ORDER BY seq DESC LIMIT 1",
        (revision.receipt, *FILINGS),
    )
    if row is None:
        return None
    *fields, before, mark = row
    seq, at, actor, real_login, body = *fields[:4], fields[7]
    if chained(fields, before) != mark:
        raise Damaged("audit.event_broken", seq=seq)
    by = (revision.filed_at, revision.filed_by, revision.keyed_by)
    detail = json.loads(body)
    facts = proofs.said(revision)
    if not isinstance(detail.get("findings"), list):
        facts["findings"] = len(revision.content.findings)
    if by != (at, actor, real_login) or any(detail.get(key) != facts[key] for key in facts):
        raise Damaged("audit.report_differs", receipt=revision.receipt, seq=seq)
    return int(seq)


def _gone(connection: Connection, found: Told) -> str:
    """Return the receipt of the first filing whose revision is not there."""
    for (receipt,) in connection.each(
        "SELECT subject FROM events WHERE action IN (?, ?) AND seq > ? ORDER BY seq",
        (*FILINGS, found.since or 0),
    ):
        day, unit, number = parse_receipt(receipt)
        if day.year in connection.without:
            continue
        there = archives.holding(connection, day.isoformat()).row(
            "SELECT 1 FROM reports WHERE date = ? AND unit = ? AND revision = ?",
            (day.isoformat(), unit, number),
        )
        if there is None:
            return str(receipt)
    return "?"


def parse_receipt(receipt: str) -> tuple[date, str, int]:
    """Return (day, unit code, revision) of a receipt number; raises ValueError for other text."""
    match = _RECEIPT.fullmatch(receipt)
    if match is None:
        raise ValueError(receipt)
    return date.fromisoformat(match[1]), match[2], int(match[3])


def check_obligations(connection: Connection, found: Told, progress: Progress) -> int:
    """Hold the days on which reports are owed against the events; return how many there are."""
    for part in archives.parts(connection):
        row = part.connection.row(
            "SELECT o.subject, o.unit FROM obligations AS o LEFT JOIN reports AS r"
            " ON r.date = o.subject AND r.unit = o.unit AND r.revision = 1"
            " WHERE o.kind = 'report' AND o.discharged_at IS NOT r.filed_at"
            " AND o.subject BETWEEN ? AND ? LIMIT 1",
            (part.first, part.last),
        )
        if row is not None:
            raise Damaged("audit.discharge_differs", day=row[0], unit=row[1])
    count = 0
    left = dict(found.owed)
    for day, digest, owed in proofs.day_digests(connection):
        count += owed
        seq, mark = left.pop(day, (0, ""))
        if digest != mark and found.since is not None:
            raise Damaged("audit.day_differs", day=day, seq=seq, count=owed)
        progress("obligations", count)
    for day, (seq, mark) in left.items():
        if int(day[:4]) in connection.without:
            continue
        if mark != proofs.day_digest(connection, day):
            raise Damaged("audit.day_differs", day=day, seq=seq, count=0)
    return count


def check_registry(connection: Connection, found: Told) -> None:
    """Hold the tables of the registry against the newest event that tells of each."""
    for table, (seq, mark) in found.states.items():
        if table in proofs.REGISTRY and proofs.state(connection, table) != mark:
            raise Damaged("audit.registry_differs", table=table, seq=seq)
    # What units are found by follows from the units.
    folded = sorted(
        (name, unit.code)
        for unit in units.selected(connection, units.Selection())
        for name in {name.lower() for name in unit.names()}
    )
    if folded != connection.rows("SELECT name, unit FROM unit_names ORDER BY name, unit"):
        raise Damaged(
            "audit.registry_differs", table="unit_names", seq=found.states.get("units", (1,))[0]
        )


def verify(connection: Connection, progress: Progress) -> Verdict:
    """Hold the whole store against its events; raises Damaged naming the first that differs."""
    triggers(connection)
    found, head = told(connection, progress)
    missing = archived.check(connection, progress)
    with archives.passing_over(connection, frozenset(missing)):
        revisions, imported = check_reports(connection, found, progress)
        owed = check_obligations(connection, found, progress)
        wrong = recounting.contradictions(connection)
    entries = verifying_matters.check(
        connection, found.since, found.sealed.get("matters"), progress
    )
    others = verifying_acts.check(connection)
    check_registry(connection, found)
    if wrong:
        raise Damaged("audit.sums_differ", period=wrong[0])
    files = tuple(missing.values())
    return Verdict(
        found.events, found.since, revisions, imported, owed, entries, others, head, files
    )


def unproven(connection: Connection) -> dict[str, Any]:
    """Return what a seal says of rows that older programs wrote, whose events say less."""
    digest = proofs.Digest()
    for revision, _ in reports.every(connection):
        digest.add(proofs.whole_of(revision))
    row = connection.row("SELECT COUNT(*) FROM events WHERE action IN (?, ?)", FILINGS)
    assert row is not None
    entries = proofs.Digest()
    for (number,) in connection.each("SELECT number FROM matters ORDER BY number"):
        matter = matters.get(connection, number)
        assert matter is not None
        for entry in connection.rows(
            "SELECT seq, at, login, real_login, act, step, text, detail FROM matter_entries"
            " WHERE matter = ? ORDER BY seq",
            (number,),
        ):
            entries.add([number, *entry])
            if entry[0] == 1:
                entries.add(matters.as_row(matter))
    for day, _, _ in proofs.day_digests(connection):
        connection.days_changed.add(day)
    return {"reports": digest.detail(), "filings": row[0], "matters": entries.detail()}
