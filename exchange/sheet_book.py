"""The day sheet 日报汇总表 on paper, and as a text to send: nobody's silence is left blank."""

from __future__ import annotations

import catalogue
from actions.sheets import DaySheet
from catalogue import t
from domain.rates import shown
from domain.reports import Status
from domain.sheets import Erratum, SheetRow, changed, tally
from exchange.books import Book, Line, Ruled
from exchange.paper_words import day_words, moment, or_dash
from storage.store import Store

_HASH_SHOWN = 16
"""Digits of a hash that stand on the paper: enough to tell two sheets apart by eye."""


def sheet_book(store: Store, found: DaySheet) -> bytes:
    """Return the sheet as a workbook ready to print."""
    sheet = found.sheet
    columns = (
        Ruled(t("sheets.col_no"), 6, middle=True),
        Ruled(t("sheets.col_unit"), 26),
        Ruled(t("sheets.col_status"), 10, middle=True),
        Ruled(t("sheets.col_report"), 11, middle=True),
        Ruled(t("sheets.col_filed_at"), 18, middle=True),
        Ruled(t("sheets.col_areas"), 11, middle=True),
        Ruled(t("sheets.col_said"), 44),
        Ruled(t("sheets.col_findings"), 8, middle=True),
        Ruled(t("sheets.col_area"), 12, middle=True),
        Ruled(t("sheets.col_filed_by"), 18),
    )
    book = Book(sheet.date.isoformat(), columns, landscape=True)
    book.title(t("sheets.title"))
    for line in head_lines(store, found):
        book.line(line)
    book.table(
        (_line(store, number, row) for number, row in enumerate(sheet.rows, 1)),
        loud=lambda line: line[3] == t("sheets.silence"),
    )
    for text in (silent_line(sheet.rows), *errata_lines(store, found)):
        book.line(text, bold=True, height=18 * (1 + len(text) // 70))
    book.signatures(t("sheets.made_by"), t("sheets.checked_by"), t("sheets.approved_by"))
    return book.packed()


def head_lines(store: Store, found: DaySheet) -> list[str]:
    """Return what stands above the table: the day, how it was sealed, and the counts (R10)."""
    day = found.sheet.date
    weekday = t(f"words.weekday_{day.weekday()}")
    if found.seal is None:
        state = t("sheets.draft", at=moment(store, found.as_of))
    else:
        state = t(
            "sheets.sealed_line",
            number=found.seal.number,
            at=moment(store, found.seal.sealed_at),
            hash=found.seal.hash[:_HASH_SHOWN],
        )
    count = tally(found.sheet.rows)
    return [
        t("sheets.of_day", day=day_words(day), weekday=weekday, state=state),
        t(
            "sheets.counts",
            expected=count.expected,
            received=count.received,
            on_time=count.on_time,
            late=count.late,
            made_up=count.made_up,
            missing=count.missing,
            pending=count.pending,
            exempt=count.exempt,
            zero=count.zero,
        ),
        t(
            "sheets.rates",
            reporting=shown(count.received, count.expected),
            on_time=shown(count.on_time, count.expected),
        ),
    ]


def status_words(row: SheetRow) -> str:
    """Return the status in words; silence past the cut-off is 未报, whatever the hour."""
    return t("sheets.silence") if row.silent else t(f"words.status_{row.status}")


def report_words(row: SheetRow) -> str:
    """Return which report a line has, in words; what is missing is said, never left blank."""
    if row.partial:
        return t("words.report_partial")
    if row.report:
        return t(f"words.report_{row.report}")
    return status_words(row)


def row_name(row: SheetRow) -> str:
    """Return the unit's name as it was."""
    return catalogue.pick(row.name, row.name_en)


def said(row: SheetRow) -> str:
    """Return what the unit said; where it said nothing, why."""
    if row.report == "zero":
        return row.summary.strip() or t("sheets.nothing_found")
    if row.report:
        return or_dash(row.summary)
    if row.status == Status.EXEMPT:
        return t("sheets.exempt")
    if row.status == Status.PENDING:
        return t("sheets.not_yet")
    return t("sheets.silence_of", unit=row_name(row))


def _line(store: Store, number: int, row: SheetRow) -> Line:
    dash = t("words.no_value")
    filed = row.first_filed_at
    areas = dash
    if row.areas_planned is not None and row.areas_patrolled is not None:
        areas = f"{row.areas_patrolled}/{row.areas_planned}"
    return (
        number,
        row_name(row),
        status_words(row),
        report_words(row),
        dash if filed is None else moment(store, filed),
        areas,
        said(row),
        row.findings if row.report else dash,
        row.area if row.report else dash,
        or_dash(row.filed_by),
    )


def silent_line(rows: tuple[SheetRow, ...]) -> str:
    """Return the line that names everybody who kept silent, or says that nobody did."""
    names = [row_name(row) for row in rows if row.silent]
    if not names:
        return t("sheets.nobody_silent")
    return t("sheets.silent", count=len(names), units=names)


def errata_lines(store: Store, found: DaySheet) -> list[str]:
    """Return the errata that a sheet publishes of earlier ones, and those published of itself."""
    lines: list[str] = []
    for head, errata in (
        ("sheets.errata_here", found.sheet.errata),
        ("sheets.errata_of_this", found.corrected),
    ):
        if errata:
            lines.append(t(head, count=len(errata)))
            lines += [erratum_line(store, each) for each in errata]
    return lines


def erratum_line(store: Store, erratum: Erratum) -> str:
    """Return one erratum as a sentence: the number, whose line, and what it says now."""
    row = erratum.after or erratum.before
    assert row is not None
    facts = [
        t(
            "sheets.fact",
            fact=t(f"sheets.fact_{change.fact}"),
            before=fact_words(store, change.fact, change.before),
            after=fact_words(store, change.fact, change.after),
        )
        for change in changed(erratum.before, erratum.after)
    ]
    return t(
        "sheets.erratum",
        number=erratum.number,
        day=erratum.date,
        unit=row_name(row),
        facts=facts,
    )


def fact_words(store: Store, fact: str, value: object) -> str:
    """Return a fact of a line in words; `—` for none."""
    if value is None or value == "" or (fact == "revision" and not value):
        return t("words.no_value")
    if fact == "first_filed_at" and isinstance(value, int):
        return moment(store, value)
    if fact in ("status", "line"):
        silent = value in (Status.OVERDUE, Status.MISSED)
        return t("sheets.silence") if silent else t(f"words.status_{value}")
    return t(f"words.report_{value}") if fact == "report" else str(value)


def sheet_text(store: Store, found: DaySheet) -> str:
    """Return the sheet as a text to paste or send: the counts, the silent, the findings, errata."""
    lines = [t("sheets.title"), *head_lines(store, found), silent_line(found.sheet.rows)]
    lines += [
        t("sheets.found", unit=row_name(row), count=row.findings, area=f"{row.area:,}")
        for row in found.sheet.rows
        if row.findings
    ]
    lines += errata_lines(store, found)
    return "\n".join(lines)
