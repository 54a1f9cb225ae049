"""Who writes next: a line of processes that passes on whatever becomes of its first."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import SimpleNamespace

import pytest

import storage.connection as connections
from domain.errors import Busy
from storage import queueing
from storage.queueing import queued
from storage.store import Store, fact, open_store, set_fact
from tests.storage.conftest import Crowd

pytestmark = pytest.mark.skipif(queueing.LOCKS is None, reason="a system without such locks")


def log_of(store: Store) -> Path:
    return store.path.with_name(f"{store.path.name}-wal")


def first_in_line(said: Pipe, path: Path) -> None:
    """Stand first and write nothing."""
    with queued(path, 0):
        said.send("first")
        signal.pause()


def writer(said: Pipe, path: Path) -> None:
    """Hold the write lock with something that is not committed."""
    with open_store(path) as store, store.connection.writing():
        set_fact(store.connection, "of", "the writer")
        said.send("writing")
        signal.pause()


@contextmanager
def somebody(elsewhere: ForkServerContext, what: object, path: Path) -> Iterator[int]:
    """Run `what` in a process until it says that it holds its place; yield its id."""
    heard, said = elsewhere.Pipe(duplex=False)
    process = elsewhere.Process(target=what, args=(said, path))  # type: ignore[arg-type]
    process.start()
    assert heard.poll(60)
    heard.recv()
    assert process.pid is not None
    try:
        yield process.pid
    finally:
        process.kill()
        process.join(60)


def test_the_line_passes_on_when_its_first_is_killed(
    store: Store, elsewhere: ForkServerContext
) -> None:
    with somebody(elsewhere, writer, store.path) as pid:
        os.kill(pid, signal.SIGKILL)
        with store.connection.writing():
            assert fact(store.connection, "of") is None
            set_fact(store.connection, "of", "who came after")
    assert fact(store.connection, "of") == "who came after"


def test_a_writer_that_does_not_move_is_told_of_within_the_patience(
    store: Store, elsewhere: ForkServerContext
) -> None:
    with somebody(elsewhere, writer, store.path) as pid:
        os.kill(pid, signal.SIGSTOP)
        begun = time.monotonic()
        with pytest.raises(Busy), store.connection.waiting(0.2), store.connection.writing():
            raise AssertionError
        taken = time.monotonic() - begun
        assert 0.2 <= taken < connections.WAIT_SECONDS
        # Patience is as it was, for the engine too.
        assert store.connection.row("PRAGMA busy_timeout") == (10_000,)
    with store.connection.writing():
        set_fact(store.connection, "of", "who came after")


def test_a_first_that_never_writes_is_passed_by(store: Store, elsewhere: ForkServerContext) -> None:
    with somebody(elsewhere, first_in_line, log_of(store)) as pid:
        os.kill(pid, signal.SIGSTOP)
        with store.connection.waiting(0.2), store.connection.writing():
            set_fact(store.connection, "of", "who passed by")
    assert fact(store.connection, "of") == "who passed by"


def test_a_writer_that_knows_of_no_line_is_waited_for(store: Store) -> None:
    foreign = connections.connect(store.path)
    foreign.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy), store.connection.waiting(0.05), store.connection.writing():
        raise AssertionError
    foreign.execute("COMMIT")
    foreign.close()
    with store.connection.writing():
        set_fact(store.connection, "of", "who came after")


def test_one_place_is_given_to_one_at_a_time_and_given_back(store: Store) -> None:
    with open_store(store.path) as other:
        with store.connection.writing():
            pass
        with pytest.raises(ZeroDivisionError), store.connection.writing():
            raise ZeroDivisionError
        with other.connection.waiting(0), other.connection.writing():
            set_fact(other.connection, "of", "who came after")


def test_standing_in_line_drops_no_lock_of_the_engine(store: Store) -> None:
    """Closing a file drops what its process has locked in it: never the store's own."""
    with open_store(store.path) as other, store.connection.writing():
        with queued(log_of(store), 0):
            pass
        with pytest.raises(Busy), other.connection.waiting(0), other.connection.writing():
            raise AssertionError


def counted(path: Path) -> int:
    """Add one in a way that loses it where two do so at once."""
    with open_store(path) as mine, mine.connection.writing():
        found = int(fact(mine.connection, "counted") or 0) + 1
        set_fact(mine.connection, "counted", str(found))
    return found


def test_of_forty_in_line_each_has_a_turn_of_its_own(store: Store, crowd: Crowd) -> None:
    assert sorted(crowd(counted, [(store.path,)] * 40)) == list(range(1, 41))


@pytest.mark.parametrize(
    "without",
    [
        pytest.param(None, id="no such locks in the system"),
        pytest.param("refused", id="none on this disk"),
    ],
)
def test_without_a_line_the_engine_decides(
    store: Store, monkeypatch: pytest.MonkeyPatch, without: str | None
) -> None:
    def refuses(_file: int, _how: int) -> None:
        raise OSError(38, "Function not implemented")

    lame = None if without is None else SimpleNamespace(LOCK_EX=2, LOCK_NB=4, flock=refuses)
    monkeypatch.setattr(queueing, "LOCKS", lame)
    with open_store(store.path) as other, store.connection.writing():
        with pytest.raises(Busy), other.connection.waiting(0.01), other.connection.writing():
            raise AssertionError
        set_fact(store.connection, "of", "the first")
    assert fact(store.connection, "of") == "the first"


def test_a_place_that_is_not_there_is_no_hindrance(tmp_path: Path) -> None:
    with queued(tmp_path / "nothing", 10):
        pass
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_left_open(store: Store) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("no list of open files")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        with store.connection.writing():
            pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before
