"""The checklist of grassroots land offices: keeping it, reading it, summing it by district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.people import require_on
from actions.registers import Register, save_rows
from actions.units import find_valid
from domain.checklists import Checked, Counts, Said, Standard, check_said, count
from domain.errors import LianluoError, Message, NotFound, Refused
from domain.importing import Problem
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.units import Kind, Unit
from domain.values import dataclass
from storage import checklists as rows
from storage import events, units
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class Office:
    """An office, and what is said of each standard, in their order; None: never looked at."""

    unit: Unit
    lines: tuple[tuple[Standard, Checked | None], ...]

    @property
    def counts(self) -> Counts:
        """Return how many standards are in each state."""
        return count(None if said is None else said.said.state for _, said in self.lines)


@dataclass(frozen=True, slots=True)
class District:
    """The offices of a district: how many there are, how many meet everything, the sums."""

    unit: Unit
    offices: int
    complete: int
    counts: Counts


def standards(store: Store) -> list[Standard]:
    """Return the standards; raises NotFound in a store that has none."""
    found = rows.standards(store.connection)
    if not found:
        raise NotFound("checklist.no_standards")
    return found


def offices(store: Store, selection: Selection, at: Instant) -> list[Office]:
    """Return the selected offices that are valid on the day, in registry order, as of `at`."""
    with store.reading():
        asked = rows.standards(store.connection)
        newest = rows.newest(store.connection, at)
        today = store.today(at)
        found = [
            unit
            for unit in units.selected(store.connection, selection)
            if unit.kind is Kind.TOWN and unit.valid_on(today)
        ]
    return [
        Office(unit, tuple((row, newest.get((unit.code, row.code))) for row in asked))
        for unit in found
    ]


def office(store: Store, name: str, at: Instant) -> Office:
    """Return one office; raises NotFound, and Refused for a unit that is none."""
    unit = find_valid(store, name, store.today(at))
    found = offices(store, Selection(unit=unit.code), at)
    if not found:
        raise Refused("checklist.not_an_office", unit=unit.called)
    return found[0]


def by_district(store: Store, selection: Selection, at: Instant) -> list[District]:
    """Return the sums of the selected offices by the district they lie in, in registry order."""
    with store.reading():
        found = offices(store, selection, at)
        known = {unit.code: unit for unit in units.selected(store.connection, Selection())}
    groups: dict[str, list[Office]] = {}
    for each in found:
        above: str | None = each.unit.parent
        while above is not None and known[above].kind is not Kind.DISTRICT:
            above = known[above].parent
        if above is not None:
            groups.setdefault(above, []).append(each)
    districts = []
    for code, many in groups.items():
        counts = Counts()
        for each in many:
            counts.merge(each.counts)
        complete = sum(each.counts.met == each.counts.asked > 0 for each in many)
        districts.append(District(known[code], len(many), complete, counts))
    return sorted(districts, key=lambda row: row.unit.order)


def history(store: Store, name: str, at: Instant, item: str | None = None) -> list[Checked]:
    """Return every revision of an office by `at`, oldest first."""
    unit = find_valid(store, name, store.today(at))
    with store.reading():
        if item is not None:
            _standard(store, item)
        found = rows.revisions(store.connection, at, unit.code, item)
    return sorted(found, key=lambda row: row.at)


def say(store: Store, actor: Actor, said: Said, at: Instant) -> Checked:
    """Record what was found of a standard at an office, as its next revision.

    Who works on the office's matters may, and who supervises it. Raises Refused where it is what
    stands already.
    """
    with store.connection.writing():
        unit = find_valid(store, said.unit, store.today(at))
        said = replace(said, unit=unit.code, evidence=said.evidence.strip())
        require_on(store, actor, Action.CHECK, at, unit.code)
        _standard(store, said.item)
        check_said(unit, said, store.today(at))
        made = say_within(store, actor, [said], at)
        if not made:
            raise Refused("checklist.same", unit=unit.called, item=said.item)
    return made[0]


def say_within(store: Store, actor: Actor, said: Sequence[Said], at: Instant) -> list[Checked]:
    """Record what differs from what stands, inside the caller's transaction; return that.

    Each office gets one event, with every state before and after.
    """
    newest = rows.newest(store.connection)
    made: list[Checked] = []
    changes: dict[str, list[list[object]]] = {}
    for row in said:
        old = newest.get((row.unit, row.item))
        if old is not None and old.at > at:
            raise Refused("errors.clock_back")
        if old is not None and old.said == row:
            continue
        revision = 1 if old is None else old.revision + 1
        new = Checked(row, revision, at, actor.login, actor.real_login)
        made.append(new)
        newest[row.unit, row.item] = new
        before = None if old is None else _told(old.said)
        changes.setdefault(row.unit, []).append([row.item, revision, before, _told(row)])
    rows.add(store.connection, made)
    for unit, found in changes.items():
        events.record(store.connection, actor, at, "checklist.say", unit, changes=found)
    return made


def fitting(
    store: Store, rows_read: Sequence[tuple[int, Said]], at: Instant
) -> tuple[list[tuple[int, Said]], list[Problem]]:
    """Return the rows that can be recorded, and the problems of the others."""
    known = {row.code for row in rows.standards(store.connection)}
    owners = units.by_code(store.connection, {said.unit for _, said in rows_read})
    today = store.today(at)
    good: list[tuple[int, Said]] = []
    problems: list[Problem] = []
    for number, said in rows_read:
        if said.item not in known:
            reason = Message("checklist.item_unknown", item=said.item, items=sorted(known))
            problems.append(Problem(number, "item", None, reason, "checklist"))
            continue
        try:
            check_said(owners[said.unit], said, today)
        except LianluoError as error:
            column = "date" if error.message.key == "checklist.future" else "unit"
            problems.append(Problem(number, column, None, error.message, "checklist"))
        else:
            good.append((number, said))
    return good, problems


def save_standards(store: Store, actor: Actor, new: Sequence[Standard], at: Instant) -> None:
    """Write standards, new or changed; only an admin may."""
    save_rows(store, actor, _STANDARDS, new, at)


def _told(said: Said) -> list[str]:
    return [said.state.value, said.day.isoformat(), said.evidence]


def _words(row: Standard) -> list[str]:
    return [row.code, row.section.value, row.standard, row.standard_en, row.source]


def _standard(store: Store, code: str) -> Standard:
    known = {row.code: row for row in standards(store)}
    if code not in known:
        raise NotFound("checklist.item_unknown", item=code, items=list(known))
    return known[code]


_STANDARDS = Register("standards", rows.standards, rows.save_standards, _words)
