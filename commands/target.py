"""`lianluo target`: the four hard targets, what is entered for them, and letters (R18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from actions.targets import Target, TargetSheet, enter, history, promise, targets
from actions.units import find
from catalogue import t
from commands import options, output
from commands.call import warn
from commands.completion import complete_unit
from commands.frame import call_of, group
from commands.matter_pages import unit_name
from commands.output import Column, Format, Record
from domain.entered import Entered, Entry, Letter, parse_entry, parse_promises
from domain.instants import utc
from domain.periods import Period
from domain.targets import TargetKey
from domain.values import dataclass
from exchange.assessing_text import (
    entry_value,
    figure_word,
    letter_words,
    percent,
    share,
    target_words,
    verdict,
)
from storage.store import Store

app = group("help.target")

YearOption = Annotated[
    int | None,
    typer.Option("--year", metavar="YEAR", min=1900, help="target.opt_year"),
]
District = Annotated[
    str, typer.Argument(metavar="UNIT", help="target.arg_unit", autocompletion=complete_unit)
]
FIELDS = (
    "unit",
    "name",
    "year",
    "target",
    "part",
    "whole",
    "met",
    "touched",
    "distance",
    "promised",
    "kept",
)
HISTORY_FIELDS = (
    "unit",
    "year",
    "figure",
    "revision",
    "value",
    "source",
    "as_of",
    "note",
    "entered_at",
    "entered_by",
    "keyed_by",
)


@app.command("list", help="target.list")
def show(
    context: typer.Context,
    year: YearOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the targets of districts."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        today = store.today(at)
        chosen = options.selection(store, None, unit, under, today)
        sheets = targets(store, year or today.year, chosen, at)
        rows = [(sheet, target) for sheet in sheets for target in sheet.targets]
        several = len(sheets) > 1
        columns: list[Column[tuple[TargetSheet, Target]]] = [
            Column("assess.col_figure", lambda row: figure_word(row[1].key)),
            Column("assess.col_share", lambda row: share(row[1].reading), True),
            Column("assess.col_state", lambda row: verdict(row[1].reading), rank=1),
            Column(
                "assess.col_distance", lambda row: "; ".join(target_words(row[1])), elastic=True
            ),
        ]
        if several:
            columns.insert(0, Column("cli.col_name", lambda row: unit_name(row[0].unit)))
        output.listing(form, rows, FIELDS, _record, columns, "target.empty")
        if form is Format.TABLE:
            _say(sheets)


def _say(sheets: Sequence[TargetSheet]) -> None:
    for sheet in sheets:
        words = [letter_words(sheet)]
        if sheet.key_unsaid:
            words.append(t("assess.key_unsaid", count=sheet.key_unsaid))
        for word in filter(None, words):
            warn(f"{unit_name(sheet.unit)}  {word}")


def _record(row: tuple[TargetSheet, Target]) -> Record:
    sheet, target = row
    reading = target.reading
    return {
        "unit": sheet.unit.code,
        "name": sheet.unit.name,
        "year": sheet.year,
        "target": target.key.value,
        "part": reading.part,
        "whole": reading.whole,
        "met": reading.met,
        "touched": reading.touched if target.key is TargetKey.FARMLAND else None,
        "distance": None if reading.met is None else reading.distance,
        "promised": None if target.promised is None else percent(target.promised),
        "kept": target.kept,
    }


@app.command("set", help="target.set")
def set_one(
    context: typer.Context,
    unit: District,
    figure: Annotated[
        Entry, typer.Argument(metavar="FIGURE", help="target.arg_figure", case_sensitive=False)
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="target.arg_value")],
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="target.opt_source")],
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="target.opt_date")
    ] = None,
    year: YearOption = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="target.opt_note")] = "",
) -> None:
    """Enter a figure of a district's year."""
    call = call_of(context)
    with call.city() as (store, actor):
        as_of = options.day(store, day, call.at)
        row = enter(
            store,
            actor,
            _year(store, year, call.at),
            unit,
            figure,
            parse_entry(figure, value),
            source,
            as_of,
            call.at,
            note=note,
        )
        output.text(
            [
                t(
                    "target.entered",
                    unit=unit_name(find(store, row.unit)),
                    year=row.year,
                    figure=t(f"target.entry_{row.figure}"),
                    value=entry_value(row.figure, row.value),
                    revision=row.revision,
                )
            ]
        )


def _year(store: Store, year: int | None, at: int) -> int:
    return Period(store.today(at).year if year is None else year).year


@app.command("letter", help="target.letter")
def letter(
    context: typer.Context,
    unit: District,
    signed_by: Annotated[
        str, typer.Option("--signed-by", metavar="TEXT", help="target.opt_signed_by")
    ],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="target.opt_text")] = "",
    promised: Annotated[
        list[str] | None,
        typer.Option("--promise", metavar="PERCENT", help="target.opt_promise"),
    ] = None,
    signed_on: Annotated[
        str | None, typer.Option("--signed-on", metavar="DATE", help="target.opt_signed_on")
    ] = None,
    year: YearOption = None,
) -> None:
    """Record a district's responsibility letter."""
    call = call_of(context)
    with call.city() as (store, actor):
        row = promise(
            store,
            actor,
            _year(store, year, call.at),
            unit,
            options.day(store, signed_on, call.at),
            signed_by,
            text,
            parse_promises(promised or ()),
            call.at,
        )
        name = unit_name(find(store, row.unit))
        output.text([t("target.promised", unit=name, year=row.year, revision=row.revision)])


@dataclass(frozen=True, slots=True)
class _Said:
    """A revision of a figure or of a letter, as one line of the history."""

    row: Entered | Letter
    figure: str
    value: str
    shown: str
    source: str
    as_of: str
    note: str


@app.command("history", help="target.history")
def show_history(
    context: typer.Context,
    year: YearOption = None,
    unit: options.UnitOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print every revision of what was entered."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        code = None if unit is None else find(store, unit, store.today(at)).code
        figures, letters = history(store, _year(store, year, at), at, code)
        rows = [*map(_of_figure, figures), *map(_of_letter, letters)]
        columns: list[Column[_Said]] = [
            Column("cli.col_unit", lambda said: said.row.unit),
            Column("assess.col_figure", lambda said: t(f"target.entry_{said.figure}")),
            Column("target.col_revision", lambda said: str(said.row.revision), True),
            Column("target.col_value", lambda said: said.shown, elastic=True),
            Column("target.col_source", lambda said: said.source, elastic=True),
            Column("target.col_as_of", lambda said: said.as_of),
            Column("target.col_by", lambda said: said.row.login, rank=1),
            Column("target.col_at", lambda said: store.zone.show(said.row.at), rank=2),
            Column("target.col_note", lambda said: said.note, elastic=True, rank=1),
        ]
        output.listing(form, rows, HISTORY_FIELDS, _said_record, columns, "target.history_empty")


def _of_figure(row: Entered) -> _Said:
    return _Said(
        row,
        row.figure.value,
        str(row.value),
        entry_value(row.figure, row.value),
        row.source,
        row.as_of.isoformat(),
        row.note,
    )


def _of_letter(row: Letter) -> _Said:
    said = " ".join(f"{key}={percent(value)}" for key, value in row.promises.items())
    return _Said(row, "letter", said, said, row.signed_by, row.signed_on.isoformat(), row.text)


def _said_record(said: _Said) -> Record:
    row = said.row
    return {
        "unit": row.unit,
        "year": row.year,
        "figure": said.figure,
        "revision": row.revision,
        "value": said.value,
        "source": said.source,
        "as_of": said.as_of,
        "note": said.note,
        "entered_at": utc(row.at),
        "entered_by": row.login,
        "keyed_by": row.real_login,
    }
