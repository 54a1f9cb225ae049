"""Urges: what the ladder sent, once per rung and obligation (R14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from domain.instants import Instant
from domain.ladder import RUNG_NAMES
from domain.obligations import Obligation
from domain.values import dataclass
from storage import proofs
from storage.connection import Connection, Row
from storage.store import fact, set_fact


@dataclass(frozen=True, slots=True)
class Urge:
    """One rung that fired for one obligation."""

    kind: str
    subject: str
    unit: str
    rung: str
    fired_at: Instant
    login: str
    addressees: str


def fire(connection: Connection, urge: Urge) -> bool:
    """Record a rung inside the caller's transaction; return False where it had fired before."""
    return (
        connection.execute(
            "INSERT INTO urges (kind, subject, unit, rung, fired_at, login, addressees)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, subject, unit, rung) DO NOTHING",
            (
                urge.kind,
                urge.subject,
                urge.unit,
                urge.rung,
                urge.fired_at,
                urge.login,
                urge.addressees,
            ),
        )
        > 0
    )


def fired(connection: Connection, at: Instant, owed: Iterable[Obligation]) -> dict[str, list[Urge]]:
    """Return what fired up to `at`, by obligation id, of those that have any.

    In the order in which it fired; what fired at once, in the order of the ladder's names.
    """
    wanted = list(owed)
    found: dict[str, list[Urge]] = {}
    for start in range(0, len(wanted), 300):
        part = {(row.kind.value, row.subject, row.unit): row for row in wanted[start : start + 300]}
        among = ", ".join(["(?, ?, ?)"] * len(part))
        for row in connection.rows(
            f"WITH wanted (kind, subject, unit) AS (VALUES {among})"
            " SELECT u.kind, u.subject, u.unit, u.rung, u.fired_at, u.login, u.addressees"
            " FROM wanted AS w INNER JOIN urges AS u"
            " ON u.kind = w.kind AND u.subject = w.subject AND u.unit = w.unit"
            " WHERE u.fired_at <= ?",
            [*(item for key in part for item in key), at],
        ):
            urge = Urge(*row)
            found.setdefault(part[row[0], row[1], row[2]].id, []).append(urge)
    for urges in found.values():
        urges.sort(key=lambda urge: (urge.fired_at, RUNG_NAMES.index(urge.rung)))
    return found


def of_day(
    connection: Connection, unit: str, rung: str, first: Instant, last: Instant
) -> list[Urge]:
    """Return what fired for a unit on one rung from `first` to `last`, by what is owed."""
    return [
        Urge(*row)
        for row in connection.rows(
            "SELECT kind, subject, unit, rung, fired_at, login, addressees FROM urges"
            " WHERE fired_at BETWEEN ? AND ? AND unit = ? AND rung = ? ORDER BY kind, subject",
            (first, last, unit, rung),
        )
    ]


def digest_at(connection: Connection, at: Instant) -> dict[str, object]:
    """Return count and digest of what fired at an instant, as the event of that run carries it."""
    return _digest(connection.rows(f"{_PROVEN} WHERE fired_at = ? {_ORDER}", (at,)))


def digests(connection: Connection) -> Iterator[tuple[Instant, dict[str, object]]]:
    """Yield `digest_at` of each instant at which anything fired, in order."""
    rows = connection.each(f"{_PROVEN} {_ORDER}")
    for at, group in groupby(rows, itemgetter(0)):
        yield at, _digest(group)


_PROVEN = "SELECT fired_at, kind, subject, unit, rung, login, addressees FROM urges"
_ORDER = "ORDER BY fired_at, kind, subject, unit, rung"


def _digest(rows: Iterable[Row]) -> dict[str, object]:
    digest = proofs.Digest()
    for row in rows:
        digest.add(row)
    return digest.detail()


def beat(connection: Connection, at: Instant) -> None:
    """Record that the ladder was looked at."""
    set_fact(connection, "last_urge_at", str(at))


def last_beat(connection: Connection) -> Instant | None:
    """Return when the ladder was last looked at, or None."""
    text = fact(connection, "last_urge_at")
    return None if text is None else int(text)
