"""`lianluo unit`: the registry of units (R1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

import catalogue
from actions.cards import Card, card
from actions.networks import membership
from actions.overdue import Owed
from actions.units import find, retire, save_units
from catalogue import t
from commands import options, output
from commands.call import warn
from commands.completion import complete_unit
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from commands.validity import EndOption, StartOption, day_or_none, validity, validity_text
from domain.errors import Refused
from domain.instants import Zone, utc
from domain.people import Person
from domain.schedules import Days, Exemption
from domain.units import Kind, Unit
from storage import units

if TYPE_CHECKING:
    from storage.store import Store

app = group("help.unit")

_OPEN = 5
"""How many open obligations a unit's card lists, the longest overdue first."""

FIELDS = (
    "code",
    "name",
    "name_en",
    "short",
    "kind",
    "parent",
    "valid_from",
    "valid_to",
    "aliases",
    "source",
)


@app.command("list", help="unit.list")
def show_list(
    context: typer.Context,
    on: options.DateOption = None,
    kind: Annotated[
        Kind | None, typer.Option("--kind", help="unit.opt_kind", case_sensitive=False)
    ] = None,
    network: options.NetworkOption = None,
    under: options.UnderOption = None,
    everything: Annotated[bool, typer.Option("--all", help="unit.opt_all")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the units that exist on a day."""
    with call_of(context).city() as (store, _):
        day = options.day(store, on, options.instant(store, as_of, call_of(context).at))
        chosen = options.selection(store, network, under=under, on=day)
        belongs = membership(store, network)
        found = [
            unit
            for unit in units.selected(store.connection, chosen)
            if (everything or (unit.valid_on(day) and belongs(unit, day)))
            and kind in (None, unit.kind)
        ]
    output.listing(form, found, FIELDS, as_record, COLUMNS, "unit.empty")


def as_record(unit: Unit) -> Record:
    """Return a unit as programs read it."""
    return {
        "code": unit.code,
        "name": unit.name,
        "name_en": unit.name_en or None,
        "short": unit.short or None,
        "kind": unit.kind.value,
        "parent": unit.parent,
        "valid_from": day_or_none(unit.valid_from),
        "valid_to": day_or_none(unit.valid_to),
        "aliases": list(unit.aliases),
        "source": unit.source or None,
    }


COLUMNS: list[Column[Unit]] = [
    Column("cli.col_unit", lambda unit: unit.code),
    Column("cli.col_name", lambda unit: catalogue.pick(unit.name, unit.name_en), elastic=True),
    Column("unit.col_kind", lambda unit: t(f"words.kind_{unit.kind}")),
    Column("unit.col_parent", lambda unit: unit.parent or "", rank=1),
    Column("unit.col_validity", lambda unit: validity_text(unit.valid_from, unit.valid_to), rank=2),
    Column("unit.col_short", lambda unit: unit.short, rank=3),
    Column("unit.col_aliases", lambda unit: catalogue.listing(list(unit.aliases)), rank=4),
    Column("unit.col_source", lambda unit: unit.source, elastic=True, rank=5),
]


@app.command("show", help="unit.show")
def show_one(
    context: typer.Context,
    unit: options.UnitArgument,
    on: options.DateOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print all that is known of a unit on a day."""
    with call_of(context).city() as (store, _):
        at = options.instant(store, as_of, call_of(context).at)
        day = options.day(store, on, at)
        found = card(store, find(store, unit, day).code, day, at)
        output.document(form, card_record(found), lambda: card_lines(found, store.zone))


def card_record(found: Card) -> Record:
    """Return a unit's card as programs read it."""
    row = found.schedule
    return {
        **as_record(found.unit),
        "date": found.day.isoformat(),
        "above": [unit.code for unit in found.above],
        "networks": [network.value for network in found.networks],
        "supervisors": [unit.code for unit in found.supervisors],
        "people": [
            {"login": p.login, "name": p.name, "role": p.role.value, "phone": p.phone or None}
            for p in found.people
        ],
        "duties": [
            {
                "duty": duty.duty,
                "duty_en": duty.duty_en or None,
                "source": duty.source or None,
            }
            for duty in found.duties
        ],
        "days": found.days.value,
        "local_default": row is None,
        "due_at": utc(found.window.due_at) if found.window else None,
        "missed_at": utc(found.window.missed_at) if found.window else None,
        "exemptions": [
            {"from": x.first.isoformat(), "to": x.last.isoformat(), "reason": x.reason}
            for x in found.exemptions
        ],
        "recent": [
            {
                "date": each.day.isoformat(),
                "status": each.status.value,
                "report": each.filed.kind.value if each.filed else None,
            }
            for each in found.recent
        ],
        "open": [
            {
                "id": owed.obligation.id,
                "due_at": utc(owed.obligation.due_at),
                "light": owed.light.value,
            }
            for owed in found.owed
        ],
    }


def card_lines(found: Card, zone: Zone) -> list[str]:
    """Return a unit's card as people read it."""
    unit = found.unit
    pairs = [
        (t("cli.col_unit"), unit.code),
        (t("cli.col_name"), unit.name),
        (t("unit.col_name_en"), unit.name_en),
        (t("unit.col_short"), unit.short),
        (t("unit.col_aliases"), catalogue.listing(list(unit.aliases))),
        (t("unit.col_kind"), t(f"words.kind_{unit.kind}")),
        (t("unit.col_parent"), catalogue.listing([_titled(above) for above in found.above])),
        (t("unit.col_validity"), validity_text(unit.valid_from, unit.valid_to)),
        (t("unit.networks"), catalogue.listing([t(f"words.network_{n}") for n in found.networks])),
        (t("unit.supervisors"), catalogue.listing([_titled(by) for by in found.supervisors])),
        (t("unit.schedule"), _schedule_text(found, zone)),
        *((t("unit.duty"), catalogue.pick(duty.duty, duty.duty_en)) for duty in found.duties),
        *((t(f"words.role_{person.role}"), _contact(person)) for person in found.people),
        *((t("words.status_exempt"), _exemption(row)) for row in found.exemptions),
        *(
            (
                t("unit.open"),
                "  ".join((owed.obligation.id, zone.show(owed.obligation.due_at), _light(owed))),
            )
            for owed in found.owed[:_OPEN]
        ),
        (
            "",
            t("unit.more_open", count=len(found.owed) - _OPEN, unit=unit.code)
            if len(found.owed) > _OPEN
            else "",
        ),
        (t("unit.recent"), _strip(found)),
    ]
    return output.paired([(name, value) for name, value in pairs if value])


def _titled(unit: Unit) -> str:
    return f"{catalogue.pick(unit.name, unit.name_en)} {unit.code}"


def _contact(person: Person) -> str:
    return "  ".join(part for part in (person.name, person.phone, person.email) if part)


def _light(owed: Owed) -> str:
    return t(f"words.light_{owed.light}")


def _exemption(row: Exemption) -> str:
    return f"{validity_text(row.first, row.last)}  {row.reason}"


def _schedule_text(found: Card, zone: Zone) -> str:
    text = t(f"words.days_{found.days}")
    if found.window is not None:
        text = t("unit.schedule_until", days=text, time=f"{zone.local(found.window.due_at):%H:%M}")
    if found.schedule is None and found.days is not Days.NONE:
        text += f" ({t('words.local_default')})"
    return text


def _strip(found: Card) -> str:
    """Return the last days as letters, the newest at the right."""
    letters = []
    for row in found.recent:
        zero = row.filed is not None and row.filed.kind == "zero" and row.status == "on_time"
        letters.append(t(f"words.status_letter_{'zero' if zero else row.status}"))
    return "".join(letters).strip()


@app.command("add", help="unit.add")
def add(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="unit.arg_code")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="unit.arg_name")],
    kind: Annotated[Kind, typer.Option("--kind", help="unit.opt_new_kind", case_sensitive=False)],
    parent: Annotated[
        str | None,
        typer.Option(
            "--parent", metavar="UNIT", help="unit.opt_parent", autocompletion=complete_unit
        ),
    ] = None,
    name_en: Annotated[
        str, typer.Option("--name-en", metavar="NAME", help="unit.opt_name_en")
    ] = "",
    short: Annotated[str, typer.Option("--short", metavar="NAME", help="unit.opt_short")] = "",
    alias: Annotated[
        list[str] | None, typer.Option("--alias", metavar="NAME", help="unit.opt_alias")
    ] = None,
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="unit.opt_source")] = "",
    first: StartOption = None,
    last: EndOption = None,
) -> None:
    """Add a unit to the registry."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        begins, ends = validity(store, first, last, at)
        unit = Unit(
            code.strip(),
            name.strip(),
            kind,
            name_en.strip(),
            short.strip(),
            None if parent is None else find(store, parent, begins).code,
            begins,
            ends,
            tuple(dict.fromkeys(text.strip() for text in alias or () if text.strip())),
            source.strip(),
        )
        _check_new(store, unit)
        save_units(store, actor, [unit], at)
        warn(t("unit.added", code=unit.code, name=unit.name))


def _check_new(store: Store, unit: Unit) -> None:
    if not unit.code or not unit.name:
        raise Refused("unit.nameless")
    standing = units.get(store.connection, unit.code)
    if standing is not None:
        raise Refused("unit.exists", code=unit.code, name=standing.name)


@app.command("retire", help="unit.retire")
def end(
    context: typer.Context,
    unit: options.UnitArgument,
    on: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="unit.opt_last_day")
    ] = None,
) -> None:
    """End a unit's validity."""
    with call_of(context).city() as (store, actor):
        at = call_of(context).at
        last = options.day(store, on, at)
        found = find(store, unit, last)
        if found.valid_to is not None and found.valid_to < last:
            raise Refused("unit.retired_before", name=found.name, day=found.valid_to)
        retired = retire(store, actor, found.code, last, at)
        warn(t("unit.retired", code=retired.code, name=retired.name, day=last.isoformat()))
        left = _still_below(store, retired, last + timedelta(days=1))
        if left:
            warn(t("unit.still_below", units=[f"{each.code} {each.name}" for each in left]))


def _still_below(store: Store, unit: Unit, day: date) -> list[Unit]:
    """Return the units that hang on a retired one after its last day."""
    everyone = units.selected(store.connection, units.Selection(under=unit.code))
    return [each for each in everyone if each.parent == unit.code and each.valid_on(day)]
