"""One attempt to send one message through Apprise, watched on the wire.

Apprise says whether a message went, not whether one that did not go surely did not arrive. That is
what decides if it may be sent again, so what its plugins do by HTTP and SMTP is looked at here.
"""

from __future__ import annotations

import functools
import json
import logging
import smtplib
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import apprise
import requests

from domain.delivery import Attempt, Fate
from domain.values import dataclass

_MOST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; no endpoint has more to say."""

_ROBOTS = {"oapi.dingtalk.com", "qyapi.weixin.qq.com", "open.feishu.cn", "open.larksuite.com"}
"""Hosts that say no with the status 200 and a code in the answer."""
_CODES = ("errcode", "code", "StatusCode")


@dataclass(frozen=True, slots=True)
class Seen:
    """One exchange with an endpoint: `fate` is what it says by itself of the message's."""

    fate: Fate
    problem: str = ""
    retry_after: int | None = None


_seen: ContextVar[list[Seen] | None] = ContextVar("seen", default=None)


def attempt(url: str, title: str, body: str, timeout: float) -> Attempt:
    """Send a message once, waiting at most about `timeout` seconds; return what became of it.

    Nothing of the address stands in the answer, in a log or in an error. A redirection is not
    followed: a message that a GET request forgets has not arrived.
    """
    _watch()
    seen: list[Seen] = []
    token = _seen.set(seen)
    try:
        server = _server(url, timeout)
        if server is None:
            return Attempt(Fate.FAILED, "bad_address")
        sender = apprise.Apprise(asset=server.asset)
        sender.add(server)
        went = sender.notify(body=body, title=title)
    finally:
        _seen.reset(token)
    return judged(bool(went), seen)


def judged(went: bool, seen: list[Seen]) -> Attempt:
    """Return what an attempt comes to: what Apprise says of it, and what was seen on the wire."""
    unsure = [each for each in seen if each.fate is Fate.UNKNOWN]
    refused = [each for each in seen if each.fate is Fate.FAILED]
    arrived = [each for each in seen if each.fate is Fate.SENT]
    if unsure:
        return Attempt(Fate.UNKNOWN, unsure[-1].problem)
    if went and not refused:
        return Attempt(Fate.SENT)
    if len(seen) > 1 and arrived:
        return Attempt(Fate.UNKNOWN, "partly")
    if refused:
        return Attempt(Fate.FAILED, refused[-1].problem, refused[-1].retry_after)
    if arrived:
        return Attempt(Fate.FAILED, "rejected")
    return Attempt(Fate.UNKNOWN, "unseen")


def _server(url: str, timeout: float) -> Any:
    asset = apprise.AppriseAsset(
        app_id="Lianluo",
        app_desc="Lianluo",
        app_url="",
        async_mode=False,
        http_redirects=False,
        default_service_retry=0,
    )
    server = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if server is not None:
        # Whatever the address asks for: repeating is the outbox's business.
        server.retry = 0
        server.redirects = False
        server.socket_connect_timeout = timeout
        server.socket_read_timeout = timeout
    return server


@functools.cache
def _watch() -> None:
    """Look at every exchange of this process from now on, and keep libraries from logging any."""
    for name in ("apprise", "urllib3"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
    _watch_http()
    _watch_mail()


def _watch_http() -> None:
    send = requests.Session.send

    @functools.wraps(send)
    def watched(self: Any, request: Any, **options: Any) -> Any:
        seen = _seen.get()
        if seen is None:
            return send(self, request, **options)
        options |= {"stream": True, "allow_redirects": False}
        try:
            response = send(self, request, **options)
            response._content = _read(response)
            response._content_consumed = True
        except requests.exceptions.RequestException as error:
            seen.append(_broken(error))
            raise
        seen.append(_answered(response))
        return response

    requests.Session.send = watched  # type: ignore[method-assign]


def _read(response: Any) -> bytes:
    body = b""
    for part in response.iter_content(8192):
        body += part
        if len(body) > _MOST_ANSWER:
            break
    response.close()
    return body


def _answered(response: Any) -> Seen:
    status = int(response.status_code)
    if 300 <= status < 400:
        return Seen(Fate.FAILED, "redirect")
    if not 200 <= status < 300:
        return Seen(Fate.FAILED, f"http:{status}", _retry_after(response.headers))
    host = urlsplit(response.url).hostname
    if host in _ROBOTS:
        code = _code(response.content)
        if code:
            return Seen(Fate.FAILED, f"code:{code}")
    return Seen(Fate.SENT)


def _code(content: bytes) -> int:
    """Return the code with which a robot refuses; 0 for none."""
    try:
        answer = json.loads(content)
    except ValueError:
        return 0
    codes = [answer.get(name) for name in _CODES] if isinstance(answer, dict) else []
    return next((code for code in codes if isinstance(code, int) and code), 0)


def _retry_after(headers: Any) -> int | None:
    text = str(headers.get("Retry-After", "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _broken(error: requests.exceptions.RequestException) -> Seen:
    """Return what an exchange without an answer says: before the request went, or after."""
    kinds = requests.exceptions
    if isinstance(error, (kinds.ConnectTimeout, kinds.SSLError, kinds.ProxyError)):
        return Seen(Fate.FAILED, "no_connection")
    if isinstance(error, kinds.Timeout):
        return Seen(Fate.UNKNOWN, "no_answer")
    if isinstance(error, kinds.ConnectionError):
        # The library wraps what never got a connection in an error with its reason.
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        name = type(reason).__name__
        if name in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError"):
            return Seen(Fate.FAILED, "no_connection")
        return Seen(Fate.UNKNOWN, "broken_answer")
    if isinstance(error, (kinds.ChunkedEncodingError, kinds.ContentDecodingError)):
        return Seen(Fate.UNKNOWN, "broken_answer")
    return Seen(Fate.FAILED, "bad_address")


def _watch_mail() -> None:
    connect, data = smtplib.SMTP.connect, smtplib.SMTP.data

    @functools.wraps(connect)
    def connecting(self: Any, *words: Any, **options: Any) -> Any:
        # Until a text is handed over, nothing has gone.
        seen = _seen.get()
        if seen is not None:
            seen[:] = [*seen, Seen(Fate.FAILED, "mail")]
        return connect(self, *words, **options)

    @functools.wraps(data)
    def handing_over(self: Any, text: Any) -> Any:
        seen = _seen.get()
        if seen is None:
            return data(self, text)
        seen[:] = [*seen[:-1], Seen(Fate.UNKNOWN, "broken_answer")]
        answer = data(self, text)
        accepted = answer[0] == 250
        seen[-1] = Seen(Fate.SENT) if accepted else Seen(Fate.FAILED, f"smtp:{answer[0]}")
        return answer

    smtplib.SMTP.connect = connecting  # type: ignore[method-assign]
    smtplib.SMTP.data = handing_over  # type: ignore[method-assign, assignment]
