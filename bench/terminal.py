"""A terminal for programs that are measured: what they write to it, when, and what it cost them."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from bench.measure import Failed

_CONTROL = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    rb"|\x1b[PX^_].*?\x1b\\|\x1b[ -/]*[0-~]",
    re.DOTALL,
)
_PATIENCE = 30.0
"""Seconds after which a program that does not draw what it should has failed."""
_GLANCE = 0.005
"""Seconds between two looks at whether a program rests."""
_CPU_CLOCK = 2
"""The kind of a process's clock that counts its processor time, as Linux numbers them."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one act made a program do: seconds on the clock and of processor, bytes sent."""

    wall: float
    cpu: float
    sent: int


class Terminal:
    """A program in a terminal of its own; use it in a `with`, which ends the program."""

    def __init__(
        self,
        command: Sequence[str | os.PathLike[str]],
        folder: Path,
        env: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
    ) -> None:
        """Start the program with `size` columns and lines."""
        self.written = bytearray()
        self._ours, theirs = pty.openpty()
        columns, lines = size
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._begun = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**env, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)

    @property
    def cpu(self) -> float:
        """Return the seconds of processor that the program has had so far."""
        return time.clock_gettime((~self.process.pid << 3) | _CPU_CLOCK)

    @property
    def peak(self) -> int:
        """Return the bytes that the program had in memory when it was at its largest."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return 1024 * int(next(s.split()[1] for s in status.splitlines() if "VmHWM" in s))

    def until(self, text: str) -> Drawn:
        """Wait for a text on the screen; return what it took since the program was started.

        Raises Failed where it does not come.
        """
        wanted = "".join(text.split()).encode()
        while wanted not in b"".join(_CONTROL.sub(b"", bytes(self.written)).split()):
            if not self._read(self._begun + _PATIENCE - time.perf_counter()):
                raise Failed(f"{self.process.args!r}: {text!r} is not drawn")
        return Drawn(time.perf_counter() - self._begun, self.cpu, len(self.written))

    def settle(self, quiet: float = 0.5) -> float:
        """Wait until the program has rested for `quiet` seconds; return when it last wrote.

        To rest is to write nothing with every thread asleep: one that waits for a processor of a
        busy machine does not rest. Raises Failed where it never does.
        """
        begun = last = rested = time.perf_counter()
        while time.perf_counter() - rested < quiet:
            if time.perf_counter() - begun > _PATIENCE:
                raise Failed(f"{self.process.args!r} does not come to rest")
            if self._read(_GLANCE):
                last = rested = time.perf_counter()
            elif not self._asleep:
                rested = time.perf_counter()
        return last

    def press(self, keys: str, quiet: float = 0.12) -> Drawn:
        """Send keys; return what it took from there to the last byte before a rest."""
        before, cpu, begun = len(self.written), self.cpu, time.perf_counter()
        os.write(self._ours, keys.encode())
        last = self.settle(quiet)
        return Drawn(last - begun, self.cpu - cpu, len(self.written) - before)

    def idle(self, seconds: float) -> Drawn:
        """Do nothing for some time; return what the program did meanwhile."""
        before, cpu, begun = len(self.written), self.cpu, time.perf_counter()
        while (left := begun + seconds - time.perf_counter()) > 0:
            self._read(left)
        return Drawn(seconds, self.cpu - cpu, len(self.written) - before)

    @property
    def _asleep(self) -> bool:
        states = []
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            # A thread may end while it is looked at.
            with suppress(FileNotFoundError, ProcessLookupError):
                states.append((thread / "stat").read_text(encoding="utf-8"))
        return all(state.rpartition(")")[2].split()[0] in "SZX" for state in states)

    def _read(self, seconds: float) -> bool:
        """Take in what the program writes within some time; return whether it wrote anything."""
        if seconds <= 0 or not select.select([self._ours], [], [], seconds)[0]:
            return False
        try:
            part = os.read(self._ours, 65536)
        except OSError:  # how Linux says that nobody holds the other end any more
            return False
        self.written += part
        return bool(part)
