"""The campaigns by name, how much of each is a piece of a long run, and what CI runs of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.torture import crowding, filling, flipping, killing, shown, tables, words
from tests.torture.stage import Counts


class Campaign(NamedTuple):
    """A campaign; `run(seed, length, folder)` returns its counts or raises `Failure`.

    `piece` is the length of one piece of a long run, `slice` that of the part in CI, `weight`
    its share of a long run's time.
    """

    run: Callable[[int, int, Path], Counts]
    piece: int
    slice: int
    weight: int


CAMPAIGNS = {
    "killing": Campaign(killing.campaign, 30, 9, 3),
    "crowding": Campaign(crowding.campaign, 200, 24, 1),
    "filling": Campaign(filling.campaign, 40, 40, 2),
    "flipping": Campaign(flipping.campaign, 50, 40, 4),
    "tables": Campaign(tables.campaign, 100, 60, 3),
    "words": Campaign(words.campaign, 100, 60, 3),
    "shown": Campaign(shown.campaign, 10, 4, 2),
}
