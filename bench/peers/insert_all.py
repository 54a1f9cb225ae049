"""What importing costs with sqlite-utils from Python: all rows of a CSV file in one transaction."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import sqlite_utils


def main(store: str, table: str) -> None:
    """Insert the file's rows into the table of reports that stands ready."""
    database = sqlite_utils.Database(store)
    with Path(table).open(encoding="utf-8", newline="") as file, database.atomic():
        database["reports"].insert_all(csv.DictReader(file))  # type: ignore[union-attr]


if __name__ == "__main__":
    main(*sys.argv[1:])
