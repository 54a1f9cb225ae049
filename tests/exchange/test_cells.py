from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalogue
from domain.errors import UsageError
from domain.instants import Zone
from domain.schedules import Days, LateUntil
from domain.units import Kind, Unit
from exchange import cells
from exchange.cells import Context, Names, cleaned, from_spreadsheet, guarded, unguarded

CONTEXT = Context(
    Zone("Asia/Shanghai"),
    Names(
        [
            Unit("440111", "白云区", Kind.DISTRICT, "Baiyun", "白云"),
            Unit("440112", "黄埔区", Kind.DISTRICT),
            Unit("440116", "萝岗区", Kind.DISTRICT, aliases=("黄埔区",)),
        ]
    ),
)

DAYS = ["daily", "workdays"]


@pytest.mark.parametrize(
    "text",
    [
        "2010-06-01",
        "2010/6/1",
        "2010/06/01",
        "2010.6.1",
        "2010-6-1",
        "2010年6月1日",
        "2010-06-01 00:00:00",
        "2010/6/1 0:00",
        "2010-06-01T00:00",
    ],
)
def test_days_as_spreadsheets_write_them(text: str) -> None:
    assert cells.day(text, CONTEXT) == date(2010, 6, 1)


@pytest.mark.parametrize(
    "text", ["2010-02-30", "01/06/2010", "6月1日", "today", "40330", "2010-06-01 12:00", "2010-6"]
)
def test_other_texts_are_no_days(text: str) -> None:
    with pytest.raises(UsageError):
        cells.day(text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2010-06-01 16:30", "2010-06-01T08:30:00Z"),
        ("2010/6/1 16:30:05", "2010-06-01T08:30:05Z"),
        ("2010年6月1日 16:30", "2010-06-01T08:30:00Z"),
        ("2010-06-01T16:30:05.9", "2010-06-01T08:30:05Z"),
        ("2010-06-01T08:30:00Z", "2010-06-01T08:30:00Z"),
        ("2010-06-01 10:30:00+02:00", "2010-06-01T08:30:00Z"),
    ],
)
def test_instants(text: str, iso: str) -> None:
    assert cells.show_instant(cells.instant(text, CONTEXT)) == iso


@pytest.mark.parametrize("text", ["2010-06-01", "2010/6/1", "16:30", "2010-06-01 25:00"])
def test_bare_dates_are_no_instants(text: str) -> None:
    with pytest.raises(UsageError):
        cells.instant(text, CONTEXT)


def test_units_by_code_and_by_any_name() -> None:
    assert cells.unit_code("440111", CONTEXT) == "440111"
    assert cells.unit_code("白云", CONTEXT) == "440111"
    assert cells.unit_code("baiyun", CONTEXT) == "440111"
    assert [unit.code for unit in cells.unit("黄埔区", CONTEXT)] == ["440112", "440116"]
    with pytest.raises(UsageError):
        cells.unit_code("黄埔区", CONTEXT)
    with pytest.raises(UsageError):
        cells.unit_code("天河", CONTEXT)


def test_numbers() -> None:
    assert cells.count("1,000", CONTEXT) == 1000
    assert cells.count("12", CONTEXT) == 12
    assert cells.area("3亩", CONTEXT) == 2000
    for text in ("-1", "1.5", "1000001", "六", "1e3"):
        with pytest.raises(UsageError):
            cells.count(text, CONTEXT)
    with pytest.raises(UsageError):
        cells.ordinal("0", CONTEXT)


def test_clock_times_and_late_windows() -> None:
    assert cells.clock("17:00:00", CONTEXT) == time(17)
    assert cells.late_until("23:59:00", CONTEXT) == LateUntil(0, time(23, 59, 59))
    assert cells.late_until("+1d 12:00", CONTEXT) == LateUntil(1, time(12))
    with pytest.raises(UsageError):
        cells.clock("17:00:30", CONTEXT)


def test_closed_sets_by_code_and_by_chinese_words() -> None:
    parse = cells.one_of((Days.DAILY, Days.WORKDAYS), {"每日": Days.DAILY})
    assert [parse(text, CONTEXT) for text in ("daily", "Daily", "每日")] == [Days.DAILY] * 3
    for text in ("none", "weekly"):
        with pytest.raises(UsageError):
            parse(text, CONTEXT)
    answer = cells.answer("yes", "no")
    assert [answer(text, CONTEXT) for text in ("是", "否", "YES")] == ["yes", "no", "yes"]
    with pytest.raises(UsageError):
        answer("national", CONTEXT)


@pytest.mark.parametrize(("lang", "words"), [("zh", ["每日", "workdays"]), ("en", DAYS)])
def test_the_words_of_a_closed_set_are_told_in_the_readers_language(
    lang: str, words: list[str]
) -> None:
    catalogue.use(lang)
    parse = cells.one_of((Days.DAILY, Days.WORKDAYS), {"每日": Days.DAILY, "天天": Days.DAILY})
    with pytest.raises(UsageError) as caught:
        parse("有时", CONTEXT)
    assert caught.value.message.params["allowed"] == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (440111.0, "440111"),
        (3.5, "3.5"),
        (True, "yes"),
        (False, "no"),
        (date(2010, 6, 1), "2010-06-01"),
        (datetime(2010, 6, 1, 16, 26, 2, 999_999), "2010-06-01 16:26:03"),  # noqa: DTZ001
        (time(17, 0), "17:00"),
        (timedelta(hours=17), "17:00"),
        (timedelta(hours=17, seconds=5), "17:00:05"),
        ("白云区", "白云区"),
    ],
)
def test_values_of_a_spreadsheet(value: object, text: str) -> None:
    assert from_spreadsheet(value) == text


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "'=1", "''-1", "=1", "\t=1"])
def test_formulas_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@given(st.text())
def test_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_cells_are_cleaned() -> None:
    assert cleaned("  '=1 ", guards=True) == "=1"
    assert cleaned("'=1", guards=False) == "'=1"
    assert cleaned("'quoted'", guards=True) == "'quoted'"
    assert cleaned("a\r\nb", guards=True) == "a\nb"
    for text in ("a\x00b", "\x1b[31m", "\ud800"):
        with pytest.raises(UsageError):
            cleaned(text, guards=True)
