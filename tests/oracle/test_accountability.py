"""Every figure of the check and the targets computed again from exports alone (R8, R10, R11, R18).

The demo city goes out as tables and JSON, as anybody would export it, and comes back as figures by
a reading that uses nothing of the program.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from domain.people import Actor
from domain.settings import CityRules
from exchange.demo import found_demo
from tests.oracle import reading
from tests.oracle.reading import City, Rules, Table
from tests.oracle.test_command_line import Program

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 8, 26, 3, tzinfo=UTC)
FIRST, LAST = date(2026, 7, 1), date(2026, 12, 31)
BASES = {
    "found": (False, False),
    "net_rectified": (True, False),
    "net_key": (False, True),
    "net_both": (True, True),
}
STATES = ("in_time", "late", "overdue", "open", "dropped")
ORDER = ("stop", "verify", "report", "file", "decide", "rectify")


@dataclass
class Exported:
    """What the program gave out: tables as rows of text, matters as JSON, and its own figures."""

    tables: dict[str, list[Table]]
    matters: list[Table]
    figures: dict[tuple[str, str, str | None], Table]
    program: Program


@pytest.fixture(scope="module")
def out() -> Iterator[Exported]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.toml").write_text("", encoding="utf-8")
        actor = Actor("admin", "admin", "host")
        found_demo(folder / "s.db", CityRules(), actor, int(NOW.timestamp())).close()
        program = Program(folder)

        def table(kind: str) -> list[Table]:
            text = program("export", kind, at=NOW).lstrip("\ufeff")
            return list(csv.DictReader(io.StringIO(text)))

        kinds = ("units", "schedules", "exemptions", "reports", "findings")
        tables = {kind: table(kind) for kind in kinds}
        numbers = [row["number"] for row in program.read("matter", "list", as_of=NOW)]
        matters = [program.read("matter", "show", number, as_of=NOW) for number in numbers]
        figures = {
            (row["unit"], row["figure"], row["basis"]): row
            for row in program.read("assess", "--period", "2026H2", as_of=NOW)
        }
        yield Exported(tables, matters, figures, program)


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def local(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(ZONE).date()


def city_of(out: Exported) -> City:
    """Return the exported registry and reports as the naive reading takes them."""

    def valid(row: Table) -> Table:
        return row | {name: day_of(row[name]) for name in ("valid_from", "valid_to")}

    def blank(row: Table) -> Table:
        return {name: value or None for name, value in row.items()}

    kinds = dict.fromkeys(("region", "city", "town", "team"), "none")
    filings = [
        row | {"date": date.fromisoformat(row["date"]), "filed_at": instant(row["filed_at"])}
        for row in out.tables["reports"]
    ]
    rules = Rules(
        "17:00",
        "23:59",
        {**kinds, "department": "workdays", "district": "daily"},
        [],
        [],
        [valid(blank(row)) for row in out.tables["schedules"]],
    )
    free = [
        {
            "unit": row["unit"],
            "first": date.fromisoformat(row["from"]),
            "last": date.fromisoformat(row["to"]),
        }
        for row in out.tables["exemptions"]
    ]
    starts = NOW.astimezone(ZONE).date() - timedelta(days=60)
    return City(
        "Asia/Shanghai", starts, [rules], [valid(row) for row in out.tables["units"]], free, [],
        filings,
    )  # fmt: skip


def test_reporting_on_time_and_zero_shares(out: Exported) -> None:
    today = NOW.astimezone(ZONE).date()
    naive = reading.rates(city_of(out), FIRST, today, NOW, "unit")
    assert len(naive) > 25
    parts = {
        "reporting": ("received", "expected"),
        "on_time": ("on_time", "expected"),
        "zero": ("zero", "received"),
    }
    for unit, counts in naive.items():
        for figure, (part, whole) in parts.items():
            row = out.figures[unit, figure, None]
            assert (row["part"], row["whole"]) == (counts[part], counts[whole])
            exact = Fraction(counts[part], counts[whole]) if counts[whole] else None
            assert row["rate"] == (None if exact is None else float(exact))
        beside = out.figures[unit, "reporting", None]["beside"]
        assert (beside["pending"], beside["exempt"]) == (counts["pending"], counts["exempt"])
        assert beside["missing"] == counts["missing"]


def workdays(first: date, last: date) -> int:
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(chinese_calendar.is_workday(day) for day in days)


def test_steps_notices_requests_and_explanations(out: Exported) -> None:
    kinds = {"notice": "notices", "assist": "assists", "reconcile": "explained"}
    counts: dict[tuple[str, str], Table] = {}
    today = NOW.astimezone(ZONE).date()
    for matter in out.matters:
        figure = kinds.get(matter["workflow"], "steps")
        for step in matter["steps"]:
            due = instant(step["due_at"])
            if step["started_at"] is None or due is None:
                continue
            day = local(step["due_at"])
            if figure == "explained":
                day = date.fromisoformat(matter["origin"].split("/")[1])
            if not FIRST <= day <= LAST:
                continue
            ended = step["ended_at"] or (
                matter["closed_at"] if step["progress"] == "dropped" else None
            )
            row = counts.setdefault(
                (step["unit"], figure),
                {
                    "in_time": 0,
                    "late": 0,
                    "overdue": 0,
                    "open": 0,
                    "dropped": 0,
                    "done": [],
                    "still": [],
                },
            )
            began = local(step["started_at"])
            still = any(
                date.fromisoformat(span["from"]) <= today <= date.fromisoformat(span["to"])
                for span in matter["suspensions"]
            )
            end = instant(ended)
            if step["progress"] == "dropped" and end is not None and end <= due:
                row["dropped"] += 1
            elif ended and end is not None:
                row["in_time" if end <= due else "late"] += 1
                row["done"].append(workdays(began, local(ended)))
            else:
                row["overdue" if due < NOW and not still else "open"] += 1
                row["still"].append(workdays(began, today))
    told = {
        (unit, figure): row
        for (unit, figure, _), row in out.figures.items()
        if figure in (*kinds.values(), "steps")
    }
    assert counts.keys() <= told.keys()
    assert len(counts) > 25
    for key, row in told.items():
        naive = counts.get(key)
        if naive is None:
            assert row["whole"] == 0
            continue
        assert row["part"] == naive["in_time"], key
        assert row["whole"] == naive["in_time"] + naive["late"] + naive["overdue"], key
        for name in ("late", "overdue", "open", "dropped"):
            assert row["beside"][name] == naive[name], (key, name)
        assert row["median_workdays"] == (median(naive["done"]) if naive["done"] else None), key
        assert row["oldest_workdays"] == max(naive["still"], default=None), key


def reached(matter: Table) -> dict[str, str]:
    """Return which steps stand done, with when: what is opened again is undone from there on."""
    done: dict[str, str] = {}
    for entry in matter["entries"]:
        if entry["act"] == "done":
            done[entry["step"]] = entry["at"]
        elif entry["act"] == "reopen":
            for step in ORDER[ORDER.index(entry["step"]) :]:
                done.pop(step, None)
    return done


def cases_of(out: Exported) -> list[Table]:
    """Return the findings' matters as the targets count them, from the exports alone."""
    units = {row["code"]: row for row in out.tables["units"]}

    def district(code: str | None) -> str | None:
        while code and units[code]["kind"] != "district":
            code = units[code]["parent"]
        return code or None

    newest: dict[tuple[str, str], int] = {}
    for row in out.tables["findings"]:
        key = (row["date"], row["unit"])
        newest[key] = max(newest.get(key, 0), int(row["revision"]))
    said: dict[tuple[str, ...], list[Table]] = {}
    for row in out.tables["findings"]:
        if int(row["revision"]) == newest[row["date"], row["unit"]]:
            here = (row["date"], row["unit"], row["place"], row["location"])
            said.setdefault(here, []).append(row)
    found = []
    for matter in out.matters:
        if matter["workflow"] != "finding":
            continue
        day, unit, number = matter["origin"].split("/")
        placed = said[day, unit, matter["place"] or unit, matter["location"]]
        row = next((each for each in placed if each["no"] == number), placed[0])
        area = int(row["area"])
        cultivated = int(
            row["cultivated_area"] or (area if row["land_class"] == "cultivated" else 0)
        )
        whole = row["land_class"] in ("cultivated", "other_agricultural")
        done = reached(matter)
        found.append(
            {
                "district": district(matter["place"]) or district(matter["unit"]),
                "found": local(matter["opened_at"]),
                "filed": local(done["file"]) if "file" in done else None,
                "decided": "decide" in done,
                "rectified": "rectify" in done,
                "closed": matter["closed_at"] is not None,
                "outcome": matter["outcome"],
                "area": area,
                "cultivated": cultivated,
                "agricultural": area if whole else cultivated,
                "plan": row["conforms_plan"],
                "key": row["key_project"],
            }
        )
    return found


def naive_target(target: str, case: Table) -> tuple[int, int] | None:
    """Return what a case adds to x and y of a target, by the words of the guide."""
    outcome = case["outcome"]
    year = case["filed"] if target == "closing" else case["found"]
    if year is None or year.year != 2026:
        return None
    if target == "closing":
        return int(case["closed"]), 1
    if outcome == "unfounded":
        return None
    if target == "filing":
        left = outcome == "transferred" and case["filed"] is None
        return None if left else (int(case["filed"] is not None), 1)
    if target == "investigation":
        return int(case["decided"] or outcome == "transferred"), 1
    if target == "farmland":
        return case["cultivated"], 0
    if target.startswith("restored"):
        weight = case["agricultural"] if target.endswith("area") else int(case["agricultural"] > 0)
        return weight * (outcome == "restored"), weight
    if case["plan"] != "no":
        return None
    weight = case["area"] if target.endswith("area") else 1
    return weight * (outcome in ("demolished", "restored")), weight


def test_the_targets_of_every_district_on_every_basis(out: Exported) -> None:
    cases = cases_of(out)
    assert len(cases) > 100
    targets = (
        "filing",
        "investigation",
        "closing",
        "farmland",
        "restored",
        "restored_area",
        "demolished",
        "demolished_area",
    )
    districts = {unit for unit, figure, _ in out.figures if figure == "filing"}
    assert len(districts) == 11
    for unit in districts:
        for target in targets:
            for basis, (net, key) in BASES.items():
                part = whole = 0
                for case in cases:
                    if case["district"] != unit or (net and case["rectified"]):
                        continue
                    if key and case["key"] in ("national", "provincial"):
                        continue
                    adds = naive_target(target, case)
                    if adds is not None:
                        part, whole = part + adds[0], whole + adds[1]
                row = out.figures[unit, target, basis]
                assert row["part"] == part, (unit, target, basis)
                if target != "farmland":
                    assert row["whole"] == whole, (unit, target, basis)
                    line = Fraction(9, 10) if target == "closing" else Fraction(1)
                    met = None if not whole else Fraction(part, whole) >= line
                    assert row["met"] is met
                elif row["whole"]:
                    ratio = Fraction(part, row["whole"])
                    assert row["met"] is (ratio <= Fraction(3, 20))
                    assert row["touched"] is (ratio >= Fraction(3, 20))
                    assert row["whole"] == row["entered"]["value"]


def test_rows_add_up_to_the_figures(out: Exported) -> None:
    for figure in ("reporting", "zero", "contradicted", "steps", "explained", "closing"):
        sums: dict[str, list[int]] = {}
        words = ("assess", "rows", figure, "--period", "2026H2")
        for row in out.program.read(*words, as_of=NOW):
            own = sums.setdefault(row["unit"], [0, 0])
            own[0] += row["part"]
            own[1] += row["whole"]
        basis = "found" if figure == "closing" else None
        told: dict[str, Any] = {
            unit: [row["part"], row["whole"]]
            for (unit, name, on), row in out.figures.items()
            if (name, on) == (figure, basis)
        }
        assert {unit: own for unit, own in told.items() if any(own)} == {
            unit: own for unit, own in sums.items() if any(own)
        }
