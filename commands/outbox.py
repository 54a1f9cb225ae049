"""`lianluo outbox`: what waits to be sent, what is stuck, and what a person decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actions import outbox
from actions.outbox import Waiting
from actions.people import require_on
from catalogue import render, t
from commands import options, output
from commands.call import Call, warn
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from domain.errors import Exit
from domain.instants import Zone, utc
from domain.outbox import STUCK, Entry, State
from domain.people import Actor
from domain.permissions import Action

if TYPE_CHECKING:
    from exchange.delivery import Delivered
    from storage.store import Store

app = group("help.outbox")

Id = Annotated[int, typer.Argument(metavar="N", min=1, help="outbox.arg_id")]
FIELDS = (
    "id",
    "topic",
    "addressee",
    "address",
    "person",
    "language",
    "state",
    "attempts",
    "problem",
    "queued_at",
    "next_at",
    "title",
)
STYLES = {State.UNKNOWN: "bold red", State.GAVE_UP: "bold red"}


@app.command("list", help="outbox.list")
def show_list(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="outbox.opt_all")] = False,
    check: Annotated[bool, typer.Option("--check", help="outbox.opt_check")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> int:
    """Print the messages that wait or are stuck."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        rows = outbox.listed(store, at, everything=everything)
        output.listing(form, rows, FIELDS, record, _columns(store.zone), "outbox.empty")
    stuck = any(row.standing.state in STUCK for row in rows)
    return Exit.FOUND if check and stuck else Exit.DONE


@app.command("show", help="outbox.show")
def show(
    context: typer.Context,
    id_: Id,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print one message with its text and what became of it."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        row, told = outbox.history(store, id_, at)
        whole = {
            **record(row),
            "body": row.message.body,
            "entries": [
                {
                    "at": utc(entry.at),
                    "login": entry.login,
                    "act": entry.act.value,
                    "problem": entry.problem or None,
                    "next_at": None if entry.next_at is None else utc(entry.next_at),
                }
                for entry in told
            ],
        }
        output.document(form, whole, lambda: _page(store.zone, row, told))


@app.command("send", help="outbox.send")
def send(context: typer.Context) -> None:
    """Send what waits and is due, firing nothing new."""
    call = call_of(context)
    with call.city() as (store, actor):
        require_on(store, actor, Action.URGE, call.at)
        tell(deliver(call, store, actor))


@app.command("retry", help="outbox.retry")
def retry(context: typer.Context, id_: Id) -> None:
    """Let a message that is stuck go once more."""
    call = call_of(context)
    with call.city() as (store, actor):
        outbox.retry(store, actor, id_, call.at)
    output.text([t("outbox.will_retry", id=id_)])


@app.command("drop", help="outbox.drop")
def drop(context: typer.Context, id_: Id) -> None:
    """Let a message be."""
    call = call_of(context)
    with call.city() as (store, actor):
        outbox.drop(store, actor, id_, call.at)
    output.text([t("outbox.was_dropped", id=id_)])


def deliver(call: Call, store: Store, actor: Actor) -> Delivered:
    """Send what is due to the addresses of this call's configuration."""
    from exchange.delivery import deliver as send_due

    delivery = call.loaded.settings.preferences.delivery
    path = call.loaded.path
    if delivery.to and path is not None and path.stat().st_mode & 0o077:
        warn(t("outbox.readable", file=str(path)))
    return send_due(store, actor, delivery, call.environ, call.at)


def tell(result: Delivered) -> None:
    """Say on stderr what a run of sending came to."""
    if result.interrupted:
        warn(t("outbox.interrupted", count=result.interrupted))
    for words in result.unusable.values():
        warn(render(words))
    counts = [
        t("outbox.counted", state=t(f"outbox.state_{state}"), count=result.states[state])
        for state in State
        if state in result.states
    ]
    warn(t("outbox.result", counts=counts) if counts else t("outbox.nothing_due"))


def record(row: Waiting) -> Record:
    """Return a message as programs read it; no address stands in it, only its name."""
    message, standing = row.message, row.standing
    waits = standing.state is State.WAITING and standing.next_at is not None
    return {
        "id": message.id,
        "topic": message.topic,
        "addressee": message.addressee,
        "address": message.address,
        "person": message.person or None,
        "language": message.language,
        "state": standing.state.value,
        "attempts": standing.attempts,
        "problem": standing.problem or None,
        "queued_at": utc(message.queued_at),
        "next_at": utc(standing.next_at) if waits and standing.next_at is not None else None,
        "title": message.title,
    }


def problem_words(problem: str) -> str:
    """Return a problem's code in words: `http:500` with its number."""
    name, _, number = problem.partition(":")
    if not name:
        return ""
    return t(f"outbox.problem_{name}", number=number) if number else t(f"outbox.problem_{name}")


def _columns(zone: Zone) -> list[Column[Waiting]]:
    def next_at(row: Waiting) -> str:
        at = row.standing.next_at
        return zone.show(at) if at and row.standing.state is State.WAITING else ""

    return [
        Column("outbox.col_id", lambda row: str(row.message.id), right=True),
        Column(
            "outbox.col_state",
            lambda row: t(f"outbox.state_{row.standing.state}"),
            style=lambda row: STYLES.get(row.standing.state, ""),
        ),
        Column("outbox.col_to", lambda row: row.message.addressee, elastic=True),
        Column("outbox.col_address", lambda row: row.message.address, rank=2),
        Column("outbox.col_problem", lambda row: problem_words(row.standing.problem), elastic=True),
        Column("outbox.col_attempts", lambda row: str(row.standing.attempts), right=True, rank=3),
        Column("outbox.col_next_at", next_at, rank=1),
        Column("outbox.col_queued_at", lambda row: zone.show(row.message.queued_at), rank=4),
    ]


def _page(zone: Zone, row: Waiting, told: list[Entry]) -> list[str]:
    message = row.message
    pairs = [
        (t("outbox.col_id"), str(message.id)),
        (t("outbox.col_state"), t(f"outbox.state_{row.standing.state}")),
        (t("outbox.col_to"), message.addressee),
        (t("outbox.col_address"), message.address),
    ]
    lines = [*output.paired(pairs), "", message.title, *message.body.splitlines(), ""]
    for entry in told:
        act = t(f"outbox.act_{entry.act}")
        words = [zone.show(entry.at), act, problem_words(entry.problem)]
        lines.append("  ".join(word for word in words if word))
    return lines
