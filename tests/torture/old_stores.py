"""Stores of earlier schemas, kept as SQL: what a program of that time wrote, never changed since.

Before a migration lands, the store that the program writes until then is kept too:
`python -m tests.torture.old_stores FILE` prints one.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "stores"


def kept() -> dict[int, Path]:
    """Return the stores that are kept, by their schema."""
    return {int(path.stem.removeprefix("schema-")): path for path in FOLDER.glob("schema-*.sql")}


def restored(schema: int, path: Path) -> Path:
    """Write the store of a schema to `path`, as it lay on a disk then."""
    with closing(sqlite3.connect(path)) as engine:
        engine.executescript(kept()[schema].read_text(encoding="utf-8"))
        engine.execute("PRAGMA journal_mode = WAL")
    return path


def dumped(path: Path) -> str:
    """Return a store as SQL."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as engine:
        marks = [
            f"PRAGMA {name} = {engine.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        return "\n".join([*marks, *engine.iterdump(), ""])


if __name__ == "__main__":
    sys.stdout.write(dumped(Path(sys.argv[1])))
