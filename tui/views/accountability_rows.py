"""The two lists of accountability: duty by unit, targets by district, and the cells of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from actions.assessing import Check, Sheet, check
from actions.checklists import District, by_district
from actions.hotline import STATES, Figures, figures
from actions.targets import Target, TargetSheet, targets
from catalogue import t
from domain.figures import FigureKey
from domain.instants import Instant, Zone
from domain.people import Actor
from domain.periods import Period, half_of
from domain.rates import shown
from domain.targets import TargetKey
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from exchange.assessing_text import remarks_count
from storage.store import Store
from storage.units import Selection
from tui.desk import Question
from tui.widgets.fitting import name_within
from tui.widgets.rows import Column
from tui.widgets.virtual import Cell

SECTIONS = ("duty", "targets", "offices", "hotline")
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
    "offices": (
        Column("accountability_ui.col_unit", 13, grow=1, most=30),
        Column("checklist.short_complete", 8, right=True),
        Column("checklist.short_share", 9, right=True),
        Column("checklist.state_partly", 9, right=True),
        Column("checklist.state_not_met", 8, right=True),
        Column("checklist.state_not_needed", 11, right=True, least=_WIDE),
        Column("checklist.state_unseen", 9, right=True),
    ),
    "hotline": (
        Column("hotline.source", 10, grow=1, most=30),
        Column("hotline.count_received", 8, right=True),
        Column("hotline.count_registered", 10, right=True),
        Column("hotline.count_investigated", 12, right=True),
        Column("hotline.count_replied", 7, right=True),
        Column("hotline.count_in_place", 8, right=True),
        Column("hotline.short_transferred", 8, right=True),
        Column("hotline.count_unfounded", 10, right=True, least=_WIDE),
        Column("hotline.count_open", 6, right=True, least=_WIDE),
    ),
}
Thing: TypeAlias = Sheet | TargetSheet | District | Figures
"""A line of one of the lists."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A period's sheets and the year's targets, as of an instant."""

    found: Check
    held: tuple[TargetSheet, ...]
    zone: Zone
    offices: tuple[District, ...] = ()
    leads: tuple[Figures, ...] = ()

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
                tuple(by_district(store, chosen, at)),
                tuple(figures(store, term.first, term.last, chosen, at)),
            )

    return question


def things(sight: Sight, section: str) -> Sequence[Thing]:
    """Return what a list is made of."""
    lists: dict[str, Sequence[Thing]] = {
        "duty": sight.found.sheets,
        "targets": sight.held,
        "offices": sight.offices,
        "hotline": sight.leads,
    }
    return lists[section]


def unit_of(thing: Thing) -> Unit | None:
    """Return whose line it is; None for a line of the hotline's figures."""
    return None if isinstance(thing, Figures) else thing.unit


def names_of(thing: Thing) -> str:
    """Return what a line is looked for by, casefolded."""
    if isinstance(thing, Figures):
        return thing.source.casefold()
    return " ".join(thing.unit.names()).casefold()


def drawn(sight: Sight, section: str, index: int, widths: Sequence[int]) -> Sequence[Cell]:
    """Return the cells of a thing of a list."""
    if section == "duty":
        return _duty_row(sight, sight.found.sheets[index], widths)
    if section == "targets":
        return _target_row(sight.held[index], widths)
    if section == "offices":
        return _offices_row(sight.offices[index], widths)
    return _hotline_row(sight.leads[index])


def _offices_row(row: District, widths: Sequence[int]) -> Sequence[Cell]:
    counts = row.counts
    return (
        (name_within(row.unit, widths[0]), "strong"),
        (f"{row.complete}/{row.offices}", "plain"),
        (f"{counts.met}/{counts.asked}" if counts.asked else t("words.no_value"), "plain"),
        (_count(counts.partly), "plain"),
        (_count(counts.not_met), "strong"),
        (_count(counts.not_needed), "quiet"),
        (_count(counts.unseen), "quiet"),
    )


def _hotline_row(row: Figures) -> Sequence[Cell]:
    return (
        (visible(row.source) or t("hotline.unsaid"), "strong"),
        *((str(getattr(row, name)), "plain") for name in ("received", *STATES)),
        (f"{row.in_place}/{row.ours}", "strong" if row.in_place < row.ours else "plain"),
        (_count(row.transferred), "plain"),
        (_count(row.unfounded), "quiet"),
        (_count(row.open), "strong"),
    )


def _count(number: int) -> str:
    return str(number) if number else ""


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
