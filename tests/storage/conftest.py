"""A small city's store, and processes of their own."""

from __future__ import annotations

import importlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from datetime import date
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from actions.opening import Registry, found
from domain.instants import Instant, Zone
from domain.networks import Link, Network
from domain.people import Actor, Person, Role
from domain.settings import CityRules
from domain.units import Kind, Unit
from storage.store import Store

ZONE = Zone("Asia/Shanghai")
STARTS = date(2026, 11, 2)
AT: Instant = ZONE.parse("2026-11-04 09:00")
ADMIN = Actor("admin", "admin", "host")
DISTRICTS = [f"D{number:02}" for number in range(60)]
UNITS = [
    Unit("CITY", "某市", Kind.CITY, order=0),
    Unit("LAND", "国土局", Kind.DEPARTMENT, parent="CITY", order=1),
    *(
        Unit(code, f"{code}区", Kind.DISTRICT, parent="CITY", order=number + 2)
        for number, code in enumerate(DISTRICTS)
    ),
]
REGISTRY = Registry(
    UNITS,
    [Link(Network.HORIZONTAL, "LAND", code) for code in DISTRICTS],
    [Person(f"of-{code}", f"{code}区联络员", code, Role.LIAISON) for code in DISTRICTS],
)

NOBODY = 65534

Words = tuple[object, ...]
Results = list[Any]
Crowd = Callable[[Callable[..., object], list[Words]], Results]


def begin(path: Path, at: Instant = AT) -> Store:
    """Found the small city at `path`."""
    return found(path, REGISTRY, CityRules(), STARTS, ADMIN, at)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of 61 units that owe since Monday 2 November 2026, opened on Wednesday morning."""
    with begin(tmp_path / "s.db") as opened:
        yield opened


def _in_crowd(gate: Any, sender: Any, function: Callable[..., object], words: Words) -> None:
    gate.wait(60)
    try:
        answer: object = function(*words)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test is told
        answer = repr(error)
    sender.send(answer)


def _as_nobody(function: Callable[..., object], words: Words) -> None:
    # Nobody may not look where root's Python keeps its modules.
    importlib.import_module("storage.migrations")
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    function(*words)


@pytest.fixture(scope="session")
def elsewhere() -> ForkServerContext:
    """Processes that share nothing with the tests; the functions they run stand in a module."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["actions.reporting", "tests.storage.conftest"])
    return context


@pytest.fixture
def crowd(elsewhere: ForkServerContext) -> Crowd:
    """Run a function in processes of their own, all at once, and return what each returned.

    What a process raises is told in its place.
    """

    def run(function: Callable[..., object], arguments: list[Words]) -> Results:
        gate = elsewhere.Barrier(len(arguments))
        pipes = [elsewhere.Pipe(duplex=False) for _ in arguments]
        processes = [
            elsewhere.Process(target=_in_crowd, args=(gate, sender, function, words))
            for words, (_, sender) in zip(arguments, pipes, strict=True)
        ]
        for process in processes:
            process.start()
        answers = []
        for (receiver, sender), process in zip(pipes, processes, strict=True):
            sender.close()
            answers.append(receiver.recv() if receiver.poll(120) else None)
            process.join(60)
            receiver.close()
        return answers

    return run


@pytest.fixture
def as_nobody(elsewhere: ForkServerContext) -> Callable[..., None]:
    """Run a function with no more than everybody's rights: in a process, where root runs tests."""

    def run(function: Callable[..., object], *words: object) -> None:
        if os.geteuid() != 0:
            function(*words)
            return
        process = elsewhere.Process(target=_as_nobody, args=(function, words))
        process.start()
        process.join(60)
        assert process.exitcode == 0

    return run
