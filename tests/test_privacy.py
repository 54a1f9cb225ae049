"""No personal data in what goes wrong: neither in sentences nor in what --debug shows."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from domain.errors import Refused
from domain.tracing import blamed, traced
from tests.conftest import LEADER, LIAISON, City, Run

MARK = "秘密"
"""Stands in every text about a person; nothing that goes wrong may repeat it."""
UNIT = "440111"
DAY = "2026-11-20"


@pytest.fixture
def marked(run: Run, city: City) -> City:
    """A store with the mark in every phone, address, party, summary, reason and entry."""
    words = ("--role", "deputy", "--phone", f"{MARK}-1", "--email", f"{MARK}@example.org")
    run("person", "add", "private", "副联络员", "--unit", UNIT, *words)
    facts = {"location": f"{MARK}村口", "land_class": "cultivated", "area": "1200"}
    about = {**facts, "place": UNIT, "party": f"{MARK}甲", "use": MARK}
    finding = ",".join(f"{key}={value}" for key, value in about.items())
    said = ("--summary", f"{MARK}已制止", "--finding", finding)
    run("file", "daily", "--unit", UNIT, "--date", DAY, *said)
    run("file", "amend", UNIT, DAY, *said, "--reason", f"{MARK}补充", "--areas", "5/6")
    return city


def number(city: City) -> str:
    with sqlite3.connect(city.path) as connection:
        (found,) = connection.execute("SELECT number FROM matters ORDER BY number").fetchone()
    return str(found)


WRONG: list[tuple[str, ...]] = [
    ("file", "zero", "--unit", UNIT, "--date", DAY),
    ("file", "amend", UNIT, DAY, "--summary", "x", "--reason", " "),
    ("file", "amend", "440112", DAY, "--summary", "x", "--reason", "x"),
    ("file", "zero", "--unit", "nowhere"),
    ("file", "daily", "--unit", UNIT, "--date", "2027-01-01", "--summary", "x"),
    ("report", "show", UNIT, DAY, "--revision", "9"),
    ("report", "show", "440112", DAY),
    ("person", "retire", "nobody"),
    ("person", "retire", "private", "--date", "2000-01-01"),
    ("person", "add", "private", "y", "--unit", "nowhere", "--role", "deputy"),
    ("person", "add", "private", "y", "--unit", UNIT, "--role", "nothing"),
    ("matter", "show", "F-2026-9999"),
    ("matter", "step", "NUMBER", "nothing"),
    ("matter", "step", "NUMBER", "verify"),
    ("matter", "close", "NUMBER", "--outcome", "nothing", "--evidence", "x"),
    ("matter", "close", "NUMBER", "--outcome", "restored", "--evidence", " "),
    ("matter", "reopen", "NUMBER", "stop", "--reason", "x"),
    ("matter", "remark", "NUMBER", " "),
    ("explain", "R-20991231-440111"),
    ("exempt", "withdraw", UNIT, "--from", DAY),
    ("audit", "verify", "--receipt", "R-20261120-440111-1/000000000000"),
    ("outbox", "show", "9"),
    ("paper", "show", "SW-2026-0001"),
    ("export", "people", "/nowhere/x.csv", "--with-contacts"),
    ("export", "reports", "/nowhere/x.csv"),
    ("import", "people", "/nowhere/x.csv"),
    ("backup", "/nowhere/x.db"),
    ("restore", "/nowhere/x.db"),
    ("sheet", "seal", "2026-11-01"),
    ("target", "set", UNIT, "nothing", "1"),
    ("unit", "retire", "nowhere"),
]


@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["plain", "debug"])
@pytest.mark.parametrize("login", ["admin", LIAISON, LEADER, "stranger"])
def test_what_goes_wrong_never_tells_of_people(
    run: Run, marked: City, debug: tuple[str, ...], login: str
) -> None:
    matter = number(marked)
    failed = 0
    for words in WRONG:
        said = [matter if word == "NUMBER" else word for word in words]
        answer = run(*debug, *said, login=login, code=None)
        failed += answer.code != 0
        assert MARK not in answer.err, words
        assert answer.code == 0 or MARK not in answer.out, words
    assert failed > len(WRONG) // 2


SPOILT = [
    f"UPDATE reports SET kind = '{MARK}' WHERE revision = 2",
    f"UPDATE reports SET summary = '{MARK}', filed_at = '{MARK}' WHERE revision = 2",
    f"UPDATE findings SET existed_since = '{MARK}'",
    f"UPDATE people SET role = '{MARK}' WHERE login = 'private'",
    f"UPDATE people SET valid_from = '{MARK}' WHERE login = 'private'",
    f"UPDATE matter_entries SET detail = '{MARK}'",
    f"UPDATE matter_entries SET act = '{MARK}'",
    f"UPDATE matters SET party = '{MARK}x', existed_since = '{MARK}'",
    f"UPDATE units SET valid_from = '{MARK}' WHERE code = '{UNIT}'",
    f"UPDATE events SET detail = '{MARK}' WHERE seq = 3",
    f"UPDATE meta SET value = '{MARK}' WHERE key = 'rules'",
    f"UPDATE reports SET summary = '{MARK}y' WHERE revision = 2",
]


@pytest.mark.parametrize("sql", SPOILT)
def test_damage_is_told_of_without_what_stands_there(run: Run, marked: City, sql: str) -> None:
    matter = number(marked)
    with sqlite3.connect(marked.path) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _ in (kept := triggers.fetchall()):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        try:
            connection.execute(sql)
        except sqlite3.IntegrityError:
            # A strict table takes no text for a number: then that much cannot be spoilt.
            assert "filed_at" in sql
        for _, text in kept:
            connection.execute(text)
    connection.close()
    failed = 0
    for words in (
        ("report", "show", UNIT, DAY),
        ("person", "list"),
        ("matter", "show", matter),
        ("audit", "verify"),
        ("board",),
        ("doctor",),
    ):
        for debug in ((), ("--debug",)):
            answer = run(*debug, *words, code=None)
            failed += answer.code != 0
            assert MARK not in answer.err, words
            if answer.code and words != ("doctor",):
                assert MARK not in answer.out
    assert failed or "filed_at" in sql


def test_a_table_with_faults_shows_no_cells_about_people(
    run: Run, marked: City, tmp_path: Path
) -> None:
    long = MARK * 600_000
    for name, text in (
        ("people", f"login,name,unit,role,phone\na,b,{UNIT},deputy,{long}\n"),
        ("people", f"login,name,unit,role,phone,email\na,b,nowhere,x,{MARK},{MARK}\n"),
        ("reports", f"unit,date,kind,filed_at,summary\n{UNIT},2026-11-19,daily,nonsense,{MARK}\n"),
        ("reports", f"unit,date,kind,filed_at,summary\n{UNIT},{DAY},daily,2026-11-20,{MARK}x\n"),
        ("findings", f"unit,date,no,location,place,party\n{UNIT},{DAY},x,{MARK},y,{MARK}\n"),
        ("leads", f"unit,received_at,title,party\n{UNIT},nonsense,{MARK},{MARK}\n"),
    ):
        file = tmp_path / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        for more in ((), ("--debug",)):
            answer = run(*more, "import", name, str(file), code=None)
            assert answer.code, name
            assert MARK not in answer.err + answer.out, name
            answer = run(*more, "import", name, str(file), "-f", "json", code=None)
            assert MARK not in answer.err + answer.out, name


def read_nonsense() -> None:
    """Raise one of our own errors that came from another's."""
    try:
        json.loads(MARK)
    except ValueError as error:
        raise Refused("errors.login_unknown", login=MARK) from error


def test_a_mistake_of_the_program_tells_where_and_not_what() -> None:
    with pytest.raises(Refused) as refused:
        read_nonsense()
    text, where = traced(refused.value), blamed(refused.value)
    assert "JSONDecodeError" in text
    assert "Refused errors.login_unknown" in text
    assert where.startswith("Refused errors.login_unknown, tests/test_privacy.py:")
    assert MARK not in text + where
    with pytest.raises(KeyError) as missing:
        _ = {"x": 1}[MARK]
    assert MARK in str(missing.value)
    assert MARK not in traced(missing.value) + blamed(missing.value)
