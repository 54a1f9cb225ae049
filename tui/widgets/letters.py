"""What became of a unit's day, as one letter, a mark and a style, and in words (R8)."""

from __future__ import annotations

from actions.board import BoardRow
from catalogue import t
from domain.instants import Instant, Zone
from domain.lights import Thresholds
from domain.reports import ReportKind, Status
from tui.widgets.virtual import Cell

PARTIAL, AMENDED, UNASKED = "~", "*", "+"
"""Marks after a letter: a partial zero, a report that was amended, one that was not owed."""

_STYLES = {
    Status.NOT_EXPECTED: "quiet",
    Status.EXEMPT: "quiet",
    Status.ON_TIME: "plain",
    Status.LATE: "accent",
    Status.MADE_UP: "accent",
    Status.PENDING: "strong",
    Status.OVERDUE: "late",
    Status.MISSED: "late",
}
_NOT_OWED = (Status.NOT_EXPECTED, Status.EXEMPT)


def letter(row: BoardRow, at: Instant, thresholds: Thresholds) -> Cell:
    """Return the letter of a unit's day and its style; amber where its cut-off is near (R13)."""
    if row.status is Status.ON_TIME and row.filed and row.filed.kind is ReportKind.ZERO:
        return t("words.status_letter_zero"), "quiet"
    if row.status is Status.PENDING and row.due_at is not None:
        soon = at >= row.due_at - 60 * thresholds.report_minutes
        return t("words.status_letter_pending"), "soon" if soon else "strong"
    return t(f"words.status_letter_{row.status}"), _STYLES[row.status]


def mark(row: BoardRow) -> str:
    """Return the mark after the letter, a blank where there is nothing to mark."""
    if row.filed is None:
        return " "
    if row.status in _NOT_OWED:
        return UNASKED
    if row.partial:
        return PARTIAL
    return AMENDED if row.filed.revision > 1 else " "


def describe(row: BoardRow, zone: Zone) -> str:
    """Return the unit's day in words: status, kind of report, areas, findings, when filed."""
    parts = [t(f"words.status_{row.status}")]
    filed = row.filed
    if filed is not None:
        word = t("words.report_partial" if row.partial else f"words.report_{filed.kind}")
        areas = filed.areas_planned
        parts.append(word if areas is None else f"{word} {filed.areas_patrolled}/{areas}")
        if filed.findings:
            parts.append(t("board.findings", count=filed.findings))
        parts.append(zone.show(filed.first_filed_at))
        if filed.revision > 1:
            parts.append(t("board.amended", revision=filed.revision))
    elif row.due_at is not None:
        parts.append(t("board.due", at=zone.show(row.due_at)[:16]))
    return "  ".join(parts)
