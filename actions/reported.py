"""The matters of a report's findings: opened with it, and found again (R15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.matters import Subject, open_within
from actions.workflows import workflows
from domain.findings import Finding
from domain.instants import Instant
from domain.matters import Matter
from domain.people import Actor
from domain.reported import matched, origin_base
from domain.reports import Revision
from storage import matters
from storage.store import Store


def open_for_findings(
    store: Store,
    actor: Actor,
    revision: Revision,
    at: Instant,
    recorded_at: Instant | None = None,
) -> list[Matter]:
    """Open a matter for each finding of a report that has none yet, inside its transaction.

    A city without a workflow for findings has its reports, and no matters of them.
    `recorded_at` is when that is done, where it is later than `at` (an import).
    """
    findings = revision.content.findings
    if not findings or "finding" not in workflows(store):
        return []
    base = origin_base(revision.unit, revision.day)
    standing = matters.of_origins(store.connection, base, recorded_at or at)
    known = matched(findings, standing)
    taken = {matter.origin for matter in standing}
    opened: list[Matter] = []
    for finding in findings:
        if finding.no in known:
            continue
        origin = f"{base}{finding.no}"
        if origin in taken:
            origin = f"{origin}@{revision.number}"
        about = Subject(
            title=finding.use or finding.location,
            place=finding.place,
            location=finding.location,
            party=finding.party,
            land_class=finding.land_class.value,
            area=finding.area,
            existed_since=finding.existed_since,
            source=finding.source,
            origin=origin,
        )
        opened.append(
            open_within(store, actor, "finding", revision.unit, about, at, recorded_at=recorded_at)
        )
    return opened


def numbers_of(
    store: Store, unit: str, day: date, findings: Sequence[Finding], at: Instant
) -> dict[int, str]:
    """Return the numbers of the matters of a report's findings, by the number of the finding."""
    if not findings:
        return {}
    known = matters.of_origins(store.connection, origin_base(unit, day), at)
    return {no: matter.number for no, matter in matched(findings, known).items()}
