"""`lianluo calendar`: the city's working days (R9)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Annotated

import typer

import catalogue
from actions.expecting import days_between
from actions.schedules import add_extra_day
from catalogue import t
from commands import options, output
from commands.call import Call, warn
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from domain.calendar import Calendar, DayKind
from domain.errors import UsageError
from domain.values import dataclass
from exchange import config

app = group("help.calendar")

FIELDS = ("date", "weekday", "kind", "workday", "name", "name_en")

_PERIOD = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)
_ORDINARY = (DayKind.WORKDAY, DayKind.WEEKEND)
_EXTRA = ("extra_holidays", "extra_workdays")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar; `name` is the holiday's in Chinese and in English, if any."""

    day: date
    kind: DayKind
    workday: bool
    name: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring days that are the same."""

    first: Day
    last: Day


@app.command("show", help="calendar.show")
def show(
    context: typer.Context,
    period: Annotated[
        str | None, typer.Argument(metavar="PERIOD", help="calendar.arg_period")
    ] = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the days of a year or of a month."""
    with call_of(context).city() as (store, _):
        at = options.instant(store, as_of, call_of(context).at)
        first, last = _span(period, store.today(at))
        found = [_day(store.calendar, day) for day in days_between(first, last)]
    if form is not Format.TABLE:
        output.listing(form, found, FIELDS, as_record, (), "")
        return
    whole_year = (last - first).days > 31
    runs = _runs(found) if whole_year else [Run(day, day) for day in found]
    if runs:
        output.listing(form, runs, (), lambda _: {}, COLUMNS, "")
    warn(t("calendar.workdays", count=sum(day.workday for day in found), total=len(found)))


def _span(period: str | None, today: date) -> tuple[date, date]:
    if period is None:
        year, month = today.year, today.month
    else:
        match = _PERIOD.fullmatch(period.strip())
        month = int(match[2]) if match and match[2] else 0
        if match is None or int(match[1]) == 0 or month > 12 or match[2] == "00":
            raise UsageError("calendar.bad_period", text=period)
        year = int(match[1])
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _day(calendar: Calendar, day: date) -> Day:
    return Day(day, calendar.kind(day), calendar.is_workday(day), calendar.holiday_name(day))


def _runs(days: Sequence[Day]) -> list[Run]:
    """Return the days that are no ordinary workday or weekend, neighbours of a kind together."""
    runs = []
    for (kind, _), group_of in groupby(days, key=lambda day: (day.kind, day.name)):
        if kind not in _ORDINARY:
            alike = list(group_of)
            runs.append(Run(alike[0], alike[-1]))
    return runs


def as_record(day: Day) -> Record:
    """Return a day as programs read it; `weekday` is 1 for Monday to 7 for Sunday."""
    return {
        "date": day.day.isoformat(),
        "weekday": day.day.isoweekday(),
        "kind": day.kind.value,
        "workday": day.workday,
        "name": day.name[0] if day.name else None,
        "name_en": day.name[1] if day.name else None,
    }


def _dates(run: Run) -> str:
    if run.first is run.last:
        return run.first.day.isoformat()
    return t("calendar.days_many", first=run.first.day, last=run.last.day)


COLUMNS: list[Column[Run]] = [
    Column("cli.col_date", _dates),
    Column(
        "calendar.col_weekday",
        lambda run: t(f"words.weekday_{run.first.day.weekday()}") if run.first is run.last else "",
    ),
    Column("calendar.col_kind", lambda run: t(f"instants.kind_{run.first.kind}")),
    Column(
        "calendar.col_name",
        lambda run: catalogue.pick(*run.first.name) if run.first.name else "",
        elastic=True,
    ),
]


@app.command("add", help="calendar.add")
def add(
    context: typer.Context,
    day_text: options.DateArgument,
    holiday: Annotated[bool, typer.Option("--holiday", help="calendar.opt_holiday")] = False,
    workday: Annotated[bool, typer.Option("--workday", help="calendar.opt_workday")] = False,
) -> None:
    """Make a day a working day or a day off."""
    if holiday == workday:
        raise UsageError("calendar.choose")
    call = call_of(context)
    with call.city() as (store, actor):
        day = options.day(store, day_text, call.at)
        before = store.rules
        rules = add_extra_day(store, actor, day, workday=workday, at=call.at)
        if rules == before:
            warn(t("calendar.unchanged", day=day))
            return
        _write_configuration(call, rules.extra_holidays, rules.extra_workdays)
        warn(t("calendar.added_workday" if workday else "calendar.added_holiday", day=day))
        if store.zone.at(day, rules.cutoff) < call.at:
            warn(t("calendar.past", day=day))


def _write_configuration(call: Call, off: Sequence[date], on: Sequence[date]) -> None:
    """Say the same in a configuration that names extra days: it would undo the change else."""
    path, named = call.loaded.path, call.loaded.settings.rules
    if path is None or not any(key in named for key in _EXTRA):
        return
    days = {"extra_holidays": off, "extra_workdays": on}
    # First the list that loses the day: for a moment it would stand in both.
    for key in sorted(_EXTRA, key=lambda key: len(days[key]) - len(named.get(key, ()))):
        config.set_value(path, key, [each.isoformat() for each in days[key]])
    warn(t("calendar.config_too", file=str(path)))
