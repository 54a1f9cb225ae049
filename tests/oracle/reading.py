"""The rules R1 to R11 read a second time: every unit, every day, one question after another.

Nothing of the program is used here. A city is a plain table of what was entered; instants are
aware datetimes in UTC, and every answer is found by looking at everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

Table = dict[str, Any]


@dataclass
class Rules:
    """The city's configuration from an instant on (None: from the beginning)."""

    cutoff: str
    late_until: str
    days_by_kind: dict[str, str]
    extra_holidays: list[date]
    extra_workdays: list[date]
    schedules: list[Table]
    since: datetime | None = None


@dataclass
class City:
    """All that was entered; `rules` are in force one after the other."""

    zone: str
    starts: date
    rules: list[Rules]
    units: list[Table]
    exemptions: list[Table]
    links: list[Table]
    filings: list[Table] = field(default_factory=list)


def covers(row: Table, day: date) -> bool:
    """Say whether a row with blank or given ends covers a day, both ends included."""
    begun = row["valid_from"] is None or not day < row["valid_from"]
    over = row["valid_to"] is not None and day > row["valid_to"]
    return begun and not over


def working(rules: Rules, day: date) -> bool:
    """R9: the city's own days win, then the published calendar, then Monday to Friday."""
    if day in rules.extra_holidays:
        return False
    if day in rules.extra_workdays:
        return True
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.strftime("%a") not in ("Sat", "Sun")


def local(city: City, day: date, clock: time) -> datetime:
    """Return a local clock time of a day, in UTC."""
    there = datetime(
        day.year,
        day.month,
        day.day,
        clock.hour,
        clock.minute,
        clock.second,
        tzinfo=ZoneInfo(city.zone),
    )
    return there.astimezone(UTC)


def row_in_force(rules: Rules, unit: Table, day: date) -> Table | None:
    """R6: of the unit's rows that cover the day, the one that begins latest."""
    rows = [row for row in rules.schedules if row["unit"] == unit["code"] and covers(row, day)]
    rows.sort(key=lambda row: row["valid_from"] or date(1, 1, 1))
    return rows[-1] if rows else None


def instants(city: City, rules: Rules, unit: Table, day: date) -> tuple[datetime, datetime]:
    """R7: when the day is due, and when it is missed."""
    row = row_in_force(rules, unit, day) or {"cutoff": None, "late_until": None}
    hour, minute = (row["cutoff"] or rules.cutoff).split(":")
    due = local(city, day, time(int(hour), int(minute)))
    late = row["late_until"] or rules.late_until
    last = day
    if "d " in late:
        plus, late = late.split("d ")
        last = day + timedelta(days=int(plus.lstrip("+")))
    hour, minute = late.split(":")
    second = 59 if late == "23:59" else 0
    return due, local(city, last, time(int(hour), int(minute), second))


def reporting_day(rules: Rules, unit: Table, day: date) -> bool:
    """R6: whether the schedule, or the default of the unit's kind, asks for this day."""
    row = row_in_force(rules, unit, day)
    asked = row["days"] if row else rules.days_by_kind[unit["kind"]]
    if asked == "none":
        return False
    return asked == "daily" or working(rules, day)


def expected(city: City, unit: Table, day: date) -> tuple[datetime, datetime] | None:
    """R6 and R7: the instants of an expected day, as they were when it fell due; else None."""
    if day < city.starts or not covers(unit, day):
        return None
    fixed: tuple[datetime, datetime] | None = None
    for rules in city.rules:
        asked = instants(city, rules, unit, day) if reporting_day(rules, unit, day) else None
        if rules.since is None:
            fixed = asked
            continue
        # A day that has fallen due stays as it was; one that was not asked for falls due
        # where it would have.
        was = fixed or instants(city, rules, unit, day)
        if not was[0] < rules.since:
            fixed = asked
    return fixed


def exempt(city: City, unit: Table, day: date) -> bool:
    """R8: whether somebody approved that nothing is owed."""
    return any(
        row["unit"] == unit["code"] and row["first"] <= day <= row["last"]
        for row in city.exemptions
    )


def filed(city: City, unit: Table, day: date, at: datetime) -> list[Table]:
    """Return the revisions of a day that exist at an instant, oldest first."""
    return [
        row
        for row in city.filings
        if row["unit"] == unit["code"] and row["date"] == day and row["filed_at"] <= at
    ]


def status(city: City, unit: Table, day: date, at: datetime) -> str:
    """R8, row by row from the top."""
    when = expected(city, unit, day)
    if when is None:
        return "not_expected"
    if exempt(city, unit, day):
        return "exempt"
    due, missed = when
    revisions = filed(city, unit, day, at)
    if revisions:
        first = revisions[0]["filed_at"]
        if first <= due:
            return "on_time"
        if first <= missed:
            return "late"
        return "made_up"
    if at <= due:
        return "pending"
    if at <= missed:
        return "overdue"
    return "missed"


def days(first: date, last: date) -> Iterator[date]:
    """Yield the days of a range."""
    while first <= last:
        yield first
        first = first + timedelta(days=1)


def board(city: City, first: date, last: date, at: datetime) -> list[tuple[Any, ...]]:
    """Return (day, code, status, kind, revision, due) of whoever owes or filed something."""
    rows: list[tuple[Any, ...]] = []
    for day in days(first, last):
        for unit in city.units:
            if not covers(unit, day):
                continue
            state = status(city, unit, day, at)
            revisions = filed(city, unit, day, at)
            if state == "not_expected" and not revisions:
                continue
            newest = revisions[-1] if revisions else None
            when = expected(city, unit, day)
            rows.append(
                (
                    day,
                    unit["code"],
                    state,
                    newest["kind"] if newest else None,
                    len(revisions) or None,
                    when[0] if when else None,
                )
            )
    return rows


def overdue(city: City, at: datetime, last: date) -> list[tuple[str, int]]:
    """R11: return (id, seconds since it fell due), longest first; `last` is a day beyond `at`."""
    found = []
    for unit in city.units:
        for day in days(city.starts, last):
            if status(city, unit, day, at) in ("overdue", "missed"):
                when = expected(city, unit, day)
                assert when is not None
                found.append((when[0], unit["code"], day))
    return [
        (f"R-{day:%Y%m%d}-{code}", int((at - due).total_seconds()))
        for due, code, day in sorted(found)
    ]


def falling_due(city: City, at: datetime, until: datetime, last: date) -> list[str]:
    """Return the ids of what is owed still and falls due from `at` through `until`."""
    found = []
    for unit in city.units:
        for day in days(city.starts, last):
            when = expected(city, unit, day)
            if (
                when is not None
                and status(city, unit, day, at) == "pending"
                and at <= when[0] <= until
            ):
                found.append((when[0], unit["code"], day))
    return [f"R-{day:%Y%m%d}-{code}" for _, code, day in sorted(found)]


def members(city: City, network: str, day: date) -> set[str]:
    """R2: the codes of a network's members on a day."""
    here = {unit["code"]: unit for unit in city.units if covers(unit, day)}
    if network == "vertical":
        return {code for code, unit in here.items() if unit["kind"] != "department"}
    found: set[str] = set()
    for link in city.links:
        ends = {link["from"], link["to"]}
        if link["network"] == network and covers(link, day) and ends <= here.keys():
            found |= ends
    return found


def district(city: City, unit: Table) -> str | None:
    """Return the district that a unit is or lies in."""
    by_code = {each["code"]: each for each in city.units}
    here: Table | None = unit
    while here is not None:
        if here["kind"] == "district":
            return str(here["code"])
        here = by_code.get(here["parent"])
    return None


def below(city: City, root: str) -> set[str]:
    """Return the code and all codes under it."""
    found = {root}
    for _ in city.units:
        found |= {unit["code"] for unit in city.units if unit["parent"] in found}
    return found


def rates(
    city: City, first: date, last: date, at: datetime, by: str, among: set[str] | None = None
) -> dict[str, Table]:
    """R10: return each group's counts and its four rates, None where there is no value."""
    found: dict[str, Table] = {}
    for day in days(first, last):
        inside = {name: members(city, name, day) for name in NETWORKS} if by == "network" else {}
        for unit in city.units:
            if among is not None and unit["code"] not in among:
                continue
            state = status(city, unit, day, at)
            if state == "not_expected":
                continue
            groups = {
                "unit": [unit["code"]],
                "day": [day.isoformat()],
                "month": [f"{day:%Y-%m}"],
                "district": [district(city, unit)],
                "network": [name for name in NETWORKS if unit["code"] in inside.get(name, ())],
            }[by]
            for group in groups:
                if group is None:
                    continue
                counts = found.setdefault(group, dict.fromkeys(STATES, 0) | {"zero": 0})
                counts[state] += 1
                if state in ("on_time", "late", "made_up"):
                    counts["zero"] += filed(city, unit, day, at)[-1]["kind"] == "zero"
    for counts in found.values():
        received = counts["on_time"] + counts["late"] + counts["made_up"]
        missing = counts["overdue"] + counts["missed"]
        owed = received + missing
        counts["expected"], counts["received"], counts["missing"] = owed, received, missing
        counts["reporting_rate"] = Fraction(received, owed) if owed else None
        counts["on_time_rate"] = Fraction(counts["on_time"], owed) if owed else None
        counts["missing_rate"] = Fraction(missing, owed) if owed else None
        counts["zero_share"] = Fraction(counts["zero"], received) if received else None
    return found


NETWORKS = ("horizontal", "vertical", "supervision")
STATES = ("exempt", "on_time", "late", "made_up", "pending", "overdue", "missed")
