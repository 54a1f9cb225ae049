"""Dates of validity, and changes of past days, as the registry's commands take and show them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

import catalogue
from actions.restating import Change
from catalogue import t
from commands import output
from commands.call import warn
from commands.output import Column, Format, Record
from domain.instants import Instant, check_range, parse_day
from domain.units import Unit
from storage import units

if TYPE_CHECKING:
    from storage.store import Store

StartOption = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="registry.opt_from")
]
EndOption = Annotated[str | None, typer.Option("--to", metavar="DATE", help="registry.opt_to")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="registry.opt_dry_run")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="registry.opt_yes")]

CHANGE_FIELDS = ("unit", "name", "date", "before", "after")


def validity(
    store: Store, first: str | None, last: str | None, at: Instant
) -> tuple[date | None, date | None]:
    """Return the first and the last day that the words name, None = open.

    Raises UsageError for words that are no day, and where the last is before the first.
    """
    today = store.today(at)
    begins = None if first is None else parse_day(first, today)
    ends = None if last is None else parse_day(last, today)
    check_order(begins, ends)
    return begins, ends


def check_order(first: date | None, last: date | None) -> None:
    """Raise UsageError where a range ends before it begins; an open end never does."""
    if first is not None and last is not None:
        check_range(first, last)


def day_or_none(day: date | None) -> str | None:
    """Return a day as programs read it."""
    return None if day is None else day.isoformat()


def validity_text(first: date | None, last: date | None) -> str:
    """Return a validity as people read it: `2014-02-12..`, nothing where both ends are open."""
    if first is None and last is None:
        return ""
    if first == last:
        return str(first)
    return f"{first or ''}..{last or ''}"


def settle(
    store: Store,
    form: Format,
    act: Callable[[bool], Sequence[Change]],
    *,
    dry_run: bool,
    yes: bool = True,
) -> bool:
    """List every status that a change alters, then make it; return whether it was made.

    `act` makes the change, or with True only rehearses it. A person at a terminal is asked
    before past days change, unless `yes`.
    """
    changes = act(True)
    print_changes(store, form, changes)
    if dry_run or not agreed(len(changes), yes=yes):
        return False
    act(False)
    return True


def agreed(count: int, *, yes: bool) -> bool:
    """Return whether past days may change: a person at a terminal is asked, unless `yes`."""
    asks = count > 0 and not yes and sys.stdin.isatty() and sys.stderr.isatty()
    if asks and not _confirmed(count):
        warn(t("registry.not_written"))
        return False
    return True


def _confirmed(count: int) -> bool:
    print(t("registry.confirm", count=count), end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def print_changes(store: Store, form: Format, changes: Sequence[Change]) -> None:
    """Write the days whose status changes, with the status before and after."""
    names = units.by_code(store.connection, {change.unit for change in changes})
    columns: list[Column[Change]] = [
        Column("cli.col_unit", lambda change: change.unit),
        Column("cli.col_name", lambda change: _named(names[change.unit]), elastic=True),
        Column("cli.col_date", lambda change: change.day.isoformat()),
        Column("registry.col_before", lambda change: t(f"words.status_{change.before}")),
        Column("registry.col_after", lambda change: t(f"words.status_{change.after}")),
    ]

    def record(change: Change) -> Record:
        return {
            "unit": change.unit,
            "name": names[change.unit].name,
            "date": change.day.isoformat(),
            "before": change.before.value,
            "after": change.after.value,
        }

    output.listing(form, changes, CHANGE_FIELDS, record, columns, "registry.no_changes")


def _named(unit: Unit) -> str:
    return catalogue.pick(unit.name, unit.name_en)
