"""`lianluo report`: one report with its revisions, and lists of reports (R5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date as Day  # noqa: N812 - the command has an argument called date
from typing import Annotated

import typer

import catalogue
from actions.reported import numbers_of
from actions.reporting import Report, Restated, listed, restated, seal_of, show
from catalogue import render, t
from commands import options, output
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from domain.areas import format_area
from domain.differences import Difference, differences
from domain.errors import NotFound
from domain.findings import Finding
from domain.instants import Zone, utc
from domain.reports import Revision, marks
from domain.units import Unit
from exchange.tables import FINDINGS
from storage.units import by_code

app = group("help.report")

FIELDS = (
    "unit",
    "date",
    "receipt",
    "kind",
    "status",
    "revision",
    "revisions",
    "summary",
    "areas_planned",
    "areas_patrolled",
    "findings",
    "filed_at",
    "filed_by",
    "keyed_by",
)


@app.command("show", help="help.report_show")
def show_one(
    context: typer.Context,
    unit: options.UnitArgument,
    date: options.DateArgument,
    revision: Annotated[
        int | None, typer.Option("--revision", metavar="N", min=1, help="help.report_revision")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="help.report_diff")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print one report, its newest revision or another."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        report = show(store, unit, options.day(store, date, at), at)
        chosen = _revision(report, revision)
        changed = _changes(report, chosen) if diff else None
        numbers = numbers_of(store, report.unit.code, report.day, chosen.content.findings, at)
        again = restated(store, report.unit.code, report.day, at)
        record = as_record(report, chosen, numbers)
        record["seal"] = seal_of(store, chosen) or None
        record["after_lock"] = chosen.after_lock
        record["imported"] = chosen.imported
        record["restated"] = [
            {
                "at": utc(each.at),
                "by": each.by,
                "before": each.before.value,
                "after": each.after.value,
            }
            for each in again
        ]
        if changed is not None:
            record["diff"] = [_difference(each) for each in changed]
        places = by_code(store.connection, [each.place for each in chosen.content.findings])
        output.document(
            form, record, lambda: _page(report, chosen, numbers, store.zone, places, changed, again)
        )


@app.command("list", help="help.report_list")
def show_list(
    context: typer.Context,
    date: Annotated[str | None, typer.Argument(metavar="DATE", help="cli.arg_date")] = None,
    first: options.FromOption = None,
    last: options.ToOption = None,
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the reports of a day or of a range of days."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        begin, end = options.days(store, date, first, last, at)
        chosen = options.selection(store, network, unit, under, end)
        rows = listed(store, begin, end, chosen, at)
        zone = store.zone
        output.listing(
            form,
            rows,
            FIELDS,
            lambda report: as_record(
                report,
                report.newest,
                numbers_of(store, report.unit.code, report.day, report.newest.content.findings, at),
            ),
            [
                Column("cli.col_unit", lambda row: row.unit.code),
                Column("cli.col_name", _name, elastic=True),
                Column("cli.col_date", lambda row: row.day.isoformat()),
                Column("cli.col_report", lambda row: _kind(row.newest)),
                Column("cli.col_status", lambda row: t(f"words.status_{row.status}")),
                Column("cli.col_summary", lambda row: row.newest.content.summary, elastic=True),
                Column("cli.col_findings", _finding_count, right=True, rank=2),
                Column("cli.col_filed_at", lambda row: zone.show(row.newest.filed_at), rank=1),
                Column("cli.col_revision", lambda row: str(row.newest.number), True, rank=3),
            ],
            "cli.report_empty",
        )


def as_record(report: Report, revision: Revision, numbers: Mapping[int, str]) -> dict[str, object]:
    """Return a report as programs read it, with the content of one of its revisions.

    `numbers` are those of its findings' matters: the key `matter` of each.
    """
    content = revision.content
    return {
        "unit": report.unit.code,
        "date": report.day.isoformat(),
        "receipt": revision.receipt,
        "kind": content.kind.value,
        "status": report.status.value,
        "revision": revision.number,
        "revisions": [_revision_record(each) for each in report.revisions],
        "summary": content.summary or None,
        "areas_planned": content.areas_planned,
        "areas_patrolled": content.areas_patrolled,
        "findings": [
            {**finding_record(finding), "matter": numbers.get(finding.no)}
            for finding in content.findings
        ],
        "filed_at": utc(revision.filed_at),
        "filed_by": revision.filed_by,
        "keyed_by": revision.keyed_by,
    }


def _revision_record(revision: Revision) -> Record:
    return {
        "revision": revision.number,
        "receipt": revision.receipt,
        "kind": revision.content.kind.value,
        "filed_at": utc(revision.filed_at),
        "filed_by": revision.filed_by,
        "keyed_by": revision.keyed_by,
        "reason": revision.reason or None,
        "after_lock": revision.after_lock,
        "imported": revision.imported,
    }


def finding_record(finding: Finding) -> Record:
    """Return a finding as programs read it, in the order of the table's columns."""
    return {
        column.name: _plain(getattr(finding, column.name))
        for column in FINDINGS.columns
        if column.name in _FINDING_FIELDS
    }


_FINDING_FIELDS = {field.name for field in fields(Finding)}


def _plain(value: object) -> object:
    if isinstance(value, Day):
        return value.isoformat()
    return None if value == "" else value


def _difference(each: Difference) -> Record:
    return {
        "finding": each.finding,
        "field": each.fact,
        "before": _plain(each.before),
        "after": _plain(each.after),
    }


def _revision(report: Report, number: int | None) -> Revision:
    if number is None:
        return report.newest
    if number > len(report.revisions):
        raise NotFound(
            "report.no_revision",
            unit=report.unit.called,
            day=report.day,
            number=number,
            most=len(report.revisions),
        )
    return report.revisions[number - 1]


def _changes(report: Report, revision: Revision) -> list[Difference]:
    """Return what a revision changed of the one before it; nothing for the first."""
    if revision.number == 1:
        return []
    return differences(report.revisions[revision.number - 2].content, revision.content)


def _name(report: Report) -> str:
    return catalogue.pick(report.unit.name, report.unit.name_en)


def _kind(revision: Revision) -> str:
    content = revision.content
    return t("words.report_partial" if content.partial else f"words.report_{content.kind}")


def _finding_count(report: Report) -> str:
    return str(len(report.newest.content.findings) or "")


def _page(
    report: Report,
    revision: Revision,
    numbers: Mapping[int, str],
    zone: Zone,
    places: Mapping[str, Unit],
    changed: list[Difference] | None,
    restated: Sequence[Restated] = (),
) -> list[str]:
    content = revision.content
    areas = ""
    if content.areas_planned is not None:
        areas = f"{content.areas_patrolled}/{content.areas_planned}"
    by = revision.filed_by or t("words.no_value")
    if revision.keyed_by not in (None, revision.filed_by):
        by = t("report.keyed", by=by, keyed_by=revision.keyed_by)
    number = f"{revision.number}/{len(report.revisions)}"
    pairs = [
        (t("cli.col_name"), f"{report.unit.code} {_name(report)}"),
        (t("cli.col_date"), report.day.isoformat()),
        (t("cli.col_report"), _kind(revision)),
        (t("cli.col_status"), t(f"words.status_{report.status}")),
        (t("report.receipt"), revision.receipt),
        (t("cli.col_revision"), number),
        (t("cli.col_filed_at"), zone.show(revision.filed_at)),
        (t("cli.col_filed_by"), by),
        (t("report.reason"), revision.reason),
        (t("report.marks"), catalogue.listing([render(mark) for mark in marks(revision)])),
        *((t("report.restated"), render(each.said(zone))) for each in restated),
        (t("cli.col_areas"), areas),
        (t("cli.col_summary"), content.summary),
    ]
    lines = output.paired([(name, value) for name, value in pairs if value])
    for finding in content.findings:
        head = f"{t('report.finding', no=finding.no)}  {numbers.get(finding.no, '')}".rstrip()
        lines += ["", head, *_finding_lines(finding, places)]
    if len(report.revisions) > 1:
        lines += ["", t("report.revisions")]
        lines += [f"  {_revision_line(each, zone)}" for each in report.revisions]
    if changed is not None:
        lines += ["", *_diff_lines(changed)]
    return lines


def _finding_lines(finding: Finding, places: Mapping[str, Unit]) -> list[str]:
    def shown(name: str, value: object) -> str:
        if name == "place" and value in places:
            unit = places[str(value)]
            return f"{unit.code} {catalogue.pick(unit.name, unit.name_en)}"
        return fact_text(name, value)

    pairs = [
        (t(f"report.fact_{name}"), shown(name, value))
        for name in finding_record(finding)
        if name != "no" and (value := getattr(finding, name)) not in (None, "")
    ]
    return output.paired(pairs, indent=2)


def fact_text(name: str, value: object) -> str:
    """Return the value of a report's or a finding's field in words."""
    if value is None or value == "":
        return t("words.no_value")
    if name.endswith("area") and isinstance(value, int):
        return format_area(value)
    if name == "land_class":
        return t(f"areas.{value}")
    if name == "kind":
        return t(f"words.report_{value}")
    if name in ("conforms_plan", "approved", "key_project"):
        return t(f"report.answer_{value}")
    return str(value)


def _revision_line(revision: Revision, zone: Zone) -> str:
    parts = [
        str(revision.number),
        zone.show(revision.filed_at),
        revision.filed_by or t("words.no_value"),
        _kind(revision),
        revision.reason,
        t("report.after_lock") if revision.after_lock else "",
        t("report.imported") if revision.imported else "",
    ]
    return "  ".join(part for part in parts if part)


def _diff_lines(changed: list[Difference]) -> list[str]:
    if not changed:
        return [t("report.no_difference")]
    lines = [t("report.differences")]
    for each in changed:
        whole = t("report.finding", no=each.finding)
        fact = "" if each.fact == "finding" else t(f"report.fact_{each.fact}")
        name = fact if each.finding is None else f"{whole} {fact}".rstrip()
        before, after = fact_text(each.fact, each.before), fact_text(each.fact, each.after)
        lines += [f"  {name}", f"    - {before}", f"    + {after}"]
    return lines
