"""Lights: how near to its due instant an obligation is (R13)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from domain.calendar import Calendar
from domain.deadlines import Limit, Measure, Suspension, parse_limit, used
from domain.instants import Instant, Zone
from domain.obligations import Obligation, ObligationKind
from domain.values import dataclass


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
    used_percent: int = 75
    workdays_left: int = 1
    workdays_allotted: int = 2


def light(
    obligation: Obligation,
    at: Instant,
    thresholds: Thresholds,
    zone: Zone,
    calendar: Calendar,
    suspensions: Sequence[Suspension] = (),
) -> Light:
    """Return the light of an obligation as of `at` (R13): a report's is amber an hour before its
    cut-off, a step's by how much of its time is used, or by how few working days are left.

    On suspended days nothing is overdue (R11).
    """
    today = zone.day_of(at)
    still = any(row.first <= today <= row.last for row in suspensions)
    if obligation.overdue(at) and not still:
        return Light.RED
    if obligation.closed(at):
        return Light.GREEN
    if obligation.kind is ObligationKind.REPORT:
        soon = at >= obligation.due_at - 60 * thresholds.report_minutes
    else:
        soon = _step_soon(obligation, at, thresholds, zone, calendar, suspensions)
    return Light.AMBER if soon else Light.GREEN


def _step_soon(
    obligation: Obligation,
    at: Instant,
    thresholds: Thresholds,
    zone: Zone,
    calendar: Calendar,
    suspensions: Sequence[Suspension],
) -> bool:
    anchor, due_at = obligation.opened_at, obligation.due_at
    limit = parse_limit(obligation.rule) if obligation.rule else Limit(0, Measure.DAYS)
    spent = used(anchor, due_at, at, limit, zone, calendar, suspensions)
    if 100 * spent.elapsed >= thresholds.used_percent * spent.allotted:
        return True
    days = Limit(0, Measure.WORKDAYS)
    allotted = used(anchor, due_at, due_at, days, zone, calendar, suspensions).allotted
    left = used(at, due_at, due_at, days, zone, calendar, suspensions).allotted
    return allotted > thresholds.workdays_allotted and left <= thresholds.workdays_left
