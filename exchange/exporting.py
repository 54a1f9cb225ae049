"""Exporting a table: exactly what an import reads, so that a round trip changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import date, timedelta
from typing import Any, BinaryIO

from actions import matters
from actions.importing import as_said
from actions.importing_matters import as_said as matter_as_said
from actions.registries import STANDING
from domain.errors import UsageError
from domain.importing import tidy
from domain.instants import Instant, check_range
from domain.reports import Revision
from domain.values import dataclass
from exchange.columns import Column
from exchange.matters import STATES, state_rows
from exchange.sources import STANDARD
from exchange.tables import (
    CONTACTS,
    EXCHANGED,
    EXPORTED,
    FINDINGS,
    MATTERS,
    PEOPLE,
    REPORTS,
    WORKFLOWS,
)
from exchange.writing import Value, write_table
from storage import reports
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

_STRETCH = timedelta(days=30)
"""How many days of reports are in memory at a time."""
_EVER: Instant = 1 << 40
"""Later than anything: matters as they stand."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: a kind of table, and of reports, findings and matters which days and units.

    A day that is None is the first or the last that anything was filed for, or opened. Reports
    and findings are those filed up to the instant `at` (None: all).
    """

    kind: str
    first: date | None = None
    last: date | None = None
    selection: Selection = field(default_factory=Selection)
    contacts: bool = False
    at: Instant | None = None

    @property
    def narrowed(self) -> bool:
        """Return whether some days or units are left out."""
        return not (self.first is None and self.last is None and self.selection.everything)


def export_table(
    store: Store, wanted: Wanted, target: str = STANDARD, stdout: BinaryIO | None = None
) -> int:
    """Write a table of the store to a file, or as CSV to `stdout`; return the number of rows.

    People go without phones and addresses unless `contacts`. Raises UsageError, NotFound and
    Refused for what cannot be written.
    """
    if wanted.kind not in EXPORTED:
        raise UsageError("tables.kind_unknown", kind=wanted.kind, known=list(EXPORTED))
    if wanted.contacts and wanted.kind != PEOPLE.name:
        raise UsageError("tables.contacts_people")
    filings = wanted.kind in (REPORTS.name, FINDINGS.name)
    opened = wanted.kind in (MATTERS, *WORKFLOWS)
    if wanted.narrowed and not (filings or opened):
        raise UsageError("tables.narrow_filings", kind=wanted.kind)
    if wanted.first is not None and wanted.last is not None:
        check_range(wanted.first, wanted.last)
    if wanted.kind == MATTERS:
        with store.reading():
            return write_table(target, STATES, state_rows(_matters(store, wanted)), stdout)
    columns = [
        column
        for column in EXCHANGED[wanted.kind].columns
        if wanted.kind != PEOPLE.name or wanted.contacts or column.name not in CONTACTS
    ]
    with store.reading():
        if filings:
            rows = _filings(store, wanted)
        elif opened:
            rows = _matter_rows(store, wanted, columns)
        else:
            rows = _registry(store, wanted.kind, columns)
        return write_table(target, [column.name for column in columns], rows, stdout)


def _registry(store: Store, kind: str, columns: Sequence[Column]) -> Iterator[list[Value]]:
    for item in STANDING[kind](store.connection):
        yield [_cell(column, getattr(item, column.attribute)) for column in columns]


def _matters(store: Store, wanted: Wanted) -> Iterator[matters.MatterView]:
    workflow = Filter(WORKFLOWS.get(wanted.kind))
    for view in matters.listed(store, wanted.selection, workflow, _EVER):
        day = store.today(view.matter.opened_at)
        if (wanted.first or day) <= day <= (wanted.last or day):
            yield view


def _matter_rows(store: Store, wanted: Wanted, columns: Sequence[Column]) -> Iterator[list[Value]]:
    for view in _matters(store, wanted):
        said = matter_as_said(view.matter)
        yield [_cell(column, said[column.name]) for column in columns]


def _filings(store: Store, wanted: Wanted) -> Iterator[list[Value]]:
    span = reports.span(store.connection)
    if span is None:
        return
    first = span[0] if wanted.first is None else max(wanted.first, span[0])
    last = span[1] if wanted.last is None else min(wanted.last, span[1])
    rows_of = _finding_rows if wanted.kind == FINDINGS.name else _report_rows
    while first <= last:
        end = min(first + _STRETCH, last)
        for revision in reports.between(store.connection, first, end, wanted.selection, wanted.at):
            yield from rows_of(revision)
        first = end + timedelta(days=1)


def _report_rows(revision: Revision) -> Iterator[list[Value]]:
    content = revision.content
    values = {
        "unit": revision.unit,
        "date": revision.day,
        "kind": content.kind,
        "filed_at": revision.filed_at,
        "filed_by": revision.filed_by,
        "summary": content.summary,
        "areas_planned": content.areas_planned,
        "areas_patrolled": content.areas_patrolled,
        "reason": revision.reason,
    }
    yield [_cell(column, values[column.name]) for column in REPORTS.columns]


def _finding_rows(revision: Revision) -> Iterator[list[Value]]:
    placed = {"unit": revision.unit, "date": revision.day, "revision": revision.number}
    for each in revision.content.findings:
        finding = as_said(each, revision.unit)
        yield [
            _cell(
                column,
                placed[column.name] if column.name in placed else getattr(finding, column.name),
            )
            for column in FINDINGS.columns
        ]


def _cell(column: Column, value: Any) -> Value:
    if value is None or value == column.blank:
        return ""
    shown = column.show(value)
    return tidy(shown) if isinstance(shown, str) else shown
