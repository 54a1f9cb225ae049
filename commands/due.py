"""`lianluo due`: what falls due next (R11, R13)."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

import typer

from actions.overdue import due
from commands import options, owed
from commands.frame import call_of, leaf
from commands.output import Format
from domain.errors import UsageError

app = leaf()

_SPAN = re.compile(r"(\d{1,4})\s*(h|hours?|小时|d|days?|天)", re.ASCII)
_HOUR = 3600
_DAY = 24 * _HOUR


@app.command(help="help.due")
def show(
    context: typer.Context,
    within: Annotated[
        str, typer.Option("--within", metavar="4h|2d", help="help.due_within")
    ] = "24h",
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print what falls due from now on, soonest first."""
    call = call_of(context)
    seconds = parse_span(within)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        chosen = options.selection(store, network, unit, under, store.today(at))
        rows = due(store, at, at + seconds, chosen)
        owed.write(form, rows, store.zone, left=True, empty="cli.due_empty")


def parse_span(text: str) -> int:
    """Return the seconds of `4h` or `2d`; raises UsageError."""
    match = _SPAN.fullmatch(unicodedata.normalize("NFKC", text).strip().lower())
    if match is None:
        raise UsageError("cli.bad_span", text=text)
    return int(match[1]) * (_HOUR if match[2][0] in "h小" else _DAY)
