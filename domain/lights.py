"""Lights: how near to its due instant an obligation is (R13)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.instants import Instant
from domain.obligations import Obligation


class Light(StrEnum):
    """Green, amber (soon) and red (overdue); a light is always also a word and a letter."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


LETTERS = {Light.GREEN: "G", Light.AMBER: "Y", Light.RED: "R"}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a light turns amber; local defaults that the configuration changes."""

    report_minutes: int = 60


def light(obligation: Obligation, at: Instant, thresholds: Thresholds) -> Light:
    """Return the light of a report obligation as of `at`: amber an hour before its cut-off."""
    if obligation.overdue(at):
        return Light.RED
    soon = at >= obligation.due_at - 60 * thresholds.report_minutes
    if soon and not obligation.closed(at):
        return Light.AMBER
    return Light.GREEN
