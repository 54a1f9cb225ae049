"""`lianluo audit`: the log of all that was changed, and whether the store agrees with it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from actions import auditing
from actions.auditing import Checked, Head
from catalogue import pick, t
from commands import options, output
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from domain.errors import UsageError
from domain.instants import Instant, Zone, parse_day, utc
from domain.people import PROGRAM
from storage.events import Event, Wanted
from storage.store import Store
from storage.verifying import Progress, Verdict

app = group("help.audit")

FIELDS = ("seq", "at", "actor", "real_login", "host", "action", "subject", "detail", "hash")


@app.command("log", help="audit.help_log")
def show_log(
    context: typer.Context,
    first: options.FromOption = None,
    last: options.ToOption = None,
    actor: Annotated[
        str | None, typer.Option("--actor", metavar="LOGIN", help="audit.opt_actor")
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="TEXT", help="audit.opt_subject")
    ] = None,
    action: Annotated[
        str | None, typer.Option("--action", metavar="TEXT", help="audit.opt_action")
    ] = None,
    newest: Annotated[
        int | None, typer.Option("--last", metavar="N", min=1, help="audit.opt_last")
    ] = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print events, oldest first."""
    call = call_of(context)
    with call.city() as (store, _):
        zone = store.zone
        begins, ends = _span(store, first, last, call.at)
        if as_of is not None:
            known = options.instant(store, as_of, call.at)
            ends = known if ends is None else min(ends, known)
        wanted = Wanted(begins, ends, actor, subject, action)
        found = auditing.log(store, wanted, newest)
    output.listing(form, found, FIELDS, as_record, _columns(zone), "audit.log_empty")


def _span(
    store: Store, first: str | None, last: str | None, at: Instant
) -> tuple[Instant | None, Instant | None]:
    today = store.today(at)
    begins = None if first is None else store.zone.start_of(parse_day(first, today))
    ends = None if last is None else store.zone.end_of(parse_day(last, today))
    if begins is not None and ends is not None and begins > ends:
        raise UsageError("errors.range_reversed", first=first, last=last)
    return begins, ends


def as_record(event: Event) -> Record:
    """Return an event as programs read it."""
    return {
        "seq": event.seq,
        "at": utc(event.at),
        "actor": event.actor,
        "real_login": event.real_login,
        "host": event.host,
        "action": event.action,
        "subject": event.subject,
        "detail": event.detail,
        "hash": event.hash,
    }


def _columns(zone: Zone) -> list[Column[Event]]:
    return [
        Column("audit.col_seq", lambda row: str(row.seq), right=True),
        Column("audit.col_at", lambda row: zone.show(row.at)),
        Column("audit.col_actor", who),
        Column("audit.col_action", lambda row: row.action),
        Column("audit.col_subject", lambda row: row.subject, elastic=True),
        Column("audit.col_host", lambda row: row.host, rank=2),
        Column("audit.col_detail", _detail, elastic=True, rank=1),
    ]


def who(event: Event) -> str:
    """Return who did it, and in whose name where that is somebody else."""
    if event.actor == PROGRAM.login:
        return t("audit.program")
    if event.actor == event.real_login:
        return event.actor
    return t("audit.in_name_of", actor=event.actor, real=event.real_login)


def _detail(event: Event) -> str:
    said = {name: value for name, value in event.detail.items() if value not in (None, "", [])}
    return json.dumps(said, ensure_ascii=False)


@app.command("head", help="audit.help_head")
def show_head(context: typer.Context, form: options.FormatOption = Format.TABLE) -> None:
    """Print the newest event's number and hash."""
    with call_of(context).city() as (store, _):
        found = auditing.head(store)
        zone = store.zone
    output.document(
        form, _head_record(found), lambda: [f"{found.seq} {found.hash}", _at(found, zone)]
    )


def _at(found: Head, zone: Zone) -> str:
    return t("audit.head_at", at=zone.show(found.at))


def _head_record(found: Head) -> Record:
    return {"seq": found.seq, "at": utc(found.at), "hash": found.hash}


@app.command("verify", help="audit.help_verify")
def verify(
    context: typer.Context,
    receipt: Annotated[
        str | None, typer.Option("--receipt", metavar="CODE", help="audit.opt_receipt")
    ] = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Hold the store, or one receipt, against the audit log; exit 6 where something differs."""
    with call_of(context).city() as (store, _):
        zone = store.zone
        if receipt is not None:
            checked = auditing.check_receipt(store, receipt)
            output.document(form, _receipt_record(checked), lambda: _receipt_lines(checked, zone))
            return
        with progress() as shown:
            verdict = auditing.verify(store, shown)
    output.document(form, _verdict_record(verdict), lambda: _verdict_lines(verdict))


@contextmanager
def progress() -> Iterator[Progress]:
    """Show on a terminal what is looked at; in a pipe nothing."""
    if not sys.stderr.isatty():
        yield lambda _what, _count: None
        return
    from rich.console import Console
    from rich.status import Status

    with Status("", console=Console(stderr=True)) as status:

        def shown(what: str, count: int) -> None:
            if count % 1000 == 1 or what == "copying":
                status.update(t(f"audit.doing_{what}", count=count))

        yield shown


def _verdict_record(verdict: Verdict) -> Record:
    return {
        "whole": True,
        "events": verdict.events,
        "proven_since": verdict.since,
        "reports": verdict.revisions,
        "imported": verdict.imported,
        "obligations": verdict.obligations,
        "matter_entries": verdict.entries,
        "other_rows": verdict.others,
        "hash": verdict.head,
    }


def _verdict_lines(verdict: Verdict) -> list[str]:
    lines = [
        t("audit.whole", events=verdict.events, head=verdict.head),
        t(
            "audit.looked_at",
            reports=verdict.revisions,
            imported=verdict.imported,
            obligations=verdict.obligations,
            entries=verdict.entries,
            others=verdict.others,
        ),
    ]
    if verdict.since is None:
        lines.append(t("audit.unproven"))
    elif verdict.since > 1:
        lines.append(t("audit.proven_since", seq=verdict.since))
    return lines


def _receipt_record(checked: Checked) -> Record:
    revision = checked.revision
    return {
        "receipt": revision.receipt,
        "seal": checked.event.hash[:12],
        "sealed": checked.sealed,
        "unit": checked.unit.code,
        "date": revision.day.isoformat(),
        "revision": revision.number,
        "newest": checked.newest,
        "filed_at": utc(revision.filed_at),
        "filed_by": revision.filed_by,
        "keyed_by": revision.keyed_by,
        "event": checked.event.seq,
        "hash": checked.event.hash,
    }


def _receipt_lines(checked: Checked, zone: Zone) -> list[str]:
    revision = checked.revision
    lines = [
        t(
            "audit.receipt_holds" if checked.sealed else "audit.receipt_unsealed",
            receipt=revision.receipt,
            unit=pick(checked.unit.name, checked.unit.name_en),
            day=revision.day,
            at=zone.show(revision.filed_at),
            by=revision.filed_by,
            seq=checked.event.seq,
            seal=checked.event.hash[:12],
        )
    ]
    if not checked.newest:
        lines.append(t("audit.receipt_amended"))
    return lines
