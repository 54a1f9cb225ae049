"""The ladder of urging: what is sent, when, and to whom (R14)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.calendar import Calendar
from domain.errors import UsageError
from domain.instants import Instant, Zone


class OffsetUnit(StrEnum):
    """The measure of a rung's distance from the due instant."""

    MINUTES = "minutes"
    DAYS = "days"
    WORKDAYS = "workdays"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: `amount` of `unit` after the due instant (negative = before).

    `name` is a rung of the glossary; `to` are roles, `lead` and `supervision` being networks' own.
    """

    amount: int
    unit: OffsetUnit
    name: str
    to: tuple[str, ...]

    @property
    def at(self) -> str:
        """Return the offset as the configuration writes it: `-30 minutes`."""
        return f"{self.amount} {self.unit}"


RUNG_NAMES = (
    "reminder",
    "urge",
    "reminder_sheet",
    "urging_sheet",
    "supervision_sheet",
    "circular",
)
ADDRESSEES = ("liaison", "deputy", "leader", "district", "supervision", "city")

REPORT_LADDER = (
    Rung(-30, OffsetUnit.MINUTES, "reminder", ("liaison",)),
    Rung(0, OffsetUnit.MINUTES, "urge", ("liaison", "deputy")),
    Rung(1, OffsetUnit.WORKDAYS, "reminder_sheet", ("leader",)),
    Rung(2, OffsetUnit.WORKDAYS, "urging_sheet", ("leader", "district")),
    Rung(3, OffsetUnit.WORKDAYS, "supervision_sheet", ("supervision",)),
    Rung(5, OffsetUnit.WORKDAYS, "circular", ("city",)),
)

_OFFSET = re.compile(r"\s*([+-]?\d{1,4})\s+(minutes|days|workdays)\s*", re.ASCII)


def parse_rung(at: str, name: str, to: Sequence[str]) -> Rung:
    """Return the rung that the configuration describes; raises UsageError for unknown words."""
    match = _OFFSET.fullmatch(at)
    if match is None or name not in RUNG_NAMES or not set(to) <= set(ADDRESSEES) or not to:
        raise UsageError("errors.rung_bad", at=at, name=name, to=", ".join(to))
    return Rung(int(match[1]), OffsetUnit(match[2]), name, tuple(to))


def planned_at(rung: Rung, due_at: Instant, zone: Zone, calendar: Calendar) -> Instant:
    """Return the instant at which the rung falls due, before working hours are looked at."""
    if rung.unit is OffsetUnit.MINUTES:
        return due_at + 60 * rung.amount
    local = zone.local(due_at)
    if rung.unit is OffsetUnit.DAYS:
        day = local.date() + timedelta(days=rung.amount)
    else:
        day = calendar.add_workdays(local.date(), rung.amount)
    return zone.at(day, local.time())
