"""Zeros held against what others found, places nobody looks at, and tomorrow's gaps (R17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from actions.expecting import days_between, expected_between
from actions.matters import ALIKE, MatterView, Subject, do_step, listed, open_within, show, step_at
from actions.networks import membership
from actions.people import require_on
from domain.errors import NotFound, Refused
from domain.instants import Instant
from domain.matters import Matter
from domain.networks import Network
from domain.obligations import Obligation
from domain.people import Actor, Role, stands_in_for
from domain.permissions import Action
from domain.reports import ReportKind
from domain.units import Kind, Unit
from domain.values import dataclass
from storage import matters as matter_rows
from storage import people, reports, units
from storage import steps as step_rows
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection

REASONS = ("not_visible", "out_of_scope", "already_known", "overlooked")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A zero report that says nothing was found where another source recorded something."""

    unit: Unit
    day: date
    matter: Matter
    origin: str


def contradictions(
    store: Store, first: date, last: date, selection: Selection, at: Instant
) -> list[Contradiction]:
    """Return the zeros from `first` to `last` that another source contradicts as of `at` (R17).

    A matter contradicts the zero of a unit whose territory it lies in (the unit or one below it)
    when it existed on or before the day and within the look-back, and somebody else recorded it:
    its own findings do not speak against a unit, until another found the same.
    """
    look_back = timedelta(days=store.rules.look_back_days)
    with store.reading():
        filed = reports.filed_between(store.connection, first, last, selection, at)
        zeros = {key: row for key, row in filed.items() if row.kind is ReportKind.ZERO}
        owners = units.by_code(store.connection, {unit for _, unit in zeros})
        within = _by_territory(store, at)
        sighted = reports.sighted(store.connection, at)
    found: list[Contradiction] = []
    for (_, code), row in sorted(zeros.items()):
        for matter in within.get(code, ()):
            # Who does not say since when it exists saw it on the day it was recorded.
            since = matter.existed_since or store.today(matter.opened_at)
            others = sighted.get(matter.number, set()) - {code}
            own = matter.issuer == code and matter.workflow == "finding" and not others
            if not own and since <= row.day <= since + look_back:
                origin = f"zero/{row.day.isoformat()}/{code}/{matter.number}"
                found.append(Contradiction(owners[code], row.day, matter, origin))
    return found


def _by_territory(store: Store, at: Instant) -> dict[str, list[Matter]]:
    """Return what was seen on the ground by `at`, for each unit in whose territory it lies."""
    parents = _parents(store)
    within: dict[str, list[Matter]] = {}
    for matter in _seen(store, at):
        for code in _upwards(matter.place, parents):
            within.setdefault(code, []).append(matter)
    return within


def _seen(store: Store, at: Instant) -> list[Matter]:
    """Return the findings, leads and patches recorded by `at` that have a place.

    What was merged into another is that other one.
    """
    gone = matter_rows.merged(store.connection, at)
    return [
        matter
        for workflow in ALIKE
        for matter in matter_rows.listed(
            store.connection, Selection(), Filter(workflow=workflow), at
        )
        if matter.place and matter.number not in gone
    ]


def _parents(store: Store) -> dict[str, str | None]:
    return {unit.code: unit.parent for unit in units.selected(store.connection, Selection())}


def _upwards(code: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    while code is not None:
        yield code
        code = parents.get(code)


def unasked(
    store: Store, first: date, last: date, selection: Selection, at: Instant
) -> list[Contradiction]:
    """Return the contradicted zeros for which no explanation was asked by `at`."""
    found = contradictions(store, first, last, selection, at)
    known = matter_rows.by_origin(store.connection, [row.origin for row in found], at)
    return [row for row in found if row.origin not in known]


def looked_back(store: Store, last: date) -> tuple[date, date]:
    """Return the days whose zeros are looked at by default: the look-back up to `last` (R17)."""
    return max(store.starts, last - timedelta(days=store.rules.look_back_days)), last


def reconcile(
    store: Store, actor: Actor, first: date, last: date, selection: Selection, at: Instant
) -> list[Matter]:
    """Open an obligation to explain for each contradicted zero that has none; return them (R17)."""
    with store.connection.writing():
        require_on(store, actor, Action.URGE, at)
        return [
            open_within(
                store,
                actor,
                "reconcile",
                row.unit.code,
                Subject(
                    f"{row.day.isoformat()} {row.matter.number} {row.matter.title}",
                    place=row.matter.place,
                    location=row.matter.location,
                    existed_since=row.matter.existed_since,
                    origin=row.origin,
                    parent=row.matter.number,
                ),
                at,
            )
            for row in unasked(store, first, last, selection, at)
        ]


def explain_zero(
    store: Store, actor: Actor, number: str, reason: str, text: str, at: Instant
) -> MatterView:
    """Explain a contradicted zero with one of four reasons, and in words (R17)."""
    matter = show(store, number, at).matter
    if matter.workflow != "reconcile":
        raise NotFound("matters.not_a_reconciliation", number=number)
    if reason not in REASONS:
        raise Refused("matters.reconcile_reason", reason=reason, reasons=list(REASONS))
    if not text.strip():
        raise Refused("matters.reason_missing")
    return do_step(store, actor, matter.number, "explain", at, text=text.strip(), reason=reason)


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """A place that no report and no matter has named since `last` (None: never since `first`)."""

    unit: Unit
    last: date | None


def blind_spots(store: Store, days: int, at: Instant) -> list[BlindSpot]:
    """Return the districts and towns on which no network has reported in the last `days` days.

    A place is seen by its own reports, by findings, leads and patches located in it, and by what
    is seen of a place below it.
    """
    if days < 1:
        raise Refused("notices.days_bad")
    today = store.today(at)
    first = today - timedelta(days=days - 1)
    with store.reading():
        looks = list(reports.last_days(store.connection, at).items())
        looks += [(each.place, store.today(each.opened_at)) for each in _seen(store, at)]
        parents = _parents(store)
        places = units.of_kinds(store.connection, [Kind.DISTRICT.value, Kind.TOWN.value])
    seen: dict[str, date] = {}
    for place, day in looks:
        for code in _upwards(place, parents):
            seen[code] = max(seen.get(code, day), day)
    return [
        BlindSpot(unit, seen.get(unit.code))
        for unit in places
        if unit.valid_on(today) and (unit.code not in seen or seen[unit.code] < first)
    ]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A day on which one network says zero of a place and another found something there."""

    contradiction: Contradiction
    networks: tuple[Network, ...]


def disagreements(store: Store, first: date, last: date, at: Instant) -> list[Disagreement]:
    """Return the contradicted zeros with the networks of the unit that recorded the other thing."""
    belongs = {network: membership(store, network) for network in Network}
    owners = {unit.code: unit for unit in units.selected(store.connection, Selection())}
    return [
        Disagreement(
            row,
            tuple(n for n, inside in belongs.items() if inside(owners[row.matter.issuer], row.day)),
        )
        for row in contradictions(store, first, last, Selection(), at)
    ]


@dataclass(frozen=True, slots=True)
class ComingGap:
    """An obligation that falls due on a coming day and whose unit has nobody to answer for it.

    `away`: there is a liaison, but he and all who stand in for him are away.
    """

    obligation: Obligation
    unit: Unit
    day: date
    away: bool


def coming_gaps(store: Store, days: int, at: Instant) -> list[ComingGap]:
    """Return what falls due in the next `days` days and finds no valid liaison or stand-in.

    A deputy answers as a liaison does. A person is away on the days on which somebody stands in
    for him.
    """
    if days < 1:
        raise Refused("notices.days_bad")
    today = store.today(at)
    first, last = today + timedelta(days=1), today + timedelta(days=days)
    with store.reading():
        owed = [
            (row.day, row)
            for row in expected_between(store, first, last, Selection())
            if not row.exempt
        ]
        owed += _steps_due(store, first, last, at)
        owners = units.by_code(store.connection, {row.unit for _, row in owed})
        everyone = people.everyone(store.connection)
        standing = people.stand_ins(store.connection)
    found: list[ComingGap] = []
    for day in days_between(first, last):
        away = {row.absent for row in standing if row.valid_on(day)}
        here = {
            name
            for person in everyone
            if person.valid_on(day) and person.login not in away
            for name in stands_in_for(person.login, standing, day)
        }
        answering: dict[str, list[str]] = {}
        for person in everyone:
            if person.valid_on(day) and person.role in (Role.LIAISON, Role.DEPUTY):
                answering.setdefault(person.unit, []).append(person.login)
        found += [
            ComingGap(row, owners[row.unit], day, bool(answering.get(row.unit)))
            for due, row in owed
            if due == day and not here.intersection(answering.get(row.unit, ()))
        ]
    return found


def _steps_due(store: Store, first: date, last: date, at: Instant) -> list[tuple[date, Obligation]]:
    """Return the open steps due from `first` to `last`, with their days, but for suspended days."""
    steps = [
        step_at(store, row, at) for row in step_rows.open_at(store.connection, at, Selection())
    ]
    dated = [(store.today(row.due_at), row) for row in steps]
    soon = [(day, row) for day, row in dated if first <= day <= last]
    still = matter_rows.suspensions(store.connection, [row.matter or "" for _, row in soon], at)
    return [
        (day, row)
        for day, row in soon
        if not any(span.first <= day <= span.last for span in still.get(row.matter or "", ()))
    ]


def unexplained(store: Store, selection: Selection, at: Instant) -> Sequence[MatterView]:
    """Return the contradicted zeros that wait for an explanation as of `at`."""
    return listed(store, selection, Filter(workflow="reconcile", open=True), at)
