from __future__ import annotations

import grp
import json
import os
import shutil
import stat
from pathlib import Path

from domain.errors import Exit
from storage.store import open_store
from tests.conftest import GUANGZHOU, Run


def test_default_store_in_a_folder_that_is_made(run: Run, alone: Path) -> None:
    answer = run("init", login="root")
    store = alone / ".local" / "share" / "lianluo" / "lianluo.db"
    assert str(store) in answer.out
    assert "root" in answer.out
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.parent.stat().st_mode) == 0o700
    assert [path.name for path in store.parent.iterdir()] == ["lianluo.db"]
    rows = json.loads(run("board", "-f", "json", login="root").out)
    assert {row["date"] for row in rows} == {"2026-11-23"}


def test_who_runs_it_becomes_the_first_admin(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "city.db"
    run("init", login="chief", store=store)
    run("file", "zero", "--unit", "PLAN", login="chief", store=store)
    run("file", "zero", "--unit", "LAND", login="other", store=store, code=Exit.REFUSED)


def test_existing_store_is_refused_and_left_alone(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "city.db"
    store.write_bytes(b"mine")
    for words in (["init"], ["init", "--demo"]):
        answer = run(*words, store=store, lang="zh", code=Exit.REFUSED)
        assert "已存在" in answer.err
    assert store.read_bytes() == b"mine"


def test_no_other_folder_is_made(run: Run, tmp_path: Path) -> None:
    answer = run("init", store=tmp_path / "none" / "city.db", code=Exit.REFUSED)
    assert "none" in answer.err


def test_starts(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "city.db"
    answer = run("init", "--registry", "guangzhou", "--starts", "-2", store=store, lang="zh")
    assert "自 2026-11-21 起报送" in answer.out
    words = ("board", "--from", "-9", "--unit", "440111", "-f", "json")
    assert len(json.loads(run(*words, store=store).out)) == 3
    run("init", "--starts", "soon", store=tmp_path / "b.db", code=Exit.USAGE)


def test_registry_from_a_folder(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "town"
    folder.mkdir()
    run("init", "--registry", str(folder), store=tmp_path / "a.db", code=Exit.NOT_FOUND)
    run("init", "--registry", "atlantis", store=tmp_path / "a.db", code=Exit.NOT_FOUND)
    shutil.copy(GUANGZHOU / "units.csv", folder)
    (folder / "people.csv").write_text(
        "login,name,unit,role\nliu,联络员,440111,liaison\n", encoding="utf-8"
    )
    run("init", "--registry", str(folder), store=tmp_path / "a.db")
    run("file", "zero", login="liu", store=tmp_path / "a.db")


def test_every_bad_row_of_a_registry_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(
        "code,name,kind\nA,甲,city\nB,乙,village\nC,,town\n", encoding="utf-8"
    )
    answer = run("init", "--registry", str(tmp_path), store=tmp_path / "a.db", code=Exit.FOUND)
    assert "village" in answer.err
    assert "2 problems" in answer.err
    assert ("row 3" in answer.err, "row 4" in answer.err) == (True, True)
    assert not (tmp_path / "a.db").exists()


def test_rules_of_the_configuration_are_the_new_citys(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('cutoff = "15:00"\n')
    store = tmp_path / "city.db"
    run("--config", str(file), "init", store=store)
    (row,) = json.loads(run("board", "--unit", "PLAN", "-f", "json", store=store).out)
    assert row["due_at"] == "2026-11-23T07:00:00Z"


def test_demo(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "demo.db"
    run("init", "--demo", store=store)
    assert len(json.loads(run("board", "-3", "-f", "json", store=store).out)) > 20
    assert json.loads(run("overdue", "-f", "json", store=store).out)
    run("init", "--demo", "--starts", "today", store=tmp_path / "b.db", code=Exit.USAGE)


def test_nobody_founds_in_anothers_name(run: Run, tmp_path: Path) -> None:
    run("--as-login", "li", "init", store=tmp_path / "a.db", code=Exit.REFUSED)


def test_a_store_is_its_owners_unless_shared(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "own.db"
    run("init", store=store)
    assert stat.S_IMODE(store.stat().st_mode) == 0o600


def test_a_shared_store_is_its_groups(run: Run, tmp_path: Path) -> None:
    group = grp.getgrgid(os.getgid()).gr_name
    store = tmp_path / "city" / "s.db"
    run("init", "--shared", group, store=store)
    assert stat.S_IMODE(store.stat().st_mode) == 0o660
    assert stat.S_IMODE(store.parent.stat().st_mode) == 0o2770
    assert {store.stat().st_gid, store.parent.stat().st_gid} == {os.getgid()}
    # The engine's own files beside it are as open as it is.
    with open_store(store) as opened:
        opened.connection.execute("BEGIN IMMEDIATE")
        opened.connection.execute("ROLLBACK")
        logs = [path for path in store.parent.iterdir() if path != store]
        assert logs
        assert {stat.S_IMODE(path.stat().st_mode) for path in logs} == {0o660}
    run("init", "--shared", group, store=store.with_name("t.db"))


def test_a_folder_in_use_is_not_made_over(run: Run, tmp_path: Path) -> None:
    group = grp.getgrgid(os.getgid()).gr_name
    (tmp_path / "mine").write_text("x")
    before = tmp_path.stat().st_mode
    answer = run("init", "--shared", group, store=tmp_path / "s.db", code=Exit.REFUSED)
    assert "chmod 2770" in answer.err
    assert tmp_path.stat().st_mode == before
    missing = run("init", "--shared", "nobodys", store=tmp_path / "s.db", code=Exit.NOT_FOUND)
    assert "groupadd nobodys" in missing.err
    assert not (tmp_path / "s.db").exists()
