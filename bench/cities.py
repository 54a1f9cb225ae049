"""What the bench is fed with: registries and histories, the same on every machine.

Nothing here is measured, and nothing is random: numbers that look it come from a fixed sequence.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from bench.measure import ROOT

NATION = ROOT / "bench" / "data" / "nation.csv"
"""The divisions of China down to its 41,352 towns; `bench/data/README.md` says where from."""

FIRST = date(2012, 1, 1)
"""The first day of every history."""

HEADER = (
    "unit",
    "date",
    "kind",
    "filed_at",
    "filed_by",
    "summary",
    "areas_planned",
    "areas_patrolled",
    "reason",
)
_ZERO = "按计划巡查各片,未发现违法用地。"
_DAILY = "在{place}号地块发现新增硬化地面{area}平方米,已制止并责令恢复,明日复查。"
_AMENDED = "补充核实情况"
_AMENDED_EVERY = 500
_DAILY_EVERY = 8
_SPOILERS: tuple[Callable[[list[str]], None], ...] = (
    lambda row: row.__setitem__(0, f"{row[0]}X"),
    lambda row: row.__setitem__(1, f"{row[1][:7]}-32"),
    lambda row: row.__setitem__(2, "零"),
    lambda row: row.__setitem__(3, f"{row[1]} 25:61"),
    lambda row: row.__setitem__(6, "若干"),
    lambda row: row.__setitem__(7, ""),
)


def built(path: Path, build: Callable[[Path], None]) -> Path:
    """Return `path`, built by `build` unless it is there from an earlier run."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        begun = path.with_name(f"{path.name}.begun")
        build(begun)
        begun.rename(path)
    return path


def guangzhou(folder: Path) -> list[str]:
    """Write a registry of Guangzhou's 209 units, all owing a report every day; return their codes.

    Their validity is left out: what is measured are rows, and every row is to be a good one.
    """
    with (ROOT / "registry" / "guangzhou" / "units.csv").open(encoding="utf-8", newline="") as file:
        units = list(csv.DictReader(file))
    return _registry(folder, units)


def nation(folder: Path, towns: int) -> list[str]:
    """Write a registry of the first `towns` towns of China and all above them; return the towns."""
    with NATION.open(encoding="utf-8", newline="") as file:
        units = list(csv.DictReader(file))
    codes = [unit["code"] for unit in units if unit["kind"] == "town"][:towns]
    kept = set(codes)
    for unit in reversed(units):
        if unit["code"] in kept and unit["parent"]:
            kept.add(unit["parent"])
    _registry(folder, [unit for unit in units if unit["code"] in kept], codes)
    return codes


def _registry(
    folder: Path, units: list[dict[str, str]], owing: list[str] | None = None
) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "units.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("code", "name", "kind", "parent"))
        rows.writerows((u["code"], u["name"], u["kind"], u["parent"]) for u in units)
    owing = [unit["code"] for unit in units] if owing is None else owing
    with (folder / "schedules.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("unit", "days"))
        rows.writerows((code, "daily") for code in owing)
    return owing


def history(codes: list[str], rows: int, spoilt: int = 0) -> Iterator[list[str]]:
    """Yield `rows` rows of a table of reports, day by day; `spoilt` of them cannot stand.

    One in five hundred is an amendment, one in eight a daily report; one in sixteen came late.
    """
    every = rows // spoilt if spoilt else 0
    for number, row in enumerate(_good(codes, rows)):
        if every and number % every == every // 2 and number // every < spoilt:
            _SPOILERS[number // every % len(_SPOILERS)](row)
        yield row


def _good(codes: list[str], rows: int) -> Iterator[list[str]]:
    count = 0
    offset = 0
    while True:
        day = FIRST + timedelta(days=offset)
        text = day.isoformat()
        for place, code in enumerate(codes):
            if count == rows:
                return
            turn = (offset * 7919 + place * 104729) % 86_400
            clock = turn % 3_000 + (61_000 if turn % 16 == 0 else 58_000)
            at = f"{text} {clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"
            daily = turn % _DAILY_EVERY == 0
            summary = _DAILY.format(place=turn, area=turn % 997 + 20) if daily else _ZERO
            kind = "daily" if daily else "zero"
            planned = str(place % 9 + 4)
            yield [code, text, kind, at, f"{code}联络员", summary, planned, planned, ""]
            count += 1
            if count % _AMENDED_EVERY == 0 and count < rows:
                later = f"{text} 22:{place % 60:02}:00"
                found = _DAILY.format(place=place, area=turn % 997 + 20)
                who = f"{code}联络员"
                yield [code, text, "daily", later, who, found, planned, planned, _AMENDED]
                count += 1
        offset += 1


def write_history(path: Path, codes: list[str], rows: int, spoilt: int = 0) -> None:
    """Write a table of reports as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        out.writerows(history(codes, rows, spoilt))
