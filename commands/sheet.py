"""`lianluo sheet`: the day sheet 日报汇总表, sealed, and what has changed since."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import catalogue
from actions import sheets
from actions.sheets import DaySheet, Difference
from catalogue import t
from commands import options, outbox, output
from commands.call import warn
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from domain.errors import Exit, UsageError
from domain.instants import utc
from domain.sheets import Erratum, Seal, SheetRow, tally

if TYPE_CHECKING:
    from storage.store import Store

app = group("help.sheet")

DIFFERENCE_FIELDS = ("unit", "name", "fact", "sealed", "now", "erratum")
LIST_FIELDS = ("date", "number", "sealed_at", "login", "hash", "errata")


@app.command("day", help="sheets.day")
def show_day(
    context: typer.Context,
    day: options.DateArgument,
    file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="sheets.opt_file")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="sheets.opt_send")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print a day's sheet, write it as a workbook, or send it."""
    from exchange.papers import write_file
    from exchange.sheet_book import sheet_book, sheet_text

    call = call_of(context)
    if send and as_of is not None:
        raise UsageError("sheets.send_now")
    with call.city() as (store, actor):
        at = options.instant(store, as_of, call.at)
        found = sheets.day_sheet(store, options.day(store, day, at), at)
        if file is not None:
            write_file(file, sheet_book(store, found), ".xlsx")
            warn(t("sheets.written", file=str(file)))
        if send:
            from exchange.dispatch import queue_sheet

            delivery = call.loaded.settings.preferences.delivery
            queued = queue_sheet(store, actor, found, at, delivery)
            warn(t("sheets.queued", count=len(queued)))
            outbox.tell(outbox.deliver(call, store, actor))
        if file is None and not send:
            output.document(form, record(found), lambda: sheet_text(store, found).splitlines())


@app.command("seal", help="sheets.seal")
def seal(
    context: typer.Context,
    day: options.DateArgument,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Seal a day's sheet."""
    from exchange.sheet_book import sheet_text

    call = call_of(context)
    with call.city() as (store, actor):
        found = sheets.seal(store, actor, options.day(store, day, call.at), call.at)
        output.document(form, record(found), lambda: sheet_text(store, found).splitlines())


@app.command("diff", help="sheets.diff")
def diff(
    context: typer.Context,
    day: options.DateArgument,
    check: Annotated[bool, typer.Option("--check", help="sheets.opt_check")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> int:
    """Print what a sealed sheet says otherwise than the store does."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        _, found = sheets.difference(store, options.day(store, day, at), at)
        columns = _difference_columns(store)
        output.listing(
            form, found, DIFFERENCE_FIELDS, difference_record, columns, "sheets.no_difference"
        )
    return Exit.FOUND if check and found else Exit.DONE


@app.command("list", help="sheets.list")
def show_list(
    context: typer.Context,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the sealed days."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        zone = store.zone
        columns: list[Column[tuple[date, Seal, int]]] = [
            Column("cli.col_date", lambda row: row[0].isoformat()),
            Column("sheets.col_number", lambda row: row[1].number),
            Column("sheets.col_sealed_at", lambda row: zone.show(row[1].sealed_at)),
            Column("sheets.col_sealed_by", lambda row: row[1].login),
            Column("sheets.col_errata", lambda row: str(row[2]), right=True),
            Column("sheets.col_hash", lambda row: row[1].hash[:16], rank=1),
        ]
        rows = sheets.listed(store, at)
        output.listing(form, rows, LIST_FIELDS, list_record, columns, "sheets.none_sealed")


def record(found: DaySheet) -> Record:
    """Return a sheet as programs read it."""
    count = tally(found.sheet.rows)
    return {
        "date": found.sheet.date.isoformat(),
        "number": found.seal and found.seal.number,
        "as_of": utc(found.as_of),
        "sealed_at": None if found.seal is None else utc(found.seal.sealed_at),
        "hash": found.seal and found.seal.hash,
        "expected": count.expected,
        "received": count.received,
        "on_time": count.on_time,
        "late": count.late,
        "made_up": count.made_up,
        "missing": count.missing,
        "pending": count.pending,
        "exempt": count.exempt,
        "zero": count.zero,
        "silent": [row.unit for row in found.sheet.rows if row.silent],
        "rows": [row_record(row) for row in found.sheet.rows],
        "errata": [erratum_record(each) for each in found.sheet.errata],
        "corrected": [erratum_record(each) for each in found.corrected],
    }


def row_record(row: SheetRow) -> Record:
    """Return one line of a sheet as programs read it; what there is none of is null."""
    filed = row.first_filed_at
    return {
        **asdict(row),
        "report": row.report or None,
        "revision": row.revision or None,
        "first_filed_at": None if filed is None else utc(filed),
        "filed_by": row.filed_by or None,
        "summary": row.summary or None,
    }


def erratum_record(each: Erratum) -> Record:
    """Return an erratum as programs read it."""
    return {
        "number": each.number,
        "date": each.date.isoformat(),
        "unit": each.unit,
        "before": each.before and row_record(each.before),
        "after": each.after and row_record(each.after),
    }


def difference_record(row: Difference) -> Record:
    """Return a difference as programs read it."""
    return {
        "unit": row.row.unit,
        "name": row.row.name,
        "fact": row.change.fact,
        "sealed": _value(row.change.fact, row.change.before),
        "now": _value(row.change.fact, row.change.after),
        "erratum": row.erratum,
    }


def _value(fact: str, value: object) -> object:
    if fact == "first_filed_at" and isinstance(value, int):
        return utc(value)
    return None if value == "" else value


def list_record(row: tuple[date, Seal, int]) -> Record:
    """Return a sealed day as programs read it."""
    day, mark, errata = row
    return {
        "date": day.isoformat(),
        "number": mark.number,
        "sealed_at": utc(mark.sealed_at),
        "login": mark.login,
        "hash": mark.hash,
        "errata": errata,
    }


def _difference_columns(store: Store) -> list[Column[Difference]]:
    from exchange.sheet_book import fact_words

    return [
        Column("cli.col_unit", lambda row: row.row.unit),
        Column("cli.col_name", lambda row: catalogue.pick(row.row.name, row.row.name_en)),
        Column("sheets.col_fact", lambda row: t(f"sheets.fact_{row.change.fact}")),
        Column(
            "sheets.col_sealed",
            lambda row: fact_words(store, row.change.fact, row.change.before),
            elastic=True,
        ),
        Column(
            "sheets.col_now",
            lambda row: fact_words(store, row.change.fact, row.change.after),
            elastic=True,
        ),
        Column("sheets.col_erratum", lambda row: row.erratum or "", rank=1),
    ]
