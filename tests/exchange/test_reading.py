from __future__ import annotations

import hashlib
import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from catalogue import render, use
from domain.errors import LianluoError, NotFound, Rejected, UsageError
from exchange.reading import Table, read_table
from exchange.sources import opened
from exchange.tables import EXCHANGED
from tests.exchange.tables import FORMATS, csv_text, written

ROWS = [
    ("code", "name", "kind", "aliases"),
    ("440111", "白云区", "district", "白云|云山"),
    ("LAND", '国土局, "房管"\n第二行', "department", ""),
]
PLACES = {column.name: place for place, column in enumerate(EXCHANGED["units"].columns)}


@contextmanager
def table(name: str, kind: str = "units", stdin: bytes = b"") -> Iterator[Table]:
    with opened(name, io.BytesIO(stdin)) as source:
        yield read_table(source, EXCHANGED[kind])


def said(found: Table) -> list[tuple[int, tuple[str, ...]]]:
    return [
        (number, tuple(cells[PLACES[name]] for name in ("code", "name", "kind", "aliases")))
        for number, cells in found.rows()
    ]


def refused(name: str, kind: str = "units") -> LianluoError:
    with pytest.raises(LianluoError) as caught, table(name, kind) as found:
        list(found.rows())
    return caught.value


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same(tmp_path: Path, form: str) -> None:
    first = 1 if form.startswith("json") else 2
    with table(written(tmp_path / f"units.{form}", ROWS)) as found:
        assert said(found) == [(first, ROWS[1]), (first + 1, ROWS[2])]
        assert said(found) == said(found), "a table can be read again"
        assert found.columns == ("code", "name", "kind", "aliases")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    name = written(tmp_path / "units.csv", ROWS, encoding)
    with table(name) as found:
        assert said(found)[0] == (2, ROWS[1])
        assert found.source.sha256 == hashlib.sha256(Path(name).read_bytes()).hexdigest()
        assert found.source.name == "units.csv"


def test_encoding_of_a_long_file_is_found_out_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    head = "code,name,kind\n" + "A,a,team\n" * 200_000
    path.write_bytes(head.encode() + "B,白云区,team\n".encode("gb18030"))
    with table(str(path)) as found:
        *_, last = said(found)
    assert last[1][1] == "白云区"


@pytest.mark.parametrize("content", [b"\xff\xfea\0b\0", b"code,name\n\xff\xff\xff", b"a\0b"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(content)
    assert refused(str(path)).message.key == "tables.encoding_unknown"


def test_standard_input_is_csv() -> None:
    with table("-", stdin=csv_text(ROWS).encode("gb18030")) as found:
        assert said(found) == [(2, ROWS[1]), (3, ROWS[2])]
        assert found.source.name == "-"


def test_pipe_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_text(csv_text(ROWS), encoding="utf-8"))
    writer.start()
    with table(str(path)) as found:
        assert said(found) == said(found) != []
    writer.join()


def test_header_in_any_order_and_in_chinese(tmp_path: Path) -> None:
    rows = [
        (" 类别 ", "NAME", "代码", "problem"),
        ("district", "白云区", "440111", "some problem"),
    ]
    with table(written(tmp_path / "units.csv", rows)) as found:
        assert said(found) == [(2, ("440111", "白云区", "district", ""))]
        assert dict(found.headers) == {"kind": " 类别 ", "name": "NAME", "code": "代码"}


@pytest.mark.parametrize("kind", sorted(EXCHANGED))
def test_every_column_has_a_chinese_name_of_its_own(kind: str) -> None:
    columns = EXCHANGED[kind].columns
    assert all(column.chinese for column in columns)
    names = [name for column in columns for name in (column.name, *column.chinese)]
    assert len(EXCHANGED[kind].headers()) == len(set(names)) == len(names)


def test_row_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text('\ncode,name,kind\n\n"A","two\nlines",team\n,,\nB,b,team\n', encoding="utf-8")
    with table(str(path)) as found:
        assert [number for number, _ in said(found)] == [4, 6]


def test_rows_of_a_sheet_are_those_that_a_person_sees(tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, ("code", "name", "kind"))
        sheet.write_row(4, 1, (440111, "白云区", "district"))
        book.add_worksheet().write(0, 0, "another")
    with table(str(path)) as found:
        assert said(found) == [(5, ("440111", "白云区", "district", ""))]


def test_dates_and_numbers_of_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "reports.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day, moment = (
            book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")
        )
        sheet.write_row(0, 0, ("unit", "date", "kind", "filed_at", "areas_planned"))
        sheet.write(1, 0, 440111)
        sheet.write_datetime(1, 1, date(2010, 6, 1), day)
        sheet.write(1, 2, "zero")
        sheet.write_datetime(1, 3, datetime(2010, 6, 1, 16, 26, 3), moment)  # noqa: DTZ001
        sheet.write(1, 4, 6)
    with table(str(path), "reports") as found:
        ((_, cells),) = found.rows()
    assert cells[:4] == ("440111", "2010-06-01", "zero", "2010-06-01 16:26:03")
    assert cells[6] == "6"


def test_short_and_long_rows(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("code,,name,kind\nA,x,a,team\nB,,b,team,,y\nC\n", encoding="utf-8")
    with table(str(path)) as found:
        assert [(cells[0], cells[-1]) for _, cells in found.rows()] == [
            ("A", "x"),
            ("B", "y"),
            ("C", ""),
        ]


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("u.csv", "", "tables.empty"),
        ("u.csv", "\n , \n", "tables.empty"),
        ("u.csv", "code,name,kind,colour\n", "tables.columns_unknown"),
        ("u.csv", "code,kind\n", "tables.columns_missing"),
        ("u.csv", "code,name,kind,代码\n", "tables.columns_twice"),
        ("u.csv", 'code,name,kind\nA,"a,team\n', "tables.csv_broken"),
        ("u.csv", 'code,name,kind\nA,"a"b,team\n', "tables.csv_broken"),
        ("u.xlsx", "code,name,kind\n", "tables.xlsx_broken"),
        ("u.json", "[", "tables.json_broken"),
        ("u.json", '{"code":"A"}', "tables.json_shape"),
        ("u.json", '[{"code":{},"name":"a","kind":"team"}]', "tables.json_nested"),
        ("u.json", '[{"code":"A","colour":"b"}]', "tables.columns_unknown"),
        ("u.json", '[{"code":"A","kind":"team"}]', "tables.columns_missing"),
        ("u.jsonl", '{"code":"A","name":"a","kind":"team"}\n{"code"\n', "tables.jsonl_broken"),
        ("u.jsonl", "[1]\n", "tables.jsonl_broken"),
    ],
)
def test_broken_files_are_rejected(tmp_path: Path, name: str, content: str, key: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    error = refused(str(path))
    assert isinstance(error, Rejected)
    assert error.message.key == key


@pytest.mark.parametrize(("lang", "known"), [("zh", "代码、名称"), ("en", "code, name")])
def test_headers_are_named_in_the_readers_language(tmp_path: Path, lang: str, known: str) -> None:
    path = tmp_path / "u.csv"
    use(lang)
    for header in ("colour\n", "kind\n"):
        path.write_text(header, encoding="utf-8")
        assert known in render(refused(str(path)).message)


def test_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text('code,name,kind\nA,a,team\nB,"b,team\n', encoding="utf-8")
    assert refused(str(path)).message.params["row"] == 3
    path = tmp_path / "u.jsonl"
    path.write_text('{"code":"A","name":"a","kind":"team"}\n\n{\n', encoding="utf-8")
    assert refused(str(path)).message.params["row"] == 3


def test_empty_documents_are_empty_tables(tmp_path: Path) -> None:
    for name, content in (("u.json", "[]"), ("u.jsonl", ""), ("u.csv", "code,name,kind\n")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        with table(str(tmp_path / name)) as found:
            assert said(found) == []


def test_json_values(tmp_path: Path) -> None:
    path = tmp_path / "u.json"
    text = '[{"code":440111,"name":"a","kind":"team","aliases":["x","y"]},{"code":null}]'
    path.write_text(text, encoding="utf-8")
    with table(str(path)) as found:
        assert said(found) == [(1, ("440111", "a", "team", "x|y"))]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert isinstance(refused(str(tmp_path / "none.csv")), NotFound)
    assert isinstance(refused(str(tmp_path / "units.txt")), UsageError)
    (tmp_path / "folder.csv").mkdir()
    assert isinstance(refused(str(tmp_path / "folder.csv")), NotFound)
