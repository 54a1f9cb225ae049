"""Writes the templates of papers in exchange/templates/ from the texts of scripts/papers/.

`python scripts/paper_templates.py` writes them, `--check` says whether they are what the texts
make. The same texts make the same bytes. What each line may be is told in scripts/papers/README.md.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docx import Document  # noqa: E402
from docx.enum.table import WD_TABLE_ALIGNMENT  # noqa: E402
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING  # noqa: E402
from docx.oxml import OxmlElement  # noqa: E402
from docx.oxml.ns import qn  # noqa: E402
from docx.shared import Mm, Pt  # noqa: E402

from exchange.letters import FOLDER, steady  # noqa: E402

TEXTS = ROOT / "scripts" / "papers"


@dataclass(frozen=True, slots=True)
class Looks:
    """The fonts and sizes of a language: of the title, of the text, and sizes in points."""

    title_font: str
    font: str
    title: float
    text: float
    small: float
    spacing: float
    indent: float


LOOKS = {
    # Official papers are set in FangSong of size three, 28 lines to a page; this is one size less,
    # so that most of them fit on one.
    "zh": Looks("宋体", "仿宋", 22, 14, 10.5, 26, 28),
    "en": Looks("Times New Roman", "Times New Roman", 18, 12, 9.5, 18, 0),
}
INSTEAD = {
    "仿宋": "FangSong;仿宋_GB2312;FangSong_GB2312;STFangsong;Noto Serif CJK SC;SimSun",
    "宋体": "SimSun;STSong;Noto Serif CJK SC;Source Han Serif SC",
    "Times New Roman": "Liberation Serif;Noto Serif;DejaVu Serif",
}
"""What a program may take for a font that it lacks."""

FORMS = {2: (56, 100), 4: (28, 58, 30, 40)}
"""The widths of the columns of a form to be filled in by hand, in millimetres."""

_SHARE = re.compile(r" \[(\d+)\]")

FOOT = {
    "zh": "编号 {{ number }}    校验码 {{ check }}",
    "en": "No. {{ number }}    check {{ check }}",
}


def written() -> Iterator[tuple[Path, bytes]]:
    """Yield each template's place with the bytes that its text makes."""
    for text in sorted(TEXTS.glob("*/*.txt")):
        language = text.parent.name
        lines = text.read_text(encoding="utf-8").splitlines()
        yield FOLDER / language / f"{text.stem}.docx", made(lines, language)


def made(lines: Sequence[str], language: str) -> bytes:
    """Return the template that the lines of a text make."""
    looks = LOOKS[language]
    document = Document()
    _page(document, looks, FOOT[language])
    rows: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            _table(document, rows, looks)
            rows = []
        if line:
            _paragraph(document, line, looks)
    packed = io.BytesIO()
    document.save(packed)
    return steady(packed.getvalue())


def _page(document: Any, looks: Looks, foot: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(32), Mm(30)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.size = Pt(looks.text)
    _font(style.element.get_or_add_rPr(), looks.font)
    speaks = OxmlElement("w:lang")
    speaks.set(qn("w:val"), "en-GB")
    speaks.set(qn("w:eastAsia"), "zh-CN")
    style.element.get_or_add_rPr().append(speaks)
    section.footer.is_linked_to_previous = False
    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(line, foot, looks.font, looks.small)
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = ""
    _fallbacks(document)
    _leave_out(document, "stylesWithEffects", "thumbnail", "customXml")


def _leave_out(document: Any, *kinds: str) -> None:
    """Leave out parts of the library's blank document that nothing here needs."""
    for owner in (document.part, document.part.package):
        for name, link in list(owner.rels.items()):
            if link.reltype.rpartition("/")[2] in kinds:
                owner.rels.pop(name)


def _fallbacks(document: Any) -> None:
    """Name, in the table of fonts, what may stand for each: offices and servers have others."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            named = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{instead}"/></w:font>'
                for name, instead in INSTEAD.items()
            )
            text = part.blob.decode("utf-8")
            names = "|".join(INSTEAD)
            text = re.sub(rf'<w:font w:name="(?:{names})">.*?</w:font>', "", text, flags=re.DOTALL)
            part._blob = text.replace("</w:fonts>", named + "</w:fonts>").encode("utf-8")


def _font(properties: Any, name: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for slot in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(slot), name)


def _run(paragraph: Any, text: str, font: str, size: float, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold = bold
    _font(run._r.get_or_add_rPr(), font)


def _paragraph(document: Any, line: str, looks: Looks) -> None:
    mark, text = line[:2], line[2:]
    if line == "_":
        for _ in range(2):
            _spaced(document.add_paragraph(), looks)
        return
    paragraph = document.add_paragraph()
    _spaced(paragraph, looks)
    if mark == "# ":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = Pt(looks.title * 1.6)
        paragraph.paragraph_format.space_after = Pt(8)
        _run(paragraph, text, looks.title_font, looks.title, bold=True)
    elif mark == "= ":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(10)
        _run(paragraph, text, looks.font, looks.text)
    elif mark == "> ":
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, text, looks.font, looks.text)
    elif mark == "~ ":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(looks.text * 2)
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, text, looks.font, looks.text)
    elif mark == "- ":
        paragraph.paragraph_format.space_before = Pt(4)
        paragraph.paragraph_format.line_spacing = Pt(looks.small * 1.5)
        _run(paragraph, text, looks.font, looks.small)
    elif mark == "% ":
        _run(paragraph, f"{{%p {text} %}}", looks.font, looks.text)
    else:
        paragraph.paragraph_format.first_line_indent = Pt(looks.indent)
        _run(paragraph, line, looks.font, looks.text)


def _spaced(paragraph: Any, looks: Looks) -> None:
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(looks.spacing)


def _table(document: Any, rows: Sequence[str], looks: Looks) -> None:
    """Write a table; `| row in items` has the line after it once for each."""
    loop = ""
    lines: list[tuple[list[str], str]] = []
    for row in rows:
        if not row.endswith("|"):
            loop = row[1:].strip()
            continue
        lines.append(([cell.strip() for cell in row.strip("|").split("|")], loop))
        loop = ""
    width = len(lines[0][0])
    shares = [found for cell in lines[0][0] for found in _SHARE.findall(cell)]
    lines[0] = ([_SHARE.sub("", cell) for cell in lines[0][0]], "")
    repeated = any(loop for _, loop in lines)
    table = document.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for number, (cells, each) in enumerate(lines):
        if each:
            _mark(table, f"{{%tr for {each} %}}", looks)
        made_row = table.add_row()
        head = repeated and number == 0
        if head:
            _repeat_head(made_row)
        for cell, text in zip(made_row.cells, cells, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
            if head:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _run(paragraph, text, looks.font, looks.small + 1, bold=head)
        if not repeated:
            made_row.height = Mm(11)
        if each:
            _mark(table, "{%tr endfor %}", looks)
    _widths(table, [int(share) for share in shares] or FORMS[width])


def _mark(table: Any, text: str, looks: Looks) -> None:
    """Write a line of a table that only steers the template; it is gone from the letter."""
    _run(table.add_row().cells[0].paragraphs[0], text, looks.font, looks.small)


def _repeat_head(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _widths(table: Any, shares: Sequence[int]) -> None:
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Mm(share)
        for cell in column.cells:
            cell.width = Mm(share)


def main(words: Sequence[str]) -> int:
    """Write the templates, or with `--check` say whether they stand as they would be written."""
    stale = [path for path, made in written() if not path.exists() or path.read_bytes() != made]
    if "--check" in words:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what its text makes", file=sys.stderr)
        return 1 if stale else 0
    for path, made in written():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
    print(f"{len(stale)} written anew")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
