from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document

from domain.errors import Exit
from tests.conftest import AT, STARTS, City, Run
from tests.exchange.papers_stage import letter_text, staged

FIELDS = [
    "number",
    "kind",
    "subject",
    "made_at",
    "by",
    "versions",
    "language",
    "template",
    "content",
]
LATER = AT + 7 * 86400


@pytest.fixture
def city(tmp_path: Path) -> City:
    staged(tmp_path).close()
    return City(tmp_path / "city.db", AT, STARTS)


def test_kinds_are_listed_with_their_subjects(run: Run, city: City) -> None:
    rows = json.loads(run("paper", "kinds", "-f", "json", lang="zh").out)
    assert {"kind": "stop_work", "name": "责令停止违法行为通知书", "subject": "F-2026-0001"} in rows
    assert "day_sheet" not in {row["kind"] for row in rows}


def test_a_paper_is_made_listed_and_shown(run: Run, city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    said = run("paper", "make", "stop-work", "f-2026-0001", "-o", str(file), at=LATER, lang="zh")
    assert said.out == f"SW-2026-0001 已写入 {file}。\n"
    assert letter_text(file.read_bytes()).startswith("责令停止违法行为通知书")
    made = json.loads(
        run(
            "paper", "make", "stop_work", "F-2026-0001", "-o", str(file), "-f", "json", at=LATER + 9
        ).out
    )
    assert list(made) == FIELDS
    assert (made["number"], made["versions"], made["language"]) == ("SW-2026-0001", 2, "en")
    transfer = ("transfer", "F-2026-0001@监察局", "-o", str(file))
    run("paper", "make", *transfer, at=LATER + 10)
    about = json.loads(
        run("paper", "list", "--about", "F-2026-0001", "-f", "json", at=LATER + 20).out
    )
    assert [row["number"] for row in about] == ["SW-2026-0001", "TL-2026-0001"]
    (only,) = json.loads(
        run("paper", "list", "--kind", "transfer", "-f", "json", at=LATER + 20).out
    )
    assert only["subject"] == "F-2026-0001@DISC"
    early = run("paper", "list", "--as-of", "2026-11-23", "-f", "json", at=LATER + 20).out
    assert "SW-2026" not in early
    shown = json.loads(run("paper", "show", "sw-2026-0001", "-f", "json", at=LATER + 20).out)
    assert [row["language"] for row in shown["made_from"]] == ["zh", "en"]
    assert "SW-2026-0001" in run("paper", "show", "SW-2026-0001", at=LATER + 20).out


def test_what_makes_no_sense_is_one_sentence(run: Run, city: City, tmp_path: Path) -> None:
    file = str(tmp_path / "a.docx")
    for words, code in (
        (("poem", "x"), Exit.USAGE),
        (("stop_work", "F-2026-0099"), Exit.NOT_FOUND),
        (("transfer", "F-2026-0001"), Exit.USAGE),
        (("month_table", "2026-11"), Exit.USAGE),
        (("day_sheet", "2026-11-23"), Exit.USAGE),
    ):
        said = run("paper", "make", *words, "-o", file, at=LATER, code=code)
        assert len(said.err.splitlines()) == 1
    assert len(run("paper", "show", "XX-1", at=LATER, code=Exit.NOT_FOUND).err.splitlines()) == 1


def test_the_citys_own_templates_are_named_in_the_configuration(
    run: Run, city: City, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    (own / "en").mkdir(parents=True)
    run("config", "set", "templates", str(own))
    document = Document()
    document.add_paragraph("Our own {{ number }}")
    document.save(str(own / "en" / "stop_work.docx"))
    file = tmp_path / "a.docx"
    run("paper", "make", "stop_work", "F-2026-0001", "-o", str(file), at=LATER)
    assert letter_text(file.read_bytes()).startswith("Our own SW-2026-0001")
    (own / "en" / "stop_work.docx").write_bytes(b"no")
    said = run("paper", "make", "stop_work", "F-2026-0001", "-o", str(file), at=LATER, code=2)
    assert "stop_work.docx" in said.err
    assert letter_text(file.read_bytes()).startswith("Our own")
