"""Words that urge: a text ready to paste into a unit's chat group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import catalogue
from catalogue import t
from domain.calendar import Calendar
from domain.instants import Instant, Zone
from domain.networks import Contacts
from domain.obligations import Obligation
from domain.texts import visible
from domain.units import Unit


def urging_text(
    unit: Unit,
    owed: Sequence[Obligation],
    contacts: Contacts,
    at: Instant,
    zone: Zone,
    calendar: Calendar,
) -> str:
    """Return the text that urges `unit` to file what it owes as of `at`, each day on its line."""
    today = zone.day_of(at)
    name = visible(catalogue.pick(unit.name, unit.name_en))
    lines = [t("overdue.urge_head", unit=name, at=zone.show(at)[:16], count=len(owed))]
    lines += [_line(obligation.day, today, calendar) for obligation in owed]
    people = [
        f"{person.name} {person.phone}".strip()
        for person in (contacts.liaison, contacts.deputy)
        if person is not None
    ]
    lines.append(t("overdue.urge_foot", people=people) if people else t("overdue.urge_foot_nobody"))
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
