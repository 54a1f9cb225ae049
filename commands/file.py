"""`lianluo file`: zero reports, daily reports and amendments (R4, R5)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from actions.matters import MatterView
from actions.reported import alike, numbers_of
from actions.reporting import Receipt, file, unit_to_file_for
from catalogue import t
from commands import options, output
from commands.call import warn
from commands.completion import complete_unit
from commands.findings import read_findings
from commands.frame import call_of, group
from commands.output import Format, Record
from domain.errors import UsageError
from domain.instants import Zone, utc
from domain.reports import Content, ReportKind

app = group("help.file")

UnitFor = Annotated[
    str | None,
    typer.Option("--unit", metavar="UNIT", help="help.file_unit", autocompletion=complete_unit),
]
Areas = Annotated[str | None, typer.Option("--areas", metavar="P/Q", help="help.file_areas")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="help.file_note")]
Summary = Annotated[str, typer.Option("--summary", metavar="TEXT", help="help.file_summary")]
Findings = Annotated[
    list[str] | None, typer.Option("--finding", metavar="k=v,…", help="help.file_finding")
]
LateReason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="help.file_late_reason")]

_AREAS = re.compile(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*", re.ASCII)


@app.command("zero", help="help.file_zero")
def zero(
    context: typer.Context,
    unit: UnitFor = None,
    date: options.DateOption = None,
    areas: Areas = None,
    note: Note = "",
    reason: LateReason = "",
    findings: Annotated[list[str] | None, typer.Option("--finding", hidden=True)] = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """File a zero report; a finding is accepted only to be refused with the reason."""
    _file(
        context,
        form,
        ReportKind.ZERO,
        unit=unit,
        date=date,
        areas=areas,
        summary=note,
        findings=findings,
        reason=reason,
    )


@app.command("daily", help="help.file_daily")
def daily(
    context: typer.Context,
    unit: UnitFor = None,
    date: options.DateOption = None,
    areas: Areas = None,
    summary: Summary = "",
    findings: Findings = None,
    reason: LateReason = "",
    form: options.FormatOption = Format.TABLE,
) -> None:
    """File a daily report."""
    _file(
        context,
        form,
        ReportKind.DAILY,
        unit=unit,
        date=date,
        areas=areas,
        summary=summary,
        findings=findings,
        reason=reason,
    )


@app.command("amend", help="help.file_amend")
def amend(
    context: typer.Context,
    unit: options.UnitArgument,
    date: options.DateArgument,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="help.file_amend_reason")
    ] = "",
    to_zero: Annotated[bool, typer.Option("--zero", help="help.file_to_zero")] = False,
    summary: Summary = "",
    areas: Areas = None,
    note: Note = "",
    findings: Findings = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """File the next revision of a report."""
    if to_zero and summary:
        raise UsageError("file.zero_or_summary")
    if note and not to_zero:
        raise UsageError("file.note_of_zero")
    _file(
        context,
        form,
        ReportKind.ZERO if to_zero else ReportKind.DAILY,
        unit=unit,
        date=date,
        areas=areas,
        summary=note if to_zero else summary,
        findings=findings,
        reason=reason,
        amending=True,
    )


def _file(
    context: typer.Context,
    form: Format,
    kind: ReportKind,
    *,
    unit: str | None,
    date: str | None,
    areas: str | None,
    summary: str,
    findings: list[str] | None,
    reason: str,
    amending: bool = False,
) -> None:
    call = call_of(context)
    patrolled, planned = parse_areas(areas)
    with call.city() as (store, actor):
        day = options.day(store, date, call.at)
        code = unit_to_file_for(store, actor, unit, day)
        found = read_findings(store, findings or [], code, day)
        content = Content(kind, summary, planned, patrolled, found)
        near = alike(store, code, day, found, call.at)
        receipt = file(store, actor, code, day, content, call.at, amending=amending, reason=reason)
        numbers = numbers_of(store, code, day, receipt.revision.content.findings, call.at)
        record = as_record(receipt, numbers)
        output.document(form, record, lambda: lines(receipt, numbers, store.zone))
        for text in near_lines(near, numbers):
            warn(text)


def parse_areas(text: str | None) -> tuple[int | None, int | None]:
    """Return (patrolled, planned) of `5/6`; raises UsageError."""
    if text is None:
        return None, None
    match = _AREAS.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None:
        raise UsageError("file.bad_areas", text=text)
    return int(match[1]), int(match[2])


def lines(receipt: Receipt, numbers: Mapping[int, str], zone: Zone) -> list[str]:
    """Return a receipt, `已报 R-20261123-440111-1 16:26:03 按时`, its seal and the findings."""
    revision = receipt.revision
    first = t(
        "file.amended" if revision.number > 1 else "file.filed",
        receipt=receipt.number,
        time=zone.show(revision.filed_at)[11:],
        status=t(f"words.status_{receipt.status}"),
    )
    return [
        first,
        *([t("file.repeated")] if receipt.repeated else []),
        *([t("file.seal", seal=receipt.seal, code=receipt.code)] if receipt.seal else []),
        *(
            t("file.matter", number=numbers[finding.no], location=finding.location)
            for finding in revision.content.findings
            if finding.no in numbers
        ),
    ]


def near_lines(near: Mapping[int, Sequence[MatterView]], numbers: Mapping[int, str]) -> list[str]:
    """Return a line for each finding whose new matter may be one that is open already."""
    return [
        t(
            "file.near",
            no=no,
            number=numbers[no],
            near=[view.matter.called for view in views[:3]],
            same=views[0].matter.number,
        )
        for no, views in near.items()
        if no in numbers
    ]


def as_record(receipt: Receipt, numbers: Mapping[int, str]) -> Record:
    """Return a receipt as programs read it; `matters` are the numbers of its findings."""
    revision = receipt.revision
    return {
        "receipt": receipt.number,
        "unit": receipt.unit.code,
        "name": receipt.unit.name,
        "date": revision.day.isoformat(),
        "kind": revision.content.kind.value,
        "partial": revision.content.partial,
        "status": receipt.status.value,
        "revision": revision.number,
        "findings": len(revision.content.findings),
        "filed_at": utc(revision.filed_at),
        "filed_by": revision.filed_by,
        "keyed_by": revision.keyed_by,
        "after_lock": revision.after_lock,
        "matters": list(numbers.values()),
        "seal": receipt.seal or None,
        "repeated": receipt.repeated,
    }
