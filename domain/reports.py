"""Reports: two kinds, one obligation, one report per unit and day (R4, R5, R8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from domain.errors import Message, Named, Refused
from domain.findings import Finding
from domain.instants import Instant
from domain.schedules import Window
from domain.values import dataclass


class ReportKind(StrEnum):
    """A daily report gives an account; a zero report says that nothing was found (R4)."""

    ZERO = "zero"
    DAILY = "daily"


class Status(StrEnum):
    """What became of a unit's day (R8), in the order in which the rows are tried."""

    NOT_EXPECTED = "not_expected"
    EXEMPT = "exempt"
    ON_TIME = "on_time"
    LATE = "late"
    MADE_UP = "made_up"
    PENDING = "pending"
    OVERDUE = "overdue"
    MISSED = "missed"


def status(
    window: Window | None, exempt: bool, first_filed_at: Instant | None, at: Instant
) -> Status:
    """Return the status of a unit's day as of the instant `at` (R8).

    `window` is None where the unit is not expected. A first filing after `at` does not exist.
    """
    if window is None:
        return Status.NOT_EXPECTED
    if exempt:
        return Status.EXEMPT
    if first_filed_at is not None and first_filed_at <= at:
        if first_filed_at <= window.due_at:
            return Status.ON_TIME
        return Status.LATE if first_filed_at <= window.missed_at else Status.MADE_UP
    if at <= window.due_at:
        return Status.PENDING
    return Status.OVERDUE if at <= window.missed_at else Status.MISSED


@dataclass(frozen=True, slots=True)
class Content:
    """What a report says."""

    kind: ReportKind
    summary: str = ""
    areas_planned: int | None = None
    areas_patrolled: int | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def partial(self) -> bool:
        """Return whether this is a zero that patrolled less than was planned (R4)."""
        return is_partial(self.kind, self.areas_planned, self.areas_patrolled)


def is_partial(kind: str, planned: int | None, patrolled: int | None) -> bool:
    """Return whether a report is a partial zero: fewer areas patrolled than planned (R4)."""
    return (
        kind == ReportKind.ZERO
        and planned is not None
        and patrolled is not None
        and patrolled < planned
    )


@dataclass(frozen=True, slots=True)
class Revision:
    """One recorded filing; number 1 is the first, later ones are amendments (R5)."""

    unit: str
    day: date
    number: int
    content: Content
    filed_at: Instant
    filed_by: str | None = None
    keyed_by: str | None = None
    reason: str = ""
    after_lock: bool = False
    imported: bool = False

    @property
    def receipt(self) -> str:
        """Return the receipt number, `R-20261123-440111-1`."""
        return receipt(self.day, self.unit, self.number)


def marks(revision: Revision) -> list[Message]:
    """Return what is out of the ordinary about how a revision came about, for ever on its report.

    Filed after the lock, imported, or keyed in by somebody else.
    """
    proxy = revision.keyed_by not in (None, revision.filed_by) and not revision.imported
    return [
        Message(key)
        for key, holds in (
            ("report.after_lock", revision.after_lock),
            ("report.imported", revision.imported),
            ("report.proxy", proxy),
        )
        if holds
    ]


def receipt(day: date, unit: str, number: int) -> str:
    """Return the receipt number of a revision."""
    return f"R-{day:%Y%m%d}-{unit}-{number}"


def check_content(content: Content) -> None:
    """Refuse content that R4 does not allow."""
    if content.kind is ReportKind.ZERO and content.findings:
        raise Refused("errors.zero_with_finding")
    if content.kind is ReportKind.DAILY and not content.summary.strip() and not content.findings:
        raise Refused("errors.daily_empty")
    for count in (content.areas_planned, content.areas_patrolled):
        if count is not None and not 0 <= count <= 1_000_000:
            raise Refused("errors.areas_bad", value=count)
    if (content.areas_planned is None) != (content.areas_patrolled is None):
        raise Refused("errors.areas_half")


def check_filing(
    *,
    unit: str | Named,
    day: date,
    today: date,
    locks_at: Instant,
    at: Instant,
    standing: Sequence[Revision],
    amending: bool,
    admin: bool,
    reason: str,
) -> bool:
    """Decide whether a filing may stand (R5, R7); return whether it comes after the lock.

    Raises Refused for a future day, a second filing that is no amendment, an amendment of
    nothing or without a reason, and anything after the lock by others than an admin with a reason.
    """
    if day > today:
        raise Refused("errors.future_day", day=day)
    if standing and not amending:
        raise Refused("errors.already_filed", unit=unit, day=day, receipt=standing[-1].receipt)
    if amending and not standing:
        raise Refused("errors.nothing_to_amend", unit=unit, day=day)
    if amending and not reason.strip():
        raise Refused("errors.amend_reason")
    locked = at > locks_at
    if locked and not admin:
        raise Refused("errors.locked", unit=unit, day=day)
    if locked and not reason.strip():
        raise Refused("errors.locked_reason", unit=unit, day=day)
    return locked
