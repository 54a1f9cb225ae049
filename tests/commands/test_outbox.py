from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from domain.errors import Exit
from tests.conftest import AT, STARTS, ZONE, City, Run
from tests.exchange import endpoints
from tests.exchange.endpoints import OK, endpoint, says
from tests.matters_city import new_city

FIELDS = [
    "id",
    "topic",
    "addressee",
    "address",
    "person",
    "language",
    "state",
    "attempts",
    "problem",
    "queued_at",
    "next_at",
    "title",
]
REMIND = ZONE.parse("2026-11-23 16:30")


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def city(tmp_path: Path) -> City:
    new_city(tmp_path).close()
    return City(tmp_path / "city.db", AT, STARTS)


def test_an_urge_is_sent_and_its_text_printed_all_the_same(run: Run, city: City) -> None:
    with endpoint(OK) as other:
        run("config", "set", "delivery.to.d1", f'["{other.url}"]')
        run("config", "set", "delivery.lang.d1", "zh")
        said = run("urge", "--send", at=REMIND)
        assert "[reminder] East, liaison 东区联络员" in said.out
        assert "No address is configured for:" in said.err
        assert "West, liaison" in said.err
        assert any(text.startswith("【催报提醒】东区联络员") for text in other.texts())
        sent = len(other.bodies)
        assert f"Delivery: {sent} sent." in said.err
        again = run("urge", "--send", at=REMIND + 60)
        assert (again.out, len(other.bodies)) == ("", sent)
        assert "geheim" not in said.out + said.err
    rows = json.loads(run("outbox", "list", "--all", "-f", "json", at=REMIND + 60).out)
    assert [list(row) for row in rows] == [FIELDS] * sent
    assert {row["state"] for row in rows} == {"sent"}
    assert run("outbox", "list", at=REMIND + 60).out == ""


def test_a_plain_run_queues_nothing(run: Run, city: City) -> None:
    run("config", "set", "delivery.to.liaison", "json://127.0.0.1:1/")
    run("urge", at=REMIND)
    assert json.loads(run("outbox", "list", "--all", "-f", "json", at=REMIND).out) == []


def test_what_is_stuck_is_shown_and_a_person_decides(run: Run, city: City) -> None:
    with endpoint(endpoints.closes) as other:
        run("config", "set", "delivery.to.d1", other.url)
        said = run("urge", "--send", at=REMIND, lang="zh")
        assert "不明" in said.err
    rows = json.loads(run("outbox", "list", "-f", "json", at=REMIND).out)
    assert rows[0]["problem"] == "broken_answer"
    run("outbox", "list", "--check", at=REMIND, code=Exit.FOUND)
    assert "应答中断" in run("outbox", "list", at=REMIND, lang="zh").out
    first = str(rows[0]["id"])
    page = run("outbox", "show", first, at=REMIND, lang="zh").out
    assert "结果不明,不再自动发" in page
    whole = json.loads(run("outbox", "show", first, "-f", "json", at=REMIND).out)
    assert [entry["act"] for entry in whole["entries"]] == ["queued", "claimed", "unknown"]
    run("outbox", "retry", first, login="d1", at=REMIND, code=Exit.REFUSED)
    with endpoint(OK) as better:
        run("config", "set", "delivery.to.d1", better.url)
        run("outbox", "retry", first, at=REMIND + 60)
        run("outbox", "send", at=REMIND + 60)
        # The other one was left alone when the endpoint did not answer, and goes now.
        assert len(better.bodies) == len(rows)
        assert better.texts().count(f"{whole['title']}\n{whole['body']}") == 1
        run("outbox", "send", login="d1", at=REMIND + 60, code=Exit.REFUSED)
    assert run("outbox", "list", "--check", at=REMIND + 120).out == ""
    run("outbox", "drop", first, at=REMIND + 120, code=Exit.REFUSED)
    # As it was before anybody decided.
    early = run("outbox", "list", "--as-of", "2026-11-23 16:30:30", "-f", "json", at=REMIND + 99)
    assert [row["state"] for row in json.loads(early.out)] == ["unknown", "waiting"]
    run("outbox", "show", "999", at=REMIND, code=Exit.NOT_FOUND)
    run("outbox", "retry", first, at=REMIND + 120, code=Exit.REFUSED)


def test_a_failure_says_when_it_is_tried_again(run: Run, city: City) -> None:
    with endpoint(says("503 Later", b"", "Retry-After: 900")) as other:
        run("config", "set", "delivery.to.d1", other.url)
        run("urge", "--send", at=REMIND)
    row = json.loads(run("outbox", "list", "-f", "json", at=REMIND).out)[0]
    assert (row["state"], row["problem"], row["attempts"]) == ("waiting", "http:503", 1)
    assert row["next_at"] == "2026-11-23T08:45:00Z"
    assert "HTTP 503" in run("outbox", "list", at=REMIND).out


def test_addresses_are_never_shown(run: Run, city: City, alone: Path) -> None:
    secret = "mailtos://robot:geheim@smtp.example.org?to={email}"
    run("config", "set", "delivery.to.liaison", f'["{secret}", "${{DING}}"]')
    for words in (("config", "show"), ("config", "show", "-f", "json")):
        page = run(*words).out
        assert "geheim" not in page
        assert "mailtos://***" in page
        assert "${DING}" in page
    file = alone / ".config" / "lianluo" / "config.toml"
    for line in (
        'liaison = "geheim"',
        'liaison = ["json://ok", "geheim"]',
        "liaison = 5",
        'liaison = ["json://geheim", 5]',
    ):
        file.write_text(f"[delivery.to]\n{line}\n", encoding="utf-8")
        said = run("urge", "--send", at=REMIND, code=Exit.USAGE)
        assert "geheim" not in said.err
        assert "delivery.to.liaison" in said.err
        assert "line 2" in said.err
    file.write_text("[delivery]\nattempts = 0\n", encoding="utf-8")
    assert "delivery.attempts" in run("board", code=Exit.USAGE).err
    file.write_text("[delivery]\nnonsense = 0\n", encoding="utf-8")
    assert "delivery.nonsense" in run("board", code=Exit.USAGE).err
    file.write_text('[delivery.lang]\nd1 = "fr"\n', encoding="utf-8")
    assert "delivery.lang" in run("board", code=Exit.USAGE).err


def test_a_new_configuration_with_addresses_is_ones_own(run: Run, city: City, alone: Path) -> None:
    run("config", "set", "delivery.to.d1", "json://geheim@127.0.0.1:1/")
    file = alone / ".config" / "lianluo" / "config.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "chmod 600" not in run("urge", "--send", at=REMIND).err
    file.chmod(0o644)
    assert "chmod 600" in run("outbox", "send", at=REMIND).err


def test_a_trace_shows_no_address(run: Run, city: City) -> None:
    run("config", "set", "delivery.to.d1", "json://geheim@127.0.0.1:1/${MISSING}")
    said = run("--debug", "urge", "--send", at=REMIND)
    assert "MISSING" in said.err
    assert "geheim" not in said.err + said.out
