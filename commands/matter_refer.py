"""`lianluo matter refer`: handing a case over to the police, the procuratorate, a court (R15)."""

from __future__ import annotations

from typing import Annotated

import typer

from actions.matters import show
from actions.referring import refer as hand_over
from catalogue import t
from commands import options
from commands.completion import complete_matter, complete_unit
from commands.frame import call_of
from commands.matter_pages import told, unit_name
from commands.output import Format


def refer(
    context: typer.Context,
    number: Annotated[
        str,
        typer.Argument(metavar="NUMBER", help="matter.arg_number", autocompletion=complete_matter),
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="UNIT", help="matter.opt_refer_to", autocompletion=complete_unit
        ),
    ],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="matter.opt_refer_text")],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Open the transfer of a case to another body."""
    call = call_of(context)
    with call.city() as (store, actor):
        made = hand_over(store, actor, number, to, text, call.at)
        view = show(store, made.number, call.at)
        sentence = t(
            "matter.referred",
            number=made.number,
            parent=made.parent,
            unit=unit_name(view.unit),
            code=made.unit,
        )
        told(store, form, view, call.at, sentence)
