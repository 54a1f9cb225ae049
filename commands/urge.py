"""`lianluo urge`: fires the steps of the ladder that are due, once each (R14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

import catalogue
from actions.addressing import Recipient
from actions.urging import Urged, last_check, survey, urge
from catalogue import t
from commands import options, output
from commands.call import Call, warn
from commands.frame import call_of, leaf
from commands.output import Column, Format, Record
from domain.errors import UsageError
from domain.instants import Instant, Zone, utc
from domain.ladder import Judged, Verdict
from domain.people import Actor
from domain.values import dataclass
from exchange.urging_text import UrgingText, urging_texts

if TYPE_CHECKING:
    from storage.store import Store

app = leaf()

FIRED_FIELDS = ("rung", "unit", "name", "to", "recipients", "obligations", "fired_at", "text")
JUDGED_FIELDS = (
    "id",
    "kind",
    "unit",
    "name",
    "subject",
    "due_at",
    "rung",
    "to",
    "planned_at",
    "verdict",
)
STYLES = {Verdict.FIRES: "bold"}


@dataclass(frozen=True, slots=True)
class Line:
    """One rung of one obligation's ladder."""

    urged: Urged
    judged: Judged


@app.command(help="help.urge")
def run(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="urge.opt_dry_run")] = False,
    send: Annotated[bool, typer.Option("--send", help="urge.opt_send")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Fire what is due and print the texts; `--dry-run` says what would fire, and why not."""
    call = call_of(context)
    if as_of is not None and not dry_run:
        raise UsageError("urge.as_of_reads")
    if send and dry_run:
        raise UsageError("urge.send_or_not")
    with call.city() as (store, actor):
        if dry_run:
            at = options.instant(store, as_of, call.at)
            found = survey(store, at)
            lines = [Line(row, judged) for row in found for judged in row.rungs]
            _tell_last(store)
            columns = _columns(store.zone)
            output.listing(form, lines, JUDGED_FIELDS, judged_record, columns, "urge.nothing_open")
            return
        if send:
            _fire_and_send(call, store, actor, form)
            return
        fired = urge(store, actor, call.at)
        texts = urging_texts(store, fired, call.at)
        _write(form, texts, call.at)
    _tell_fired(fired, texts)


def _fire_and_send(call: Call, store: Store, actor: Actor, form: Format) -> None:
    """Fire, queue in the same transaction, print the texts, and then send what is due."""
    from commands import outbox
    from exchange.dispatch import urge_and_queue

    found = urge_and_queue(store, actor, call.at, call.loaded.settings.preferences.delivery)
    _write(form, list(found.texts), call.at)
    _tell_fired(found.fired, found.texts)
    if found.unaddressed:
        warn(t("urge.unaddressed", to=list(found.unaddressed)))
    outbox.tell(outbox.deliver(call, store, actor))


def _tell_fired(fired: Sequence[Urged], texts: Sequence[UrgingText]) -> None:
    count = sum(len(row.firing) for row in fired)
    key = "urge.fired" if count else "urge.nothing"
    warn(t(key, count=count, texts=len(texts)))


def _tell_last(store: Store) -> None:
    last = last_check(store)
    at = t("urge.never") if last is None else store.zone.show(last)
    warn(t("urge.last_check", at=at))


def _write(form: Format, texts: list[UrgingText], at: Instant) -> None:
    if form is not Format.TABLE:
        output.listing(
            form, texts, FIRED_FIELDS, lambda row: fired_record(row, at), [], "urge.nothing"
        )
        return
    for number, row in enumerate(texts):
        if number:
            output.text([""])
        output.text(row.text.splitlines())


def fired_record(row: UrgingText, at: Instant) -> Record:
    """Return a message as programs read it; `unit` is null where it names several."""
    return {
        "rung": row.rung.name,
        "unit": row.unit and row.unit.code,
        "name": row.unit and row.unit.name,
        "to": list(row.rung.to),
        "recipients": [_recipient(to) for to in row.recipients],
        "obligations": [owed.id for owed in row.obligations],
        "fired_at": utc(at),
        "text": row.text,
    }


def _recipient(to: Recipient) -> Record:
    return {
        "role": to.role,
        "unit": to.unit and to.unit.code,
        "login": to.person and to.person.login,
        "name": to.person and to.person.name,
        "phone": (to.person.phone or None) if to.person else None,
        "stands_in_for": to.absent and to.absent.login,
    }


def judged_record(line: Line) -> Record:
    """Return a rung and what becomes of it as programs read it."""
    owed, judged = line.urged.obligation, line.judged
    return {
        "id": owed.id,
        "kind": owed.kind.value,
        "unit": line.urged.unit.code,
        "name": line.urged.unit.name,
        "subject": owed.subject,
        "due_at": utc(owed.due_at),
        "rung": judged.rung.name,
        "to": list(judged.rung.to),
        "planned_at": utc(judged.at),
        "verdict": judged.verdict.value,
    }


def _columns(zone: Zone) -> list[Column[Line]]:
    return [
        Column("cli.col_id", lambda line: line.urged.obligation.id),
        Column("cli.col_name", _name, elastic=True, rank=1),
        Column("cli.col_due_at", lambda line: zone.show(line.urged.obligation.due_at), rank=2),
        Column("urge.col_rung", lambda line: t(f"words.rung_{line.judged.rung.name}")),
        Column("urge.col_to", _to, elastic=True, rank=3),
        Column("urge.col_planned_at", lambda line: zone.show(line.judged.at)),
        Column(
            "urge.col_verdict",
            lambda line: t(f"words.verdict_{line.judged.verdict}"),
            style=lambda line: STYLES.get(line.judged.verdict, ""),
        ),
    ]


def _name(line: Line) -> str:
    return catalogue.pick(line.urged.unit.name, line.urged.unit.name_en)


def _to(line: Line) -> str:
    return catalogue.listing([t(f"words.addressee_{to}") for to in line.judged.rung.to])
