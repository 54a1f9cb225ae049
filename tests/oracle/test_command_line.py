"""Random cities through the front door: founded from a folder, imported, read back as JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cli
from tests.oracle import reading
from tests.oracle.reading import City, Table
from tests.oracle.test_agreement import begin, moment
from tests.oracle.worlds import SPAN, cities, filings, seconds

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "30"))


class Program:
    """The program at one store, called by an admin at chosen instants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.at = 0

    def __call__(self, *words: str, at: datetime | None = None) -> str:
        """Return what a call prints; it has to succeed."""
        if at is not None:
            self.at = seconds(at)
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        with (
            mock.patch("commands.call.now", return_value=self.at),
            mock.patch("commands.call.login", return_value="admin"),
            mock.patch("sys.stdout", out),
            mock.patch("sys.stderr", err),
        ):
            store, config = self.folder / "s.db", self.folder / "config.toml"
            code = cli.main(["--store", str(store), "--config", str(config), *words])
        printed = [stream.buffer.getvalue().decode() for stream in (out, err)]
        assert code == 0, (words, code, printed)
        return "".join(printed) if words[0] == "import" else printed[0]

    def read(self, *words: str, as_of: datetime) -> Any:
        """Return the JSON of a reading command as of an instant."""
        return json.loads(self(*words, "-f", "json", "--as-of", f"{as_of:%Y-%m-%dT%H:%M:%SZ}"))


def write(path: Path, rows: Sequence[Table], columns: dict[str, str]) -> None:
    """Write rows as CSV; `columns` names what each column is called in the rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        for row in rows:
            values = [row[name] for name in columns.values()]
            table.writerow(["" if value is None else value for value in values])


def enter(folder: Path, city: City, data: st.DataObject) -> None:
    """Write the registry folder, the configuration and the reports of a city."""
    valid = {"valid_from": "valid_from", "valid_to": "valid_to"}
    place = folder / "registry"
    place.mkdir()
    for unit in city.units:
        unit["name"] = f"unit {unit['code']}"
    plain = {name: name for name in ("code", "name", "kind", "parent")}
    write(place / "units.csv", city.units, plain | valid)
    same = {name: name for name in ("unit", "days", "cutoff", "late_until")}
    write(place / "schedules.csv", city.rules[0].schedules, same | valid)
    free = [row | {"reason": "x"} for row in city.exemptions]
    columns = {"unit": "unit", "from": "first", "to": "last", "reason": "reason"}
    write(place / "exemptions.csv", free, columns)
    ends = {name: name for name in ("network", "from", "to")}
    write(place / "links.csv", city.links, ends | valid)

    rules = city.rules[0]
    days = "\n".join(f'{kind} = "{days}"' for kind, days in rules.days_by_kind.items())
    (folder / "config.toml").write_text(
        f'timezone = "{city.zone}"\ncutoff = "{rules.cutoff}"\n'
        f'late_until = "{rules.late_until}"\n'
        f"extra_holidays = {[day.isoformat() for day in rules.extra_holidays]}\n"
        f"extra_workdays = {[day.isoformat() for day in rules.extra_workdays]}\n"
        f"[schedules]\n{days}\n",
        encoding="utf-8",
    )

    numbers: dict[tuple[str, date], int] = {}
    rows = []
    for row in city.filings:
        key = (row["unit"], row["date"])
        number = numbers[key] = numbers.get(key, 0) + 1
        rows.append(
            row
            | {
                "filed_at": f"{row['filed_at']:%Y-%m-%dT%H:%M:%SZ}",
                "summary": f"revision {number}",
                "reason": "because" if number > 1 else "",
            }
        )
    names = ("unit", "date", "kind", "filed_at", "summary", "reason")
    shuffled = data.draw(st.permutations(rows), label="order of rows")
    write(folder / "reports.csv", shuffled, {name: name for name in names})


def one_at_a_time(rows: list[Table]) -> list[Table]:
    """Leave out filings of one day at one second: their order is nobody's knowledge."""
    seen = {(row["unit"], row["date"], row["filed_at"]): row for row in rows}
    return list(seen.values())


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(cities(), st.data())
def test_imported_and_read_back(city: City, data: st.DataObject) -> None:
    drawn = data.draw(filings(city, lambda day: begin(city, day)), label="filings")
    city.filings = one_at_a_time(drawn)
    founding = moment(city, data, "founding")
    importing = max([founding, *(row["filed_at"] for row in city.filings)])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        enter(folder, city, data)
        program = Program(folder)
        starts = ("--starts", city.starts.isoformat())
        program("init", "--registry", str(folder / "registry"), *starts, at=founding)
        table = str(folder / "reports.csv")
        said = program("import", "reports", table, at=importing)
        days = len({(row["unit"], row["date"]) for row in city.filings})
        amended = len(city.filings) - days
        assert f"imported {days} new, {amended} amended, 0 unchanged, 0 rejected" in said
        said = program("import", "reports", table)
        assert f"imported 0 new, 0 amended, {days + amended} unchanged, 0 rejected" in said
        for number in range(2):
            compare(program, city, moment(city, data, f"instant {number}"))


def compare(program: Program, city: City, at: datetime) -> None:
    """Hold the JSON of the reading commands to the reading."""
    first, last = city.starts - timedelta(1), city.starts + timedelta(SPAN)
    span = ("--from", first.isoformat(), "--to", last.isoformat())
    shown = [
        (row["date"], row["unit"], row["status"], row["report"], row["revision"], row["due_at"])
        for row in program.read("board", *span, as_of=at)
    ]
    assert shown == [
        (
            day.isoformat(),
            code,
            state,
            kind,
            revision,
            due and f"{due:%Y-%m-%dT%H:%M:%SZ}",
        )
        for day, code, state, kind, revision, due in reading.board(city, first, last, at)
    ]
    horizon = last + timedelta(9)
    late = program.read("overdue", as_of=at)
    assert [(row["id"], row["overdue_seconds"]) for row in late] == reading.overdue(
        city, at, horizon
    )
    coming = program.read("due", "--within", "2d", as_of=at)
    until = at + timedelta(days=2)
    assert [row["id"] for row in coming] == reading.falling_due(city, at, until, horizon)
    for by in ("unit", "network", "district", "month", "day"):
        naive = reading.rates(city, first, last, at, by)
        rows = program.read("rates", *span, "--by", by, as_of=at)
        assert {row["group"] for row in rows} == naive.keys()
        for row in rows:
            counts = naive[row.pop("group")]
            for key, value in row.items():
                exact = counts[key]
                assert value == (None if exact is None else float(exact)), (by, key)
