"""Founding a city's store."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from pathlib import Path

from actions.expecting import roll
from actions.units import check_registry
from domain.checklists import Standard
from domain.errors import Refused
from domain.instants import Instant
from domain.networks import Link
from domain.people import Actor, Person, Role
from domain.reports import Revision
from domain.schedules import Exemption, Schedule
from domain.settings import CityRules
from domain.tiles import Tile
from domain.units import Kind, Unit
from domain.values import dataclass
from domain.workflows import Workflow
from storage import (
    checklists,
    events,
    networks,
    people,
    proofs,
    reports,
    schedules,
    tiles,
    units,
    workflows,
)
from storage.creating import create_file, discard
from storage.mounts import network_drive
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
    standards: Sequence[Standard] = ()
    tiles: Sequence[Tile] = ()


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
    then: Callable[[Store], None] | None = None,
) -> Store:
    """Create a store from a registry; whoever runs it becomes its first admin.

    `filed` are reports that stand in it from the first moment (the demo's), and `then` does what
    else belongs to it, in one transaction. The file appears
    whole or not at all; an existing one is refused, and so is a registry without a unit. Returns
    the open store.
    """
    _check_place(path)
    if not registry.units:
        raise Refused("errors.registry_empty")
    check_registry(registry.units)
    rules.calendar()
    building = path.with_name(f".{path.name}.{os.getpid()}.new")
    # A process that was killed may have left one behind, and numbers come round again.
    discard(building)
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
            people.save(connection, _with_admin(registry, actor, rules.zone().day_of(at)))
            schedules.save(connection, registry.schedules)
            schedules.save_exemptions(connection, registry.exemptions)
            schedules.save_limits(connection, registry.limits)
            workflows.save_workflows(connection, registry.workflows)
            checklists.save_standards(connection, registry.standards)
            tiles.save_tiles(connection, registry.tiles)
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
                filed=_digest(filed),
                people=len(registry.people),
                rules=rules_text(rules),
            )
        store = Store(connection)
        roll(store, at)
        if then is not None:
            with connection.writing():
                then(store)
        # One file, complete, before it gets its name.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        _name(building, path)
    finally:
        connection.close()
        discard(building)
    return open_store(path)


def _digest(filed: Sequence[Revision]) -> dict[str, object]:
    """Return the digest of the sample reports that a store begins with."""
    digest = proofs.Digest()
    for revision in sorted(filed, key=lambda row: (row.day, row.unit, row.number)):
        digest.add(proofs.whole_of(revision))
    return digest.detail()


def _check_place(path: Path) -> None:
    if os.path.lexists(path):
        raise Refused("errors.store_exists", store=str(path))
    log = path.with_name(f"{path.name}-wal")
    if os.path.lexists(log):
        # The engine would read it as the new store's own.
        raise Refused("errors.store_leftover", file=str(log))
    try:
        there = path.parent.is_dir()
    except OSError as error:
        raise Refused("errors.store_not_opened", store=str(path)) from error
    if not there:
        raise Refused("errors.folder_missing", folder=str(path.parent))
    drive = network_drive(path.parent)
    if drive is not None:
        raise Refused("errors.store_on_network", store=str(path), drive=drive)


def _name(building: Path, path: Path) -> None:
    """Give a complete file its name, unless another has it by now."""
    try:
        try:
            os.link(building, path)
        except FileExistsError:
            raise
        except OSError:
            # A file system without links: hold the name with an empty file, then replace that.
            path.touch(exist_ok=False)
            building.replace(path)
    except FileExistsError as error:
        raise Refused("errors.store_exists", store=str(path)) from error
    except OSError as error:
        raise Refused("errors.store_not_opened", store=str(path)) from error


def _with_admin(registry: Registry, actor: Actor, today: date) -> list[Person]:
    found = list(registry.people)
    top = next((unit for unit in registry.units if unit.kind is Kind.CITY), registry.units[0])
    own = [person for person in found if person.login == actor.login]
    if not any(person.role is Role.ADMIN and person.valid_on(today) for person in own):
        name = own[0].name if own else actor.login
        found.append(Person(actor.login, name, top.code, Role.ADMIN))
    return found
