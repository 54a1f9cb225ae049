"""A small city's store, and processes of their own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from datetime import date
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

Results = list[Any]
Crowd = Callable[..., Results]


def begin(path: Path, at: Instant = AT) -> Store:
    """Found the small city at `path`."""
    return found(path, REGISTRY, CityRules(), STARTS, ADMIN, at)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of 61 units that owe since Monday 2 November 2026, opened on Wednesday morning."""
    with begin(tmp_path / "s.db") as opened:
        yield opened


@pytest.fixture
def crowd() -> Crowd:
    """Run a function in processes of their own, all at once, and return what each returned.

    What a process raises is returned in its place.
    """

    def run(function: Callable[..., object], arguments: list[tuple[object, ...]]) -> Results:
        context = multiprocessing.get_context("fork")
        gate = context.Barrier(len(arguments))
        pipes = [context.Pipe(duplex=False) for _ in arguments]

        def one(number: int) -> None:
            gate.wait(60)
            try:
                answer: object = function(*arguments[number])
            except Exception as error:  # noqa: BLE001 - whatever it is, the test is told
                answer = error
            pipes[number][1].send(answer)

        processes = [context.Process(target=one, args=(n,)) for n in range(len(arguments))]
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
