"""How long a command takes from nothing: `lianluo --help`, `lianluo board`.

The floors are programs without a line too many: an import of Typer, and a bare Typer program that
opens the same store. All of them are called as people call them, with compiled modules.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.measure import ROOT, Floor, Measurement, Place, alternating, lianluo, run

BARE_TYPER = ROOT / "bench" / "peers" / "bare_typer.py"
_FLOOR = Floor(1.5)


def measurements(place: Place) -> Iterator[Measurement]:
    """Yield what the processor has to do for help and for a day's board."""
    store = demo(place)
    bare = [sys.executable, str(BARE_TYPER), str(store)]
    imported = [sys.executable, "-c", "import typer"]
    yield _against(place, "help", "lianluo --help", installed("--help"), "import typer", imported)
    board = installed("--store", str(store), "board")
    name = "a bare Typer program on the same store"
    yield _against(place, "board", "lianluo board, demo store", board, name, bare)
    page = installed("board", "--help")
    yield _against(place, "page", "lianluo board --help", page, "import typer", imported, None)
    overdue = installed("--store", str(store), "overdue")
    yield _against(place, "late", "lianluo overdue, demo store", overdue, name, bare, None)


def demo(place: Place) -> Path:
    """Return a demo store, made anew: its sixty days end now."""
    store = place.scratch / "demo.db"
    if not store.exists():
        run(lianluo(store, "init", "--demo"), place.scratch)
    return store


def installed(*words: str) -> list[str]:
    """Return the command line of the product by its installed name, where it has one."""
    program = Path(sys.executable).with_name("lianluo")
    return [str(program), *words] if program.exists() else [sys.executable, "-m", "cli", *words]


def _against(
    place: Place,
    name: str,
    what: str,
    product: Sequence[str],
    against: str,
    peer: Sequence[str],
    floor: Floor | None = _FLOOR,
) -> Measurement:
    def of_product() -> float:
        return run(product, place.scratch).cpu * 1000

    def of_peer() -> float:
        return run(peer, place.scratch).cpu * 1000

    own, other = alternating(of_product, of_peer, place.times)
    return Measurement(name, what, "ms CPU", own, other, against, floor)
