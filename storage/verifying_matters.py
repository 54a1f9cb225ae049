"""Holding matters against their events: entries, steps, suspensions, and when each was closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.errors import Damaged
from domain.instants import Instant
from domain.matters import Act, Entry, Matter, ends, subject
from domain.workflows import Workflow
from storage import matters, proofs, workflows
from storage import steps as step_rows
from storage.connection import Connection, Row

Progress = Callable[[str, int], None]


def check(
    connection: Connection,
    since: int | None,
    sealed: Mapping[str, Any] | None,
    progress: Progress,
) -> int:
    """Hold every matter and what follows from its entries against the events.

    `sealed` is what the event `since` says of entries whose own events say less. Returns how many
    entries there are; raises Damaged.
    """
    before = proofs.Digest()
    flows = workflows.workflows(connection)
    count = 0
    for (number,) in connection.each("SELECT number FROM matters ORDER BY number"):
        count += _check_matter(connection, flows, number, before)
        progress("matters", count)
    if sealed is not None and before.detail() != sealed:
        raise Damaged("audit.matters_sealed_differ", seq=since)
    gone = connection.row(
        "SELECT e.subject FROM events AS e WHERE e.action = 'matter.open' AND NOT EXISTS"
        " (SELECT 1 FROM matters AS m WHERE m.number = e.subject) ORDER BY e.seq LIMIT 1"
    )
    if gone is not None:
        raise Damaged("audit.matter_gone", number=gone[0])
    for key, sql in _STRAY.items():
        stray = connection.row(sql)
        if stray is not None:
            raise Damaged(key, number=stray[0], step=stray[0])
    return count


_STRAY = {
    "audit.suspension_differs": "SELECT s.matter FROM matter_suspensions AS s WHERE NOT EXISTS"
    " (SELECT 1 FROM matters AS m WHERE m.number = s.matter) LIMIT 1",
    "audit.step_differs": "SELECT o.subject FROM obligations AS o WHERE o.kind = 'step'"
    " AND NOT EXISTS (SELECT 1 FROM matters AS m WHERE m.number = o.matter) LIMIT 1",
}
"""What belongs to no matter at all, by how that is told of."""


@dataclass(slots=True)
class _Ends:
    """What the events of a matter say of its end, and of who owes its steps.

    `ends` are the numbers of the entries that closed it, `unsaid` of those whose events, by an
    older program, do not say; `owed` is the unit and the rule of a step's obligation.
    """

    ends: set[int] = field(default_factory=set)
    unsaid: set[int] = field(default_factory=set)
    owed: dict[str, tuple[str, str]] = field(default_factory=dict)


def _check_matter(
    connection: Connection, flows: Mapping[str, Workflow], number: str, before: proofs.Digest
) -> int:
    matter = matters.get(connection, number)
    assert matter is not None
    rows = connection.rows(
        "SELECT seq, at, login, real_login, act, step, text, detail FROM matter_entries"
        " WHERE matter = ? ORDER BY seq",
        (number,),
    )
    told_of = connection.rows(
        "SELECT seq, actor, real_login, action, detail FROM events WHERE subject = ?"
        " AND action LIKE 'matter.%' ORDER BY seq",
        (number,),
    )
    if len(rows) != len(told_of):
        raise Damaged("audit.matter_differs", number=number, entry=min(len(rows), len(told_of)) + 1)
    said = _Ends()
    for row, event in zip(rows, told_of, strict=True):
        _check_entry(matter, row, event, before)
        detail = json.loads(event[4])
        if "ends" not in detail:
            said.unsaid.add(row[0])
        elif detail["ends"]:
            said.ends.add(row[0])
        said.owed |= {name: (unit, rule) for name, unit, rule in detail.get("owed", ())}
    entries = matters.entries(connection, number)
    _check_suspensions(connection, number, entries)
    _check_steps(connection, matter, flows.get(matter.workflow), entries, said)
    return len(rows)


def _check_entry(matter: Matter, row: Row, event: Row, before: proofs.Digest) -> None:
    seq, actor, real_login, action, body = event
    detail = json.loads(body)
    if "entry" not in detail:
        before.add([matter.number, *row])
        if row[0] == 1:
            before.add(matters.as_row(matter))
    fits = (actor, real_login, action) == (row[2], row[3], f"matter.{row[4]}") and (
        detail.get("step"),
        detail.get("text"),
    ) == (row[5], row[6])
    if "entry" in detail:
        fits = fits and detail["entry"] == [row[0], row[1], row[7]]
        if detail.get("matter") is not None:
            fits = fits and detail["matter"] == list(matters.as_row(matter))
    if not fits:
        raise Damaged("audit.entry_differs", number=matter.number, entry=row[0], seq=seq)


def _check_suspensions(connection: Connection, number: str, entries: Sequence[Entry]) -> None:
    """Hold the days on which a matter's clocks stand still against its entries."""
    wanted = [
        (entry.seq, entry.at, entry.suspension.first.isoformat(), entry.suspension.last.isoformat())
        for entry in entries
        if entry.suspension is not None
    ]
    standing = connection.rows(
        "SELECT seq, recorded_at, first, last FROM matter_suspensions WHERE matter = ?"
        " ORDER BY seq",
        (number,),
    )
    if [tuple(row) for row in standing] != wanted:
        raise Damaged("audit.suspension_differs", number=number)


def _check_steps(
    connection: Connection,
    matter: Matter,
    flow: Workflow | None,
    entries: Sequence[Entry],
    said: _Ends,
) -> None:
    """Hold the obligations of a matter's steps, and when it was closed, against its entries."""
    story = _Story(matter.number)
    for entry in entries:
        # Where its own event does not say so, the workflow as it stands does.
        by_flow = entry.seq in said.unsaid and flow is not None and ends(flow, entry)
        story.tell(entry, entry.seq in said.ends or by_flow)
    wanted = {name: (*dates, story.done.get(name)) for name, dates in story.owed.items()}
    rows = step_rows.of_matter(connection, matter.number)
    standing = {
        row.subject: (row.opened_at, row.first_due_at, row.due_at, row.discharged_at)
        for row in rows
    }
    for name in sorted(standing.keys() | wanted.keys()):
        if standing.get(name) != wanted.get(name):
            raise Damaged("audit.step_differs", step=name)
    for row in rows:
        if said.owed.get(row.subject, (row.unit, row.rule)) != (row.unit, row.rule):
            raise Damaged("audit.step_differs", step=row.subject)
    found = connection.row("SELECT closed_at FROM matters WHERE number = ?", (matter.number,))
    assert found is not None
    if found[0] != story.closed_at:
        raise Damaged("audit.closing_differs", number=matter.number)


class _Story:
    """What a matter's entries say: what its steps owe, since when that is done, and its end.

    `owed` has opening, first due instant and due instant by the name of the obligation.
    """

    def __init__(self, number: str) -> None:
        self.owed: dict[str, tuple[Instant, Instant, Instant]] = {}
        self.done: dict[str, Instant] = {}
        self.closed_at: Instant | None = None
        self._number = number
        self._rounds: dict[str, str] = {}
        self._running: set[str] = set()

    def tell(self, entry: Entry, closing: bool) -> None:
        """Take in the next entry."""
        if entry.act in (Act.DONE, Act.RETURN):
            self._finish({self._rounds.get(entry.step, "")}, entry.at)
        if entry.act is Act.REOPEN:
            self.closed_at = None
        if closing:
            self.closed_at = entry.at
            self._finish(set(self._running), entry.at)
        for step, due_at in entry.dues.items():
            name = self._rounds.get(step, "")
            if name in self.owed:
                self.owed[name] = (*self.owed[name][:2], due_at)
        for start in entry.starts:
            name = subject(self._number, start.step, start.round)
            self._rounds[start.step] = name
            self._running.add(name)
            if start.due_at is not None:
                self.owed[name] = (entry.at, start.due_at, start.due_at)

    def _finish(self, names: set[str], at: Instant) -> None:
        self._running -= names
        self.done |= dict.fromkeys(names, at)
