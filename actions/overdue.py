"""What is overdue, and what falls due next (R11, R13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from actions.expecting import planned
from actions.matters import step_at
from actions.networks import membership
from domain.instants import Instant
from domain.lights import Light, light
from domain.obligations import Obligation, ObligationKind
from domain.units import Unit
from storage import obligations, units, urges
from storage.matters import suspended_on, suspensions
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class Owed:
    """An open obligation as of an instant; `rung` is the last step of the ladder that fired."""

    obligation: Obligation
    unit: Unit
    light: Light
    at: Instant
    rung: str | None = None

    @property
    def overdue_seconds(self) -> int:
        """Return the seconds since it fell due; negative while it is not due yet."""
        return self.at - self.obligation.due_at


def overdue(
    store: Store,
    at: Instant,
    selection: Selection,
    kind: ObligationKind | None = None,
) -> list[Owed]:
    """Return the open obligations that were due before `at`, longest first, then by unit code."""
    return _owed(store, at, selection, kind, None)


def overdue_counts(store: Store, at: Instant, selection: Selection) -> dict[str, int]:
    """Return how many open obligations of each selected unit were due before `at`."""
    with store.reading():
        counts = obligations.open_counts(store.connection, at, selection)
        for owed in _ahead(store, at, selection, None):
            counts[owed.unit] = counts.get(owed.unit, 0) + 1
    return counts


def due(
    store: Store,
    at: Instant,
    until: Instant,
    selection: Selection,
    kind: ObligationKind | None = None,
) -> list[Owed]:
    """Return the open obligations that fall due from `at` through `until`, soonest first."""
    return _owed(store, at, selection, kind, until)


def light_of(store: Store, owed: Obligation, at: Instant) -> Light:
    """Return the light of an obligation as of `at` (R13)."""
    still = suspensions(store.connection, owed.matter, at) if owed.matter else []
    return light(owed, at, store.rules.thresholds(), store.zone, store.calendar, still)


def _owed(
    store: Store,
    at: Instant,
    selection: Selection,
    kind: ObligationKind | None,
    until: Instant | None,
) -> list[Owed]:
    connection = store.connection
    found: list[Obligation] = []
    with store.reading():
        if kind is not ObligationKind.STEP:
            found += obligations.reports_open_at(
                connection, at, selection, overdue=until is None, until=until
            )
            found += _ahead(store, at, selection, until)
        if kind is not ObligationKind.REPORT:
            found += _steps(store, at, selection, until)
        found.sort(key=lambda owed: (owed.due_at, owed.unit, owed.subject))
        owners = units.by_code(connection, [owed.unit for owed in found])
        belongs = membership(store, selection.network)
        rungs = urges.last_rungs(connection, at, found)
    return [
        Owed(owed, owners[owed.unit], light_of(store, owed, at), at, rungs.get(owed.id))
        for owed in found
        if owed.kind is not ObligationKind.REPORT or belongs(owners[owed.unit], owed.day)
    ]


def _steps(
    store: Store, at: Instant, selection: Selection, until: Instant | None
) -> list[Obligation]:
    """Return the steps due, as they were dated at `at`; on suspended days none is overdue (R11)."""
    connection = store.connection
    still = suspended_on(connection, store.today(at), at)
    found = (
        step_at(store, owed, at) for owed in obligations.steps_open_at(connection, at, selection)
    )
    return [
        owed
        for owed in found
        if (
            owed.due_at < at and owed.matter not in still
            if until is None
            else at <= owed.due_at <= until
        )
    ]


def _ahead(
    store: Store, at: Instant, selection: Selection, until: Instant | None
) -> list[Obligation]:
    """Return what belongs to days that have not been created yet, as the rules now stand."""
    first = store.through + timedelta(days=1)
    last = store.today(at if until is None else until)
    if first > last:
        return []
    chosen = None if selection.everything else units.selected(store.connection, selection)
    return [
        owed
        for owed in planned(store, chosen, first, last)
        if not owed.closed(at)
        and (owed.overdue(at) if until is None else at <= owed.due_at <= until)
    ]
