"""Tables that would fill the memory are refused in a sentence, before they do."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from domain.errors import Rejected
from exchange import bounds
from tests.exchange.conftest import Desk, counts

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TOP = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1"'
    ' r:id="rId1"/></sheets></workbook>'
)
PARTS = (
    f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)


def workbook(rows: str, shared: str = "") -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", TOP),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", PARTS),
            (
                "xl/worksheets/sheet1.xml",
                f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
            ),
            ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>'),
        ):
            archive.writestr(name, part)
    return into.getvalue()


def text(address: str, words: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{words}</t></is></c>'


HEADER = '<row r="1">' + "".join(map(text, ("A1", "B1", "C1"), ("code", "name", "kind"))) + "</row>"
ROW = '<row r="2">' + "".join(map(text, ("A2", "B2", "C2"), ("N1", "新", "town"))) + "</row>"


def take(desk: Desk, data: bytes, name: str = "units.xlsx") -> tuple[int, int, int, int]:
    path = desk.folder / name
    path.write_bytes(data)
    return counts(desk.take("units", str(path)))


def refusal(desk: Desk, data: bytes, name: str = "units.xlsx") -> str:
    with pytest.raises(Rejected) as refused:
        take(desk, data, name)
    return refused.value.message.key


def test_an_ordinary_workbook_is_read(desk: Desk) -> None:
    assert take(desk, workbook(HEADER + ROW)) == (1, 0, 0, 0)


def test_a_workbook_that_does_not_name_its_cells_is_read(desk: Desk) -> None:
    cells = '<row><c t="str"><v>{}</v></c><c t="str"><v>{}</v></c><c t="str"><v>{}</v></c></row>'
    rows = cells.format("code", "name", "kind") + cells.format("N1", "新", "town")
    assert take(desk, workbook(rows)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (HEADER + f'<row r="1048576">{text("Z1048576", "x")}</row>', "bounds.workbook"),
        (HEADER + "<row r='1048576'><c r = 'Z1048576'><v>1</v></c></row>", "bounds.workbook"),
        (HEADER + f'<row r="2">{text("XFD2", "x")}</row>', "bounds.columns"),
        (HEADER + f'<row r="2">{text("ZZZZZ2", "x")}</row>', "bounds.workbook"),
        (HEADER + '<row r="2"><c r="A4294967295"><v>1</v></c></row>', "bounds.workbook"),
        ("<row>" + "<c><v>1</v></c>" * 2000 + "</row>", "bounds.columns"),
        ("<row>" + "<x:c><v>1</v></x:c>" * 2000 + "</row>", "bounds.columns"),
        ("<row>" + "<c><v>1</v></c>" * 900 + "</row>" + "<row/>" * 30_000, "bounds.workbook"),
    ],
)
def test_a_far_corner_is_refused(desk: Desk, rows: str, key: str) -> None:
    assert refusal(desk, workbook(rows)) == key


def test_one_text_in_every_cell_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(2, 400))
    monkeypatch.setattr(bounds, "MOST_UNZIPPED", 1 << 20)
    shared = f"<si><t>{'x' * 100_000}</t></si><si><t>code</t></si>"
    assert refusal(desk, workbook(rows, shared)) != "bounds.workbook"
    assert refusal(desk, workbook(rows.replace("<v>1", "<v>0"), shared)) == "bounds.workbook"


def test_a_bomb_is_refused_whatever_it_says_of_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_UNZIPPED", 1 << 20)
    honest = workbook(HEADER + text("A9", "x" * (1 << 21)))
    assert refusal(desk, honest) == "bounds.workbook"
    # The same archive with every size that it states of its parts made small.
    lying = bytearray(honest)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = lying.find(mark)
        while at >= 0:
            lying[at + place : at + place + 4] = (10).to_bytes(4, "little")
            at = lying.find(mark, at + 1)
    assert refusal(desk, bytes(lying)) == "bounds.workbook"


@pytest.mark.parametrize("length", [0, 3, 100, 600, -1, -30])
def test_a_workbook_cut_short(desk: Desk, length: int) -> None:
    assert refusal(desk, workbook(HEADER + ROW)[:length]) == "tables.xlsx_broken"


def test_many_columns_are_counted_not_listed(desk: Desk) -> None:
    header = ",".join(["code", "name", "kind", *(f"c{n}" for n in range(100_000))])
    with pytest.raises(Rejected) as refused:
        take(desk, f"{header}\n".encode(), "wide.csv")
    assert refused.value.message.key == "bounds.columns"
    assert refused.value.message.params["count"] == 100_003
    records = [{f"c{n}": n for n in range(2000)}]
    assert refusal(desk, json.dumps(records).encode(), "wide.json") == "bounds.columns"


def test_of_unknown_columns_a_few_are_named(desk: Desk) -> None:
    header = ",".join(["code", "name", "kind", *(f"{'x' * 5000}{n}" for n in range(100))])
    with pytest.raises(Rejected) as refused:
        take(desk, f"{header}\n".encode(), "odd.csv")
    named = refused.value.message.params["columns"]
    assert isinstance(named, list)
    assert len(named) == 9
    assert all(len(name) < 50 for name in named)


LONG = "长" * (bounds.MOST_CELL + 1)


@pytest.mark.parametrize("name", ["plain.csv", "quoted.csv", "cell.json", "cell.jsonl"])
def test_a_cell_that_is_too_long_is_told_with_its_row(desk: Desk, name: str) -> None:
    record = {"code": "N1", "name": LONG, "kind": "town"}
    data = {
        "plain.csv": f"code,name,kind\nN1,{LONG},town\n",
        "quoted.csv": f'code,name,kind\nN1,"{LONG}",town\n',
        "cell.json": json.dumps([record]),
        "cell.jsonl": json.dumps(record),
    }
    path = desk.folder / name
    path.write_text(data[name], encoding="utf-8")
    with pytest.raises(Rejected) as refused:
        desk.take("units", str(path))
    assert refused.value.message.key == "bounds.cell"
    assert refused.value.message.params["row"] == (2 if name.endswith("csv") else 1)


def test_a_cell_of_a_million_characters_is_taken(desk: Desk) -> None:
    longest = "x" * bounds.MOST_CELL
    assert take(desk, f"code,name,kind,source\nN1,新,town,{longest}\n".encode(), "a.csv")[0] == 1


def test_a_line_that_does_not_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "_MOST_LINE", 1 << 10)
    data = b"code,name,kind\n" + b"N1," * (3 << 20)
    assert refusal(desk, data, "line.csv") == "bounds.line"
    line = json.dumps({"code": "x" * 2000}).encode()
    assert refusal(desk, line, "line.jsonl") == "bounds.line"


def test_a_large_json_file(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bounds, "MOST_JSON", 100)
    assert refusal(desk, b"[" + b" " * 100 + b"]", "a.json") == "bounds.json"
