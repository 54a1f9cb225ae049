"""`lianluo archive`, and what the other commands say of archived years."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.errors import Exit
from domain.instants import Instant
from tests.actions.test_archiving import AT, grown
from tests.conftest import Run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A city whose 2025 is closed."""
    grown(tmp_path).close()
    return tmp_path / "s.db"


def test_a_year_is_archived_listed_and_read(run: Run, path: Path) -> None:
    def ask(*words: str, code: int | None = 0, lang: str = "en", at: Instant = AT) -> str:
        answer = run(*words, store=path, at=at, code=code, lang=lang)
        return answer.out + answer.err

    asked = [
        ("board", "2025-12-24", "--all", "-f", "json"),
        ("report", "show", "D1", "2025-12-23", "--diff", "-f", "json"),
        ("report", "list", "--from", "2025-12-20", "--to", "2026-01-02", "-f", "json"),
        ("rates", "--from", "2025-12-20", "--to", "2026-01-31", "--by", "unit", "-f", "json"),
        ("export", "reports"),
        ("export", "findings"),
        ("board", "2025-12-24", "--as-of", "2025-12-24T11:00", "-f", "csv"),
    ]
    before = [ask(*words) for words in asked]
    assert "[]" in ask("archive", "--list", "-f", "json")
    made = json.loads(ask("archive", "2025", "-f", "json"))
    file = path.with_name("s-2025.db")
    assert (made["year"], made["file"], made["reports"]) == (2025, str(file), 21)
    assert [ask(*words) for words in asked] == before
    (known,) = json.loads(ask("archive", "--list", "-f", "json"))
    assert (known["there"], known["sha256"]) == (True, made["sha256"])
    assert "s-2025.db" in ask("archive", "--list", lang="zh")
    assert "2025" in ask("doctor", code=None)
    assert "2025" in ask("backup", str(path.with_name("b.db")))
    ask("audit", "verify")
    assert "2025" in ask("audit", "verify", "--receipt", "R-20251223-D1-2")
    change = ("file", "amend", "D1", "2025-12-23", "--reason", "x", "--zero", "--areas", "1/1")
    assert "archived" in ask(*change, code=Exit.REFUSED)
    file.rename(path.with_name("away"))
    assert str(file) in ask("audit", "verify", code=Exit.NOT_FOUND)
    assert str(file) in ask("report", "show", "D1", "2025-12-23", code=Exit.NOT_FOUND)
    assert str(file) in ask("doctor", code=Exit.FOUND)
    file.write_bytes(path.read_bytes())
    assert str(file) in ask("audit", "verify", code=Exit.DAMAGED)


def test_the_archive_itself_reads_and_refuses(run: Run, path: Path) -> None:
    run("archive", "2025", "-o", str(path.with_name("old.db")), store=path, at=AT)
    old = path.with_name("old.db")
    assert run("board", "2025-12-24", store=old, at=AT).out
    run("audit", "verify", store=old, at=AT)
    for words in (
        ("file", "zero", "--unit", "D1", "--areas", "1/1"),
        ("unit", "add", "N", "新", "--kind", "town", "--parent", "D1"),
        ("archive", "2025"),
        ("urge",),
    ):
        answer = run(*words, store=old, at=AT, code=Exit.REFUSED)
        assert "archive of 2025" in answer.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), Exit.USAGE),
        (("2025", "--list"), Exit.USAGE),
        (("--list", "-o", "x.db"), Exit.USAGE),
        (("2024",), Exit.NOT_FOUND),
        (("2026",), Exit.REFUSED),
        (("twenty",), Exit.USAGE),
    ],
)
def test_what_cannot_be_is_refused(
    run: Run, path: Path, words: tuple[str, ...], code: Exit
) -> None:
    assert run("archive", *words, store=path, at=AT, code=code).err


def test_an_import_recognises_what_is_archived(run: Run, path: Path) -> None:
    table = path.with_name("r.csv")
    run("export", "reports", str(table), store=path, at=AT)
    run("archive", "2025", store=path, at=AT)
    same = run("import", "reports", str(table), store=path, at=AT)
    assert "0 new, 0 amended, 59 unchanged, 0 rejected" in same.err
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    head = lines[0].split(",")
    row = dict.fromkeys(head, "")
    row |= {"unit": "CITY", "date": "2025-12-24", "kind": "zero"}
    new = row | {"filed_at": "2025-12-24T09:00:00Z"}
    again = row | {"unit": "D1", "filed_at": "2025-12-30T09:00:00Z", "reason": "补"}
    later = row | {"date": "2026-01-21", "filed_at": "2026-01-21T09:00:00Z"}
    more = [",".join(each[name] for name in head) for each in (new, again, later)]
    table.write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")
    refused = run("import", "reports", str(table), store=path, at=AT, code=Exit.FOUND)
    assert refused.err.count("2025 is archived") == 2
    assert "0 new, 0 amended, 59 unchanged, 2 rejected" in refused.err
    kept = run("import", "reports", str(table), "--keep-going", store=path, at=AT, code=Exit.FOUND)
    assert "1 new, 0 amended, 59 unchanged, 2 rejected" in kept.err
    run("audit", "verify", store=path, at=AT)
