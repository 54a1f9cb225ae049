"""`lianluo deadline`: a limit counted out day by day, for anybody and without a store (R12)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from catalogue import t
from commands import options, output
from commands.call import Call
from commands.frame import call_of, leaf
from commands.output import Column, Format, Record
from domain.deadlines import (
    Counted,
    DayReason,
    Deadline,
    Limit,
    Measure,
    deadline,
    parse_limit,
    parse_suspension,
)
from domain.errors import UsageError
from domain.instants import Instant, Zone, parse_day, utc
from domain.settings import CityRules

app = leaf()

FIELDS = ("date", "counted", "why")


@app.command(help="help.deadline")
def show(
    context: typer.Context,
    anchor: Annotated[str, typer.Argument(metavar="INSTANT", help="deadline.arg_anchor")],
    limit: Annotated[str, typer.Argument(metavar="LIMIT", help="deadline.arg_limit")],
    roll: Annotated[bool, typer.Option("--roll", help="deadline.opt_roll")] = False,
    suspend: Annotated[
        list[str] | None, typer.Option("--suspend", metavar="A..B", help="deadline.opt_suspend")
    ] = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print a deadline, and each day that counts towards it or does not."""
    call = call_of(context)
    rules = _rules(call)
    zone, calendar = rules.zone(), rules.calendar()
    today = zone.day_of(call.at)
    granted = parse_limit(limit, roll)
    starts = _anchor(anchor, granted, zone, today)
    suspensions = [parse_suspension(text, today) for text in suspend or ()]
    found = deadline(starts, granted, zone, calendar, suspensions)
    if form is Format.JSON:
        output.document(form, as_record(found), list)
    else:
        if form is Format.TABLE:
            output.text(_summary(found, zone))
        output.listing(form, found.days, FIELDS, day_record, COLUMNS, "")
    call.tell_unknown_years(calendar)


def _rules(call: Call) -> CityRules:
    """Return the rules of the store that `--store` names, else the configuration's own."""
    if call.before.store is None:
        return call.loaded.settings.applied_to(CityRules())
    from storage.store import open_store

    with open_store(Path(call.before.store).expanduser()) as store:
        return store.rules


def _anchor(text: str, limit: Limit, zone: Zone, today: date) -> Instant:
    """Return the instant that a person names; raises UsageError.

    A day alone is enough for limits in days: the clock begins on it. Hours need the time too.
    """
    try:
        day = parse_day(text, today)
    except UsageError:
        return zone.parse(text)
    if limit.unit is Measure.HOURS:
        raise UsageError("instants.time_missing", text=text)
    return zone.start_of(day)


def as_record(found: Deadline) -> Record:
    """Return a deadline as one document."""
    return {"due_at": utc(found.due_at), "days": [day_record(day) for day in found.days]}


def day_record(day: Counted) -> Record:
    """Return a day of a deadline as programs read it."""
    return {"date": day.day.isoformat(), "counted": day.counted, "why": day.why.value}


def _summary(found: Deadline, zone: Zone) -> list[str]:
    limit = found.limit
    counted = sum(day.counted for day in found.days)
    skipped = sum(not day.counted and day.why is not DayReason.ANCHOR for day in found.days)
    return [
        *output.paired(
            [
                (t("deadline.due"), zone.show(found.due_at)),
                (t("deadline.limit"), t(f"deadlines.unit_{limit.unit}", amount=limit.amount)),
            ]
        ),
        t("deadline.counted", counted=counted, skipped=skipped),
        "",
    ]


def why_words(day: Counted) -> str:
    """Return whether a day counts and why, in words."""
    text = t(f"deadlines.day_{day.why}")
    if day.kind is not None and not day.counted:
        text += f" ({t(f'instants.kind_{day.kind}')})"
    return text


COLUMNS: list[Column[Counted]] = [
    Column("deadline.col_date", lambda day: day.day.isoformat()),
    Column("deadline.col_weekday", lambda day: t(f"words.weekday_{day.day.weekday()}")),
    Column("deadline.col_why", why_words),
]
