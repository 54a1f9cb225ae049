"""People and stand-ins (R3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.people import Person, Role, StandIn
from storage.columns import day_of, day_text
from storage.connection import Connection, Row

COLUMNS = "login, name, unit, role, phone, email, valid_from, valid_to"


def _person(connection: Connection, row: Row) -> Person:
    phone, email = row[4], row[5]
    role = Role(row[3])
    if (phone or email) and not connection.shows_contacts(row[2]):
        email = ""
        if phone and not connection.shows_phone(row[2], role.value):
            phone = ""
    return Person(row[0], row[1], row[2], role, phone, email, day_of(row[6]), day_of(row[7]))


def everyone(connection: Connection) -> list[Person]:
    """Return every role of every person, in the order entered."""
    return [
        _person(connection, row)
        for row in connection.rows(f"SELECT {COLUMNS} FROM people ORDER BY position")
    ]


def of_login(connection: Connection, login: str) -> list[Person]:
    """Return the roles of one login, in the order entered."""
    return [
        _person(connection, row)
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM people WHERE login = ? ORDER BY position", (login,)
        )
    ]


def of_unit(connection: Connection, unit: str) -> list[Person]:
    """Return the roles held in one unit, in the order entered."""
    return [
        _person(connection, row)
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM people WHERE unit = ? ORDER BY position", (unit,)
        )
    ]


def save(connection: Connection, people: Sequence[Person]) -> None:
    """Write roles; one is the same as another by login, unit, role and first day."""
    connection.execute_many(
        "INSERT INTO people (login, name, unit, role, phone, email, valid_from, valid_to)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (login, unit, role, COALESCE(valid_from, '')) DO UPDATE SET"
        " name = excluded.name, phone = excluded.phone, email = excluded.email,"
        " valid_to = excluded.valid_to",
        [
            (
                person.login,
                person.name,
                person.unit,
                person.role.value,
                person.phone,
                person.email,
                day_text(person.valid_from),
                day_text(person.valid_to),
            )
            for person in people
        ],
    )


def stand_ins(connection: Connection) -> list[StandIn]:
    """Return every stand-in, past ones too."""
    return [
        StandIn(row[0], row[1], date.fromisoformat(row[2]), date.fromisoformat(row[3]))
        for row in connection.rows(
            "SELECT login, absent, first, last FROM stand_ins ORDER BY first, login"
        )
    ]


def save_stand_in(connection: Connection, row: StandIn) -> None:
    """Write a stand-in; the same pair from the same day is replaced."""
    connection.execute(
        "INSERT INTO stand_ins (login, absent, first, last) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (login, absent, first) DO UPDATE SET last = excluded.last",
        (row.login, row.absent, row.first.isoformat(), row.last.isoformat()),
    )
