"""`lianluo audit`: the log, its head, and verifying a store or a receipt."""

from __future__ import annotations

import json
import re
import sqlite3

from domain.errors import Exit
from tests.conftest import ADMIN, AT, LIAISON, City, Run

CODE = re.compile(r"R-20261123-440111-1/[0-9a-f]{12}")


def test_a_receipt_carries_a_seal_that_can_be_checked(run: Run, city: City) -> None:
    filed = run("file", "zero", "--areas", "5/6", login=LIAISON)
    assert filed.out.startswith("Filed R-20261123-440111-1 16:26:03 on time\n")
    code = CODE.search(filed.out)
    assert code is not None
    answer = run("audit", "verify", "--receipt", code[0], login=LIAISON)
    assert f"Receipt {code[0]} holds" in answer.out
    bare = run("audit", "verify", "--receipt", "R-20261123-440111-1", "-f", "json")
    whole = json.loads(bare.out)
    assert (whole["seal"], whole["sealed"], whole["filed_by"]) == (code[0][-12:], False, LIAISON)
    wrong = code[0][:-12] + "0123456789ab"
    assert wrong[-12:] in run("audit", "verify", "--receipt", wrong, code=Exit.DAMAGED).err
    run("audit", "verify", "--receipt", "R-20261123-440111-2", code=Exit.NOT_FOUND)


def test_the_same_filing_again_says_that_it_is_recorded(run: Run, city: City) -> None:
    first = json.loads(run("file", "zero", "--areas", "5/6", "-f", "json", login=LIAISON).out)
    again = json.loads(
        run("file", "zero", "--areas", "5/6", "-f", "json", login=LIAISON, at=AT + 900).out
    )
    assert (first.pop("repeated"), again.pop("repeated")) == (False, True)
    assert again == first
    told = run("file", "zero", "--areas", "5/6", login=LIAISON, at=AT + 901, lang="zh").out
    assert "此前已记录" in told


def test_verify_a_whole_store(run: Run, city: City) -> None:
    run("file", "zero", login=LIAISON)
    verdict = json.loads(run("audit", "verify", "-f", "json").out)
    head = json.loads(run("audit", "head", "-f", "json").out)
    assert (verdict["whole"], verdict["reports"], verdict["proven_since"]) == (True, 1, 1)
    assert (verdict["events"], verdict["hash"]) == (head["seq"], head["hash"])
    assert run("audit", "head").out.split()[:2] == [str(head["seq"]), head["hash"]]
    assert head["hash"] in run("audit", "verify", lang="zh").out


def test_verify_names_what_does_not_fit(run: Run, city: City) -> None:
    run("file", "zero", login=LIAISON)
    with sqlite3.connect(city.path) as engine:
        engine.execute("DROP TRIGGER reports_not_changed")
    answer = run("audit", "verify", code=Exit.DAMAGED)
    assert "reports_not_changed" in answer.err
    assert "Traceback" not in answer.err


def test_the_log_with_its_filters(run: Run, city: City) -> None:
    run("file", "zero", login=LIAISON)
    rows = json.loads(run("audit", "log", "-f", "json", "--from", "2026-11-23").out)
    assert [row["action"] for row in rows] == ["days.open", "report.file"]
    assert list(rows[1])[:7] == ["seq", "at", "actor", "real_login", "host", "action", "subject"]
    (one,) = json.loads(run("audit", "log", "-f", "json", "--actor", LIAISON).out)
    assert (one["at"], one["subject"]) == ("2026-11-23T08:26:03Z", "R-20261123-440111-1")
    assert run("audit", "log", "--actor", "nobody").out == ""
    assert json.loads(run("audit", "log", "-f", "json", "--as-of", "2026-11-20").out) == [
        json.loads(line)
        for line in run("audit", "log", "-f", "ndjson", "--to", "2026-11-20").out.splitlines()
    ]
    table = run("audit", "log", "--last", "2", lang="zh").out
    assert "本程序" in table
    assert "report.file" in table
    run("audit", "log", "--from", "2026-11-23", "--to", "2026-11-20", code=Exit.USAGE)


def test_who_filed_in_whose_name(run: Run, city: City) -> None:
    run("--as-login", LIAISON, "file", "zero", login=ADMIN)
    assert f"{ADMIN} for {LIAISON}" in run("audit", "log", "--action", "report").out


def test_progress_on_a_terminal_alone(run: Run, city: City) -> None:
    assert "\N{HORIZONTAL ELLIPSIS}" in run("audit", "verify", terminal=True).err
    assert run("audit", "verify").err == ""
