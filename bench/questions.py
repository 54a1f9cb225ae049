"""What a question costs on a country's store, beside one of a district and a day.

Whole commands are held against the same command on the smallest store there can be; what the
screens ask is measured inside one process, and must not grow with the store's age.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.asking import HALF_YEAR
from bench.cities import NATION, built, guangzhou
from bench.measure import Floor, Measurement, Place, alternating, answers, lianluo, run
from bench.stores import TOWNS, build, registry_of
from domain.schedules import Days
from domain.settings import CityRules

DISTRICT = "110101"
"""The first district of the country's registry, which the smaller store has alone."""
_CITY_ZONE = timedelta(hours=8)
_AT_ONCE = 3
"""How often a question is asked in one process."""
_COMMANDS = (
    ("board", ("board", "--under", DISTRICT)),
    ("overdue", ("overdue", "--under", DISTRICT)),
    ("due", ("due", "--under", DISTRICT)),
    ("rates", ("rates", "--from", "-29", "--to", "today", "--under", DISTRICT)),
)


def measurements(place: Place) -> Iterator[Measurement]:
    """Yield commands, then questions inside a process, then the opening of a day."""
    days = (36, 365) if place.full else (5, 30)
    younger, older = (nation(place, number) for number in days)
    yield from _commands(place, older)
    yield from _inside(place, "the country", younger, older, days)
    days = (36, 3650) if place.full else (5, 365)
    younger, older = (_city(place, number) for number in days)
    yield from _inside(place, "a city", younger, older, days)
    yield from _opening(place, nation(place, 365 if place.full else 30))


def nation(place: Place, days: int) -> Path:
    """Return the store of a country of 41,352 towns up to yesterday, built once a day."""
    return _store(place, "nation", days, NATION, TOWNS)


def _city(place: Place, days: int) -> Path:
    """Return the store of Guangzhou's 209 units, all of which report daily."""
    registry = place.scratch / "guangzhou"
    guangzhou(registry)
    return _store(place, "city", days, registry / "units.csv", dict.fromkeys(TOWNS, Days.DAILY))


def _store(place: Place, name: str, days: int, units: Path, schedules: Mapping[str, Days]) -> Path:
    def build_it(path: Path) -> None:
        place.say(f"building {path.stem}")
        registry = place.scratch / name
        registry.mkdir(exist_ok=True)
        shutil.copyfile(units, registry / "units.csv")
        rules = CityRules(schedules=dict(schedules))
        build(path, registry_of(registry), days, rules=rules, last=_yesterday())

    return built(place.folder / f"{name}-{days}-{_yesterday()}.db", build_it)


def _yesterday() -> date:
    return (datetime.now(UTC) + _CITY_ZONE).date() - timedelta(days=1)


def _district(place: Place) -> Path:
    """Return the store of one district with its towns, and one day."""
    units = place.scratch / "district.csv"
    with NATION.open(encoding="utf-8") as file:
        lines = file.read().splitlines()
    kept = [line for line in lines[1:] if line.split(",")[0] == DISTRICT]
    towns = [line for line in lines[1:] if line.split(",")[3] == DISTRICT]
    alone_now = [",".join([*line.split(",")[:3], ""]) for line in kept]
    units.write_text("\n".join([lines[0], *alone_now, *towns, ""]), encoding="utf-8")
    return _store(place, "district", 1, units, TOWNS)


def opened(place: Place, store: Path, name: str) -> Path:
    """Return a copy that has today's expected reports, so that no command creates them."""
    copy = place.scratch / name
    shutil.copyfile(store, copy)
    run(lianluo(copy, "board", "--under", DISTRICT), place.scratch)
    return copy


def _commands(place: Place, store: Path) -> Iterator[Measurement]:
    large = opened(place, store, "large.db")
    small = opened(place, _district(place), "small.db")
    against = "the same, one district and one day"
    for name, words in _COMMANDS:
        own, other = alternating(
            lambda words=words: run(lianluo(large, *words), place.scratch).cpu * 1000,  # type: ignore[misc]
            lambda words=words: run(lianluo(small, *words), place.scratch).cpu * 1000,  # type: ignore[misc]
            place.times,
        )
        what = f"lianluo {name} of a district, the country's store"
        yield Measurement(name, what, "ms CPU", own, other, against, Floor(1.3))
    with NATION.open(encoding="utf-8") as file:
        towns = [line.split(",")[0] for line in file if line.rstrip().endswith(f",{DISTRICT}")]
    codes = {large: iter(towns * 9), small: iter(towns * 9)}

    def filed(store: Path) -> float:
        code = next(codes[store])
        words = ("file", "zero", "--unit", code, "--areas", "6/6")
        return run(lianluo(store, *words), place.scratch, allowed=(0, 4)).cpu * 1000

    times = min(place.times, len(towns) - 1)
    own, other = alternating(lambda: filed(large), lambda: filed(small), times)
    what = "lianluo file zero, the country's store"
    yield Measurement("file", what, "ms CPU", own, other, against, Floor(1.3))


def _inside(
    place: Place, of: str, younger: Path, older: Path, days: tuple[int, ...]
) -> Iterator[Measurement]:
    found: dict[Path, dict[str, list[float]]] = {younger: {}, older: {}}
    # Often and little: a processor that is quicker for a while is so for both.
    for turn in range(place.times):
        for store in (younger, older) if turn % 2 else (older, younger):
            for what, times in asked(place, store).items():
                found[store].setdefault(what, []).extend(times)
    for what, times in found[older].items():
        name = f"{of}, {days[1]:,} days: {what}"
        yield Measurement("inside", name, "ms CPU", times, floor=Floor(10))
        if what.startswith(HALF_YEAR):
            # More is asked of the store that has more months: it is not the same question.
            continue
        against = f"the same, {days[0]} days"
        yield Measurement("age", name, "ms CPU", times, found[younger][what], against, Floor(1.4))


def asked(place: Place, store: Path) -> dict[str, list[float]]:
    """Return the processor's milliseconds of each question, asked several times in one process."""
    return dict(answers(place, "bench.asking", "ask", str(store), str(_AT_ONCE)))


def _opening(place: Place, store: Path) -> Iterator[Measurement]:
    """Yield what today's expected reports cost, and what a reader meanwhile waits at most."""
    opened: list[float] = []
    waited: list[float] = []
    for _ in range(3):
        copy = place.scratch / "opening.db"
        for old in place.scratch.glob("opening.db*"):
            old.unlink()
        shutil.copyfile(store, copy)
        with copy.open("rb+") as file:
            # The system is not to be at the copy still.
            os.fsync(file.fileno())
        found = answers(place, "bench.asking", "open", str(copy))
        opened += found["opened"]
        waited += found["waited"]
    what = "creating the day's expected reports, the country's store"
    yield Measurement("open", what, "ms CPU", opened, floor=Floor(300))
    yield Measurement("readers", "a reader's longest wait meanwhile", "ms", waited)
