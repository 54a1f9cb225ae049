"""Tables of reports and of findings: their rows as filings, each held to the rules (R4, R7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import compress, groupby, repeat
from operator import gt, lt
from typing import Any

from actions.importing import Filings
from domain.errors import LianluoError, Message
from domain.findings import Finding, check_finding
from domain.importing import Broken, Columns, FindingRow, ReportRow
from domain.instants import Instant
from domain.units import Unit
from exchange.cells import Context
from exchange.columns import BAD, Fault
from exchange.moments import Moments
from exchange.parsing import Memory, Parsed, Reader, parsed, problems_of
from exchange.reading import Batch, Table

_COLUMN_OF_FAULT = {
    "errors.finding_location": "location",
    "errors.finding_future": "existed_since",
    "areas.cultivated_over": "cultivated_area",
    "areas.basic_over": "basic_farmland_area",
}
"""The column that a finding's fault is about; `area` where it is none of these."""
_PLACED = ("day", "unit", "filed_at", "row")
"""What makes rows be about the same filing, and is therefore not compared."""
_NO_UNIT = ""
"""In the place of a unit that is not plain: no day lies within its validity."""
_NO_DAY = ""
"""In the place of a day that is not plain: no instant comes after its begin."""
_EVER = ("", "9")


def read_reports(table: Table, context: Context, at: Instant, into: Filings) -> None:
    """Add the rows of a table of reports to `into`, and the problems of the rejected ones.

    Columns are read whole. Only a row in which something is wrong or unusual is looked at by
    itself.
    """
    into.compared = tuple(
        name
        for name in ReportRow._fields
        if name == "kind" or (name in table.columns and name not in _PLACED)
    )
    columns = _Columns(table, context, at)
    reader = Reader(table, context)
    for batch in table.batches():
        days, rows, unclear = columns.rows(batch)
        begin = 0
        for day, run in groupby(days):
            end = begin + len(list(run))
            into.rows.add(day, [column[begin:end] for column in rows])
            begin = end
        for place in unclear:
            cells = [texts[place] for texts in batch.columns]
            if any(map(str.strip, cells)):
                _read_row(table, reader.read(batch.numbers[place], cells), context, at, into)


class _Columns:
    """Reads the columns of a table of reports, and finds the rows that are not plain."""

    def __init__(self, table: Table, context: Context, at: Instant) -> None:
        zone = context.zone
        today = zone.day_of(at)
        self._spans = {_NO_UNIT: ("9", "0")}
        self._begun = {_NO_DAY: 1 << 60}

        def only(found: Sequence[Unit]) -> str:
            """Return the code of the only unit of a name."""
            unit = found[0]
            if len(found) > 1:
                return _NO_UNIT
            if unit.valid_from or unit.valid_to:
                first, last = unit.valid_from or date.min, unit.valid_to or date.max
                self._spans[unit.code] = first.isoformat(), last.isoformat()
            return unit.code

        def iso(day: date) -> str:
            if day > today:
                return _NO_DAY
            self._begun[day.isoformat()] = zone.start_of(day)
            return day.isoformat()

        settled: dict[str, Callable[[Any], Any]] = {
            "unit": only,
            "date": iso,
            "kind": lambda kind: str(kind.value),
        }
        faults: list[Fault] = []
        self._memories = [
            Memory(column, context, table.guards, faults, settled.get(column.name))
            for column in table.kind.columns
        ]
        self._moments = Moments(zone)
        self._at = at

    def rows(self, batch: Batch) -> tuple[Sequence[str], Columns, Sequence[int]]:
        """Return the ISO days of the plain rows, these rows, and the places of all others."""
        texts = batch.columns
        bad: set[int] = set()
        unit, day, kind, _, *rest = self._memories
        units = unit.column(texts[0], bad, _NO_UNIT)
        days = day.column(texts[1], bad, _NO_DAY)
        kinds = kind.column(texts[2], bad)
        instants = self._moments.read(texts[3])
        others = [memory.column(texts[place], bad) for place, memory in enumerate(rest, 4)]
        _, _, planned, patrolled, _ = others
        places = range(len(texts[0]))
        if planned != patrolled:
            bad.update(
                place
                for place, (some, done) in enumerate(zip(planned, patrolled, strict=True))
                if (some is None) is not (done is None)
            )
        bad.update(compress(places, texts[-1]))
        bad.update(compress(places, map(lt, instants, map(self._begun.__getitem__, days))))
        if max(instants) > self._at:
            bad.update(compress(places, map(gt, instants, repeat(self._at))))
        if not self._spans.keys().isdisjoint(units):
            spans = map(self._spans.get, units, repeat(_EVER))
            bad.update(
                place
                for place, (on, (first, last)) in enumerate(zip(days, spans, strict=False))
                if not first <= on <= last
            )
        found: list[list[Any]] = [units, instants, list(batch.numbers), kinds, *others]
        for place in sorted(bad, reverse=True):
            for column in (days, *found):
                del column[place]
        return days, [*found], sorted(bad)


def _read_row(table: Table, row: Parsed, context: Context, at: Instant, into: Filings) -> None:
    """Add one row that is not plain, or its problems."""
    _, day, kind, filed_at, *said, _ = row.values
    unit, faults = _report_faults(row.values, context, at)
    if not row.faults and not faults and unit is not None:
        filed = (unit.code, filed_at, row.number, str(kind.value), *said)
        into.rows.add(day.isoformat(), [(value,) for value in filed])
        return
    into.problems += problems_of(table, row, [*row.faults, *faults])
    if unit is not None and day is not BAD:
        known = None if filed_at is BAD else filed_at
        sure = all(column != "filed_at" for column, _ in faults)
        broken = into.broken.setdefault((day.isoformat(), unit.code), [])
        broken.append(Broken(row.number, known, sure))


def _report_faults(
    values: Sequence[Any], context: Context, at: Instant
) -> tuple[Unit | None, list[Fault]]:
    """Return the unit, as far as it is clear, and what is wrong between the cells of a row."""
    found, day, _, filed_at, _, _, planned, patrolled, _, _ = values
    faults: list[Fault] = []
    unit = on_day(found, day, faults)
    zone = context.zone
    if day is not BAD and day > zone.day_of(at):
        faults.append(("date", Message("errors.future_day", day=day)))
    elif filed_at is not BAD and filed_at > at:
        faults.append(("filed_at", Message("tables.filed_in_future")))
    elif BAD not in (day, filed_at) and filed_at < zone.start_of(day):
        faults.append(("filed_at", Message("tables.filed_before_day", day=day)))
    if BAD not in (planned, patrolled) and (planned is None) is not (patrolled is None):
        lacking = "areas_planned" if planned is None else "areas_patrolled"
        faults.append((lacking, Message("tables.areas_half")))
    return unit, faults


def on_day(found: Any, day: Any, faults: list[Fault]) -> Unit | None:
    """Return the unit that a name means on a day; of several, the only one there is then (R1)."""
    if found is BAD:
        return None
    units: Sequence[Unit] = found
    if day is BAD:
        return units[0] if len(units) == 1 else None
    if len(units) > 1:
        units = [unit for unit in units if unit.valid_on(day)] or units
    if len(units) > 1:
        near = [f"{unit.code} {unit.name}" for unit in units]
        faults.append(("unit", Message("errors.unit_ambiguous", name=units[0].name, near=near)))
        return None
    unit = units[0]
    if not unit.valid_on(day):
        reason = Message("errors.unit_not_valid", unit=unit.code, name=unit.name, day=day)
        faults.append(("unit", reason))
    return unit


def placed(found: Any, name: str, faults: list[Fault]) -> Unit | None:
    """Return the one unit that a name of a place means, whenever; None where that is not clear."""
    if found is BAD:
        return None
    units: Sequence[Unit] = found
    if len(units) == 1:
        return units[0]
    near = [f"{other.code} {other.name}" for other in units]
    faults.append(("place", Message("errors.unit_ambiguous", name=name, near=near)))
    return None


def read_findings(table: Table, context: Context, into: Filings) -> None:
    """Add the rows of a table of findings to `into`, and the problems of the rejected ones."""
    names = [column.attribute for column in table.kind.columns]
    for row in parsed(table, context):
        values = dict(zip(names, row.values, strict=False))
        faults: list[Fault] = list(row.faults)
        day, revision = values.pop("date"), values.pop("revision")
        unit = on_day(values.pop("unit"), day, faults)
        place = placed(values["place"], row.cells[names.index("place")], faults)
        finding = None
        if not faults and place is not None:
            finding = _finding({**values, "place": place.code}, day, faults)
        if unit is not None and day is not BAD:
            key = day.isoformat(), unit.code
            if finding is not None:
                into.findings.append(FindingRow(*key, row.number, revision, finding))
            else:
                known = None if revision is BAD else revision
                into.broken_findings.setdefault(key, {}).setdefault(known, row.number)
        into.problems += problems_of(table, row, faults)


def _finding(values: dict[str, Any], day: date, faults: list[Fault]) -> Finding | None:
    finding = Finding(**values)
    try:
        check_finding(finding, day)
    except LianluoError as error:
        column = _COLUMN_OF_FAULT.get(error.message.key, "area")
        faults.append((column, error.message))
        return None
    return finding
