"""`lianluo notice`: supervision notices, from issue to review (R15)."""

from __future__ import annotations

from typing import Annotated

import typer

from actions import notices
from actions.matters import MatterView, listed, show
from actions.notices import issuable, issue, missing_units
from actions.units import find
from catalogue import t
from commands import options, output
from commands.call import warn
from commands.completion import complete_matter, complete_unit
from commands.frame import call_of, group
from commands.matter import ClosedOption, OpenOption, either
from commands.matter_pages import listing, told, unit_name
from commands.output import Column, Format, Record
from domain.errors import UsageError
from domain.matters import Matter
from domain.units import Unit
from storage import units as unit_rows
from storage.matters import Filter

app = group("help.notice")

Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="notice.arg_number", autocompletion=complete_matter)
]
TARGET_FIELDS = ("unit", "name", "issuer")


@app.command("issue", help="notice.issue")
def issue_some(
    context: typer.Context,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="notice.opt_title")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="notice.opt_text")],
    units: Annotated[
        list[str] | None,
        typer.Argument(metavar="UNIT", help="notice.arg_units", autocompletion=complete_unit),
    ] = None,
    missed: Annotated[
        int | None, typer.Option("--missed", metavar="DAYS", min=1, help="notice.opt_missed")
    ] = None,
    network: options.NetworkOption = None,
    under: options.UnderOption = None,
    reply_by: Annotated[
        str | None, typer.Option("--reply-by", metavar="DATE", help="notice.opt_reply_by")
    ] = None,
    parent: Annotated[
        str | None, typer.Option("--parent", metavar="NUMBER", help="matter.opt_parent")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="notice.opt_dry_run")] = False,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Issue a numbered notice to each unit named, or to all that missed so many reports."""
    call = call_of(context)
    if (missed is None) == (not units) or (missed is None and (network or under)):
        raise UsageError("notice.issue_words")
    with call.city() as (store, actor):
        at = call.at
        today = store.today(at)
        if missed is None:
            targets = [find(store, name, today).code for name in units or ()]
        else:
            chosen = options.selection(store, network, None, under, today)
            silent = missing_units(store, missed, chosen, at)
            targets = issuable(store, actor, silent, at)
            if len(targets) < len(silent):
                warn(t("notice.not_yours", count=len(silent) - len(targets)))
            if not targets:
                output.listing(form, [], TARGET_FIELDS, lambda row: row, [], "notice.none_missed")
                return
        serves = "" if parent is None else show(store, parent, at).matter.number
        day = None if reply_by is None else options.day(store, reply_by, at)
        issued = issue(
            store,
            actor,
            targets,
            title,
            text.strip(),
            at,
            reply_by=day,
            parent=serves,
            dry_run=dry_run,
        )
        if dry_run:
            codes = {code for matter in issued for code in (matter.unit, matter.issuer)}
            _targets(form, issued, unit_rows.by_code(store.connection, codes))
            warn(t("notice.rehearsed", count=len(issued)))
            return
        views = [show(store, matter.number, at) for matter in issued]
        listing(store, form, views, at, "notice.empty")


def _targets(form: Format, issued: list[Matter], names: dict[str, Unit]) -> None:
    def record(matter: Matter) -> Record:
        unit = names[matter.unit]
        return {"unit": unit.code, "name": unit.name, "issuer": matter.issuer}

    columns: list[Column[Matter]] = [
        Column("cli.col_unit", lambda matter: matter.unit),
        Column("cli.col_name", lambda matter: unit_name(names[matter.unit]), elastic=True),
        Column("matter.issuer", lambda matter: unit_name(names[matter.issuer]), elastic=True),
    ]
    output.listing(form, issued, TARGET_FIELDS, record, columns, "notice.empty")


@app.command("list", help="notice.list")
def show_list(
    context: typer.Context,
    opened: OpenOption = False,
    closed: ClosedOption = False,
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    issuer: Annotated[
        str | None,
        typer.Option(
            "--issuer", metavar="UNIT", help="notice.opt_issuer", autocompletion=complete_unit
        ),
    ] = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print notices."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        today = store.today(at)
        chosen = options.selection(store, network, unit, under, today)
        by = None if issuer is None else find(store, issuer, today).code
        found = listed(store, chosen, Filter("notice", either(opened, closed)), at)
        found = [view for view in found if by in (None, view.matter.issuer)]
        listing(store, form, found, at, "notice.empty")


@app.command("sign", help="notice.sign")
def sign(context: typer.Context, number: Number, form: options.FormatOption = Format.TABLE) -> None:
    """Sign for a notice."""
    call = call_of(context)
    with call.city() as (store, actor):
        view = notices.sign(store, actor, number, call.at)
        told(store, form, view, call.at, _said("notice.signed", view))


@app.command("reply", help="notice.reply")
def reply(
    context: typer.Context,
    number: Number,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="notice.opt_reply")],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Reply to a notice."""
    call = call_of(context)
    with call.city() as (store, actor):
        view = notices.reply(store, actor, number, text, call.at)
        told(store, form, view, call.at, _said("notice.replied", view))


@app.command("review", help="notice.review")
def review(
    context: typer.Context,
    number: Number,
    accept: Annotated[bool, typer.Option("--accept", help="notice.opt_accept")] = False,
    returned: Annotated[bool, typer.Option("--return", help="notice.opt_return")] = False,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="notice.opt_review")] = "",
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Accept a reply, or return it with a reason."""
    call = call_of(context)
    if accept == returned:
        raise UsageError("notice.review_words")
    with call.city() as (store, actor):
        view = notices.review(store, actor, number, accept, text, call.at)
        key = "notice.accepted" if accept else "notice.returned"
        told(store, form, view, call.at, _said(key, view))


def _said(key: str, view: MatterView) -> str:
    return t(key, number=view.matter.number)
