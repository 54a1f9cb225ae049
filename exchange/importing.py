"""Importing a file: read, held to the rules, recorded, and what is rejected handed back."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, TypeAlias

from actions.importing import Filings, Origin, Outcome, import_filings
from actions.importing_matters import import_matters
from actions.people import require_on
from actions.registries import RegistryRows, import_registry
from actions.restating import Change
from actions.spooling import Spool
from catalogue import listing, render, t
from domain.errors import UsageError
from domain.importing import Problem
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.values import dataclass
from exchange.cells import Context, Names
from exchange.columns import TableKind
from exchange.filings import read_findings, read_reports
from exchange.matters import read_matters
from exchange.parsing import items
from exchange.problems import sentence
from exchange.reading import Cells, Table, read_table
from exchange.sources import STANDARD, opened
from exchange.tables import EXCHANGED, FINDINGS, REPORTS, WORKFLOWS
from exchange.writing import check_target, write_rejects
from storage import units
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class Order:
    """What to import, and how: the words of the command.

    `findings` is a second file, of the findings of a file of reports; `open_matters`: they get
    their matters.
    """

    kind: str
    file: str
    findings: str | None = None
    rejects: str | None = None
    keep_going: bool = False
    dry_run: bool = False
    restate: bool = False
    open_matters: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import, and how its files name their columns, by kind of table."""

    outcome: Outcome
    files: Mapping[str, str]
    headers: Mapping[str, Mapping[str, str]]

    def reason(self, problem: Problem) -> str:
        """Return what is wrong with a row, in the language in use."""
        return render(problem.reason)

    def sentence(self, problem: Problem) -> str:
        """Return a problem as one line, with the file's own name of the column."""
        file = self.files[problem.table] if len(self.files) > 1 else ""
        return sentence(problem, file, self.headers[problem.table])


Agreed: TypeAlias = Callable[[Sequence[Change]], bool]
"""Is shown the statuses of past days that are going to change, and says whether they may."""


def import_file(
    store: Store,
    actor: Actor,
    order: Order,
    at: Instant,
    stdin: BinaryIO | None = None,
    agreed: Agreed = lambda _: True,
) -> Imported:
    """Import a file, or a file of reports with one of findings; only an admin may.

    Where past days are restated, `agreed` is asked before anything is written. Raises UsageError
    for words that make no sense, NotFound for a missing file, Rejected for a file whose header or
    form is wrong. Rows that are wrong are problems of the outcome.
    """
    kinds = _kinds(order)
    require_on(store, actor, Action.IMPORT, at)
    if order.rejects is not None:
        check_target(order.rejects)
    names = Names(units.selected(store.connection, Selection()))
    context = Context(store.zone, names)
    with ExitStack() as stack:
        tables: dict[str, Table] = {}
        origins: dict[str, Origin] = {}
        for kind, file in kinds.items():
            source = stack.enter_context(opened(file, stdin))
            tables[kind] = read_table(source, EXCHANGED[kind])
            origins[kind] = Origin(source.name, source.sha256)
        if order.kind in (REPORTS.name, FINDINGS.name):
            outcome = _import_filings(store, actor, tables, origins, context, at, order)
        elif order.kind in WORKFLOWS:
            outcome = import_matters(
                store,
                actor,
                read_matters(tables[order.kind], context, at),
                origins[order.kind],
                at,
                keep_going=order.keep_going,
                dry_run=order.dry_run,
            )
        else:
            rows = _registry_rows(tables[order.kind], context)
            outcome = _import_registry(store, actor, rows, origins, at, order, agreed)
        outcome = _with_cells(outcome, tables, order.rejects)
    return Imported(
        outcome,
        {kind: origin.file for kind, origin in origins.items()},
        {kind: table.headers for kind, table in tables.items()},
    )


def _kinds(order: Order) -> dict[str, str]:
    """Return the file of each kind of table; raises UsageError."""
    if order.kind not in EXCHANGED:
        raise UsageError("tables.kind_unknown", kind=order.kind, known=list(EXCHANGED))
    if order.restate and order.kind != "schedules":
        raise UsageError("tables.restate_schedules")
    if order.open_matters and order.kind != FINDINGS.name and order.findings is None:
        raise UsageError("tables.open_matters_findings")
    files = {order.kind: order.file}
    if order.findings is not None:
        if order.kind != REPORTS.name:
            raise UsageError("tables.findings_with_reports")
        if order.findings == order.file == STANDARD:
            raise UsageError("tables.one_standard_input")
        files[FINDINGS.name] = order.findings
    return files


def _import_filings(
    store: Store,
    actor: Actor,
    tables: Mapping[str, Table],
    origins: Mapping[str, Origin],
    context: Context,
    at: Instant,
    order: Order,
) -> Outcome:
    files = listing([origin.file for origin in origins.values()])
    with Spool() as spool, _uncollected():
        filings = Filings(spool)
        if REPORTS.name in tables:
            read_reports(tables[REPORTS.name], context, at, filings)
        if FINDINGS.name in tables:
            read_findings(tables[FINDINGS.name], context, filings)
        return import_filings(
            store,
            actor,
            filings,
            origins,
            at,
            reason=t("tables.import_reason", file=files),
            keep_going=order.keep_going,
            dry_run=order.dry_run,
            open_matters=order.open_matters,
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave what is in memory alone inside this block.

    Rows by the million hold nothing that refers to itself; to look for it takes a tenth of the
    time.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _import_registry(
    store: Store,
    actor: Actor,
    rows: RegistryRows,
    origins: Mapping[str, Origin],
    at: Instant,
    order: Order,
    agreed: Agreed,
) -> Outcome:
    def act(*, dry_run: bool) -> Outcome:
        return import_registry(
            store,
            actor,
            rows,
            origins[order.kind],
            at,
            keep_going=order.keep_going,
            dry_run=dry_run,
            restate_past=order.restate,
        )

    if order.restate:
        rehearsed = act(dry_run=True)
        agrees = agreed(rehearsed.changes)
        if order.dry_run:
            return rehearsed
        if not agrees:
            return replace(rehearsed, new=0, amended=0, changes=())
    return act(dry_run=order.dry_run)


def _registry_rows(table: Table, context: Context) -> RegistryRows:
    kind: TableKind = table.kind
    found = items(table, context)
    return RegistryRows(
        kind.name,
        found.good,
        kind.attributes(kind.key),
        frozenset(kind.attributes(table.columns)),
        found.repeated,
        found.problems,
        found.spoilt,
    )


def _with_cells(outcome: Outcome, tables: Mapping[str, Table], rejects: str | None) -> Outcome:
    """Return the outcome with every problem's cell, and hand back the rejected rows.

    The files are read once more: what is good was not kept as it stands there.
    """
    blind = any(problem.value is None for problem in outcome.problems)
    rows: dict[str, dict[int, Cells]] = {kind: {} for kind in tables}
    if blind or (rejects is not None and outcome.problems):
        for kind, table in tables.items():
            wanted = {problem.row for problem in outcome.problems if problem.table == kind}
            rows[kind] = {number: cells for number, cells in table.rows() if number in wanted}
    problems = tuple(
        problem
        if problem.value is not None
        else replace(problem, value=_cell(tables[problem.table], rows, problem))
        for problem in outcome.problems
    )
    if rejects is not None:
        for kind, table in tables.items():
            of_kind = [problem for problem in problems if problem.table == kind]
            target = rejects if kind == next(iter(tables)) else _beside(rejects, kind)
            write_rejects(target, table, rows[kind], of_kind)
    return replace(outcome, problems=problems)


def _cell(table: Table, rows: Mapping[str, Mapping[int, Cells]], problem: Problem) -> str:
    names = [column.name for column in table.kind.columns]
    cells = rows[problem.table][problem.row]
    return cells[names.index(problem.column)]


def _beside(rejects: str, kind: str) -> str:
    """Return where the rejected rows of a second file go: `bad.findings.csv` beside `bad.csv`."""
    path = Path(rejects)
    return str(path.with_name(f"{path.stem}.{kind}{path.suffix}"))
