"""Sending under failure: nothing twice, nothing lost, and nobody waits for a broken endpoint."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions import outbox
from actions.outbox import Draft, Waiting
from actions.people import save_people
from actions.reporting import file_zero
from domain.delivery import Delivery
from domain.errors import NotFound, Refused
from domain.outbox import LEASE, State
from exchange.delivery import Delivered, deliver
from exchange.dispatch import urge_and_queue
from storage.store import Store, open_store
from tests.exchange import endpoints
from tests.exchange.endpoints import OK, Endpoint, closed_port, endpoint, says
from tests.matters_city import ADMIN, PEOPLE, new_city, on, together, who

ROOT = Path(__file__).resolve().parents[2]
AT = on("2026-11-23 16:30")
"""A Monday, half an hour before the cut-off: liaisons are reminded of the day's report."""
LATER = AT + LEASE + 1


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as found:
        yield found


def to(timeout: int = 20, attempts: int = 6, **urls: str | Endpoint) -> Delivery:
    """Return a configuration of addresses."""
    named = {key: (url if isinstance(url, str) else url.url,) for key, url in urls.items()}
    return Delivery(named, timeout_seconds=timeout, attempts=attempts)


def put(store: Store, *addresses: str, at: int = AT, any_hour: bool = False) -> list[int]:
    """Queue a message to each address."""
    drafts = [
        Draft(
            (f"sheet/{n}|{address}",),
            "sheet",
            address,
            f"{address}[1]",
            "",
            "zh",
            f"第{n}件",
            "正文",
            any_hour,
        )
        for n, address in enumerate(addresses, 1)
    ]
    return outbox.queue(store, ADMIN, drafts, at)


def run(store: Store, delivery: Delivery, at: int = AT, **more: Any) -> Delivered:
    return deliver(store, ADMIN, delivery, {}, at, **more)


def states(store: Store, at: int = AT) -> dict[int, State]:
    return {row.message.id: row.standing.state for row in listed(store, at)}


def listed(store: Store, at: int = AT) -> list[Waiting]:
    return outbox.listed(store, at, everything=True)


def one(store: Store, at: int = AT) -> Waiting:
    (row,) = listed(store, at)
    return row


def test_what_arrives_is_the_ladders_own_text(store: Store) -> None:
    with endpoint(OK) as other:
        found = urge_and_queue(store, ADMIN, AT, to(liaison=other))
        reminders = [text for text in found.texts if text.rung.name == "reminder"]
        assert {text.unit.code for text in reminders if text.unit} >= {"D1", "D2", "POWER"}
        run(store, to(liaison=other))
        wanted = [text.text for text in found.texts if text.rung.to[0] == "liaison"]
        assert sorted(other.texts()) == sorted(wanted)
        assert urge_and_queue(store, ADMIN, AT, to(liaison=other)).fired == ()
        assert run(store, to(liaison=other)).states == {}
        assert len(other.bodies) == len(wanted)


def test_each_is_written_to_in_his_language(store: Store) -> None:
    with endpoint(OK) as first, endpoint(OK) as second:
        delivery = replace(to(d1=first, d2=second), lang={"default": "zh", "d2": "en"})
        urge_and_queue(store, ADMIN, AT, delivery)
        run(store, delivery)
        assert any(text.startswith("【催报提醒】东区联络员") for text in first.texts())
        assert any(text.startswith("[reminder] West, liaison") for text in second.texts())


def test_who_has_no_address_is_named(store: Store) -> None:
    found = urge_and_queue(store, ADMIN, AT, to(d1="json://127.0.0.1/x"))
    assert "West, liaison 西区联络员" in found.unaddressed
    assert not any("East, liaison" in name for name in found.unaddressed)


def test_the_narrowest_address_is_taken(store: Store) -> None:
    with endpoint(OK) as own, endpoint(OK) as of_unit, endpoint(OK) as of_role:
        urls: dict[str, Any] = {"d1": own, "D2:liaison": of_unit, "liaison": of_role}
        delivery = to(**urls)
        urge_and_queue(store, ADMIN, AT, delivery)
        run(store, delivery)
        assert all("东区" in text or "East" in text for text in own.texts())
        assert all("西区" in text or "West" in text for text in of_unit.texts())
        assert own.bodies
        assert of_unit.bodies
        assert not any("East" in text.splitlines()[0] for text in of_role.texts())


def test_ones_own_mailbox_is_put_into_the_address_and_adds_nothing_to_it(store: Store) -> None:
    hostile = "a@b.c&to=${SECRET}"
    changed = [replace(person, email=hostile) for person in PEOPLE if person.login == "d1"]
    save_people(store, ADMIN, changed, AT)
    with endpoint(OK) as other:
        delivery = to(liaison=f"json://127.0.0.1:{other.port}/${{HOOK}}/{{email}}")
        urge_and_queue(store, ADMIN, AT, delivery)
        assert all(row.message.person == "d1" for row in listed(store))
        deliver(store, ADMIN, delivery, {"HOOK": "geheim", "SECRET": "nie"}, AT)
        (path,) = set(other.paths)
    assert path.startswith("/geheim/a@b.c")
    assert "nie" not in path
    assert "?" not in path


def test_a_variable_that_is_not_set_is_named_and_nothing_is_lost(store: Store) -> None:
    put(store, "a")
    result = run(store, to(a="${HOOK}"))
    assert result.unusable["a[1]"].params == {"name": "HOOK"}
    assert states(store) == {1: State.WAITING}


def test_an_address_that_is_gone_keeps_its_message_waiting(store: Store) -> None:
    put(store, "a")
    assert run(store, to(b="json://127.0.0.1/")).unusable["a[1]"].key == "outbox.address_gone"
    assert states(store) == {1: State.WAITING}


def test_a_broken_endpoint_delays_nobody(store: Store) -> None:
    with endpoint(endpoints.hangs) as hung, endpoint(endpoints.drips) as slow, endpoint(OK) as good:
        addresses = ["hung", "slow", "dead", *(f"good{n}" for n in range(5))]
        put(store, *addresses, "hung")
        urls: dict[str, Any] = {f"good{n}": f"{good.url}/{n}" for n in range(5)}
        delivery = to(
            timeout=4, hung=hung, slow=slow, dead=f"json://127.0.0.1:{closed_port()}/", **urls
        )
        result = run(store, delivery)
        assert len(good.bodies) == 5
        assert len(hung.bodies) == 1
    assert result.states == {State.SENT: 5, State.UNKNOWN: 2, State.WAITING: 1}
    # What was left for an endpoint that does not answer was not tried, and waits.
    assert states(store)[9] is State.WAITING
    assert listed(store)[8].standing.attempts == 0


def test_failures_are_tried_again_after_longer_and_longer_waits(store: Store) -> None:
    put(store, "a", any_hour=True)
    with endpoint(says("500 Broken")) as other:
        delivery = to(attempts=4, a=other)
        at, waits = AT, []
        while one(store, at).standing.state is State.WAITING:
            run(store, delivery, at)
            standing = one(store, at).standing
            assert run(store, delivery, at).states == {}
            waits.append((standing.next_at or at) - at)
            at = standing.next_at or at
        assert waits == [60, 120, 240, 0]
        assert one(store, at).standing.state is State.GAVE_UP
        assert len(other.bodies) == 4
        # A person may ask again, and then it is counted anew.
        outbox.retry(store, ADMIN, 1, at)
        run(store, delivery, at)
        assert one(store, at).standing.attempts == 1
        assert len(other.bodies) == 5


def test_a_wait_that_is_asked_for_is_kept(store: Store) -> None:
    put(store, "a")
    with endpoint(says("429 Slow down", b"", "Retry-After: 1800")) as other:
        run(store, to(a=other))
        assert one(store).standing.next_at == AT + 1800
        assert run(store, to(a=other), AT + 1799).states == {}


@pytest.mark.parametrize(
    "answer", [endpoints.hangs, endpoints.closes, endpoints.breaks_off, endpoints.babbles]
)
def test_what_may_have_arrived_is_not_repeated(store: Store, answer: endpoints.Answer) -> None:
    put(store, "a")
    with endpoint(answer) as other:
        assert run(store, to(timeout=2, a=other)).states == {State.UNKNOWN: 1}
        for at in (AT + 60, LATER, AT + 86400):
            assert run(store, to(a=other), at).states == {}
        assert len(other.bodies) == 1
    with endpoint(OK) as better:
        outbox.retry(store, ADMIN, 1, AT + 86400)
        run(store, to(a=better), AT + 86400)
        assert len(better.bodies) == 1


def test_an_answer_after_it_was_given_up_changes_nothing(store: Store) -> None:
    put(store, "a")
    with endpoint(endpoints.late(5)) as other:
        run(store, to(timeout=1, a=other))
        assert other.arrived.is_set()
        assert one(store).standing.state is State.UNKNOWN


def test_a_person_drops_what_nobody_needs(store: Store) -> None:
    put(store, "a")
    assert outbox.drop(store, ADMIN, 1, AT).standing.state is State.DROPPED
    assert outbox.listed(store, AT) == []
    assert run(store, to(a="json://127.0.0.1:1/")).states == {}
    for act in (outbox.drop, outbox.retry):
        with pytest.raises(Refused):
            act(store, ADMIN, 1, AT)
        with pytest.raises(NotFound):
            act(store, ADMIN, 2, AT)
        with pytest.raises(Refused):
            act(store, who("d1"), 1, AT)


def test_what_is_no_longer_owed_is_withdrawn(store: Store) -> None:
    with endpoint(OK) as other:
        delivery = to(d1=other)
        urge_and_queue(store, ADMIN, AT, delivery)
        mine = [row.message.id for row in listed(store) if row.message.topic == "urge/reminder"]
        file_zero(store, who("d1"), "D1", store.today(AT), AT + 60)
        run(store, delivery, AT + 60)
        found = {n: state for n, state in states(store, AT + 60).items() if n in mine}
        assert found == dict.fromkeys(mine, State.WITHDRAWN)
        assert not any("reminder" in text for text in other.texts())


def test_at_night_only_what_is_due_that_day_goes(store: Store) -> None:
    night = on("2026-11-23 20:00")
    put(store, "a", "b", at=night)
    outbox.queue(
        store, ADMIN, [Draft(("sheet/x|",), "sheet", "c", "c[1]", "", "zh", "t", "b", True)], night
    )
    with endpoint(OK) as other:
        delivery = to(a=other, b=other, c=other)
        run(store, delivery, night)
        assert [body["title"] for body in other.bodies] == ["t"]
        run(store, delivery, on("2026-11-24 08:29"))
        assert len(other.bodies) == 1
        run(store, delivery, on("2026-11-24 08:30"))
        assert len(other.bodies) == 3


def crash(**_: Any) -> None:
    """End as a machine does whose power fails."""
    os._exit(9)


def test_a_crash_between_claim_and_sending_is_told_and_not_repeated(store: Store) -> None:
    put(store, "a")
    path = store.path
    code = (
        "import os; from pathlib import Path; from storage.store import open_store\n"
        "from tests.exchange.test_delivery import *\n"
        f"store = open_store(Path({str(path)!r}))\n"
        "import exchange.delivery as d\n"
        "d.threading.Thread = crash\n"
        f"run(store, to(a='json://127.0.0.1:1/'), {AT})\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=120)
    assert ended.returncode == 9
    assert one(store).standing.state is State.SENDING
    with endpoint(OK) as other:
        # Somebody may still be sending it.
        assert run(store, to(a=other), AT + LEASE).states == {}
        result = run(store, to(a=other), LATER)
        assert (result.interrupted, result.states) == (1, {})
        assert other.bodies == []
    assert one(store, LATER).standing.state is State.UNKNOWN
    assert one(store, AT + LEASE).standing.state is State.SENDING


PROGRAM = """
import sys
import commands.call
commands.call.now = lambda: {at}
commands.call.login = lambda: "admin"
import cli
sys.exit(cli.main({words!r}))
"""


def test_a_kill_between_sending_and_recording_is_told_and_not_repeated(
    store: Store, tmp_path: Path
) -> None:
    path, config = store.path, tmp_path / "config.toml"
    store.close()
    victim: list[subprocess.Popen[bytes]] = []

    def kills(connection: Any) -> None:
        victim[0].send_signal(signal.SIGKILL)
        victim[0].wait(60)

    with endpoint(kills) as other:
        config.write_text(f'[delivery.to]\nliaison = "{other.url}"\n', encoding="utf-8")
        words = ["--store", str(path), "--config", str(config), "--lang", "zh", "urge", "--send"]
        program = [sys.executable, "-c", PROGRAM.format(at=AT, words=words)]
        victim.append(subprocess.Popen(program, cwd=ROOT, stdout=subprocess.DEVNULL))
        assert victim[0].wait(120) == -signal.SIGKILL
        arrived = other.texts()
    with open_store(path) as again:
        assert len(arrived) == 1
        sending = [row for row in listed(again) if row.standing.state is State.SENDING]
        assert [f"{row.message.title}\n{row.message.body}" for row in sending] == arrived
        with endpoint(OK) as better:
            result = run(again, to(liaison=better), LATER)
            assert result.interrupted == 1
            assert arrived[0] not in better.texts()
            # Everything that had not been claimed goes, once.
            assert len(better.bodies) == len(listed(again)) - 1
            assert len(set(better.texts())) == len(better.bodies)


def send_all(path: Path, port: int) -> int:
    """Send in a process of its own; return how many it sent."""
    with open_store(path) as mine:
        urls: dict[str, Any] = {f"a{n}": f"json://127.0.0.1:{port}/{n}" for n in range(12)}
        return run(mine, to(timeout=10, **urls)).states.get(State.SENT, 0)


def test_of_two_processes_at_once_each_message_goes_by_one(store: Store) -> None:
    put(store, *(f"a{n}" for n in range(12)))
    path = store.path
    store.close()
    with endpoint(OK) as other:
        sent = together(send_all, *[(path, other.port)] * 3)
        assert sum(sent) == 12, sent
        assert len(other.paths) == len(set(other.paths)) == 12


def test_no_secret_is_written_anywhere(store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    with endpoint(says("500 geheim")) as other, endpoint(endpoints.closes) as second:
        delivery = to(liaison=other, deputy=second, supervision="json://geheim:geheim@127.0.0.1:1")
        urge_and_queue(store, ADMIN, AT + 1800, delivery)
        run(store, delivery, AT + 1800)
    path = store.path
    store.close()
    for file in path.parent.iterdir():
        assert b"geheim" not in file.read_bytes()
    assert "geheim" not in "".join(capfd.readouterr())


def test_a_step_goes_to_an_address_once_for_ever(store: Store) -> None:
    draft = Draft(("R-1|urge", "R-2|urge"), "urge", "x", "a[1]", "", "zh", "t", "b")
    assert len(outbox.queue(store, ADMIN, [draft], AT)) == 1
    assert outbox.queue(store, ADMIN, [draft, replace(draft, language="en")], AT + 9) == []
    assert len(outbox.queue(store, ADMIN, [replace(draft, address="a[2]")], AT)) == 1
    assert len(outbox.queue(store, ADMIN, [replace(draft, person="d1")], AT)) == 1
    more = replace(draft, steps=("R-2|urge", "R-3|urge"))
    assert len(outbox.queue(store, ADMIN, [more], AT)) == 1


def test_all_that_became_of_a_message_is_in_the_log(store: Store) -> None:
    put(store, "a")
    with endpoint(OK) as other:
        run(store, to(a=other))
    acts = [
        row[0]
        for row in store.connection.rows(
            "SELECT detail FROM events WHERE subject = 'outbox/1' ORDER BY seq"
        )
    ]
    assert [text.split('"act":"')[1].split('"')[0] for text in acts] == ["claimed", "sent"]
