"""`lianluo plot`: pictures on the terminal, and as SVG or PNG files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from catalogue import t
from commands import options, output
from commands.call import warn
from commands.frame import call_of, leaf
from domain.errors import UsageError
from exchange.papers import write_file
from exchange.picture_text import picture_lines
from exchange.pictures import Asked, PlotKind, drawing

app = leaf()

_WIDTH = 80
_ENDINGS = (".svg", ".png")


@app.command(help="help.plot")
def plot(
    context: typer.Context,
    kind: Annotated[
        PlotKind, typer.Argument(metavar="KIND", help="plot.arg_kind", case_sensitive=False)
    ],
    file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="plot.opt_file")
    ] = None,
    first: options.FromOption = None,
    last: options.ToOption = None,
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
) -> None:
    """Draw a picture."""
    if file is not None and file.suffix.lower() not in _ENDINGS:
        raise UsageError("plot.bad_ending", file=str(file), endings=list(_ENDINGS))
    call = call_of(context)
    with call.city() as (store, _), store.reading():
        at = options.instant(store, as_of, call.at)
        begin = None if first is None else options.day(store, first, at)
        end = None if last is None else options.day(store, last, at)
        chosen = options.selection(store, network, unit, under, end or store.today(at))
        if kind is PlotKind.MAP and not (chosen.everything and first is None):
            raise UsageError("plot.map_whole")
        found = drawing(store, kind, Asked(at, begin, end, chosen))
    if file is None:
        wide = output.terminal_width() if sys.stdout.isatty() else _WIDTH
        for line in picture_lines(found, wide):
            print("".join(text for text, _ in line).rstrip())
        return
    from exchange.picture_svg import png, svg

    suffix = file.suffix.lower()
    made = png(found) if suffix == ".png" else svg(found).encode()
    write_file(file, made, suffix)
    warn(t("plot.written", file=str(file)))
