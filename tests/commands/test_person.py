from __future__ import annotations

import json

from tests.conftest import ADMIN, DEPUTY, LIAISON, City, Run


def people(run: Run, *words: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run("person", "list", *words, "-f", "json").out)
    return found


def test_list_has_the_columns_of_the_registry(run: Run, city: City) -> None:
    found = people(run, "--unit", "白云区", "--role", "liaison")
    assert found == [
        {
            "login": LIAISON,
            "name": "白云区联络员",
            "unit": "440111",
            "role": "liaison",
            "phone": "020-10000001",
            "email": "",
            "valid_from": None,
            "valid_to": None,
        }
    ]
    assert "分管负责人" in run("person", "list", lang="zh").out
    assert run("person", "list", "--unit", "DRC").err == "There is nobody of that kind.\n"


def test_added_person_may_file(run: Run, city: City) -> None:
    words = ("clerk", "市司法局联络员", "--unit", "市司法局", "--role", "liaison")
    assert "Recorded" in run("person", "add", *words, "--phone", "020-1").err
    assert "already" in run("person", "add", *words, "--phone", "020-1").err
    run("file", "zero", login="clerk")
    assert [row["phone"] for row in people(run, "--unit", "JUST")] == ["020-1"]


def test_retired_person_is_gone_from_the_next_day(run: Run, city: City) -> None:
    answer = run("person", "retire", LIAISON, "--date", "yesterday")
    assert "白云区联络员 (baiyun): liaison of 白云区 until 2026-11-22" in answer.err
    run("file", "zero", "--unit", "440111", login=LIAISON, code=4)
    assert LIAISON not in {row["login"] for row in people(run)}
    assert LIAISON in {row["login"] for row in people(run, "--date", "2026-11-22")}
    assert LIAISON in {row["login"] for row in people(run, "--all")}
    assert run("person", "retire", LIAISON, code=3).err


def test_one_role_of_several_is_retired(run: Run, city: City) -> None:
    run("person", "add", LIAISON, "白云区联络员", "--unit", "440111103", "--role", "liaison")
    run("person", "retire", LIAISON, "--unit", "人和镇", "--date", "yesterday")
    assert [row["unit"] for row in people(run) if row["login"] == LIAISON] == ["440111"]
    run("person", "retire", LIAISON, "--role", "deputy", code=3)


def test_last_admin_stays(run: Run, city: City) -> None:
    assert "last administrator" in run("person", "retire", ADMIN, code=4).err
    run("person", "add", "second", "第二管理员", "--unit", "440100", "--role", "admin")
    run("person", "retire", ADMIN, "--date", "yesterday")
    run("unit", "retire", "RENT", code=4)
    run("unit", "retire", "RENT", login="second")


def test_stand_in_may_do_what_the_absent_may(run: Run, city: City) -> None:
    run("person", "add", "clerk", "查看人", "--unit", "440100", "--role", "viewer")
    run("file", "zero", "--unit", "440111", login="clerk", code=4)
    answer = run("person", "stand-in", "clerk", LIAISON, "--to", "2026-11-24", lang="zh")
    assert answer.err == "clerk 自 2026-11-23 至 2026-11-24 代 baiyun 的班。\n"
    run("file", "zero", login="clerk")
    rows = json.loads(run("person", "stand-in", "-f", "json").out)
    assert rows == [{"login": "clerk", "absent": LIAISON, "from": "2026-11-23", "to": "2026-11-24"}]


def test_circle_of_stand_ins_is_refused(run: Run, city: City) -> None:
    run("person", "stand-in", DEPUTY, LIAISON, "--to", "2026-12-31")
    assert "circle" in run("person", "stand-in", LIAISON, DEPUTY, "--to", "2026-12-01", code=4).err
    # The same two from the same day end earlier now, so a later day is free.
    run("person", "stand-in", DEPUTY, LIAISON, "--to", "2026-11-30")
    later = ("--from", "2026-12-01", "--to", "2026-12-02")
    run("person", "stand-in", LIAISON, DEPUTY, *later)


def test_errors(run: Run, city: City) -> None:
    add = ("person", "add", "x", "甲")
    assert run(*add, "--unit", "火星", "--role", "liaison", code=3).err
    assert run(*add, "--unit", "440111", "--role", "king", code=2).err
    assert run(*add, "--unit", "440111", code=2).err
    assert run("person", "add", " ", "甲", "--unit", "440111", "--role", "viewer", code=4).err
    assert run(*add, "--unit", "440111", "--role", "viewer", login=LIAISON, code=4).err
    assert run("person", "retire", LIAISON, login=LIAISON, code=4).err
    assert run("person", "stand-in", LIAISON, code=2).err
    assert run("person", "stand-in", LIAISON, "nobody", "--to", "today", code=4).err
    backwards = ("--from", "2026-12-02", "--to", "2026-12-01")
    assert run("person", "stand-in", LIAISON, DEPUTY, *backwards, code=4).err
