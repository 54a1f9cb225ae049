from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.conftest import LIAISON, City, Run

REPORTS = (
    "unit,date,kind,filed_at,summary,reason\n"
    "440111,2026-11-18,zero,2026-11-18 16:00,,\n"
    "440111,2026-11-18,daily,2026-11-18 18:00,发现一处,补充\n"
    "440103,2026-11-18,zero,2026-11-18 17:30,,\n"
)
BAD = REPORTS + "X,2026-11-18,zero,2026-11-18 16:00,,\n440104,2026-11-18,nil,2030-01-01 08:00,,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reports.csv"
    path.write_text(REPORTS, encoding="utf-8")
    return path


def test_last_line_says_what_came_of_it(run: Run, city: City, file: Path) -> None:
    answer = run("import", "reports", str(file))
    assert (answer.out, answer.err) == ("", "imported 2 new, 1 amended, 0 unchanged, 0 rejected\n")
    answer = run("import", "reports", str(file))
    assert answer.err == "imported 0 new, 0 amended, 3 unchanged, 0 rejected\n"
    answer = run("import", "reports", str(file), lang="zh")
    assert answer.err == "导入:新增 0,更正 0,未变 3,未导入 0\n"
    rows = json.loads(run("board", "2026-11-18", "-f", "json").out)
    found = {row["unit"]: (row["status"], row["revision"]) for row in rows}
    assert (found["440111"], found["440103"]) == (("on_time", 2), ("late", 1))


def test_problems_are_told_row_by_row(run: Run, city: City, file: Path) -> None:
    file.write_text(BAD, encoding="utf-8")
    answer = run("import", "reports", str(file), code=1)
    assert answer.err.splitlines() == [
        "row 5, unit “X”: There is no unit “X”.",
        "row 6, kind “nil”: use one of zero, daily",
        "row 6, filed_at “2030-01-01 08:00”: lies in the future; correct the time",
        "Nothing was written; mend these rows, or take in the others with --keep-going.",
        "imported 0 new, 0 amended, 0 unchanged, 2 rejected",
    ]
    assert (
        "第 6 行,kind“nil”:只能填 零报告、日报告 之一"
        in run("import", "reports", str(file), lang="zh", code=1).err.splitlines()
    )
    assert json.loads(run("report", "list", "--from", "-9", "-f", "json").out) == []


def test_json_of_the_contract(run: Run, city: City, file: Path) -> None:
    file.write_text(BAD, encoding="utf-8")
    words = ("import", "reports", str(file), "-f", "json", "--keep-going")
    rehearsed = run(*words, "--dry-run", code=1)
    found = json.loads(rehearsed.out)
    assert list(found) == ["new", "amended", "unchanged", "rejected", "problems"]
    assert [found[name] for name in list(found)[:4]] == [2, 1, 0, 2]
    assert found["problems"][0] == {
        "row": 5,
        "column": "unit",
        "value": "X",
        "problem": "There is no unit “X”.",
    }
    assert [list(problem) for problem in found["problems"]] == [
        ["row", "column", "value", "problem"]
    ] * 3
    assert rehearsed.err.splitlines() == [
        "A dry run: nothing was written.",
        "imported 2 new, 1 amended, 0 unchanged, 2 rejected",
    ]
    assert json.loads(run(*words, code=1).out) == found
    listed = run("import", "reports", str(file), "-f", "csv", code=1).out.splitlines()
    assert listed[:2] == ["row,column,value,problem", "5,unit,X,There is no unit “X”."]


def test_rejects_come_in_again(run: Run, city: City, file: Path, tmp_path: Path) -> None:
    file.write_text(BAD, encoding="utf-8")
    rejects = tmp_path / "rejects.csv"
    run("import", "reports", str(file), "--rejects", str(rejects), "--keep-going", code=1)
    text = rejects.read_text(encoding="utf-8")
    mended = text.replace("X,", "LAND,").replace("nil,2030-01-01", "zero,2026-11-18")
    rejects.write_text(mended, encoding="utf-8")
    answer = run("import", "reports", str(rejects))
    assert answer.err == "imported 2 new, 0 amended, 0 unchanged, 0 rejected\n"


def test_findings_in_the_same_step(run: Run, city: City, tmp_path: Path) -> None:
    reports, findings = tmp_path / "r.csv", tmp_path / "f.csv"
    reports.write_text(
        "单位,日期,类型,报送时间\n白云区,2026/11/18,日报告,2026/11/18 16:00\n", encoding="gb18030"
    )
    header = "单位,日期,序号,位置,属地,地类,面积\n"
    findings.write_text(header + "白云区,2026/11/18,1,路旁,白云区,耕地,三亩\n", encoding="gb18030")
    words = ("import", "reports", str(reports), "--findings", str(findings))
    answer = run(*words, code=1)
    assert answer.err.splitlines()[0].startswith("f.csv, row 2, 面积 “三亩”: ")
    problems = json.loads(run(*words, "-f", "json", code=1).out)["problems"]
    assert [(p["row"], p["column"], p["kind"]) for p in problems] == [(2, "area", "findings")]
    findings.write_text(header + "白云区,2026/11/18,1,路旁,白云区,耕地,3亩\n", encoding="gb18030")
    assert run(*words).err == "imported 2 new, 0 amended, 0 unchanged, 0 rejected\n"
    shown = json.loads(run("report", "show", "白云区", "2026-11-18", "-f", "json").out)
    assert shown["findings"][0]["area"] == 2000


def test_standard_input(run: Run, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for count in ("2 new, 1 amended, 0", "0 new, 0 amended, 3"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(REPORTS.encode())))
        assert run("import", "reports", "-").err == f"imported {count} unchanged, 0 rejected\n"


def test_statuses_that_exemptions_change(run: Run, city: City, tmp_path: Path) -> None:
    path = tmp_path / "exemptions.csv"
    path.write_text("unit,from,to,reason\n440111,2026-11-18,2026-11-18,检修\n", encoding="utf-8")
    for words in (("--dry-run",), ()):
        answer = run("import", "exemptions", str(path), *words)
        assert answer.err.splitlines()[0] == "440111 Baiyun 2026-11-18: missed -> exempt"
    assert "白云区 2026-11-18" not in run("import", "exemptions", str(path), lang="zh").err


def test_restating_lists_before_it_is_applied(run: Run, city: City, tmp_path: Path) -> None:
    path = tmp_path / "schedules.csv"
    path.write_text("unit,days,valid_from\nLAND,daily,2026-11-16\n", encoding="utf-8")
    change = "-> missed"
    assert change not in run("import", "schedules", str(path)).err
    words = ("import", "schedules", str(path), "--restate")
    assert run(*words, "--dry-run").err.count(change) == 2
    assert run(*words).err.count(change) == 2
    assert run(*words).err.count(change) == 0
    with_stdin = run(*words, "--yes")
    assert with_stdin.err == "imported 0 new, 0 amended, 1 unchanged, 0 rejected\n"


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("matters", "x.csv"), 2, "no table matters"),
        (("reports", "none.csv"), 3, "no file none.csv"),
        (("reports", "none.doc"), 2, "none.doc has no ending"),
        (("reports",), 2, "FILE"),
        (("units", "x.csv", "--findings", "y.csv"), 2, "--findings"),
        (("reports", "x.csv", "--restate"), 2, "--restate"),
    ],
)
def test_wrong_words(run: Run, city: City, words: tuple[str, ...], code: int, part: str) -> None:
    answer = run("import", *words, code=code)
    assert part in answer.err
    assert (answer.out, answer.err.count("\n")) == ("", 1)


def test_file_that_does_not_fit(run: Run, city: City, file: Path) -> None:
    file.write_text("unit,date,colour\n", encoding="utf-8")
    answer = run("import", "reports", str(file), code=1)
    assert answer.err.startswith("reports.csv has columns that reports does not know (colour)")


def test_only_an_admin_imports(run: Run, city: City, file: Path) -> None:
    answer = run("import", "reports", str(file), login=LIAISON, code=4)
    assert answer.err == "The login baiyun may not import; ask an administrator.\n"
    run("import", "reports", str(file), store=city.path.with_name("none.db"), code=3)


def test_leads_become_matters(run: Run, city: City, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(
        "单位,受理日期,事由,举报编号\n白云区,2026-11-18,堆料,0457\n", encoding="gb18030"
    )
    for count in ("1 new, 0 amended, 0", "0 new, 0 amended, 1"):
        answer = run("import", "leads", str(path))
        assert answer.err == f"imported {count} unchanged, 0 rejected\n"
    owed = json.loads(run("overdue", "--kind", "step", "-f", "json").out)
    assert [row["id"] for row in owed] == ["L-2026-0001/register"]
    rows = run("export", "matters").out.splitlines()
    assert rows[1].startswith("L-2026-0001,lead,440111,440111,堆料,2026-11-17T16:00:00Z,")


def test_findings_become_matters_when_asked(run: Run, city: City, tmp_path: Path) -> None:
    reports, findings = tmp_path / "r.csv", tmp_path / "f.csv"
    reports.write_text(
        "unit,date,kind,filed_at\n440111,2026-11-18,daily,2026-11-18 16:00\n", encoding="utf-8"
    )
    findings.write_text(
        "unit,date,no,location,place,land_class,area\n440111,2026-11-18,1,路旁,440111,耕地,3亩\n",
        encoding="utf-8",
    )
    words = ("import", "reports", str(reports), "--findings", str(findings))
    assert "matters" not in json.loads(run(*words, "-f", "json").out)
    assert json.loads(run(*words, "--open-matters", "-f", "json").out)["matters"] == 1
    answer = run(*words, "--open-matters", lang="zh")
    assert answer.err.splitlines()[0] == "为线索立了 0 件事项"
    assert "leave it out" in run("import", "units", "x.csv", "--open-matters", code=2).err
