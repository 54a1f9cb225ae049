"""Holding what is added row by row against the events that tell of each row.

Urges, entered figures, letters, remarks, papers, sealed sheets with their errata, and the outbox.
Whatever the events say is looked for, and nothing else may be there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.errors import Damaged
from domain.outbox import ENDED, Act, Entry, fold
from storage import assessing, checklists, outbox, papers, sheets, targets, urges
from storage.connection import Connection, Row

_TABLES = (
    "entered_figures",
    "letters",
    "remarks",
    "papers",
    "paper_versions",
    "sheets",
    "errata",
    "outbox",
    "outbox_entries",
    "checklist",
)


class _Looking:
    """A pass through the events: how many rows of each table they have told of."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.counts = dict.fromkeys(_TABLES, 0)
        self.fired: dict[int, tuple[int, int, object]] = {}

    def row(self, table: str, columns: str, key: Mapping[str, object], seq: int, said: Row) -> None:
        """Hold one row against what its event says of it, column by column."""
        among = " AND ".join(f"{name} = ?" for name in key)
        found = self.connection.row(
            f"SELECT {columns} FROM {table} WHERE {among}", tuple(key.values())
        )
        self.counts[table] += 1
        if found is None or tuple(found) != tuple(said):
            name = "/".join(str(value) for value in key.values() if value != "")
            raise Damaged("audit.row_differs", table=table, row=name, seq=seq)


def check(connection: Connection) -> int:
    """Hold all of it against the events; return how many rows there are.

    Raises Damaged naming the first row that differs.
    """
    looking = _Looking(connection)
    actions = tuple(_TOLD)
    marks = ", ".join("?" * len(actions))
    for seq, at, actor, real_login, action, subject, body in connection.each(
        "SELECT seq, at, actor, real_login, action, subject, detail FROM events"
        f" WHERE action IN ({marks}) ORDER BY seq",
        actions,
    ):
        _TOLD[action](looking, _Event(seq, at, actor, real_login, subject, json.loads(body)))
    urged = _check_urges(looking)
    _check_ended(connection)
    for table, said in looking.counts.items():
        found = connection.row(f"SELECT COUNT(*) FROM {table}")
        assert found is not None
        if found[0] != said:
            raise Damaged("audit.rows_foreign", table=table, count=found[0], said=said)
    return urged + sum(looking.counts.values())


class _Event:
    """An event as the checks below take it."""

    __slots__ = ("actor", "at", "detail", "real_login", "seq", "subject")

    def __init__(
        self, seq: int, at: int, actor: str, real_login: str, subject: str, detail: dict[str, Any]
    ) -> None:
        self.seq, self.at, self.actor, self.real_login = seq, at, actor, real_login
        self.subject, self.detail = subject, detail

    @property
    def by(self) -> tuple[int, str, str]:
        """Return when it was, who by right and who at the keyboard: the end of many rows."""
        return self.at, self.actor, self.real_login


def _figure(looking: _Looking, event: _Event) -> None:
    said = event.detail
    key = {
        "year": said["year"],
        "unit": event.subject,
        "figure": said["figure"],
        "revision": said["revision"],
    }
    row = (*key.values(), said["value"], said["source"], said["as_of"], said["note"], *event.by)
    looking.row("entered_figures", targets.FIGURE_COLUMNS, key, event.seq, row)


def _letter(looking: _Looking, event: _Event) -> None:
    said = event.detail
    key = {"year": said["year"], "unit": event.subject, "revision": said["revision"]}
    promises = json.dumps(said["promises"], sort_keys=True)
    row = (*key.values(), said["signed_on"], said["signed_by"], said["text"], promises, *event.by)
    looking.row("letters", targets.LETTER_COLUMNS, key, event.seq, row)


def _remark(looking: _Looking, event: _Event) -> None:
    said = event.detail
    key = {
        "period": said["period"],
        "unit": event.subject,
        "figure": said["figure"],
        "subject": said["row"],
        "seq": said["seq"],
    }
    row = (*key.values(), said["text"], *event.by)
    looking.row("remarks", assessing.COLUMNS, key, event.seq, row)


def _checked(looking: _Looking, event: _Event) -> None:
    for item, revision, _, said in event.detail["changes"]:
        key = {"unit": event.subject, "item": item, "revision": revision}
        row = (*key.values(), *said, *event.by)
        looking.row("checklist", checklists.COLUMNS, key, event.seq, row)


def _paper(looking: _Looking, event: _Event) -> None:
    said = event.detail
    row = (event.subject, said["kind"], said["about"], event.at, event.actor)
    looking.row("papers", papers.COLUMNS, {"number": event.subject}, event.seq, row)


def _version(looking: _Looking, event: _Event) -> None:
    said = event.detail
    key = {"paper": event.subject, "version": said["version"]}
    row = (said["version"], *event.by, said["language"], said["template"], said["content"])
    looking.row("paper_versions", papers.VERSION_COLUMNS, key, event.seq, row)


def _sheet(looking: _Looking, event: _Event) -> None:
    """Hold a sealed sheet against its event, and the errata that it published against it."""
    said, day, connection = event.detail, event.subject, looking.connection
    row = (said["number"], event.at, event.actor, said["hash"])
    looking.row("sheets", sheets.SEAL_COLUMNS, {"date": day}, event.seq, row)
    if "mark" in said:
        looking.row("sheets", "mark", {"date": day}, event.seq, (said["mark"],))
        looking.counts["sheets"] -= 1
    content = sheets.content(connection, day)
    if sheets.hash_of(content) != said["hash"]:
        raise Damaged("audit.row_differs", table="sheets", row=day, seq=event.seq)
    wanted = sheets.errata_rows(json.loads(content))
    looking.counts["errata"] += len(wanted)
    if sheets.published(connection, day) != wanted:
        raise Damaged("audit.row_differs", table="errata", row=day, seq=event.seq)


def _queued(looking: _Looking, event: _Event) -> None:
    """Hold messages, their steps and the first entry of each against the event of queueing."""
    ids: Sequence[int] = event.detail["messages"]
    looking.counts["outbox"] += len(ids)
    texts = event.detail.get("texts")
    if texts is not None and outbox.digest_of(looking.connection, ids) != texts:
        raise Damaged("audit.row_differs", table="outbox", row=str(ids[0]), seq=event.seq)
    for id_ in ids:
        _entry(looking, event, id_, 1, event.at, Act.QUEUED.value)


def _acted(looking: _Looking, event: _Event) -> None:
    said = event.detail
    id_ = int(event.subject.removeprefix("outbox/"))
    if "entry" not in said:
        # Of an older program: that it was, and no more.
        looking.counts["outbox_entries"] += 1
        return
    number, at = said["entry"]
    _entry(looking, event, id_, number, at, said["act"], said["problem"], said["next_at"])


def _entry(
    looking: _Looking,
    event: _Event,
    id_: int,
    number: int,
    at: int,
    act: str,
    problem: str = "",
    next_at: int | None = None,
) -> None:
    row = (at, event.actor, act, problem, next_at)
    key = {"message": id_, "seq": number}
    looking.row("outbox_entries", "at, login, act, problem, next_at", key, event.seq, row)


def _urged(looking: _Looking, event: _Event) -> None:
    said = event.detail
    _, rungs, _ = looking.fired.get(event.at, (0, 0, None))
    looking.fired[event.at] = (event.seq, rungs + said["rungs"], said.get("fired"))


_TOLD: dict[str, Callable[[_Looking, _Event], None]] = {
    "target.enter": _figure,
    "target.promise": _letter,
    "assess.remark": _remark,
    "checklist.say": _checked,
    "paper.number": _paper,
    "paper.make": _version,
    "sheet.seal": _sheet,
    "outbox.queue": _queued,
    "outbox.act": _acted,
    "urge": _urged,
}
"""The actions that add such rows, each with what holds the rows against its event."""


def _check_urges(looking: _Looking) -> int:
    """Hold what fired at each instant against the ladder's run of that instant; return how many."""
    count = 0
    left = dict(looking.fired)
    for at, digest in urges.digests(looking.connection):
        seq, rungs, said = left.pop(at, (0, 0, None))
        count += rungs
        if digest["count"] != rungs or said not in (None, digest):
            raise Damaged("audit.urges_differ", seq=seq, count=digest["count"], said=rungs)
    for seq, rungs, _ in left.values():
        raise Damaged("audit.urges_differ", seq=seq, count=0, said=rungs)
    return count


def _check_ended(connection: Connection) -> None:
    """Hold what says that nobody waits for a message any more against what became of it."""
    told: list[tuple[int, int | None, Entry]] = []
    for id_, ended_at, *row in connection.each(
        "SELECT o.id, o.ended_at, e.seq, e.at, e.login, e.act, e.problem, e.next_at"
        " FROM outbox AS o INNER JOIN outbox_entries AS e ON e.message = o.id"
        " ORDER BY o.id, e.seq"
    ):
        if told and told[0][0] != id_:
            _check_message(told)
            told.clear()
        seq, at, login, act, problem, next_at = row
        told.append((id_, ended_at, Entry(seq, at, login, Act(act), problem, next_at)))
    if told:
        _check_message(told)


def _check_message(told: Sequence[tuple[int, int | None, Entry]]) -> None:
    id_, ended_at, last = told[-1]
    standing = fold([entry for _, _, entry in told], last.at)
    ended = standing is not None and standing.state in ENDED
    if ended_at != (last.at if ended else None):
        raise Damaged("audit.ending_differs", id=id_)
