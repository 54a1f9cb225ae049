"""What goes out when an approval lapses: the ladder's texts, and the notice of its own (R14)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import catalogue
from actions.matters import Subject, open_matter
from actions.urging import urge
from domain.papers import PaperKind
from domain.units import Kind, Unit
from exchange.papers import make_paper
from exchange.urging_text import urging_texts
from storage import units
from storage.store import Store
from tests.matters_city import ADMIN, AT, new_city, on, who

LAPSED = on("2026-12-02 10:00")
"""Two working days after the social-security review was due."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        new = [
            Unit("HRSS", "人社局", Kind.DEPARTMENT, "Social Security", parent="C", order=20),
            Unit("PLAN", "规划局", Kind.DEPARTMENT, "Planning", parent="C", order=21),
        ]
        units.save(opened.connection, new)
        about = Subject("标准厂房", place="T1", party="某公司")
        open_matter(opened, who("d1"), "approval", "D1", about, AT)
        yield opened


@pytest.mark.parametrize(
    ("lang", "rung", "words"),
    [
        ("zh", "reminder_sheet", "用地报批催办通知书"),
        ("en", "reminder_sheet", "notice to complete it"),
    ],
)
def test_a_sheet_says_that_the_notice_goes_with_it(
    store: Store, lang: str, rung: str, words: str
) -> None:
    catalogue.use(lang)
    fired = urge(store, ADMIN, LAPSED)
    found = {
        text.rung.name: text.text
        for text in urging_texts(store, fired, LAPSED)
        if text.unit is not None and text.unit.code == "HRSS"
    }
    assert words in found[rung]
    assert "paper make approval-urging U-2026-0001" in found[rung]
    assert all(words not in text for name, text in found.items() if not name.endswith("sheet"))


@pytest.mark.parametrize(
    ("lang", "step"), [("zh", "社会保障审核(人社局)"), ("en", "review (Social Security)")]
)
def test_the_notice_names_the_department(
    store: Store, tmp_path: Path, lang: str, step: str
) -> None:
    catalogue.use(lang)
    file = tmp_path / "notice.docx"
    made = make_paper(store, who("d1"), PaperKind.APPROVAL_URGING, "U-2026-0001", file, LAPSED)
    assert made.paper.number == "AU-2026-0001"
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as book:
        assert step in book.read("word/document.xml").decode()
