"""Which finding of a report is which matter, whatever amendments have done to it (R5, R15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.findings import Finding
from domain.matters import Matter


def origin_base(unit: str, day: date) -> str:
    """Return how the origin of every matter of a unit's day begins."""
    return f"{day.isoformat()}/{unit}/"


def matched(findings: Sequence[Finding], known: Sequence[Matter]) -> dict[int, Matter]:
    """Return the matters of a report's findings by their number; a finding without one is new.

    `known` are the matters that the report has opened so far. A finding at the same location is
    the same, wherever it stands now; of the others, one that stands where it stood is the same
    with its words amended.
    """
    left = list(known)
    found: dict[int, Matter] = {}
    for finding in findings:
        for matter in left:
            if (matter.place, matter.location) == (finding.place, finding.location):
                found[finding.no] = matter
                left.remove(matter)
                break
    for finding in findings:
        for matter in left:
            if finding.no not in found and _number(matter.origin) == finding.no:
                found[finding.no] = matter
                left.remove(matter)
                break
    return found


def _number(origin: str) -> int:
    """Return the number that a finding had when its matter was opened."""
    return int(origin.rpartition("/")[2].partition("@")[0])
