"""`lianluo reconcile`: zero reports held against what others found (R17)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from actions import reconciling
from actions.matters import listed, show
from actions.reconciling import Contradiction, explain_zero, unasked
from catalogue import t
from commands import options, output
from commands.completion import complete_matter
from commands.frame import call_of, standing, stands_alone
from commands.matter import ClosedOption, OpenOption, either
from commands.matter_pages import listing, told, unit_name
from commands.output import Column, Format, Record
from domain.errors import UsageError
from domain.instants import Instant
from storage.matters import Filter

if TYPE_CHECKING:
    from storage.store import Store

app, itself = standing("help.reconcile")

FIELDS = (
    "unit",
    "name",
    "date",
    "matter",
    "workflow",
    "title",
    "place",
    "location",
    "existed_since",
    "recorded_by",
)


class Why(StrEnum):
    """Why a zero stood beside something found (R17)."""

    NOT_VISIBLE = "not_visible"
    OUT_OF_SCOPE = "out_of_scope"
    ALREADY_KNOWN = "already_known"
    OVERLOOKED = "overlooked"


@itself
def run(
    context: typer.Context,
    first: options.FromOption = None,
    last: options.ToOption = None,
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="reconcile.opt_dry_run")] = False,
    as_of: options.AsOfOption = None,
    form: Annotated[
        Format | None, typer.Option("--format", "-f", help="cli.opt_format", case_sensitive=False)
    ] = None,
) -> None:
    """Ask for an explanation of every contradicted zero that has none yet."""
    if not stands_alone(context, first, last, network, unit, under, dry_run, as_of, form):
        return
    call = call_of(context)
    if as_of is not None and not dry_run:
        raise UsageError("reconcile.as_of_reads")
    with call.city() as (store, actor):
        at = options.instant(store, as_of, call.at)
        begin, end = _days(store, first, last, at)
        chosen = options.selection(store, network, unit, under, end)
        if dry_run:
            write(form or Format.TABLE, unasked(store, begin, end, chosen, at))
            return
        opened = reconciling.reconcile(store, actor, begin, end, chosen, at)
        views = [show(store, matter.number, at) for matter in opened]
        listing(store, form or Format.TABLE, views, at, "reconcile.nothing")


def _days(store: Store, first: str | None, last: str | None, at: Instant) -> tuple[date, date]:
    """Return the days to look at: by default the look-back up to today."""
    end = options.day(store, last, at)
    if first is None:
        return reconciling.looked_back(store, end)
    return options.day(store, first, at), end


def write(form: Format, found: list[Contradiction]) -> None:
    """Write contradicted zeros."""
    output.listing(form, found, FIELDS, as_record, COLUMNS, "reconcile.nothing")


def as_record(row: Contradiction) -> Record:
    """Return a contradicted zero as programs read it; `recorded_by` is the matter's unit."""
    matter = row.matter
    return {
        "unit": row.unit.code,
        "name": row.unit.name,
        "date": row.day.isoformat(),
        "matter": matter.number,
        "workflow": matter.workflow,
        "title": matter.title,
        "place": matter.place,
        "location": matter.location or None,
        "existed_since": matter.existed_since and matter.existed_since.isoformat(),
        "recorded_by": matter.unit,
    }


COLUMNS: list[Column[Contradiction]] = [
    Column("cli.col_unit", lambda row: row.unit.code),
    Column("cli.col_name", lambda row: unit_name(row.unit), elastic=True),
    Column("reconcile.col_zero", lambda row: row.day.isoformat()),
    Column("matter.col_number", lambda row: row.matter.number),
    Column("matter.col_title", lambda row: row.matter.title, elastic=True),
    Column("matter.col_place", lambda row: row.matter.location, elastic=True, rank=1),
    Column("matter.existed_since", lambda row: str(row.matter.existed_since or ""), rank=2),
    Column("reconcile.col_recorded_by", lambda row: row.matter.unit, rank=3),
]


@app.command("list", help="reconcile.list")
def show_list(
    context: typer.Context,
    opened: OpenOption = False,
    closed: ClosedOption = False,
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the explanations that were asked for."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        chosen = options.selection(store, network, unit, under, store.today(at))
        found = listed(store, chosen, Filter("reconcile", either(opened, closed)), at)
        listing(store, form, found, at, "reconcile.empty")


@app.command("explain", help="reconcile.explain")
def explain(
    context: typer.Context,
    number: Annotated[
        str,
        typer.Argument(
            metavar="NUMBER", help="reconcile.arg_number", autocompletion=complete_matter
        ),
    ],
    reason: Annotated[
        Why, typer.Option("--reason", help="reconcile.opt_reason", case_sensitive=False)
    ],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="reconcile.opt_text")],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Explain a contradicted zero."""
    call = call_of(context)
    with call.city() as (store, actor):
        view = explain_zero(store, actor, number, reason.value, text, call.at)
        sentence = t(
            "reconcile.explained", number=view.matter.number, reason=t(f"words.reason_{reason}")
        )
        told(store, form, view, call.at, sentence)
