"""Tables of matters: leads and patches as they come in and go out, and all matters to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from actions.importing_matters import MatterRow, MatterRows
from actions.matters import MatterView
from domain.areas import LandClass
from domain.errors import Message
from domain.importing import tidy
from domain.instants import Instant, utc
from exchange.cells import Context
from exchange.columns import BAD, Fault
from exchange.filings import on_day, placed
from exchange.parsing import parsed, problems_of
from exchange.reading import Table
from exchange.tables import WORKFLOWS
from exchange.writing import Value

STATES = (
    "number",
    "workflow",
    "unit",
    "issuer",
    "title",
    "opened_at",
    "place",
    "location",
    "party",
    "land_class",
    "area",
    "existed_since",
    "source",
    "origin",
    "parent",
    "state",
    "open_steps",
    "next_due_at",
    "outcome",
    "closed_at",
    "reopened",
)
"""The columns of the table of all matters; `open_steps` has `step due|step due`."""


def read_matters(table: Table, context: Context, at: Instant) -> MatterRows:
    """Return the rows of a table of leads or of patches, and the problems of the rejected ones."""
    kind = table.kind
    found = MatterRows(kind.name, WORKFLOWS[kind.name])
    names = [column.name for column in kind.columns]
    present = {*table.columns, "received_at"}
    for row in parsed(table, context):
        values = dict(zip(names, row.values, strict=False))
        faults: list[Fault] = list(row.faults)
        received = values["received_at"]
        day = BAD if received is BAD else context.zone.day_of(received)
        unit = on_day(values["unit"], day, faults)
        if values["place"] not in (BAD, ()):
            place = placed(values["place"], row.cells[names.index("place")], faults)
            values["place"] = place.code if place else BAD
        elif values["place"] == ():
            values["place"] = ""
        faults += _faults(values, day, at)
        if faults or unit is None:
            found.problems += problems_of(table, row, faults)
            continue
        values["unit"] = unit.code
        values["number"] = values["number"].upper()
        if isinstance(values["land_class"], LandClass):
            values["land_class"] = values["land_class"].value
        said = {name: value for name, value in values.items() if name in present}
        found.good.append(MatterRow(row.number, said))
    return found


def _faults(values: dict[str, Any], day: Any, at: Instant) -> list[Fault]:
    """Return what is wrong between the cells of a row."""
    received, since = values["received_at"], values["existed_since"]
    if received is not BAD and received > at:
        return [("received_at", Message("tables.filed_in_future"))]
    if BAD not in (day, since) and since is not None and since > day:
        return [("existed_since", Message("tables.since_after_received", day=since))]
    return []


def state_rows(views: Iterable[MatterView]) -> Iterator[list[Value]]:
    """Yield the row of each matter, with its state and its open steps."""
    for view in views:
        values = _state(view)
        yield [_tidied(values[name]) for name in STATES]


def _tidied(value: Value) -> Value:
    return tidy(value) if isinstance(value, str) else value


def _state(view: MatterView) -> dict[str, Value]:
    matter, state = view.matter, view.state
    dues = [step.due_at for step in state.open if step.due_at is not None]
    return {
        "number": matter.number,
        "workflow": matter.workflow,
        "unit": matter.unit,
        "issuer": matter.issuer,
        "title": matter.title,
        "opened_at": utc(matter.opened_at),
        "place": matter.place,
        "location": matter.location,
        "party": matter.party,
        "land_class": matter.land_class,
        "area": "" if matter.area is None else matter.area,
        "existed_since": "" if matter.existed_since is None else matter.existed_since.isoformat(),
        "source": matter.source,
        "origin": matter.origin,
        "parent": matter.parent,
        "state": state.state,
        "open_steps": "|".join(
            step.step.key + ("" if step.due_at is None else f" {utc(step.due_at)}")
            for step in state.open
        ),
        "next_due_at": utc(min(dues)) if dues else "",
        "outcome": state.outcome.value if state.outcome else "",
        "closed_at": "" if state.closed_at is None else utc(state.closed_at),
        "reopened": state.reopened,
    }
