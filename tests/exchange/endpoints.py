"""An endpoint on this machine that fails in the ways in which endpoints fail."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Answer = Callable[[socket.socket], None]
"""What is done with a connection once the request has been read."""


@dataclass
class Endpoint:
    """A server of one behaviour; `bodies` are the messages that arrived."""

    port: int
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Return its address as a configuration has it, with something secret in it."""
        return f"json://robot:geheim@127.0.0.1:{self.port}/hook/geheim"

    def texts(self) -> list[str]:
        """Return the texts that arrived, title and message as one."""
        return [f"{body['title']}\n{body['message']}" for body in self.bodies]


@contextmanager
def endpoint(answer: Answer) -> Iterator[Endpoint]:
    """Run an endpoint that answers so, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    found = Endpoint(listener.getsockname()[1])
    threading.Thread(target=_serve, args=(listener, found, answer), daemon=True).start()
    try:
        yield found
    finally:
        # A thread that waits in accept() is not woken by a close alone.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _serve(listener: socket.socket, found: Endpoint, answer: Answer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_one, args=(connection, found, answer), daemon=True).start()


def _one(connection: socket.socket, found: Endpoint, answer: Answer) -> None:
    with connection:
        connection.settimeout(30)
        head, body = b"", b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(65536)
            if not part:
                return
            head += part
        head, _, body = head.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        while len(body) < length:
            body += connection.recv(65536)
        found.paths.append(head.split(b" ")[1].decode())
        found.bodies.append(json.loads(body))
        found.arrived.set()
        try:
            answer(connection)
        except OSError:
            return


def says(status: str, body: bytes = b"ok", *headers: str) -> Answer:
    """Return an answer of one status line, as `500 Internal Server Error`."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    whole = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
    return lambda connection: connection.sendall(whole)


OK = says("200 OK")


def hangs(connection: socket.socket) -> None:
    """Never answer."""
    time.sleep(20)


def late(seconds: float) -> Answer:
    """Return an answer that is right, and comes after so many seconds."""

    def answer(connection: socket.socket) -> None:
        time.sleep(seconds)
        OK(connection)

    return answer


def closes(connection: socket.socket) -> None:
    """Close without an answer."""


def breaks_off(connection: socket.socket) -> None:
    """Close in the middle of the answer."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf of")


def babbles(connection: socket.socket) -> None:
    """Answer in no protocol."""
    connection.sendall(b"\x00\x01 SSH-2.0 what is this\r\n\r\n")


def never_ends(connection: socket.socket) -> None:
    """Answer without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(200):
        connection.sendall(b"x" * 4096)


def drips(connection: socket.socket) -> None:
    """Answer a byte at a time, so that no wait for a byte is ever too long."""
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 400:
        connection.sendall(bytes([byte]))
        time.sleep(0.2)


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
