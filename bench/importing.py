"""What it costs to take in a table of reports, and to take in the same one again.

The same file goes into a table with the same key, checks and index, by programs that hold it to
no rule: the `sqlite3` shell, and sqlite-utils from its command line and from Python. They are
given no obligations to discharge, no sums to keep and no event to record.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bench.cities import FIRST, built, guangzhou, write_history
from bench.environments import shell
from bench.measure import (
    ROOT,
    Failed,
    Floor,
    Measurement,
    Place,
    Sample,
    alternating,
    lianluo,
    run,
)

INSERT_ALL = ROOT / "bench" / "peers" / "insert_all.py"

# As the store's own table, with the instants as texts: the peers do not read them.
_TABLE = """
CREATE TABLE reports (
    unit TEXT NOT NULL,
    date TEXT NOT NULL,
    kind TEXT NOT NULL,
    filed_at TEXT NOT NULL,
    filed_by TEXT,
    summary TEXT NOT NULL DEFAULT '',
    areas_planned INTEGER,
    areas_patrolled INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (date, unit, filed_at),
    CONSTRAINT reports_kind_known CHECK (kind IN ('zero', 'daily')),
    CONSTRAINT reports_areas_not_negative CHECK (areas_planned >= 0 AND areas_patrolled >= 0)
) WITHOUT ROWID;
CREATE INDEX reports_by_unit ON reports (unit, date);
"""
_IMPORT = "PRAGMA synchronous = FULL;\n.mode csv\n.import --skip 1 {file} reports\n"


def measurements(place: Place) -> Iterator[Measurement]:
    """Yield imports beside those of peers, the second import of a file, and the memory."""
    rows, spoilt = (1_000_000, 2_000) if place.full else (20_000, 40)
    files = _Files(place, rows, spoilt)
    what = f"import of {rows:,} reports, {spoilt:,} of them rejected"
    first: list[Sample] = []
    again: list[Sample] = []

    def product() -> float:
        store = files.fresh_store()
        first.append(files.taken_in(store))
        again.append(files.taken_in(store))
        return first[-1].cpu

    times = max(3, place.times // 3)
    if shell() is None:
        product()
        missing = "the sqlite3 shell is not installed"
        yield Measurement("shell", what, "s CPU", floor=Floor(1.8), missing=missing)
    else:
        own, other = alternating(product, files.by_shell, times, warm=not place.full)
        yield Measurement("shell", what, "s CPU", own, other, "sqlite3 .import", Floor(1.8))
    firsts, seconds = ([sample.cpu for sample in runs] for runs in (first, again))
    same = "the same file again"
    yield Measurement("again", same, "s CPU", seconds, firsts, "its first import", Floor(0.6))
    peak = [max(sample.peak for sample in (*first, *again)) / 1e6]
    yield Measurement("memory", f"{what}, at the largest", "MB", peak, floor=Floor(400))
    for name, limit, by in (
        ("sqlite-utils insert --csv", 6.0, files.by_command),
        ("sqlite-utils insert_all, one transaction", 1.0, files.by_insert_all),
    ):
        floor = Floor(limit, ahead=True)
        try:
            own, other = alternating(product, by, 1, warm=False)
        except Failed as error:
            yield Measurement("sqlite-utils", what, "s CPU", floor=floor, missing=str(error))
            continue
        yield Measurement("sqlite-utils", what, "s CPU", own, other, name, floor)


class _Files:
    """The files of one size, and each program's way of taking them in."""

    def __init__(self, place: Place, rows: int, spoilt: int) -> None:
        self._place = place
        self._registry = place.scratch / "guangzhou"
        codes = guangzhou(self._registry)
        # The peers that give up at the first bad row are given the good ones.
        self._table = self._history(codes, f"reports-{rows}.csv", rows, spoilt)
        self._good = self._history(codes, f"reports-{rows}-good.csv", rows, 0)
        self._founded = built(place.folder / f"import-{len(codes)}.db", self._found)

    def _history(self, codes: list[str], name: str, rows: int, spoilt: int) -> Path:
        def write(path: Path) -> None:
            self._place.say(f"writing {name}")
            write_history(path, codes, rows, spoilt)

        return built(self._place.folder / name, write)

    def _found(self, path: Path) -> None:
        self._place.say(f"founding {path.stem}")
        words = ("init", "--registry", str(self._registry), "--starts", FIRST.isoformat())
        run(lianluo(path, *words), self._place.scratch)

    def fresh_store(self) -> Path:
        """Return a store that owes every report and has none."""
        store = self._place.scratch / "city.db"
        for old in self._place.scratch.glob("city.db*"):
            old.unlink()
        shutil.copyfile(self._founded, store)
        return store

    def taken_in(self, store: Path) -> Sample:
        """Import the table; it is what rejects rows that exit code 1 says."""
        words = ("import", "reports", str(self._table), "--keep-going")
        return run(lianluo(store, *words), self._place.scratch, allowed=(0, 1))

    def _empty(self) -> Path:
        path = self._place.scratch / "peer.db"
        for old in self._place.scratch.glob("peer.db*"):
            old.unlink()
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_TABLE)
        connection.close()
        return path

    def by_shell(self) -> float:
        """Import the table with the `sqlite3` shell, which passes over what its checks refuse."""
        words = self._place.scratch / "import.sql"
        words.write_text(_IMPORT.format(file=self._table), encoding="utf-8")
        with words.open("rb") as said:
            command = [str(shell()), str(self._empty())]
            return run(command, self._place.scratch, stdin=said, allowed=(0, 1)).cpu

    def by_command(self) -> float:
        """Import the good rows with `sqlite-utils insert --csv`."""
        program = self._place.peer("sqlite-utils").with_name("sqlite-utils")
        words = [str(program), "insert", str(self._empty()), "reports", str(self._good), "--csv"]
        return run(words, self._place.scratch).cpu

    def by_insert_all(self) -> float:
        """Import the good rows with sqlite-utils' `insert_all` in one transaction."""
        python = self._place.peer("sqlite-utils")
        words = [str(python), str(INSERT_ALL), str(self._empty()), str(self._good)]
        return run(words, self._place.scratch).cpu
