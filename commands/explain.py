"""`lianluo explain`: why an obligation is what it is (R14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

import catalogue
from actions.explaining import explain
from catalogue import t
from commands import explain_step, options, output
from commands.completion import complete_obligation
from commands.explain_parts import (
    contacts_record,
    discharged,
    holder_words,
    ladder_lines,
    ladder_record,
    overdue_words,
    utc_or_none,
)
from commands.frame import call_of, leaf
from commands.matter_pages import unit_name
from commands.output import Format, Record
from commands.owed import light_words
from domain.calendar import Calendar
from domain.explaining import DayNote, Explanation, StepExplanation, folded
from domain.instants import Zone, utc
from storage.units import by_code

app = leaf()


@app.command(help="help.explain")
def show(
    context: typer.Context,
    obligation: Annotated[
        str,
        typer.Argument(
            metavar="OBLIGATION", help="help.explain_id", autocompletion=complete_obligation
        ),
    ],
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the rule, its source, every day counted or skipped, and who holds the clock."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        found = explain(store, obligation, at)
        zone, calendar = store.zone, store.calendar
        if isinstance(found, StepExplanation):
            names = by_code(store.connection, {part.unit for part in found.held if part.unit})
            record = explain_step.as_record(found)
            lines = explain_step.page(found, names, zone, calendar)
        else:
            record, lines = as_record(found), _page(found, zone, calendar)
        output.document(form, record, lambda: lines)


def as_record(found: Explanation) -> Record:
    """Return an explanation as programs read it.

    In `days`, `counted` is true for a working day on which the report stayed out; `why` is what
    the day is. In `ladder`, `planned_at` is the instant from which a step may fire.
    """
    owed = found.obligation
    return {
        "id": owed.id,
        "kind": owed.kind.value,
        "unit": found.unit.code,
        "name": found.unit.name,
        "subject": owed.subject,
        "as_of": utc(found.at),
        "status": found.status.value,
        "light": found.light.value,
        "opened_at": utc(owed.opened_at),
        "due_at": utc(owed.due_at),
        "missed_at": utc_or_none(owed.missed_at),
        "locks_at": utc_or_none(owed.locks_at),
        "discharged_at": utc_or_none(discharged(found)),
        "exempt": owed.exempt,
        "overdue_seconds": found.overdue_seconds,
        "overdue_days": found.overdue_days,
        "overdue_workdays": found.overdue_workdays,
        "rule": {"days": found.rule.value, "local_default": found.local_default},
        "days": [
            {"date": note.day.isoformat(), "counted": note.counted, "why": note.why.value}
            for note in found.days
        ],
        "ladder": ladder_record(found.planned, found.fired),
        "holder": found.holder.code if found.holder else None,
        "contacts": contacts_record(found.contacts),
    }


def _page(found: Explanation, zone: Zone, calendar: Calendar) -> list[str]:
    owed = found.obligation
    filed_at = discharged(found)
    kind = t(f"words.obligation_{owed.kind}")
    state = f"{t(f'words.status_{found.status}')}  {light_words(found.light)}"
    pairs = [
        (t("cli.col_status"), state),
        (t("explain.overdue_for"), overdue_words(found)),
        (t("explain.rule"), _rule(found)),
        (t("explain.opened_at"), zone.show(owed.opened_at)),
        (t("explain.due_at"), zone.show(owed.due_at)),
        (t("explain.missed_at"), zone.show(owed.missed_at) if owed.missed_at else ""),
        (t("explain.locks_at"), zone.show(owed.locks_at) if owed.locks_at else ""),
        (t("explain.discharged_at"), zone.show(filed_at) if filed_at else ""),
        (
            t("explain.holder"),
            holder_words(found.holder, found.contacts, t("explain.nobody")),
        ),
    ]
    lines = [f"{owed.id}  {unit_name(found.unit)}  {kind} {owed.subject}", ""]
    lines += output.paired([pair for pair in pairs if pair[1]])
    lines += ["", t("explain.days")]
    days = [_days(notes, owed.subject, calendar) for notes in folded(found.days)]
    lines += output.paired(days, indent=2)
    lines += ["", t("explain.ladder")]
    lines += ladder_lines(found.planned, found.fired, zone)
    return lines


def _rule(found: Explanation) -> str:
    days = t(f"words.days_{found.rule}")
    source = t("words.local_default" if found.local_default else "explain.own_schedule")
    return t("explain.rule_text", days=days, source=source)


def _days(notes: Sequence[DayNote], subject: str, calendar: Calendar) -> tuple[str, str]:
    """Return a day, or a run of days with how many of them count."""
    if len(notes) == 1:
        return _day(notes[0], subject, calendar)
    counted = sum(note.counted for note in notes)
    text = t("explain.days_folded", counted=counted, skipped=len(notes) - counted)
    return f"{notes[0].day}..{notes[-1].day}", text


def _day(note: DayNote, subject: str, calendar: Calendar) -> tuple[str, str]:
    day = note.day.isoformat()
    weekday = t(f"words.weekday_{note.day.weekday()}")
    kind = t(f"instants.kind_{note.why}")
    named = calendar.holiday_name(note.day)
    if named is not None:
        kind = f"{kind} {catalogue.pick(*named)}"
    if day == subject:
        verdict = t("explain.reporting_day")
    else:
        verdict = t("explain.counted" if note.counted else "explain.skipped")
    return f"{day} {weekday}", f"{verdict}  {kind}"
