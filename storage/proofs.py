"""What events say of the rows they wrote, so that a later change of a row contradicts its event.

A filing's event has the whole report. A table of the registry is proven by the digest of all its
rows, which every event that changes it carries; the days on which reports are owed by the digest
of a running sum, so that one filing never costs a look at all of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from domain.findings import Finding
from domain.obligations import Obligation
from domain.reports import Revision
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

_SUM_BYTES = 256
_SUM_LIMIT = 1 << (8 * _SUM_BYTES)


def line(values: Sequence[object]) -> bytes:
    """Return values as one line of canonical JSON."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


class Digest:
    """The SHA-256 of rows one after another, and how many they are."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.count = 0

    def add(self, values: Sequence[object]) -> None:
        """Take in one row."""
        self._hash.update(line(values))
        self.count += 1

    def text(self) -> str:
        """Return the digest so far, 64 hexadecimal digits."""
        return self._hash.hexdigest()

    def detail(self) -> dict[str, object]:
        """Return the count and the digest as an event carries them."""
        return {"count": self.count, "digest": self.text()}


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


def sum_of(rows: Iterable[Obligation]) -> int:
    """Return the sum of report obligations, in any order: what they say save their discharge.

    When a day was discharged, its report proves. The sum is of 2048 bits, so that no other
    obligations can be made up that come to the same.
    """
    total = 0
    for row in rows:
        fields = (
            row.subject,
            row.unit,
            row.opened_at,
            row.due_at,
            row.missed_at,
            row.locks_at,
            int(row.exempt),
            row.rule,
        )
        total += int.from_bytes(hashlib.shake_256(line(fields)).digest(_SUM_BYTES), "big")
    return total % _SUM_LIMIT


def added(total: int, more: int, less: int = 0) -> int:
    """Return a sum with others added to it and taken from it."""
    return (total + more - less) % _SUM_LIMIT


def sum_text(total: int) -> str:
    """Return the digest of a sum as an event carries it."""
    return hashlib.sha256(total.to_bytes(_SUM_BYTES, "big")).hexdigest()
