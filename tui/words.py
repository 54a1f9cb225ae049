"""Values as the screens say them: statuses, days near today, reports in short."""

from __future__ import annotations

from datetime import date

import catalogue
from actions.board import BoardRow
from catalogue import t
from domain.instants import Instant, Zone
from domain.lights import Light
from domain.reports import Content, ReportKind, Revision, Status
from domain.texts import visible
from domain.units import Unit

STYLES = {
    "quiet": "$quiet",
    "plain": "$foreground",
    "accent": "$accent",
    "strong": "bold",
    "soon": "bold $warning",
    "late": "bold $error",
}
"""How the styles of `letters.letter` look; red is for overdue alone, amber for soon alone."""
LIGHT_STYLES = {Light.GREEN: "$foreground", Light.AMBER: "bold $warning", Light.RED: "bold $error"}


def status_word(status: Status) -> str:
    """Return a status as a word."""
    return t(f"words.status_{status}")


def unit_name(unit: Unit) -> str:
    """Return a unit's full name in the language in use, safe to show."""
    return visible(catalogue.pick(unit.name, unit.name_en))


def letter(row: BoardRow) -> str:
    """Return the letter of a unit's day (glossary): of a zero on time its own."""
    zero = row.filed is not None and row.filed.kind is ReportKind.ZERO
    if row.status is Status.ON_TIME and zero:
        return t("words.status_letter_zero")
    return t(f"words.status_letter_{row.status}")


def clock(zone: Zone, at: Instant) -> str:
    """Return the local clock time, `16:42`."""
    return zone.show(at)[11:16]


def short_day(day: date, today: date) -> str:
    """Return a day near today: a word for today and yesterday, else month and day."""
    if day == today:
        return t("today.today")
    if (today - day).days == 1:
        return t("today.yesterday")
    return f"{day:%m-%d}" if day.year == today.year else day.isoformat()


def report_word(kind: ReportKind, planned: int | None, patrolled: int | None) -> str:
    """Return a report in a word and its areas, `零报告 6/6`, `部分零报 5/6`."""
    content = Content(kind, areas_planned=planned, areas_patrolled=patrolled)
    word = t("words.report_partial" if content.partial else f"words.report_{kind}")
    return word if planned is None else f"{word} {patrolled}/{planned}"


def last_report(last: Revision | None, today: date, zone: Zone | None = None) -> str:
    """Return the last report in short, `昨日 16:42 零报告 6/6`; the clock only with a zone."""
    if last is None:
        return t("today.no_last")
    content = last.content
    parts = [short_day(last.day, today)]
    if zone is not None:
        parts.append(clock(zone, last.filed_at))
    parts.append(report_word(content.kind, content.areas_planned, content.areas_patrolled))
    return " ".join(parts)
