"""`lianluo matter assist`: asking other responsible units for what their duty says (R15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

import catalogue
from actions.assisting import Duties, answers, ask, can_be_asked
from actions.matters import MatterView, show
from catalogue import t
from commands import matter_pages, options, output
from commands.completion import complete_matter, complete_unit
from commands.frame import call_of
from commands.output import Column, Format, Record
from domain.errors import UsageError
from storage.networks import Duty

FIELDS = ("unit", "name", "duties", "asked")


def assist(
    context: typer.Context,
    number: Annotated[
        str,
        typer.Argument(metavar="NUMBER", help="matter.arg_number", autocompletion=complete_matter),
    ],
    units: Annotated[
        list[str] | None,
        typer.Argument(metavar="UNIT", help="matter.arg_asked", autocompletion=complete_unit),
    ] = None,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="matter.opt_asked")] = "",
    candidates: Annotated[bool, typer.Option("--list", help="matter.opt_candidates")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Ask units for assistance, or with `--list` print who can be asked."""
    call = call_of(context)
    if candidates == bool(units):
        raise UsageError("matter.assist_words")
    if as_of is not None and not candidates:
        raise UsageError("matter.as_of_reads")
    with call.city() as (store, actor):
        if candidates:
            at = options.instant(store, as_of, call.at)
            asked = answers(store, show(store, number, at).matter.number, at)
            _candidates(form, can_be_asked(store, at), asked)
            return
        made = ask(store, actor, number, units or [], text, call.at)
        views = [show(store, each.number, call.at) for each in made]
        matter_pages.listing(store, form, views, call.at, "matter.empty")


def _candidates(form: Format, found: Sequence[Duties], asked: Sequence[MatterView]) -> None:
    def numbers(row: Duties) -> list[str]:
        return [view.matter.number for view in asked if view.matter.unit == row.code]

    def record(row: Duties) -> Record:
        return {
            "unit": row.code,
            "name": row.name,
            "duties": [
                {"duty": d.duty, "duty_en": d.duty_en or None, "source": d.source or None}
                for d in row.duties
            ],
            "asked": numbers(row),
        }

    columns: list[Column[Duties]] = [
        Column("cli.col_unit", lambda row: row.code),
        Column("cli.col_name", lambda row: row.name, elastic=True),
        Column("matter.col_duties", _duties, elastic=True),
        Column("matter.col_asked", lambda row: catalogue.listing(numbers(row))),
    ]
    output.listing(form, found, FIELDS, record, columns, "matter.nobody_to_ask")


def _duties(row: Duties) -> str:
    return t("matter.semicolon").join(_words(duty) for duty in row.duties)


def _words(duty: Duty) -> str:
    return catalogue.pick(duty.duty, duty.duty_en)
