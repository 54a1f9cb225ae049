"""How soon the screens are there, how soon they answer a key, and what they send for it.

Everything is looked at from outside, through a terminal: what counts is what arrives there. Seconds
on the clock depend on what else the machine does, so floors are held against the processor's.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.measure import ROOT, Failed, Floor, Measurement, Place, alone, alternating
from bench.questions import nation, opened
from bench.startup import demo, installed
from bench.terminal import Drawn, Terminal

BARE_TEXTUAL = ROOT / "bench" / "peers" / "bare_textual.py"
_CITY_ZONE = timedelta(hours=8)
_LANGUAGE = ("--lang", "zh")
_BOARD, _OVERDUE = "2", "4"
_UP, _DOWN, _RIGHT, _LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
_PAGE_UP, _PAGE_DOWN = "\x1b[5~", "\x1b[6~"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program with screens: how it is started, and what its first frame says.

    `ahead` is how many times as long it may be expected to take, None where it is only told.
    """

    name: str
    command: Callable[[Place], Sequence[str]]
    says: str
    ahead: float | None = None


def measurements(place: Place) -> Iterator[Measurement]:
    """Yield first frames, keys, memory and bytes."""
    yield from first_frames(place)
    yield from idle(place)
    yield from keys(place)


# -- the first frame -----------------------------------------------------------------------------


def first_frames(place: Place) -> Iterator[Measurement]:
    """Yield what the first frame and the day's data cost, against a bare app and other programs."""
    ours = _screens(demo(place))
    bare = [sys.executable, str(BARE_TEXTUAL)]
    today = f"{datetime.now(UTC) + _CITY_ZONE:%Y-%m-%d}"

    def product(text: str) -> Callable[[], float]:
        return lambda: drawn(place, ours, text).cpu * 1000

    def peer() -> float:
        return drawn(place, bare, "bare").cpu * 1000

    for name, what, text, limit in (
        ("frame", "screens: first frame", "联络", 1.3),
        ("today", "screens: today's data shown", today, 1.7),
    ):
        own, other = alternating(product(text), peer, place.times)
        yield Measurement(
            name, what, "ms CPU", own, other, "a bare Textual app's frame", Floor(limit)
        )
    for rival in RIVALS:
        what = "screens: today's data shown"
        floor = None if rival.ahead is None else Floor(rival.ahead, ahead=True)
        try:
            command = rival.command(place)
            own, other = alternating(
                product(today),
                lambda command=command, says=rival.says: (  # type: ignore[misc]
                    drawn(place, command, says).cpu * 1000
                ),
                max(3, place.times // 3),
            )
        except Failed as error:
            yield Measurement(rival.name, what, "ms CPU", floor=floor, missing=str(error))
            continue
        against = f"{rival.name}'s first frame"
        yield Measurement(rival.name, what, "ms CPU", own, other, against, floor)


def drawn(place: Place, command: Sequence[str], text: str) -> Drawn:
    """Return what a program took until it had drawn a text; raises Failed where it does not."""
    with Terminal(command, place.scratch, alone(place.scratch)) as terminal:
        return terminal.until(text)


def _screens(store: Path) -> list[str]:
    return installed("--store", str(store), *_LANGUAGE)


def _installed_beside(name: str, *words: str) -> Callable[[Place], Sequence[str]]:
    return lambda place: [str(place.peer(name).with_name(name)), *words]


def _table(place: Place) -> Sequence[str]:
    table = place.scratch / "table.csv"
    table.write_text("code,name\nA,first\n", encoding="utf-8")
    return _installed_beside("vd", str(table))(place)


RIVALS = (
    Peer("harlequin", _installed_beside("harlequin"), "Data Catalog", 2),
    Peer("posting", _installed_beside("posting"), "Collection", 2),
    Peer("visidata", _table, "first"),
)


# -- at rest -------------------------------------------------------------------------------------


def idle(place: Place) -> Iterator[Measurement]:
    """Yield the bytes that a minute without a key costs."""
    command = _screens(demo(place))
    for view, name in (("", "Today"), (_BOARD, "Board"), (_OVERDUE, "Overdue")):
        with Terminal(command, place.scratch, alone(place.scratch)) as terminal:
            terminal.settle()
            if view:
                terminal.press(view, 0.5)
            sent = [float(terminal.idle(61).sent) for _ in range(2 if place.full else 1)]
        what = f"screens: {name} at rest, a minute"
        yield Measurement("idle", what, "bytes", sent, floor=Floor(2000))


# -- keys ----------------------------------------------------------------------------------------


def keys(place: Place) -> Iterator[Measurement]:
    """Yield what keys cost on the views of the country's store, in time and in bytes."""
    # Whoever comes first in the morning opens the day for all: another topic measures that.
    command = _screens(opened(place, nation(place, 365 if place.full else 30), "screens.db"))
    presses = 10 * place.times
    with Terminal(command, place.scratch, alone(place.scratch)) as terminal:
        terminal.settle()
        for view, name in ((_BOARD, "Board"), (_OVERDUE, "Overdue")):
            yield from _keys_of(terminal, view, name, presses)
        peak = terminal.peak / 1e6
    yield Measurement("memory", "screens: at the largest", "MB", [peak], floor=Floor(80))


def _keys_of(terminal: Terminal, view: str, name: str, presses: int) -> Iterator[Measurement]:
    shown = terminal.press(view, 0.5)
    yield Measurement(name, f"{name}: opened", "ms CPU", [shown.cpu * 1000])
    inside = itertools.cycle((_DOWN, _RIGHT, _DOWN, _LEFT, _UP, _DOWN, _UP, _UP))
    yield from _told(name, "a cursor key", _pressed(terminal, inside, presses), 25)
    edge = itertools.repeat(_DOWN)
    terminal.press(_DOWN * 20)
    yield from _told(name, "a key at the edge", _pressed(terminal, edge, presses), 50)
    pages = itertools.cycle((_PAGE_DOWN, _PAGE_DOWN, _PAGE_UP))
    yield from _told(name, "a page key", _pressed(terminal, pages, presses), 50)


def _pressed(terminal: Terminal, inputs: Iterator[str], presses: int) -> list[Drawn]:
    return [terminal.press(key) for key in itertools.islice(inputs, presses)]


def _told(
    view: str, key: str, found: Sequence[Drawn], milliseconds: float
) -> Iterator[Measurement]:
    """Yield time and bytes of some presses; 95 in 100 are to take no more than `milliseconds`."""
    times = [press.cpu * 1000 for press in found]
    what = f"{view}: {key}"
    yield Measurement(view, f"{what}, p95", "ms CPU", [p95(times)], floor=Floor(milliseconds))
    yield Measurement(view, f"{what}, p95", "ms", [p95([press.wall * 1000 for press in found])])
    yield Measurement(view, what, "bytes", [float(press.sent) for press in found])


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
