"""Units: finding one by any of its names, and changing the registry (R1)."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions.expecting import roll_within
from actions.people import require_on
from actions.restating import refresh, revalidate
from domain.errors import NotFound, Refused
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.units import Unit, cycle
from domain.values import dataclass
from storage import events, summing
from storage import units as rows
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows of a table were new, changed what stood, or said what stood already."""

    new: int = 0
    amended: int = 0
    unchanged: int = 0


def find(store: Store, name: str, day: date | None = None) -> Unit:
    """Return the unit of a code or of any name that is unambiguous.

    A code wins over names; of several units with one name, the only one valid on `day`. Raises
    NotFound listing the near ones.
    """
    text = name.strip()
    exact = rows.get(store.connection, text)
    if exact is not None:
        return exact
    found = rows.named(store.connection, text)
    if len(found) > 1 and day is not None:
        found = [unit for unit in found if unit.valid_on(day)] or found
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound("errors.unit_ambiguous", name=text, near=[_shown(unit) for unit in found])
    near = _near(store, text.lower())
    if near:
        raise NotFound("errors.unit_unknown_near", name=text, near=[_shown(unit) for unit in near])
    raise NotFound("errors.unit_unknown", name=text)


def find_valid(store: Store, name: str, day: date) -> Unit:
    """Return the unit that `find` returns; refuse one that does not exist on `day` (R1)."""
    unit = find(store, name, day)
    if not unit.valid_on(day):
        raise Refused("errors.unit_not_valid", unit=unit.code, name=unit.name, day=day)
    return unit


def _shown(unit: Unit) -> str:
    return f"{unit.code} {unit.name}"


def _near(store: Store, text: str, most: int = 5) -> list[Unit]:
    codes: dict[str, str] = {}
    for name, code in rows.names(store.connection):
        codes.setdefault(name, code)
    inside = [name for name in codes if text and (text in name or name in text)]
    close = difflib.get_close_matches(text, codes, n=most, cutoff=0.6)
    wanted = list(dict.fromkeys(codes[name] for name in [*close, *inside]))[:most]
    units = rows.by_code(store.connection, wanted)
    return [units[code] for code in wanted]


def check_registry(units: Sequence[Unit]) -> None:
    """Refuse a set of units with a parent that does not exist or with a cycle of parents."""
    codes = {unit.code for unit in units}
    for unit in units:
        if unit.parent is not None and unit.parent not in codes:
            raise Refused("errors.parent_unknown", unit=unit.code, parent=unit.parent)
    ring = cycle({unit.code: unit.parent for unit in units})
    if ring:
        raise Refused("errors.parent_cycle", units=[*ring, ring[0]])


def save_units(store: Store, actor: Actor, units: Sequence[Unit], at: Instant) -> Outcome:
    """Write new and changed units, new ones after the registry's last; only an admin may.

    A unit's days follow its validity as it now stands (R8).
    """
    connection = store.connection
    with connection.writing():
        require_on(store, actor, Action.REGISTRY, at)
        # Days that passed meanwhile became due under the registry that stood until now.
        roll_within(store, at)
        before = rows.by_code(connection, [unit.code for unit in units])
        position = rows.next_position(connection)
        changed: list[Unit] = []
        new = 0
        for unit in units:
            old = before.get(unit.code)
            placed = replace(unit, order=old.order if old else position + new)
            new += old is None
            if placed != old:
                changed.append(placed)
        if changed:
            everyone = {unit.code: unit for unit in rows.selected(connection, rows.Selection())}
            check_registry(list((everyone | {unit.code: unit for unit in changed}).values()))
            with summing.moving(connection, changed):
                rows.save(connection, changed)
            revalidate(store, before, changed, at)
            kinds = {
                unit.code
                for unit in changed
                if unit.code in before and before[unit.code].kind is not unit.kind
            }
            if kinds:
                refresh(store, at, kinds)
            events.record(
                connection,
                actor,
                at,
                "units.save",
                "units",
                units=[_as_detail(unit) for unit in changed],
                before=[_as_detail(before[unit.code]) for unit in changed if unit.code in before],
            )
    return Outcome(new, len(changed) - new, len(units) - len(changed))


def retire(store: Store, actor: Actor, code: str, last_day: date, at: Instant) -> Unit:
    """End a unit's validity with `last_day`; its code stays for ever (R1)."""
    unit = find(store, code)
    if unit.valid_from is not None and last_day < unit.valid_from:
        raise Refused("errors.range_reversed", first=unit.valid_from, last=last_day)
    retired = replace(unit, valid_to=last_day)
    save_units(store, actor, [retired], at)
    return retired


def _as_detail(unit: Unit) -> dict[str, object]:
    return {
        "code": unit.code,
        "name": unit.name,
        "name_en": unit.name_en,
        "short": unit.short,
        "aliases": list(unit.aliases),
        "source": unit.source,
        "kind": unit.kind.value,
        "parent": unit.parent,
        "valid_from": unit.valid_from and unit.valid_from.isoformat(),
        "valid_to": unit.valid_to and unit.valid_to.isoformat(),
    }
