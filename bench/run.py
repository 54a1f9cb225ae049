"""Measure start-up, import and lists: `make bench`, or `make bench ARGS='--units 5000 --days 60'`.

Founds a city of its own in a temporary folder, has every unit file every day, and prints how long
the program takes for what people do most: each number is the median of several calls, in
milliseconds, the start of Python included. On a shared machine trust ratios.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = date(2025, 1, 1)
MISSING = 50
"""One report in so many is not filed, so that something is overdue."""


def registry(folder: Path, units: int) -> None:
    """Write a registry: one city, and under it as many districts as are asked for."""
    with (folder / "units.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("code", "name", "kind", "parent"))
        rows.writerow(("C", "市", "city", ""))
        rows.writerows((f"D{number}", f"第{number}区", "district", "C") for number in range(units))


def filings(path: Path, units: int, days: int) -> int:
    """Write a table of zero reports, all on time; return its number of rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("unit", "date", "kind", "filed_at", "areas_planned", "areas_patrolled"))
        for offset in range(days):
            day = FIRST + timedelta(days=offset)
            for number in range(units):
                if (number + offset) % MISSING:
                    rows.writerow((f"D{number}", day, "zero", f"{day} 16:30", 6, 6))
                    count += 1
    return count


def elapsed(folder: Path, *words: str) -> float:
    """Return the milliseconds of one call of the program; exits with its words if it fails."""
    alone = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    command = [sys.executable, str(ROOT / "cli.py"), "--store", str(folder / "city.db"), *words]
    begun = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=alone,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    took = (time.perf_counter() - begun) * 1000
    if done.returncode:
        sys.exit(f"lianluo {' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    return took


def questions(days: int) -> Iterator[tuple[str, ...]]:
    """Yield the calls that are measured on the full store."""
    last = FIRST + timedelta(days=days - 1)
    as_of = ("--as-of", f"{last} 18:00")
    span = ("--from", str(max(FIRST, last - timedelta(days=29))), "--to", str(last))
    yield ("--help",)
    yield ("board", str(last), *as_of)
    yield ("board", *span, "--under", "D1", *as_of)
    yield ("overdue", *as_of)
    yield ("due", *as_of)
    yield ("rates", *span, *as_of)
    yield ("explain", f"R-{last:%Y%m%d}-D1", *as_of)
    yield ("network", "vertical", "--date", str(last), *as_of)
    yield ("export", "reports", "--from", str(last))


def measure(units: int, days: int, times: int) -> Iterator[tuple[str, float]]:
    """Yield what was measured, with its milliseconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        registry(folder, units)
        table = folder / "reports.csv"
        count = filings(table, units, days)
        found = ("init", "--registry", str(folder), "--starts", str(FIRST))
        yield f"init, {units} units", elapsed(folder, *found)
        yield f"import of {count} reports", elapsed(folder, "import", "reports", str(table))
        yield "the same import again", elapsed(folder, "import", "reports", str(table))
        for words in questions(days):
            took = statistics.median(elapsed(folder, *words) for _ in range(times))
            yield " ".join(words), took


def main() -> None:
    """Print each measure as it is known."""
    parser = argparse.ArgumentParser(description="Measure start-up, import and lists.")
    parser.add_argument("--units", type=int, default=500, help="units that file every day")
    parser.add_argument("--days", type=int, default=90, help="days of reports")
    parser.add_argument("--times", type=int, default=5, help="calls of which the median is taken")
    asked = parser.parse_args()
    for what, took in measure(asked.units, asked.days, asked.times):
        print(f"{took:10.0f} ms  {what}", flush=True)


if __name__ == "__main__":
    main()
