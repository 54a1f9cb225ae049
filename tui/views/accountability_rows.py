"""The two lists of accountability: duty by unit, targets by district, and the cells of both."""

from __future__ import annotations

from collections.abc import Sequence

from actions.assessing import Check, Sheet, check
from actions.targets import Target, TargetSheet, targets
from catalogue import t
from domain.figures import FigureKey
from domain.instants import Instant, Zone
from domain.people import Actor
from domain.periods import Period, half_of
from domain.rates import shown
from domain.targets import TargetKey
from domain.values import dataclass
from exchange.assessing_text import remarks_count
from storage.store import Store
from storage.units import Selection
from tui.desk import Question
from tui.widgets.fitting import name_within
from tui.widgets.rows import Column
from tui.widgets.virtual import Cell

SECTIONS = ("duty", "targets")
_WIDE = 104
"""Cells from which the figures are shown that a narrow list leaves out."""
_SHOWN = (
    TargetKey.FILING,
    TargetKey.INVESTIGATION,
    TargetKey.CLOSING,
    TargetKey.FARMLAND,
    TargetKey.TYPICAL_CASE,
    TargetKey.STABILITY,
    TargetKey.RESTORED,
    TargetKey.DEMOLISHED,
)
COLUMNS = {
    "duty": (
        Column("accountability_ui.col_unit", 13, grow=1, most=30),
        Column("assess.short_reporting", 7, right=True),
        Column("assess.short_on_time", 7, right=True),
        Column("assess.short_zero", 7, right=True),
        Column("assess.short_contradicted", 7, right=True, least=_WIDE),
        Column("assess.short_explained", 5, right=True),
        Column("assess.short_steps", 7, right=True),
        Column("assess.short_notices", 7, right=True),
        Column("assess.short_assists", 7, right=True),
        Column("accountability_ui.col_remarks", 4, right=True, least=_WIDE),
    ),
    "targets": (
        Column("accountability_ui.col_unit", 10, grow=1, most=30),
        Column("assess.short_filing", 10, right=True),
        Column("assess.short_investigation", 10, right=True),
        Column("assess.short_closing", 10, right=True),
        Column("assess.short_farmland", 11, right=True),
        Column("assess.short_typical_case", 7, right=True),
        Column("assess.short_stability", 6, right=True),
        Column("assess.short_restored", 10, right=True, least=_WIDE),
        Column("assess.short_demolished", 10, right=True, least=_WIDE),
    ),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """A period's sheets and the year's targets, as of an instant."""

    found: Check
    held: tuple[TargetSheet, ...]
    zone: Zone

    def sheet(self, unit: str) -> Sheet | None:
        """Return a unit's sheet, None where it has none."""
        return next((sheet for sheet in self.found.sheets if sheet.unit.code == unit), None)

    def held_to(self, unit: str) -> TargetSheet | None:
        """Return a district's targets, None for another unit."""
        return next((sheet for sheet in self.held if sheet.unit.code == unit), None)


def sight_question(period: Period | None, unit: str | None = None) -> Question[Sight]:
    """Ask for a period, None for the present half-year; of one unit, None for all."""

    def question(store: Store, _actor: Actor, at: Instant) -> Sight:
        term = period or half_of(store.today(at))
        chosen = Selection(unit=unit)
        with store.reading():
            return Sight(
                check(store, term, chosen, at),
                tuple(targets(store, term.year, chosen, at)),
                store.zone,
            )

    return question


def things(sight: Sight, section: str) -> Sequence[Sheet | TargetSheet]:
    """Return what a list is made of."""
    return sight.found.sheets if section == "duty" else sight.held


def drawn(sight: Sight, section: str, index: int, widths: Sequence[int]) -> Sequence[Cell]:
    """Return the cells of a thing of a list."""
    if section == "duty":
        return _duty_row(sight, sight.found.sheets[index], widths)
    return _target_row(sight.held[index], widths)


def _duty_row(sight: Sight, sheet: Sheet, widths: Sequence[int]) -> Sequence[Cell]:
    said = remarks_count(sight.found, sheet.unit.code)
    return (
        (name_within(sheet.unit, widths[0]), "strong"),
        *(_share(sheet, key) for key in FigureKey),
        (str(said) if said else "", "accent"),
    )


def _share(sheet: Sheet, key: FigureKey) -> Cell:
    figure = sheet.figure(key)
    if not figure.whole:
        return t("words.no_value"), "quiet"
    # How many zeros there are says nothing against a unit.
    falls = figure.part < figure.whole and key not in (FigureKey.ZERO, FigureKey.CONTRADICTED)
    return f"{figure.part}/{figure.whole}", "strong" if falls else "plain"


def _target_row(sheet: TargetSheet, widths: Sequence[int]) -> Sequence[Cell]:
    return (
        (name_within(sheet.unit, widths[0]), "strong"),
        *(target_cell(sheet.target(key)) for key in _SHOWN),
    )


def target_cell(target: Target) -> Cell:
    """Return a target as x/y and a mark that says whether it is met; farmland as a per cent."""
    reading = target.reading
    if reading.met is None:
        return t("words.no_value"), "quiet"
    mark = t("assess.mark_met" if reading.met else "assess.mark_not_met")
    if reading.key is TargetKey.FARMLAND and reading.met and reading.touched:
        mark = t("assess.mark_touched")
    style = "plain" if reading.met else "strong"
    if reading.key in (TargetKey.TYPICAL_CASE, TargetKey.STABILITY):
        return mark, style
    if reading.key is TargetKey.FARMLAND:
        rate = shown(reading.part, reading.whole or 0).partition("(")[2].rstrip(")")
        return f"{rate} {mark}", style
    return f"{reading.part}/{reading.whole} {mark}", style
