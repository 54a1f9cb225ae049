"""The program against the naive reading of the rules, on random cities: to the last digit.

`ORACLE_EXAMPLES=2000` runs as many examples of each test instead of the few that CI has time for.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from actions import board as boards
from actions.entering import enter
from actions.opening import Registry, found
from actions.overdue import due, overdue
from actions.rates import Grouping, rates
from actions.reporting import file
from actions.rollups import rollups
from actions.schedules import adopt_rules, save_exemptions, save_schedules
from actions.units import save_units
from domain.instants import Instant
from domain.networks import Network
from domain.people import Actor
from domain.settings import Settings
from storage.recounting import contradictions
from storage.store import Store
from storage.units import Selection
from tests.oracle import reading
from tests.oracle.reading import City, Table
from tests.oracle.worlds import (
    SPAN,
    cities,
    city_rules,
    configurations,
    content,
    exemption_rows,
    filings,
    registry,
    revisions,
    schedule,
    schedule_rows,
    seconds,
    unit_rows,
    validity,
)

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "40"))
ADMIN = Actor("admin", "admin", "host")
often = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextmanager
def founded(city: City, at: Instant, entered: Registry | None = None) -> Iterator[Store]:
    """Found the store of a city with all its filings, those to come too."""
    with tempfile.TemporaryDirectory() as folder:
        store = found(
            Path(folder) / "s.db",
            entered or registry(city),
            city_rules(city, city.rules[0]),
            city.starts,
            ADMIN,
            at,
            filed=revisions(city.filings),
        )
        with store:
            yield store
            assert contradictions(store.connection) == []


def moment(city: City, data: st.DataObject, name: str, low: int = -2) -> datetime:
    """Draw an instant of the city's life: anywhere, on the edge of a window, or of a filing."""
    day = city.starts + timedelta(data.draw(st.integers(low, SPAN), label=f"day of {name}"))
    edges: list[datetime] = [reading.local(city, day, datetime.min.time())]
    for rules in city.rules:
        for unit in city.units:
            edges += reading.instants(city, rules, unit, day)
    at_filings = sorted({row["filed_at"] for row in city.filings})
    near_filing: bool = data.draw(st.booleans(), label=f"{name} at a filing")
    if at_filings and near_filing:
        edges = at_filings
    edge = data.draw(st.sampled_from(sorted(set(edges))), label=f"edge of {name}")
    shift = data.draw(st.sampled_from([0, 1, -1]) | st.integers(-86400, 86400), label=name)
    return edge + timedelta(seconds=shift)


def shown(store: Store, first: date, last: date, at: Instant) -> list[tuple[Any, ...]]:
    """Return the program's board as the reading writes its own."""
    return [
        (
            row.day,
            row.unit.code,
            row.status.value,
            row.filed.kind.value if row.filed else None,
            row.filed.revision if row.filed else None,
            None if row.due_at is None else datetime.fromtimestamp(row.due_at, UTC),
        )
        for row in boards.board(store, first, last, Selection(), at)
    ]


def compare(store: Store, city: City, at: datetime, within: timedelta) -> None:
    """Hold every answer of the program as of an instant to the reading's."""
    first, last = city.starts - timedelta(2), city.starts + timedelta(SPAN + 2)
    instant = seconds(at)
    rows = reading.board(city, first, last, at)
    assert contradictions(store.connection) == []
    assert shown(store, first, last, instant) == rows

    horizon = last + timedelta(9)
    late = overdue(store, instant, Selection())
    assert [(owed.obligation.id, owed.overdue_seconds) for owed in late] == reading.overdue(
        city, at, horizon
    )
    coming = due(store, instant, instant + int(within.total_seconds()), Selection())
    assert [owed.obligation.id for owed in coming] == reading.falling_due(
        city, at, at + within, horizon
    )
    for grouping in Grouping:
        compare_rates(store, city, first, last, at, grouping)


def compare_rates(
    store: Store,
    city: City,
    first: date,
    last: date,
    at: datetime,
    grouping: Grouping,
    selection: Selection | None = None,
    among: set[str] | None = None,
) -> None:
    computed = rates(store, first, last, selection or Selection(), seconds(at), grouping)
    naive = reading.rates(city, first, last, at, grouping.value, among)
    order = {
        Grouping.UNIT: [unit["code"] for unit in city.units],
        Grouping.DISTRICT: [unit["code"] for unit in city.units],
        Grouping.NETWORK: list(reading.NETWORKS),
    }.get(grouping, sorted(naive))
    assert [group for group, _ in computed] == [group for group in order if group in naive]
    for group, tally in computed:
        counts = naive[group]
        for name in (
            *("expected", "received", "on_time", "late", "made_up", "missing", "pending"),
            *("exempt", "zero", "reporting_rate", "on_time_rate", "missing_rate", "zero_share"),
        ):
            assert getattr(tally, name) == counts[name], (group, name)
        assert (
            tally.on_time
            + tally.late
            + tally.made_up
            + tally.missing
            + tally.pending
            + tally.exempt
            == sum(counts[state] for state in reading.STATES)
        )


@often
@given(cities(), st.data())
def test_as_of_any_instant(city: City, data: st.DataObject) -> None:
    """Whatever has been filed, and whether the days were created or not."""
    city.filings = data.draw(filings(city, lambda day: begin(city, day)), label="filings")
    opened = seconds(moment(city, data, "founding"))
    with founded(city, opened) as store:
        for number in range(3):
            at = moment(city, data, f"instant {number}")
            compare(store, city, at, timedelta(hours=data.draw(st.integers(0, 80))))
            for row in reading.board(city, city.starts, city.starts + timedelta(SPAN), at):
                event(row[2])


@often
@given(cities(), st.data())
def test_of_a_part_of_the_city(city: City, data: st.DataObject) -> None:
    """A network, a unit, a subtree, a page: each is the whole less what is outside it."""
    city.filings = data.draw(filings(city, lambda day: begin(city, day)), label="filings")
    first, last = city.starts, city.starts + timedelta(SPAN)
    at = moment(city, data, "instant")
    instant = seconds(at)
    code = data.draw(st.sampled_from([unit["code"] for unit in city.units]))
    with founded(city, seconds(moment(city, data, "founding"))) as store:
        whole = shown(store, first, last, instant)
        late = reading.overdue(city, at, last + timedelta(9))
        for selection, among in (
            (Selection(unit=code), {code}),
            (Selection(under=code), reading.below(city, code)),
            (Selection(codes=(code,)), {code}),
            (Selection(under=code, unit=city.units[0]["code"]), None),
        ):
            inside = (
                among if among is not None else reading.below(city, code) & {city.units[0]["code"]}
            )
            rows = boards.board(store, first, last, selection, instant)
            assert [(row.day, row.unit.code) for row in rows] == [
                row[:2] for row in whole if row[1] in inside
            ]
            found_late = overdue(store, instant, selection)
            assert [owed.obligation.id for owed in found_late] == [
                name for name, _ in late if name[11:] in inside
            ]
            for grouping in Grouping:
                compare_rates(store, city, first, last, at, grouping, selection, inside)
            tree = replace(selection, network=Network.VERTICAL)
            inside &= {u["code"] for u in city.units if u["kind"] != "department"}
            for grouping in (Grouping.MONTH, Grouping.NETWORK, Grouping.DISTRICT):
                compare_rates(store, city, first, last, at, grouping, tree, inside)
        for network in Network:
            rows = boards.board(store, first, last, Selection(network=network), instant)
            assert [(row.day, row.unit.code) for row in rows] == [
                row[:2] for row in whole if row[1] in reading.members(city, network.value, row[0])
            ]
            found_late = overdue(store, instant, Selection(network=network))
            assert [owed.obligation.id for owed in found_late] == [
                name
                for name, _ in late
                if name[11:]
                in reading.members(city, network.value, date.fromisoformat(dashed(name)))
            ]


@often
@given(cities(), st.data())
def test_sums_that_the_store_counts(city: City, data: st.DataObject) -> None:
    """The totals of a day and the sums up the tree are those of the days one by one."""
    city.filings = data.draw(filings(city, lambda day: begin(city, day)), label="filings")
    at = moment(city, data, "instant")
    first, last = city.starts, city.starts + timedelta(SPAN)
    with founded(city, seconds(moment(city, data, "founding"))) as store:
        totals = boards.totals(store, first, last, Selection(), seconds(at))
        naive = reading.rates(city, first, last, at, "day")
        for day, tally in totals.items():
            counts = naive.get(day.isoformat(), {})
            for name in ("on_time", "late", "made_up", "missing", "pending", "exempt", "zero"):
                assert getattr(tally, name) == counts.get(name, 0), (day, name)
        day = city.starts + timedelta(data.draw(st.integers(0, SPAN)))
        sums = rollups(store, day, seconds(at))
        inside = reading.members(city, "vertical", day)
        assert sums.keys() == inside
        for code, rollup in sums.items():
            under = {code}
            for _ in city.units:
                under |= {u["code"] for u in city.units if u["parent"] in under} & inside
            counts = sum_of(reading.rates(city, day, day, at, "unit", under))
            for name in ("on_time", "late", "made_up", "missing", "pending", "exempt", "zero"):
                assert getattr(rollup.tally, name) == counts.get(name, 0), (code, name)


@often
@given(cities(), st.data())
def test_filed_one_by_one(city: City, data: st.DataObject) -> None:
    """Reports filed by people at their instants, in a store that was opened at any of them."""
    city.filings = data.draw(filings(city, lambda day: begin(city, day)), label="filings")
    start = min([row["filed_at"] for row in city.filings], default=begin(city, city.starts))
    numbers: dict[tuple[str, date], int] = {}
    planned = city.filings
    city.filings = []
    with founded(city, seconds(start)) as store:
        for row in planned:
            key = (row["unit"], row["date"])
            number = numbers[key] = numbers.get(key, 0) + 1
            receipt = file(
                store,
                ADMIN,
                row["unit"],
                row["date"],
                content(row, number),
                seconds(row["filed_at"]),
                amending=number > 1,
                reason="because",
            )
            city.filings.append(row)
            unit = next(u for u in city.units if u["code"] == row["unit"])
            assert receipt.status == reading.status(city, unit, row["date"], row["filed_at"])
        at = moment(city, data, "instant")
        compare(store, city, at, timedelta(days=1))


@often
@given(cities(), st.data())
def test_changed_rules_hold_for_days_to_come(city: City, data: st.DataObject) -> None:
    """R7: what has fallen due stays as it was, however often and late the store was opened."""
    codes = [unit["code"] for unit in city.units]
    city.filings = data.draw(filings(city, lambda day: begin(city, day)), label="filings")
    instants = sorted(moment(city, data, f"change {n}") for n in range(2))
    opened = seconds(min(moment(city, data, "founding"), *instants))
    with founded(city, opened) as store:
        for since in instants:
            before = city.rules[-1]
            if data.draw(st.booleans(), label="schedules change"):
                more = data.draw(schedule_rows(city.starts, codes), label="rows")
                save_schedules(store, ADMIN, [schedule(row) for row in more], seconds(since))
                keys = {(row["unit"], row["valid_from"]) for row in more}
                kept = [r for r in before.schedules if (r["unit"], r["valid_from"]) not in keys]
                city.rules.append(replace(before, schedules=kept + more, since=since))
            else:
                after = data.draw(configurations(city.starts, codes, before.schedules))
                adopt_rules(store, ADMIN, city_rules(city, after), seconds(since))
                city.rules.append(replace(after, since=since))
        at = moment(city, data, "instant")
        compare(store, city, at, timedelta(days=1))


@often
@given(cities(), st.data())
def test_the_registry_holds_as_it_stands_now(city: City, data: st.DataObject) -> None:
    """R8: units and exemptions entered or changed later are as if they had always been so."""
    city.filings = data.draw(filings(city, lambda day: begin(city, day)), label="filings")
    before = registry(city)
    units = [
        replace(unit, **data.draw(validity(city.starts))) if data.draw(st.booleans()) else unit
        for unit in before.units
    ]
    filed_for = {row["unit"] for row in city.filings}
    late_comers = [u for u in units if u.code not in filed_for and not named(before, u.code)]
    first = [u for u in units if u not in late_comers[1:] or u is units[0]]
    entered = replace(
        before,
        units=[replace(u, order=n) for n, u in enumerate(first)],
        links=[x for x in before.links if {x.source, x.target} <= {u.code for u in first}],
        exemptions=(),
    )
    instants = sorted(seconds(moment(city, data, f"change {n}")) for n in range(2))
    with founded(city, min(instants), entered) as store:
        save_units(store, ADMIN, unit_rows(city), instants[0])
        save_exemptions(store, ADMIN, exemption_rows(city), instants[1])
        order = {code: n for n, code in enumerate(codes_in(store))}
        city.units.sort(key=lambda unit: order[unit["code"]])
        city.links = [
            link
            for link in city.links
            if {link["from"], link["to"]} <= {unit.code for unit in first}
        ]
        at = moment(city, data, "instant")
        compare(store, city, at, timedelta(days=1))


@often
@given(cities(), st.data())
def test_opened_by_anybody_at_any_time(city: City, data: st.DataObject) -> None:
    """Days are created by whoever comes first, and read the same before and after."""
    city.filings = data.draw(filings(city, lambda day: begin(city, day)), label="filings")
    instants = sorted(moment(city, data, f"opening {n}") for n in range(3))
    with founded(city, seconds(instants[0])) as store:
        for at in instants[1:]:
            compare(store, city, instants[-1], timedelta(days=2))
            enter(store.path, Settings(), "somebody", None, "host", seconds(at))[0].close()
            compare(store, city, instants[-1], timedelta(days=2))


def begin(city: City, day: date) -> datetime:
    return reading.local(city, day, datetime.min.time())


def dashed(obligation: str) -> str:
    return f"{obligation[2:6]}-{obligation[6:8]}-{obligation[8:10]}"


def named(entered: Registry, code: str) -> bool:
    """Say whether a row of the registry names a unit, which then has to be there."""
    return any(row.unit == code for row in entered.schedules) or any(
        unit.parent == code for unit in entered.units
    )


def codes_in(store: Store) -> list[str]:
    from storage.units import selected

    return [unit.code for unit in selected(store.connection, Selection())]


def sum_of(groups: dict[str, Table]) -> dict[str, int]:
    found: dict[str, int] = {}
    for counts in groups.values():
        for name, count in counts.items():
            if isinstance(count, int):
                found[name] = found.get(name, 0) + count
    return found


def test_guangzhou_by_hand() -> None:
    """One city read off the rules by a person, so that both readings cannot be wrong alike."""
    day = date(2026, 2, 13)
    city = City(
        zone="Asia/Shanghai",
        starts=day,
        rules=[
            reading.Rules(
                "17:00",
                "23:59",
                dict.fromkeys(("region", "city", "town", "team"), "none")
                | {"department": "workdays", "district": "daily"},
                [],
                [],
                [],
            )
        ],
        units=[
            {"code": "LAND", "kind": "department", "parent": None}
            | dict.fromkeys(("valid_from", "valid_to")),
            {"code": "440111", "kind": "district", "parent": None}
            | dict.fromkeys(("valid_from", "valid_to")),
        ],
        exemptions=[],
        links=[],
        filings=[
            {"unit": "440111", "date": day, "kind": "zero", "filed_at": utc("2026-02-13 09:00:00")},
            {"unit": "LAND", "date": day, "kind": "zero", "filed_at": utc("2026-02-13 09:00:01")},
        ],
    )
    # Friday 13 is a working day and Saturday 14 is worked for the Spring Festival of 15 to 23.
    at = utc("2026-02-15 16:00:00")
    assert reading.overdue(city, at, day + timedelta(9)) == [
        ("R-20260214-440111", 111600),
        ("R-20260214-LAND", 111600),
        ("R-20260215-440111", 25200),
    ]
    with founded(city, seconds(at)) as store:
        compare(store, city, at, timedelta(days=3))
        rows = shown(store, day, day, seconds(at))
        assert [row[2] for row in rows] == ["late", "on_time"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
