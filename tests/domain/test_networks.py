"""The three networks on a day (R2), of a made-up city and of the registry that ships."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.networks import Gap, Link, Network, NetworkView, contacts_of, view
from domain.people import Person, Role
from domain.units import Kind, Unit
from exchange.registry import read_registry

REGISTRY = read_registry(Path(__file__).parents[2] / "registry" / "guangzhou")
THEN, NOW = date(2010, 6, 1), date(2026, 1, 1)


def guangzhou(network: Network, day: date) -> NetworkView:
    return view(network, day, REGISTRY.units, REGISTRY.links, ())


def kinds(seen: NetworkView) -> dict[str, int]:
    found: dict[str, int] = {}
    for unit in seen.members:
        found[unit.kind.value] = found.get(unit.kind.value, 0) + 1
    return found


@pytest.mark.parametrize(("day", "districts"), [(THEN, 12), (NOW, 11)])
def test_guangzhou_horizontal(day: date, districts: int) -> None:
    seen = guangzhou(Network.HORIZONTAL, day)
    assert kinds(seen) == {"department": 16, "district": districts}
    assert {source for source, _ in seen.links} == {"LAND"}
    assert len(seen.links) == 15 + districts
    # Without people every member lacks its leader, its liaison and its deputy.
    assert len(seen.gaps) == 3 * len(seen.members)


@pytest.mark.parametrize(("day", "districts"), [(THEN, 12), (NOW, 11)])
def test_guangzhou_vertical(day: date, districts: int) -> None:
    seen = guangzhou(Network.VERTICAL, day)
    assert kinds(seen)["city"] == 1
    assert kinds(seen)["district"] == districts
    assert "department" not in kinds(seen)
    tops = {unit.code for unit in seen.members} - {below for _, below in seen.links}
    assert "440100" in tops
    assert seen.gaps == ()


@pytest.mark.parametrize("day", [THEN, NOW])
def test_guangzhou_supervision(day: date) -> None:
    seen = guangzhou(Network.SUPERVISION, day)
    above = {source for source, _ in seen.links}
    assert above == {"DISC", "PROC", "LAND"}
    for supervisors in seen.supervisors.values():
        assert set(supervisors) <= above


UNITS = [
    Unit("LAND", "国土", Kind.DEPARTMENT, order=1),
    Unit("OLD", "旧局", Kind.DEPARTMENT, valid_to=date(2020, 12, 31), order=2),
    Unit("D", "甲区", Kind.DISTRICT, parent="C", order=3),
    Unit("T", "甲镇", Kind.TOWN, parent="D", valid_from=date(2021, 1, 1), order=4),
    Unit("C", "某市", Kind.CITY, order=5),
]
LINKS = [
    Link(Network.HORIZONTAL, "LAND", "OLD"),
    Link(Network.HORIZONTAL, "LAND", "D", valid_from=date(2020, 6, 1)),
    Link(Network.SUPERVISION, "LAND", "T"),
    Link(Network.SUPERVISION, "OLD", "T"),
    Link(Network.SUPERVISION, "LAND", "D", valid_to=date(2020, 12, 31)),
]


def codes(network: Network, day: date) -> list[str]:
    return [unit.code for unit in view(network, day, UNITS, LINKS, ()).members]


def test_only_units_and_links_of_the_day_appear() -> None:
    assert codes(Network.HORIZONTAL, date(2020, 1, 1)) == ["LAND", "OLD"]
    assert codes(Network.HORIZONTAL, date(2020, 6, 1)) == ["LAND", "OLD", "D"]
    assert codes(Network.HORIZONTAL, date(2021, 1, 1)) == ["LAND", "D"]
    assert codes(Network.SUPERVISION, date(2020, 12, 31)) == ["LAND", "D"]
    assert codes(Network.SUPERVISION, date(2021, 1, 1)) == ["LAND", "T"]
    assert codes(Network.VERTICAL, date(2020, 1, 1)) == ["D", "C"]
    seen = view(Network.VERTICAL, NOW, UNITS, LINKS, ())
    assert set(seen.links) == {("C", "D"), ("D", "T")}
    assert seen.supervisors == {"T": ("LAND",)}


def test_a_network_without_units_is_empty() -> None:
    for network in Network:
        assert view(network, NOW, (), LINKS, ()).members == ()


def person(role: Role, unit: str = "D", login: str = "x") -> Person:
    return Person(login, "某联络员", unit, role)


def test_a_member_lacks_what_nobody_holds_that_day() -> None:
    people = [
        person(Role.LEADER, "LAND"),
        person(Role.LIAISON, "LAND"),
        person(Role.DEPUTY, "LAND"),
        person(Role.LEADER),
        replace(person(Role.LIAISON), valid_to=date(2025, 12, 31)),
        person(Role.ADMIN),
        person(Role.LIAISON, "T"),
    ]
    seen = view(Network.HORIZONTAL, NOW, UNITS, LINKS, people)
    assert seen.gaps == (Gap("D", Role.LIAISON), Gap("D", Role.DEPUTY))
    seen = view(Network.HORIZONTAL, date(2025, 12, 31), UNITS, LINKS, people)
    assert seen.gaps == (Gap("D", Role.DEPUTY),)
    assert view(Network.SUPERVISION, NOW, UNITS, LINKS, people).gaps == ()


def test_the_person_listed_first_is_the_contact() -> None:
    people = [
        replace(person(Role.LIAISON, login="gone"), valid_to=date(2020, 1, 1)),
        person(Role.LIAISON, login="first"),
        person(Role.LIAISON, login="second"),
        person(Role.SUPERVISOR, login="other"),
    ]
    found = contacts_of(people, NOW)["D"]
    assert found.liaison is not None
    assert found.liaison.login == "first"
    assert found.leader is None
    assert found.deputy is None
