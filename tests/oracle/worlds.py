"""Random small cities, entered twice: as the naive reading's tables, and as the program's rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from actions.opening import Registry
from domain.instants import parse_clock
from domain.networks import Link, Network
from domain.reports import Content, ReportKind, Revision
from domain.schedules import Days, Exemption, Schedule, parse_late_until
from domain.settings import CityRules
from domain.units import Kind, Unit
from tests.oracle.reading import City, Rules, Table, covers

SPAN = 16
"""Days of a random city's life that are looked at."""
CODES = ("440111", "b", "A10", "A9", "丙", "0")
ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Europe/London", "Pacific/Auckland")
CLOCKS = ("00:00", "00:30", "02:30", "09:00", "17:00", "23:30", "23:59")
LATE = ("23:59", "12:00", "00:00", "+0d 18:00", "+1d 12:00", "+2d 23:59")
# Spring Festival and National Day with their make-up days, daylight saving's ends, and years
# that no calendar knows.
BEGINNINGS = (
    date(2024, 2, 3),
    date(2025, 9, 24),
    date(2025, 10, 24),
    date(2026, 2, 10),
    date(2026, 3, 1),
    date(2026, 3, 24),
    date(2035, 1, 1),
)
KINDS = ("department", "district", "town", "team", "city", "region")


def offsets(low: int = -2, high: int = SPAN + 2) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@st.composite
def validity(draw: st.DrawFn, first: date) -> Table:
    """A validity, open at either end more often than not."""
    begin, end = sorted((draw(offsets()), draw(offsets())))
    return {
        "valid_from": first + timedelta(begin) if draw(st.booleans()) else None,
        "valid_to": first + timedelta(end) if draw(st.booleans()) else None,
    }


@st.composite
def schedule_rows(draw: st.DrawFn, first: date, codes: Sequence[str]) -> list[Table]:
    rows: dict[tuple[str, date | None], Table] = {}
    for _ in range(draw(st.integers(0, 2 * len(codes)))):
        row = {
            "unit": draw(st.sampled_from(codes)),
            "days": draw(st.sampled_from(["daily", "workdays"])),
            "cutoff": draw(st.none() | st.sampled_from(CLOCKS)),
            "late_until": draw(st.none() | st.sampled_from(LATE)),
            **draw(validity(first)),
        }
        rows[row["unit"], row["valid_from"]] = row
    return list(rows.values())


@st.composite
def configurations(
    draw: st.DrawFn, first: date, codes: Sequence[str], schedules: list[Table] | None = None
) -> Rules:
    extra = draw(st.lists(offsets(0, SPAN), max_size=3, unique=True))
    split = draw(st.integers(0, len(extra)))
    return Rules(
        cutoff=draw(st.sampled_from(CLOCKS)),
        late_until=draw(st.sampled_from(LATE)),
        days_by_kind={kind: draw(st.sampled_from(["daily", "workdays", "none"])) for kind in KINDS},
        extra_holidays=[first + timedelta(days) for days in extra[:split]],
        extra_workdays=[first + timedelta(days) for days in extra[split:]],
        schedules=draw(schedule_rows(first, codes)) if schedules is None else schedules,
    )


@st.composite
def cities(draw: st.DrawFn) -> City:
    """A city without filings."""
    starts = draw(st.sampled_from(BEGINNINGS))
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=5, unique=True))
    # In a city of like units one report changes a sum that others stand in.
    alike = draw(st.booleans())
    kinds = (draw(st.sampled_from(KINDS)),) if alike else KINDS
    units: list[Table] = []
    for number, code in enumerate(codes):
        units.append(
            {
                "code": code,
                "kind": draw(st.sampled_from(kinds)),
                "parent": draw(st.none() | st.sampled_from(codes[:number])) if number else None,
                **(draw(validity(starts)) if draw(st.booleans()) else {}),
            }
        )
        units[-1].setdefault("valid_from", None)
        units[-1].setdefault("valid_to", None)
    exemptions: dict[tuple[str, int, int], Table] = {}
    for _ in range(draw(st.integers(0, 2))):
        unit = draw(st.sampled_from(codes))
        begin, end = sorted((draw(offsets()), draw(offsets())))
        exemptions[unit, begin, end] = {
            "unit": unit,
            "first": starts + timedelta(begin),
            "last": starts + timedelta(end),
        }
    links: dict[tuple[object, ...], Table] = {}
    for _ in range(draw(st.integers(0, 3)) if len(codes) > 1 else 0):
        ends = draw(st.lists(st.sampled_from(codes), min_size=2, max_size=2, unique=True))
        link = {
            "network": draw(st.sampled_from(["horizontal", "supervision"])),
            "from": ends[0],
            "to": ends[1],
            **draw(validity(starts)),
        }
        links[link["network"], ends[0], ends[1], link["valid_from"]] = link
    return City(
        zone=draw(st.sampled_from(ZONES)),
        starts=starts,
        rules=[draw(configurations(starts, codes, [] if alike else None))],
        units=units,
        exemptions=list(exemptions.values()),
        links=list(links.values()),
    )


@st.composite
def filings(draw: st.DrawFn, city: City, begins: Any) -> list[Table]:
    """Reports of days on which their unit exists, in the order in which they were filed.

    `begins` returns the instant at which a day begins. Instants fall on the edges of windows too.
    """
    edges = st.sampled_from([0, 1, 1800, 9000, 32400, 61200, 61201, 86340, 86341, 86399, 86400])
    near = st.builds(lambda edge, days: edge + 86400 * days, edges, st.integers(0, 3))
    delays = near | st.integers(0, 4 * 86400)
    pairs = [
        (unit["code"], city.starts + timedelta(number))
        for number in range(-1, SPAN)
        for unit in city.units
        if covers(unit, city.starts + timedelta(number))
    ]
    rows: list[Table] = []
    if not pairs:
        return rows
    if draw(st.booleans()):
        few = {city.starts + timedelta(draw(st.integers(0, SPAN - 1))) for _ in range(3)}
        pairs = [pair for pair in pairs if pair[1] in few] or pairs
    for code, day in draw(st.lists(st.sampled_from(pairs), max_size=25, unique=True)):
        rows += [
            {
                "unit": code,
                "date": day,
                "kind": draw(st.sampled_from(["zero", "daily"])),
                "filed_at": begins(day) + timedelta(seconds=delay),
            }
            for delay in sorted(draw(st.lists(delays, min_size=1, max_size=3)))
        ]
    rows.sort(key=lambda row: row["filed_at"])
    return rows


def city_rules(city: City, rules: Rules) -> CityRules:
    """Return a configuration as the program takes it."""
    return CityRules(
        timezone=city.zone,
        cutoff=parse_clock(rules.cutoff),
        late_until=parse_late_until(rules.late_until),
        extra_holidays=tuple(sorted(rules.extra_holidays)),
        extra_workdays=tuple(sorted(rules.extra_workdays)),
        schedules={kind: Days(days) for kind, days in rules.days_by_kind.items()},
    )


def schedule(row: Table) -> Schedule:
    """Return a schedule row as the program takes it."""
    return Schedule(
        row["unit"],
        Days(row["days"]),
        parse_clock(row["cutoff"]) if row["cutoff"] else None,
        parse_late_until(row["late_until"]) if row["late_until"] else None,
        row["valid_from"],
        row["valid_to"],
    )


def unit_rows(city: City) -> list[Unit]:
    """Return the units as the program takes them, in registry order."""
    return [
        Unit(
            unit["code"],
            f"unit {unit['code']}",
            Kind(unit["kind"]),
            parent=unit["parent"],
            valid_from=unit["valid_from"],
            valid_to=unit["valid_to"],
            order=number,
        )
        for number, unit in enumerate(city.units)
    ]


def exemption_rows(city: City) -> list[Exemption]:
    """Return the exemptions as the program takes them."""
    return [Exemption(row["unit"], row["first"], row["last"], "x") for row in city.exemptions]


def registry(city: City) -> Registry:
    """Return the registry as the program takes it, under the first rules."""
    return Registry(
        unit_rows(city),
        [
            Link(Network(x["network"]), x["from"], x["to"], x["valid_from"], x["valid_to"])
            for x in city.links
        ],
        schedules=[schedule(row) for row in city.rules[0].schedules],
        exemptions=exemption_rows(city),
    )


def seconds(instant: datetime) -> int:
    """Return an instant as the program counts it."""
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def content(row: Table, number: int) -> Content:
    """Return what a filing says: no revision of a day says the same as another."""
    return Content(ReportKind(row["kind"]), f"revision {number}")


def revisions(rows: list[Table]) -> list[Revision]:
    """Return filings as the program's revisions."""
    numbers: dict[tuple[str, date], int] = {}
    found = []
    for row in rows:
        key = (row["unit"], row["date"])
        number = numbers[key] = numbers.get(key, 0) + 1
        found.append(
            Revision(
                row["unit"],
                row["date"],
                number,
                content(row, number),
                seconds(row["filed_at"]),
                "x",
                "x",
                reason="x" if number > 1 else "",
            )
        )
    return found
