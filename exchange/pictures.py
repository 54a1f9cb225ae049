"""Pictures as plain descriptions in the language in use: what is drawn as text and as SVG alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

import catalogue
from actions import plotting
from actions.board import BoardRow
from actions.plotting import AreaRow, CityTile, DayRate
from actions.targets import Target, TargetSheet
from actions.workflows import workflows
from catalogue import t
from domain.areas import LandClass, format_area
from domain.instants import Instant
from domain.rates import shown, total
from domain.reports import ReportKind, Status
from domain.targets import AT_LEAST, CITY_FARMLAND_PERCENT, COUNTED, TargetKey
from domain.texts import visible
from domain.units import Kind, Unit
from domain.values import dataclass
from exchange.assessing_text import figure_word, share
from storage.store import Store
from storage.units import Selection


class PlotKind(StrEnum):
    """What there is a picture of."""

    RATES = "rates"
    BACKLOG = "backlog"
    AREAS = "areas"
    TARGETS = "targets"
    MAP = "map"


DAYS = 30
"""The days of rates that are drawn where nobody says which."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart over days: a value from 0 to 1 for each day, None where there is none."""

    mark: str
    word: str
    values: tuple[Fraction | None, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Lines over the same days."""

    days: tuple[date, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its parts as shares of the whole scale, in the order of the legend, and in words.

    `line` is where it should end, a share of the scale too. `head` begins a group.
    """

    label: str
    parts: tuple[Fraction, ...]
    told: str
    line: Fraction | None = None
    head: str = ""
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars on one scale; `legend` has the mark and the words of each part."""

    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...] = ()
    line_word: str = ""


@dataclass(frozen=True, slots=True)
class TileShown:
    """One tile: where it is from 0, its name, its letter with a mark, and its style."""

    line: int
    place: int
    name: str
    letter: str
    style: str
    told: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Tiles:
    """A map of tiles; `legend` has the letters that occur and their words."""

    tiles: tuple[TileShown, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its title, what it is of, what is said below it; `empty` where there is none."""

    kind: PlotKind
    title: str
    body: Curves | Bars | Tiles
    notes: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a picture is to be of: the days, the units, the instant.

    Days that are None: the last thirty for rates, the year so far for areas, today for the map.
    """

    at: Instant
    first: date | None = None
    last: date | None = None
    selection: Selection = Selection()


def drawing(store: Store, kind: PlotKind, asked: Asked) -> Drawing:
    """Return a picture; every number in it is one that a command gives."""
    today = store.today(asked.at)
    last = asked.last or today
    at = store.zone.show(asked.at)[:16]
    if kind is PlotKind.RATES:
        first = asked.first or last - timedelta(days=DAYS - 1)
        found = plotting.rates_by_day(store, first, last, asked.selection, asked.at)
        return _rates(found, first, last, at)
    if kind is PlotKind.BACKLOG:
        names = {key: catalogue.pick(flow.zh, flow.en) for key, flow in workflows(store).items()}
        return _backlog(plotting.backlog(store, asked.selection, asked.at), names, at)
    if kind is PlotKind.AREAS:
        first = asked.first or last.replace(month=1, day=1)
        rows = plotting.areas(store, first, last, asked.selection, asked.at)
        return _areas(rows, first, last, at)
    if kind is PlotKind.TARGETS:
        return _targets(plotting.held(store, last.year, asked.selection, asked.at), last.year, at)
    return _map(plotting.city(store, last, asked.at), last, at)


def _rates(found: Sequence[DayRate], first: date, last: date, at: str) -> Drawing:
    tallies = [row.tally for row in found]
    whole = total(tallies)
    curves = (
        Curve(
            "o",
            t("plot.reporting_rate"),
            tuple(tally.reporting_rate for tally in tallies),
            tuple(shown(tally.received, tally.expected) for tally in tallies),
        ),
        Curve(
            "x",
            t("plot.on_time_rate"),
            tuple(tally.on_time_rate for tally in tallies),
            tuple(shown(tally.on_time, tally.expected) for tally in tallies),
        ),
    )
    notes = (
        t(
            "plot.rates_whole",
            reporting=shown(whole.received, whole.expected),
            on_time=shown(whole.on_time, whole.expected),
        ),
    )
    return Drawing(
        PlotKind.RATES,
        t("plot.title_rates", first=first, last=last, at=at),
        Curves(tuple(row.day for row in found), curves),
        notes,
        "" if whole.expected else t("plot.empty_rates"),
    )


def _backlog(counts: Sequence[tuple[str, int]], names: dict[str, str], at: str) -> Drawing:
    most = max((count for _, count in counts), default=1)
    bars = tuple(
        Bar(
            t("plot.report") if kind == plotting.REPORT else visible(names.get(kind, kind)),
            (Fraction(count, most),),
            f"{count:,}",
            style="late",
        )
        for kind, count in counts
    )
    whole = sum(count for _, count in counts)
    return Drawing(
        PlotKind.BACKLOG,
        t("plot.title_backlog", at=at),
        Bars(bars),
        (t("plot.backlog_whole", count=f"{whole:,}"),),
        "" if counts else t("plot.empty_backlog"),
    )


def _areas(rows: Sequence[AreaRow], first: date, last: date, at: str) -> Drawing:
    most = max((row.found for row in rows), default=1)
    known = {value.value for value in LandClass}
    bars = []
    before = None
    for row in rows:
        name = unit_word(row.district)
        land = t(f"areas.{row.land_class}") if row.land_class in known else t("plot.land_unsaid")
        bars.append(
            Bar(
                land,
                (Fraction(row.closed, most), Fraction(row.found - row.closed, most)),
                t("plot.area_told", found=f"{row.found:,}", closed=f"{row.closed:,}"),
                head="" if name == before else name,
            )
        )
        before = name
    found, closed = sum(row.found for row in rows), sum(row.closed for row in rows)
    whole = t("plot.area_whole", found=format_area(found), closed=format_area(closed))
    return Drawing(
        PlotKind.AREAS,
        t("plot.title_areas", first=first, last=last, at=at),
        Bars(tuple(bars), (("#", t("plot.area_closed")), ("-", t("plot.area_open")))),
        (whole,),
        "" if rows else t("plot.empty_areas"),
    )


def _targets(sheets: Sequence[TargetSheet], year: int, at: str) -> Drawing:
    bars: list[Bar] = []
    for sheet in sheets:
        head = unit_word(sheet.unit)
        for key in COUNTED:
            bars.append(_target_bar(sheet.target(key), head))
            head = ""
    return Drawing(
        PlotKind.TARGETS,
        t("plot.title_targets", year=year, at=at),
        Bars(tuple(bars), (("#", t("plot.target_bar")),), t("plot.target_line")),
        (t("plot.target_note", percent=CITY_FARMLAND_PERCENT),),
        "" if sheets else t("plot.empty_targets"),
    )


def _target_bar(target: Target, head: str) -> Bar:
    reading = target.reading
    line = CITY_FARMLAND_PERCENT if reading.key is TargetKey.FARMLAND else AT_LEAST[reading.key]
    rate = reading.rate
    return Bar(
        figure_word(reading.key),
        () if rate is None else (min(Fraction(1), rate),),
        f"{share(reading)} {_mark(target)}",
        Fraction(line, 100),
        head,
        "late" if reading.met is False else "plain",
    )


def _mark(target: Target) -> str:
    reading = target.reading
    if reading.met is None:
        return ""
    if reading.key is TargetKey.FARMLAND and reading.met and reading.touched:
        return t("assess.mark_touched")
    return t("assess.mark_met" if reading.met else "assess.mark_not_met")


_STYLES = {
    Status.NOT_EXPECTED: "quiet",
    Status.EXEMPT: "quiet",
    Status.ON_TIME: "plain",
    Status.LATE: "accent",
    Status.MADE_UP: "accent",
    Status.PENDING: "soon",
    Status.OVERDUE: "late",
    Status.MISSED: "late",
}


def _map(found: Sequence[CityTile], day: date, at: str) -> Drawing:
    shown_tiles, legend = [], {}
    for tile in found:
        letter, word = letter_of(tile.row)
        if letter.strip():
            legend[letter] = word
        shown_tiles.append(
            TileShown(
                tile.placed.line,
                tile.placed.place,
                short_word(tile.placed.unit),
                letter,
                _STYLES[tile.row.status],
                f"{unit_word(tile.placed.unit)} {word}",
                tile.placed.unit.kind,
            )
        )
    counts = {word: sum(tile.letter == key for tile in shown_tiles) for key, word in legend.items()}
    legend_shown = tuple((key, f"{word} {counts[word]}") for key, word in legend.items())
    return Drawing(
        PlotKind.MAP,
        t("plot.title_map", day=day, at=at),
        Tiles(tuple(shown_tiles), legend_shown),
        (t("plot.map_note"),),
        "" if found else t("plot.empty_map"),
    )


def letter_of(row: BoardRow) -> tuple[str, str]:
    """Return the letter of a unit's day and its word, as on the board."""
    if row.status is Status.ON_TIME and row.filed and row.filed.kind is ReportKind.ZERO:
        return t("words.status_letter_zero"), t("plot.zero")
    return t(f"words.status_letter_{row.status}"), t(f"words.status_{row.status}")


def unit_word(unit: Unit) -> str:
    """Return a unit's name in the language in use."""
    return visible(catalogue.pick(unit.name, unit.name_en))


def short_word(unit: Unit) -> str:
    """Return a name that fits a tile: the short one in Chinese; in English a department's code."""
    if catalogue.language() == "zh":
        return visible(unit.short or unit.name)
    if unit.kind is Kind.DEPARTMENT and unit.code.isalpha():
        return visible(unit.code)
    return unit_word(unit)
