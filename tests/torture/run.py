"""Long campaigns: `make torture ARGS='--minutes 30'`.

Each campaign gets its share of the time and goes on in pieces, every piece with a seed of its own,
so that a failure says how to make it happen again. `--keep` writes the numbers into docs/trust.md.
"""

from __future__ import annotations

import argparse
import platform
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

from tests.torture import fuzzing, numbers
from tests.torture.campaigns import CAMPAIGNS
from tests.torture.stage import Failure

_FUZZER = 3
"""The fuzzer's weight beside those of the campaigns."""


def main() -> int:
    """Run what is asked for; return 1 after a failure."""
    parser = argparse.ArgumentParser(prog="make torture ARGS=…", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", nargs="+", choices=[*CAMPAIGNS, "fuzzing"])
    parser.add_argument("--keep", action="store_true", help="write the numbers into docs/trust.md")
    given = parser.parse_args()
    wanted = given.only or [*CAMPAIGNS, "fuzzing"]
    weights = {name: campaign.weight for name, campaign in CAMPAIGNS.items()} | {"fuzzing": _FUZZER}
    whole = sum(weights[name] for name in wanted)
    totals: Counter[str] = Counter()
    failed = False
    begin = time.monotonic()
    for name in wanted:
        seconds = given.minutes * 60 * weights[name] / whole
        _say(f"{name}: {seconds:.0f} seconds from seed {given.seed}")
        try:
            found = (
                fuzzing.campaign(seconds)
                if name == "fuzzing"
                else _pieces(name, given.seed, seconds)
            )
        except Failure as failure:
            _say(f"  FAILED: {failure}")
            failed = True
            continue
        totals.update(found)
        for what, count in found.items():
            _say(f"  {what}: {count:,}")
    took = round((time.monotonic() - begin) / 60)
    _say(f"{'failed' if failed else 'held'} after {took} minutes")
    if given.keep and not failed:
        day = datetime.now().astimezone().date().isoformat()
        sqlite = sqlite3.sqlite_version
        numbers.keep(numbers.Run(day, took, platform.python_version(), sqlite, dict(totals)))
    return int(failed)


def _pieces(name: str, seed: int, seconds: float) -> Counter[str]:
    campaign = CAMPAIGNS[name]
    totals: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while True:
        folder = Path(tempfile.mkdtemp(prefix="lianluo-torture-"))
        try:
            for what, count in campaign.run(seed, campaign.piece, folder).items():
                # The most at once is a measure, not a sum.
                at_once = what == "filers at once"
                totals[what] = max(totals[what], count) if at_once else totals[what] + count
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        seed += 1
        if time.monotonic() >= end:
            return totals


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
