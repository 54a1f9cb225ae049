"""The half-year's table on paper: the half-yearly check as x/y, with what units say of it (R10)."""

from __future__ import annotations

from actions.assessing import Check, check
from actions.papers import About
from catalogue import t
from domain.figures import FigureKey
from domain.instants import Instant
from domain.papers import parse_half
from domain.periods import Period
from domain.rates import shown
from exchange.assessing_text import figure_word, period_word
from exchange.books import Book, Line, Ruled
from exchange.paper_words import moment, unit_words
from storage.store import Store
from storage.units import Selection


def checked(store: Store, what: About, at: Instant) -> Check:
    """Return the check that a table is about, as of `at`."""
    first, _ = parse_half(what.subject)
    period = Period(first.year, 1 if first.month == 1 else 2)
    return check(store, period, Selection(), at)


def check_facts(store: Store, what: About, at: Instant) -> dict[str, object]:
    """Return what a table is made from: every figure of it, and every remark."""
    found = checked(store, what, at)
    return {
        "period": found.period.name,
        "until": store.today(at).isoformat(),
        "rows": {
            sheet.unit.code: {
                figure.key.value: [figure.part, figure.whole] for figure in sheet.figures
            }
            for sheet in found.sheets
        },
        "remarks": [[row.unit, row.figure, row.subject, row.text] for row in found.remarks],
    }


def check_book(store: Store, what: About, number: str, at: Instant) -> bytes:
    """Return the table as a workbook ready to print."""
    found = checked(store, what, at)
    columns = (
        Ruled(t("sheets.col_no"), 6, middle=True),
        Ruled(t("sheets.col_unit"), 26),
        *(Ruled(figure_word(key), 16, middle=True) for key in FigureKey),
    )
    book = Book(what.subject, columns, landscape=True)
    book.title(t(f"papers.title_{what.kind}"))
    period = period_word(found.period)
    book.line(t("papers.check_line", number=number, period=period, until=moment(store, at)))
    lines: list[Line] = [
        (
            place,
            unit_words(sheet.unit),
            *(shown(figure.part, figure.whole) for figure in sheet.figures),
        )
        for place, sheet in enumerate(found.sheets, 1)
    ]
    total = (shown(figure.part, figure.whole) for figure in found.total)
    book.table([*lines, ("", t("papers.total"), *total)])
    names = {sheet.unit.code: unit_words(sheet.unit) for sheet in found.sheets}
    for row in found.remarks:
        said = t(
            "papers.remark",
            unit=names.get(row.unit, row.unit),
            figure=figure_word(row.figure),
            row=row.subject or t("words.no_value"),
            text=row.text,
        )
        book.line(said, height=18 * (1 + len(said) // 70))
    book.line(t("papers.check_note"), height=36)
    book.signatures(t("sheets.made_by"), t("sheets.checked_by"), t("sheets.approved_by"))
    return book.packed()
