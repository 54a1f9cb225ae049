"""`lianluo board`: who filed what, one row per unit and day (R8)."""

from __future__ import annotations

from typing import Annotated

import typer

import catalogue
from actions.board import BoardRow, board
from catalogue import t
from commands import options, output
from commands.frame import call_of, leaf
from commands.output import Column, Format, Record
from domain.instants import Zone, utc
from domain.reports import Status

app = leaf()

FIELDS = (
    "unit",
    "name",
    "kind_of_unit",
    "date",
    "status",
    "report",
    "partial",
    "findings",
    "filed_at",
    "filed_by",
    "revision",
    "due_at",
)
STYLES = {Status.OVERDUE: "red", Status.MISSED: "red"}


@app.command(help="help.board")
def show(
    context: typer.Context,
    date: Annotated[str | None, typer.Argument(metavar="DATE", help="cli.arg_date")] = None,
    first: options.FromOption = None,
    last: options.ToOption = None,
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    everything: Annotated[bool, typer.Option("--all", help="help.board_all")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the board of a day or of a range of days."""
    with call_of(context).city() as (store, _):
        at = options.instant(store, as_of, call_of(context).at)
        begin, end = options.days(store, date, first, last, at)
        chosen = options.selection(store, network, unit, under, end)
        rows = board(store, begin, end, chosen, at, everything=everything)
        output.listing(form, rows, FIELDS, as_record, columns(store.zone), "cli.board_empty")


def as_record(row: BoardRow) -> Record:
    """Return a row as programs read it; what was filed is the newest revision as of then."""
    filed = row.filed
    return {
        "unit": row.unit.code,
        "name": row.unit.name,
        "kind_of_unit": row.unit.kind.value,
        "date": row.day.isoformat(),
        "status": row.status.value,
        "report": filed.kind.value if filed else None,
        "partial": row.partial,
        "findings": filed.findings if filed else 0,
        "filed_at": utc(filed.filed_at) if filed else None,
        "filed_by": filed.filed_by if filed else None,
        "revision": filed.revision if filed else None,
        "due_at": None if row.due_at is None else utc(row.due_at),
    }


def columns(zone: Zone) -> list[Column[BoardRow]]:
    """Return the columns of the board."""

    def filed_at(row: BoardRow) -> str:
        return zone.show(row.filed.filed_at) if row.filed else ""

    return [
        Column("cli.col_unit", lambda row: row.unit.code),
        Column("cli.col_name", name_of, elastic=True),
        Column("cli.col_date", lambda row: row.day.isoformat()),
        Column("cli.col_status", _status, style=lambda row: STYLES.get(row.status, "")),
        Column("cli.col_report", _report, rank=1),
        Column("cli.col_areas", _areas, right=True, rank=4),
        Column("cli.col_findings", _findings, right=True, rank=3),
        Column("cli.col_filed_at", filed_at, rank=2),
        Column("cli.col_filed_by", _filed_by, rank=5),
        Column("cli.col_revision", _revision, right=True, rank=6),
    ]


def name_of(row: BoardRow) -> str:
    """Return the unit's name in the language in use."""
    return catalogue.pick(row.unit.name, row.unit.name_en)


def _status(row: BoardRow) -> str:
    return t(f"words.status_{row.status}")


def _filed_by(row: BoardRow) -> str:
    return (row.filed.filed_by or "") if row.filed else ""


def _revision(row: BoardRow) -> str:
    return str(row.filed.revision) if row.filed else ""


def _report(row: BoardRow) -> str:
    if row.filed is None:
        return ""
    return t("words.report_partial" if row.partial else f"words.report_{row.filed.kind}")


def _areas(row: BoardRow) -> str:
    filed = row.filed
    if filed is None or filed.areas_planned is None:
        return ""
    return f"{filed.areas_patrolled}/{filed.areas_planned}"


def _findings(row: BoardRow) -> str:
    return str(row.filed.findings) if row.filed and row.filed.findings else ""
