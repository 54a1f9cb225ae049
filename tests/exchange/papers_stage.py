"""A small city with something to write of on every kind of paper, and the papers as plain text.

`python -m tests.exchange.papers_stage` writes the golden texts anew: read what changed.
"""

from __future__ import annotations

import io
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import catalogue
from actions import sheets
from actions.matters import do_step
from actions.notices import issue
from actions.reporting import file, file_zero
from actions.urging import urge
from domain.areas import LandClass
from domain.findings import Finding
from domain.papers import PaperKind
from domain.reports import Content, ReportKind
from exchange.papers import ending, make_paper
from exchange.sheet_book import sheet_book
from storage.store import Store
from tests.matters_city import ADMIN, finding, new_city, on, who

GOLDEN = Path(__file__).parent / "golden"
DAY = date(2026, 11, 23)
AT = on("2026-11-30 10:00")
LANGUAGES = ("zh", "en")

SUBJECTS = {
    PaperKind.STOP_WORK: "F-2026-0001",
    PaperKind.SUPERVISION: "N-2026-0001",
    PaperKind.REMINDER_SHEET: "D2@2026-11-24",
    PaperKind.URGING_SHEET: "D2@2026-11-25",
    PaperKind.SUPERVISION_SHEET: "D2@2026-11-26",
    PaperKind.APPROVAL_URGING: "F-2026-0001",
    PaperKind.TRANSFER: "F-2026-0001@DISC",
    PaperKind.RESPONSIBILITY: "D1@2026",
    PaperKind.MONTH_TABLE: "2026-11",
    PaperKind.HALF_YEAR_TABLE: "2026H2",
}


def staged(folder: Path) -> Store:
    """Return the city: a finding on its way, a notice, silence that was urged, two sealed days."""
    store = new_city(folder)
    matter = finding(
        store,
        on("2026-11-23 10:00"),
        title="推土堆料",
        location="东镇村口",
        place="T1",
        party="某建材经营部",
        land_class="cultivated",
        area=1240,
        existed_since=date(2026, 11, 20),
        source="巡查",
    )
    do_step(store, who("d1"), matter.number, "stop", on("2026-11-23 11:00"), text="已口头制止")
    do_step(store, who("d1"), matter.number, "verify", on("2026-11-24 11:00"), text="属实")
    issue(
        store,
        who("sup"),
        ["D1"],
        "核对零报告",
        "请核对11月23日报告。\n三日内书面回复。",
        on("2026-11-24 10:00"),
    )
    file_zero(store, who("d1"), "D1", DAY, on("2026-11-23 16:00"), areas=(5, 6))
    land = Content(
        ReportKind.DAILY,
        "立案1宗",
        findings=(Finding(1, "河滩", LandClass.UNUSED, 800),),
    )
    file(store, who("land"), "LAND", DAY, land, on("2026-11-23 16:30"))
    sheets.seal(store, ADMIN, DAY, on("2026-11-23 18:00"))
    file_zero(store, who("power"), "POWER", DAY, on("2026-11-24 09:00"))
    sheets.seal(store, ADMIN, date(2026, 11, 24), on("2026-11-24 18:00"))
    for day in (24, 25, 26):
        urge(store, ADMIN, on(f"2026-11-{day} 17:30"))
    return store


def paper_bytes(store: Store, folder: Path, kind: PaperKind, language: str, at: int = AT) -> bytes:
    """Return a paper in a language."""
    before = catalogue.language()
    catalogue.use(language)
    try:
        target = folder / f"{kind}-{language}{ending(kind)}"
        make_paper(store, ADMIN, kind, SUBJECTS[kind], target, at)
    finally:
        catalogue.use(before)
    return target.read_bytes()


def sheet_bytes(store: Store, day: date, language: str) -> bytes:
    """Return a day's sheet in a language."""
    before = catalogue.language()
    catalogue.use(language)
    try:
        return sheet_book(store, sheets.day_sheet(store, day, AT))
    finally:
        catalogue.use(before)


def letter_text(content: bytes) -> str:
    """Return what stands in a DOCX, paragraph by paragraph, cells with `|` between."""
    from docx import Document
    from docx.table import Table

    document = Document(io.BytesIO(content))
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    lines += [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def book_text(content: bytes) -> str:
    """Return what stands in a workbook, row by row, cells with `|` between."""
    from python_calamine import load_workbook

    sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    rows: list[list[Any]] = sheet.to_python()
    lines = []
    for row in rows:
        cells = [str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row]
        lines.append(" | ".join(cell for cell in cells if cell).rstrip())
    return "\n".join(lines) + "\n"


def texts(store: Store, folder: Path) -> dict[str, str]:
    """Return every paper in every language as text, by the name of its golden file."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for kind in SUBJECTS:
            content = paper_bytes(store, folder, kind, language)
            read = book_text if ending(kind) == ".xlsx" else letter_text
            found[f"{kind}.{language}.txt"] = read(content)
        for day in (23, 24, 25):
            book = sheet_bytes(store, date(2026, 11, day), language)
            found[f"day_sheet_{day}.{language}.txt"] = book_text(book)
    return found


def main() -> None:
    """Write the golden texts anew."""
    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, staged(Path(folder)) as store:
        for name, text in texts(store, Path(folder)).items():
            (GOLDEN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
