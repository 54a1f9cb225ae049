from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UsageError
from domain.instants import Zone
from exchange.moments import UNCLEAR, Moments

SHANGHAI, BERLIN = Zone("Asia/Shanghai"), Zone("Europe/Berlin")
CLOSE = UNCLEAR // 2

plain = st.datetimes().map(lambda moment: f"{moment:%Y-%m-%d %H:%M:%S}")
texts = st.one_of(
    plain,
    plain.map(lambda text: f"{text[:10]}T{text[11:]}Z"),
    plain.map(lambda text: text[:16]),
    plain.map(lambda text: f"{text}+05:30"),
    st.text(alphabet="0123456789-: TZz", min_size=8, max_size=22),
)


@given(st.lists(texts, min_size=1), st.sampled_from([SHANGHAI, BERLIN]))
def test_what_is_read_is_what_the_zone_reads(column: list[str], zone: Zone) -> None:
    for text, found in zip(column, Moments(zone).read(column), strict=True):
        if found > CLOSE:
            assert found == zone.parse(text, bare_date=False)


@pytest.mark.parametrize(
    "text", ["2026-11-23 16:26:03", "2026-11-23T16:26", "2026-11-23T08:26:03Z"]
)
def test_plain_ways_of_writing_need_no_closer_look(text: str) -> None:
    assert Moments(SHANGHAI).read([text]) == [SHANGHAI.parse(text)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026-11-23 24:00",
        "2026-02-30 16:00",
        "2026/11/23 16:00",
        " 2026-11-23 16:00",
        "2026-11-23 16:00+08:00",
        "2026-11-23 16:00:60",
        "0001-01-01 00:00",
        "9999-12-31 00:00",
        "２026-11-23 16:00",
        "",
    ],
)
def test_others_are_left_to_a_closer_look(text: str) -> None:
    assert Moments(SHANGHAI).read([text])[0] < CLOSE


def test_a_day_on_which_the_clock_shifts_is_left_too() -> None:
    shifting, even = Moments(BERLIN).read(["2026-03-29 12:00", "2026-03-30 12:00"])
    assert shifting < CLOSE
    assert even == BERLIN.parse("2026-03-30 12:00")


def test_a_column_of_both_kinds_is_read_as_its_first() -> None:
    column = ["2026-11-23T08:00:00Z", "2026-11-23 16:00:00"]
    utc, local = Moments(SHANGHAI).read(column)
    assert utc == SHANGHAI.parse(column[0])
    assert local < CLOSE
    with pytest.raises(UsageError):
        SHANGHAI.parse("2026-11-23", bare_date=False)
