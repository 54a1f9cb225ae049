"""One attempt against endpoints that fail: what surely did not arrive, and what nobody can tell."""

from __future__ import annotations

import logging
import smtplib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.delivery import Attempt, Fate
from exchange import wire
from exchange.wire import Seen, attempt, judged
from tests.exchange import endpoints
from tests.exchange.endpoints import Answer, endpoint, says

WAIT = 20.0
"""Seconds: long enough for an answer that comes at all, however busy the machine is."""
SENT = Attempt(Fate.SENT)
FAILED, UNKNOWN = Fate.FAILED, Fate.UNKNOWN


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reach this machine without a proxy."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def quiet(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold that nothing secret is written or logged."""
    caplog.set_level(logging.DEBUG)
    yield
    out, err = capfd.readouterr()
    assert "geheim" not in out + err + caplog.text


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (says("200 OK"), SENT),
        (says("204 No Content", b""), SENT),
        (says("200 OK", b"\x00\xff<garbage"), SENT),
        (says("500 Internal Server Error"), Attempt(FAILED, "http:500")),
        (says("404 Not Found"), Attempt(FAILED, "http:404")),
        (
            says("429 Too Many Requests", b"", "Retry-After: 600"),
            Attempt(FAILED, "http:429", 600),
        ),
        (
            says("429 Too Many Requests", b"", "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"),
            Attempt(FAILED, "http:429"),
        ),
        (says("302 Found", b"", "Location: http://127.0.0.1:1/"), Attempt(FAILED, "redirect")),
        (says("307 Temporary Redirect", b"", "Location: /x"), Attempt(FAILED, "redirect")),
        (endpoints.closes, Attempt(UNKNOWN, "broken_answer")),
        (endpoints.breaks_off, Attempt(UNKNOWN, "broken_answer")),
        (endpoints.babbles, Attempt(UNKNOWN, "broken_answer")),
        (endpoints.never_ends, SENT),
    ],
)
def test_what_an_answer_says(quiet: None, answer: Answer, expected: Attempt) -> None:
    with endpoint(answer) as other:
        assert attempt(other.url, "标题", "正文", WAIT) == expected
        assert other.texts() == ["标题\n正文"]


@pytest.mark.parametrize("answer", [endpoints.hangs, endpoints.late(5)])
def test_no_answer_in_time_may_have_arrived(quiet: None, answer: Answer) -> None:
    with endpoint(answer) as other:
        assert attempt(other.url, "t", "b", 0.5) == Attempt(UNKNOWN, "no_answer")
        assert other.arrived.wait(WAIT)


def test_what_never_got_a_connection_may_go_again(
    quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"json://robot:geheim@127.0.0.1:{endpoints.closed_port()}/geheim"
    assert attempt(url, "t", "b", WAIT) == Attempt(FAILED, "no_connection")
    assert attempt("nothing://geheim", "t", "b", WAIT) == Attempt(FAILED, "bad_address")

    def nobody(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert attempt("json://robot:geheim@nowhere.invalid/", "t", "b", WAIT) == Attempt(
        FAILED, "no_connection"
    )


def test_a_server_that_speaks_no_tls_got_nothing(quiet: None) -> None:
    with endpoint(endpoints.babbles) as other:
        url = other.url.replace("json://", "jsons://")
        assert attempt(url, "t", "b", 1).fate is not Fate.SENT
        assert other.bodies == []


def test_nothing_is_kept_in_the_home_of_who_sends(alone: Path) -> None:
    with endpoint(says("200 OK")) as other:
        attempt(other.url, "t", "b", WAIT)
    assert list(alone.rglob("*")) == []


def test_an_address_cannot_ask_for_repetition_or_redirection() -> None:
    with endpoint(says("500 Broken")) as other:
        attempt(f"{other.url}?retry=3&wait=0&redirect=yes&rto=60", "t", "b", WAIT)
        assert len(other.bodies) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"errcode": 0, "errmsg": "ok"}', SENT),
        (b'{"errcode": 310000, "errmsg": "keywords not in content"}', "code:310000"),
        (b'{"StatusCode": 0, "code": 19001}', "code:19001"),
        (b"[]", SENT),
        (b"not json", SENT),
    ],
)
def test_a_robot_that_refuses_with_status_200_has_refused(
    monkeypatch: pytest.MonkeyPatch, body: bytes, expected: object
) -> None:
    monkeypatch.setattr(wire, "_ROBOTS", {"127.0.0.1"})
    with endpoint(says("200 OK", body)) as other:
        found = attempt(other.url, "t", "b", WAIT)
    assert found == (SENT if expected is SENT else Attempt(FAILED, str(expected)))


def test_what_several_exchanges_come_to() -> None:
    sent, refused, unsure = Seen(Fate.SENT), Seen(FAILED, "http:500"), Seen(UNKNOWN, "no_answer")
    assert judged(True, [sent, sent]) == SENT
    assert judged(False, [sent, refused]) == Attempt(UNKNOWN, "partly")
    assert judged(True, [refused]) == Attempt(FAILED, "http:500")
    assert judged(False, [sent]) == Attempt(FAILED, "rejected")
    assert judged(False, [refused, unsure]) == Attempt(UNKNOWN, "no_answer")
    assert judged(False, []) == Attempt(UNKNOWN, "unseen")


class MailServer:
    """A mail server that answers the end of a text so, or closes where that is blank."""

    def __init__(self, ending: str) -> None:
        self.ending = ending
        self.texts: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rwb") as lines:

            def say(text: str) -> None:
                lines.write(text.encode() + b"\r\n")
                lines.flush()

            say("220 here")
            while line := lines.readline():
                word = line.decode().strip().upper()
                if word == "DATA":
                    say("354 go on")
                    text = b""
                    while (part := lines.readline()) not in (b".\r\n", b""):
                        text += part
                    self.texts.append(text.decode())
                    if not self.ending:
                        return
                    say(self.ending)
                elif word == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 ok")


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ("250 queued", SENT),
        ("554 no", Attempt(FAILED, "smtp:554")),
        ("", Attempt(UNKNOWN, "broken_answer")),
    ],
)
def test_mail_is_watched_too(quiet: None, ending: str, expected: Attempt) -> None:
    server = MailServer(ending)
    url = f"mailto://127.0.0.1:{server.port}?from=robot@example.org&to=baiyun@example.org&mode=insecure"
    assert attempt(url, "催报", "请立即办理。", WAIT) == expected
    assert len(server.texts) == 1
    server.listener.close()


def test_a_mail_server_that_is_not_there_got_nothing(quiet: None) -> None:
    port = endpoints.closed_port()
    url = f"mailto://127.0.0.1:{port}?from=robot@example.org&to=b@example.org&mode=insecure"
    assert attempt(url, "t", "b", WAIT) == Attempt(FAILED, "mail")


def test_what_others_send_in_this_process_is_left_alone() -> None:
    wire._watch()
    with endpoint(says("302 Found", b"", "Location: /elsewhere")) as other:
        import requests

        answer: Any = requests.post(
            f"http://127.0.0.1:{other.port}/", json={}, timeout=2, allow_redirects=False
        )
        assert answer.status_code == 302
    assert smtplib.SMTP.data.__name__ == "data"
