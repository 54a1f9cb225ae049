"""Writing what an import was found to come to: day by day, a day in a few statements."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from operator import itemgetter

from actions.spooling import Spool
from domain.importing import Addition, Columns, filed_row
from domain.instants import Instant
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.schedules import Days, Schedule, schedule_in_force, window
from storage import importing as rows
from storage import obligations, proofs, schedules, summing
from storage.report_days import Stamp
from storage.store import Store


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
    locks = _Locks(store)
    sums = summing.Sums(connection)
    for day, what in sorted(days.items()):
        added, numbers = _added(filed.of_day(day), what)
        units, instants, _, kinds, by, texts, planned, done, reasons = added
        owed = rows.owed(connection, day, units)
        windows = list(map(owed.get, units))
        after = locks.after(day, units, instants, windows)
        rows.add(
            connection,
            Stamp(day, actor.real_login, mark),
            [units, numbers, kinds, texts, planned, done, instants, by, reasons, after],
            [(each.row.unit, each.number, one) for each in what.others for one in each.findings],
            digest,
        )
        _discharge(store, day, units, numbers, instants, len(owed))
        sums.filed(day, units, numbers, kinds, instants, windows)
        if sums.full:
            sums.write()
    sums.write()
    return {"mark": mark, **digest.detail()}


def _added(own: Columns, what: Day) -> tuple[Columns, Sequence[int]]:
    """Return what is to be recorded of a day and its numbers, by unit and number."""
    numbers = list(what.numbers)
    if 0 in numbers:
        own = [list(compress(column, numbers)) for column in own]
        numbers = list(filter(None, numbers))
    if not what.others:
        return own, numbers
    both = list(zip(zip(*own, strict=True), numbers, strict=True))
    both += [(filed_row(each.row), each.number) for each in what.others]
    both.sort(key=lambda one: (one[0][0], one[1]))
    return list(zip(*map(itemgetter(0), both), strict=True)), list(map(itemgetter(1), both))


def _discharge(
    store: Store,
    day: str,
    units: Sequence[str],
    numbers: Sequence[int],
    instants: Sequence[Instant],
    owed: int,
) -> None:
    """Discharge a day's first filings: nearly all of a day together, a few one by one."""
    if len(units) * 2 > owed:
        obligations.discharge_filed(store.connection, day)
        return
    filed = zip(units, numbers, instants, strict=True)
    first = [(unit, day, at) for unit, number, at in filed if number == 1]
    obligations.discharge(store.connection, ObligationKind.REPORT, first)


class _Locks:
    """When days lock: as they were fixed, or as they would be where nobody expects a report (R7).

    Remembers a day's lock for the units that have no schedule rows of their own.
    """

    def __init__(self, store: Store) -> None:
        self._rules = store.reporting
        self._schedules: dict[str, list[Schedule]] = {}
        for row in schedules.every(store.connection):
            self._schedules.setdefault(row.unit, []).append(row)
        self._usual: dict[str, Instant] = {}

    def after(
        self,
        day: str,
        units: Sequence[str],
        instants: Sequence[Instant],
        windows: Sequence[rows.Window | None],
    ) -> list[int]:
        """Return 1 for each filing of a day that came after the lock, 0 for the others."""
        alone = windows.count(windows[0]) == len(windows)
        alike = windows[:1] if alone else set(windows)
        fixed = {None if own is None else own[2] for own in alike}
        locks = [lock for lock in fixed if lock is not None]
        if len(locks) == len(fixed) and max(instants) <= min(locks):
            return [0] * len(units)
        found: list[int] = []
        for unit, at, own in zip(units, instants, windows, strict=True):
            lock = None if own is None else own[2]
            found.append(int(at > (self._lock(day, unit) if lock is None else lock)))
        return found

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
