"""A small city whose matters tests carry through: a few units, everybody's roles, all workflows."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from actions.matters import MatterView, Subject, do_step, open_matter
from actions.opening import Registry, found
from actions.overdue import overdue
from domain.errors import LianluoError, Refused
from domain.instants import Instant, Zone
from domain.matters import Matter
from domain.networks import Link, Network
from domain.obligations import Obligation, ObligationKind
from domain.people import Actor, Person, Role
from domain.settings import CityRules
from domain.units import Kind, Unit
from domain.workflows import Workflow
from exchange.registry import read_registry
from storage import steps as step_rows
from storage.networks import Duty
from storage.store import Store, open_store
from storage.units import Selection

GUANGZHOU = Path(__file__).resolve().parent.parent / "registry" / "guangzhou"
ZONE = Zone("Asia/Shanghai")
STARTS = date(2026, 11, 16)
TODAY = date(2026, 11, 23)
"""A Monday."""
AT: Instant = ZONE.parse("2026-11-23 10:00:00")
HOUR = 3600
DAY = 86400

UNITS = (
    Unit("C", "市", Kind.CITY, "City"),
    Unit("LAND", "国土局", Kind.DEPARTMENT, "Land Bureau", parent="C"),
    Unit("DISC", "监察局", Kind.DEPARTMENT, "Supervision Bureau", parent="C"),
    Unit("POWER", "供电局", Kind.DEPARTMENT, "Power Bureau", parent="C"),
    Unit("WATER", "水务局", Kind.DEPARTMENT, "Water Bureau", parent="C"),
    Unit("D1", "东区", Kind.DISTRICT, "East", parent="C"),
    Unit("D2", "西区", Kind.DISTRICT, "West", parent="C"),
    Unit("OLD", "旧区", Kind.DISTRICT, "Old", parent="C", valid_to=date(2014, 2, 11)),
    Unit("T1", "东镇", Kind.TOWN, "East Town", parent="D1"),
    Unit("T1B", "东乡", Kind.TOWN, "East Village", parent="D1"),
    Unit("T2", "西镇", Kind.TOWN, "West Town", parent="D2"),
)
LINKS = (
    Link(Network.HORIZONTAL, "LAND", "DISC"),
    Link(Network.HORIZONTAL, "LAND", "POWER"),
    Link(Network.HORIZONTAL, "LAND", "D1"),
    Link(Network.SUPERVISION, "DISC", "D1"),
    Link(Network.SUPERVISION, "DISC", "D2"),
    Link(Network.SUPERVISION, "DISC", "OLD"),
    Link(Network.SUPERVISION, "LAND", "D1"),
    Link(Network.SUPERVISION, "LAND", "POWER"),
)
PEOPLE = (
    Person("d1", "东区联络员", "D1", Role.LIAISON),
    Person("d1b", "东区副联络员", "D1", Role.DEPUTY),
    Person("d1h", "东区分管负责人", "D1", Role.LEADER),
    Person("d1v", "东区查阅员", "D1", Role.VIEWER),
    Person("d2", "西区联络员", "D2", Role.LIAISON),
    Person("d2h", "西区分管负责人", "D2", Role.LEADER),
    Person("t1", "东镇联络员", "T1", Role.LIAISON),
    Person("t1b", "东乡联络员", "T1B", Role.LIAISON),
    Person("t2", "西镇联络员", "T2", Role.LIAISON),
    Person("land", "国土局联络员", "LAND", Role.LIAISON),
    Person("landsup", "国土局督导员", "LAND", Role.SUPERVISOR),
    Person("disc", "监察局联络员", "DISC", Role.LIAISON),
    Person("disch", "监察局分管负责人", "DISC", Role.LEADER),
    Person("sup", "监察局督导员", "DISC", Role.SUPERVISOR),
    Person("power", "供电局联络员", "POWER", Role.LIAISON),
    Person("powerb", "供电局副联络员", "POWER", Role.DEPUTY),
    Person("water", "水务局联络员", "WATER", Role.LIAISON),
)
DUTIES = (
    Duty("POWER", "停止供电", "Cuts power"),
    Duty("POWER", "不予供电", "Refuses power"),
)


def on(text: str) -> Instant:
    """Return the instant of a local time, `2026-11-23 10:00`."""
    return ZONE.parse(text)


def who(login: str, real_login: str | None = None) -> Actor:
    """Return the actor of a login; `real_login` sits at the keyboard."""
    return Actor(login, real_login or login, "host")


ADMIN = who("admin")


@cache
def shipped() -> Registry:
    """Return the registry that ships, for its workflows and limits."""
    return read_registry(GUANGZHOU)


def workflows() -> dict[str, Workflow]:
    """Return the workflows that ship."""
    return dict(shipped().workflows)


def registry(**changes: Any) -> Registry:
    """Return the small city's registry."""
    placed = [replace(unit, order=place) for place, unit in enumerate(UNITS)]
    city = Registry(
        placed,
        LINKS,
        PEOPLE,
        duties=DUTIES,
        limits=shipped().limits,
        workflows=shipped().workflows,
    )
    return replace(city, **changes)


@cache
def _founded() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.db"
        begins = ZONE.start_of(STARTS)
        found(path, registry(), CityRules(), STARTS, ADMIN, begins).close()
        return path.read_bytes()


def new_city(folder: Path) -> Store:
    """Return a store of the small city, which begins on STARTS with nothing in it."""
    path = folder / "city.db"
    path.write_bytes(_founded())
    return open_store(path)


def finding(
    store: Store,
    at: Instant = AT,
    unit: str = "D1",
    login: str = "d1",
    title: str = "推土堆料",
    **about: Any,
) -> Matter:
    """Open a finding."""
    return open_matter(store, who(login), "finding", unit, Subject(title, **about), at)


def refused(
    call: Callable[..., object],
    *arguments: Any,
    error: type[LianluoError] | tuple[type[LianluoError], ...] = Refused,
    **more: Any,
) -> str:
    """Return the key of the message with which a call is refused."""
    with pytest.raises(error) as caught:
        call(*arguments, **more)
    return caught.value.message.key


def owed(store: Store, name: str) -> Obligation:
    """Return the obligation of a step."""
    found = step_rows.get(store.connection, name)
    assert found is not None
    return found


def dues(view: MatterView) -> dict[str, str]:
    """Return the days on which the open steps are due."""
    return {
        row.step.key: "-" if row.due_at is None else ZONE.show(row.due_at)[:10]
        for row in view.state.open
    }


def overdue_steps(store: Store, at: Instant) -> list[str]:
    """Return the steps that are overdue."""
    return [row.obligation.id for row in overdue(store, at, Selection(), ObligationKind.STEP)]


def through(store: Store, number: str, *steps: str, at: Instant = AT, login: str = "d1") -> None:
    """Do steps, one after the other."""
    for step in steps:
        do_step(store, who(login), number, step, at)


def untouched(store: Store, act: Callable[[], object]) -> None:
    """Hold that a refused act leaves the store as it was."""
    tables = ("matters", "matter_entries", "matter_suspensions", "obligations", "events")
    before = [store.connection.rows(f"SELECT * FROM {table}") for table in tables]
    act()
    assert [store.connection.rows(f"SELECT * FROM {table}") for table in tables] == before


def together(function: Callable[..., object], *arguments: tuple[object, ...]) -> list[Any]:
    """Run a function in processes of their own, all at once; return what each returned or raised.

    A store may not be open here meanwhile: each process opens its own.
    """
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
