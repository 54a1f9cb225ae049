from __future__ import annotations

import json

import pytest

from tests.conftest import AT, ZONE, City, Run

KEYS = [
    "unit",
    "name",
    "kind_of_unit",
    "date",
    "status",
    "report",
    "partial",
    "findings",
    "filed_at",
    "filed_by",
    "revision",
    "due_at",
]


def test_json_is_the_contract(run: Run, city: City) -> None:
    run("file", "zero", "--unit", "白云区", "--areas", "5/6")
    rows = json.loads(run("board", "--unit", "440111", "-f", "json").out)
    assert [list(row) for row in rows] == [KEYS]
    assert rows[0] == {
        "unit": "440111",
        "name": "白云区",
        "kind_of_unit": "district",
        "date": "2026-11-23",
        "status": "on_time",
        "report": "zero",
        "partial": True,
        "findings": 0,
        "filed_at": "2026-11-23T08:26:03Z",
        "filed_by": "admin",
        "revision": 1,
        "due_at": "2026-11-23T09:00:00Z",
    }
