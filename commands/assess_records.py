"""What programs read of a check: figures, targets on every basis, and the rows behind them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from actions.assessing import Check
from actions.targets import Target, TargetSheet
from commands.output import Record
from domain.assessing import Figure, Remark, Row
from domain.figures import FigureKey
from domain.instants import utc
from domain.periods import Period
from domain.targets import Basis, Reading, TargetKey
from domain.units import Unit
from domain.values import dataclass
from exchange.assessing_text import percent

FIELDS = (
    "period",
    "unit",
    "name",
    "figure",
    "basis",
    "part",
    "whole",
    "rate",
    "met",
    "touched",
    "distance",
    "over",
    "beside",
    "median_workdays",
    "oldest_workdays",
    "entered",
    "promised",
    "remarks",
)
ROW_FIELDS = (
    "figure",
    "unit",
    "name",
    "date",
    "id",
    "state",
    "part",
    "whole",
    "title",
    "matter",
    "workdays",
    "reason",
    "remarks",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a sheet on one basis: of duty or a target."""

    period: Period
    unit: Unit
    key: FigureKey | TargetKey
    basis: Basis
    figure: Figure | None
    target: Target | None
    reading: Reading | None
    remarks: Sequence[Remark]

    def record(self) -> Record:
        """Return it with the keys of `FIELDS`; what does not apply is null."""
        figure, reading = self.figure, self.reading
        rate = figure.rate if figure is not None else reading.rate if reading is not None else None
        entered = None if self.target is None else self.target.entered
        promised = None if self.target is None else self.target.promised
        return {
            "period": str(self.period.year) if figure is None else self.period.name,
            "unit": self.unit.code,
            "name": self.unit.name,
            "figure": self.key.value,
            "basis": None if reading is None else self.basis.value,
            "part": _either(figure, reading, "part"),
            "whole": _either(figure, reading, "whole"),
            "rate": None if rate is None else float(rate),
            "met": None if reading is None else reading.met,
            "touched": reading.touched
            if reading is not None and reading.key is TargetKey.FARMLAND
            else None,
            "distance": None if reading is None or reading.met is None else reading.distance,
            "over": None if reading is None or reading.met is None else reading.over,
            "beside": None if figure is None else dict(figure.beside),
            "median_workdays": _number(None if figure is None else figure.median),
            "oldest_workdays": None if figure is None else figure.oldest,
            "entered": None
            if entered is None
            else {
                "figure": entered.figure.value,
                "value": entered.value,
                "revision": entered.revision,
                "source": entered.source,
                "as_of": entered.as_of.isoformat(),
                "entered_at": utc(entered.at),
                "entered_by": entered.login,
            },
            "promised": None if promised is None else percent(promised),
            "remarks": [remark_record(row) for row in self.remarks],
        }


def _either(figure: Figure | None, reading: Reading | None, name: str) -> object:
    found = reading if figure is None else figure
    return None if found is None else getattr(found, name)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def figure_line(period: Period, unit: Unit, figure: Figure, found: Check) -> Line:
    """Return a figure of a unit's sheet."""
    said = found.remarks_of(unit.code, figure.key.value)
    return Line(period, unit, figure.key, Basis.FOUND, figure, None, None, said)


def target_lines(found: Check, sheet: TargetSheet) -> list[Line]:
    """Return the targets of a district, each on every basis."""
    return [
        Line(
            found.period,
            sheet.unit,
            target.key,
            reading.basis,
            None,
            target,
            reading,
            found.remarks_of(sheet.unit.code, target.key.value),
        )
        for target in sheet.targets
        for reading in (target.reading, *target.bases)
    ]


def remark_record(row: Remark) -> Record:
    """Return a remark as programs read it."""
    return {
        "seq": row.seq,
        "row": row.subject or None,
        "at": utc(row.at),
        "login": row.login,
        "keyed_by": row.real_login,
        "text": row.text,
    }


def row_record(figure: str, row: Row, unit: Unit, remarks: Sequence[Remark]) -> Record:
    """Return a row behind a figure as programs read it."""
    return {
        "figure": figure,
        "unit": row.unit,
        "name": unit.name,
        "date": row.day.isoformat(),
        "id": row.id,
        "state": row.state,
        "part": row.part,
        "whole": row.whole,
        "title": row.title,
        "matter": row.matter or None,
        "workdays": row.workdays,
        "reason": row.reason or None,
        "remarks": [remark_record(said) for said in remarks],
    }
