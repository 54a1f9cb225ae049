"""Processes that campaigns start, kill and wait for; what they run stands in a module."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from tests.torture.stage import Failure

Said = Callable[[object], None]
"""Tells the campaign something, before the process goes on."""

_PATIENCE = 300


@cache
def elsewhere() -> ForkServerContext:
    """Return processes that share nothing with whoever runs the campaign."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.torture.killing", "tests.torture.crowding"])
    return context


def _run(pipe: Any, function: Callable[..., object], words: tuple[object, ...]) -> None:
    # A campaign that failed listens no more.
    with suppress(BrokenPipeError):
        try:
            function(pipe.send, *words)
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the campaign is told
            pipe.send(error)


class Child:
    """A process that runs `function(say, *words)`, and what it said so far."""

    def __init__(self, function: Callable[..., object], *words: object) -> None:
        self._pipe: Pipe[object, object]
        self._pipe, sender = elsewhere().Pipe(duplex=False)
        self.process: ForkServerProcess = elsewhere().Process(
            target=_run, args=(sender, function, words), daemon=True
        )
        self.process.start()
        sender.close()

    def next(self, seconds: float = _PATIENCE) -> object:
        """Return what the process says next, None where it says nothing more.

        Raises `Failure` with what it raised.
        """
        if not self._pipe.poll(seconds):
            raise Failure(f"a process said nothing for {seconds} seconds")
        try:
            found: object = self._pipe.recv()
        except (EOFError, OSError):
            return None
        if isinstance(found, BaseException):
            raise Failure(f"a process raised {found!r}") from found
        return found

    def silent_for(self, seconds: float) -> bool:
        """Return whether the process says nothing for so long."""
        return not self._pipe.poll(seconds)

    def kill(self) -> list[object]:
        """End the process as a power failure would; return what it had said and nobody heard."""
        assert self.process.pid is not None
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        return self.rest()

    def rest(self) -> list[object]:
        """Wait for the process's end; return all that it still says."""
        found = []
        while (each := self.next()) is not None:
            found.append(each)
        self.process.join(_PATIENCE)
        self._pipe.close()
        return found
