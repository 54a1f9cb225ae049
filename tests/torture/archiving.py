"""`kill -9` and a full disk in the middle of archiving a year.

Afterwards either everything is in the store, or the year is whole in its archive: every question
is answered as before, and archiving may be begun again.
"""

from __future__ import annotations

import resource
import signal
from pathlib import Path

from actions.archiving import archive_year
from actions.auditing import verify
from actions.backing_up import Shown
from domain.errors import LianluoError
from storage import reports
from storage.reports import COLUMNS
from storage.store import open_store
from tests.actions.test_archiving import ADMIN, AT
from tests.torture.processes import Said

Rows = list[tuple[object, ...]]


def archiving(say: Said, path: Path, most: int | None = None) -> None:
    """Archive 2025 and say each step; no file of this process grows over `most` bytes."""
    if most is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    def shown(what: object, count: object) -> None:
        say((what, count))

    with open_store(path) as store:
        try:
            archive_year(store, ADMIN, 2025, AT, Shown(shown, shown))
        except LianluoError as error:
            say(error.message.key)
        else:
            say("done")


def answers(path: Path) -> tuple[Rows, Rows]:
    """Return all revisions and what is owed, wherever they lie; what stands there fits.

    Raises LianluoError where something is lost.
    """
    with open_store(path) as store:
        verdict = verify(store, lambda *_: None)
        assert verdict.missing == ()
        filed: Rows = [(repr(row), mark) for row, mark in reports.every(store.connection)]
        live = store.connection.rows(f"SELECT {COLUMNS} FROM reports WHERE date < '2026-01-01'")
        assert len(live) in (0, 21)
        return filed, [(verdict.obligations, verdict.revisions)]
