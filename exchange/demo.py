"""The demo: Guangzhou's registry with sample people and sixty days of reports, ending now."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from actions.opening import Registry, found
from domain.instants import Instant
from domain.networks import Network
from domain.people import Actor, Person, Role
from domain.reports import Revision
from domain.schedules import Days, Exemption, Schedule
from domain.settings import CityRules
from domain.units import Kind, Unit
from exchange.demo_matters import sample_matters
from exchange.demo_reports import Sample, sample_reports
from exchange.registry import read_registry
from storage.store import Store

DAYS = 60
HOME = "440111"
"""The district whose liaison is the login that makes the demo."""

_TOWNS = ("440111103", "440111107", "440111108", "440111113")
"""Towns of the home district that file daily; the district's deputy files for the last two."""

_SILENT_DISTRICT = "440114"
_SUPERVISORS = ("DISC", "PROC", "LAND")
_ROLES = {Role.LIAISON: "联络员", Role.DEPUTY: "副联络员", Role.LEADER: "分管负责人"}
_GAPS = {
    ("AIC", Role.LIAISON),
    ("FIN", Role.DEPUTY),
    ("RENT", Role.DEPUTY),
    ("440117", Role.DEPUTY),
    ("WATER", Role.LEADER),
}
_EXEMPTIONS = (
    ("COURT", 26, 22, "办公系统迁移,暂停网上报送"),
    (HOME, 13, 12, "办公场所搬迁,网络未通"),
    ("440115", 41, 39, "防汛应急响应,巡查人员全部抽调"),
    ("440106", 19, 19, "全区网络割接"),
    ("FIN", 7, 5, "年度审计期间统一停报"),
)
"""Unit, first and last day as days ago, reason."""
_LEAVES_TODAY = ("RENT", Role.LIAISON)
"""A post that nobody holds from tomorrow on."""


def found_demo(path: Path, rules: CityRules, actor: Actor, at: Instant) -> Store:
    """Create a demo store at `path` and return it open; raises Refused where a file is.

    Deterministic for a given instant and login: the login is admin, and liaison of 白云区, whose
    report of today is still to be filed and one of whose days can still be made up. The file
    appears complete or not at all.
    """
    today = rules.zone().day_of(at)
    starts = today - timedelta(days=DAYS)
    registry = sample_registry(read_registry("guangzhou"), actor.login, starts, today)
    filed = sample_filings(registry, rules, actor.login, starts, at)

    def then(store: Store) -> None:
        sample_matters(store, registry.units, filed, actor.login, at)

    return found(path, registry, rules, starts, actor, at, demo=True, filed=filed, then=then)


def sample_registry(registry: Registry, login: str, starts: date, today: date) -> Registry:
    """Return the registry with sample people, schedules and exemptions up to `today`."""
    names = {unit.code: unit for unit in registry.units}
    schedules = [Schedule(town, Days.DAILY, valid_from=starts) for town in _TOWNS]
    schedules.append(Schedule("POLICE", Days.DAILY, valid_from=starts))
    exemptions = [
        Exemption(
            unit,
            today - timedelta(days=first),
            today - timedelta(days=last),
            reason,
            "市国土房管局分管负责人",
        )
        for unit, first, last, reason in _EXEMPTIONS
    ]
    return Registry(
        registry.units,
        registry.links,
        _people(registry, names, login, today),
        schedules,
        exemptions,
        registry.duties,
        registry.limits,
        registry.workflows,
        registry.standards,
        registry.tiles,
    )


def sample_filings(
    registry: Registry, rules: CityRules, login: str, starts: date, at: Instant
) -> list[Revision]:
    """Return what was filed from `starts` up to `at`, for a registry with its sample people."""
    today = rules.zone().day_of(at)
    filers: dict[str, list[str]] = defaultdict(list)
    for role in (Role.LIAISON, Role.DEPUTY):
        for person in registry.people:
            if person.role is role:
                filers[person.unit].append(person.login)
    schedules: dict[str, list[Schedule]] = defaultdict(list)
    for row in registry.schedules:
        schedules[row.unit].append(row)
    exemptions: dict[str, list[Exemption]] = defaultdict(list)
    for free in registry.exemptions:
        exemptions[free.unit].append(free)
    days_ago = [today - timedelta(days=number) for number in range(8)]
    silent = {(HOME, days_ago[0]), (HOME, days_ago[3])}
    silent |= {(_SILENT_DISTRICT, day) for day in days_ago[1:4]}
    sample = Sample(
        registry.units,
        schedules,
        exemptions,
        rules,
        starts,
        filers,
        login,
        silent,
        {(HOME, day) for day in days_ago},
    )
    return list(sample_reports(sample, at))


def _called(unit: Unit) -> str:
    """Return what people call a unit in the name of a post."""
    return unit.short if unit.kind is Kind.DEPARTMENT and unit.short else unit.name


def _people(registry: Registry, names: dict[str, Unit], login: str, today: date) -> list[Person]:
    """Return sample people, named by their role: nobody of that name exists."""
    members = {
        code
        for link in registry.links
        if link.network is Network.HORIZONTAL and link.valid_on(today)
        for code in (link.source, link.target)
    }
    posts = [
        (unit.code, role, _ROLES[role])
        for unit in registry.units
        if unit.code in members
        for role in (Role.LEADER, Role.LIAISON, Role.DEPUTY)
        if (unit.code, role) not in _GAPS
    ]
    posts += [(town, Role.LIAISON, "联络员") for town in _TOWNS[:2]]
    posts += [(unit, Role.SUPERVISOR, "督导员") for unit in _SUPERVISORS]
    posts.append(("440100", Role.VIEWER, "查看人"))
    people = [
        Person(
            login if (unit, role) == (HOME, Role.LIAISON) else f"demo-{unit}-{role}",
            _called(names[unit]) + word,
            unit,
            role,
            # No exchange hands out numbers that begin with 0.
            phone=f"020-0000{number:04}",
            valid_to=today if (unit, role) == _LEAVES_TODAY else None,
        )
        for number, (unit, role, word) in enumerate(posts, start=1)
    ]
    deputy = next(p for p in people if p.unit == HOME and p.role is Role.DEPUTY)
    people += [
        Person(deputy.login, deputy.name, town, Role.LIAISON, deputy.phone) for town in _TOWNS[2:]
    ]
    return people
