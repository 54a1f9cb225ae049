"""Tables on terminals of any width, and text that is cut or broken between characters."""

from __future__ import annotations

import csv
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from commands.cells import fit, pad, wrap
from commands.output import Column, fitted
from exchange.cells import cleaned
from tests.conftest import LIAISON, City, Run

ANSI = re.compile(r"\x1b\[[0-9;]*m")
TEXT = st.text(alphabet="ab 白云区,。(1)2", max_size=60)


@given(TEXT, st.integers(0, 40))
def test_fitted_text_never_exceeds_its_width(text: str, width: int) -> None:
    cut = fit(text, width)
    assert cell_len(cut) <= width
    assert cut == text or cut == "" or text.startswith(cut[:-1].rstrip())


@given(TEXT, st.integers(4, 40))
def test_wrapped_text_keeps_every_word(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_at_pauses_and_not_before_closing_marks() -> None:
    assert wrap("数据文件;不写时用环境变量,再次用配置", 28) == [
        "数据文件;不写时用环境变量,",
        "再次用配置",
    ]
    assert wrap("一二三四,五", 8) == ["一二三", "四,五"]
    assert wrap("a longish English sentence", 10) == ["a longish", "English", "sentence"]
    assert wrap("abcdefghijkl", 5) == ["abcde", "fghij", "kl"]
    assert wrap("", 5) == [""]


def test_padding_counts_cells() -> None:
    assert pad("白云", 6) == "白云  "
    assert pad("12", 4, right=True) == "  12"


def column(rank: int = 0, elastic: bool = False) -> Column[str]:
    return Column("cli.col_name", str, elastic=elastic, rank=rank)


def test_narrow_terminals_shrink_elastic_columns_then_leave_columns_out() -> None:
    columns = [column(), column(elastic=True), column(rank=1), column(rank=2)]
    widths = [8, 30, 10, 10]
    assert fitted(columns, widths, 64) == {0: 8, 1: 30, 2: 10, 3: 10}
    assert fitted(columns, widths, 54) == {0: 8, 1: 20, 2: 10, 3: 10}
    assert fitted(columns, widths, 53) == {0: 8, 1: 30, 2: 10}
    assert fitted(columns, widths, 42) == {0: 8, 1: 20, 2: 10}
    assert fitted(columns, widths, 41) == {0: 8, 1: 30}
    assert fitted(columns, widths, 16) == {0: 8, 1: 6}
    assert fitted(columns, widths, 5) == {0: 8, 1: 6}


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_terminal_table_fits_its_width(
    run: Run, city: City, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    run("file", "zero", "--areas", "5/6", login=LIAISON)
    printed = run("board", "--network", "horizontal", lang="zh", terminal=True).out
    lines = [ANSI.sub("", line) for line in printed.splitlines()]
    assert len(lines) == 28
    assert all(cell_len(line) <= width for line in lines)
    assert not any("�" in line for line in lines)
    assert ("市流动人员和出租屋管理办公室" in printed) == (width > 80)
    assert ("…" in printed) == (width <= 80)


def test_long_values_stay_in_their_column(
    run: Run, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    run(
        "file",
        "daily",
        "--summary",
        "巡查时发现推土堆料,已当场制止。\n明日复查。" * 2,
        login=LIAISON,
    )
    words = ("report", "show", "440111", "today")
    shown = run(*words, terminal=True, lang="zh").out.splitlines()
    start = next(number for number, line in enumerate(shown) if line.startswith("内容"))
    assert shown[start : start + 3] == [
        "内容      巡查时发现推土堆料,已当场制止。",
        "          明日复查。巡查时发现推土堆料,",
        "          已当场制止。",
    ]
    piped = run(*words, lang="zh").out.splitlines()
    assert "          明日复查。巡查时发现推土堆料,已当场制止。" in piped


def test_colours_are_for_terminals_that_take_them(
    run: Run, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("overdue", "--unit", "440111")
    assert "\x1b[31m" in run(*words, terminal=True).out
    assert "\x1b" not in run(*words).out
    monkeypatch.setenv("NO_COLOR", "1")
    printed = run(*words, terminal=True).out
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", printed)
    assert "red R" in printed


def test_json_on_a_terminal_is_the_same(run: Run, city: City) -> None:
    words = ("board", "-f", "json")
    assert run(*words, terminal=True).out == run(*words).out


HOSTILE = "=1+1 \x1b[31m\u202eturned\x9b2J\ttab"


def test_a_listing_as_csv_holds_no_formula_and_steers_nothing(run: Run, city: City) -> None:
    run("unit", "add", "N1", HOSTILE, "--kind", "town", "--parent", "440111", "--source", "-5")
    rows = list(csv.DictReader(run("unit", "list", "-f", "csv").out.splitlines()))
    [row] = [row for row in rows if row["code"] == "N1"]
    assert row["name"] == "'=1+1 [31mturned2J\ttab"
    assert row["source"] == "'-5"
    # As an import reads it.
    assert cleaned(row["source"], guards=True) == "-5"


def test_a_listing_as_json_says_the_same_and_steers_nothing(run: Run, city: City) -> None:
    run("unit", "add", "N1", HOSTILE, "--kind", "town", "--parent", "440111")
    for form in ("json", "ndjson"):
        out = run("unit", "list", "-f", form).out
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out)
        records = json.loads(out) if form == "json" else map(json.loads, out.splitlines())
        assert [each["name"] for each in records if each["code"] == "N1"] == [HOSTILE]
    drawn = run("network", "vertical", "-f", "dot").out
    assert "?[31m?turned" in drawn
