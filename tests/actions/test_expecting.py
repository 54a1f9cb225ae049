"""Creating days: what the store makes of schedules at once is what the rules say of each unit."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.expecting import planned, roll
from actions.opening import Registry, found
from domain.schedules import Days, Exemption, LateUntil, Schedule
from domain.settings import CityRules
from domain.units import Kind, Unit
from storage import obligations, proofs
from storage.recounting import contradictions
from storage.units import Selection
from tests.actions.conftest import ADMIN, ZONE

STARTS = date(2026, 9, 28)
"""A Monday; a holiday of a week begins on Thursday, and the Sunday before it was worked."""
LAST = STARTS + timedelta(13)

days = st.none() | st.integers(-3, 16).map(lambda after: STARTS + timedelta(after))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date | None, date | None]:
    first, last = draw(days), draw(days)
    if first is not None and last is not None and first > last:
        first, last = last, first
    return first, last


@st.composite
def registries(draw: st.DrawFn) -> Registry:
    """A tree of units that come and go, with schedules that follow and cover one another."""
    units = [Unit("CITY", "某市", Kind.CITY)]
    for number in range(draw(st.integers(1, 8))):
        parent = draw(st.sampled_from(units)).code
        kind = draw(st.sampled_from([Kind.DEPARTMENT, Kind.DISTRICT, Kind.TOWN]))
        first, last = draw(spans())
        units.append(
            Unit(f"U{number}", f"单位{number}", kind, "", "", parent, first, last, order=number + 1)
        )
    codes = st.sampled_from([unit.code for unit in units])
    cutoffs = st.sampled_from([None, time(9), time(17), time(23, 59)])
    windows = st.sampled_from([None, LateUntil(0, time(12)), LateUntil(1, time(12))])
    rows: dict[tuple[str, date | None], Schedule] = {}
    for _ in range(draw(st.integers(0, 8))):
        code, way = draw(codes), draw(st.sampled_from([Days.DAILY, Days.WORKDAYS]))
        first, last = draw(spans())
        rows[code, first] = Schedule(code, way, draw(cutoffs), draw(windows), first, last)
    free: dict[tuple[str, date, date], Exemption] = {}
    for _ in range(draw(st.integers(0, 3))):
        code = draw(codes)
        first, last = sorted(day or STARTS for day in (draw(days), draw(days)))
        free[code, first, last] = Exemption(code, first, last, "防汛")
    return Registry(units, schedules=list(rows.values()), exemptions=list(free.values()))


@given(registries(), st.integers(1, 14))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_days_are_created_as_the_rules_say(
    tmp_path_factory: pytest.TempPathFactory, registry: Registry, at_once: int
) -> None:
    path = tmp_path_factory.mktemp("city") / "s.db"
    early = ZONE.end_of(STARTS) - 16 * 3600
    with found(path, registry, CityRules(), STARTS, ADMIN, early) as store:
        day = STARTS
        while day < LAST:
            day = min(day + timedelta(at_once), LAST)
            roll(store, ZONE.end_of(day) - 3600)
        created = obligations.of_days(store.connection, STARTS, LAST, Selection())
        expected = planned(store, None, STARTS, LAST)
        assert created == sorted(expected, key=lambda owed: (owed.subject, owed.unit))
        assert contradictions(store.connection) == []
        # By the day and by many days: two readings of the same digest.
        every = {day: digest for day, digest, _ in proofs.day_digests(store.connection)}
        assert every == {day: proofs.day_digest(store.connection, day) for day in every}


def test_every_unit_may_have_a_window_of_its_own(tmp_path: Path) -> None:
    codes = [f"T{number:03}" for number in range(230)]
    units = [Unit("CITY", "某市", Kind.CITY)]
    units += [
        Unit(code, code, Kind.TOWN, parent="CITY", order=n) for n, code in enumerate(codes, 1)
    ]
    rows = [
        Schedule(code, Days.DAILY, time(9 + number // 60, number % 60))
        for number, code in enumerate(codes)
    ]
    registry = Registry(units, schedules=rows)
    early = ZONE.end_of(STARTS) - 16 * 3600
    with found(tmp_path / "s.db", registry, CityRules(), STARTS, ADMIN, early) as store:
        owed = obligations.of_days(store.connection, STARTS, STARTS, Selection())
        assert [row.unit for row in owed] == codes
        assert len({row.due_at for row in owed}) == len(codes)
        assert owed == list(planned(store, None, STARTS, STARTS))
        assert contradictions(store.connection) == []


def test_a_spoilt_row_changes_the_digest_of_its_day(tmp_path: Path) -> None:
    units = [Unit("CITY", "某市", Kind.CITY)]
    units += [Unit(f"D{n}", f"{n}区", Kind.DISTRICT, parent="CITY", order=n) for n in range(1, 5)]
    early = ZONE.end_of(STARTS) - 16 * 3600
    with found(tmp_path / "s.db", Registry(units), CityRules(), STARTS, ADMIN, early) as store:
        day = STARTS.isoformat()
        whole = proofs.day_digest(store.connection, day)
        seen = {whole}
        for column, value in (
            ("opened_at", 0),
            ("due_at", 2_000_000_000),
            ("missed_at", None),
            ("locks_at", None),
            ("exempt", 1),
            ("rule", "daily/row"),
        ):
            for unit in ("D1", "D3"):
                store.connection.execute("BEGIN")
                store.connection.execute(
                    f"UPDATE obligations SET {column} = ? WHERE unit = ?", (value, unit)
                )
                seen.add(proofs.day_digest(store.connection, day))
                assert {row[1] for row in proofs.day_digests(store.connection, day, day)} <= seen
                store.connection.execute("ROLLBACK")
        assert len(seen) == 13
        assert proofs.day_digest(store.connection, day) == whole
