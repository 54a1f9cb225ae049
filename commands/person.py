"""`lianluo person`: people, their roles, and who stands in for whom (R3)."""

from __future__ import annotations

from typing import Annotated

import typer

import catalogue
from actions.people import retire, save_people, set_stand_in
from actions.units import find
from catalogue import t
from commands import options, output
from commands.call import warn
from commands.completion import complete_unit
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from commands.validity import EndOption, StartOption, day_or_none, validity, validity_text
from domain.errors import Refused, UsageError
from domain.people import Person, Role, StandIn
from domain.units import Unit
from storage import people, units

app = group("help.person")

FIELDS = ("login", "name", "unit", "role", "phone", "email", "valid_from", "valid_to")
STAND_IN_FIELDS = ("login", "absent", "from", "to")

RoleOption = Annotated[
    Role | None, typer.Option("--role", help="person.opt_role", case_sensitive=False)
]


@app.command("list", help="person.list")
def show_list(
    context: typer.Context,
    on: options.DateOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    role: RoleOption = None,
    everything: Annotated[bool, typer.Option("--all", help="person.opt_all")] = False,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the roles that are held on a day."""
    with call_of(context).city() as (store, _):
        day = options.day(store, on, call_of(context).at)
        chosen = options.selection(store, unit=unit, under=under, on=day)
        among = {each.code: each for each in units.selected(store.connection, chosen)}
        found = [
            person
            for person in people.everyone(store.connection)
            if person.unit in among
            and role in (None, person.role)
            and (everything or person.valid_on(day))
        ]
    output.listing(form, found, FIELDS, as_record, columns(among), "person.empty")


def as_record(person: Person) -> Record:
    """Return a role as programs read it."""
    return {
        "login": person.login,
        "name": person.name,
        "unit": person.unit,
        "role": person.role.value,
        "phone": person.phone,
        "email": person.email,
        "valid_from": day_or_none(person.valid_from),
        "valid_to": day_or_none(person.valid_to),
    }


def columns(among: dict[str, Unit]) -> list[Column[Person]]:
    """Return the columns of the list of people."""

    def unit_name(person: Person) -> str:
        unit = among[person.unit]
        return catalogue.pick(unit.name, unit.name_en)

    return [
        Column("person.col_login", lambda person: person.login),
        Column("person.col_name", lambda person: person.name, elastic=True),
        Column("person.col_role", lambda person: t(f"words.role_{person.role}")),
        Column("cli.col_unit", lambda person: person.unit),
        Column("person.col_unit", unit_name, elastic=True, rank=2),
        Column("person.col_phone", lambda person: person.phone, rank=1),
        Column("person.col_email", lambda person: person.email, rank=4),
        Column(
            "person.col_validity",
            lambda person: validity_text(person.valid_from, person.valid_to),
            rank=3,
        ),
    ]


@app.command("add", help="person.add")
def add(
    context: typer.Context,
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="person.arg_login")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="person.arg_name")],
    unit: Annotated[
        str,
        typer.Option(
            "--unit", metavar="UNIT", help="person.opt_unit", autocompletion=complete_unit
        ),
    ],
    role: Annotated[Role, typer.Option("--role", help="person.opt_new_role", case_sensitive=False)],
    phone: Annotated[str, typer.Option("--phone", metavar="TEXT", help="person.opt_phone")] = "",
    email: Annotated[str, typer.Option("--email", metavar="TEXT", help="person.opt_email")] = "",
    first: StartOption = None,
    last: EndOption = None,
) -> None:
    """Give a login a role in a unit."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        begins, ends = validity(store, first, last, at)
        owner = find(store, unit, begins or store.today(at))
        person = Person(
            login.strip(),
            name.strip(),
            owner.code,
            role,
            phone.strip(),
            email.strip(),
            begins,
            ends,
        )
        if not person.login or not person.name:
            raise Refused("person.nameless")
        changed = save_people(store, actor, [person], at)
    key = "person.added" if changed else "person.unchanged"
    word = t(f"words.role_{role}")
    warn(t(key, login=person.login, name=person.name, unit=owner.name, role=word))


@app.command("retire", help="person.retire")
def end(
    context: typer.Context,
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="person.arg_login")],
    unit: Annotated[
        str | None,
        typer.Option(
            "--unit", metavar="UNIT", help="person.opt_of_unit", autocompletion=complete_unit
        ),
    ] = None,
    role: Annotated[
        Role | None, typer.Option("--role", help="person.opt_of_role", case_sensitive=False)
    ] = None,
    on: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="person.opt_last_day")
    ] = None,
) -> None:
    """End roles of a login."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        last = options.day(store, on, at)
        code = None if unit is None else find(store, unit, last).code
        ended = retire(store, actor, login, last, at, unit=code, role=role)
        names = units.by_code(store.connection, [person.unit for person in ended])
    for person in ended:
        word = t(f"words.role_{person.role}")
        owner = names[person.unit].name
        warn(t("person.retired", login=login, name=person.name, unit=owner, role=word, day=last))


@app.command("stand-in", help="person.stand_in")
def stand_in(
    context: typer.Context,
    login: Annotated[
        str | None, typer.Argument(metavar="LOGIN", help="person.arg_stand_in")
    ] = None,
    absent: Annotated[
        str | None, typer.Argument(metavar="ABSENT", help="person.arg_absent")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="person.opt_begin")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="person.opt_end")] = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Record a stand-in, or print all of them."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        if (login, absent, first, last) == (None, None, None, None):
            rows = people.stand_ins(store.connection)
            output.listing(
                form, rows, STAND_IN_FIELDS, stand_in_record, STAND_INS, "person.stand_in_empty"
            )
            return
        if login is None or absent is None or last is None:
            raise UsageError("person.stand_in_half")
        row = StandIn(login, absent, options.day(store, first, at), options.day(store, last, at))
        set_stand_in(store, actor, row, at)
    warn(t("person.stood_in", login=login, absent=absent, first=row.first, last=row.last))


def stand_in_record(row: StandIn) -> Record:
    """Return a stand-in as programs read it."""
    return {
        "login": row.login,
        "absent": row.absent,
        "from": row.first.isoformat(),
        "to": row.last.isoformat(),
    }


STAND_INS: list[Column[StandIn]] = [
    Column("person.col_login", lambda row: row.login),
    Column("person.col_absent", lambda row: row.absent),
    Column("person.col_from", lambda row: row.first.isoformat()),
    Column("person.col_to", lambda row: row.last.isoformat()),
]
