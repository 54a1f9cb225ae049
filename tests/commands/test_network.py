from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from tests.conftest import City, Run


def network(run: Run, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("network", *words, "-f", "json").out)
    return found


def test_json_is_the_contract(run: Run, city: City) -> None:
    found = network(run, "horizontal")
    assert list(found) == ["network", "date", "members", "links", "gaps"]
    assert found["network"] == "horizontal"
    assert found["date"] == "2026-11-23"
    (baiyun,) = [member for member in found["members"] if member["code"] == "440111"]
    assert list(baiyun.items()) == [
        ("code", "440111"),
        ("name", "白云区"),
        ("kind", "district"),
        ("parent", "440100"),
        ("supervisors", ["DISC", "PROC", "LAND"]),
        ("leader", "白云区分管负责人"),
        ("liaison", "白云区联络员"),
        ("deputy", "白云区副联络员"),
        ("status", "pending"),
    ]
    assert {"from": "LAND", "to": "440111"} in found["links"]


def test_gaps_are_one_entry_for_each_lacking_role(run: Run, city: City) -> None:
    gaps = network(run, "horizontal")["gaps"]
    assert [gap["lacks"] for gap in gaps if gap["code"] == "PLAN"] == ["leader", "deputy"]
    assert not [gap for gap in gaps if gap["code"] == "440111"]
    assert network(run, "vertical")["gaps"] == []


@pytest.mark.parametrize(
    ("day", "districts", "cities"), [("2010-06-01", 10, 2), ("2026-01-01", 11, 0)]
)
def test_members_are_those_of_the_day(
    run: Run, city: City, day: str, districts: int, cities: int
) -> None:
    members = network(run, "horizontal", "--date", day)["members"]
    names = [str(member["name"]) for member in members if member["kind"] == "district"]
    assert len([name for name in names if name.endswith("区")]) == districts
    assert len([name for name in names if name.endswith("市")]) == cities


def test_supervision_names_the_three_bodies(run: Run, city: City) -> None:
    found = network(run, "supervision")
    assert {link["from"] for link in found["links"]} == {"DISC", "PROC", "LAND"}
    below = network(run, "supervision", "--root", "DISC")
    assert {link["from"] for link in below["links"]} == {"DISC"}


def test_root_keeps_what_is_below_it(run: Run, city: City) -> None:
    members = network(run, "vertical", "--root", "白云区")["members"]
    assert members[0]["code"] == "440111"
    assert {member["parent"] for member in members[1:]} == {"440111"}


def test_state_is_as_of_the_instant(run: Run, city: City) -> None:
    run("file", "zero", "--unit", "440111", "--areas", "6/6")

    def state(*words: str) -> object:
        members = network(run, "horizontal", "--root", "440111", *words)["members"]
        return members[0]["status"]

    assert state() == "on_time"
    assert state("--as-of", "2026-11-23T16:00") == "pending"
    assert state("--as-of", "2026-11-22") == "overdue"


def test_tables_say_what_lacks(run: Run, city: City) -> None:
    lines = run("network", "horizontal").out.splitlines()
    (plan,) = [line for line in lines if line.startswith("PLAN")]
    assert "leader in charge, deputy liaison" in plan
    zh = run("network", "horizontal", lang="zh").out
    assert "分管负责人、副联络员(B岗)" in zh
    assert "DISC PROC LAND" in run("network", "supervision", lang="zh").out


def test_csv_and_ndjson_list_members(run: Run, city: City) -> None:
    header, first, *_ = run("network", "supervision", "-f", "csv").out.splitlines()
    assert header == "code,name,kind,parent,supervisors,leader,liaison,deputy,status"
    assert first.startswith("DISC,市纪委监察局,department,440100,")
    for line in run("network", "supervision", "-f", "ndjson").out.splitlines():
        assert json.loads(line)["code"]


def test_tree_is_indented_under_the_root(run: Run, city: City) -> None:
    lines = run("network", "vertical", "-f", "tree", lang="zh").out.splitlines()
    assert lines[0] == "广州市 440100 不需报"
    assert "├─ 白云区 440111 待报" in lines
    assert "│  └─ 江高镇 440111113 不需报" in lines
    assert "   └─ 仙村镇 440118107 不需报" in lines


def test_tree_of_links_stands_under_each_source(run: Run, city: City) -> None:
    lines = run("network", "supervision", "-f", "tree", lang="zh").out.splitlines()
    assert [line.split()[1] for line in lines if line[0] not in "│├└ "] == ["DISC", "PROC", "LAND"]
    assert len([line for line in lines if "440111" in line]) == 3


def test_dot_is_read_by_graphviz(run: Run, city: City) -> None:
    text = run("network", "horizontal", "-f", "dot", lang="zh").out
    assert '"LAND" -> "440111";' in text
    assert '"440111" [label="白云区\\n440111 待报"];' in text
    if shutil.which("dot"):
        subprocess.run(["dot", "-Tsvg"], input=text.encode(), check=True, capture_output=True)


def test_mermaid_numbers_its_nodes_and_marks_what_is_overdue(run: Run, city: City) -> None:
    words = ("network", "horizontal", "-f", "mermaid", "--date", "yesterday")
    text = run(*words, lang="zh").out
    assert text.startswith("graph LR\n")
    nodes = dict(re.findall(r'^  (n\d+)\["(.*?)"\]$', text, re.MULTILINE))
    (baiyun,) = [node for node, label in nodes.items() if label == "白云区 440111 未报"]
    assert re.search(rf"^  n\d+ --> {baiyun}$", text, re.MULTILINE)
    assert re.search(rf"^  class .*\b{baiyun}\b.* overdue$", text, re.MULTILINE)


def test_nobody_there_is_said_and_no_error(run: Run, city: City) -> None:
    for form in ("table", "tree", "dot"):
        words = ("supervision", "--root", "440118", "--date", "2010-06-01", "-f", form)
        answer = run("network", *words)
        assert answer.out == ""
        assert answer.err == "No unit is in this network on that day.\n"


def test_errors(run: Run, city: City) -> None:
    assert "horizontal, vertical, supervision" in run("network", "diagonal", code=2).err
    assert run("network", code=2).err
    assert "没有单位“火星”" in run("network", "vertical", "--root", "火星", lang="zh", code=3).err
    assert run("network", "horizontal", "--date", "2026-02-30", code=2).err
