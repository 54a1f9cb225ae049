"""`lianluo whoami`, and what becomes of those who may not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import Exit
from tests.conftest import ADMIN, AT, DEPUTY, LEADER, LIAISON, PLANNER, City, Run


def who(run: Run, *before: str, login: str = LIAISON) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*before, "whoami", "-f", "json", login=login).out)
    return found


def log(run: Run, action: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        run("audit", "log", "--action", action, "-f", "json").out
    )
    return found


def test_a_liaison(run: Run, city: City) -> None:
    found = who(run)
    assert (found["login"], found["real_login"], found["name"]) == (
        LIAISON,
        LIAISON,
        "白云区联络员",
    )
    assert [(role["role"], role["unit"]) for role in found["roles"]] == [("liaison", "440111")]
    assert found["may"] == [
        {"action": "file", "scope": "below", "units": ["440111"]},
        {"action": "step", "scope": "below", "units": ["440111"]},
        {"action": "remark", "scope": "below", "units": ["440111"]},
        {"action": "check", "scope": "below", "units": ["440111"]},
        {"action": "contacts", "scope": "line", "units": ["440111"]},
        {"action": "contacts", "scope": "network", "units": ["440111"]},
    ]
    page = run("whoami", login=LIAISON, lang="zh").out
    assert "报送" in page
    assert "白云区及其下级" in page
    assert "催办" not in page


def test_a_proxy_shows_both_logins(run: Run, city: City) -> None:
    found = who(run, "--as-login", LIAISON, login=ADMIN)
    assert (found["login"], found["real_login"]) == (LIAISON, ADMIN)
    assert ADMIN in run("--as-login", LIAISON, "whoami", login=ADMIN).out


def test_who_stands_in_may_what_the_absent_may(run: Run, city: City) -> None:
    run("person", "stand-in", PLANNER, LIAISON, "--to", "2026-11-30", login=ADMIN)
    found = who(run, login=PLANNER)
    assert found["stands_in_for"] == [LIAISON]
    assert {(role["of"], role["unit"]) for role in found["roles"]} == {
        (PLANNER, "PLAN"),
        (LIAISON, "440111"),
    }
    assert found["may"][0]["units"] == ["PLAN", "440111"]
    assert who(run)["stood_in_by"] == [PLANNER]
    assert "until 2026-11-30" in run("whoami", login=PLANNER).out


@pytest.mark.parametrize(("lang", "word"), [("zh", "没有任何角色"), ("en", "no role today")])
def test_a_stranger_is_told_so(run: Run, city: City, lang: str, word: str) -> None:
    assert word in run("whoami", login="stranger", lang=lang).out
    assert who(run, login="stranger")["may"] == []


def test_a_refusal_is_recorded_with_both_logins(run: Run, city: City) -> None:
    run("file", "zero", "--unit", "440111", login=LEADER, code=Exit.REFUSED)
    run("unit", "retire", "440111", login=LIAISON, code=Exit.REFUSED)
    run("--as-login", LIAISON, "board", login=DEPUTY, code=Exit.REFUSED)
    run("--as-login", LEADER, "file", "zero", "--unit", "440111", login=ADMIN, code=Exit.REFUSED)
    assert [
        (row["actor"], row["real_login"], row["subject"], row["detail"])
        for row in log(run, "refused")
    ] == [
        (LEADER, LEADER, "440111", {"wanted": "file"}),
        (LIAISON, LIAISON, "registry", {"wanted": "registry"}),
        (DEPUTY, DEPUTY, "act_as", {"wanted": "act_as"}),
        (LEADER, ADMIN, "440111", {"wanted": "file"}),
    ]
    assert json.loads(run("audit", "verify", "-f", "json").out)["whole"]


def test_a_refusal_by_a_rule_is_no_refusal_by_permission(run: Run, city: City) -> None:
    run("file", "daily", login=LIAISON, code=Exit.REFUSED)
    assert log(run, "refused") == []


def phones(run: Run, login: str) -> set[str]:
    rows = json.loads(run("person", "list", "-f", "json", login=login).out)
    return {row["phone"] for row in rows if row["phone"]}


def test_phones_are_shown_to_those_who_need_them(run: Run, city: City) -> None:
    everybody = {"020-10000001", "020-10000002", "020-10000003"}
    words = ("--unit", "440111003", "--role", "liaison", "--phone", "020-4")
    run("person", "add", "town", "镇联络员", *words)
    assert phones(run, ADMIN) == {*everybody, "020-4"}
    # The own unit, above and below: a district its town's, a town its district's.
    assert phones(run, LIAISON) == {*everybody, "020-4"}
    assert phones(run, "town") == {*everybody, "020-4"}
    # Whoever has no role, and who only looks on, none.
    run("person", "add", "looker", "查阅员", "--unit", "PLAN", "--role", "viewer")
    for login in ("stranger", "looker"):
        assert phones(run, login) == set()
        for asked in (("unit", "show", "440111"), ("explain", "R-20261120-440111")):
            assert "020-10000001" in run(*asked, login=LIAISON, at=AT).out
            assert "020-10000001" not in run(*asked, login=login, at=AT).out


def test_contacts_of_the_liaison_network_call_each_other(run: Run, city: City) -> None:
    town = ("--unit", "440111003", "--role", "liaison", "--phone", "020-4")
    run("person", "add", "town", "镇联络员", *town)
    mail = ("--unit", "440111", "--role", "deputy", "--phone", "020-5", "--email", "x@example.org")
    run("person", "add", "mail", "副联络员", *mail)
    run(
        "person", "add", "sup", "督导员", "--unit", "440111", "--role", "supervisor", "--phone", "6"
    )
    run("person", "add", "plan-b", "副联络员", "--unit", "PLAN", "--role", "deputy", "--phone", "7")
    contacts = {"020-10000001", "020-10000002", "020-10000003", "020-5", "7"}
    # Phones of a member's contacts; not its other people's, not its towns', and no addresses.
    for login in (PLANNER, "plan-b"):
        assert phones(run, login) == contacts
        assert "x@example.org" not in run("person", "list", "-f", "json", login=login).out
        assert "020-10000001" in run("unit", "show", "440111", login=login).out
    assert "7" in phones(run, LIAISON)


def test_supervisors_see_whom_they_supervise(run: Run, city: City) -> None:
    run("person", "add", "plan-s", "督导员", "--unit", "PLAN", "--role", "supervisor")
    assert phones(run, "plan-s") == set()
    links = json.loads(run("network", "supervision", "-f", "json").out)["links"]
    assert {"from": "PROC", "to": "440111"} in links
    run("person", "add", "proc", "督导员", "--unit", "PROC", "--role", "supervisor")
    assert "020-10000001" in phones(run, "proc")


def test_an_export_takes_no_contacts_unless_asked_and_back_changes_nothing(
    run: Run, city: City
) -> None:
    plain, whole = city.path.with_name("p.csv"), city.path.with_name("w.csv")
    run("export", "people", str(plain))
    run("export", "people", str(whole), "--with-contacts")
    assert "020-1" not in plain.read_text(encoding="utf-8-sig")
    assert "020-1" in whole.read_text(encoding="utf-8-sig")
    for file in (plain, whole):
        assert "0 new, 0 amended, 5 unchanged" in run("import", "people", str(file)).err
    assert len(phones(run, ADMIN)) == 3
    mine = city.path.with_name("m.csv")
    run("export", "people", str(mine), "--with-contacts", login="stranger")
    assert "020-1" not in mine.read_text(encoding="utf-8-sig")
