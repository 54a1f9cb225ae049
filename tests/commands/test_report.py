from __future__ import annotations

import json

import pytest

from domain.errors import Exit
from tests.conftest import ADMIN, AT, LIAISON, PLANNER, City, Run

FINDING = "location=村口,land_class=cultivated,area=2000,place=钟落潭镇,use=堆场"
RECORDED = ["seal", "after_lock", "imported", "restated"]
KEYS = [
    "unit",
    "date",
    "receipt",
    "kind",
    "status",
    "revision",
    "revisions",
    "summary",
    "areas_planned",
    "areas_patrolled",
    "findings",
    "filed_at",
    "filed_by",
    "keyed_by",
]


@pytest.fixture
def filed(run: Run, city: City) -> None:
    run("file", "daily", "--summary", "推土堆料", "--finding", FINDING, login=LIAISON)
    run(
        *("file", "amend", "440111", "today", "--zero", "--areas", "5/6", "--reason", "核实无违法"),
        login=LIAISON,
        at=AT + 60,
    )
    run("file", "zero", login=PLANNER)


@pytest.mark.usefixtures("filed")
def test_json_is_the_contract(run: Run, city: City) -> None:
    report = json.loads(run("report", "show", "白云区", "today", "-f", "json", at=AT + 90).out)
    assert list(report) == [*KEYS, *RECORDED]
    assert report["revision"] == 2
    assert report["status"] == "on_time"
    assert report["findings"] == []
    assert report["summary"] is None
    assert [list(each) for each in report["revisions"]] == [
        [
            "revision",
            "receipt",
            "kind",
            "filed_at",
            "filed_by",
            "keyed_by",
            "reason",
            "after_lock",
            "imported",
        ]
    ] * 2
    assert report["revisions"][1]["reason"] == "核实无违法"


@pytest.mark.usefixtures("filed")
def test_every_revision_stays_readable(run: Run, city: City) -> None:
    show = ("report", "show", "440111", "today", "--revision")
    first = json.loads(run(*show, "1", "-f", "json", at=AT + 90).out)
    assert (first["receipt"], first["summary"]) == ("R-20261123-440111-1", "推土堆料")
    assert first["findings"][0]["place"] == "440111108"
    answer = run(*show, "3", at=AT + 90, code=Exit.NOT_FOUND)
    assert "there are 2" in answer.err


@pytest.mark.usefixtures("filed")
def test_as_of_hides_later_revisions(run: Run, city: City) -> None:
    words = ("report", "show", "440111", "2026-11-23", "--as-of", "2026-11-23T08:26:30Z")
    report = json.loads(run(*words, "-f", "json", at=AT + 90).out)
    assert (report["revision"], len(report["revisions"])) == (1, 1)


@pytest.mark.usefixtures("filed")
def test_diff(run: Run, city: City) -> None:
    words = ("report", "show", "440111", "today", "--diff")
    report = json.loads(run(*words, "-f", "json", at=AT + 90).out)
    assert list(report) == [*KEYS, *RECORDED, "diff"]
    assert report["diff"][0] == {
        "finding": None,
        "field": "kind",
        "before": "daily",
        "after": "zero",
    }
    lines = run(*words, lang="zh", at=AT + 90).out.splitlines()
    start = lines.index("与上一版的差异:")
    assert lines[start + 1 : start + 4] == ["  报告", "    - 日报告", "    + 零报告"]
    assert lines[-3:] == ["  线索 1", "    - 村口", "    + —"]
    first = run(*words, "--revision", "1", at=AT + 90).out
    assert first.endswith("There is no earlier revision to compare with.\n")


@pytest.mark.usefixtures("filed")
def test_page_says_it_in_words(run: Run, city: City) -> None:
    page = run("report", "show", "440111", "today", "--revision", "1", lang="zh", at=AT + 90).out
    for words in (
        "440111 白云区",
        "日报告",
        "按时",
        "推土堆料",
        "耕地",
        "2,000 m²",
        "440111108 钟落潭镇",
    ):
        assert words in page
    english = run("report", "show", "440111", "today", at=AT + 90).out
    assert "partial zero" in english
    assert "2/2" in english


def test_control_characters_are_shown_not_obeyed(run: Run, city: City) -> None:
    run("file", "daily", "--summary", "one\x1b[2Jtwo\u202e", login=LIAISON)
    page = run("report", "show", "440111", "today").out
    assert "\x1b" not in page
    assert "one?[2Jtwo?" in page


def test_missing_report(run: Run, city: City) -> None:
    answer = run("report", "show", "440111", "today", lang="zh", code=Exit.NOT_FOUND)
    assert answer.err == "白云区 2026-11-23 没有报告。\n"


@pytest.mark.usefixtures("filed")
def test_list(run: Run, city: City) -> None:
    words = ("report", "list", "--from", "-3")
    reports = json.loads(run(*words, "-f", "json", at=AT + 90).out)
    assert [(report["unit"], report["kind"]) for report in reports] == [
        ("PLAN", "zero"),
        ("440111", "zero"),
    ]
    assert list(reports[0]) == KEYS
    assert len(run(*words, "--network", "vertical", at=AT + 90).out.splitlines()) == 2
    header, *lines = run(*words, "-f", "csv", at=AT + 90).out.splitlines()
    assert header == ",".join(KEYS)
    assert len(lines) == 2
    empty = run("report", "list", "-3", at=AT + 90)
    assert (empty.out, empty.err) == ("", "There are no reports.\n")


def test_how_a_report_came_about_stays_on_it(run: Run, city: City) -> None:
    run("--as-login", LIAISON, "file", "zero", login=ADMIN)
    assert "keyed in by somebody else" in run("report", "show", "440111", "today").out
    late = AT + 20 * 86400
    words = ("file", "zero", "--unit", "440111", "--date", "2026-11-20", "--reason", "补录")
    run(*words, login=ADMIN, at=late)
    shown = run("report", "show", "440111", "2026-11-20", at=late, lang="zh").out
    assert "锁定后" in shown
    table = city.path.with_name("t.csv")
    table.write_text("unit,date,kind,filed_at\nPLAN,2026-11-19,zero,2026-11-19T08:00:00Z\n")
    run("import", "reports", str(table), at=late)
    assert "imported" in run("report", "show", "PLAN", "2026-11-19", at=late).out


def test_a_restated_day_says_so_for_ever(run: Run, city: City) -> None:
    run("file", "zero", login=LIAISON, at=AT)
    later = AT + 86400
    words = ("440111", "--days", "daily", "--cutoff", "09:00", "--from", "2026-11-16")
    run("schedule", "add", *words, "--restate", "--yes", at=later)
    report = json.loads(run("report", "show", "440111", "2026-11-23", "-f", "json", at=later).out)
    assert [(each["by"], each["before"], each["after"]) for each in report["restated"]] == [
        (ADMIN, "on_time", "late")
    ]
    page = run("report", "show", "440111", "2026-11-23", at=later).out
    assert f"by {ADMIN}: from on time to late" in page
    assert run("report", "show", "440111", "2026-11-23", "--as-of", "2026-11-23", at=later).out
