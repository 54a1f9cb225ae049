"""`lianluo backup` and `lianluo restore`."""

from __future__ import annotations

import json
from pathlib import Path

from domain.errors import Exit
from tests.conftest import LIAISON, City, Run


def test_there_and_back(run: Run, city: City, tmp_path: Path) -> None:
    filed = json.loads(run("file", "zero", "-f", "json", login=LIAISON).out)
    backup, target = tmp_path / "b.db", tmp_path / "r.db"
    made = json.loads(run("backup", str(backup), "-f", "json").out)
    assert (made["reports"], made["bytes"]) == (1, backup.stat().st_size)
    told = run("restore", str(backup), store=target, lang="zh")
    assert made["hash"] in told.out
    assert str(target) in told.out
    code = f"{filed['receipt']}/{filed['seal']}"
    assert "holds" in run("audit", "verify", "--receipt", code, store=target).out
    again = run("restore", str(backup), store=target, code=Exit.REFUSED)
    assert str(target) in again.err


def test_refusals_say_what_to_do(run: Run, city: City, tmp_path: Path) -> None:
    backup = tmp_path / "b.db"
    run("backup", str(backup), login=LIAISON, code=Exit.REFUSED)
    run("backup", str(backup))
    assert "--overwrite" in run("backup", str(backup), code=Exit.REFUSED).err
    run("backup", str(backup), "--overwrite")
    run("restore", str(tmp_path / "none"), store=tmp_path / "r.db", code=Exit.NOT_FOUND)
    words = ("--as-login", LIAISON, "restore", str(backup))
    run(*words, store=tmp_path / "r.db", code=Exit.REFUSED)


def test_progress_on_a_terminal_alone(run: Run, city: City, tmp_path: Path) -> None:
    assert run("backup", str(tmp_path / "a.db"), terminal=True).err != ""
    assert run("backup", str(tmp_path / "b.db")).err == ""
