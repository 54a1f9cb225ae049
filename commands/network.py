"""`lianluo network`: the three networks on a day, with contacts, state and gaps (R2)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

import catalogue
from actions.board import board
from actions.networks import network
from actions.units import find
from catalogue import t
from commands import graphs, options, output
from commands.call import warn
from commands.completion import complete_unit
from commands.frame import call_of, leaf
from commands.output import Column, Format, Record
from domain.networks import Contacts, Network, NetworkView
from domain.people import Person
from domain.reports import Status
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from storage.units import Selection

app = leaf()

FIELDS = (
    "code",
    "name",
    "kind",
    "parent",
    "supervisors",
    "leader",
    "liaison",
    "deputy",
    "status",
)
RED = (Status.OVERDUE, Status.MISSED)


class NetworkFormat(StrEnum):
    """How a network is written: as a listing, or as a drawing."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    TREE = "tree"
    DOT = "dot"
    MERMAID = "mermaid"


@dataclass(frozen=True, slots=True)
class Member:
    """A unit in a network on a day, with what the listing says of it."""

    unit: Unit
    supervisors: tuple[str, ...]
    contacts: Contacts
    status: Status
    lacks: tuple[str, ...]


@app.command(help="help.network")
def show(
    context: typer.Context,
    which: Annotated[
        Network,
        typer.Argument(
            metavar="horizontal|vertical|supervision",
            help="network.arg_which",
            case_sensitive=False,
        ),
    ],
    on: options.DateOption = None,
    root: Annotated[
        str | None,
        typer.Option(
            "--root", metavar="UNIT", help="network.opt_root", autocompletion=complete_unit
        ),
    ] = None,
    as_of: options.AsOfOption = None,
    form: Annotated[
        NetworkFormat, typer.Option("--format", "-f", help="cli.opt_format", case_sensitive=False)
    ] = NetworkFormat.TABLE,
) -> None:
    """Print a network on a day."""
    with call_of(context).city() as (store, _):
        at = options.instant(store, as_of, call_of(context).at)
        day = options.day(store, on, at)
        top = None if root is None else find(store, root, day).code
        view = network(store, which, day, top)
        under = top if which is Network.VERTICAL else None
        rows = board(store, day, day, Selection(which, under=under), at, everything=True)
    states = {row.unit.code: row.status for row in rows}
    members = [_member(view, unit, states) for unit in view.members]
    if form is NetworkFormat.JSON:
        output.document(Format.JSON, as_record(view, members), list)
    elif form in (NetworkFormat.TREE, NetworkFormat.DOT, NetworkFormat.MERMAID):
        _draw(form, view, members)
    else:
        listed = Format(form.value)
        output.listing(listed, members, FIELDS, member_record, columns(which), "network.empty")


def _member(view: NetworkView, unit: Unit, states: dict[str, Status]) -> Member:
    return Member(
        unit,
        view.supervisors.get(unit.code, ()),
        view.contacts.get(unit.code, Contacts()),
        states.get(unit.code, Status.NOT_EXPECTED),
        tuple(gap.lacks for gap in view.gaps if gap.code == unit.code),
    )


def as_record(view: NetworkView, members: list[Member]) -> Record:
    """Return the network as one document."""
    return {
        "network": view.network.value,
        "date": view.day.isoformat(),
        "members": [member_record(member) for member in members],
        "links": [{"from": source, "to": target} for source, target in view.links],
        "gaps": [{"code": gap.code, "lacks": gap.lacks.value} for gap in view.gaps],
    }


def member_record(member: Member) -> Record:
    """Return a member as programs read it."""
    unit, contacts = member.unit, member.contacts
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind.value,
        "parent": unit.parent,
        "supervisors": list(member.supervisors),
        "leader": _name(contacts.leader),
        "liaison": _name(contacts.liaison),
        "deputy": _name(contacts.deputy),
        "status": member.status.value,
    }


def columns(which: Network) -> list[Column[Member]]:
    """Return the columns of a network's table."""
    unit: list[Column[Member]] = [
        Column("cli.col_unit", lambda member: member.unit.code),
        Column("cli.col_name", lambda member: _named(member.unit), elastic=True),
        Column("network.col_kind", lambda member: t(f"words.kind_{member.unit.kind}"), rank=5),
        Column(
            "cli.col_status",
            _status,
            style=lambda member: "red" if member.status in RED else "",
        ),
    ]
    parent: Column[Member] = Column(
        "network.col_parent", lambda member: member.unit.parent or "", rank=4
    )
    supervisors: Column[Member] = Column(
        "network.col_supervisors", lambda member: " ".join(member.supervisors), rank=3
    )
    people: list[Column[Member]] = [
        Column("network.col_leader", lambda member: _name(member.contacts.leader) or "", rank=2),
        Column("network.col_liaison", lambda member: _name(member.contacts.liaison) or "", rank=1),
        Column("network.col_deputy", lambda member: _name(member.contacts.deputy) or "", rank=2),
    ]
    gaps: Column[Member] = Column(
        "network.col_gaps",
        lambda member: catalogue.listing([t(f"words.role_{role}") for role in member.lacks]),
        style=lambda _: "yellow",
    )
    if which is Network.HORIZONTAL:
        return [*unit, gaps, *people, supervisors]
    return [*unit, parent, *people] if which is Network.VERTICAL else [*unit, supervisors]


def _draw(form: NetworkFormat, view: NetworkView, members: list[Member]) -> None:
    nodes = {
        member.unit.code: graphs.Node(
            visible(_named(member.unit)), _status(member), alarming=member.status in RED
        )
        for member in members
    }
    if not nodes:
        warn(t("network.empty"))
    elif form is NetworkFormat.TREE:
        output.text(graphs.tree(nodes, view.links))
    else:
        draw = graphs.dot if form is NetworkFormat.DOT else graphs.mermaid
        output.raw(draw(nodes, view.links))


def _named(unit: Unit) -> str:
    return catalogue.pick(unit.name, unit.name_en)


def _status(member: Member) -> str:
    return t(f"words.status_{member.status}")


def _name(person: Person | None) -> str | None:
    return person.name if person else None
