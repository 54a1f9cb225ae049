"""Sums of much at once: gathered by unit and written by node, or counted before and after (R10).

Many filings are counted by `Sums`; where it is simpler to look twice, by `recounted`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import compress
from typing import Any, TypeAlias

from domain.instants import Instant
from domain.reports import ReportKind
from domain.summaries import LONG_AGO, WHOLE
from domain.units import Unit
from storage import archives
from storage.columns import marks, parts
from storage.connection import IN_ORDER, Connection, Row
from storage.summaries import ADDED, COLUMNS, COUNTS, LATER

# The same by place, and of a row that is to be inserted: a name costs more than what it counts.
_MOVED = ", ".join(
    [
        *(f"{name} = CASE WHEN ? > {name} THEN ? ELSE {name} END" for name in LATER),
        *(f"{name} = {name} + ?" for name in COUNTS),
    ]
)
_GIVEN = ADDED.replace(":", "excluded.")
_KEY = "period = ? AND node = ? AND kind = ? AND due_at = ?"
_FIRST_COUNT = len(COLUMNS.split(", ")) - len(COUNTS)
_MOST_HELD = 100_000
"""Sums in memory at which they are written: an import of a year does not hold its year."""

Counts = Sequence[int]
"""Exempt, open, on time, late, made up, zero."""


class Sums:
    """Counts on their way into the store: gathered by unit, written by node."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._places: dict[str, tuple[str, str]] = {}
        self._ends: list[tuple[str, str]] = []
        self._numbers: dict[str, int] = {}
        self._parents: dict[str, str | None] = {}
        self._lines: dict[str, list[str]] = {}
        self._held: dict[tuple[str, str, str, Instant], list[int]] = {}

    def add(self, unit: str, day: str, due_at: Instant, filed_at: Instant, counts: Counts) -> None:
        """Count a unit's day, or several that fall due together."""
        if unit not in self._places:
            self._read_tree()
        held = self._of(day, *self._places[unit], due_at)
        if filed_at > held[0]:
            held[0] = filed_at
        for place, number in enumerate(counts, 1):
            held[place] += number

    def filed(
        self,
        day: str,
        units: Sequence[str],
        numbers: Sequence[int],
        kinds: Sequence[str],
        instants: Sequence[Instant],
        windows: Sequence[Row | None],
    ) -> None:
        """Count a day's revisions that were just recorded, by unit and number.

        `windows` say when the day is due, missed and locked for each unit, and whether it is
        exempt. Where there is none or the unit is exempt, nothing is owed and nothing counted.
        """
        if not self._places:
            self._read_tree()
        amended = max(numbers) > 1
        alone = windows.count(windows[0]) == len(windows)
        for window in windows[:1] if alone else set(windows):
            own: list[Sequence[Any]] = [units, kinds, instants]
            if amended or not alone:
                first = [
                    number == 1 and one == window
                    for number, one in zip(numbers, windows, strict=True)
                ]
                own = [list(compress(column, first)) for column in own]
            if window is not None and not window[3]:
                self._filed_first(day, own, window)
        if amended:
            self._filed_again(day, zip(units, numbers, kinds, instants, windows, strict=True))

    def _filed_first(self, day: str, own: Sequence[Sequence[Any]], window: Row) -> None:
        """Count a day's first filings of one window by unit, kind and instant, in columns."""
        units, kinds, instants = own
        due, missed, *_ = window
        numbers = list(map(self._numbers.__getitem__, units))
        newest = dict.fromkeys(numbers, LONG_AGO)
        for number, at in zip(numbers, instants, strict=True):
            if at > newest[number]:
                newest[number] = at
        # How far each is past what it was due by: on time, late, made up.
        past = [at > due and 1 + (at > missed) for at in instants]
        counted = Counter(zip(numbers, past, kinds, strict=True))
        for (number, answer, kind), count in counted.items():
            held = self._of(day, *self._ends[number], due)
            held[0] = max(held[0], newest[number])
            held[2] -= count
            held[3 + answer] += count
            if kind == ReportKind.ZERO:
                held[6] += count

    def _filed_again(
        self, day: str, rows: Iterable[tuple[str, int, str, Instant, Row | None]]
    ) -> None:
        """Count what amendments make of zeros, and of daily reports."""
        before: dict[str, bool] = {}
        for unit, number, kind, at, window in rows:
            zero = kind == ReportKind.ZERO
            if number > 1 and window is not None and not window[3]:
                was = before.get(unit)
                if was is None:
                    was = _was_zero(self._connection, day, unit, number - 1)
                self.add(unit, day, window[0], at, (0, 0, 0, 0, 0, zero - was))
            before[unit] = zero

    def _of(self, day: str, bottom: str, kind: str, due_at: Instant) -> list[int]:
        """Return what is held of a node's own units of a kind: the newest filing, and counts."""
        held = self._held.get((day, bottom, kind, due_at))
        if held is None:
            held = self._held[day, bottom, kind, due_at] = [LONG_AGO, 0, 0, 0, 0, 0, 0]
        return held

    @property
    def full(self) -> bool:
        """Return whether so much is held that it should be written."""
        return len(self._held) > _MOST_HELD

    def _read_tree(self) -> None:
        rows = self._connection.rows("SELECT code, parent, kind FROM units")
        self._parents = {code: parent for code, parent, _ in rows}
        nodes = set(self._parents.values())
        self._places = {
            code: (code if code in nodes else parent or WHOLE, kind) for code, parent, kind in rows
        }
        # The same by number, which is quicker to count by.
        self._ends = list(dict.fromkeys(self._places.values()))
        number_of = {place: number for number, place in enumerate(self._ends)}
        self._numbers = {code: number_of[place] for code, place in self._places.items()}

    def put(
        self,
        first: date | None = None,
        last: date | None = None,
        units: Collection[str] | None = None,
        sign: int = 1,
    ) -> None:
        """Count what the store has of these units and days; with `sign` -1 take it away."""
        for unit, day, due_at, filed_at, counts in _owed(self._connection, first, last, units):
            if sign < 0:
                self.add(unit, day, due_at, LONG_AGO, [-number for number in counts])
            else:
                self.add(unit, day, due_at, filed_at, counts)
            if self.full:
                self.write()

    def write(self) -> None:
        """Write what was gathered, for every node and for the months of the days."""
        found: dict[_Key, list[int]] = {}
        months: dict[_Key, list[int]] = {}
        for (day, bottom, kind, due_at), held in self._held.items():
            if held[0] == LONG_AGO and not any(held[1:]):
                continue
            own = [due_at, *held]
            _put_into(months, (day[:7], bottom, kind, LONG_AGO), own)
            for node in self._line(bottom):
                _put_into(found, (day, node, kind, due_at), own)
        for (month, bottom, kind, none), own in months.items():
            for node in self._line(bottom):
                _put_into(found, (month, node, kind, none), own)
        self._held.clear()
        _write(self._connection, [(*key, *held) for key, held in sorted(found.items())])

    def _line(self, bottom: str) -> Sequence[str]:
        """Return a node and all above it."""
        line = self._lines.get(bottom)
        if line is None:
            line = self._lines[bottom] = []
            node: str | None = bottom
            while node:
                line.append(node)
                node = self._parents[node]
            line.append(WHOLE)
        return line


_Key: TypeAlias = tuple[str, str, str, Instant]


def _put_into(found: dict[_Key, list[int]], key: _Key, own: Sequence[int]) -> None:
    """Add what is held of a node: the last due instant, the newest filing, and counts."""
    held = found.get(key)
    if held is None:
        found[key] = [*own]
        return
    if own[0] > held[0]:
        held[0] = own[0]
    if own[1] > held[1]:
        held[1] = own[1]
    for place in range(2, len(own)):
        held[place] += own[place]


def _write(connection: Connection, found: Sequence[Row]) -> None:
    """Add rows of `COLUMNS` to what stands."""
    less = [row for row in found if min(row[_FIRST_COUNT:]) < 0]
    more = found if not less else [row for row in found if min(row[_FIRST_COUNT:]) >= 0]
    connection.execute_many(
        f"INSERT INTO summaries ({COLUMNS}) VALUES ({marks(_FIRST_COUNT + len(COUNTS))})"
        f" ON CONFLICT (period, node, kind, due_at) DO UPDATE SET {_GIVEN}",
        more,
    )
    # From what is not there nothing is taken: these rows are.
    connection.execute_many(
        f"UPDATE summaries SET {_MOVED} WHERE {_KEY}",
        [(row[4], row[4], row[5], row[5], *row[_FIRST_COUNT:], *row[:4]) for row in less],
    )
    # What only moves from one count to another leaves none of them empty.
    connection.execute_many(
        f"DELETE FROM summaries WHERE {_KEY} AND exempt + open + on_time + late + made_up = 0",
        [row[:4] for row in less if sum(row[_FIRST_COUNT:-1]) < 0],
    )


def _owed(
    connection: Connection, first: date | None, last: date | None, units: Collection[str] | None
) -> Iterator[tuple[str, str, Instant, Instant, Counts]]:
    """Yield what each report obligation counts as: unit, day, due and newest filing, counts."""
    span = archives.parts(
        connection, "" if first is None else first.isoformat(), str(last or date.max)
    )
    for days in span:
        if units is None:
            yield from _owed_rows(days, "", ())
            continue
        for part in parts(sorted(units)):
            yield from _owed_rows(days, f" AND o.unit IN ({marks(len(part))})", part)


def _owed_rows(
    days: archives.Part, narrow: str, codes: Sequence[str]
) -> Iterator[tuple[str, str, Instant, Instant, Counts]]:
    for unit, day, due_at, missed_at, discharged_at, exempt, zero, filed_at in days.connection.rows(
        "SELECT o.unit, o.subject, o.due_at, o.missed_at, o.discharged_at, o.exempt,"
        " CASE WHEN r.kind = 'zero' THEN 1 ELSE 0 END, r.filed_at"
        f" FROM days AS d {IN_ORDER} obligations AS o LEFT JOIN reports AS r"
        " ON r.date = o.subject AND r.unit = o.unit AND r.revision = (SELECT MAX(n.revision)"
        " FROM reports AS n WHERE n.date = o.subject AND n.unit = o.unit)"
        f" WHERE o.kind = 'report' AND o.subject = d.day AND d.day BETWEEN ? AND ?{narrow}",
        (days.first, days.last, *codes),
    ):
        if exempt:
            counts = (1, 0, 0, 0, 0, 0)
        elif discharged_at is None:
            counts = (0, 1, 0, 0, 0, 0)
        else:
            on_time = int(discharged_at <= due_at)
            late = int(due_at < discharged_at <= missed_at)
            counts = (0, 0, on_time, late, 1 - on_time - late, zero)
        filed = discharged_at is not None and not exempt
        yield unit, day, due_at, filed_at if filed else LONG_AGO, counts


@contextmanager
def recounted(
    connection: Connection, first: date, last: date, units: Collection[str] | None = None
) -> Iterator[None]:
    """Count anew whatever the block changes in obligations of these units (None: all) and days."""
    sums = Sums(connection)
    sums.put(first, last, units, sign=-1)
    yield
    sums.put(first, last, units)
    sums.write()


@contextmanager
def moving(connection: Connection, units: Sequence[Unit]) -> Iterator[None]:
    """Count anew what the block moves to other nodes by writing these units (R1).

    What lies below a unit with another parent moves along; a unit that gets its first child, or
    loses its last, begins or ends to be a node itself.
    """
    standing = {
        row[0]: (row[1], row[2])
        for part in parts([unit.code for unit in units])
        for row in connection.rows(
            f"SELECT code, parent, kind FROM units WHERE code IN ({marks(len(part))})", part
        )
    }
    moved = {
        unit.code
        for unit in units
        if unit.code in standing and standing[unit.code] != (unit.parent, unit.kind.value)
    }
    touched = moved | set(_below(connection, moved))
    for unit in units:
        if unit.code in moved or unit.code not in standing:
            touched |= {unit.parent or WHOLE, standing.get(unit.code, (None,))[0] or WHOLE}
    if touched:
        before = Sums(connection)
        before.put(units=touched, sign=-1)
        before.write()
    yield
    if touched:
        after = Sums(connection)
        after.put(units=touched)
        after.write()


def _below(connection: Connection, codes: Iterable[str]) -> list[str]:
    return [
        row[0]
        for code in codes
        for row in connection.rows(
            "WITH RECURSIVE below (code) AS (SELECT ? UNION SELECT u.code FROM units AS u"
            " INNER JOIN below AS b ON u.parent = b.code) SELECT code FROM below",
            (code,),
        )
    ]


def _was_zero(connection: Connection, day: str, unit: str, number: int) -> bool:
    return (
        connection.row(
            "SELECT 1 FROM reports WHERE date = ? AND unit = ? AND revision = ? AND kind = 'zero'",
            (day, unit, number),
        )
        is not None
    )
