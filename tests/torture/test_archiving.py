"""Archiving that is killed or runs out of space: nothing is lost, and it may be begun again."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from actions.archiving import archive_year, listed
from storage.archives import known
from storage.store import open_store
from tests.actions.test_archiving import ADMIN, AT, SHOWN, grown
from tests.torture.archiving import answers, archiving
from tests.torture.processes import Child


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city whose 2025 is closed."""
    folder = tmp_path_factory.mktemp("past")
    grown(folder).close()
    return folder / "s.db"


@pytest.fixture
def path(past: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "s.db"
    shutil.copyfile(past, copy)
    return copy


def steps(past: Path, folder: Path) -> int:
    """Return how many steps archiving tells of."""
    copy = folder / "all.db"
    shutil.copyfile(past, copy)
    said = Child(archiving, copy).rest()
    assert said[-1] == "done"
    return len(said)


def test_a_kill_anywhere_loses_nothing(past: Path, tmp_path: Path) -> None:
    dice = random.Random(5)
    total = steps(past, tmp_path)
    path = tmp_path / "s.db"
    shutil.copyfile(past, path)
    before = answers(path)
    outcomes = set()
    for place in [0, *sorted(dice.sample(range(total - 1), 6)), *range(total - 5, total)]:
        child = Child(archiving, path)
        for _ in range(place):
            child.next()
        child.silent_for(dice.random() * 0.01)
        child.kill()
        with open_store(path) as store:
            moved = bool(known(store.connection))
        outcomes.add((moved, path.with_name("s-2025.db").exists()))
        assert answers(path) == before
        if moved:
            path.unlink()
            path.with_name("s-2025.db").unlink()
            shutil.copyfile(past, path)
    assert outcomes <= {(False, False), (False, True), (True, True)}
    with open_store(path) as store:
        archive_year(store, ADMIN, 2025, AT, SHOWN)
        assert [one.there for one in listed(store)] == [True]
    assert answers(path) == before
    # What a killed process left half made is taken away by the next of its number, or by hand.
    assert {each.name for each in tmp_path.glob("s-2025.db*")} == {"s-2025.db"}


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.9, 1.0])
def test_a_full_disk_loses_nothing(path: Path, share: float) -> None:
    before = answers(path)
    size = path.stat().st_size
    said = Child(archiving, path, int(size * share)).rest()
    assert said[-1] in ("errors.disk_full", "errors.store_io", "done")
    if share < 1.0:
        assert said[-1] != "done"
        assert not path.with_name("s-2025.db").exists()
    assert answers(path) == before
    with open_store(path) as store:
        if not known(store.connection):
            archive_year(store, ADMIN, 2025, AT, SHOWN)
    assert answers(path) == before
