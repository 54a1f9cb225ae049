"""`lianluo gaps`: who is missing tomorrow, where nobody looks, where networks disagree (R17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

import catalogue
from actions.reconciling import (
    BlindSpot,
    ComingGap,
    Disagreement,
    blind_spots,
    coming_gaps,
    disagreements,
)
from actions.spot_checks import SpotCheck, spot_checks
from actions.steps import steps_of
from catalogue import t
from commands import options, output, reconcile
from commands.frame import call_of, standing, stands_alone
from commands.matter_pages import unit_name
from commands.output import Column, Format, Record
from domain.instants import utc
from domain.rates import shown
from exchange.urging_text import obligation_words

app, itself = standing("help.gaps")

COMING_FIELDS = ("unit", "name", "date", "id", "kind", "subject", "due_at", "why")
BLIND_FIELDS = ("unit", "name", "kind_of_unit", "parent", "last_seen")
NETWORK_FIELDS = (*reconcile.FIELDS, "networks")
RUN_FIELDS = ("unit", "name", "since", "zeros", "days_found", "history", "chance")

DAYS_AHEAD = 1
DAYS_BACK = 7


@itself
def tomorrow(
    context: typer.Context,
    days: Annotated[
        int | None, typer.Option("--days", metavar="DAYS", min=1, help="gaps.opt_ahead")
    ] = None,
    as_of: options.AsOfOption = None,
    form: Annotated[
        Format | None, typer.Option("--format", "-f", help="cli.opt_format", case_sensitive=False)
    ] = None,
) -> None:
    """Print what falls due on the coming days and finds nobody to answer for it."""
    if not stands_alone(context, days, as_of, form):
        return
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        found = coming_gaps(store, days or DAYS_AHEAD, at)
        about = steps_of(store, [row.obligation for row in found])
        columns: list[Column[ComingGap]] = [
            Column("cli.col_date", lambda row: row.day.isoformat()),
            Column("cli.col_unit", lambda row: row.unit.code),
            Column("cli.col_name", lambda row: unit_name(row.unit), elastic=True),
            Column(
                "gaps.col_what",
                lambda row: obligation_words(row.obligation, about.get(row.obligation.id)),
                elastic=True,
            ),
            Column("cli.col_due_at", lambda row: store.zone.show(row.obligation.due_at), rank=1),
            Column("gaps.col_why", lambda row: t(f"gaps.{why(row)}")),
        ]
        output.listing(
            form or Format.TABLE,
            found,
            COMING_FIELDS,
            coming_record,
            columns,
            "gaps.nobody_missing",
        )


def why(row: ComingGap) -> str:
    """Return why nobody answers: `away`, or `nobody` registered."""
    return "away" if row.away else "nobody"


def coming_record(row: ComingGap) -> Record:
    """Return a coming gap as programs read it."""
    owed = row.obligation
    return {
        "unit": row.unit.code,
        "name": row.unit.name,
        "date": row.day.isoformat(),
        "id": owed.id,
        "kind": owed.kind.value,
        "subject": owed.subject,
        "due_at": utc(owed.due_at),
        "why": why(row),
    }


@app.command("blind", help="gaps.blind")
def blind(
    context: typer.Context,
    days: Annotated[
        int, typer.Option("--days", metavar="DAYS", min=1, help="gaps.opt_back")
    ] = DAYS_BACK,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the places on which no network has reported for so many days."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        found = blind_spots(store, days, at)
        columns: list[Column[BlindSpot]] = [
            Column("cli.col_unit", lambda row: row.unit.code),
            Column("cli.col_name", lambda row: unit_name(row.unit), elastic=True),
            Column("cli.col_kind", lambda row: t(f"words.kind_{row.unit.kind}"), rank=1),
            Column("gaps.col_last", lambda row: str(row.last or t("gaps.never"))),
        ]
        output.listing(form, found, BLIND_FIELDS, blind_record, columns, "gaps.none_blind")


def blind_record(row: BlindSpot) -> Record:
    """Return a blind spot as programs read it; `last_seen` is null where nobody ever looked."""
    return {
        "unit": row.unit.code,
        "name": row.unit.name,
        "kind_of_unit": row.unit.kind.value,
        "parent": row.unit.parent,
        "last_seen": row.last and row.last.isoformat(),
    }


@app.command("networks", help="gaps.networks")
def networks(
    context: typer.Context,
    first: options.FromOption = None,
    last: options.ToOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the days on which one network says zero and another found something."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        end = options.day(store, last, at)
        begin = end - timedelta(days=DAYS_BACK - 1)
        if first is not None:
            begin = options.day(store, first, at)
        found = disagreements(store, begin, end, at)
        columns: list[Column[Disagreement]] = [
            Column("cli.col_unit", lambda row: row.contradiction.unit.code),
            Column("cli.col_name", lambda row: unit_name(row.contradiction.unit), elastic=True),
            Column("reconcile.col_zero", lambda row: row.contradiction.day.isoformat()),
            Column("matter.col_number", lambda row: row.contradiction.matter.number),
            Column("matter.col_title", lambda row: row.contradiction.matter.title, elastic=True),
            Column("reconcile.col_recorded_by", lambda row: row.contradiction.matter.unit, rank=1),
            Column("gaps.col_networks", _networks),
        ]
        output.listing(form, found, NETWORK_FIELDS, network_record, columns, "gaps.all_agree")


def network_record(row: Disagreement) -> Record:
    """Return a disagreement as programs read it, with the networks that know of the matter."""
    return {
        **reconcile.as_record(row.contradiction),
        "networks": [network.value for network in row.networks],
    }


def _networks(row: Disagreement) -> str:
    return catalogue.listing([t(f"words.network_short_{network}") for network in row.networks])


@app.command("zeros", help="spot.help")
def zeros(
    context: typer.Context,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the units whose run of zeros has become unlikely, to those who supervise them."""
    call = call_of(context)
    with call.city() as (store, actor):
        at = options.instant(store, as_of, call.at)
        columns: list[Column[SpotCheck]] = [
            Column("cli.col_unit", lambda row: row.unit.code),
            Column("cli.col_name", lambda row: unit_name(row.unit), elastic=True),
            Column("spot.col_run", lambda row: str(row.run.days), True),
            Column("spot.col_since", lambda row: row.run.since.isoformat()),
            Column("spot.col_rate", lambda row: shown(row.run.found, row.run.history), True),
            Column("spot.col_chance", lambda row: f"{row.run.chance:.1e}", True),
        ]
        found = spot_checks(store, actor, at)
        output.listing(form, found, RUN_FIELDS, run_record, columns, "spot.empty")


def run_record(row: SpotCheck) -> Record:
    """Return an unlikely run of zeros as programs read it."""
    return {
        "unit": row.unit.code,
        "name": row.unit.name,
        "since": row.run.since.isoformat(),
        "zeros": row.run.days,
        "days_found": row.run.found,
        "history": row.run.history,
        "chance": row.run.chance,
    }
