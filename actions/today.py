"""A person's day: have I filed, what am I overdue with, and what falls due next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from actions.board import BoardRow, board, totals
from actions.expecting import expected_between
from actions.matters import MatterView, show
from actions.overdue import Owed, due, overdue, overdue_count, overdue_page
from actions.people import allowed, home_units, is_admin, roles_on
from actions.reporting import preview
from actions.units import find
from domain.calendar import DayKind
from domain.instants import Instant
from domain.obligations import Obligation, ObligationKind
from domain.people import Actor
from domain.permissions import Action
from domain.rates import Tally
from domain.reports import ReportKind, Revision, Status, status
from domain.units import Kind, Unit
from domain.values import dataclass
from storage import reports, units
from storage.store import Store
from storage.units import Selection

STRIP_DAYS = 30
"""The days that one looks back, today included."""
MOST_UNITS = 60
"""Units of one person's grid: more is the board's business."""
AHEAD_DAYS = 3
"""How far «what falls due next» looks."""
MOST_OVERDUE = 500
"""Overdue reports that a day lists, the longest first: more is the overdue list's business."""
MOST_DUE = 2000
"""Units of a city up to which its reports are among what falls due next."""


@dataclass(frozen=True, slots=True)
class UnitDay:
    """One unit's day; `last` is the newest revision of its last report before the day.

    `planned` is the number of areas that the last report with areas planned, carried over;
    `strip` has the last 30 days in order, without those on which the unit did not exist.
    """

    unit: Unit
    row: BoardRow
    obligation: Obligation | None
    last: Revision | None
    planned: int | None
    strip: tuple[BoardRow, ...]
    may_file: bool


@dataclass(frozen=True, slots=True)
class OverdueDay:
    """An overdue report of mine, its status, and what filing it now would make of it (R8).

    `days` and `workdays` have passed since the day of the report.
    """

    owed: Owed
    status: Status
    would_be: Status
    locked: bool
    days: int
    workdays: int


@dataclass(frozen=True, slots=True)
class Today:
    """A person's day as of `at`.

    `units` are those filed for: the own ones, then those expected today below them; `left_out`
    counts those beyond `MOST_UNITS`. `city` is everybody's day, where no unit is one's own.
    `overdue` has first what may still be filed, longest first, and `overdue_count` is how many
    there are, listed or not; `late_steps` the steps past due, longest first; `matters` those that
    steps here belong to. `admin`: may file for any unit.
    """

    at: Instant
    day: date
    kind: DayKind
    holiday: tuple[str, str] | None
    calendar_known: bool
    units: tuple[UnitDay, ...]
    left_out: int
    due: tuple[Owed, ...]
    overdue: tuple[OverdueDay, ...]
    overdue_count: int
    late_steps: tuple[Owed, ...]
    matters: Mapping[str, MatterView]
    city: Tally | None
    admin: bool


def today(store: Store, actor: Actor, at: Instant, unit: str | None = None) -> Today:
    """Return the day of whoever acts, or of one unit where `unit` names it."""
    day = store.today(at)
    calendar = store.calendar
    with store.reading():
        codes = [find(store, unit).code] if unit else _own(store, actor, day)
        below = [] if unit else _below(store, codes, day)
        mine = list(dict.fromkeys([*codes, *below]))
        shown = mine[:MOST_UNITS]
        selection = Selection(codes=tuple(mine)) if mine else Selection()
        city = None if mine else totals(store, day, day, Selection(), at)[day]
        past = overdue_page(store, at, selection, ObligationKind.REPORT, most=MOST_OVERDUE)
        count = len(past)
        if count == MOST_OVERDUE:
            count = overdue_count(store, at, selection, ObligationKind.REPORT)
        steps = tuple(overdue(store, at, selection, ObligationKind.STEP))
        until = store.zone.end_of(day + timedelta(days=AHEAD_DAYS))
        crowd = city is not None and city.expected + city.pending > MOST_DUE
        coming = tuple(due(store, at, until, selection, ObligationKind.STEP if crowd else None))
        numbers = {owed.obligation.matter for owed in (*steps, *coming)}
        return Today(
            at,
            day,
            calendar.kind(day),
            calendar.holiday_name(day),
            calendar.known(day),
            tuple(_unit_days(store, actor, shown, day, at)),
            len(mine) - len(shown),
            coming,
            tuple(sorted((_overdue_day(store, o) for o in past), key=lambda one: one.locked)),
            count,
            steps,
            {number: show(store, number, at) for number in numbers if number is not None},
            city,
            is_admin(store, actor.login, at),
        )


def _own(store: Store, actor: Actor, day: date) -> list[str]:
    """Return the units filed for by an own role, else the responsible units of other roles."""
    own = home_units(store, actor.login, day)
    if own:
        return own
    codes = [person.unit for person in roles_on(store, actor.login, day)]
    found = units.by_code(store.connection, codes)
    return [
        code
        for code in dict.fromkeys(codes)
        if found[code].kind not in (Kind.REGION, Kind.CITY) and found[code].valid_on(day)
    ]


def _below(store: Store, codes: Sequence[str], day: date) -> list[str]:
    """Return the units under these that are expected on `day`, in registry order."""
    found = {
        owed.unit
        for code in codes
        for owed in expected_between(store, day, day, Selection(under=code))
    }
    below = units.by_code(store.connection, found)
    return sorted(below, key=lambda code: below[code].order)


def _unit_days(
    store: Store, actor: Actor, codes: Sequence[str], day: date, at: Instant
) -> list[UnitDay]:
    first = day - timedelta(days=STRIP_DAYS - 1)
    selection = Selection(codes=tuple(codes))
    strips: dict[str, list[BoardRow]] = {code: [] for code in codes}
    for row in board(store, first, day, selection, at, everything=True) if codes else ():
        strips[row.unit.code].append(row)
    owed = {
        obligation.unit: obligation for obligation in expected_between(store, day, day, selection)
    }
    found: list[UnitDay] = []
    for code, rows in strips.items():
        if not rows or rows[-1].day != day:
            continue
        last = reports.last_before(store.connection, code, day)
        found.append(
            UnitDay(
                rows[-1].unit,
                rows[-1],
                owed.get(code),
                last,
                _planned(rows[:-1], last),
                tuple(rows),
                allowed(store, actor, Action.FILE, at, code),
            )
        )
    return found


def _planned(before: Sequence[BoardRow], last: Revision | None) -> int | None:
    """Return the areas that the last report before the day planned, of those that say so."""
    for row in reversed(before):
        if row.filed is not None and row.filed.areas_planned is not None:
            return row.filed.areas_planned
    return None if last is None else last.content.areas_planned


def _overdue_day(store: Store, owed: Owed) -> OverdueDay:
    obligation = owed.obligation
    at = owed.at
    last = store.today(at)
    return OverdueDay(
        owed,
        status(obligation.window(), obligation.exempt, None, at),
        status(obligation.window(), obligation.exempt, at, at),
        obligation.locks_at is not None and at > obligation.locks_at,
        (last - obligation.day).days,
        store.calendar.workdays_between(obligation.day, last),
    )


@dataclass(frozen=True, slots=True)
class Filing:
    """What a form needs before it opens: what stands, what to carry over, what would become.

    `would_be` is the status that a first filing now would have; `locked`: only an admin may file,
    with a reason (R7). `standing` are the day's revisions, `last` the last report before it.
    """

    unit: Unit
    day: date
    today: date
    would_be: Status
    locked: bool
    may_file: bool
    may_file_locked: bool
    standing: tuple[Revision, ...]
    last: Revision | None
    planned: int | None

    @property
    def kind(self) -> ReportKind | None:
        """Return the kind of the report that stands, or None."""
        return self.standing[-1].content.kind if self.standing else None


def filing(store: Store, actor: Actor, unit: str, day: date, at: Instant) -> Filing:
    """Return what is to be known before a report of `unit` for `day` is written or amended."""
    with store.reading():
        owner = find(store, unit, day)
        would_be, locked = preview(store, owner, day, at)
        first = day - timedelta(days=STRIP_DAYS)
        before = board(store, first, day - timedelta(days=1), Selection(unit=owner.code), at)
        last = reports.last_before(store.connection, owner.code, day)
        return Filing(
            owner,
            day,
            store.today(at),
            would_be,
            locked,
            allowed(store, actor, Action.FILE, at, owner.code),
            allowed(store, actor, Action.FILE_LOCKED, at, owner.code),
            tuple(reports.revisions(store.connection, owner.code, day, at)),
            last,
            _planned(before, last),
        )
