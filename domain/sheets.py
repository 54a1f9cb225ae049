"""The day sheet 日报汇总表: a line for every unit that owed or filed, silence spelled out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from domain.errors import Damaged, Refused
from domain.instants import Instant
from domain.rates import Tally
from domain.reports import ReportKind, Status
from domain.values import dataclass


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One unit's line. `area` is that of its findings in m²; `first_filed_at` decides the status.

    Names are kept as they were: a sheet reads the same when the registry has changed since.
    """

    unit: str
    name: str
    name_en: str
    kind_of_unit: str
    status: str
    report: str = ""
    revision: int = 0
    first_filed_at: Instant | None = None
    filed_by: str = ""
    areas_planned: int | None = None
    areas_patrolled: int | None = None
    findings: int = 0
    area: int = 0
    summary: str = ""

    @property
    def silent(self) -> bool:
        """Return whether the unit owed a report past its cut-off and none came."""
        return self.status in (Status.OVERDUE, Status.MISSED)

    @property
    def partial(self) -> bool:
        """Return whether this is a partial zero (R4)."""
        return (
            self.report == ReportKind.ZERO
            and self.areas_planned is not None
            and self.areas_patrolled is not None
            and self.areas_patrolled < self.areas_planned
        )


SAID = (
    "status",
    "report",
    "revision",
    "first_filed_at",
    "filed_by",
    "areas_planned",
    "areas_patrolled",
    "findings",
    "area",
    "summary",
)
"""What a line says of its unit's day; a later name of the unit changes no sheet."""


@dataclass(frozen=True, slots=True)
class Erratum:
    """What one line of an earlier sealed sheet says now; None where it has no such line."""

    number: str
    date: date
    unit: str
    before: SheetRow | None
    after: SheetRow | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A day with its lines in registry order; errata of earlier sheets only where it is sealed."""

    date: date
    rows: tuple[SheetRow, ...]
    errata: tuple[Erratum, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """How a sheet was sealed: its number, when, by whom, and the hash of its content."""

    number: str
    sealed_at: Instant
    login: str
    hash: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One fact of a line that two states of a sheet tell differently; `fact` is one of `SAID`,
    or `line` where only one of them has the unit.
    """

    unit: str
    fact: str
    before: object
    after: object


def tally(rows: Iterable[SheetRow]) -> Tally:
    """Return the counts of a sheet as R10 counts them."""
    result = Tally()
    for row in rows:
        result.add(Status(row.status), row.report == ReportKind.ZERO)
    return result


def changed(before: SheetRow | None, after: SheetRow | None) -> list[Changed]:
    """Return what two states of one line tell differently."""
    if before is None or after is None:
        one = before or after
        if one is None:
            return []
        return [Changed(one.unit, "line", before and before.status, after and after.status)]
    return [
        Changed(before.unit, name, getattr(before, name), getattr(after, name))
        for name in SAID
        if getattr(before, name) != getattr(after, name)
        # Silence past midnight is the same silence.
        and not (name == "status" and before.silent and after.silent)
    ]


def paired(
    before: Sequence[SheetRow], after: Sequence[SheetRow]
) -> list[tuple[SheetRow | None, SheetRow | None]]:
    """Return the lines of two states of a sheet by unit, in the order of the later one."""
    old = {row.unit: row for row in before}
    new = {row.unit: row for row in after}
    order = [*new, *(unit for unit in old if unit not in new)]
    return [(old.get(unit), new.get(unit)) for unit in order]


def restated(sheet: Sheet, published: Iterable[Erratum]) -> tuple[SheetRow, ...]:
    """Return a sealed sheet's lines with the errata that were published of it, oldest first."""
    rows = {row.unit: row for row in sheet.rows}
    for erratum in published:
        if erratum.after is None:
            rows.pop(erratum.unit, None)
        else:
            rows[erratum.unit] = erratum.after
    return tuple(rows.values())


def check_sealing(sheet: Sheet, today: date) -> None:
    """Refuse to seal a day to come, one on which nobody owed anything, or one not yet due."""
    if sheet.date > today:
        raise Refused("sheets.future", day=sheet.date)
    if not sheet.rows:
        raise Refused("sheets.nothing", day=sheet.date)
    waiting = [row.name for row in sheet.rows if row.status == Status.PENDING]
    if waiting:
        raise Refused("sheets.pending", day=sheet.date, count=len(waiting))


def sheet_to_table(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as plain values."""
    return {
        "date": sheet.date.isoformat(),
        "rows": [asdict(row) for row in sheet.rows],
        "errata": [
            {
                "number": each.number,
                "date": each.date.isoformat(),
                "unit": each.unit,
                "before": each.before and asdict(each.before),
                "after": each.after and asdict(each.after),
            }
            for each in sheet.errata
        ],
    }


def sheet_from_table(table: Mapping[str, Any]) -> Sheet:
    """Return the sheet of plain values; raises Damaged where they are none."""
    try:
        return Sheet(
            date.fromisoformat(table["date"]),
            tuple(row_from_table(row) for row in table["rows"]),
            tuple(
                Erratum(
                    each["number"],
                    date.fromisoformat(each["date"]),
                    each["unit"],
                    each["before"] and row_from_table(each["before"]),
                    each["after"] and row_from_table(each["after"]),
                )
                for each in table["errata"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged("sheets.damaged", day=str(table.get("date", "—"))) from error


def row_from_table(table: Mapping[str, Any]) -> SheetRow:
    """Return the line of plain values."""
    return SheetRow(
        **{item.name: table[item.name] for item in fields(SheetRow) if item.name in table}
    )
