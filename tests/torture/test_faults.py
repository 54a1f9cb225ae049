"""Single faults, really made: what is in the way of a command, and what it says of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

import catalogue
from storage import checks, mounts
from storage import connection as connections
from storage.connection import SCHEMA_VERSION, open_file
from storage.store import open_store
from tests.matters_city import AT, HOUR
from tests.storage.conftest import NOBODY
from tests.torture.flipping import READING, WRITING
from tests.torture.old_stores import dumped, kept, restored
from tests.torture.processes import Child, Said
from tests.torture.stage import Answer, alone, call, city_with_a_past

FILE = ("file", "zero", "--unit", "D1", "--date", "2026-11-22", "--areas", "1/1")
CHANGING = (*WRITING, ("urge",), ("unit", "add", "N", "新", "--kind", "town", "--parent", "D1"))


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a small city's store."""
    return city_with_a_past(tmp_path_factory.mktemp("past")).read_bytes()


@pytest.fixture
def place(past: bytes) -> Iterator[Path]:
    """A store in a folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "place"
        folder.mkdir()
        Path(name).chmod(0o755)
        folder.chmod(0o755)
        path = folder / "city.db"
        path.write_bytes(past)
        yield path
        folder.chmod(0o755)


def somebody(say: Said, warm: Path, path: Path, several: list[tuple[str, ...]]) -> None:
    """Call the program as one who has no more than everybody's rights."""
    if os.geteuid() == 0:
        # All that is read from the program's own folders, which nobody may not look into.
        for topic in (catalogue.FOLDER / "en").glob("*.json"):
            catalogue.use("en")
            with suppress(KeyError):
                catalogue.t(f"{topic.stem}.")
        for words in several:
            call(words, warm, login="admin")
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    os.environ["HOME"] = str(path.parent.parent)
    for words in several:
        answer = call(words, path, login="admin")
        say((answer.code, answer.err))


def as_somebody(
    past: bytes, tmp_path: Path, path: Path, several: list[tuple[str, ...]]
) -> list[tuple[int, str]]:
    warm = tmp_path / "warm.db"
    warm.write_bytes(past)
    told = Child(somebody, warm, path, several).rest()
    assert len(told) == len(several)
    return told  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("folder_mode", "file_mode"), [(0o555, 0o444), (0o755, 0o444), (0o555, 0o644)]
)
def test_what_may_only_be_read_is_read_and_not_written(
    past: bytes, tmp_path: Path, place: Path, folder_mode: int, file_mode: int
) -> None:
    place.chmod(file_mode)
    place.parent.chmod(folder_mode)
    reading, writing = list(READING[:8]), list(CHANGING)
    told = as_somebody(past, tmp_path, place, [*reading, *writing])
    assert [code for code, _ in told[: len(reading)]] == [0] * len(reading), told
    for code, err in told[len(reading) :]:
        assert code == 4, err
        assert "read-only" in err


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o755, 0o000), (0o700, 0o644)])
def test_what_may_not_be_opened_is_said_so(
    past: bytes, tmp_path: Path, place: Path, folder_mode: int, file_mode: int
) -> None:
    place.chmod(file_mode)
    place.parent.chmod(folder_mode)
    several = [*READING[:4], *CHANGING]
    for code, err in as_somebody(past, tmp_path, place, several):
        assert code == 4, err
        assert "permissions" in err


def test_nothing_is_written_where_one_may_not(past: bytes, tmp_path: Path, place: Path) -> None:
    place.chmod(0o666)
    place.parent.chmod(0o555)
    target = place.parent / "out.csv"
    told = as_somebody(past, tmp_path, place, [("export", "units", str(tmp_path / "warm.csv"))])
    assert told[0][0] in (3, 4)
    assert not target.exists()


def test_a_missing_folder(tmp_path: Path) -> None:
    path = tmp_path / "no" / "city.db"
    for words in (*READING, *CHANGING):
        assert call(words, path).code == (1 if words[0] == "doctor" else 3), words
    assert call(("init",), path).code == 4
    assert not path.parent.exists()


def text_file(path: Path, _past: bytes) -> None:
    path.write_text("单位,日期\n" * 1000, encoding="utf-8")


def nothing(path: Path, _past: bytes) -> None:
    path.touch()


def another_program(path: Path, _past: bytes) -> None:
    with closing(sqlite3.connect(path)) as engine:
        engine.execute("CREATE TABLE meta (key TEXT, value TEXT)")


def cut_short(path: Path, past: bytes) -> None:
    path.write_bytes(past[: len(past) // 2])


def cut_very_short(path: Path, past: bytes) -> None:
    path.write_bytes(past[:100])


def newer(path: Path, past: bytes) -> None:
    path.write_bytes(past)
    with closing(sqlite3.connect(path)) as engine:
        engine.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def without_a_table(path: Path, past: bytes) -> None:
    path.write_bytes(past)
    with closing(sqlite3.connect(path)) as engine:
        engine.execute("DROP TABLE meta")


@pytest.mark.parametrize(
    "make",
    [text_file, nothing, another_program, cut_short, cut_very_short, newer, without_a_table],
)
def test_what_is_no_store_of_ours_ends_every_command_with_six(
    past: bytes, tmp_path: Path, make: Callable[[Path, bytes], None]
) -> None:
    path = tmp_path / "city.db"
    make(path, past)
    before = path.read_bytes()
    with alone(tmp_path):
        for words in (*READING, *CHANGING):
            answer = call(words, path)
            assert answer.code == (1 if words[0] == "doctor" else 6), (words, answer)
    assert path.read_bytes() == before


def test_a_clock_set_back_is_told_of(past: bytes, tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    path.write_bytes(past)
    assert call(FILE, path).code == 0
    amend = ("file", "amend", "D1", "2026-11-22", "--summary", "改", "--reason", "错")
    earlier = call(amend, path, at=AT - HOUR)
    assert earlier.code == 4
    assert "clock" in earlier.err
    assert call(("doctor",), path, at=AT - HOUR).code == 1
    shown = call(("report", "show", "D1", "2026-11-22", "-f", "json"), path)
    assert json.loads(shown.out)["revision"] == 1
    # Once the clock is right, everything goes on.
    assert call(amend, path, at=AT + 1).code == 0


def test_a_damaged_index_is_found_at_a_copys_first_opening(past: bytes, tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    path.write_bytes(past)
    with closing(sqlite3.connect(path)) as engine:
        engine.execute("PRAGMA writable_schema = ON")
        engine.execute(
            "UPDATE sqlite_master SET sql = replace(sql, '(unit, date)', '(unit, date, kind)')"
            " WHERE name = 'reports_by_unit'"
        )
        engine.commit()
    assert call(("board",), path).code == 6


def test_a_store_is_looked_over_once_a_day(
    past: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []

    def damage(connection: connections.Connection, most: int = 5) -> list[str]:
        looked.append(connection.path)
        return []

    monkeypatch.setattr(checks, "damage", damage)
    path, copy = tmp_path / "city.db", tmp_path / "copy.db"
    path.write_bytes(past)
    for _ in range(3):
        assert call(("board",), path).code == 0
    assert looked == [path]
    call(("board",), path, at=AT + 24 * HOUR)
    assert looked == [path] * 2
    shutil.copyfile(path, copy)
    call(("board",), copy, at=AT + 24 * HOUR)
    assert looked[2:] == [copy]
    monkeypatch.setattr(checks, "LOOKED_OVER", 1000)
    call(("board",), path, at=AT + 48 * HOUR)
    assert looked[3:] == []


def test_a_store_that_another_version_changes_meanwhile(past: bytes, tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    path.write_bytes(past)
    with open_store(path) as store:
        with closing(sqlite3.connect(path)) as newer_program:
            newer_program.execute("CREATE TABLE later (x)")
            newer_program.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        before = store.connection.rows("SELECT * FROM reports")
        assert call(FILE, path).code == 6
        assert store.connection.rows("SELECT * FROM reports") == before


@pytest.mark.parametrize("schema", sorted(kept()))
def test_an_older_programs_store_is_brought_up_and_read(schema: int, tmp_path: Path) -> None:
    path = restored(schema, tmp_path / "old.db")
    with alone(tmp_path):
        for words in READING:
            if words[0] == "matter" and words[1] == "show" and schema == 1:
                continue
            assert call(words, path).code in (0, 1), words
        shown = call(("report", "show", "D1", "2026-11-16", "-f", "json"), path)
        report = json.loads(shown.out)
        assert (report["status"], report["revision"], report["summary"]) == (
            "on_time",
            2,
            "补充说明",
        )
        assert [each["kind"] for each in report["revisions"]] == ["zero", "daily"]
        late = json.loads(call(("report", "show", "D2", "2026-11-16", "-f", "json"), path).out)
        assert (late["status"], late["findings"][0]["area"]) == ("late", 1240)
        assert call(FILE, path).code == 0
        assert (
            call(
                ("file", "daily", "--unit", "D2", "--date", "2026-11-22", "--summary", "有"), path
            ).code
            == 0
        )
    with open_store(path) as store:
        assert store.connection.version() == SCHEMA_VERSION
        assert store.connection.rows("PRAGMA integrity_check") == [("ok",)]
        assert store.connection.rows("PRAGMA foreign_key_check") == []


def test_stores_of_the_schemas_so_far_are_kept() -> None:
    assert {1, 2} <= set(kept())
    assert max(kept()) < SCHEMA_VERSION + 1


def test_a_store_goes_to_sql_and_back(past: bytes, tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    path.write_bytes(past)
    with closing(sqlite3.connect(tmp_path / "again.db")) as engine:
        engine.executescript(dumped(path))
    assert dumped(tmp_path / "again.db") == dumped(path)
    open_file(tmp_path / "again.db").close()


def test_the_lock_of_a_killed_process_holds_nobody(past: bytes, tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    path.write_bytes(past)
    child = Child(sleeping, path)
    assert child.next() == "held"
    child.kill()
    assert call(FILE, path).code == 0


def sleeping(say: Said, path: Path) -> None:
    """Hold the write lock for as long as one lives."""
    with open_store(path) as store, store.connection.writing():
        store.connection.execute("DELETE FROM exemptions")
        say("held")
        signal.pause()


def test_the_lock_of_a_living_process_is_waited_for_and_told_of(
    past: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "city.db"
    path.write_bytes(past)
    monkeypatch.setattr(connections, "WAIT_SECONDS", 0.2)
    child = Child(sleeping, path)
    assert child.next() == "held"
    answer = call(FILE, path)
    assert answer.code == 5
    assert "try again" in answer.err
    assert call(("board", "-f", "json"), path).code == 0
    child.kill()


@pytest.mark.parametrize("suffix", ["-journal", "-wal", "-shm"])
def test_leavings_of_another_do_no_harm(past: bytes, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "city.db"
    path.write_bytes(past)
    path.with_name(path.name + suffix).write_bytes(b"left over " * 1000)
    assert call(FILE, path).code == 0
    shown = call(("report", "show", "D1", "2026-11-16", "-f", "json"), path)
    assert json.loads(shown.out)["revision"] == 2


TABLE = """\
/dev/sda1 / ext4 rw 0 0
server:/share /mnt/offices nfs4 rw,vers=4.2 0 0
//nas/daten {place}/with\\040blank cifs rw 0 0
tmpfs {place}/local tmpfs rw 0 0
sshfs#x {place}/far fuse.sshfs rw 0 0
ext4 {place}/far/near ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "drive"),
    [
        ("with blank", "cifs"),
        ("with blank/deeper", "cifs"),
        ("with", None),
        ("local", None),
        ("far", "fuse.sshfs"),
        ("far/near", None),
        ("farther", None),
    ],
)
def test_a_network_drive_is_known_by_the_table_of_mounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, drive: str | None
) -> None:
    table = tmp_path / "mounts"
    table.write_text(TABLE.format(place=tmp_path), encoding="utf-8")
    monkeypatch.setattr(mounts, "MOUNTS", table)
    (tmp_path / folder).mkdir(parents=True)
    assert mounts.network_drive(tmp_path / folder) == drive
    monkeypatch.setattr(mounts, "MOUNTS", tmp_path / "none")
    assert mounts.network_drive(tmp_path / folder) is None


def test_no_store_is_founded_on_a_network_drive(
    past: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mounts"
    table.write_text(f"server:/x {tmp_path} nfs4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(mounts, "MOUNTS", table)
    refused: Answer = call(("init",), tmp_path / "new.db")
    assert refused.code == 4
    assert "network drive (nfs4)" in refused.err
    assert [each.name for each in tmp_path.iterdir()] == ["mounts"]
    # One that came there later is not locked away, and doctor says what to do.
    path = tmp_path / "city.db"
    path.write_bytes(past)
    assert call(("board",), path).code == 0
    told = call(("doctor", "-f", "json"), path)
    assert told.code == 1
    assert any("network drive" in each["text"] for each in json.loads(told.out))
