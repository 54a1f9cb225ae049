"""Two hundred processes that file at once on one store.

They stand ready with everything imported before any of them begins: what is measured is filing,
and not the start of two hundred interpreters on a few cores. Held to the floor are those that have
filed once before; those that have not are told too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from bench.cities import nation
from bench.measure import Floor, Measurement, Place, answers, lianluo, run

PROCESSES = 200


def measurements(place: Place) -> Iterator[Measurement]:
    """Yield how many filings were refused or lost, and how long the slowest waited."""
    found = {how: [_crowded(place, how) for _ in range(3)] for how in ("rehearsed", "new")}
    every = [*found["rehearsed"], *found["new"]]
    what = f"{PROCESSES} processes filing at once"
    for name, said in (("refused", "refused"), ("lost", "said to be filed and not there")):
        yield Measurement(name, f"{what}: {said}", "", [o[name] for o in every], floor=Floor(0))
    slowest = {how: [one["p99"] for one in crowds] for how, crowds in found.items()}
    what = f"{what}: 99 in 100 took no more"
    yield Measurement("p99", what, "s", slowest["rehearsed"], floor=Floor(1.5))
    yield Measurement("new", f"{what}, each for the first time in its life", "s", slowest["new"])


def _crowded(place: Place, how: str) -> dict[str, float]:
    registry = place.scratch / "crowd"
    codes = nation(registry, PROCESSES)

    # Founded anew each time, so that nobody has filed.
    store = place.scratch / "crowd.db"
    for old in place.scratch.glob("crowd.db*"):
        old.unlink()
    run(lianluo(store, "init", "--registry", str(registry)), place.scratch)
    listed = place.scratch / "codes.json"
    listed.write_text(json.dumps(codes), encoding="utf-8")
    found: dict[str, float] = answers(place, "bench.filing", str(store), str(listed), how)
    return found
