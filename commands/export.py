"""`lianluo export`: tables out, in exactly the form that an import reads."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from catalogue import t
from commands import options
from commands.call import warn
from commands.completion import complete_export
from commands.frame import call_of, leaf
from exchange.exporting import Wanted, export_table
from exchange.sources import STANDARD

app = leaf()


@app.command(help="help.export")
def export(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="tables.arg_export", autocompletion=complete_export),
    ],
    file: Annotated[str, typer.Argument(metavar="FILE", help="tables.arg_target")] = STANDARD,
    first: options.FromOption = None,
    last: options.ToOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
    contacts: Annotated[bool, typer.Option("--with-contacts", help="tables.opt_contacts")] = False,
) -> None:
    """Write a table to a file, or as CSV to stdout."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        begins = None if first is None else options.day(store, first, at)
        ends = None if last is None else options.day(store, last, at)
        chosen = options.selection(store, unit=unit, under=under, on=ends or begins)
        wanted = Wanted(kind, begins, ends, chosen, contacts, None if as_of is None else at)
        count = export_table(store, wanted, file, sys.stdout.buffer)
    if file != STANDARD:
        warn(t("tables.exported", count=count, file=file))
