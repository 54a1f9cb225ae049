from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.instants import Instant
from domain.people import Actor
from exchange.exporting import Wanted, export_table
from exchange.importing import Imported, Order, import_file
from storage.store import Store, open_store
from tests.conftest import ADMIN, AT, City
from tests.exchange.tables import Rows, written

OFFICE = Actor(ADMIN, ADMIN, "host")


@dataclass(frozen=True, slots=True)
class Desk:
    """A city's store with an admin before it, and a folder for files."""

    store: Store
    folder: Path
    actor: Actor = OFFICE

    def file(self, rows: Rows, name: str = "table.csv") -> str:
        return written(self.folder / name, rows)

    def take(
        self,
        kind: str,
        rows: Rows | str,
        *,
        findings: Rows | None = None,
        at: Instant = AT,
        rejects: str | None = None,
        keep_going: bool = False,
        dry_run: bool = False,
        restate: bool = False,
    ) -> Imported:
        """Import rows, or a file by its name."""
        file = rows if isinstance(rows, str) else self.file(rows)
        second = None if findings is None else self.file(findings, "findings.csv")
        order = Order(kind, file, second, rejects, keep_going, dry_run, restate)
        return import_file(self.store, self.actor, order, at)

    def give(self, wanted: Wanted | str, name: str) -> str:
        """Export a table to a file in the folder; return its name."""
        path = str(self.folder / name)
        export_table(self.store, wanted if isinstance(wanted, Wanted) else Wanted(wanted), path)
        return path

    def text(self, wanted: Wanted | str) -> str:
        """Return a table as CSV."""
        return Path(self.give(wanted, "out.csv")).read_text(encoding="utf-8")


@pytest.fixture
def desk(city: City, tmp_path: Path) -> Iterator[Desk]:
    with open_store(city.path) as store:
        yield Desk(store, tmp_path)


def counts(done: Imported) -> tuple[int, int, int, int]:
    found = done.outcome
    return found.new, found.amended, found.unchanged, found.rejected
