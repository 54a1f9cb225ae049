"""Asks a store inside one process and prints how long each answer took: `bench.questions` runs it.

`ask STORE TIMES` asks what the screens ask; `open STORE` creates the day's expected reports while
another connection reads.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from actions.board import totals, unfiled
from actions.expecting import roll
from actions.overdue import overdue_page
from actions.rates import Grouping, rates
from domain.units import Kind
from storage import units
from storage.store import Store, open_store
from storage.units import Selection

THIRTY_DAYS = "thirty days' rates of"
HALF_YEAR = "half-year rates of"
"""How questions begin whose answer has as many months as the store has."""

_PAGE = 50
_HALF_YEAR = 182
_THIRTY_DAYS = 29


def ask(path: Path, times: int) -> dict[str, list[float]]:
    """Return the milliseconds of processor of each question, `times` after one for nothing."""
    with open_store(path) as store:
        last = store.through
        at = store.zone.end_of(last) - 3600
        everything = Selection()
        asked: dict[str, Callable[[], object]] = {
            "who has not filed today, a page": lambda: unfiled(
                store, last, everything, at, most=_PAGE
            ),
            "how many have not filed today": lambda: totals(store, last, last, everything, at),
            "top of the overdue list": lambda: overdue_page(store, at, everything, most=_PAGE),
        }
        for name, node in _nodes(store):
            for span, days in ((THIRTY_DAYS, _THIRTY_DAYS), (HALF_YEAR, _HALF_YEAR)):
                first = max(store.starts, last - timedelta(days=days))
                asked[f"{span} {name}"] = partial(
                    rates, store, first, last, node, at, Grouping.MONTH
                )
        found: dict[str, list[float]] = {}
        for what, question in asked.items():
            question()
            found[what] = [_milliseconds(question, time.thread_time) for _ in range(times)]
    return found


def _nodes(store: Store) -> Iterator[tuple[str, Selection]]:
    """Yield everything, then a town, and one node of each kind above it."""
    yield "everything", Selection()
    town = units.of_kinds(store.connection, [Kind.TOWN.value])[0]
    kinds = {unit.kind: unit for unit in units.line(store.connection, town.code)}
    for kind, unit in kinds.items():
        yield f"a {kind.value}", Selection(under=unit.code)


def _milliseconds(
    act: Callable[[], object], clock: Callable[[], float] = time.perf_counter
) -> float:
    begun = clock()
    act()
    return (clock() - begun) * 1000


def open_day(path: Path) -> dict[str, list[float]]:
    """Return the processor's milliseconds of creating a day, and a reader's longest wait."""
    waits: list[float] = []
    over = threading.Event()

    def read() -> None:
        with open_store(path) as store:
            everything = Selection()
            at = store.zone.end_of(store.through)
            day: date = store.through
            while not over.is_set():
                waits.append(_milliseconds(lambda: unfiled(store, day, everything, at, most=_PAGE)))
                time.sleep(0.002)

    with open_store(path) as store:
        at = store.zone.end_of(store.through + timedelta(days=1))
        reader = threading.Thread(target=read)
        reader.start()
        time.sleep(0.2)
        waits.clear()
        begun = time.thread_time()
        created = roll(store, at)
        took = (time.thread_time() - begun) * 1000
        over.set()
        reader.join()
    if not created:
        sys.exit("no day was created")
    return {"opened": [took], "waited": [max(waits, default=0.0)]}


if __name__ == "__main__":
    _, what, store_path, *more = sys.argv
    answers = ask(Path(store_path), int(more[0])) if what == "ask" else open_day(Path(store_path))
    print(json.dumps(answers))
