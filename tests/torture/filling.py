"""A full disk at every kind of write: what cannot be written whole is not written at all.

A disk of its own is mounted where that is allowed, and filled up; elsewhere, and beside it, files
may not grow past a limit.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.torture.stage import AT, Counts, Failure, alone, call, city_with_a_past

_DISK = 3 << 20
_FINDING = "location=河边,land_class=unused,area=50"
_TEXT = "情况说明" * 4000

Words = tuple[str, ...]

WRITES: tuple[Words, ...] = (
    ("file", "zero", "--unit", "D1", "--date", "2026-11-21", "--areas", "1/1"),
    ("file", "daily", "--unit", "D2", "--date", "2026-11-21", "--summary", _TEXT),
    ("file", "daily", "--unit", "D2", "--date", "2026-11-21", "--finding", _FINDING),
    ("file", "amend", "D1", "2026-11-17", "--summary", _TEXT, "--reason", "写错"),
    ("person", "add", "new", "新人", "--unit", "D1", "--role", "viewer"),
    ("schedule", "add", "T1", "--days", "daily"),
    ("exempt", "add", "D2", "--from", "2026-11-24", "--reason", _TEXT),
    ("unit", "add", "T9", "新镇", "--kind", "town", "--parent", "D1"),
    ("calendar", "add", "2026-11-30", "--holiday"),
    ("matter", "open", "lead", "--title", _TEXT, "--unit", "D1"),
    ("matter", "step", "F-2026-0001", "stop", "--text", _TEXT),
    ("notice", "issue", "D1", "--title", "督办", "--text", _TEXT),
    ("import", "reports", "{tables}/reports.csv"),
    ("import", "units", "{tables}/units.csv"),
    ("import", "reports", "{tables}/bad.csv", "--rejects", "{disk}/rejects.csv"),
    ("export", "reports", "{disk}/out.csv"),
    ("export", "reports", "{disk}/out.xlsx"),
    ("export", "units", "{disk}/out.json"),
    ("backup", "{disk}/copy.db"),
    ("--store", "{disk}/new.db", "init"),
)


def campaign(seed: int, length: int, folder: Path) -> Counts:
    """Do `length` writes on a disk that fills up at some point of each; return the counts."""
    dice = random.Random(seed)
    counts = dict.fromkeys(("writes on a full disk", "refused in a sentence", "written whole"), 0)
    with alone(folder), _disk(folder / "disk") as (disk, mounted):
        counts["on a disk of their own"] = length if mounted else 0
        sound = city_with_a_past(folder).read_bytes()
        _tables(folder)
        for number in range(length):
            words = WRITES[number % len(WRITES)]
            given = tuple(word.format(tables=folder, disk=disk) for word in words)
            filled = _filled if mounted and dice.random() < 0.7 else _limited
            try:
                _attempt(given, sound, disk, filled, dice, counts)
            except Failure as failure:
                raise Failure(f"seed {seed}, write {number}: {failure}") from failure
    return counts


def _attempt(
    words: Words,
    sound: bytes,
    disk: Path,
    filled: Callable[[Path, int], Iterator[None]],
    dice: random.Random,
    counts: Counts,
) -> None:
    place = disk / "city.db"
    place.write_bytes(sound)
    before = _content(place)
    with contextmanager(filled)(disk, dice.choice((0, 1, 4, 8, 16, 40, 80, 160)) << 10):
        answer = call(words, place, at=AT)
    counts["writes on a full disk"] += 1
    after = _content(place)
    counts["refused in a sentence" if answer.code == 5 else "written whole"] += 1
    if answer.code not in (0, 1, 5):
        raise Failure(f"{words[:4]!r} ended with {answer.code}: {answer.err}")
    if answer.code == 5 and after != before:
        raise Failure(f"{words[:4]!r} was refused and changed the store")
    left = [each.name for each in disk.iterdir() if each.name.endswith(".new")]
    if left or (answer.code == 5 and set(_made(disk)) - {"city.db", "city.db-wal", "city.db-shm"}):
        raise Failure(f"{words[:4]!r} left {left or _made(disk)} behind")
    again = call(words, place, at=AT)
    if again.code not in ((0, 1) if answer.code == 5 else (0, 1, 2, 4)):
        raise Failure(f"{words[:4]!r} with room again ended with {again.code}: {again.err}")
    if answer.code == 5:
        _hold_written(words, before, place)
    for each in disk.iterdir():
        each.unlink()


def _made(disk: Path) -> list[str]:
    return sorted(each.name for each in disk.iterdir())


def _hold_written(words: Words, before: object, place: Path) -> None:
    writes = words[0] not in ("export", "--store", "backup") and "--rejects" not in words
    if writes and _content(place) == before:
        raise Failure(f"{words[:4]!r} with room again wrote nothing")


def _content(place: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of a store, after holding the file to be sound."""
    with closing(sqlite3.connect(place)) as engine:
        if engine.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise Failure(f"{place.name} is damaged")
        tables = engine.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: engine.execute(
                f"SELECT * FROM {name}" + " WHERE key <> 'looked_over'" * (name == "meta")
            ).fetchall()
            for (name,) in tables
        }


def _tables(folder: Path) -> None:
    rows = [
        f"D1,2026-10-{day:02},daily,2026-10-{day:02} 16:00,{_TEXT[:2000]}" for day in range(1, 29)
    ]
    head = "unit,date,kind,filed_at,summary\n"
    (folder / "reports.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    (folder / "bad.csv").write_text(
        head + "\n".join(row.replace("D1", "D7") for row in rows) + "\n", encoding="utf-8"
    )
    units = "".join(f"N{number},新镇{number},town,D1\n" for number in range(200))
    (folder / "units.csv").write_text("code,name,kind,parent\n" + units, encoding="utf-8")


@contextmanager
def _disk(place: Path) -> Iterator[tuple[Path, bool]]:
    """Mount a small disk, or make a folder where mounting is not allowed."""
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(place)]
    mounted = (
        bool(mount) and subprocess.run(command, check=False, capture_output=True).returncode == 0
    )
    try:
        yield place, mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def _filled(disk: Path, spare: int) -> Iterator[None]:
    """Leave `spare` bytes of the disk free."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        free = os.statvfs(disk)
        stream.write(b"\0" * max(0, free.f_bavail * free.f_frsize - spare))
    try:
        yield
    finally:
        filler.unlink()


def _limited(_disk: Path, spare: int) -> Iterator[None]:
    """Let nothing be written past the first `spare` bytes of a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (spare, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
