"""`lianluo matter figures`: what became of the hotline's leads, by source (R15)."""

from __future__ import annotations

from typing import Annotated

import typer

from actions.hotline import Figures, figures, whole
from catalogue import t
from commands import options, output
from commands.frame import call_of
from commands.output import Column, Format, Record
from domain.rates import shown

_COUNTS = (
    "received",
    "registered",
    "investigated",
    "replied",
    "transferred",
    "unfounded",
    "open",
    "ours",
    "in_place",
)
FIELDS = ("source", *_COUNTS)


def show(
    context: typer.Context,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="hotline.opt_from")
    ] = None,
    last: options.ToOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the figures of the leads received in a range of days."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        end = options.day(store, last, at)
        begin = end.replace(month=1, day=1) if first is None else options.day(store, first, at)
        chosen = options.selection(store, None, unit, under, end)
        rows = figures(store, begin, end, chosen, at)
        if form is Format.TABLE and len(rows) > 1:
            rows = [*rows, whole(rows, t("hotline.whole"))]
        output.listing(form, rows, FIELDS, _record, _columns(), "hotline.empty")


def _record(row: Figures) -> Record:
    return {"source": row.source or None, **{name: getattr(row, name) for name in _COUNTS}}


def _columns() -> list[Column[Figures]]:
    def number(name: str, rank: int = 0) -> Column[Figures]:
        return Column(f"hotline.count_{name}", lambda row: str(getattr(row, name)), True, rank=rank)

    return [
        Column("hotline.source", lambda row: row.source or t("hotline.unsaid"), elastic=True),
        *(number(name) for name in _COUNTS[:4]),
        Column("hotline.count_in_place", lambda row: shown(row.in_place, row.ours), True),
        number("transferred"),
        number("unfounded", 2),
        number("open", 1),
    ]
