"""Settings: parsing, defaults, and the round trip through plain values (R6, R7, R9, R14)."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UsageError
from domain.instants import Zone
from domain.ladder import ADDRESSEES, REPORT_LADDER, RUNG_NAMES, OffsetUnit, Rung
from domain.schedules import Days, LateUntil, parse_late_until
from domain.settings import (
    DEFAULT_DAYS,
    PREFERENCE_PARSERS,
    RULE_PARSERS,
    CityRules,
    Preferences,
    Settings,
    rules_from_table,
    rules_to_table,
    settings_from_table,
)
from domain.units import Kind


def test_the_defaults_are_those_of_the_rules() -> None:
    rules = CityRules()
    assert rules.timezone == "Asia/Shanghai"
    assert rules.cutoff == time(17, 0)
    assert rules.late_until == parse_late_until("23:59")
    assert rules.backfill_days == 7
    assert rules.schedules["department"] is Days.WORKDAYS
    assert rules.schedules["district"] is Days.DAILY
    assert rules.schedules["town"] is rules.schedules["team"] is Days.NONE
    assert rules.amber_report_minutes == 60
    assert rules.ladder_report == REPORT_LADDER
    assert DEFAULT_DAYS.keys() == {kind.value for kind in Kind}


def test_every_rule_and_preference_has_its_parser() -> None:
    assert RULE_PARSERS.keys() == {item.name for item in fields(CityRules)}
    assert PREFERENCE_PARSERS.keys() == {item.name for item in fields(Preferences)}


def toml(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def test_a_whole_configuration() -> None:
    found = settings_from_table(
        toml(
            """
            store = "/srv/x.db"
            lang = "zh"
            theme = "light"
            cutoff = "16:30"
            late_until = "+1d 12:00"
            backfill_days = 3
            extra_holidays = [2026-03-02, "2026-03-01", 2026-03-02]
            extra_workdays = []
            amber_report_minutes = 0
            [keys]
            "board.open" = "o"
            [schedules]
            town = "daily"
            [[ladder_report]]
            at = "-10 minutes"
            name = "reminder"
            to = ["liaison"]
            """
        )
    )
    assert found.preferences == Preferences("/srv/x.db", "zh", "light", {"board.open": "o"})
    rules = found.applied_to(CityRules())
    assert rules.cutoff == time(16, 30)
    assert rules.late_until == LateUntil(1, time(12, 0))
    assert rules.extra_holidays == (date(2026, 3, 1), date(2026, 3, 2))
    assert rules.schedules == {**DEFAULT_DAYS, "town": Days.DAILY}
    assert rules.ladder_report == (Rung(-10, OffsetUnit.MINUTES, "reminder", ("liaison",)),)
    assert not rules.calendar().is_workday(date(2026, 3, 2))


def test_what_is_not_named_stays_as_it_is() -> None:
    standing = replace(CityRules(), cutoff=time(12, 0), backfill_days=1)
    found = settings_from_table({"backfill_days": 9})
    assert found.applied_to(standing) == replace(standing, backfill_days=9)
    assert Settings().applied_to(standing) == standing
    assert found.preferences == Preferences()


def test_a_clock_may_be_a_toml_time() -> None:
    assert settings_from_table(toml("cutoff = 16:30:00")).applied_to(CityRules()).cutoff == time(
        16, 30
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("timezone", "Mars/Olympus"),
        ("timezone", 8),
        ("timezone", ""),
        ("cutoff", "25:00"),
        ("cutoff", 17),
        ("cutoff", True),
        # Seconds would be cut off in silence.
        ("cutoff", time(17, 0, 30)),
        ("late_until", "tomorrow"),
        ("late_until", time(23, 59)),
        ("backfill_days", -1),
        ("backfill_days", 10_001),
        ("backfill_days", "7"),
        ("backfill_days", 7.0),
        ("backfill_days", True),
        ("amber_report_minutes", None),
        ("extra_holidays", "2026-01-01"),
        ("extra_holidays", ["2026-02-30"]),
        ("extra_holidays", ["20260101"]),
        ("extra_holidays", [20260101]),
        ("extra_workdays", [datetime(2026, 1, 1, 8, 0, tzinfo=UTC)]),
        ("schedules", {"village": "daily"}),
        ("schedules", {"town": "weekly"}),
        ("schedules", ["daily"]),
        ("ladder_report", {}),
        ("ladder_report", [{}]),
        ("ladder_report", ["urge"]),
        ("ladder_report", [{"at": "1 days", "name": "urge", "to": "liaison"}]),
        ("ladder_report", [{"at": 1, "name": "urge", "to": ["liaison"]}]),
        ("store", 1),
        ("lang", "fr"),
        ("theme", "blue"),
        ("theme", ["dark"]),
        ("keys", {"a": 1}),
        ("keys", "a"),
    ],
)
def test_values_that_mean_nothing_are_refused(key: str, value: object) -> None:
    with pytest.raises(UsageError):
        settings_from_table({key: value})


def test_an_unknown_key_is_refused_by_its_name() -> None:
    with pytest.raises(UsageError) as refused:
        settings_from_table({"cutof": "17:00"})
    assert refused.value.message.key == "errors.setting_unknown"
    assert refused.value.message.params["key"] == "cutof"


def test_a_day_cannot_be_both() -> None:
    day = ["2026-03-01"]
    with pytest.raises(UsageError):
        settings_from_table({"extra_holidays": day, "extra_workdays": day})


def test_zone_calendar_and_reporting_are_the_rules_own() -> None:
    rules = replace(CityRules(), timezone="Europe/London", extra_workdays=(date(2026, 3, 1),))
    assert rules.zone() == Zone("Europe/London")
    assert rules.calendar().is_workday(date(2026, 3, 1))
    assert rules.reporting().days_by_kind == rules.schedules
    assert rules.reporting().zone == rules.zone()
    assert rules.thresholds().report_minutes == 60


clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.lists(st.dates(date(2000, 1, 1), date(2100, 1, 1)), max_size=4, unique=True)
rungs = st.builds(
    Rung,
    st.integers(-9999, 9999),
    st.sampled_from(OffsetUnit),
    st.sampled_from(RUNG_NAMES),
    st.lists(st.sampled_from(ADDRESSEES), min_size=1, unique=True).map(tuple),
)


@given(
    st.builds(
        CityRules,
        timezone=st.sampled_from(["Asia/Shanghai", "UTC", "Europe/London"]),
        cutoff=clocks,
        late_until=st.builds(
            lambda days, clock: LateUntil(
                days, clock.replace(second=59) if clock == time(23, 59) else clock
            ),
            st.integers(0, 366),
            clocks,
        ),
        backfill_days=st.integers(0, 10_000),
        extra_holidays=days.map(lambda found: tuple(sorted(found))),
        schedules=st.fixed_dictionaries({kind.value: st.sampled_from(Days) for kind in Kind}),
        amber_report_minutes=st.integers(0, 10_000),
        ladder_report=st.lists(rungs, max_size=4, unique_by=lambda rung: rung.name).map(tuple),
    )
)
def test_rules_survive_being_plain_values(rules: CityRules) -> None:
    table = rules_to_table(rules)
    assert rules_from_table(table) == rules
    assert settings_from_table(table).applied_to(CityRules()) == rules

    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(isinstance(key, str) and plain(item) for key, item in value.items())
        if isinstance(value, list):
            return all(plain(item) for item in value)
        return type(value) in (str, int, bool)

    assert plain(table)


@given(
    st.dictionaries(
        st.sampled_from([*RULE_PARSERS, *PREFERENCE_PARSERS]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text() | st.floats() | st.dates(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    )
)
def test_any_table_is_taken_or_refused_with_a_sentence(table: dict[str, Any]) -> None:
    with suppress(UsageError):
        settings_from_table(table)
