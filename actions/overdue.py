"""What is overdue, and what falls due next (R11, R13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from actions.expecting import planned
from actions.matters import step_at
from actions.networks import membership
from actions.steps import StepOf, steps_of
from actions.summing import summed, tallies
from domain.instants import Instant
from domain.lights import Light, light
from domain.networks import Network
from domain.obligations import Obligation, ObligationKind
from domain.units import Unit
from domain.values import dataclass
from storage import obligations, units, urges
from storage import steps as step_rows
from storage.matters import suspended_on, suspensions
from storage.obligations import Key
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class Owed:
    """An open obligation as of an instant; `rung` is the last step of the ladder that fired.

    `about` is what a step's obligation is about; None for a report.
    """

    obligation: Obligation
    unit: Unit
    light: Light
    at: Instant
    rung: str | None = None
    about: StepOf | None = None

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


def overdue_page(
    store: Store,
    at: Instant,
    selection: Selection,
    kind: ObligationKind | None = None,
    *,
    after: Key | None = None,
    most: int = 100,
) -> list[Owed]:
    """Return the next `most` of `overdue` after a key (None: the first), in its order.

    What it costs is the page and the open steps, and not all that is overdue.
    """
    connection = store.connection
    with store.reading():
        found: list[Obligation] = []
        linked = selection.network not in (None, Network.VERTICAL)
        if linked or store.through < store.today(at):
            found = [owed for owed, _ in open_at(store, at, selection, kind)]
        else:
            if kind is not ObligationKind.STEP:
                found += obligations.reports_overdue_page(connection, at, selection, after, most)
            if kind is not ObligationKind.REPORT:
                found += _steps(store, at, selection, None)
            found.sort(key=key_of)
        if after is not None:
            found = [owed for owed in found if key_of(owed) > after]
        page = found[:most]
        owners = units.by_code(connection, [owed.unit for owed in page])
        return _shown(store, at, [(owed, owners[owed.unit]) for owed in page])


def key_of(owed: Obligation) -> Key:
    """Return where an obligation stands in the list, longest overdue first."""
    return owed.due_at, owed.unit, owed.subject


def overdue_count(
    store: Store, at: Instant, selection: Selection, kind: ObligationKind | None = None
) -> int:
    """Return how many `overdue` would list; of a node's reports, what its sums say."""
    with store.reading():
        count = 0
        if kind is not ObligationKind.REPORT:
            count += len(_steps(store, at, selection, None))
        if kind is not ObligationKind.STEP and summed(store, selection):
            last = store.today(at)
            kept = tallies(store, store.starts, last, selection, at)
            count += sum(tally.missing for _, tally in kept)
            count += len(_ahead(store, at, selection, None))
        elif kind is not ObligationKind.STEP:
            count += len(open_at(store, at, selection, ObligationKind.REPORT))
    return count


def overdue_counts(store: Store, at: Instant, selection: Selection) -> dict[str, int]:
    """Return how many open obligations of each selected unit were due before `at`."""
    with store.reading():
        counts = obligations.open_counts(store.connection, at, store.today(at), selection)
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
    return lights_of(store, [owed], at)[0]


def lights_of(store: Store, owed: Sequence[Obligation], at: Instant) -> list[Light]:
    """Return the light of each obligation as of `at`, in their order (R13)."""
    matters = [row.matter for row in owed if row.matter is not None]
    still = suspensions(store.connection, matters, at)
    thresholds = store.rules.thresholds()
    return [
        light(row, at, thresholds, store.zone, store.calendar, still.get(row.matter or "", ()))
        for row in owed
    ]


def open_at(
    store: Store,
    at: Instant,
    selection: Selection,
    kind: ObligationKind | None = None,
    until: Instant | None = None,
) -> list[tuple[Obligation, Unit]]:
    """Return what is overdue as of `at`, or falls due from `at` through `until`, with its unit.

    By due instant, unit code and subject; steps are dated as they were at `at`.
    """
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
        found.sort(key=key_of)
        owners = units.by_code(connection, [owed.unit for owed in found])
        belongs = membership(store, selection.network)
    return [
        (owed, owners[owed.unit])
        for owed in found
        if owed.kind is not ObligationKind.REPORT or belongs(owners[owed.unit], owed.day)
    ]


def _owed(
    store: Store,
    at: Instant,
    selection: Selection,
    kind: ObligationKind | None,
    until: Instant | None,
) -> list[Owed]:
    with store.reading():
        return _shown(store, at, open_at(store, at, selection, kind, until))


def _shown(store: Store, at: Instant, found: Sequence[tuple[Obligation, Unit]]) -> list[Owed]:
    """Return obligations with their lights, what fired, and what they are about."""
    standing = [owed for owed, _ in found]
    lights = lights_of(store, standing, at)
    fired = urges.fired(store.connection, at, standing)
    about = steps_of(store, standing)
    return [
        Owed(
            owed,
            unit,
            shown,
            at,
            fired[owed.id][-1].rung if owed.id in fired else None,
            about.get(owed.id),
        )
        for (owed, unit), shown in zip(found, lights, strict=True)
    ]


def _steps(
    store: Store, at: Instant, selection: Selection, until: Instant | None
) -> list[Obligation]:
    """Return the steps due, as they were dated at `at`; on suspended days none is overdue (R11)."""
    connection = store.connection
    still = suspended_on(connection, store.today(at), at)
    found = (step_at(store, owed, at) for owed in step_rows.open_at(connection, at, selection))
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
