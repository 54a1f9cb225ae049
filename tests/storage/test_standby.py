"""A standby with Litestream: the store is followed, lost, restored from it, and compared."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from actions.auditing import head, verify
from actions.reporting import file_zero
from domain.people import Actor
from storage.store import open_store
from tests.storage.conftest import AT, STARTS, begin

_BESIDE = Path(sysconfig.get_path("scripts")) / "litestream"
LITESTREAM = str(_BESIDE) if _BESIDE.exists() else shutil.which("litestream")
LONG_ENOUGH = 60.0

pytestmark = pytest.mark.skipif(LITESTREAM is None, reason="the standby's program is not here")


@contextmanager
def following(store: Path, replica: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Let a standby follow the store; it is killed at the end, as when a machine is lost."""
    assert LITESTREAM is not None
    words = [LITESTREAM, "replicate", str(store), f"file://{replica}"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)


def restored(replica: Path, target: Path) -> Path | None:
    """Return what the standby has by now, None where it has nothing yet."""
    assert LITESTREAM is not None
    for path in target.parent.glob(f"{target.name}*"):
        path.unlink()
    words = [LITESTREAM, "restore", "-o", str(target), f"file://{replica}"]
    done = subprocess.run(words, capture_output=True, check=False)
    return target if done.returncode == 0 and target.exists() else None


def quiet(_what: str, _count: int) -> None:
    """Show nothing."""


def newest(path: Path | None) -> str | None:
    if path is None:
        return None
    with open_store(path) as store:
        return head(store).hash


def test_a_lost_store_is_had_again_from_its_standby(tmp_path: Path) -> None:
    path, replica, target = tmp_path / "s.db", tmp_path / "replica", tmp_path / "r.db"
    reports = "SELECT * FROM reports ORDER BY date, unit, revision"
    with begin(path) as store, following(path, replica):
        for number in range(3):
            day = STARTS + timedelta(number)
            for unit in ("D00", "D01", "D02"):
                file_zero(store, Actor(f"of-{unit}", f"of-{unit}"), unit, day, AT, areas=(1, 1))
        wanted, filed = head(store), store.connection.rows(reports)
        end = time.monotonic() + LONG_ENOUGH
        while newest(restored(replica, target)) != wanted.hash:
            assert time.monotonic() < end, "the standby never caught up"
            time.sleep(0.5)
    for lost in tmp_path.glob("s.db*"):
        lost.unlink()
    again = restored(replica, target)
    assert again is not None
    with open_store(again) as standby:
        assert standby.connection.rows(reports) == filed
        assert head(standby) == wanted
        assert verify(standby, quiet).revisions == len(filed) == 9
        # It is a store like any other: work goes on in it.
        day = STARTS + timedelta(2)
        filed_on = file_zero(standby, Actor("of-D03", "of-D03"), "D03", day, AT, areas=(1, 1))
        assert filed_on.number == "R-20261104-D03-1"
