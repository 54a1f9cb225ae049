"""What every reading command takes: an instant to answer as of, and a form to answer in."""

from __future__ import annotations

import csv
import io
import json

import pytest

from domain.errors import Exit
from tests.conftest import LIAISON, City, Run

READING = (
    ("board",),
    ("report", "show", "440111", "2026-11-20"),
    ("report", "list", "2026-11-20"),
    ("overdue",),
    ("due",),
    ("explain", "R-20261120-440111"),
    ("rates", "--from", "2026-11-16", "--to", "2026-11-20"),
    ("network", "horizontal"),
    ("unit", "list"),
    ("unit", "show", "440111"),
    ("person", "list"),
    ("schedule", "list"),
    ("exempt", "list"),
    ("calendar", "show"),
)
AS_OF = ("--as-of", "2026-11-22")


@pytest.fixture
def filed(run: Run, city: City) -> None:
    """File for a day, so that there is something to read."""
    run("file", "zero", "--unit", "440111", "--date", "2026-11-20", at=city.at - 86400 * 2)


@pytest.mark.usefixtures("filed")
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_every_form_as_of_an_instant(run: Run, city: City, words: tuple[str, ...]) -> None:
    whole = json.loads(run(*words, *AS_OF, "-f", "json", login=LIAISON).out)
    lines = run(*words, *AS_OF, "-f", "ndjson").out.splitlines()
    rows = list(csv.reader(io.StringIO(run(*words, *AS_OF, "-f", "csv").out)))
    assert rows[0]
    if isinstance(whole, list):
        assert [json.loads(line) for line in lines] == whole
        assert len(rows) == len(whole) + 1
    run(*words, *AS_OF)
    run(*words, "--as-of", "soon", code=Exit.USAGE)
