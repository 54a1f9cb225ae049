"""What events say of the rows they wrote, so that a later change of a row contradicts its event.

A filing's event has the whole report. A table of the registry is proven by the digest of all its
rows, which every event that changes it carries; what is owed for a day by the digest of that day.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from domain.findings import Finding
from domain.reports import Revision
from storage.archives import holding, parts
from storage.columns import day_text
from storage.connection import Connection, Row
from storage.reports import as_row, finding_row

REGISTRY: dict[str, str] = {
    "units": "SELECT code, name, kind, name_en, short, parent, valid_from, valid_to, aliases,"
    " source, position FROM units ORDER BY code",
    "links": "SELECT network, source, target, valid_from, valid_to FROM links ORDER BY position",
    "people": "SELECT login, name, unit, role, phone, email, valid_from, valid_to FROM people"
    " ORDER BY position",
    "stand_ins": "SELECT login, absent, first, last FROM stand_ins ORDER BY login, absent, first",
    "schedules": "SELECT unit, days, cutoff, late_until, valid_from, valid_to FROM schedules"
    " ORDER BY position",
    "exemptions": "SELECT unit, first, last, reason, approved_by FROM exemptions ORDER BY position",
    "duties": "SELECT unit, duty, duty_en, source FROM duties ORDER BY position",
    "limits": "SELECT workflow, step, after, amount, unit, effective_from, effective_to, source,"
    " status, roll FROM limits ORDER BY position",
    "rules": "SELECT key, value FROM meta WHERE key IN ('rules', 'starts', 'workflows')"
    " ORDER BY key",
}
"""The proven tables with the rows that count, in an order of their own."""

SEALED: str = "audit.seal"
"""The action by which what older programs wrote is sealed."""

CHANGES: dict[str, tuple[str, ...]] = {
    "store.found": tuple(REGISTRY),
    SEALED: tuple(REGISTRY),
    "units.save": ("units",),
    "links.save": ("links",),
    "people.save": ("people",),
    "people.stand_in": ("stand_ins",),
    "schedules.save": ("schedules",),
    "exemptions.save": ("exemptions",),
    "exemptions.withdraw": ("exemptions",),
    "limits.save": ("limits",),
    "rules.adopt": ("rules",),
    "workflows.save": ("rules",),
}
"""The tables that an action changes: its event carries their digests."""

_CODE = ("utf-8", "surrogatepass")
_TOGETHER = 256
_FEW_DAYS = 7
"""Days that are read one by one, wherever they lie."""


def line(values: Sequence[object]) -> bytes:
    """Return values as one line of canonical JSON."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode(*_CODE) + b"\n"


class Digest:
    """The SHA-256 of rows in their order, and how many they are.

    Rows are taken in so many at a time, by column where they have equally many.
    """

    def __init__(self) -> None:
        import hashlib

        self._hash = hashlib.sha256()
        self._waiting: list[Sequence[object]] = []
        self.count = 0

    def add(self, values: Sequence[object]) -> None:
        """Take in one row."""
        self.add_all((values,))

    def add_all(self, rows: Sequence[Sequence[object]]) -> None:
        """Take in rows."""
        self.count += len(rows)
        self._waiting += rows
        full = len(self._waiting) // _TOGETHER * _TOGETHER
        for begin in range(0, full, _TOGETHER):
            self._hash.update(_block(self._waiting[begin : begin + _TOGETHER]))
        del self._waiting[:full]

    def text(self) -> str:
        """Return the digest so far, 64 hexadecimal digits."""
        found = self._hash.copy()
        if self._waiting:
            found.update(_block(self._waiting))
        return found.hexdigest()

    def detail(self) -> dict[str, object]:
        """Return the count and the digest as an event carries them."""
        return {"count": self.count, "digest": self.text()}


def _block(rows: Sequence[Sequence[object]]) -> bytes:
    """Return rows as bytes from which they could be read again."""
    if len(set(map(len, rows))) > 1:
        return b"".join([b"r", *map(line, rows)])
    found: list[bytes] = []
    for column in zip(*rows, strict=True):
        if column.count(column[0]) == len(column):
            found += [b"s", line(column[:1])]
            continue
        kinds = set(map(type, column))
        if kinds == {str}:
            # The texts after the lengths of all: nothing can move from one to the next.
            found += [b"t", _numbers(map(len, column)), "".join(column).encode(*_CODE)]
        elif kinds == {int}:
            found += [b"n", _numbers(column)]
        else:
            found += [b"j", line(column)]
    return b"".join(found)


def _numbers(values: Iterable[int]) -> bytes:
    """Return whole numbers as eight bytes each, on every machine in the same order."""
    numbers = array("q", values)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def states(connection: Connection, action: str) -> dict[str, str]:
    """Return the digests of the tables that an action changes, as they stand now."""
    return {name: state(connection, name) for name in CHANGES.get(action, ())}


def state(connection: Connection, table: str) -> str:
    """Return the digest of all rows of a proven table."""
    digest = Digest()
    for row in connection.each(REGISTRY[table]):
        digest.add(row)
    return digest.text()


def said(revision: Revision) -> dict[str, object]:
    """Return all that a revision says, as the event of its filing carries it.

    Who filed when stands in the event itself.
    """
    content = revision.content
    return {
        "kind": content.kind.value,
        "summary": content.summary,
        "areas": [content.areas_patrolled, content.areas_planned],
        "findings": [_finding(finding) for finding in content.findings],
        "reason": revision.reason,
        "after_lock": revision.after_lock,
    }


def _finding(finding: Finding) -> dict[str, object]:
    found: dict[str, Any] = {
        "no": finding.no,
        "location": finding.location,
        "land_class": finding.land_class.value,
        "area": finding.area,
        "place": finding.place,
        "party": finding.party,
        "cultivated_area": finding.cultivated_area,
        "basic_farmland_area": finding.basic_farmland_area,
        "use": finding.use,
        "existed_since": day_text(finding.existed_since),
        "conforms_plan": finding.conforms_plan,
        "approved": finding.approved,
        "key_project": finding.key_project,
        "source": finding.source,
        "same_as": finding.same_as,
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def whole(row: Row, findings: Iterable[Finding]) -> Row:
    """Return a revision, in the order of `storage.reports.COLUMNS`, as a digest of many takes it.

    The last column, by which import it came, is the digest's own and is left out.
    """
    return (*row[:-1], [finding_row(finding) for finding in findings])


def whole_of(revision: Revision) -> Row:
    """Return `whole` of a revision."""
    return whole(as_row(revision), revision.content.findings)


def day_digest(connection: Connection, day: str) -> str:
    """Return the digest of the reports owed for an ISO day: who, when, by which rule, exempt.

    When each was discharged is no part of it: that its report proves. Most of a day's reports are
    owed on the same terms: of those the units alone are read.
    """
    connection = holding(connection, day)
    owed = "FROM obligations WHERE kind = 'report' AND subject = ?"
    first = connection.row(f"SELECT {_TERMS} {owed} ORDER BY unit LIMIT 1", (day,))
    if first is None:
        return _digest_of(())
    # Not by `NOT`: what compares with nothing, where a row was spoilt, differs too.
    same = " AND ".join(f"{name} = ?" for name in _TERMS.split(", "))
    others = {
        row[0]: _OWED_LINE % row
        for row in connection.rows(
            f"SELECT {_OWED} {owed} AND CASE WHEN {same} THEN 0 ELSE 1 END = 1", (day, *first)
        )
    }
    units = [unit for (unit,) in connection.rows(f"SELECT unit {owed} ORDER BY unit", (day,))]
    usual = _OWED_LINE.removeprefix("%s") % first
    if others:
        return _digest_of_text("\n".join([others.get(unit) or unit + usual for unit in units]))
    return _digest_of_text(f"{usual}\n".join(units) + usual)


def digests_of(connection: Connection, days: Set[str]) -> dict[str, str]:
    """Return the digests of some days; many days in a row are read at once."""
    first, last = min(days), max(days)
    apart = (date.fromisoformat(last) - date.fromisoformat(first)).days
    if len(days) <= _FEW_DAYS or apart >= 2 * len(days):
        return {day: day_digest(connection, day) for day in sorted(days)}
    found = dict.fromkeys(sorted(days), _digest_of(()))
    found |= {day: digest for day, digest, _ in day_digests(connection, first, last) if day in days}
    return found


def day_digests(
    connection: Connection, first: str = "", last: str = "9999-12-31"
) -> Iterator[tuple[str, str, int]]:
    """Yield the days from `first` to `last` for which reports are owed: digest, and how many."""
    rows = (
        row
        for part in parts(connection, first, last)
        for row in part.connection.each(
            f"SELECT subject, {_OWED} FROM obligations WHERE kind = 'report'"
            " AND subject BETWEEN ? AND ? ORDER BY subject, unit",
            (part.first, part.last),
        )
    )
    for day, group in groupby(rows, itemgetter(0)):
        owed = [row[1:] for row in group]
        yield day, _digest_of(owed), len(owed)


_TERMS = "opened_at, due_at, missed_at, locks_at, exempt, rule"
_OWED = f"unit, {_TERMS}"
_OWED_LINE = "\t".join("%s" for _ in _OWED.split(", "))


def _digest_of(rows: Iterable[Row]) -> str:
    # Codes and rules hold no control characters, numbers none anyway: nothing can run together.
    return _digest_of_text("\n".join([_OWED_LINE % row for row in rows]))


def _digest_of_text(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
