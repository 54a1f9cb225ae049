"""`kill -9` in the middle of filings and of imports.

Whatever was acknowledged is there afterwards, and whatever is there is whole: a revision with its
event and the discharged obligation, an import with all of its rows or with none.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from actions.auditing import verify
from actions.entering import enter
from actions.reporting import file, file_zero
from domain.reports import Content, ReportKind
from domain.settings import Settings
from exchange.importing import Order, import_file
from storage import checks
from storage.store import open_store
from tests.storage.conftest import ADMIN, AT, DISTRICTS, STARTS, begin
from tests.torture.processes import Child, Said
from tests.torture.stage import Counts, Failure

_ROWS = 6000
_FIRST = date(2026, 8, 1)


def filing(say: Said, path: Path, seed: int) -> None:
    """File and amend without end, and tell of each receipt once it is given."""
    dice = random.Random(seed)
    number = 0
    while True:
        unit, day = dice.choice(DISTRICTS), STARTS + timedelta(days=dice.randrange(3))
        login = f"of-{unit}"
        store, actor = enter(path, Settings(), login, None, "host", AT)
        with store:
            number += 1
            text = f"{seed}/{number}"
            standing = store.connection.row(
                "SELECT MAX(revision) FROM reports WHERE date = ? AND unit = ?",
                (day.isoformat(), unit),
            )
            if standing is not None and standing[0]:
                content = Content(ReportKind.DAILY, text)
                receipt = file(store, actor, unit, day, content, AT, amending=True, reason=text)
            else:
                receipt = file_zero(store, actor, unit, day, AT, areas=(1, 1), note=text)
        say((receipt.revision.unit, day.isoformat(), receipt.revision.number, text))


def importing(say: Said, path: Path, table: str) -> None:
    """Import a large table, and tell of it."""
    with open_store(path) as store:
        done = import_file(store, ADMIN, Order("reports", table), AT)
        say(done.outcome.new)


def campaign(seed: int, length: int, folder: Path) -> Counts:
    """Kill `length` processes that file, and a third as many that import; return the counts."""
    dice = random.Random(seed)
    path = folder / "city.db"
    begin(path).close()
    counts = dict.fromkeys(
        ("kill -9", "filings acknowledged", "filings lost", "imports killed", "imports whole"), 0
    )
    acknowledged: list[tuple[object, ...]] = []
    for number in range(length):
        child = Child(filing, path, seed * 1000 + number)
        acknowledged.append(_heard(child.next()))
        acknowledged += [_heard(child.next()) for _ in range(dice.randrange(12))]
        child.silent_for(dice.random() * 0.02)
        acknowledged += map(_heard, child.kill())
        counts["kill -9"] += 1
        _hold_whole(path)
    counts["filings acknowledged"] = len(acknowledged)
    counts["filings lost"] = _lost(path, acknowledged)
    for number in range(length // 3):
        _kill_an_import(path, folder, number, dice, counts)
    if counts["filings lost"]:
        raise Failure(f"seed {seed}: {counts['filings lost']} acknowledged filings are lost")
    return counts


def _heard(said: object) -> tuple[object, ...]:
    if not isinstance(said, tuple):
        raise Failure(f"a filing said {said!r}")
    return said


def _lost(path: Path, acknowledged: list[tuple[object, ...]]) -> int:
    with open_store(path) as store:
        there = set(store.connection.rows("SELECT unit, date, revision, summary FROM reports"))
    return len(set(acknowledged) - there)


def _hold_whole(path: Path) -> None:
    """Raise `Failure` unless revisions, obligations and events tell the same story."""
    with open_store(path) as store:
        connection = store.connection
        wrong = [
            *checks.damage(connection),
            *([f"{checks.dangling(connection)} rows dangle"] * bool(checks.dangling(connection))),
            *(["obligations and filings differ"] * bool(checks.contradictions(connection))),
        ]
        verify(store, lambda *_: None)
        count = "SELECT COUNT(*) FROM {} WHERE {}"
        revisions = connection.row(count.format("reports", "imported = 0"))
        told = connection.row(count.format("events", "action IN ('report.file', 'report.amend')"))
        if revisions != told:
            wrong.append(f"{revisions} revisions, {told} events")
    if wrong:
        raise Failure("; ".join(wrong))


def _kill_an_import(
    path: Path, folder: Path, number: int, dice: random.Random, counts: Counts
) -> None:
    table = folder / f"{number}.csv"
    day = _FIRST - timedelta(days=number * (_ROWS // len(DISTRICTS) + 1))
    lines = ["unit,date,kind,filed_at"]
    for row in range(_ROWS):
        when = day - timedelta(days=row // len(DISTRICTS))
        lines.append(f"{DISTRICTS[row % len(DISTRICTS)]},{when},zero,{when} 16:00")
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = _imported(path)
    child = Child(importing, path, str(table))
    # Now and then just after it was told of, when all of it must be there.
    patience = 60.0 if dice.random() < 0.25 else dice.random() * 1.5
    told = [] if child.silent_for(patience) else [child.next()]
    told += child.kill()
    after = _imported(path)
    counts["kill -9"] += 1
    counts["imports killed"] += 1
    counts["imports whole"] += after != before
    if after - before not in (0, _ROWS) or (told and told[0] and after == before):
        raise Failure(f"of an import of {_ROWS} rows that told {told} {after - before} are there")
    _hold_whole(path)


def _imported(path: Path) -> int:
    with open_store(path) as store:
        found = store.connection.row("SELECT COUNT(*) FROM reports WHERE imported <> 0")
        events_found = store.connection.row("SELECT COUNT(*) FROM events WHERE action = 'import'")
    assert found is not None
    assert events_found is not None
    if found[0] != events_found[0] * _ROWS:
        raise Failure(f"{found[0]} imported rows, {events_found[0]} events of imports")
    return int(found[0])
