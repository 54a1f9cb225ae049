"""The matters of a report's findings: opened with it, found again, or seen to be the same (R15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.matter_recording import end, entry_after, record
from actions.matters import ALIKE, MatterView, Subject, near, open_within, standing
from actions.workflows import workflows
from domain import matter_refusals as refusals
from domain.findings import Finding
from domain.instants import Instant
from domain.matters import Act, Matter
from domain.people import Actor
from domain.reported import matched, origin_base
from domain.reports import Revision
from storage import matters, reports
from storage.store import Store


def open_for_findings(
    store: Store,
    actor: Actor,
    revision: Revision,
    at: Instant,
    recorded_at: Instant | None = None,
) -> list[Matter]:
    """Open a matter for each finding of a report that has none yet, inside its transaction.

    A finding that says it is the same as a matter opens none: it is told there that it was found
    again, and what an earlier revision opened for it is merged. Raises NotFound and Refused for
    what a finding cannot be the same as. A city without a workflow for findings has its reports,
    and no matters of them.
    `recorded_at` is when that is done, where it is later than `at`: then it is an import, which
    takes history as it was, and lets a number stand that means nothing here.
    """
    findings = revision.content.findings
    if not findings or "finding" not in workflows(store):
        return []
    base = origin_base(revision.unit, revision.day)
    own = matters.of_origins(store.connection, base, recorded_at or at)
    if recorded_at is None:
        new = _linked(store, actor, revision, own, at)
    else:
        there = matters.by_number(store.connection, {one.same_as for one in findings})
        new = [finding for finding in findings if finding.same_as not in there]
    known = matched(new, own)
    taken = {matter.origin for matter in own}
    opened: list[Matter] = []
    for finding in new:
        if finding.no in known:
            continue
        origin = f"{base}{finding.no}"
        if origin in taken or matters.by_origin(store.connection, [origin]):
            origin = f"{origin}@{revision.number}"
        about = _about(finding, origin)
        opened.append(
            open_within(store, actor, "finding", revision.unit, about, at, recorded_at=recorded_at)
        )
    return opened


def _about(finding: Finding, origin: str = "") -> Subject:
    return Subject(
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


def _linked(
    store: Store, actor: Actor, revision: Revision, own: list[Matter], at: Instant
) -> list[Finding]:
    """Link the findings that say what they are the same as; return the others.

    `own` are the matters that the report has opened; those that are merged leave it.
    """
    findings = revision.content.findings
    before = {
        finding.same_as
        for finding in _said_before(store, revision)
        if finding.same_as and finding.same_as not in {matter.number for matter in own}
    }
    others = [finding for finding in findings if not finding.same_as]
    linked = [finding for finding in findings if finding.same_as]
    kept = [matter for matter in own if matter.number in {one.same_as for one in linked}]
    for matter in kept:
        own.remove(matter)
    left = [matter for matter in own if matter not in matched(others, own).values()]
    lost = matched(linked, left)
    for finding in linked:
        if finding.same_as in before or finding.same_as in {matter.number for matter in kept}:
            continue
        view = standing(store, finding.same_as, at)
        refusals.check_same(view.state, view.workflow, view.matter.number, ALIKE)
        seen = f"{revision.receipt} {finding.location}"
        _note(store, actor, view, Act.SIGHT, seen, at)
        mine = lost.get(finding.no)
        if mine is not None:
            _merge(store, actor, standing(store, mine.number, at), view.matter.number, at)
            own.remove(mine)
    return others


def _said_before(store: Store, revision: Revision) -> tuple[Finding, ...]:
    earlier = [
        row
        for row in reports.revisions(store.connection, revision.unit, revision.day)
        if row.number < revision.number
    ]
    return earlier[-1].content.findings if earlier else ()


def _note(store: Store, actor: Actor, view: MatterView, act: Act, text: str, at: Instant) -> None:
    entry = entry_after(view.entries, actor, at, act, text=text)
    record(store, actor, view.matter, view.workflow, entry)


def _merge(store: Store, actor: Actor, view: MatterView, into: str, at: Instant) -> None:
    """End what a finding opened before it was seen to be the same as another matter."""
    refusals.check_merging(view.entries, view.matter.number, into)
    _note(store, actor, view, Act.MERGE, into, at)
    end(store, view.matter, view.state.open, at)


def alike(
    store: Store, unit: str, day: date, findings: Sequence[Finding], at: Instant
) -> dict[int, list[MatterView]]:
    """Return what each finding may be the same as, by its number, where there is anything.

    A finding that says so itself, or that has its own matter already, is not asked about.
    """
    if not findings or "finding" not in workflows(store):
        return {}
    own = matters.of_origins(store.connection, origin_base(unit, day), at)
    new = [finding for finding in findings if not finding.same_as]
    known = matched(new, own)
    numbers = {matter.number for matter in own}
    found: dict[int, list[MatterView]] = {}
    for finding in new:
        if finding.no in known:
            continue
        views = [v for v in near(store, _about(finding), at) if v.matter.number not in numbers]
        if views:
            found[finding.no] = views
    return found


def numbers_of(
    store: Store, unit: str, day: date, findings: Sequence[Finding], at: Instant
) -> dict[int, str]:
    """Return the numbers of the matters of a report's findings, by the number of the finding."""
    if not findings:
        return {}
    said = {finding.same_as for finding in findings if finding.same_as}
    there = matters.by_number(store.connection, said) if said else {}
    linked = {one.no: one.same_as for one in findings if one.same_as in there}
    own = [
        matter
        for matter in matters.of_origins(store.connection, origin_base(unit, day), at)
        if matter.number not in said
    ]
    others = [finding for finding in findings if finding.no not in linked]
    return linked | {no: matter.number for no, matter in matched(others, own).items()}
