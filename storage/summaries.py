"""Sums by node of the tree and period, kept with every write: what rates cost is what they show.

Whoever writes what an obligation says, or a report of one, counts it in the same transaction:
one filing by `count`, many by `Sums`, and where it is simpler to look twice by `recounted`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from operator import add, gt
from typing import Any, TypeAlias

from domain.instants import Instant
from domain.summaries import LONG_AGO, WHOLE, Delta, Sum
from domain.units import Unit
from storage import archives
from storage.columns import marks, parts
from storage.connection import IN_ORDER, Connection, Row

COLUMNS = (
    "period, node, kind, due_at, due_last, filed_last, exempt, open, on_time, late, made_up, zero"
)
COUNTS = ("exempt", "open", "on_time", "late", "made_up", "zero")
_ADDED = ", ".join(
    [
        # Of two instants the later one, in words that every engine has.
        *(
            f"{name} = CASE WHEN :{name} > summaries.{name} THEN :{name} ELSE summaries.{name} END"
            for name in ("due_last", "filed_last")
        ),
        *(f"{name} = summaries.{name} + :{name}" for name in COUNTS),
    ]
)
_VALUES = ", ".join(f":{name}" for name in COLUMNS.split(", "))
_KEY = "period = :period AND node = :node AND kind = :kind AND due_at = :due_at"
_MOST_HELD = 100_000
"""Sums in memory at which they are written: an import of a year does not hold its year."""


def of_node(
    connection: Connection, node: str, periods: Sequence[str], kinds: Collection[str] | None = None
) -> list[Sum]:
    """Return the sums of a node for these days or months, of units of these kinds (None: all).

    In calendar order; a node without units under it has none.
    """
    found: list[Sum] = []
    for part in parts(periods):
        found += [
            Sum(*row)
            for row in connection.rows(
                f"SELECT {COLUMNS} FROM summaries WHERE node = ?"
                f" AND period IN ({marks(len(part))}) ORDER BY period, kind, due_at",
                (node, *part),
            )
            if kinds is None or row[2] in kinds
        ]
    return found


def of_period(connection: Connection, period: str) -> list[Sum]:
    """Return the sums of every node for a day or a month."""
    return [
        Sum(*row)
        for row in connection.rows(f"SELECT {COLUMNS} FROM summaries WHERE period = ?", (period,))
    ]


def open_in_all(connection: Connection) -> int:
    """Return how many reports are owed and not filed, of all units and days."""
    found = connection.row(
        "SELECT COALESCE(SUM(s.open), 0) FROM"
        f" (SELECT DISTINCT SUBSTR(day, 1, 7) AS month FROM days) AS m {IN_ORDER} summaries AS s"
        " ON s.period = m.month AND s.node = ?",
        (WHOLE,),
    )
    assert found is not None
    return int(found[0])


def is_node(connection: Connection, code: str) -> bool:
    """Return whether there are units under a unit, so that it has sums of its own."""
    return connection.row("SELECT 1 FROM units WHERE parent = ? LIMIT 1", (code,)) is not None


def count(connection: Connection, delta: Delta | None, line: Sequence[Unit]) -> None:
    """Count one filing in every node that it belongs to: one statement, whatever the tree.

    `line` is the unit with all above it. The day has been counted as open before, so the rows are
    there.
    """
    if delta is None:
        return
    nodes = {f"node{place}": unit.code for place, unit in enumerate(line)} | {"whole": WHOLE}
    connection.execute(
        f"UPDATE summaries SET {_ADDED} WHERE period IN (:day, :month)"
        f" AND node IN ({', '.join(f':{name}' for name in nodes)}) AND kind = :kind"
        " AND due_at IN (:due_last, :long_ago)",
        {
            **nodes,
            "kind": line[0].kind.value,
            "day": delta.day,
            "month": delta.day[:7],
            "long_ago": LONG_AGO,
            "due_last": delta.due_at,
            "filed_last": delta.filed_at,
            **{name: getattr(delta, name) for name in COUNTS},
        },
    )


Counts = Sequence[int]
"""Exempt, open, on time, late, made up, zero."""


class Sums:
    """Counts on their way into the store: gathered by unit, written by node."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._places: dict[str, tuple[str, str]] = {}
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
        own: Sequence[tuple[str, int, bool, Instant]],
        owed: Mapping[str, Row],
    ) -> None:
        """Count a day's revisions that were just recorded: (unit, number, is a zero, filed at).

        Of one unit they come in the order of their numbers. `owed` has the unit, and when the day
        is due and missed, for each unit that owes a report and is not exempt.
        """
        if not self._places:
            self._read_tree()
        first = [row for row in own if row[1] == 1 and row[0] in owed]
        if first:
            self._filed_first(day, first, owed)
        if len(first) == len(own):
            return
        zeros: dict[str, bool] = {}
        for unit, number, zero, at in own:
            if number > 1 and unit in owed:
                before = zeros.get(unit)
                if before is None:
                    before = _was_zero(self._connection, day, unit, number - 1)
                self.add(unit, day, owed[unit][1], at, (0, 0, 0, 0, 0, zero - before))
            zeros[unit] = zero

    def _filed_first(
        self, day: str, first: Sequence[tuple[str, int, bool, Instant]], owed: Mapping[str, Row]
    ) -> None:
        """Count a day's first filings, in columns: there may be very many."""
        units, _, zeros, instants = zip(*first, strict=True)
        _, due, missed, *_ = zip(*map(owed.__getitem__, units), strict=True)
        places = list(map(self._places.__getitem__, units))
        newest: dict[tuple[tuple[str, str], Instant], Instant] = {}
        for key, at in zip(zip(places, due, strict=True), instants, strict=True):
            if at > newest.get(key, LONG_AGO):
                newest[key] = at
        # How far each is past what it was due by: on time, late, made up.
        past = map(add, map(gt, instants, due), map(gt, instants, missed))
        for (place, due_at, answer, zero), number in Counter(
            zip(places, due, past, zeros, strict=True)
        ).items():
            held = self._of(day, *place, due_at)
            held[0] = max(held[0], newest[place, due_at])
            held[2] -= number
            held[3 + answer] += number
            if zero:
                held[6] += number

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
        found: dict[_Key, _Held] = {}
        months: dict[_Key, _Held] = {}
        for (day, bottom, kind, due_at), held in self._held.items():
            if held[0] == LONG_AGO and not any(held[1:]):
                continue
            own = (due_at, *held)
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
_Held: TypeAlias = tuple[int, ...]


def _put_into(found: dict[_Key, _Held], key: _Key, own: _Held) -> None:
    """Add what is held of a node: the last due instant, the newest filing, and counts."""
    held = found.get(key)
    if held is None:
        found[key] = own
        return
    found[key] = (
        max(held[0], own[0]),
        max(held[1], own[1]),
        *map(add, held[2:], own[2:]),
    )


_NAMES = COLUMNS.split(", ")
_FIRST_COUNT = len(_NAMES) - len(COUNTS)


def _write(connection: Connection, found: Sequence[Row]) -> None:
    more: list[dict[str, Any]] = []
    less: list[dict[str, Any]] = []
    for values in found:
        side = less if min(values[_FIRST_COUNT:]) < 0 else more
        side.append(dict(zip(_NAMES, values, strict=True)))
    connection.execute_many(
        f"INSERT INTO summaries ({COLUMNS}) VALUES ({_VALUES})"
        f" ON CONFLICT (period, node, kind, due_at) DO UPDATE SET {_ADDED}",
        more,
    )
    # From what is not there nothing is taken: these rows are.
    connection.execute_many(f"UPDATE summaries SET {_ADDED} WHERE {_KEY}", less)
    # What only moves from one count to another leaves none of them empty.
    fewer = [row for row in less if sum(row[name] for name in COUNTS if name != "zero") < 0]
    connection.execute_many(
        f"DELETE FROM summaries WHERE {_KEY} AND exempt + open + on_time + late + made_up = 0",
        fewer,
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
