"""`lianluo explain`: why an obligation is what it is (R14)."""

from __future__ import annotations

from typing import Annotated

import typer

import catalogue
from actions.explaining import explain
from catalogue import t
from commands import options, output
from commands.completion import complete_obligation
from commands.frame import call_of, leaf
from commands.output import Format, Record
from commands.owed import light_words
from domain.calendar import Calendar
from domain.explaining import DayNote, Explanation, PlannedRung
from domain.instants import Zone, utc
from domain.people import Person

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
        output.document(form, as_record(found), lambda: _page(found, store.zone, store.calendar))


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
        "missed_at": _utc(owed.missed_at),
        "locks_at": _utc(owed.locks_at),
        "discharged_at": _utc(_discharged(found)),
        "exempt": owed.exempt,
        "overdue_seconds": found.overdue_seconds,
        "overdue_days": found.overdue_days,
        "overdue_workdays": found.overdue_workdays,
        "rule": {"days": found.rule.value, "local_default": found.local_default},
        "days": [
            {"date": note.day.isoformat(), "counted": note.counted, "why": note.why.value}
            for note in found.days
        ],
        "ladder": [
            {
                "name": planned.rung.name,
                "offset": planned.rung.at,
                "to": list(planned.rung.to),
                "planned_at": utc(planned.at),
            }
            for planned in found.planned
        ],
        "holder": found.holder.code if found.holder else None,
        "contacts": {
            "leader": _contact(found.contacts.leader),
            "liaison": _contact(found.contacts.liaison),
            "deputy": _contact(found.contacts.deputy),
        },
    }


def _utc(at: int | None) -> str | None:
    return None if at is None else utc(at)


def _discharged(found: Explanation) -> int | None:
    """Return when it was discharged, where that was known as of the explanation's instant."""
    at = found.obligation.discharged_at
    return at if at is not None and at <= found.at else None


def _contact(person: Person | None) -> Record | None:
    if person is None:
        return None
    return {"login": person.login, "name": person.name, "phone": person.phone or None}


def _page(found: Explanation, zone: Zone, calendar: Calendar) -> list[str]:
    owed = found.obligation
    discharged = _discharged(found)
    name = catalogue.pick(found.unit.name, found.unit.name_en)
    kind = t(f"words.obligation_{owed.kind}")
    state = f"{t(f'words.status_{found.status}')}  {light_words(found.light)}"
    overdue = ""
    if found.overdue_seconds:
        overdue = t(
            "explain.overdue",
            span=_overdue_span(found),
            workdays=t("words.span_workdays", days=found.overdue_workdays),
        )
    pairs = [
        (t("cli.col_status"), state),
        (t("explain.overdue_for"), overdue),
        (t("explain.rule"), _rule(found)),
        (t("explain.opened_at"), zone.show(owed.opened_at)),
        (t("explain.due_at"), zone.show(owed.due_at)),
        (t("explain.missed_at"), zone.show(owed.missed_at) if owed.missed_at else ""),
        (t("explain.locks_at"), zone.show(owed.locks_at) if owed.locks_at else ""),
        (t("explain.discharged_at"), zone.show(discharged) if discharged else ""),
        (t("explain.holder"), _holder(found)),
    ]
    lines = [f"{owed.id}  {name}  {kind} {owed.subject}", ""]
    lines += output.paired([pair for pair in pairs if pair[1]])
    lines += ["", t("explain.days")]
    lines += output.paired([_day(note, owed.subject, calendar) for note in found.days], indent=2)
    lines += ["", t("explain.ladder")]
    lines += [f"  {_rung(planned, zone)}" for planned in found.planned]
    return lines


def _overdue_span(found: Explanation) -> str:
    if found.overdue_days:
        return t("words.span_days", days=found.overdue_days)
    return catalogue.span(found.overdue_seconds)


def _rule(found: Explanation) -> str:
    days = t(f"words.days_{found.rule}")
    source = t("words.local_default" if found.local_default else "explain.own_schedule")
    return t("explain.rule_text", days=days, source=source)


def _holder(found: Explanation) -> str:
    if found.holder is None:
        return t("explain.nobody")
    contacts = found.contacts
    people = [
        t("explain.contact", role=t(f"words.role_{role}"), name=person.name, phone=person.phone)
        for role, person in (
            ("liaison", contacts.liaison),
            ("deputy", contacts.deputy),
            ("leader", contacts.leader),
        )
        if person is not None
    ]
    name = catalogue.pick(found.holder.name, found.holder.name_en)
    return t("explain.holder_text", unit=name, people=people or [t("explain.no_contact")])


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


def _rung(planned: PlannedRung, zone: Zone) -> str:
    return t(
        "explain.rung",
        at=zone.show(planned.at),
        name=t(f"words.rung_{planned.rung.name}"),
        to=[t(f"words.addressee_{to}") for to in planned.rung.to],
    )
