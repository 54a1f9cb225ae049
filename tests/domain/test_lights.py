"""Lights of a report: green, amber an hour before its cut-off, red when overdue (R13)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.calendar import Calendar
from domain.instants import Instant, Zone
from domain.lights import LETTERS, Light, Thresholds, light
from domain.obligations import Obligation, ObligationKind

ZONE = Zone("Asia/Shanghai")
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
    assert light(owed, at, Thresholds(), ZONE, Calendar()) is shows


def of_report(at: Instant, minutes: int) -> Light:
    return light(OWED, at, Thresholds(report_minutes=minutes), ZONE, Calendar())


def test_the_threshold_is_the_citys() -> None:
    assert of_report(9_399, 10) is Light.GREEN
    assert of_report(9_400, 10) is Light.AMBER
    assert of_report(10_000, 0) is Light.AMBER
    assert of_report(9_999, 0) is Light.GREEN


def test_a_light_is_always_also_a_letter_of_its_own() -> None:
    assert LETTERS.keys() == set(Light)
    assert len(set(LETTERS.values())) == 3
    assert all(letter.isascii() and len(letter) == 1 for letter in LETTERS.values())
