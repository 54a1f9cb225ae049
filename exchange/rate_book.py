"""The month's table on paper: every unit's rates as x/y (R10)."""

from __future__ import annotations

from actions.papers import About
from actions.rates import Grouping, rates
from catalogue import t
from domain.instants import Instant
from domain.papers import parse_month
from domain.rates import Tally, shown, total
from exchange.books import Book, Ruled
from exchange.paper_words import day_words, moment, unit_words
from storage import units
from storage.store import Store
from storage.units import Selection


def figures(store: Store, what: About, at: Instant) -> list[tuple[str, Tally]]:
    """Return the counts of each unit in the month as of `at`, in registry order."""
    first, last = parse_month(what.subject)
    if first > store.today(at):
        return []
    return rates(store, first, min(last, store.today(at)), Selection(), at, Grouping.UNIT)


def table_facts(store: Store, what: About, at: Instant) -> dict[str, object]:
    """Return what a table is made from: its period, and every figure of it."""
    first, last = parse_month(what.subject)
    rows = figures(store, what, at)
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "until": min(last, store.today(at)).isoformat(),
        "rows": {
            code: [
                tally.expected,
                tally.on_time,
                tally.late,
                tally.made_up,
                tally.missing,
                tally.pending,
                tally.exempt,
                tally.zero,
            ]
            for code, tally in rows
        },
    }


def rate_book(store: Store, what: About, number: str, at: Instant) -> bytes:
    """Return the table as a workbook ready to print."""
    first, last = parse_month(what.subject)
    columns = (
        Ruled(t("sheets.col_no"), 6, middle=True),
        Ruled(t("sheets.col_unit"), 28),
        *(Ruled(t(f"papers.col_{name}"), 9, middle=True) for name in _COUNTS),
        *(Ruled(t(f"papers.col_{name}"), 17, middle=True) for name in _RATES),
    )
    rows = figures(store, what, at)
    names = units.by_code(store.connection, [code for code, _ in rows])
    book = Book(what.subject, columns, landscape=True)
    book.title(t(f"papers.title_{what.kind}"))
    until = min(last, store.today(at))
    book.line(
        t(
            "papers.table_line",
            number=number,
            first=day_words(first),
            last=day_words(last),
            until=moment(store, min(store.zone.end_of(until), at)),
        )
    )
    lines = [
        (place, unit_words(names.get(code)), *_cells(tally))
        for place, (code, tally) in enumerate(rows, 1)
    ]
    whole = total(tally for _, tally in rows)
    book.table([*lines, ("", t("papers.total"), *_cells(whole))])
    book.line(t("papers.table_note"), height=36)
    book.signatures(t("sheets.made_by"), t("sheets.checked_by"), t("sheets.approved_by"))
    return book.packed()


_COUNTS = ("expected", "on_time", "late", "made_up", "missing", "exempt")
_RATES = ("reporting_rate", "on_time_rate", "zero_share")


def _cells(tally: Tally) -> tuple[int | str, ...]:
    return (
        tally.expected,
        tally.on_time,
        tally.late,
        tally.made_up,
        tally.missing,
        tally.exempt,
        shown(tally.received, tally.expected),
        shown(tally.on_time, tally.expected),
        shown(tally.zero, tally.received),
    )
