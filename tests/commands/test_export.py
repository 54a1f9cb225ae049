from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.instants import utc
from tests.conftest import AT, LIAISON, City, Run


def test_csv_on_standard_output(run: Run, city: City) -> None:
    run("file", "zero", "--unit", "440111", "--areas", "5/6")
    answer = run("export", "reports", login=LIAISON)
    assert answer.err == ""
    assert answer.out.splitlines() == [
        "unit,date,kind,filed_at,filed_by,summary,areas_planned,areas_patrolled,reason",
        "440111,2026-11-23,zero,2026-11-23T08:26:03Z,admin,,6,5,",
    ]
    assert run("export", "reports", "-").out == answer.out


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "jsonl"])
def test_what_is_exported_comes_in_unchanged(
    run: Run, city: City, tmp_path: Path, form: str
) -> None:
    run("file", "zero", "--unit", "440111", "--areas", "5/6")
    finding = "location=路旁,land_class=耕地,area=3.5亩"
    run("file", "daily", "--unit", "440103", "--summary", "=一", "--finding", finding)
    run("exempt", "add", "440104", "--from", "-3", "--reason", "检修")
    run("schedule", "add", "LAND", "--days", "daily", "--late-until", "+1d 12:00")
    kinds = ("units", "links", "people", "schedules", "exemptions", "reports", "findings")
    for kind in kinds:
        path = str(tmp_path / f"{kind}.{form}")
        answer = run("export", kind, path)
        count = answer.err.split()[0]
        assert answer.err == f"{count} rows written to {path}\n"
        again = run("import", kind, path).err
        assert again == f"imported 0 new, 0 amended, {count} unchanged, 0 rejected\n"
    assert f"已写入 {tmp_path}" in run("export", "units", str(tmp_path / "u.csv"), lang="zh").err


def test_days_and_units(run: Run, city: City) -> None:
    run("file", "zero", "--unit", "440111")
    run("file", "zero", "--unit", "440103", "--date", "yesterday")
    for words, units in (
        (("--from", "today"), ["440111"]),
        (("--to", "-1"), ["440103"]),
        (("--unit", "白云区"), ["440111"]),
        (("--under", "440100"), ["440103", "440111"]),
    ):
        lines = run("export", "reports", *words).out.splitlines()[1:]
        assert [line.partition(",")[0] for line in lines] == units


def test_as_of_is_what_was_filed_by_then(run: Run, city: City) -> None:
    finding = "location=路旁,land_class=耕地,area=3.5亩"
    daily = ("file", "daily", "--unit", "440111", "--summary", "一", "--finding", finding)
    run(*daily, at=AT)
    amend = ("file", "amend", "440111", "today", "--reason", "复查", "--summary", "二")
    run(*amend, "--finding", finding, at=AT + 60)

    def revisions(kind: str, *words: str) -> int:
        return len(run("export", kind, *words, at=AT + 120).out.splitlines()) - 1

    for kind in ("reports", "findings"):
        counts = [revisions(kind, "--as-of", utc(AT + late)) for late in (-1, 0, 59, 60)]
        assert counts == [0, 1, 1, 2]
        assert revisions(kind) == 2
    assert revisions("units", "--as-of", utc(AT - 1)) == revisions("units")


def test_contacts_only_when_asked_for(run: Run, city: City, tmp_path: Path) -> None:
    assert "020-1000" not in run("export", "people").out
    assert "020-10000001" in run("export", "people", "--with-contacts").out
    path = tmp_path / "people.json"
    run("export", "people", str(path))
    assert "phone" not in json.loads(path.read_text(encoding="utf-8"))[0]


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("nonsense",), 2, "no table nonsense"),
        (("units", "x.doc"), 2, "x.doc has no ending"),
        (("units", "none/x.csv"), 3, "none"),
        (("units", "--from", "today"), 2, "leave them out"),
        (("units", "--with-contacts"), 2, "--with-contacts"),
        (("reports", "--from", "today", "--to", "-1"), 2, "reversed"),
        (("reports", "--unit", "nowhere"), 3, "nowhere"),
    ],
)
def test_wrong_words(run: Run, city: City, words: tuple[str, ...], code: int, part: str) -> None:
    answer = run("export", *words, code=code)
    assert part in answer.err
    assert (answer.out, answer.err.count("\n")) == ("", 1)
