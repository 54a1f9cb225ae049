"""`lianluo schedule`: the units' own reporting days, and restating past ones (R6, R7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

import catalogue
from actions.restating import Change
from actions.schedules import restate_days, save_schedules
from actions.units import find
from catalogue import t
from commands import options, output
from commands.call import warn
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from commands.validity import (
    DryRunOption,
    EndOption,
    YesOption,
    check_order,
    day_or_none,
    settle,
    validity_text,
)
from domain.errors import NotFound
from domain.instants import parse_clock, parse_day
from domain.schedules import Days, Schedule, parse_late_until, schedule_in_force
from domain.units import Unit
from storage import schedules, units
from storage.schedules import clock_text, late_text

if TYPE_CHECKING:
    from storage.store import Store

app = group("help.schedule")

FIELDS = ("unit", "days", "cutoff", "late_until", "valid_from", "valid_to")


class ReportingDays(StrEnum):
    """The days on which a unit with a schedule of its own reports."""

    DAILY = "daily"
    WORKDAYS = "workdays"


@app.command("list", help="schedule.list")
def show_list(
    context: typer.Context,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    on: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="schedule.opt_on")
    ] = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the units' own schedules."""
    with call_of(context).city() as (store, _):
        at = options.instant(store, as_of, call_of(context).at)
        day = None if on is None else options.day(store, on, at)
        chosen = options.selection(store, unit=unit, under=under, on=day)
        among = {each.code: each for each in units.selected(store.connection, chosen)}
        found = _rows(store, among, day)
        if form is Format.TABLE and not found:
            warn(t("schedule.empty", defaults=_defaults(store)))
            return
    output.listing(form, found, FIELDS, as_record, columns(among), "schedule.empty")


def _rows(store: Store, among: dict[str, Unit], day: date | None) -> list[Schedule]:
    """Return the rows of these units; with a day, the one in force on it for each."""
    every = [row for row in schedules.every(store.connection) if row.unit in among]
    if day is None:
        return every
    by_unit: dict[str, list[Schedule]] = {}
    for row in every:
        by_unit.setdefault(row.unit, []).append(row)
    in_force = [schedule_in_force(rows, day) for rows in by_unit.values()]
    return [row for row in in_force if row is not None]


def _defaults(store: Store) -> list[str]:
    by_kind = store.reporting.days_by_kind
    return [
        f"{t(f'words.kind_{kind}')} {t(f'words.days_{days}')}"
        for kind, days in by_kind.items()
        if days is not Days.NONE
    ]


def as_record(row: Schedule) -> Record:
    """Return a schedule row as programs read it."""
    return {
        "unit": row.unit,
        "days": row.days.value,
        "cutoff": clock_text(row.cutoff),
        "late_until": late_text(row.late_until),
        "valid_from": day_or_none(row.valid_from),
        "valid_to": day_or_none(row.valid_to),
    }


def columns(among: dict[str, Unit]) -> list[Column[Schedule]]:
    """Return the columns of the list of schedules."""

    def unit_name(row: Schedule) -> str:
        return catalogue.pick(among[row.unit].name, among[row.unit].name_en)

    return [
        Column("cli.col_unit", lambda row: row.unit),
        Column("cli.col_name", unit_name, elastic=True),
        Column("schedule.col_days", lambda row: t(f"words.days_{row.days}")),
        Column("schedule.col_cutoff", lambda row: clock_text(row.cutoff) or "", rank=1),
        Column("schedule.col_late_until", lambda row: late_text(row.late_until) or "", rank=2),
        Column(
            "schedule.col_validity",
            lambda row: validity_text(row.valid_from, row.valid_to),
            rank=1,
        ),
    ]


@app.command("add", help="schedule.add")
def add(
    context: typer.Context,
    unit: options.UnitArgument,
    days: Annotated[
        ReportingDays, typer.Option("--days", help="schedule.opt_days", case_sensitive=False)
    ],
    cutoff: Annotated[
        str | None, typer.Option("--cutoff", metavar="HH:MM", help="schedule.opt_cutoff")
    ] = None,
    late_until: Annotated[
        str | None, typer.Option("--late-until", metavar="HH:MM", help="schedule.opt_late_until")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="schedule.opt_from")
    ] = None,
    last: EndOption = None,
    restate: Annotated[bool, typer.Option("--restate", help="schedule.opt_restate")] = False,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Give a unit a schedule of its own."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        begins = options.day(store, first, at)
        ends = None if last is None else parse_day(last, store.today(at))
        check_order(begins, ends)
        owner = find(store, unit, begins)
        row = Schedule(
            owner.code,
            Days(days.value),
            None if cutoff is None else parse_clock(cutoff),
            None if late_until is None else parse_late_until(late_until),
            begins,
            ends,
        )

        def act(rehearsing: bool) -> Sequence[Change]:
            return save_schedules(store, actor, [row], at, restate_past=restate, dry_run=rehearsing)

        if settle(store, form, act, dry_run=dry_run, yes=yes):
            warn(t("schedule.added", unit=owner.called))


@app.command("end", help="schedule.end")
def end(
    context: typer.Context,
    unit: options.UnitArgument,
    on: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="schedule.opt_last_day")
    ] = None,
) -> None:
    """End the schedule that is in force on a day."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        last = options.day(store, on, at)
        owner = find(store, unit, last)
        row = schedule_in_force(schedules.every(store.connection, [owner.code]), last)
        if row is None:
            raise NotFound("schedule.none_in_force", unit=owner.called, day=last)
        save_schedules(store, actor, [replace(row, valid_to=last)], at)
        warn(t("schedule.ended", unit=owner.called, day=last))


@app.command("restate", help="schedule.restate")
def restate_past(
    context: typer.Context,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="schedule.opt_restate_from")],
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="schedule.opt_restate_to")
    ] = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Recompute due days as schedules, calendar and rules now stand."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        begins, ends = options.day(store, first, at), options.day(store, last, at)
        chosen = options.selection(store, unit=unit, under=under, on=ends)
        codes = (
            None
            if chosen.everything
            else [each.code for each in units.selected(store.connection, chosen)]
        )

        def act(rehearsing: bool) -> Sequence[Change]:
            return restate_days(store, actor, codes, begins, ends, at, dry_run=rehearsing)

        if settle(store, form, act, dry_run=dry_run, yes=yes):
            warn(t("schedule.restated", first=begins, last=ends))
