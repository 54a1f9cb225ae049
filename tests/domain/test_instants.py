"""Instants, local days and what people type for them (R7)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UsageError
from domain.instants import Zone, parse_clock, parse_day, parse_iso_day, utc

CITY = Zone("Asia/Shanghai")
TODAY = date(2026, 11, 23)

ZONES = st.sampled_from(
    ["Asia/Shanghai", "Asia/Urumqi", "UTC", "America/New_York", "America/Sao_Paulo"]
)
DAYS = st.dates(date(1970, 1, 2), date(2100, 12, 30))
CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0))


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def test_a_zone_is_its_name() -> None:
    assert CITY == Zone("Asia/Shanghai")
    assert hash(CITY) == hash(Zone("Asia/Shanghai"))
    assert CITY != Zone("UTC")


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Asia"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(UsageError) as error:
        Zone(name)
    assert error.value.message.key == "instants.zone_unknown"


def test_the_ends_of_a_day() -> None:
    assert CITY.start_of(TODAY) == instant("2026-11-22T16:00:00+00:00")
    assert CITY.end_of(TODAY) == instant("2026-11-23T15:59:59+00:00")
    assert CITY.at(TODAY, time(17)) == instant("2026-11-23T09:00:00+00:00")


def test_days_at_a_change_of_offset() -> None:
    new_york = Zone("America/New_York")
    spring = date(2026, 3, 8)
    assert new_york.end_of(spring) - new_york.start_of(spring) + 1 == 23 * 3600
    assert new_york.at(spring, time(12)) == instant("2026-03-08T16:00:00+00:00")
    sao_paulo = Zone("America/Sao_Paulo")
    no_midnight = date(2018, 11, 4)
    assert sao_paulo.start_of(no_midnight) == instant("2018-11-04T03:00:00+00:00")
    assert sao_paulo.day_of(sao_paulo.start_of(no_midnight)) == no_midnight
    assert CITY.end_of(date(1986, 5, 4)) - CITY.start_of(date(1986, 5, 4)) + 1 == 23 * 3600


def test_the_last_day_of_all_has_its_ends() -> None:
    assert CITY.end_of(date.max) - CITY.start_of(date.max) == 86399


@given(ZONES, DAYS, CLOCKS)
def test_conversions_agree_with_the_standard_library(name: str, day: date, clock: time) -> None:
    zone, info = Zone(name), ZoneInfo(name)
    at = zone.at(day, clock)
    assert at == int(datetime.combine(day, clock, info).timestamp())
    local = datetime.fromtimestamp(at, info)
    assert zone.local(at) == local
    assert zone.day_of(at) == local.date()
    assert zone.show(at) == local.strftime("%Y-%m-%d %H:%M:%S")


@given(ZONES, DAYS)
def test_one_day_begins_where_the_last_ends(name: str, day: date) -> None:
    zone = Zone(name)
    assert zone.end_of(day) + 1 == zone.start_of(day + timedelta(days=1))
    assert zone.day_of(zone.start_of(day)) == zone.day_of(zone.end_of(day)) == day


@given(st.integers(-(10**9), 4 * 10**9))
def test_what_is_shown_is_read_back(at: int) -> None:
    assert CITY.parse(utc(at)) == at
    zone = Zone("UTC")
    assert zone.parse(zone.show(at)) == at


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-11-23", "2026-11-23T15:59:59Z"),
        ("2026-11-23 17:00", "2026-11-23T09:00:00Z"),
        ("2026-11-23T17:00:05", "2026-11-23T09:00:05Z"),
        ("2026-11-23T17:00:05.999", "2026-11-23T09:00:05Z"),
        ("2026-11-23T09:00Z", "2026-11-23T09:00:00Z"),
        ("2026-11-23T09:00:00+00:00", "2026-11-23T09:00:00Z"),
        ("2026-11-23 09:00:00 +0530", "2026-11-23T03:30:00Z"),
        ("2026-11-23T09:00-05", "2026-11-23T14:00:00Z"),
        ("  2026-11-23 17:00\n", "2026-11-23T09:00:00Z"),
        ("2026-11-23\u300017\uff1a00", "2026-11-23T09:00:00Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z"),
    ],
)
def test_forms_of_an_instant(text: str, same: str) -> None:
    assert utc(CITY.parse(text)) == same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "20261123",
        "2026-W48-1",
        "2026-02-30",
        "2026-11-23T",
        "2026-11-23T17",
        "2026-11-23T24:00",
        "2026-11-23T17:60",
        "2026-11-23T17:00:60",
        "2026-11-23x17:00",
        "2026-11-23T17:00+25:00",
        "2026-11-23Z",
        "0001-01-01T00:00Z",
        "9999-12-31",
    ],
)
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(UsageError) as error:
        CITY.parse(text)
    assert error.value.message.key == "instants.bad"


def test_a_bare_date_can_be_refused() -> None:
    with pytest.raises(UsageError) as error:
        CITY.parse("2026-11-23", bare_date=False)
    assert error.value.message.key == "instants.time_missing"
    assert CITY.parse("2026-11-23 17:00", bare_date=False) == CITY.at(TODAY, time(17))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", TODAY),
        ("today", TODAY),
        ("Yesterday", date(2026, 11, 22)),
        ("tomorrow", date(2026, 11, 24)),
        ("今天", TODAY),
        ("昨天", date(2026, 11, 22)),
        ("明天", date(2026, 11, 24)),
        ("-3", date(2026, 11, 20)),
        ("\u22123", date(2026, 11, 20)),
        ("-0", TODAY),
        (" 2026-02-28 ", date(2026, 2, 28)),
        ("２０２６-11-23", TODAY),
    ],
)
def test_forms_of_a_day(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "3", "+3", "--3", "-999999", "-9999999", "2026-2-3", "2026-02-30", "20261123"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_day(text, TODAY)
    assert error.value.message.key == "instants.bad_day"


def test_an_iso_day_has_no_other_names() -> None:
    assert parse_iso_day("2026-11-23") == TODAY
    with pytest.raises(UsageError):
        parse_iso_day("today")


def test_clock_times() -> None:
    assert parse_clock("17:00") == time(17)
    assert parse_clock("8:30") == time(8, 30)
    assert parse_clock("17\uff1a30") == time(17, 30)


@pytest.mark.parametrize("text", ["", "24:00", "17", "17:60", "17:00:00", "5pm", "-1:00"])
def test_what_is_no_clock_time(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_clock(text)
    assert error.value.message.key == "instants.bad_clock"


def test_the_utc_form() -> None:
    assert utc(instant("2026-11-23T09:00:00+00:00")) == "2026-11-23T09:00:00Z"
    assert utc(0) == datetime.fromtimestamp(0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
