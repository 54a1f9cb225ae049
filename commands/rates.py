"""`lianluo rates`: reporting, on-time and missing rates, and the share of zeros (R10)."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import typer

import catalogue
from actions.rates import Grouping, rates
from catalogue import t
from commands import options, output
from commands.frame import call_of, leaf
from commands.output import Column, Format, Record
from domain.networks import Network
from domain.rates import Tally, shown, total
from storage.store import Store
from storage.units import by_code

app = leaf()

FIELDS = (
    "group",
    "expected",
    "received",
    "on_time",
    "late",
    "made_up",
    "missing",
    "pending",
    "exempt",
    "zero",
    "reporting_rate",
    "on_time_rate",
    "missing_rate",
    "zero_share",
)
Row = tuple[str, Tally]


@app.command(help="help.rates")
def show(
    context: typer.Context,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="cli.opt_from")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="cli.opt_to")],
    by: Annotated[Grouping, typer.Option("--by", help="help.rates_by")] = Grouping.UNIT,
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the rates over a range of days."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        begin, end = options.day(store, first, at), options.day(store, last, at)
        chosen = options.selection(store, network, unit, under, end)
        rows = rates(store, begin, end, chosen, at, by)
        if form is Format.TABLE and len(rows) > 1 and by is not Grouping.NETWORK:
            # Networks share units: their sum would count a day more than once.
            rows = [*rows, (t("cli.rates_total"), total(tally for _, tally in rows))]
        output.listing(form, rows, FIELDS, as_record, _columns(store, rows, by), "cli.rates_empty")


def as_record(row: Row) -> Record:
    """Return a line of rates as programs read it; a rate over nothing is null."""
    group, tally = row
    return {
        "group": group,
        "expected": tally.expected,
        "received": tally.received,
        "on_time": tally.on_time,
        "late": tally.late,
        "made_up": tally.made_up,
        "missing": tally.missing,
        "pending": tally.pending,
        "exempt": tally.exempt,
        "zero": tally.zero,
        "reporting_rate": _number(tally.reporting_rate),
        "on_time_rate": _number(tally.on_time_rate),
        "missing_rate": _number(tally.missing_rate),
        "zero_share": _number(tally.zero_share),
    }


def _number(rate: Fraction | None) -> float | None:
    return None if rate is None else float(rate)


def _columns(store: Store, rows: list[Row], by: Grouping) -> list[Column[Row]]:
    names = {}
    if by in (Grouping.UNIT, Grouping.DISTRICT):
        units = by_code(store.connection, [group for group, _ in rows])
        names = {code: catalogue.pick(unit.name, unit.name_en) for code, unit in units.items()}
    elif by is Grouping.NETWORK:
        names = {network.value: t(f"words.network_{network}") for network in Network}
    return [
        Column("cli.col_group", lambda row: names.get(row[0], row[0]), elastic=True),
        Column("cli.col_reporting_rate", lambda x: shown(x[1].received, x[1].expected), True),
        Column("cli.col_on_time_rate", lambda x: shown(x[1].on_time, x[1].expected), True),
        Column("cli.col_missing_rate", lambda x: shown(x[1].missing, x[1].expected), True, rank=2),
        Column("cli.col_zero_share", lambda x: shown(x[1].zero, x[1].received), True, rank=3),
        Column("words.status_late", lambda row: str(row[1].late), True, rank=4),
        Column("words.status_made_up", lambda row: str(row[1].made_up), True, rank=5),
        Column("words.status_pending", lambda row: str(row[1].pending), True, rank=6),
        Column("words.status_exempt", lambda row: str(row[1].exempt), True, rank=7),
    ]
