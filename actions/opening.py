"""Opening a city's store, and founding a new one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from actions.expecting import roll
from actions.people import acting, is_admin
from actions.schedules import adopt_rules
from actions.units import check_registry
from domain.errors import LianluoError, Refused
from domain.instants import Instant
from domain.networks import Link
from domain.people import Actor, Person, Role
from domain.reports import Revision
from domain.schedules import Exemption, Schedule
from domain.settings import CityRules, Settings
from domain.units import Kind, Unit
from domain.workflows import Workflow
from storage import events, matters, networks, people, reports, schedules, units
from storage.connection import create_file
from storage.networks import Duty
from storage.store import Store, open_store, rules_text, set_fact


@dataclass(frozen=True, slots=True)
class Registry:
    """What a registry folder says, row by row."""

    units: Sequence[Unit]
    links: Sequence[Link] = ()
    people: Sequence[Person] = ()
    schedules: Sequence[Schedule] = ()
    exemptions: Sequence[Exemption] = ()
    duties: Sequence[Duty] = ()
    limits: Sequence[tuple[object, ...]] = ()
    workflows: Mapping[str, Workflow] = field(default_factory=dict)


def enter(
    path: Path, settings: Settings, login: str, as_login: str | None, host: str, at: Instant
) -> tuple[Store, Actor]:
    """Open a store for somebody: create the days that became current, take up an admin's rules.

    The rules that the configuration names become the city's when an admin opens it; for
    everybody else the store's own stand. Raises NotFound, Damaged, Busy, Refused.
    """
    store = open_store(path)
    try:
        roll(store, at)
        actor = acting(store, login, as_login, host, at)
        rules = settings.applied_to(store.rules)
        if rules != store.rules and store.connection.writable and is_admin(store, login, at):
            adopt_rules(store, Actor(login, login, host), rules, at)
    except LianluoError:
        store.close()
        raise
    return store, actor


def found(
    path: Path,
    registry: Registry,
    rules: CityRules,
    starts: date,
    actor: Actor,
    at: Instant,
    *,
    demo: bool = False,
    filed: Sequence[Revision] = (),
) -> Store:
    """Create a store from a registry; whoever runs it becomes its first admin.

    `filed` are reports that stand in it from the first moment (the demo's). The file appears
    whole or not at all; an existing one is refused. Returns the open store.
    """
    if path.exists():
        raise Refused("errors.store_exists", store=str(path))
    if not path.parent.is_dir():
        raise Refused("errors.folder_missing", folder=str(path.parent))
    check_registry(registry.units)
    rules.calendar()
    building = path.with_name(f".{path.name}.{os.getpid()}.new")
    connection = create_file(building)
    try:
        with connection.writing():
            set_fact(connection, "rules", rules_text(rules))
            set_fact(connection, "starts", starts.isoformat())
            set_fact(connection, "through", (starts - timedelta(days=1)).isoformat())
            if demo:
                set_fact(connection, "demo", "yes")
            units.save(connection, registry.units)
            networks.save(connection, registry.links)
            networks.save_duties(connection, registry.duties)
            people.save(connection, _with_admin(registry, actor))
            schedules.save(connection, registry.schedules)
            schedules.save_exemptions(connection, registry.exemptions)
            schedules.save_limits(connection, registry.limits)
            matters.save_workflows(connection, registry.workflows)
            reports.add(connection, filed)
            events.record(
                connection,
                actor,
                at,
                "store.found",
                "store",
                starts=starts.isoformat(),
                units=len(registry.units),
                reports=len(filed),
                rules=rules_text(rules),
            )
        roll(Store(connection), at)
        # One file, complete, before it gets its name.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        try:
            os.link(building, path)
        except FileExistsError as error:
            raise Refused("errors.store_exists", store=str(path)) from error
    finally:
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            building.with_name(building.name + suffix).unlink(missing_ok=True)
    return open_store(path)


def _with_admin(registry: Registry, actor: Actor) -> list[Person]:
    found = list(registry.people)
    top = next((unit for unit in registry.units if unit.kind is Kind.CITY), registry.units[0])
    if not any(p.login == actor.login and p.role is Role.ADMIN for p in found):
        own = next((p.name for p in found if p.login == actor.login), actor.login)
        found.append(Person(actor.login, own, top.code, Role.ADMIN))
    return found
