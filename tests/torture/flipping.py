"""Damage: bits flipped, bytes overwritten and ends cut off in copies of a store.

A command on a damaged copy works, or ends with exit 6 and a sentence. Where the engine's own
`integrity_check` sees the damage, no command may answer otherwise than on the sound store.
"""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.torture.stage import AT, Answer, Counts, Failure, alone, call, city_with_a_past

READING: tuple[tuple[str, ...], ...] = (
    ("board", "--from", "2026-11-16", "-f", "json"),
    ("board", "2026-11-20", "--all"),
    ("overdue", "-f", "json"),
    ("due", "--within", "2d", "-f", "json"),
    ("rates", "--from", "2026-11-16", "--to", "2026-11-22", "-f", "json"),
    ("rates", "--from", "2026-11-16", "--to", "2026-11-22", "--by", "month"),
    ("report", "list", "--from", "2026-11-16", "-f", "json"),
    ("report", "show", "D1", "2026-11-16", "--diff"),
    ("explain", "R-20261122-D1"),
    ("matter", "list", "-f", "json"),
    ("matter", "show", "F-2026-0001"),
    ("network", "horizontal", "-f", "json"),
    ("network", "vertical"),
    ("unit", "list", "-f", "json"),
    ("unit", "show", "D1"),
    ("person", "list", "-f", "json"),
    ("schedule", "list", "-f", "json"),
    ("exempt", "list", "-f", "json"),
    ("gaps", "-f", "json"),
    ("urge", "--dry-run", "-f", "json"),
    ("export", "reports"),
    ("export", "findings"),
    ("export", "units"),
    ("export", "limits"),
    ("export", "matters"),
    ("doctor",),
    ("audit", "verify"),
    ("audit", "log", "-f", "json"),
    ("calendar", "show", "2026-11", "-f", "json"),
)
WRITING: tuple[tuple[str, ...], ...] = (
    ("file", "zero", "--unit", "D1", "--date", "2026-11-22", "--areas", "1/1"),
    ("file", "amend", "D1", "2026-11-17", "--summary", "更正", "--reason", "写错"),
    ("person", "add", "new", "新人", "--unit", "D1", "--role", "viewer"),
)


def campaign(seed: int, length: int, folder: Path) -> Counts:
    """Damage `length` copies, and ask each what somebody may ask; return what came of it."""
    dice = random.Random(seed)
    counts = dict.fromkeys(
        ("copies damaged", "commands on them", "answered", "told of damage", "seen by the engine"),
        0,
    )
    with alone(folder):
        sound = city_with_a_past(folder).read_bytes()
        place = folder / "whole.db"
        place.write_bytes(sound)
        expected = {words: call(words, place) for words in READING}
        for number in range(length):
            damaged = _damaged(sound, dice)
            words = [*dice.sample(READING, 3), dice.choice(WRITING)]
            try:
                _asked(damaged, words, expected, folder / f"{number}.db", counts)
            except Failure as failure:
                raise Failure(f"seed {seed}, copy {number}: {failure}") from failure
    return counts


def _damaged(sound: bytes, dice: random.Random) -> bytes:
    kind = dice.random()
    found = bytearray(sound)
    if kind < 0.6:
        for _ in range(dice.choice((1, 1, 1, 2, 8))):
            found[dice.randrange(len(found))] ^= 1 << dice.randrange(8)
    elif kind < 0.75:
        # The first bytes of a page say how the rest is to be read.
        start = dice.randrange(len(found) // 4096) * 4096
        found[start + dice.randrange(120)] ^= 1 << dice.randrange(8)
    elif kind < 0.9:
        start = dice.randrange(len(found))
        length = dice.choice((4, 64, 512, 4096))
        found[start : start + length] = dice.randbytes(len(found[start : start + length]))
    else:
        del found[dice.randrange(len(found)) :]
    return bytes(found)


def _asked(
    damaged: bytes,
    words: list[tuple[str, ...]],
    expected: dict[tuple[str, ...], Answer],
    place: Path,
    counts: Counts,
) -> None:
    place.write_bytes(damaged)
    seen = not _sound(place)
    counts["copies damaged"] += 1
    counts["seen by the engine"] += seen
    for each in words:
        answer = call(each, place, at=AT)
        counts["commands on them"] += 1
        counts["answered" if answer.code in (0, 1) else "told of damage"] += 1
        right = expected.get(each)
        if seen and answer.code == 0 and right is not None and answer.out != right.out:
            raise Failure(f"{each!r} answered wrongly on a copy that the engine calls damaged")
        if answer.code not in (0, 1, 3, 4, 6):
            raise Failure(f"{each!r} ended with {answer.code}: {answer.err}")
    for left in place.parent.glob(place.name + "*"):
        left.unlink()


def _sound(place: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{place.as_uri()}?mode=ro&immutable=1", uri=True)) as engine:
            return engine.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except (sqlite3.Error, UnicodeDecodeError):
        return False
