"""Two hundred processes that file at once on one store.

They stand ready before any of them begins, with everything imported and as after a filing: what is
measured is filing, and not the start of two hundred interpreters on a few cores.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from bench.cities import nation
from bench.measure import Floor, Measurement, Place, answers, lianluo, run

PROCESSES = 200


def measurements(place: Place) -> Iterator[Measurement]:
    """Yield how many filings were refused or lost, and how long the slowest waited."""
    refused: list[float] = []
    lost: list[float] = []
    slowest: list[float] = []
    for _ in range(3):
        found = _crowded(place)
        refused.append(found["refused"])
        lost.append(found["lost"])
        slowest.append(found["p99"])
    what = f"{PROCESSES} processes filing at once"
    yield Measurement("refused", f"{what}: refused", "", refused, floor=Floor(0))
    yield Measurement("lost", f"{what}: said to be filed and not there", "", lost, floor=Floor(0))
    yield Measurement("p99", f"{what}: 99 in 100 took no more", "s", slowest, floor=Floor(1.5))


def _crowded(place: Place) -> dict[str, float]:
    registry = place.scratch / "crowd"
    codes = nation(registry, PROCESSES)

    # Founded anew each time, so that nobody has filed.
    store = place.scratch / "crowd.db"
    for old in place.scratch.glob("crowd.db*"):
        old.unlink()
    run(lianluo(store, "init", "--registry", str(registry)), place.scratch)
    listed = place.scratch / "codes.json"
    listed.write_text(json.dumps(codes), encoding="utf-8")
    found: dict[str, float] = answers(place, "bench.filing", str(store), str(listed))
    return found
