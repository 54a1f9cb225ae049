"""Small tables for tests, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

FORMATS = ("csv", "xlsx", "json", "jsonl")

Rows = Sequence[Sequence[object]]


def csv_text(rows: Rows) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def written(path: Path, rows: Rows, encoding: str = "utf-8") -> str:
    """Write rows, the first being the header, in the format of the ending; return the name."""
    header, *lines = rows
    objects = [
        {str(name): value for name, value in zip(header, line, strict=True)} for line in lines
    ]
    if path.suffix == ".csv":
        path.write_text(csv_text(rows), encoding=encoding)
    elif path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, line in enumerate(rows):
                sheet.write_row(number, 0, line)
    elif path.suffix == ".json":
        path.write_text(json.dumps(objects, ensure_ascii=False), encoding="utf-8")
    else:
        text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in objects)
        path.write_text(text, encoding="utf-8")
    return str(path)
