"""Files for many units at once, a process for each, and says how it went: `bench.crowd` runs it.

Processes that are to have `rehearsed` have each filed once before, in a copy of the store. Without
it the processor is busy with what a first time takes, and with the pages that a new process shares
until it touches them.
"""

from __future__ import annotations

import gc
import getpass
import json
import os
import shutil
import sys
import time
from datetime import date
from pathlib import Path

from actions.reporting import file_zero
from domain.errors import LianluoError
from domain.people import Actor
from storage import reports
from storage.store import open_store


def file_at_once(path: Path, codes: list[str], *, rehearsed: bool) -> dict[str, float]:
    """Return how many were refused, how many are not there, and the seconds of 99 in 100."""
    with open_store(path) as store:
        day = store.through
    rehearsal = path.with_name(f"rehearsal-{path.name}")
    shutil.copyfile(path, rehearsal)
    if rehearsed:
        _filed(rehearsal, codes[0], day)
    gate_out, gate_in = os.pipe()
    answers_out, answers_in = os.pipe()
    ready_out, ready_in = os.pipe()
    gc.freeze()
    children = []
    for code in codes:
        child = os.fork()
        if child == 0:
            os.close(gate_in)
            try:
                if rehearsed:
                    _filed(rehearsal, code, day)
                os.close(ready_in)
                # Everybody waits here until the gate is closed behind the last of them.
                os.read(gate_out, 1)
                os.write(answers_in, _filed(path, code, day).encode())
            finally:
                os._exit(0)
        children.append(child)
    os.close(ready_in)
    os.close(answers_in)
    # Nothing is written there: it ends when the last of them is ready.
    os.read(ready_out, 1)
    time.sleep(1.0)
    os.close(gate_in)
    with os.fdopen(answers_out, encoding="utf-8") as told:
        lines = told.read().splitlines()
    for child in children:
        os.waitpid(child, 0)
    taken = sorted(float(line.split()[1]) for line in lines)
    said = [line.split()[2] for line in lines if line.startswith("filed")]
    with open_store(path) as store:
        lost = [code for code in said if not reports.revisions(store.connection, code, day)]
    return {
        "refused": float(len(codes) - len(said)),
        "lost": float(len(lost)),
        "p99": taken[len(taken) * 99 // 100],
    }


def _filed(path: Path, code: str, day: date) -> str:
    login = getpass.getuser()
    begun = time.perf_counter()
    try:
        with open_store(path) as store:
            file_zero(store, Actor(login, login), code, day, int(time.time()), areas=(6, 6))
        came = "filed"
    except LianluoError as error:
        came = f"refused-{error.message.key}"
    return f"{came} {time.perf_counter() - begun:.4f} {code}\n"


if __name__ == "__main__":
    _, store_path, listed, how = sys.argv
    told_codes = json.loads(Path(listed).read_text())
    print(json.dumps(file_at_once(Path(store_path), told_codes, rehearsed=how == "rehearsed")))
