"""Asks a store inside one process and prints how long each answer took: `bench.questions` runs it.

`ask STORE TIMES` asks what the screens ask; `open STORE` creates the day's expected reports while
another connection reads.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from actions.board import totals, unfiled
from actions.expecting import roll
from actions.overdue import overdue_page
from actions.rates import Grouping, rates
from storage.store import open_store
from storage.units import Selection

THIRTY_DAYS = "thirty days' rates of"
HALF_YEAR = "half-year rates of"
"""How questions begin whose answer has as many months as the store has."""

_PAGE = 50
_NODES = {
    "the country": None,
    "a province": "440000",
    "a city": "440100",
    "a district": "110101",
    "a town": "110101001",
}
_HALF_YEAR = 182
_THIRTY_DAYS = 29


def ask(path: Path, times: int) -> dict[str, list[float]]:
    """Return the milliseconds of each question, `times` times, after once for nothing."""
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
        for name, code in _NODES.items():
            node = Selection(under=code)
            for span, days in ((THIRTY_DAYS, _THIRTY_DAYS), (HALF_YEAR, _HALF_YEAR)):
                first = max(store.starts, last - timedelta(days=days))
                asked[f"{span} {name}"] = partial(
                    rates, store, first, last, node, at, Grouping.MONTH
                )
        found: dict[str, list[float]] = {}
        for what, question in asked.items():
            question()
            found[what] = [_milliseconds(question) for _ in range(times)]
    return found


def _milliseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


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
