"""`lianluo checklist`: the checklist of grassroots land offices."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

import catalogue
from actions import checklists
from actions.checklists import District, Office
from actions.units import find
from catalogue import t
from commands import options, output
from commands.call import warn
from commands.completion import complete_unit
from commands.frame import call_of, group
from commands.matter_pages import unit_name
from commands.output import Column, Format, Record
from domain.checklists import Checked, Counts, Said, Standard, parse_state
from domain.instants import utc
from domain.rates import shown
from storage.store import Store

app = group("help.checklist")

OfficeArgument = Annotated[
    str, typer.Argument(metavar="UNIT", help="checklist.arg_unit", autocompletion=complete_unit)
]
_COUNTS = ("met", "partly", "not_met", "not_needed", "unseen", "asked")
FIELDS = ("unit", "name", "offices", "complete", *_COUNTS)
LINE_FIELDS = (
    "unit",
    "item",
    "section",
    "standard",
    "standard_en",
    "state",
    "date",
    "evidence",
    "revision",
    "entered_at",
    "entered_by",
    "keyed_by",
)


class By(StrEnum):
    """What one line of the list is about."""

    OFFICE = "office"
    DISTRICT = "district"


@app.command("list", help="checklist.list")
def show_list(
    context: typer.Context,
    by: Annotated[By, typer.Option("--by", help="checklist.opt_by")] = By.OFFICE,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print how much of the standards offices meet."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        chosen = options.selection(store, None, unit, under, store.today(at))
        if by is By.OFFICE:
            _write(form, [_of_office(row) for row in checklists.offices(store, chosen, at)], by)
        else:
            _write(form, checklists.by_district(store, chosen, at), by)


def _of_office(row: Office) -> District:
    counts = row.counts
    return District(row.unit, 1, int(counts.met == counts.asked > 0), counts)


def _write(form: Format, found: Sequence[District], by: By) -> None:
    def record(row: District) -> Record:
        counts = row.counts
        return {
            "unit": row.unit.code,
            "name": row.unit.name,
            "offices": row.offices,
            "complete": row.complete,
            **{name: getattr(counts, name) for name in _COUNTS},
        }

    def number(name: str) -> Column[District]:
        return Column(f"checklist.state_{name}", lambda row: str(getattr(row.counts, name)), True)

    columns: list[Column[District]] = [
        Column(f"checklist.col_{by}", lambda row: unit_name(row.unit), elastic=True),
        Column("checklist.col_share", lambda row: _share(row.counts), True),
        *(number(name) for name in _COUNTS[1:5]),
    ]
    if by is By.DISTRICT:
        whole: Column[District] = Column(
            "checklist.col_complete", lambda row: shown(row.complete, row.offices), True
        )
        columns.insert(1, whole)
    output.listing(form, found, FIELDS, record, columns, "checklist.empty")
    if form is Format.TABLE and found:
        warn(t("checklist.local"))


def _share(counts: Counts) -> str:
    return shown(counts.met, counts.asked)


@app.command("show", help="checklist.show")
def show(
    context: typer.Context,
    unit: OfficeArgument,
    past: Annotated[bool, typer.Option("--history", help="checklist.opt_history")] = False,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print one office, standard by standard."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        lines: list[tuple[Standard, Checked | None]] = list(
            checklists.office(store, unit, at).lines
        )
        if past:
            known = {standard.code: standard for standard, _ in lines}
            lines = [(known[row.said.item], row) for row in checklists.history(store, unit, at)]
        code = find(store, unit, store.today(at)).code
        columns = _line_columns(store, past=past)
        empty = "checklist.history_empty" if past else "checklist.empty"
        output.listing(form, lines, LINE_FIELDS, lambda row: _record(code, row), columns, empty)


def _line_columns(store: Store, *, past: bool) -> list[Column[tuple[Standard, Checked | None]]]:
    def said(row: tuple[Standard, Checked | None]) -> Said | None:
        return None if row[1] is None else row[1].said

    def of(row: tuple[Standard, Checked | None], what: str) -> str:
        found = said(row)
        return "" if found is None else str(getattr(found, what))

    def state(row: tuple[Standard, Checked | None]) -> str:
        found = said(row)
        return t("checklist.state_unseen" if found is None else f"checklist.state_{found.state}")

    columns: list[Column[tuple[Standard, Checked | None]]] = [
        Column("checklist.col_item", lambda row: row[0].code),
        Column(
            "checklist.col_section", lambda row: t(f"checklist.section_{row[0].section}"), rank=2
        ),
        Column("checklist.col_standard", lambda row: words_of(row[0]), elastic=True),
        Column("checklist.col_state", state),
        Column("checklist.col_day", lambda row: of(row, "day")),
        Column("checklist.col_evidence", lambda row: of(row, "evidence"), elastic=True),
        Column("checklist.col_by", lambda row: row[1].login if row[1] else "", rank=1),
    ]
    if past:
        columns.append(
            Column(
                "checklist.col_at", lambda row: store.zone.show(row[1].at) if row[1] else "", rank=3
            )
        )
        columns.insert(
            1,
            Column(
                "checklist.col_revision", lambda row: str(row[1].revision) if row[1] else "", True
            ),
        )
    return columns


def words_of(row: Standard) -> str:
    """Return a standard in the language in use."""
    return catalogue.pick(row.standard, row.standard_en)


def _record(unit: str, row: tuple[Standard, Checked | None]) -> Record:
    standard, found = row
    return {
        "unit": unit,
        "item": standard.code,
        "section": standard.section.value,
        "standard": standard.standard,
        "standard_en": standard.standard_en or None,
        "state": found and found.said.state.value,
        "date": found and found.said.day.isoformat(),
        "evidence": found and found.said.evidence,
        "revision": found and found.revision,
        "entered_at": found and utc(found.at),
        "entered_by": found and found.login,
        "keyed_by": found and found.real_login,
    }


@app.command("set", help="checklist.set")
def set_one(
    context: typer.Context,
    unit: OfficeArgument,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="checklist.arg_item")],
    state: Annotated[str, typer.Argument(metavar="STATE", help="checklist.arg_state")],
    evidence: Annotated[
        str, typer.Option("--evidence", metavar="TEXT", help="checklist.opt_evidence")
    ],
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="checklist.opt_date")
    ] = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Record the state of one standard."""
    call = call_of(context)
    with call.city() as (store, actor):
        at = call.at
        said = Said(unit, item, parse_state(state), options.day(store, day, at), evidence)
        made = checklists.say(store, actor, said, at)
        name = unit_name(find(store, made.said.unit))
        standard = next(row for row in checklists.standards(store) if row.code == item)
        sentence = t(
            "checklist.told",
            unit=name,
            item=item,
            state=t(f"checklist.state_{made.said.state}"),
            revision=made.revision,
        )
        output.document(form, _record(made.said.unit, (standard, made)), lambda: [sentence])
