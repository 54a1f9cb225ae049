"""Why a step's obligation is what it is, as people and as programs read it (R12, R14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import catalogue
from catalogue import span, t
from commands import output
from commands.deadline import day_record, why_words
from commands.explain_parts import (
    contacts_record,
    discharged,
    holder_words,
    ladder_lines,
    ladder_record,
    overdue_words,
    utc_or_none,
)
from commands.matter_pages import limit_words, unit_name
from commands.matter_records import entry_record
from commands.output import Record
from commands.owed import light_words
from domain.calendar import Calendar
from domain.deadlines import Counted
from domain.explaining import StepExplanation
from domain.instants import Zone, utc
from domain.matters import Entry, limit_text
from domain.units import Unit


def as_record(found: StepExplanation) -> Record:
    """Return the explanation of a step as programs read it.

    `rule` is null where a date was set by hand. `days` are those of the deadline. In `held`, the
    seconds since the matter was opened are divided among whose turn it was; null is a suspension.
    """
    owed, limit = found.obligation, found.limit
    return {
        "id": owed.id,
        "kind": owed.kind.value,
        "unit": found.unit.code,
        "name": found.unit.name,
        "subject": owed.subject,
        "as_of": utc(found.at),
        "matter": found.matter.number,
        "workflow": found.matter.workflow,
        "title": found.matter.title,
        "step": found.step.key,
        "light": found.light.value,
        "opened_at": utc(owed.opened_at),
        "due_at": utc(owed.due_at),
        "first_due_at": utc_or_none(owed.first_due_at),
        "discharged_at": utc_or_none(discharged(found)),
        "suspended": found.suspended,
        "overdue_seconds": found.overdue_seconds,
        "overdue_days": found.overdue_days,
        "overdue_workdays": found.overdue_workdays,
        "rule": limit
        and {
            "limit": limit_text(limit),
            "source": limit.source or None,
            "local_default": limit.local_default,
            "effective_from": limit.effective_from and limit.effective_from.isoformat(),
            "effective_to": limit.effective_to and limit.effective_to.isoformat(),
        },
        "days": [day_record(day) for day in found.days],
        "answers": [entry_record(entry) for entry in found.answers],
        "ladder": ladder_record(found.planned, found.fired),
        "holder": found.holder and found.holder.code,
        "contacts": contacts_record(found.contacts),
        "held": [{"unit": part.unit, "seconds": part.seconds} for part in found.held],
    }


def page(
    found: StepExplanation, names: Mapping[str, Unit], zone: Zone, calendar: Calendar
) -> list[str]:
    """Return the explanation of a step in words."""
    owed = found.obligation
    done = discharged(found)
    step = catalogue.pick(found.step.zh, found.step.en)
    first = owed.first_due_at
    pairs = [
        (t("cli.col_status"), _state(found)),
        (t("explain.overdue_for"), overdue_words(found)),
        (t("explain.rule"), _rule(found)),
        (t("explain.opened_at"), zone.show(owed.opened_at)),
        (t("explain.due_at"), zone.show(owed.due_at)),
        (t("explain.first_due_at"), zone.show(first) if first not in (None, owed.due_at) else ""),
        (t("explain.done_at"), zone.show(done) if done else ""),
        (
            t("explain.holder"),
            holder_words(found.holder, found.contacts, t("explain.step_done")),
        ),
        (t("explain.held"), catalogue.listing(_held(found, names))),
    ]
    lines = [f"{owed.id}  {unit_name(found.unit)}  {step}  {found.matter.title}", ""]
    lines += output.paired([pair for pair in pairs if pair[1]])
    lines += ["", t("explain.step_days")]
    lines += output.paired(day_pairs(found.days, calendar), indent=2)
    if found.answers:
        lines += ["", t("explain.answers")]
        lines += output.paired([_answer(entry, zone) for entry in found.answers], indent=2)
    lines += ["", t("explain.step_ladder")]
    lines += ladder_lines(found.planned, found.fired, zone)
    return lines


def _state(found: StepExplanation) -> str:
    if found.suspended:
        return f"{t('explain.suspended')}  {light_words(found.light)}"
    if discharged(found) is not None:
        return t("words.progress_done")
    return light_words(found.light)


def _rule(found: StepExplanation) -> str:
    limit = found.limit
    if limit is None:
        return t("explain.set_by_hand")
    dates = ""
    if limit.effective_from or limit.effective_to:
        dates = f"{limit.effective_from or ''}..{limit.effective_to or ''}"
    parts = [limit_words(limit), dates, limit.source]
    return "  ".join(part for part in parts if part)


def _held(found: StepExplanation, names: Mapping[str, Unit]) -> list[str]:
    return [
        t(
            "explain.held_by",
            unit=t("explain.held_by_nobody") if part.unit is None else unit_name(names[part.unit]),
            span=span(part.seconds),
        )
        for part in found.held
    ]


def day_pairs(days: Sequence[Counted], calendar: Calendar) -> list[tuple[str, str]]:
    """Return the days of a deadline, those running that are alike on one line."""

    def why(row: Counted) -> str:
        named = calendar.holiday_name(row.day) if row.kind is not None else None
        return why_words(row) if named is None else f"{why_words(row)} {catalogue.pick(*named)}"

    found: list[tuple[str, str]] = []
    for words, alike in groupby(days, key=why):
        run = [row.day for row in alike]
        if len(run) == 1:
            weekday = t(f"words.weekday_{run[0].weekday()}")
            found.append((f"{run[0]} {weekday}", words))
        else:
            found.append((f"{run[0]}..{run[-1]}", t("explain.days_run", why=words, days=len(run))))
    return found


def _answer(entry: Entry, zone: Zone) -> tuple[str, str]:
    parts = [t(f"words.act_{entry.act}")]
    if entry.until is not None:
        parts.append(entry.until.isoformat())
    if entry.suspension is not None:
        parts.append(f"{entry.suspension.first}..{entry.suspension.last}")
    parts.append(entry.text)
    return f"{zone.show(entry.at)}  {entry.login}", "  ".join(part for part in parts if part)
