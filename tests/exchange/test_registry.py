from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from catalogue import render, use
from domain.errors import Exit, NotFound, Rejected
from domain.units import Kind
from exchange.registry import SHIPPED, read_registry, registry_folder, shipped

UNITS = "code,name,kind,parent\nC,市,city,\nA,甲区,district,C\n"


def folder(path: Path, **tables: str) -> Path:
    for name, text in {"units": UNITS, **tables}.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def test_shipped_registry_is_read_by_its_name() -> None:
    assert shipped() == ["guangzhou"]
    found = read_registry("guangzhou")
    assert [unit.order for unit in found.units] == list(range(209))
    assert (len(found.links), len(found.duties), len(found.limits)) == (110, 16, 27)
    on = [
        sum(unit.kind is Kind.DISTRICT and unit.valid_on(day) for unit in found.units)
        for day in (date(2010, 6, 1), date(2026, 1, 1))
    ]
    assert on == [12, 11]
    assert found == read_registry(SHIPPED / "guangzhou")


def test_folder_of_that_name_is_meant_where_it_is_given_as_a_path() -> None:
    assert registry_folder("guangzhou") == SHIPPED / "guangzhou"
    assert registry_folder("./guangzhou") == Path("guangzhou")
    assert registry_folder("other") == Path("other")


def test_copied_folder_says_the_same(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / "guangzhou", tmp_path / "g")
    text = (tmp_path / "g" / "units.csv").read_text(encoding="utf-8")
    (tmp_path / "g" / "units.csv").write_text(text, encoding="gb18030")
    assert read_registry(tmp_path / "g") == read_registry("guangzhou")


def test_units_alone_are_enough(tmp_path: Path) -> None:
    found = read_registry(folder(tmp_path))
    assert [unit.code for unit in found.units] == ["C", "A"]
    tables = (found.links, found.people, found.schedules, found.exemptions)
    assert not any(tables)


def test_every_table_is_read(tmp_path: Path) -> None:
    found = read_registry(
        folder(
            tmp_path,
            links="network,from,to\nsupervision,C,甲区\n",
            people="login,name,unit,role\nx,甲区联络员,A,liaison\n",
            schedules="unit,days,valid_from\nA,workdays,2026-01-01\n",
            exemptions="unit,from,to,reason\nA,2026-01-01,2026-01-02,检修\n",
            duties="unit,duty\nA,巡查\n",
            limits="workflow,step,after,amount,unit\nfinding,stop,found,0,days\n",
        )
    )
    assert found.links[0].target == found.people[0].unit == found.schedules[0].unit == "A"
    assert found.exemptions[0].reason == "检修"
    assert found.duties[0].duty == "巡查"
    assert found.limits == [("finding", "stop", "found", 0, "days", None, None, "", "", 0)]


def test_folders_that_are_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(NotFound):
            read_registry(path)


def test_every_problem_of_every_file_is_listed(tmp_path: Path) -> None:
    bad = folder(
        tmp_path,
        units="code,name,kind,parent\nC,市,city,X\nA,甲区,区域局,C\nB,乙所,town,A\n",
        links="network,from,to\nhorizontal,C,Z\nhorizontal,C,A\n",
        people="login,name,unit,role\n,甲区联络员,A,liaison\n",
        schedules="unit,days\nA,workdays\nA,daily\n",
    )
    with pytest.raises(Rejected) as caught:
        read_registry(bad)
    assert caught.value.exit_code is Exit.FOUND
    told = render(caught.value.message).splitlines()[1:]
    assert [line.strip().partition(": ")[0] for line in told] == [
        "units.csv, row 3, kind “区域局”",
        "units.csv, row 2, parent “X”",
        "links.csv, row 2, to “Z”",
        "people.csv, row 2, login “”",
        "schedules.csv, row 3, unit “A”",
    ]
    use("zh")
    assert re.search(r"links\.csv 第 2 行,to“Z”:没有单位“Z”。", render(caught.value.message))


def test_header_that_does_not_fit_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as caught:
        read_registry(folder(tmp_path, links="network,from,until\n"))
    assert caught.value.message.key == "tables.columns_unknown"
    with pytest.raises(Rejected):
        read_registry(folder(tmp_path, units="code,name,kind\n"))
