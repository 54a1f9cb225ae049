"""A small city with people, opened on a Wednesday morning, two days after its first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

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
"""A Monday."""
DAY = date(2026, 11, 4)
AT: Instant = ZONE.parse("2026-11-04 09:00")


def actor(login: str) -> Actor:
    return Actor(login, login, "host")


ADMIN = actor("admin")
LIAISON = actor("d1")
DEPUTY = actor("d1-b")
LEADER = actor("d1-head")

REGISTRY = Registry(
    [
        Unit("CITY", "某市", Kind.CITY, "Somecity", order=0),
        Unit("LAND", "国土局", Kind.DEPARTMENT, parent="CITY", aliases=("国土",), order=1),
        Unit("PLAN", "规划局", Kind.DEPARTMENT, parent="CITY", order=2),
        Unit("D1", "甲区", Kind.DISTRICT, parent="CITY", order=3),
        Unit("D2", "乙区", Kind.DISTRICT, parent="CITY", order=4),
        Unit("T1", "甲镇", Kind.TOWN, parent="D1", order=5),
        Unit("OLD", "旧区", Kind.DISTRICT, parent="CITY", valid_to=date(2026, 11, 3), order=6),
    ],
    [
        *(Link(Network.HORIZONTAL, "LAND", code) for code in ("PLAN", "D1", "D2", "OLD")),
        Link(Network.SUPERVISION, "LAND", "D1"),
        Link(Network.SUPERVISION, "D1", "T1"),
    ],
    [
        Person("d1", "甲区联络员", "D1", Role.LIAISON),
        Person("d1-b", "甲区副联络员", "D1", Role.DEPUTY),
        Person("d1-head", "甲区分管负责人", "D1", Role.LEADER),
        Person("plan", "规划局联络员", "PLAN", Role.LIAISON),
        Person("gone", "乙区联络员", "D2", Role.LIAISON, valid_to=date(2026, 11, 3)),
    ],
)


def at(text: str) -> Instant:
    """Return the instant of a local time, of November 2026 where only a day is named."""
    return ZONE.parse(text if text.startswith("20") else f"2026-11-{text}")


def begin(path: Path, instant: Instant = AT) -> Store:
    """Found the small city at `path`."""
    return found(path, REGISTRY, CityRules(), STARTS, ADMIN, instant)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with begin(tmp_path / "s.db") as opened:
        yield opened
