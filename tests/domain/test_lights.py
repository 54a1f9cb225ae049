"""Lights of a report: green, amber an hour before its cut-off, red when overdue (R13)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.instants import Instant
from domain.lights import LETTERS, Light, Thresholds, light
from domain.obligations import Obligation, ObligationKind

OWED = Obligation(
    ObligationKind.REPORT, "X", "2026-11-04", 0, 10_000, 20_000, 90_000, rule="daily/default"
)


@pytest.mark.parametrize(
    ("owed", "at", "shows"),
    [
        (OWED, 6_399, Light.GREEN),
        (OWED, 6_400, Light.AMBER),
        (OWED, 10_000, Light.AMBER),
        (OWED, 10_001, Light.RED),
        (OWED, 10**9, Light.RED),
        (replace(OWED, discharged_at=7_000), 6_999, Light.AMBER),
        (replace(OWED, discharged_at=7_000), 7_000, Light.GREEN),
        (replace(OWED, discharged_at=12_000), 11_999, Light.RED),
        (replace(OWED, discharged_at=12_000), 12_000, Light.GREEN),
        (replace(OWED, exempt=True), 10_001, Light.GREEN),
        (replace(OWED, exempt=True), 9_999, Light.GREEN),
    ],
)
def test_lights_to_the_second(owed: Obligation, at: Instant, shows: Light) -> None:
    assert light(owed, at, Thresholds()) is shows


def test_the_threshold_is_the_citys() -> None:
    assert light(OWED, 9_399, Thresholds(report_minutes=10)) is Light.GREEN
    assert light(OWED, 9_400, Thresholds(report_minutes=10)) is Light.AMBER
    assert light(OWED, 10_000, Thresholds(report_minutes=0)) is Light.AMBER
    assert light(OWED, 9_999, Thresholds(report_minutes=0)) is Light.GREEN


def test_a_light_is_always_also_a_letter_of_its_own() -> None:
    assert LETTERS.keys() == set(Light)
    assert len(set(LETTERS.values())) == 3
    assert all(letter.isascii() and len(letter) == 1 for letter in LETTERS.values())
