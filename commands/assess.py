"""`lianluo assess`: the half-yearly check, what is behind it, remarks, scores (R10, R17, R18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from actions import assessing
from actions.assessing import Check, Sheet, behind, check
from actions.targets import Target, TargetSheet, targets
from actions.units import find
from catalogue import t
from commands import options, output
from commands.assess_records import (
    FIELDS,
    ROW_FIELDS,
    Line,
    figure_line,
    row_record,
    target_lines,
)
from commands.call import warn
from commands.completion import complete_unit
from commands.frame import call_of, standing, stands_alone
from commands.matter_pages import unit_name
from commands.output import Column, Format
from domain.assessing import Figure, Remark, Row
from domain.figures import FigureKey
from domain.instants import Instant
from domain.periods import Period, half_of, parse_period
from domain.rates import shown
from domain.scoring import points_text
from domain.targets import Basis, TargetKey
from domain.units import Unit
from domain.values import dataclass
from exchange.assessing_text import (
    beside_words,
    figure_word,
    period_word,
    remark_words,
    score_words,
    share,
    state_word,
    target_words,
    verdict,
)
from storage.store import Store
from storage.units import Selection, by_code

app, itself = standing("help.assess")

PeriodOption = Annotated[
    str | None, typer.Option("--period", metavar="HALFYEAR", help="assess.opt_period")
]
BasisOption = Annotated[
    Basis, typer.Option("--basis", help="assess.opt_basis", case_sensitive=False)
]
FigureArgument = Annotated[
    str,
    typer.Argument(
        metavar="FIGURE",
        help="assess.arg_figure",
        autocompletion=lambda: [*FigureKey, *TargetKey],
    ),
]


def period_of(store: Store, text: str | None, at: Instant) -> Period:
    """Return the period that a person names; the half-year of `at` for none."""
    return half_of(store.today(at)) if text is None else parse_period(text)


@itself
def show(
    context: typer.Context,
    period: PeriodOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    rows: Annotated[
        str | None, typer.Option("--rows", metavar="FIGURE", help="assess.opt_rows")
    ] = None,
    as_of: options.AsOfOption = None,
    form: Annotated[
        Format | None, typer.Option("--format", "-f", help="cli.opt_format", case_sensitive=False)
    ] = None,
) -> None:
    """Print the sheets of a period."""
    if not stands_alone(context, period, unit, under, rows, as_of, form):
        return
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        term = period_of(store, period, at)
        chosen = options.selection(store, None, unit, under, store.today(at))
        shape = form or Format.TABLE
        if rows is not None:
            _rows(store, rows, term, chosen, Basis.FOUND, at, shape)
            return
        with store.reading():
            found = check(store, term, chosen, at)
            held = targets(store, term.year, chosen, at)
        if shape is Format.TABLE and len(found.sheets) > 1:
            warn(period_word(term))
            _overview(found, held)
        else:
            _sheet(found, held, shape, store)


def _overview(found: Check, held: Sequence[TargetSheet]) -> None:
    """Print a line for each unit, in registry order, and their sum."""
    on = {sheet.unit.code: sheet for sheet in held}

    @dataclass(frozen=True, slots=True)
    class Line:
        name: str
        figures: Sequence[Figure]
        districts: TargetSheet | None
        remarks: int

    lines = [
        Line(
            unit_name(sheet.unit),
            sheet.figures,
            on.get(sheet.unit.code),
            sum(row.unit == sheet.unit.code for row in found.remarks),
        )
        for sheet in found.sheets
    ]
    lines.append(Line(t("assess.total"), found.total, None, len(found.remarks)))

    def figure(key: FigureKey) -> Column[Line]:
        def text(line: Line) -> str:
            each = next(each for each in line.figures if each.key is key)
            return f"{each.part}/{each.whole}" if each.whole else t("words.no_value")

        return Column(f"assess.short_{key}", text, True, rank=list(FigureKey).index(key))

    def target(key: TargetKey) -> Column[Line]:
        def text(line: Line) -> str:
            if line.districts is None:
                return ""
            return share(line.districts.target(key).reading)

        return Column(f"assess.short_{key}", text, True, rank=10 + list(TargetKey).index(key))

    columns: list[Column[Line]] = [
        Column("cli.col_name", lambda line: line.name, elastic=True),
        *(figure(key) for key in FigureKey),
        *(target(key) for key in (TargetKey.FILING, TargetKey.INVESTIGATION, TargetKey.CLOSING)),
        target(TargetKey.FARMLAND),
        Column("assess.col_remarks", lambda line: str(line.remarks or ""), True, rank=9),
    ]
    output.listing(Format.TABLE, lines, (), lambda _: {}, columns, "assess.empty")


def _sheet(found: Check, held: Sequence[TargetSheet], form: Format, store: Store) -> None:
    """Print every figure on a line of its own; all that is known of it for programs."""
    lines = [
        *(
            figure_line(found.period, sheet.unit, figure, found)
            for sheet in found.sheets
            for figure in sheet.figures
        ),
        *(line for sheet in held for line in target_lines(found, sheet)),
    ]
    if form is Format.TABLE:
        for sheet in found.sheets[:1]:
            warn(f"{unit_name(sheet.unit)}  {period_word(found.period)}")
        lines = [line for line in lines if line.basis is Basis.FOUND]
    columns: list[Column[Line]] = [
        Column("assess.col_figure", lambda line: figure_word(line.key)),
        Column("assess.col_share", _value, True),
        Column("assess.col_state", _state, rank=2),
        Column("assess.col_beside", _beside, elastic=True, rank=1),
    ]
    output.listing(form, lines, FIELDS, Line.record, columns, "assess.empty")
    if form is Format.TABLE:
        for sheet in found.sheets:
            for text in remark_words(found.remarks, store.zone):
                warn(text)
            if sheet.score is not None:
                for text in score_words(sheet.score):
                    warn(text)


def _value(line: Line) -> str:
    if line.target is not None:
        return share(line.target.reading)
    assert line.figure is not None
    return shown(line.figure.part, line.figure.whole)


def _state(line: Line) -> str:
    return "" if line.target is None else verdict(line.target.reading)


def _beside(line: Line) -> str:
    words = _words(line.figure, line.target)
    if line.remarks:
        words.append(t("assess.remarks", count=len(line.remarks)))
    return "; ".join(words)


def _words(figure: Figure | None, target: Target | None) -> list[str]:
    if target is not None:
        return target_words(target)
    return [] if figure is None else beside_words(figure)


@app.command("rows", help="assess.rows")
def rows_of(
    context: typer.Context,
    figure: FigureArgument,
    period: PeriodOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    basis: BasisOption = Basis.FOUND,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the rows behind a figure."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        term = period_of(store, period, at)
        chosen = options.selection(store, None, unit, under, store.today(at))
        _rows(store, figure, term, chosen, basis, at, form)


def _rows(
    store: Store,
    figure: str,
    period: Period,
    selection: Selection,
    basis: Basis,
    at: Instant,
    form: Format,
) -> None:
    found = behind(store, figure, period, selection, at, basis)
    remarks: dict[tuple[str, str], list[Remark]] = {}
    for said in assessing.remarks(store, period, at):
        if said.figure == figure and said.subject:
            remarks.setdefault((said.unit, said.subject), []).append(said)
    names = by_code(store.connection, [row.unit for row in found])
    output.listing(
        form,
        found,
        ROW_FIELDS,
        lambda row: row_record(figure, row, names[row.unit], remarks.get((row.unit, row.id), [])),
        _row_columns(names, remarks),
        "assess.rows_empty",
    )


def _row_columns(
    names: dict[str, Unit], remarks: dict[tuple[str, str], list[Remark]]
) -> list[Column[Row]]:
    return [
        Column("cli.col_date", lambda row: row.day.isoformat()),
        Column("cli.col_name", lambda row: unit_name(names[row.unit]), elastic=True, rank=3),
        Column("cli.col_id", lambda row: row.id),
        Column("assess.col_state", state_word),
        Column("assess.col_part", lambda row: f"{row.part:,}", True),
        Column("assess.col_whole", lambda row: f"{row.whole:,}", True),
        Column("assess.col_title", _titled, elastic=True, rank=1),
        Column(
            "assess.col_workdays",
            lambda row: "" if row.workdays is None else str(row.workdays),
            True,
            rank=2,
        ),
        Column(
            "assess.col_remarks",
            lambda row: str(len(remarks.get((row.unit, row.id), ())) or ""),
            True,
            rank=4,
        ),
    ]


def _titled(row: Row) -> str:
    return f"{row.title} ({t(f'words.reason_{row.reason}')})" if row.reason else row.title


@app.command("remark", help="assess.remark")
def remark(
    context: typer.Context,
    unit: Annotated[
        str, typer.Argument(metavar="UNIT", help="assess.arg_unit", autocompletion=complete_unit)
    ],
    figure: FigureArgument,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="assess.opt_text")],
    row: Annotated[str, typer.Option("--row", metavar="ROW", help="assess.opt_row")] = "",
    period: PeriodOption = None,
) -> None:
    """Attach a remark to a figure, or to a row behind it."""
    call = call_of(context)
    with call.city() as (store, actor):
        term = period_of(store, period, call.at)
        made = assessing.remark(store, actor, term, unit, figure, text, call.at, subject=row)
        name = unit_name(find(store, made.unit))
        output.text(
            [
                t(
                    "assess.remarked",
                    seq=made.seq,
                    unit=name,
                    figure=figure_word(figure),
                    period=period_word(term),
                )
            ]
        )


SCORE_FIELDS = ("unit", "name", "figure", "failing", "points", "most", "taken", "score")


@dataclass(frozen=True, slots=True)
class _ScoreRow:
    sheet: Sheet
    figure: str | None
    failing: int | None = None
    points: str | None = None
    most: str | None = None
    taken: str | None = None
    score: str | None = None


@app.command("score", help="assess.score_help")
def score(
    context: typer.Context,
    period: PeriodOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print scores line by line, where the city has turned them on."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        chosen = options.selection(store, None, unit, under, store.today(at))
        found = check(store, period_of(store, period, at), chosen, at)
        rows = [row for sheet in found.sheets for row in _score_rows(sheet)]
        columns: list[Column[_ScoreRow]] = [
            Column("cli.col_name", lambda row: unit_name(row.sheet.unit), elastic=True),
            Column(
                "assess.col_figure",
                lambda row: figure_word(row.figure) if row.figure else t("assess.total"),
            ),
            Column("assess.col_failing", lambda row: str(row.failing or ""), True),
            Column("assess.col_points", lambda row: row.points or "", True),
            Column("assess.col_taken", lambda row: row.taken or "", True),
            Column("assess.col_share", lambda row: row.score or "", True),
        ]
        output.listing(form, rows, SCORE_FIELDS, _score_record, columns, "assess.score_off")
        if rows:
            warn(t("words.local_default"))


def _score_rows(sheet: Sheet) -> list[_ScoreRow]:
    if sheet.score is None:
        return []
    lines = [
        _ScoreRow(
            sheet,
            line.figure.value,
            line.failing,
            points_text(line.points),
            None if line.most is None else points_text(line.most),
            points_text(line.taken),
        )
        for line in sheet.score.lines
    ]
    return [*lines, _ScoreRow(sheet, None, score=points_text(sheet.score.score))]


def _score_record(row: _ScoreRow) -> output.Record:
    return {
        "unit": row.sheet.unit.code,
        "name": row.sheet.unit.name,
        "figure": row.figure,
        "failing": row.failing,
        "points": row.points,
        "most": row.most,
        "taken": row.taken,
        "score": row.score,
    }
