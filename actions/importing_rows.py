"""Writing what an import was found to come to: day by day, a day in a few statements."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from actions.spooling import Spool
from domain.importing import Addition, Filed, filed_row
from domain.instants import Instant
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.reports import ReportKind
from domain.schedules import Days, Schedule, schedule_in_force, window
from storage import importing as rows
from storage import obligations, proofs, schedules, summaries
from storage.store import Store

Added = tuple[str, int, Filed]
"""A revision to be recorded: unit, number, and what it says."""


@dataclass(slots=True)
class Day:
    """What is to be recorded of one day.

    `numbers` are the revisions that the rows become, 0 for those that become none. `others` are
    the revisions that are more than a row: with findings.
    """

    numbers: array[int]
    others: list[Addition]


def write(store: Store, actor: Actor, filed: Spool, days: Mapping[str, Day]) -> dict[str, object]:
    """Record revisions, and discharge the days whose first filings are among them.

    Returns what the import's event says of them: their mark, their number and their digest.
    """
    connection = store.connection
    mark, digest = rows.mark(connection), proofs.Digest()
    unexpected = _UnexpectedLocks(store)
    sums = summaries.Sums(connection)
    for day, what in sorted(days.items()):
        numbered = zip(filed.of_day(day), what.numbers, strict=True)
        added = [(row[0], number, row) for row, number in numbered if number]
        if what.others:
            added += [(each.row.unit, each.number, filed_row(each.row)) for each in what.others]
            added.sort(key=itemgetter(0, 1))
        owed = rows.owed(connection, day, {unit for unit, _, _ in added})
        locks = unexpected.locks(day, added, owed)
        rows.add(
            connection,
            _columns(day, added, locks, actor.real_login, mark),
            [
                (each.row.unit, day, each.number, one)
                for each in what.others
                for one in each.findings
            ],
            digest,
        )
        _discharge(store, day, added, owed)
        sums.filed(
            day,
            [(unit, number, row[3] == ReportKind.ZERO, row[1]) for unit, number, row in added],
            {unit: one[1:3] for unit, one in owed.items() if not one[4]},
        )
        if sums.full:
            sums.write()
    sums.write()
    return {"mark": mark, **digest.detail()}


def _columns(
    day: str, added: Sequence[Added], locks: Mapping[str, Instant], keyed_by: str, mark: int
) -> list[tuple[object, ...]]:
    """Return revisions in the order of `storage.reports.COLUMNS`."""
    return [
        (unit, day, number, kind, text, planned, done, at, by, keyed_by, reason, after, mark)
        for unit, number, (_, at, _, kind, by, text, planned, done, reason) in added
        for after in (int(at > locks[unit]),)
    ]


def _discharge(
    store: Store, day: str, added: Sequence[Added], owed: Mapping[str, rows.Owed]
) -> None:
    """Discharge a day's first filings: nearly all of a day together, a few one by one."""
    if len(added) * 2 > len(owed):
        obligations.discharge_filed(store.connection, day)
    else:
        first = [(unit, day, row[1]) for unit, number, row in added if number == 1]
        obligations.discharge(store.connection, ObligationKind.REPORT, first)


class _UnexpectedLocks:
    """When days lock: as they were fixed, or as they would be where nobody expects a report (R7).

    Remembers a day's lock for the units that have no schedule rows of their own.
    """

    def __init__(self, store: Store) -> None:
        self._rules = store.reporting
        self._schedules: dict[str, list[Schedule]] = {}
        for row in schedules.every(store.connection):
            self._schedules.setdefault(row.unit, []).append(row)
        self._usual: dict[str, Instant] = {}

    def locks(
        self, day: str, added: Collection[Added], owed: Mapping[str, rows.Owed]
    ) -> Mapping[str, Instant]:
        """Return when a day locks for each unit that something is recorded of."""
        locks = {unit: one[3] for unit, one in owed.items() if one[3] is not None}
        for unit, _, _ in added:
            if unit not in locks:
                locks[unit] = self._lock(day, unit)
        return locks

    def _lock(self, day: str, unit: str) -> Instant:
        own = self._schedules.get(unit)
        if own:
            return self._computed(day, own)
        if day not in self._usual:
            self._usual[day] = self._computed(day, ())
        return self._usual[day]

    def _computed(self, text: str, own: Sequence[Schedule]) -> Instant:
        day = date.fromisoformat(text)
        return window(self._rules, day, schedule_in_force(own, day), Days.DAILY).locks_at
