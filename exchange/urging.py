"""Words that urge: a text ready to paste into a unit's chat group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

import catalogue
from catalogue import t
from domain.calendar import Calendar
from domain.instants import Instant, Zone
from domain.networks import Contacts
from domain.obligations import Obligation, ObligationKind
from domain.texts import visible
from domain.units import Unit


def urging_text(
    unit: Unit,
    owed: Sequence[Obligation],
    contacts: Contacts,
    at: Instant,
    zone: Zone,
    calendar: Calendar,
    titles: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the text that urges `unit` to do what it owes as of `at`, each thing on its line.

    `titles` name the matters of steps, by the obligation's id: `违法线索 推土堆料 核查`.
    """
    today = zone.day_of(at)
    name = visible(catalogue.pick(unit.name, unit.name_en))
    days = [row.day for row in owed if row.kind is ObligationKind.REPORT]
    steps = [row for row in owed if row.kind is ObligationKind.STEP]
    shown = zone.show(at)[:16]
    lines = []
    if days or not steps:
        lines.append(t("overdue.urge_head", unit=name, at=shown, count=len(days)))
    lines += [_line(day, today, calendar) for day in days]
    if steps:
        key = "overdue.urge_steps_more" if days else "overdue.urge_steps"
        lines.append(t(key, unit=name, at=shown, count=len(steps)))
    lines += [_step(row, titles.get(row.id, ""), at, zone, calendar) for row in steps]
    people = [
        f"{person.name} {person.phone}".strip()
        for person in (contacts.liaison, contacts.deputy)
        if person is not None
    ]
    if days or not steps:
        foot = "overdue.urge_foot" if people else "overdue.urge_foot_nobody"
    else:
        foot = "overdue.urge_foot_steps" if people else "overdue.urge_foot_steps_nobody"
    lines.append(t(foot, people=people))
    return "\n".join(visible(line) for line in lines)


def _line(day: date, today: date, calendar: Calendar) -> str:
    weekday = t(f"words.weekday_{day.weekday()}")
    if day >= today:
        return t("overdue.urge_today", day=day, weekday=weekday)
    return t(
        "overdue.urge_line",
        day=day,
        weekday=weekday,
        days=(today - day).days,
        workdays=calendar.workdays_between(day, today),
    )


def _step(owed: Obligation, title: str, at: Instant, zone: Zone, calendar: Calendar) -> str:
    """Return a step with its date, and for how long it has been overdue."""
    due = zone.show(owed.due_at)[:16]
    what = "  ".join(part for part in (owed.subject, title) if part)
    if not owed.overdue(at):
        return t("overdue.urge_step_due", what=what, due=due)
    day, today = zone.day_of(owed.due_at), zone.day_of(at)
    days = (today - day).days
    late = t("words.span_days", days=days) if days else catalogue.span(at - owed.due_at)
    workdays = calendar.workdays_between(day, today)
    return t("overdue.urge_step", what=what, due=due, span=late, workdays=workdays)
