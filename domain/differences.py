"""What an amendment changed: two revisions of a report, fact by fact (R5)."""

from __future__ import annotations

from dataclasses import fields

from domain.findings import FINDING_FIELDS, Finding
from domain.reports import Content
from domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that two revisions tell differently; None where one of them tells none.

    `fact` is a field of the report, or of the finding numbered `finding`; the fact `finding` is a
    finding that only one of them has, told by its location.
    """

    fact: str
    before: object
    after: object
    finding: int | None = None


def differences(before: Content, after: Content) -> list[Difference]:
    """Return what `after` says otherwise than `before`: the report's own facts, then findings."""
    found = [
        Difference(field.name, getattr(before, field.name), getattr(after, field.name))
        for field in fields(Content)
        if field.name != "findings" and getattr(before, field.name) != getattr(after, field.name)
    ]
    old = {finding.no: finding for finding in before.findings}
    new = {finding.no: finding for finding in after.findings}
    for no in sorted(old.keys() | new.keys()):
        found += _of_finding(no, old.get(no), new.get(no))
    return found


def _of_finding(no: int, old: Finding | None, new: Finding | None) -> list[Difference]:
    if old is None or new is None:
        return [Difference("finding", old and old.location, new and new.location, no)]
    return [
        Difference(name, getattr(old, name), getattr(new, name), no)
        for name in FINDING_FIELDS
        if getattr(old, name) != getattr(new, name)
    ]
