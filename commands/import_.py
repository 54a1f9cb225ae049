"""`lianluo import`: tables in, all or nothing, and the same again changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from actions.restating import Change
from catalogue import pick, t
from commands import options, output
from commands.call import warn
from commands.completion import complete_table
from commands.frame import call_of, leaf
from commands.output import Format, Record
from commands.validity import DryRunOption, YesOption, agreed
from domain.errors import Exit
from domain.importing import Problem
from exchange.importing import Imported, Order, import_file
from exchange.problems import shown_value
from storage import units

if TYPE_CHECKING:
    from storage.store import Store

app = leaf()

FIELDS = ("row", "column", "value", "problem")


@app.command(help="help.import")
def import_table(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="tables.arg_kind", autocompletion=complete_table),
    ],
    file: Annotated[str, typer.Argument(metavar="FILE", help="tables.arg_source")],
    findings: Annotated[
        str | None, typer.Option("--findings", metavar="FILE", help="tables.opt_findings")
    ] = None,
    dry_run: DryRunOption = False,
    rejects: Annotated[
        str | None, typer.Option("--rejects", metavar="FILE", help="tables.opt_rejects")
    ] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="tables.opt_keep_going")] = False,
    restate: Annotated[bool, typer.Option("--restate", help="tables.opt_restate")] = False,
    open_matters: Annotated[
        bool, typer.Option("--open-matters", help="tables.opt_open_matters")
    ] = False,
    yes: YesOption = False,
    form: options.FormatOption = Format.TABLE,
) -> int:
    """Take in a table; exit 1 where a row is rejected."""
    call = call_of(context)
    order = Order(kind, file, findings, rejects, keep_going, dry_run, restate, open_matters)
    stdin = sys.stdin.buffer if sys.stdin else None
    with call.city() as (store, actor):

        def shown(changes: Sequence[Change]) -> bool:
            _tell_changes(store, changes)
            return dry_run or agreed(len(changes), yes=yes)

        done = import_file(store, actor, order, call.at, stdin, shown)
        if not restate:
            _tell_changes(store, done.outcome.changes)
    _tell(done, form, open_matters)
    outcome = done.outcome
    if outcome.rejected and not keep_going:
        warn(t("tables.nothing_written"))
    elif dry_run:
        warn(t("tables.dry_run"))
    if open_matters:
        warn(t("tables.matters_opened", count=outcome.matters))
    counts = {name: getattr(outcome, name) for name in ("new", "amended", "unchanged", "rejected")}
    warn(t("tables.imported", **counts))
    return Exit.FOUND if outcome.rejected else Exit.DONE


def _tell_changes(store: Store, changes: Sequence[Change]) -> None:
    """Write the statuses that change to stderr, one a line."""
    names = units.by_code(store.connection, {change.unit for change in changes})
    for change in changes:
        unit = names[change.unit]
        warn(
            t(
                "tables.change",
                unit=change.unit,
                name=pick(unit.name, unit.name_en),
                day=change.day,
                before=t(f"words.status_{change.before}"),
                after=t(f"words.status_{change.after}"),
            )
        )


def _tell(done: Imported, form: Format, matters: bool) -> None:
    """Write what came of it: problems as sentences for people, data for programs."""
    outcome = done.outcome
    # Where two files came in, a row's number does not say which row it is.
    fields = FIELDS if len(done.files) == 1 else (*FIELDS, "kind")

    def record(problem: Problem) -> Record:
        found = {
            "row": problem.row,
            "column": problem.column,
            "value": shown_value(problem),
            "problem": done.reason(problem),
            "kind": problem.table,
        }
        return {name: found[name] for name in fields}

    if form is Format.TABLE:
        for problem in outcome.problems:
            warn(done.sentence(problem))
    elif form is Format.CSV:
        output.listing(form, outcome.problems, fields, record, (), "tables.no_problems")
    else:
        whole = {
            "new": outcome.new,
            "amended": outcome.amended,
            "unchanged": outcome.unchanged,
            "rejected": outcome.rejected,
            "problems": [record(problem) for problem in outcome.problems],
        }
        if matters:
            whole["matters"] = outcome.matters
        output.document(form, whole, list)
