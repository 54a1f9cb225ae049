"""Taking in tables of matters: leads and satellite patches that came from outside (R15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from actions.importing import Origin, Outcome, record_import
from actions.matters import Subject, open_within
from actions.people import require_on
from actions.rehearsing import rehearsed
from actions.workflows import workflow_of
from domain.errors import Message
from domain.importing import Problem, tidy
from domain.instants import Instant
from domain.matters import Matter
from domain.people import Actor
from domain.permissions import Action
from storage import matters as rows
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

Said: TypeAlias = Mapping[str, Any]
"""What a row says, by column; only the columns that its file has."""


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One row of a table of matters: its number in the file, and what it says.

    `said` has the values by column, of the columns that the file has: `number` is the city's own,
    blank for a new matter; `source_no` the outside number that keeps it from coming in twice.
    """

    row: int
    said: Said


@dataclass(slots=True)
class MatterRows:
    """What a table of matters of one workflow says, before it is held against the store."""

    kind: str
    workflow: str
    good: list[MatterRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def origin_of(workflow: str, source: str, source_no: str) -> str:
    """Return the origin of a matter that an outside source knows by a number of its own."""
    return f"{workflow}/{_escaped(source)}/{source_no}" if source_no else ""


def source_no_of(matter: Matter) -> str:
    """Return the number that the outside source gave a matter; blank where it gave none."""
    before = f"{matter.workflow}/{_escaped(matter.source)}/"
    return matter.origin.removeprefix(before) if matter.origin.startswith(before) else ""


def _escaped(source: str) -> str:
    return source.replace("%", "%25").replace("/", "%2F")


def as_said(matter: Matter) -> dict[str, Any]:
    """Return a recorded matter as a table says it, by column."""
    return {
        "number": matter.number,
        "unit": matter.unit,
        "received_at": matter.opened_at,
        "title": tidy(matter.title),
        "place": matter.place or matter.unit,
        "location": tidy(matter.location),
        "party": tidy(matter.party),
        "land_class": matter.land_class,
        "area": matter.area,
        "existed_since": matter.existed_since,
        "source": tidy(matter.source),
        "source_no": tidy(source_no_of(matter)),
    }


def import_matters(
    store: Store,
    actor: Actor,
    table: MatterRows,
    origin: Origin,
    at: Instant,
    *,
    keep_going: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Open a matter for each new row; all of them or, with `keep_going`, those without a problem.

    Only an admin may. A matter opens at the instant at which it was received, so its steps are due
    as they were from then on. A row that stands already changes nothing, and one that says
    otherwise of a matter is a problem: what was recorded is not edited. A dry run keeps nothing.
    """
    outcome = Outcome()

    def keep() -> bool:
        return not dry_run and bool(outcome.new)

    with rehearsed(store, keep):
        require_on(store, actor, Action.IMPORT, at)
        workflow_of(store, table.workflow)
        standing = _Standing(
            table,
            rows.listed(store.connection, Selection(), Filter(table.workflow), _EVER),
        )
        new = [row for row in table.good if standing.takes(row)]
        problems = sorted([*table.problems, *standing.problems], key=lambda each: each.row)
        written = keep_going or not problems
        if written:
            # In the order in which they were received, so that the numbers are.
            for row in sorted(new, key=lambda row: (row.said["received_at"], row.row)):
                _open(store, actor, table.workflow, row.said, at)
        outcome = Outcome(
            new=len(new) if written else 0,
            unchanged=standing.unchanged,
            rejected=len({problem.row for problem in problems}),
            problems=tuple(problems),
        )
        if keep():
            record_import(store, actor, at, {table.kind: origin}, outcome)
    return outcome


_EVER: Instant = 1 << 40
"""Later than anything: matters as they stand."""


class _Standing:
    """The matters there are, and those that earlier rows of the file are going to be."""

    def __init__(self, table: MatterRows, matters: Sequence[Matter]) -> None:
        self.kind = table.kind
        self.workflow = table.workflow
        self.problems: list[Problem] = []
        self.unchanged = 0
        known = [as_said(matter) for matter in matters]
        self._by_number: dict[str, Said] = {said["number"]: said for said in known}
        self._by_origin: dict[str, tuple[int, Said]] = {
            self._origin(said): (0, said) for said in known
        }
        self._alike: dict[tuple[object, ...], list[Said]] = {}
        for said in known:
            self._alike.setdefault(_together(said), []).append(said)

    def takes(self, row: MatterRow) -> bool:
        """Return whether a row is a new matter; count it or say what is wrong where it is not."""
        said = row.said
        if said.get("number"):
            found = self._by_number.get(said["number"])
            if found is None:
                reason = Message("tables.number_unknown", number=said["number"])
                self.problems.append(self._problem(row, "number", reason))
                return False
            return self._held(row, 0, found)
        origin = self._origin(said)
        if origin and origin in self._by_origin:
            return self._held(row, *self._by_origin[origin])
        if not origin:
            for other in self._alike.get(_together(said), ()):
                if _differing(said, other) is None:
                    self.unchanged += 1
                    return False
        if not _title(said):
            self.problems.append(self._problem(row, "title", Message("tables.title_missing")))
            return False
        if origin:
            self._by_origin[origin] = (row.row, said)
        self._alike.setdefault(_together(said), []).append(said)
        return True

    def _held(self, row: MatterRow, other: int, found: Said) -> bool:
        """Hold a row against the matter, or the earlier row, that it is about."""
        column = _differing(row.said, found)
        if column is None:
            self.unchanged += 1
        else:
            reason = (
                Message("tables.same_key", row=other)
                if other
                else Message("tables.matter_recorded", number=found["number"])
            )
            self.problems.append(self._problem(row, column, reason))
        return False

    def _origin(self, said: Said) -> str:
        return origin_of(self.workflow, said.get("source", ""), said.get("source_no", ""))

    def _problem(self, row: MatterRow, column: str, reason: Message) -> Problem:
        return Problem(row.row, column, None, reason, self.kind)


def _together(said: Said) -> tuple[object, ...]:
    return said["unit"], said["received_at"]


def _title(said: Said) -> str:
    """Return what a new matter is called: its title, or else its location, or outside number."""
    return next((said[name] for name in ("title", "location", "source_no") if said.get(name)), "")


_UNSAID = ("number", "title", "place")
"""The columns that say nothing where they are blank: what the city gives them stands."""


def _differing(said: Said, other: Said) -> str | None:
    """Return the first column in which a row says otherwise, or None."""
    for column, value in said.items():
        unsaid = not value and column in _UNSAID
        if not unsaid and value != other.get(column, value):
            return column
    return None


def _open(store: Store, actor: Actor, workflow: str, said: Said, at: Instant) -> Matter:
    about = Subject(_title(said))
    fields = ("place", "location", "party", "land_class", "area", "existed_since", "source")
    about = replace(about, **{name: said[name] for name in fields if name in said})
    origin = origin_of(workflow, about.source, said.get("source_no", ""))
    return open_within(
        store,
        actor,
        workflow,
        said["unit"],
        replace(about, origin=origin, place=about.place or said["unit"]),
        said["received_at"],
        recorded_at=at,
    )
