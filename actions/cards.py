"""All that is known of one unit on a day: the card that every view opens."""

from __future__ import annotations

from datetime import date, timedelta

from actions.board import BoardRow, board
from actions.networks import membership
from actions.overdue import Owed, due, overdue
from actions.units import find
from domain.instants import Instant
from domain.networks import Network
from domain.people import Person
from domain.schedules import Days, Exemption, Schedule, Window, schedule_in_force, window
from domain.units import Unit
from domain.values import dataclass
from storage import networks, people, schedules, units
from storage.networks import Duty
from storage.store import Store
from storage.units import Selection

STRIP_DAYS = 30
"""The days that the card looks back, the day itself included."""


@dataclass(frozen=True, slots=True)
class Card:
    """A unit on `day` as of an instant.

    `above` is its line, nearest first. `schedule` is the row in force, None where the city's
    default for its kind holds; `window` has the day's instants, None where `days` is `none`.
    `recent` has the last 30 days in order, without those on which the unit did not exist; `owed`
    what is open: overdue first, then what falls due by the end of the next day.
    """

    unit: Unit
    day: date
    above: tuple[Unit, ...]
    networks: tuple[Network, ...]
    supervisors: tuple[Unit, ...]
    people: tuple[Person, ...]
    duties: tuple[Duty, ...]
    days: Days
    schedule: Schedule | None
    window: Window | None
    exemptions: tuple[Exemption, ...]
    recent: tuple[BoardRow, ...]
    owed: tuple[Owed, ...]


def card(store: Store, code: str, day: date, at: Instant) -> Card:
    """Return the card of a unit on `day` as of `at`; raises NotFound for an unknown code."""
    connection = store.connection
    with connection.reading():
        unit = find(store, code)
        own = Selection(unit=unit.code)
        row = schedule_in_force(schedules.every(connection, [unit.code]), day)
        days = row.days if row else store.reporting.days_by_kind.get(unit.kind, Days.NONE)
        expecting = days is not Days.NONE and unit.valid_on(day)
        links = networks.links(connection, Network.SUPERVISION)
        above = [x.source for x in links if x.target == unit.code and x.valid_on(day)]
        supervisors = units.by_code(connection, above)
        return Card(
            unit,
            day,
            tuple(units.line(connection, unit.code)[1:]),
            tuple(network for network in Network if membership(store, network)(unit, day)),
            tuple(supervisors[code] for code in above if supervisors[code].valid_on(day)),
            tuple(
                person for person in people.of_unit(connection, unit.code) if person.valid_on(day)
            ),
            tuple(networks.duties(connection, unit.code)),
            days,
            row,
            window(store.reporting, day, row, days) if expecting else None,
            tuple(
                found
                for found in schedules.exemptions(connection, [unit.code])
                if found.last >= day - timedelta(days=STRIP_DAYS - 1)
            ),
            tuple(
                board(store, day - timedelta(days=STRIP_DAYS - 1), day, own, at, everything=True)
            ),
            (
                *overdue(store, at, own),
                *due(store, at, store.zone.end_of(store.today(at) + timedelta(days=1)), own),
            ),
        )
