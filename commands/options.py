"""The options and arguments that several commands share, and what their words stand for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from commands.completion import complete_unit
from commands.output import Format
from domain.errors import UsageError
from domain.instants import Instant, parse_day
from domain.networks import Network

if TYPE_CHECKING:
    from storage.store import Store
    from storage.units import Selection

FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="cli.opt_format", case_sensitive=False)
]
AsOfOption = Annotated[str | None, typer.Option("--as-of", metavar="INSTANT", help="cli.opt_as_of")]
NetworkOption = Annotated[
    Network | None, typer.Option("--network", help="cli.opt_network", case_sensitive=False)
]
UnitOption = Annotated[
    str | None,
    typer.Option("--unit", metavar="UNIT", help="cli.opt_unit", autocompletion=complete_unit),
]
UnderOption = Annotated[
    str | None,
    typer.Option("--under", metavar="UNIT", help="cli.opt_under", autocompletion=complete_unit),
]
FromOption = Annotated[str | None, typer.Option("--from", metavar="DATE", help="cli.opt_from")]
ToOption = Annotated[str | None, typer.Option("--to", metavar="DATE", help="cli.opt_to")]
DateOption = Annotated[str | None, typer.Option("--date", metavar="DATE", help="cli.opt_date")]
DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="cli.arg_date")]
UnitArgument = Annotated[
    str, typer.Argument(metavar="UNIT", help="cli.arg_unit", autocompletion=complete_unit)
]


def instant(store: Store, as_of: str | None, at: Instant) -> Instant:
    """Return the instant of `--as-of`, a bare date being its last second; without it, `at`."""
    return at if as_of is None else store.zone.parse(as_of)


def day(store: Store, text: str | None, at: Instant) -> date:
    """Return the day that a person names, seen from the local day of `at`; that day itself."""
    today = store.today(at)
    return today if text is None else parse_day(text, today)


def days(
    store: Store, named: str | None, first: str | None, last: str | None, at: Instant
) -> tuple[date, date]:
    """Return the first and the last day of DATE, or of `--from` and `--to`; today for nothing.

    One of the two alone ends today, or is that one day. Raises UsageError where DATE stands
    beside them.
    """
    if named is not None and (first is not None or last is not None):
        raise UsageError("cli.date_and_range")
    if first is None:
        only = day(store, last if named is None else named, at)
        return only, only
    return day(store, first, at), day(store, last, at)


def selection(
    store: Store,
    network: Network | None = None,
    unit: str | None = None,
    under: str | None = None,
    on: date | None = None,
) -> Selection:
    """Return the units that the options name; `on` decides between units of one name."""
    from storage.units import Selection

    if unit is None and under is None:
        return Selection(network)
    from actions.units import find

    return Selection(
        network,
        None if unit is None else find(store, unit, on).code,
        None if under is None else find(store, under, on).code,
    )
