"""Stores of any age and any size, built by SQL in minutes where filing would take days.

`build` leaves a store as the program would have left it: founded the evening before its first
day, its days created one after another, and its reports imported at the end. Who files what and
when follows from the place of the unit in the registry and the date alone, so two builds of the
same store are alike to the last row.

    python -m bench.stores nation.db --registry /path/to/folder --days 365 --last 2026-06-30
"""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from types import MappingProxyType

from actions.importing import Origin, Outcome, record_import
from actions.opening import Registry, found
from domain.instants import DAY, Instant
from domain.obligations import rule_name
from domain.people import PROGRAM, Actor
from domain.schedules import Days, expected
from domain.settings import CityRules
from domain.units import Kind, Unit
from exchange.registry import read_registry
from storage import events, expecting, recounting
from storage.connection import Connection
from storage.importing import mark
from storage.proofs import Digest, whole
from storage.reports import COLUMNS
from storage.store import Store

LAST = date(2026, 6, 30)
"""The last day of a store for which no other is asked."""
UNTIL = time(16, 0)
"""The local time on the last day up to which reports have been filed."""
ORIGIN = Origin("reports.csv", "0" * 64)
"""The file that the reports are said to have been imported from."""
TOWNS: Mapping[str, Days] = MappingProxyType(
    {kind.value: Days.DAILY if kind is Kind.TOWN else Days.NONE for kind in Kind}
)
"""The reporting days of a country in which the towns report, and nobody else."""

# One in fifty is not filed, one in fifty late, one in fifty made up the next morning; one report
# in ten has something to tell, and one in two hundred is amended half an hour later.
_FILED_AT = (
    "CASE h % 50 WHEN 0 THEN NULL WHEN 1 THEN :due + 3600 WHEN 2 THEN :missed + 36000"
    " ELSE :due - 60 - (n * 31 + :ordinal * 17) % 28000 END"
)
_OF_DAY = (
    f"(SELECT unit, n, h, CASE WHEN {_FILED_AT} <= :until THEN {_FILED_AT} END AS filed_at"
    " FROM (SELECT unit, n, (n * 7919 + :ordinal * 104729) % 1000 AS h FROM crowd"
    " WHERE kind = :kind AND (valid_from IS NULL OR valid_from <= :day)"
    " AND (valid_to IS NULL OR valid_to >= :day)) AS units) AS day"
)
_OBLIGATIONS = (
    "INSERT INTO obligations (kind, subject, unit, opened_at, due_at, missed_at, locks_at,"
    " discharged_at, exempt, rule) SELECT 'report', :day, unit, :opened, :due, :missed, :locks,"
    f" filed_at, 0, :rule FROM {_OF_DAY} ORDER BY unit"
)
_REPORTS = (
    "INSERT INTO reports (date, unit, revision, kind, filed_at, filed_by, keyed_by, summary,"
    " areas_planned, areas_patrolled, reason, after_lock, imported)"
    " SELECT :day, unit, 1, CASE WHEN h % 10 = 3 THEN 'daily' ELSE 'zero' END, filed_at, :login,"
    " :keyed_by, CASE WHEN h % 10 = 3 THEN '巡查一遍，制止一起' ELSE '' END, 6, 6 - (h % 20 = 4),"
    f" '', 0, :mark FROM {_OF_DAY} WHERE filed_at IS NOT NULL ORDER BY unit"
)
_AMENDMENTS = (
    "INSERT INTO reports (date, unit, revision, kind, filed_at, filed_by, keyed_by, summary,"
    " areas_planned, areas_patrolled, reason, after_lock, imported)"
    " SELECT :day, unit, 2, CASE WHEN h % 400 = 7 THEN 'daily' ELSE 'zero' END, filed_at + 1800,"
    f" :login, :keyed_by, '补充情况', 6, 6, '漏填', 0, :mark FROM {_OF_DAY}"
    " WHERE h % 200 = 7 AND filed_at + 1800 <= :until ORDER BY unit"
)


@dataclass(frozen=True, slots=True)
class Built:
    """A store that was built: its days, the instant as of which it stands, what is in it."""

    path: Path
    first: date
    last: date
    until: Instant
    reports: int


def build(
    path: Path,
    registry: Registry,
    days: int,
    *,
    rules: CityRules | None = None,
    last: date = LAST,
    actor: Actor | None = None,
    proven: bool = True,
) -> Built:
    """Build the store of a registry with reports of `days` days up to `last` at 16:00.

    Whoever runs it (or `actor`) is its admin. The registry has no schedules or exemptions of its
    own: who reports on which days is by kind of unit, as the rules say. Without `proven` the
    event of the import does not vouch for its rows, which takes a nation's year twice the time,
    and `audit verify` complains of them. Raises ValueError.
    """
    if registry.schedules or registry.exemptions:
        raise ValueError("a built store's days are by kind of unit alone")
    rules = rules or CityRules()
    actor = actor or _me()
    first = last - timedelta(days=days - 1)
    zone = rules.zone()
    until = zone.at(last, UNTIL)
    with found(path, registry, rules, first, actor, zone.start_of(first) - 3600) as store:
        engine = store.connection
        # What is being built may be thrown away: no log, and indexes once the rows are there.
        engine.execute("PRAGMA journal_mode = OFF")
        engine.execute("PRAGMA synchronous = OFF")
        engine.execute("PRAGMA foreign_keys = OFF")
        engine.execute("PRAGMA cache_size = -400000")
        with engine.writing():
            filling = _Filling(store, registry.units, until, actor)
            filling.create_days(first, last)
            counts = filling.file()
            outcome = Outcome(new=counts[0], amended=counts[1])
            written = filling.proof() if proven else None
            record_import(store, actor, until, {"reports": ORIGIN}, outcome, written)
            recounting.refill(engine)
        engine.execute("PRAGMA journal_mode = WAL")
    return Built(path, first, last, until, sum(counts))


def _me() -> Actor:
    return Actor(getpass.getuser(), getpass.getuser(), "bench")


class _Filling:
    """A store on its way to being full: its days first, then their reports."""

    def __init__(self, store: Store, units: Sequence[Unit], until: Instant, actor: Actor) -> None:
        self.store, self.until = store, until
        self.kinds = _crowd(store.connection, units)
        self.put_back = _without_indexes(store.connection)
        self.mark = 0
        self.who = {"login": actor.login, "keyed_by": actor.real_login}
        self.values: list[dict[str, object]] = []

    def create_days(self, first: date, last: date) -> None:
        """Create each day as whoever opened the store on it would have."""
        engine, store = self.store.connection, self.store
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            created = 0
            expecting.add_days(engine, [day.isoformat()])
            for kind in self.kinds:
                any_one = Unit("", "", Kind(kind))
                window = expected(any_one, day, (), store.reporting, store.calendar, store.starts)
                if window is None:
                    continue
                self.values.append(
                    {
                        "day": day.isoformat(),
                        "ordinal": ordinal,
                        "kind": kind,
                        "until": self.until,
                        "opened": window.opened_at,
                        "due": window.due_at,
                        "missed": window.missed_at,
                        "locks": window.locks_at,
                        "rule": rule_name(window),
                    }
                )
                created += engine.execute(_OBLIGATIONS, self.values[-1])
            store.set_through(day)
            if created:
                engine.days_changed.add(day.isoformat())
                told = {"first": day.isoformat(), "last": day.isoformat(), "created": created}
                at = self.until - (last - day).days * DAY
                events.record(engine, PROGRAM, at, "days.open", "obligations", **told)

    def file(self) -> tuple[int, int]:
        """File the reports of all days; return how many are first filings and amendments."""
        engine = self.store.connection
        self.mark = mark(engine)
        new = amended = 0
        for values in self.values:
            own = {**values, **self.who, "mark": self.mark}
            new += engine.execute(_REPORTS, own)
            amended += engine.execute(_AMENDMENTS, own)
        for statement in self.put_back:
            engine.execute(statement)
        return new, amended

    def proof(self) -> dict[str, object]:
        """Return what the import's event says of its rows."""
        engine = self.store.connection
        digest = Digest()
        for row in engine.each(f"SELECT {COLUMNS} FROM reports ORDER BY date, unit, revision"):
            digest.add(whole(row, ()))
        return {"mark": self.mark, **digest.detail()}


def _crowd(engine: Connection, units: Sequence[Unit]) -> list[str]:
    """Lay the units out with their numbers beside the store; return their kinds."""
    engine.execute(
        "CREATE TEMP TABLE crowd (kind TEXT NOT NULL, unit TEXT NOT NULL, n INTEGER NOT NULL,"
        " valid_from TEXT, valid_to TEXT, PRIMARY KEY (kind, unit)) WITHOUT ROWID"
    )
    engine.execute_many(
        "INSERT INTO crowd (kind, unit, n, valid_from, valid_to) VALUES (?, ?, ?, ?, ?)",
        [
            (
                unit.kind.value,
                unit.code,
                unit.order,
                unit.valid_from and unit.valid_from.isoformat(),
                unit.valid_to and unit.valid_to.isoformat(),
            )
            for unit in units
        ],
    )
    return sorted({unit.kind.value for unit in units})


def _without_indexes(engine: Connection) -> list[str]:
    """Drop the indexes of what is about to grow; return the statements that put them back."""
    found = engine.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name IN ('reports', 'obligations') ORDER BY name"
    )
    for name, _ in found:
        engine.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def registry_of(folder: str | Path) -> Registry:
    """Return what a registry folder says, or what a shipped registry of that name says."""
    return read_registry(folder)


def main() -> None:
    """Build one store and say what is in it."""
    parser = argparse.ArgumentParser(description="Build a store of any age and any size.")
    parser.add_argument("store", type=Path, help="the file to be created")
    parser.add_argument("--registry", default="guangzhou", help="a folder, or a shipped registry")
    parser.add_argument("--days", type=int, default=365, help="days of reports")
    parser.add_argument("--last", type=date.fromisoformat, default=LAST, help="the last day")
    parser.add_argument("--unproven", action="store_true", help="quicker, and not to be verified")
    parser.add_argument("--towns", action="store_true", help="the towns report daily, nobody else")
    asked = parser.parse_args()
    rules = CityRules(schedules=dict(TOWNS)) if asked.towns else CityRules()
    built = build(
        asked.store,
        registry_of(asked.registry),
        asked.days,
        rules=rules,
        last=asked.last,
        proven=not asked.unproven,
    )
    print(f"{built.path}: {built.reports} reports, {built.first} to {built.last}")


if __name__ == "__main__":
    main()
