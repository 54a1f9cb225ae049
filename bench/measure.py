"""Measuring: programs run one after the other, product and peer in turn, and what came of it.

A topic of the bench is a module with one function, `measurements(place)`, that yields a
`Measurement` for each line of its table.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
_KIB = 1024


class Failed(Exception):
    """A program that was to be measured did not do what it was asked."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a program: seconds on the clock, seconds of processor, bytes at its largest."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True)
class Floor:
    """What must be reached.

    `limit` is the most that product ÷ peer may be; with `ahead` the least that peer ÷ product
    must be. Where a measurement has no peer it is the most that the product itself may be.
    """

    limit: float
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the table: samples of the product, of its peer in the same turns, and the floor.

    `unit` is that of the samples (`s CPU`, `ms`, `MB`). `product[n]` and `peer[n]` were taken one
    right after the other; without a `peer` the product is held to the floor itself, and without a
    `floor` it is only told. `missing` says why there are no samples.
    """

    name: str
    what: str
    unit: str
    product: Sequence[float] = ()
    peer: Sequence[float] = ()
    against: str = ""
    floor: Floor | None = None
    missing: str = ""

    @property
    def ratios(self) -> tuple[float, ...]:
        """Return product ÷ peer (or the other way round, if it is to be ahead) turn by turn."""
        pairs = list(zip(self.product, self.peer, strict=True)) if self.peer else []
        if self.floor is not None and self.floor.ahead:
            return tuple(peer / own for own, peer in pairs)
        return tuple(own / peer for own, peer in pairs)

    @property
    def value(self) -> float | None:
        """Return what is held against the floor: the median ratio, or the product's median."""
        held = self.ratios or self.product
        return statistics.median(held) if held else None

    @property
    def reached(self) -> bool | None:
        """Return whether the floor is reached; None where there is none, or nothing measured."""
        value = self.value
        if value is None or self.floor is None:
            return None
        return value >= self.floor.limit if self.floor.ahead else value <= self.floor.limit


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how large the bench is run.

    `folder` keeps what is built once; `scratch` is emptied when the bench ends. `full` asks for
    the sizes of the floors, otherwise small ones; `times` is how often each pair is measured.
    `peer(name)` returns the Python of an environment that has that peer, setting it up if need be.
    """

    folder: Path
    scratch: Path
    full: bool
    times: int
    peer: Callable[[str], Path]
    say: Callable[[str], None] = field(default=lambda text: print(text, file=sys.stderr))


def run(
    command: Sequence[str | os.PathLike[str]],
    folder: Path,
    stdin: IO[bytes] | None = None,
    env: Mapping[str, str] | None = None,
    allowed: Sequence[int] = (0,),
) -> Sample:
    """Run a program to its end and return what it took, the start of its interpreter included.

    Raises Failed with its last words where its exit code is none of `allowed`.
    """
    with tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(env) if env is not None else alone(folder),
            stdin=stdin if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in allowed:
            errors.seek(0)
            words = " ".join(map(str, command))
            said = errors.read().decode("utf-8", "replace")[-2000:]
            raise Failed(f"{words}: exit {process.returncode}\n{said}")
    unit = 1 if sys.platform == "darwin" else _KIB
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def alone(folder: Path) -> dict[str, str]:
    """Return an environment in which no setting of the person who measures has a say."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}


def answers(place: Place, module: str, *words: str) -> Any:
    """Return what a module of the bench prints as JSON, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=alone(place.scratch),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise Failed(done.stderr[-2000:])
    return json.loads(done.stdout)


def lianluo(store: Path, *words: str) -> list[str]:
    """Return the command line of the product on a store."""
    return [sys.executable, str(ROOT / "cli.py"), "--store", str(store), *words]


def alternating(
    product: Callable[[], float], peer: Callable[[], float], times: int, *, warm: bool = True
) -> tuple[list[float], list[float]]:
    """Return samples of both, taken in turn, each going first as often as the other.

    `warm`: both are called once before, so that neither pays for cold files.
    """
    if warm:
        product()
        peer()
    own: list[float] = []
    other: list[float] = []
    for turn in range(times):
        if turn % 2:
            other.append(peer())
            own.append(product())
        else:
            own.append(product())
            other.append(peer())
    return own, other
