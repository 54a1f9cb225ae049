"""The screens killed outright: what was typed is there again, and a filing stands once."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from actions.opening import Registry, found
from commands.call import login
from domain.people import Actor, Person, Role
from domain.settings import CityRules
from domain.units import Kind, Unit
from storage.store import Store, open_store

ROOT = Path(__file__).resolve().parent.parent.parent
LONG_ENOUGH = 60.0
"""Seconds after which what does not come will not come, on a machine however busy."""


class Terminal:
    """The program on a terminal of its own, 80 by 24."""

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self.handle = handle
        self.shown = ""

    def type(self, keys: str) -> None:
        os.write(self.handle, keys.encode())

    def until(self, holds: Callable[[], bool]) -> None:
        """Read what is drawn until something holds."""
        end = time.monotonic() + LONG_ENOUGH
        while not holds():
            assert time.monotonic() < end, self.shown[-2000:]
            if select.select([self.handle], [], [], 0.1)[0]:
                with suppress(OSError):
                    self.shown += os.read(self.handle, 65536).decode(errors="replace")

    def until_shown(self, text: str) -> None:
        self.until(lambda: text in self.shown)

    def kill(self) -> None:
        """End the program as the kernel does when memory runs out: it is not asked."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.handle)


@contextmanager
def screens(store: Path) -> Iterator[Terminal]:
    """Start the screens; kill them at the end at the latest."""
    pid, handle = pty.fork()
    if pid == 0:
        environ = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
        words = [sys.executable, str(ROOT / "cli.py"), "--lang", "zh", "--store", str(store)]
        os.execve(sys.executable, words, environ)
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    terminal = Terminal(pid, handle)
    try:
        yield terminal
    finally:
        with suppress(OSError):
            terminal.kill()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A city in which whoever runs the tests is a liaison, from today on."""
    at = int(time.time())
    rules = CityRules()
    registry = Registry(
        [
            Unit("CITY", "某市", Kind.CITY, order=0),
            Unit("D1", "一区", Kind.DISTRICT, parent="CITY", order=1),
        ],
        people=[Person(login(), "一区联络员", "D1", Role.LIAISON)],
    )
    founder = Actor("founder", "founder", "host")
    today = rules.zone().day_of(at)
    with found(tmp_path / "s.db", registry, rules, today, founder, at) as opened:
        yield opened


def drafts(store: Store) -> list[str]:
    with open_store(store.path) as other:
        return [body for (body,) in other.connection.rows("SELECT body FROM drafts")]


def test_a_draft_survives_a_kill(store: Store) -> None:
    with screens(store.path) as terminal:
        terminal.until_shown("一区")
        terminal.type("d")
        terminal.until_shown("现在报送算")
        terminal.type("turned over by the river")
        terminal.until(lambda: any("by the river" in body for body in drafts(store)))
        terminal.kill()
    with screens(store.path) as terminal:
        terminal.until_shown("一区")
        terminal.type("d")
        terminal.until_shown("已恢复")
        terminal.until_shown("by the river")
    assert store.connection.row("SELECT COUNT(*) FROM reports") == (0,)
