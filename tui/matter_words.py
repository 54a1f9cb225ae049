"""Matters as the screens say them: steps, dates, lights, outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.matters import MatterView
from actions.workflows import WORDED_REASONS
from catalogue import listing, pick, span, t
from domain.calendar import Calendar
from domain.instants import Instant, Zone
from domain.lights import Light
from domain.matters import Matter, Started
from domain.texts import visible
from domain.workflows import Outcome, Step, StepLimit, Workflow

LINE_STYLES = {Light.RED: "late", Light.AMBER: "soon", Light.GREEN: "plain"}
"""How the lights look in long lists."""


def kind_word(flow: Workflow) -> str:
    """Return the kind of a matter."""
    return visible(pick(flow.zh, flow.en))


def step_word(step: Step, round_: int = 1) -> str:
    """Return a step's name, from the second round on with its number."""
    name = visible(pick(step.zh, step.en))
    return name if round_ <= 1 else t("matters_ui.step_round", step=name, round=round_)


def light_word(light: Light | None) -> str:
    """Return a light as a word and a letter; blank where there is none."""
    if light is None:
        return ""
    return f"{t(f'words.light_{light}')} {t(f'words.light_letter_{light}')}"


def outcome_word(outcome: Outcome) -> str:
    """Return an outcome as a word."""
    return t(f"words.outcome_{outcome}")


def due_word(zone: Zone, due_at: Instant | None, today: date) -> str:
    """Return a date as short as it can be: the clock only where it is not the end of the day."""
    if due_at is None:
        return ""
    day = zone.day_of(due_at)
    text = f"{day:%m-%d}" if day.year == today.year else day.isoformat()
    return text if due_at == zone.end_of(day) else f"{text} {zone.show(due_at)[11:16]}"


def left_word(zone: Zone, calendar: Calendar, due_at: Instant, at: Instant) -> str:
    """Return how long there is left, or for how long it has been overdue."""
    day, today = zone.day_of(due_at), zone.day_of(at)
    if due_at < at:
        return t("matters_ui.overdue_by", span=late_word(zone, due_at, at))
    if day == today:
        return t("matters_ui.left_today", at=zone.show(due_at)[11:16])
    return t("matters_ui.left", days=calendar.workdays_between(today, day))


def late_word(zone: Zone, due_at: Instant, at: Instant) -> str:
    """Return for how long something has been past due, in days from the day after its date."""
    days = (zone.day_of(at) - zone.day_of(due_at)).days
    return t("words.span_days", days=days) if days else span(at - due_at)


def limit_word(row: StepLimit | None) -> str:
    """Return a limit in words; a date that somebody set says so."""
    if row is None:
        return t("matters_ui.set_by_hand")
    limit = t(f"deadlines.unit_{row.limit.unit}", amount=row.limit.amount)
    return t("matters_ui.limit_roll", limit=limit) if row.limit.roll else limit


def started_words(flow: Workflow, started: Sequence[Started], zone: Zone, today: date) -> str:
    """Return the steps that start, each with its date."""
    found = []
    for row in started:
        name = step_word(flow.step(row.step), row.round)
        due = due_word(zone, row.due_at, today)
        found.append(t("matters_ui.starts_by", step=name, due=due) if due else name)
    return listing(found)


def head_words(matter: Matter, flow: Workflow) -> str:
    """Return a matter in short: number, kind, title."""
    return "  ".join((matter.number, kind_word(flow), visible(matter.title)))


def reason_word(reason: str) -> str:
    """Return a reason in words; one of a city's own workflow as it is written there."""
    return t(f"matters_ui.reason_{reason}") if reason in WORDED_REASONS else visible(reason)


def near_line(view: MatterView) -> str:
    """Return a matter as what something else may be the same as: number, title, place in words."""
    matter = view.matter
    return "  ".join(
        visible(part) for part in (matter.number, matter.title, matter.location) if part
    )
