"""A report as it stands in a form: every field as text, kept as JSON, read when it is filed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date

from catalogue import render, t
from domain.areas import LandClass, parse_area
from domain.errors import LianluoError
from domain.findings import Finding, check_finding
from domain.instants import parse_day
from domain.reports import Content, ReportKind, Revision, check_content
from domain.texts import visible_lines
from domain.units import Unit
from domain.values import dataclass
from tui.zero import scope

AREAS = ("area", "cultivated_area", "basic_farmland_area")
"""The fields of a finding that are areas (R16)."""

NEW = "*"
"""Says of a finding that it is none of the open matters that it is like."""

Problems = dict[str, str]
"""What is wrong, as sentences by the name of the field."""


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A finding as typed; `place` is a unit code or blank.

    `same_as` is the number of a matter, `NEW`, or blank where nothing was decided.
    """

    location: str = ""
    place: str = ""
    party: str = ""
    land_class: str = LandClass.CULTIVATED.value
    area: str = ""
    cultivated_area: str = ""
    basic_farmland_area: str = ""
    use: str = ""
    existed_since: str = ""
    conforms_plan: str = ""
    approved: str = ""
    key_project: str = ""
    source: str = ""
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report as typed; `base` is the revision that it amends, 0 for a first filing."""

    kind: str = ReportKind.DAILY.value
    planned: str = ""
    patrolled: str = ""
    summary: str = ""
    reason: str = ""
    findings: tuple[FindingDraft, ...] = ()
    base: int = 0


def draft_of(content: Content, base: int) -> ReportDraft:
    """Return the draft with which the amendment of a content begins."""
    return ReportDraft(
        content.kind.value,
        _text(content.areas_planned),
        _text(content.areas_patrolled),
        _text(content.summary),
        "",
        tuple(finding_draft(finding) for finding in content.findings),
        base,
    )


def finding_draft(finding: Finding) -> FindingDraft:
    """Return a finding as it would be typed, areas in square metres."""
    return FindingDraft(
        **{field.name: _text(getattr(finding, field.name)) for field in fields(FindingDraft)}
    )


def carried(draft: ReportDraft, last: Revision) -> ReportDraft:
    """Return the draft with what the last report said and this one does not say yet."""
    content = last.content
    known = {finding.location for finding in draft.findings}
    more = [finding_draft(finding) for finding in content.findings if finding.location not in known]
    return replace(
        draft,
        planned=draft.planned or _text(content.areas_planned),
        summary=draft.summary if draft.summary.strip() else _text(content.summary),
        findings=(*draft.findings, *more),
    )


def to_json(draft: ReportDraft) -> str:
    """Return the draft as the store keeps it."""
    return json.dumps(asdict(draft), ensure_ascii=False)


def from_json(body: str) -> ReportDraft | None:
    """Return the draft kept in a store, or None where it is none that this program reads."""
    try:
        kept = json.loads(body)
        findings = tuple(FindingDraft(**finding) for finding in kept.pop("findings"))
        kept["summary"] = _text(kept["summary"])
        return ReportDraft(**kept, findings=findings)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def read_finding(draft: FindingDraft, no: int, day: date, today: date) -> Finding | Problems:
    """Return the finding that a draft says, or what is wrong with it, field by field."""
    problems: Problems = {}
    areas: dict[str, int | None] = {}
    for name in AREAS:
        areas[name] = _area(name, getattr(draft, name), problems)
    if not draft.location.strip():
        problems["location"] = t("forms.location_missing")
    if not draft.area.strip():
        problems["area"] = t("forms.area_missing")
    since = None
    if draft.existed_since.strip():
        try:
            since = parse_day(draft.existed_since, today)
        except LianluoError as error:
            problems["existed_since"] = render(error.message)
    if problems:
        return problems
    assert areas["area"] is not None
    finding = Finding(
        no,
        draft.location.strip(),
        LandClass(draft.land_class),
        areas["area"],
        draft.place,
        draft.party.strip(),
        areas["cultivated_area"],
        areas["basic_farmland_area"],
        draft.use.strip(),
        since,
        draft.conforms_plan,
        draft.approved,
        draft.key_project,
        draft.source.strip(),
        "" if draft.same_as == NEW else draft.same_as,
    )
    try:
        check_finding(finding, day)
    except LianluoError as error:
        return {_blamed(error): render(error.message)}
    return finding


def read_report(
    draft: ReportDraft, unit: Unit, day: date, today: date, *, reason_needed: bool
) -> Content | Problems:
    """Return the content that a draft says, or what is wrong with it, field by field."""
    problems: Problems = {}
    kind = ReportKind(draft.kind)
    found = scope(unit, draft.planned, draft.patrolled)
    # A daily report may leave its areas out; a zero of a patrolling unit may not (R4).
    blank = not draft.planned.strip() and not draft.patrolled.strip()
    if found.problem and not (kind is ReportKind.DAILY and blank):
        problems["areas"] = found.problem
    if reason_needed and not draft.reason.strip():
        problems["reason"] = t("forms.reason_missing")
    findings: list[Finding] = []
    for number, typed in enumerate(draft.findings, 1):
        read = read_finding(typed, number, day, today)
        if isinstance(read, Finding):
            findings.append(read)
        else:
            first = next(iter(read.values()))
            problems.setdefault("findings", t("forms.finding_wrong", no=number, problem=first))
    areas = found.areas or (None, None)
    content = Content(kind, draft.summary.strip(), areas[1], areas[0], tuple(findings))
    if not problems:
        try:
            check_content(content)
        except LianluoError as error:
            problems["areas" if "areas" in error.message.key else "summary"] = render(error.message)
    return problems or content


def said_otherwise(one: ReportDraft, other: ReportDraft) -> bool:
    """Return whether two drafts differ in what a report would say or give as its reason."""
    return replace(one, base=0) != replace(other, base=0)


def _area(name: str, text: str, problems: Problems) -> int | None:
    if not text.strip():
        return None
    try:
        return parse_area(text)
    except LianluoError as error:
        problems[name] = render(error.message)
        return None


def _blamed(error: LianluoError) -> str:
    """Return the field that a rule's refusal is about."""
    blame: Mapping[str, str] = {
        "errors.finding_location": "location",
        "errors.finding_future": "existed_since",
        "areas.cultivated_over": "cultivated_area",
        "areas.basic_over": "basic_farmland_area",
    }
    return blame.get(error.message.key, "area")


def _text(value: object) -> str:
    """Return a value as it is put into a field: its lines, without what a terminal obeys."""
    return "" if value is None else "\n".join(visible_lines(str(value)))
