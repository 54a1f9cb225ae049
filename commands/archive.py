"""`lianluo archive`: closed years in files of their own, which are only read from then on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from actions.archiving import Archived, Known, archive_year, listed
from catalogue import t
from commands import options, output
from commands.backup import shown
from commands.frame import call_of, leaf
from commands.output import Column, Format, Record
from domain.errors import UsageError
from domain.instants import Zone, utc

app = leaf()

FIELDS = (
    "year",
    "file",
    "there",
    "archived_at",
    "archived_by",
    "reports",
    "findings",
    "obligations",
    "sha256",
)


@app.command(help="help.archive")
def archive(
    context: typer.Context,
    year: Annotated[int | None, typer.Argument(metavar="YEAR", help="archives.arg_year")] = None,
    file: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="archives.opt_output")
    ] = None,
    leave_open: Annotated[
        bool, typer.Option("--leave-open", help="archives.opt_leave_open")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="archives.opt_list")] = False,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Archive a year, or list what is archived."""
    if (year is None) is not listing or (listing and (file is not None or leave_open)):
        raise UsageError("archives.year_or_list")
    call = call_of(context)
    if year is None:
        with call.city() as (store, _):
            found, zone = listed(store), store.zone
        output.listing(form, found, FIELDS, as_record, _columns(zone), "archives.list_empty")
        return
    target = None if file is None else Path(file)
    with call.city() as (store, actor), shown() as told:
        made = archive_year(store, actor, year, call.at, told, target=target, leave_open=leave_open)
    output.document(form, _made_record(made), lambda: _lines(made))


def as_record(known: Known) -> Record:
    """Return an archive as programs read it."""
    return {
        "year": known.year,
        "file": str(known.path),
        "there": known.there,
        "archived_at": utc(known.at),
        "archived_by": known.by,
        "reports": known.reports,
        "findings": known.findings,
        "obligations": known.obligations,
        "sha256": known.sha256,
    }


def _columns(zone: Zone) -> list[Column[Known]]:
    return [
        Column("archives.col_year", lambda row: str(row.year)),
        Column("archives.col_there", lambda row: t(f"archives.there_{str(row.there).lower()}")),
        Column("archives.col_reports", lambda row: str(row.reports), right=True),
        Column("archives.col_findings", lambda row: str(row.findings), right=True, rank=3),
        Column("archives.col_at", lambda row: zone.show(row.at), rank=1),
        Column("archives.col_by", lambda row: row.by, rank=2),
        Column("archives.col_file", lambda row: str(row.path), elastic=True),
    ]


def _made_record(made: Archived) -> Record:
    return {
        "year": made.year,
        "file": str(made.path),
        "bytes": made.size,
        "events": made.head.seq,
        "hash": made.head.hash,
        "sha256": made.sha256,
        "reports": made.reports,
        "findings": made.findings,
        "obligations": made.obligations,
        "left_open": made.left_open,
        "taken_again": made.again,
    }


def _lines(made: Archived) -> list[str]:
    lines = [
        t(
            "archives.done",
            year=str(made.year),
            file=str(made.path),
            bytes=f"{made.size:,}",
            reports=made.reports,
            findings=made.findings,
            obligations=made.obligations,
        )
    ]
    if made.again:
        lines.append(t("archives.taken_again"))
    if made.left_open:
        lines.append(t("archives.left_open", count=made.left_open))
    lines += [t("archives.hash", sha256=made.sha256), t("archives.keep", file=made.path.name)]
    return lines
