"""`lianluo overdue`: open obligations past due, longest first (R11)."""

from __future__ import annotations

from typing import Annotated

import typer

from actions.overdue import overdue
from commands import options, owed
from commands.frame import call_of, leaf
from commands.output import Format
from domain.errors import Exit
from domain.obligations import ObligationKind

app = leaf()


@app.command(help="help.overdue")
def show(
    context: typer.Context,
    kind: Annotated[ObligationKind | None, typer.Option("--kind", help="help.overdue_kind")] = None,
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    check: Annotated[bool, typer.Option("--check", help="help.overdue_check")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> int:
    """Print what is overdue; with `--check` exit 1 where anything is."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        chosen = options.selection(store, network, unit, under, store.today(at))
        rows = overdue(store, at, chosen, kind)
        owed.write(form, rows, store.zone, left=False, empty="cli.overdue_empty")
    return Exit.FOUND if check and rows else Exit.DONE
