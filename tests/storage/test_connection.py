"""Opening and creating stores: what is no store is refused in a sentence, and left alone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from domain.errors import Busy, Damaged, Exit, LianluoError, NotFound, Refused, UsageError
from storage import connection as connections
from storage.connection import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    Connection,
    connect,
    explained,
    open_file,
)
from storage.creating import create_file
from storage.store import Store, open_store, set_fact


def test_a_new_store_is_marked_and_set_up(tmp_path: Path) -> None:
    connection = create_file(tmp_path / "s.db")
    pragmas = {
        name: connection.row(f"PRAGMA {name}")
        for name in (
            *("application_id", "user_version", "journal_mode", "foreign_keys", "synchronous"),
            "busy_timeout",
        )
    }
    connection.close()
    assert pragmas == {
        "application_id": (APPLICATION_ID,),
        "user_version": (SCHEMA_VERSION,),
        "journal_mode": ("wal",),
        "foreign_keys": (1,),
        "synchronous": (2,),
        "busy_timeout": (10_000,),
    }
    connection = open_file(tmp_path / "s.db")
    assert connection.row("PRAGMA journal_mode") == ("wal",)
    assert connection.row("PRAGMA foreign_keys") == (1,)
    assert connection.row("PRAGMA synchronous") == (2,)
    connection.close()


def refusal(path: Path) -> LianluoError:
    with pytest.raises(LianluoError) as refused:
        open_store(path).close()
    return refused.value


def test_a_missing_store_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "no" / "s.db"
    error = refusal(path)
    assert isinstance(error, NotFound)
    assert error.exit_code is Exit.NOT_FOUND
    assert not path.parent.exists()
    assert isinstance(refusal(tmp_path / "s.db"), NotFound)
    assert list(tmp_path.iterdir()) == []
    # A file on the way is no folder.
    (tmp_path / "file").write_text("x")
    assert isinstance(refusal(tmp_path / "file" / "s.db"), NotFound)


@pytest.mark.parametrize("name", ["x" * 300, "x\0y"])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    assert isinstance(refusal(tmp_path / name), Refused)


def text_file(path: Path) -> None:
    path.write_text("单位,日期\n" * 1000, encoding="utf-8")


def sqlite_of_another(path: Path) -> None:
    engine = sqlite3.connect(path)
    engine.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    engine.close()


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (Path.mkdir, "errors.store_foreign"),
        (Path.touch, "errors.store_foreign"),
        (text_file, "errors.store_damaged"),
        (sqlite_of_another, "errors.store_foreign"),
        (pipe, "errors.store_foreign"),
        (lambda path: path.symlink_to("/dev/null"), "errors.store_foreign"),
    ],
)
def test_what_is_no_store_of_ours(tmp_path: Path, make: Callable[[Path], object], key: str) -> None:
    path = tmp_path / "s.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    error = refusal(path)
    assert isinstance(error, Damaged)
    assert error.exit_code is Exit.DAMAGED
    assert error.message.key == key
    if path.is_file():
        assert path.read_bytes() == before


def test_a_store_that_a_newer_program_changes_while_it_is_open(store: Store) -> None:
    newer = connect(store.path)
    newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    newer.close()
    with pytest.raises(Damaged, match="store_newer"), store.connection.writing():
        set_fact(store.connection, "starts", "2026-01-01")
    assert not store.connection.inside()
    assert store.connection.row("SELECT value FROM meta WHERE key = 'starts'") != ("2026-01-01",)


def test_a_store_of_a_newer_program(store: Store) -> None:
    store.connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    error = refusal(store.path)
    assert error.message.key == "errors.store_newer"
    assert error.exit_code is Exit.DAMAGED


def read_all(path: Path) -> None:
    """Read every row of a store; raises Damaged for what the engine alone would find, too."""
    with open_store(path) as opened:
        for (table,) in opened.connection.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ):
            opened.connection.rows(f"SELECT * FROM {table}")
        if opened.connection.rows("PRAGMA quick_check") != [("ok",)]:
            raise Damaged("errors.store_damaged", store=str(path))


def test_a_store_cut_short_anywhere_is_damaged_or_says_so_when_read(
    store: Store, tmp_path: Path
) -> None:
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = store.path.read_bytes()
    for length in [*range(1, 200, 7), 511, 512, 1000, *range(4096, len(whole), 4096 * 7 + 13)]:
        path = tmp_path / "cut.db"
        path.write_bytes(whole[:length])
        with pytest.raises(Damaged):
            read_all(path)
        for left in tmp_path.glob("cut.db*"):
            left.unlink()


def test_a_store_with_a_scribbled_page_raises_no_foreign_error(
    store: Store, tmp_path: Path
) -> None:
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = store.path.read_bytes()
    for start in range(0, len(whole), 4096 * 5):
        path = tmp_path / f"{start}.db"
        path.write_bytes(whole[:start] + b"\xff" * 4096 + whole[start + 4096 :])
        with suppress(Damaged):
            read_all(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rules", "not JSON"),
        ("rules", "5"),
        ("rules", "null"),
        ("rules", '{"cutoff": "25:00"}'),
        ("rules", '{"no such rule": 1}'),
        ("rules", '{"extra_holidays": ["2026-01-01"], "extra_workdays": ["2026-01-01"]}'),
        ("starts", "yesterday"),
        ("through", ""),
    ],
)
def test_facts_that_make_no_sense_are_damage(store: Store, key: str, value: str) -> None:
    set_fact(store.connection, key, value)
    assert refusal(store.path).exit_code is Exit.DAMAGED


@pytest.mark.parametrize("key", ["rules", "starts", "through"])
def test_missing_facts_are_damage(store: Store, key: str) -> None:
    store.connection.execute("DELETE FROM meta WHERE key = ?", (key,))
    assert refusal(store.path).exit_code is Exit.DAMAGED


def test_a_store_without_its_tables_is_damaged(tmp_path: Path) -> None:
    connection = create_file(tmp_path / "s.db")
    connection.execute("DROP TABLE meta")
    connection.close()
    assert refusal(tmp_path / "s.db").exit_code is Exit.DAMAGED


def test_a_copy_is_a_store(store: Store, tmp_path: Path) -> None:
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(store.path, tmp_path / "copy.db")
    with open_store(tmp_path / "copy.db") as copy:
        assert copy.starts == store.starts
        assert copy.rules == store.rules


def count(connection: Connection) -> int:
    found = connection.row("SELECT COUNT(*) FROM meta")
    assert found is not None
    return int(found[0])


class TestTransactions:
    """All or nothing, nested or not, and one thread of work each."""

    def test_all_or_nothing(self, store: Store) -> None:
        before = count(store.connection)

        def refused() -> None:
            with store.connection.writing():
                set_fact(store.connection, "a", "1")
                with store.connection.writing():
                    set_fact(store.connection, "b", "2")
                raise Refused("errors.x")

        with pytest.raises(Refused):
            refused()
        assert count(store.connection) == before
        assert not store.connection.inside()
        with store.connection.writing(), store.connection.writing():
            set_fact(store.connection, "a", "1")
        assert count(store.connection) == before + 1

    def test_an_interruption_leaves_nothing(self, store: Store) -> None:
        before = count(store.connection)

        def interrupted() -> None:
            with store.connection.writing():
                set_fact(store.connection, "a", "1")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert count(store.connection) == before

    def test_a_reader_sees_one_state(self, store: Store) -> None:
        with open_store(store.path) as other:
            before = count(store.connection)
            with store.connection.reading():
                assert count(store.connection) == before
                set_fact(other.connection, "a", "1")
                assert count(store.connection) == before
            assert count(store.connection) == before + 1

    def test_reading_inside_writing_sees_what_was_written(self, store: Store) -> None:
        before = count(store.connection)
        with store.connection.writing():
            set_fact(store.connection, "a", "1")
            with store.connection.reading():
                assert count(store.connection) == before + 1
            set_fact(store.connection, "b", "1")
        assert count(store.connection) == before + 2

    def test_a_second_writer_waits_and_is_told(self, store: Store) -> None:
        with open_store(store.path) as other, store.connection.writing():
            with (
                pytest.raises(Busy) as refused,
                other.connection.waiting(0.01),
                other.connection.writing(),
            ):
                set_fact(other.connection, "a", "1")
            assert refused.value.exit_code is Exit.BUSY
            # Readers wait for nobody, and patience is as it was.
            assert count(other.connection) > 0
            assert other.connection.row("PRAGMA busy_timeout") == (10_000,)

    def test_another_thread_is_refused(self, store: Store) -> None:
        seen: list[object] = []

        def use() -> None:
            try:
                count(store.connection)
            except LianluoError as error:
                seen.append(error)

        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
        assert len(seen) == 1

    def test_a_change_by_another_is_noticed_and_the_own_is_not(self, store: Store) -> None:
        with open_store(store.path) as other:
            seen = store.connection.change_count()
            assert store.connection.change_count() == seen
            set_fact(store.connection, "a", "1")
            assert store.connection.change_count() == seen
            set_fact(other.connection, "b", "1")
            assert store.connection.change_count() != seen


def test_text_that_is_no_utf8_is_refused_in_a_sentence(store: Store) -> None:
    with pytest.raises(UsageError) as refused:
        store.connection.execute("SELECT ?", ("\udcff",))
    assert refused.value.message.key == "errors.text_not_utf8"
    with pytest.raises(UsageError):
        store.connection.execute_many("INSERT INTO meta VALUES (?, ?)", [("a", "\udcff")])


def engine_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        (sqlite3.SQLITE_BUSY, Exit.BUSY),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Exit.BUSY),
        (sqlite3.SQLITE_LOCKED, Exit.BUSY),
        (sqlite3.SQLITE_FULL, Exit.BUSY),
        (sqlite3.SQLITE_IOERR_WRITE, Exit.BUSY),
        (sqlite3.SQLITE_READONLY_DIRECTORY, Exit.REFUSED),
        (sqlite3.SQLITE_CANTOPEN, Exit.REFUSED),
        (sqlite3.SQLITE_CONSTRAINT_CHECK, Exit.REFUSED),
        (sqlite3.SQLITE_CORRUPT, Exit.DAMAGED),
        (sqlite3.SQLITE_NOTADB, Exit.DAMAGED),
        (sqlite3.SQLITE_ERROR, Exit.DAMAGED),
    ],
)
def test_every_engine_error_has_its_exit_code(code: int, exit_code: Exit) -> None:
    assert explained(engine_error(code), Path("s.db")).exit_code is exit_code


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody may enter, which tests' own folders are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def lone(public: Path, folder_mode: int, file_mode: int) -> Path:
    folder = public / "place"
    folder.mkdir()
    path = folder / "s.db"
    create_file(path).close()
    path.chmod(file_mode)
    folder.chmod(folder_mode)
    return path


Somebody = Callable[..., None]


def reads_and_cannot_write(path: Path) -> None:
    connection = open_file(path)
    assert not connection.writable
    assert connection.rows("SELECT * FROM units") == []
    with connection.reading():
        assert connection.rows("SELECT * FROM meta") == []
    with pytest.raises(Refused), connection.writing():
        set_fact(connection, "a", "1")
    connection.close()


@pytest.mark.parametrize(
    ("folder_mode", "file_mode"), [(0o755, 0o444), (0o555, 0o444), (0o555, 0o644), (0o777, 0o444)]
)
def test_who_may_not_write_may_read(
    public: Path, as_nobody: Somebody, folder_mode: int, file_mode: int
) -> None:
    path = lone(public, folder_mode, file_mode)
    try:
        as_nobody(reads_and_cannot_write, path)
    finally:
        path.parent.chmod(0o755)


def reads_one_fact(path: Path) -> None:
    reader = open_file(path)
    assert count(reader) == 1
    reader.close()


def test_a_reader_beside_a_writer_sees_what_was_written(public: Path, as_nobody: Somebody) -> None:
    path = lone(public, 0o755, 0o644)
    writer = open_file(path)
    set_fact(writer, "a", "1")
    as_nobody(reads_one_fact, path)
    writer.close()


def is_refused(path: Path) -> None:
    with pytest.raises(Refused) as refused:
        open_file(path)
    assert refused.value.message.key == "errors.store_not_opened"


def test_who_may_not_even_read_is_told_so(public: Path, as_nobody: Somebody) -> None:
    as_nobody(is_refused, lone(public, 0o755, 0o000))


def test_a_closed_folder_is_told_of(public: Path, as_nobody: Somebody) -> None:
    path = lone(public, 0o755, 0o644)
    path.parent.chmod(0o000)
    try:
        as_nobody(is_refused, path)
    finally:
        path.parent.chmod(0o755)


def cannot_create(path: Path) -> None:
    with pytest.raises(Refused):
        create_file(path)


def test_nothing_is_created_where_one_may_not(public: Path, as_nobody: Somebody) -> None:
    folder = public / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    try:
        as_nobody(cannot_create, folder / "s.db")
    finally:
        folder.chmod(0o755)


def test_connect_in_mode_rw_never_creates(tmp_path: Path) -> None:
    with pytest.raises(LianluoError):
        connect(tmp_path / "s.db")
    assert list(tmp_path.iterdir()) == []
    assert connections.WAIT_SECONDS == 10
