"""Everything that can be overdue is one thing (R11)."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from domain.errors import NotFound
from domain.instants import Instant
from domain.reports import Status, status
from domain.schedules import Days, Window
from domain.values import dataclass


class ObligationKind(StrEnum):
    """What is owed: the report of a day, or a step of a matter."""

    REPORT = "report"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Obligation:
    """What `unit` owes, with the instants that were fixed for it (R7, R11).

    For a report `subject` is the day in ISO form. `missed_at` and `locks_at` are a report's only.
    `rule` names what set the dates: `daily/default`, `workdays/row`, … (`rule_name`), or a
    step's limit, `3 workdays`. A step's belongs to a `matter`; an extension leaves `first_due_at`
    as it was and says when in `changed_at`.
    """

    kind: ObligationKind
    unit: str
    subject: str
    opened_at: Instant
    due_at: Instant
    missed_at: Instant | None = None
    locks_at: Instant | None = None
    discharged_at: Instant | None = None
    exempt: bool = False
    rule: str = ""
    matter: str | None = None
    first_due_at: Instant | None = None
    changed_at: Instant | None = None

    @property
    def id(self) -> str:
        """Return the name by which `explain` finds it: `R-20261104-440111`, `F-2026-0113/stop`."""
        if self.kind is ObligationKind.STEP:
            return self.subject
        return f"R-{self.subject.replace('-', '')}-{self.unit}"

    @property
    def day(self) -> date:
        """Return the reporting day of a report obligation."""
        return date.fromisoformat(self.subject)

    def overdue(self, at: Instant) -> bool:
        """Return whether it is overdue as of `at` (R11)."""
        return self.opened_at <= at and self.due_at < at and not self.closed(at)

    def closed(self, at: Instant) -> bool:
        """Return whether nothing is owed any more, or ever was, as of `at`."""
        return self.exempt or (self.discharged_at is not None and self.discharged_at <= at)

    def window(self) -> Window:
        """Return the instants of a report obligation as the window that `status` takes."""
        assert self.missed_at is not None
        assert self.locks_at is not None
        days, _, by = self.rule.partition("/")
        return Window(
            self.opened_at, self.due_at, self.missed_at, self.locks_at, Days(days), by == "row"
        )


def report_obligation(unit: str, day: date, window: Window, exempt: bool) -> Obligation:
    """Return the obligation to report on `day`."""
    return Obligation(
        ObligationKind.REPORT,
        unit,
        day.isoformat(),
        window.opened_at,
        window.due_at,
        window.missed_at,
        window.locks_at,
        exempt=exempt,
        rule=rule_name(window),
    )


def rule_name(window: Window) -> str:
    """Return how a window came about: `daily/row`, `workdays/default`, …"""
    return f"{window.days}/{'row' if window.by_row else 'default'}"


def status_of(owed: Obligation | None, first_filed_at: Instant | None, at: Instant) -> Status:
    """Return the status of a unit's day as of `at` (R8); `owed` is None where none is expected."""
    window = None if owed is None else owed.window()
    return status(window, owed is not None and owed.exempt, first_filed_at, at)


_REPORT_ID = r"R-(\d{4})(\d{2})(\d{2})-(.+)"


def parse_id(text: str) -> tuple[str, str]:
    """Return (unit code, ISO day) of a report obligation's id; raises NotFound for other text."""
    match = re.fullmatch(_REPORT_ID, text.strip(), re.IGNORECASE | re.ASCII)
    if match is None:
        raise NotFound("errors.obligation_unknown", id=text)
    year, month, day, unit = match.groups()
    return unit, f"{year}-{month}-{day}"
