from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

import pytest

from bench.measure import Failed, Floor, Measurement, alternating, run
from bench.tables import page, row


def measured(
    product: list[float], peer: list[float], floor: Floor | None, missing: str = ""
) -> Measurement:
    against = "another" if peer else ""
    return Measurement("name", "what", "ms", product, peer, against, floor, missing)


def test_ratio_is_the_median_of_the_turns_and_not_that_of_the_medians() -> None:
    one = measured([10, 30, 12], [10, 10, 6], Floor(1.8))
    assert one.ratios == (1.0, 3.0, 2.0)
    assert one.value == 2.0
    assert one.reached is False


def test_ahead_turns_the_ratio_round() -> None:
    one = measured([2, 4], [12, 28], Floor(6, ahead=True))
    assert one.ratios == (6.0, 7.0)
    assert one.value == 6.5
    assert one.reached is True
    assert measured([2], [11.9], Floor(6, ahead=True)).reached is False


@pytest.mark.parametrize(("value", "reached"), [(399.9, True), (400.0, True), (400.1, False)])
def test_without_a_peer_the_product_itself_is_held_to_the_floor(
    value: float, reached: bool
) -> None:
    assert measured([1, value, 900], [], Floor(400)).reached is reached


def test_what_has_no_floor_or_no_samples_is_neither_reached_nor_not() -> None:
    assert measured([1], [2], None).reached is None
    assert measured([], [], Floor(1)).reached is None
    assert measured([], [], Floor(1)).value is None


def test_turns_pair_what_ran_one_after_the_other() -> None:
    clock = count(1)
    order: list[str] = []

    def of(name: str) -> float:
        order.append(name)
        return float(next(clock))

    own, other = alternating(lambda: of("own"), lambda: of("other"), 3)
    assert order == ["own", "other", "own", "other", "other", "own", "own", "other"]
    assert (own, other) == ([3, 6, 7], [4, 5, 8])
    own, other = alternating(lambda: of("own"), lambda: of("other"), 1, warm=False)
    assert (own, other) == ([9], [10])


def test_a_program_is_run_with_nothing_of_the_callers_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANLUO_STORE", "elsewhere.db")
    looks = "import os, sys; sys.exit('LIANLUO_STORE' in os.environ)"
    sample = run([sys.executable, "-c", looks], tmp_path)
    assert sample.cpu > 0
    assert sample.peak > 1 << 20


def test_a_program_that_fails_is_no_sample(tmp_path: Path) -> None:
    gives_up = [sys.executable, "-c", "import sys; sys.exit('no store here')"]
    with pytest.raises(Failed, match="no store here"):
        run(gives_up, tmp_path)
    run(gives_up, tmp_path, allowed=(0, 1))


def test_lines_say_ratio_spread_floor_and_whether_it_is_reached() -> None:
    line = row(measured([10, 30, 12], [10, 10, 6], Floor(1.8)))
    assert line == ("| what | 12 ms | another | 10 ms | 2.00× | 1–3 | ≤ 1.8× | **not reached** |")
    line = row(measured([2, 4], [12, 28], Floor(6, ahead=True)))
    assert line == "| what | 3 ms | another | 20 ms | 6.50× ahead | 6–7 | ≥ 6× ahead | reached |"
    assert row(measured([41.3], [], Floor(400))).endswith("| ≤ 400 ms | reached |")
    assert row(measured([1234.5], [], None)) == "| what | 1,234 ms |  |  |  |  |  |  |"


def test_what_could_not_be_measured_says_why() -> None:
    line = row(measured([], [], Floor(1.8), missing="the shell\nis not installed"))
    assert line.endswith("| ≤ 1.8 ms | not measured: the shell is not installed |")


def test_page_has_the_machine_and_every_topic() -> None:
    text = page({"import": [measured([1], [], None)]}, [("cores", "2")], full=False)
    assert "cores 2" in text
    assert "## import" in text
    assert "small sizes" in text
