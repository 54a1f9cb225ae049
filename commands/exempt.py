"""`lianluo exempt`: days on which a unit owes nothing (R8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

import catalogue
from actions.restating import Change
from actions.schedules import save_exemptions, withdraw_exemption
from actions.units import find
from catalogue import t
from commands import options, output
from commands.call import warn
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from commands.validity import DryRunOption, check_order, print_changes, settle
from domain.errors import NotFound, Refused, UsageError
from domain.schedules import Exemption
from domain.units import Unit
from storage import schedules, units

if TYPE_CHECKING:
    from storage.store import Store

app = group("help.exempt")

FIELDS = ("unit", "from", "to", "reason", "approved_by")


@app.command("list", help="exempt.list")
def show_list(
    context: typer.Context,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    on: Annotated[str | None, typer.Option("--date", metavar="DATE", help="exempt.opt_on")] = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print exemptions."""
    with call_of(context).city() as (store, _):
        at = options.instant(store, as_of, call_of(context).at)
        day = None if on is None else options.day(store, on, at)
        chosen = options.selection(store, unit=unit, under=under, on=day)
        among = {each.code: each for each in units.selected(store.connection, chosen)}
        found = [
            row
            for row in schedules.exemptions(store.connection)
            if row.unit in among and (day is None or row.covers(day))
        ]
    output.listing(form, found, FIELDS, as_record, columns(among), "exempt.empty")


def as_record(row: Exemption) -> Record:
    """Return an exemption as programs read it."""
    return {
        "unit": row.unit,
        "from": row.first.isoformat(),
        "to": row.last.isoformat(),
        "reason": row.reason,
        "approved_by": row.approved_by or None,
    }


def columns(among: dict[str, Unit]) -> list[Column[Exemption]]:
    """Return the columns of the list of exemptions."""

    def unit_name(row: Exemption) -> str:
        return catalogue.pick(among[row.unit].name, among[row.unit].name_en)

    return [
        Column("cli.col_unit", lambda row: row.unit),
        Column("cli.col_name", unit_name, elastic=True),
        Column("exempt.col_from", lambda row: row.first.isoformat()),
        Column("exempt.col_to", lambda row: row.last.isoformat()),
        Column("exempt.col_reason", lambda row: row.reason, elastic=True),
        Column("exempt.col_approved_by", lambda row: row.approved_by, elastic=True, rank=1),
    ]


@app.command("add", help="exempt.add")
def add(
    context: typer.Context,
    unit: options.UnitArgument,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="exempt.opt_from")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="exempt.opt_reason")],
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="exempt.opt_to")] = None,
    approved_by: Annotated[
        str | None, typer.Option("--approved-by", metavar="NAME", help="exempt.opt_approved_by")
    ] = None,
    dry_run: DryRunOption = False,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Record an exemption."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        begins = options.day(store, first, at)
        ends = begins if last is None else options.day(store, last, at)
        check_order(begins, ends)
        if not reason.strip():
            raise Refused("exempt.reason_missing")
        owner = find(store, unit, begins)
        by = actor.login if approved_by is None else approved_by.strip()
        row = Exemption(owner.code, begins, ends, reason.strip(), by)

        def act(rehearsing: bool) -> Sequence[Change]:
            return save_exemptions(store, actor, [row], at, dry_run=rehearsing)

        if settle(store, form, act, dry_run=dry_run):
            warn(t("exempt.added", unit=owner.called, first=begins, last=ends))


@app.command("withdraw", help="exempt.withdraw")
def withdraw(
    context: typer.Context,
    unit: options.UnitArgument,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="exempt.opt_withdraw_from")],
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="exempt.opt_withdraw_to")
    ] = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Take an exemption away."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        begins = options.day(store, first, at)
        ends = None if last is None else options.day(store, last, at)
        owner = find(store, unit, begins)
        row = _standing(store, owner, begins, ends)
        print_changes(store, form, withdraw_exemption(store, actor, row, at))
        warn(t("exempt.withdrawn", unit=owner.called, first=row.first, last=row.last))


def _standing(store: Store, unit: Unit, first: date, last: date | None) -> Exemption:
    """Return the unit's exemption of these dates; raises NotFound, or UsageError for several."""
    found = [
        row
        for row in schedules.exemptions(store.connection, [unit.code])
        if row.first == first and last in (None, row.last)
    ]
    if not found:
        raise NotFound("errors.exemption_unknown", unit=unit.called, first=first)
    if len(found) > 1:
        days = [row.last.isoformat() for row in found]
        raise UsageError("exempt.several", unit=unit.called, first=first, days=days)
    return found[0]
