"""The dated links of the horizontal and the supervision network (R2), and duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.networks import Link, Network
from domain.values import dataclass
from storage.columns import day_of, day_text, marks
from storage.connection import Connection


@dataclass(frozen=True, slots=True)
class Duty:
    """What a unit has to do in the network, with its source."""

    unit: str
    duty: str
    duty_en: str = ""
    source: str = ""


def links(connection: Connection, network: Network | None = None) -> list[Link]:
    """Return the links of a network, or of all, past ones too, in the order entered."""
    where = "" if network is None else " WHERE network = ?"
    return [
        Link(Network(row[0]), row[1], row[2], day_of(row[3]), day_of(row[4]))
        for row in connection.rows(
            f"SELECT network, source, target, valid_from, valid_to FROM links{where}"
            " ORDER BY position",
            () if network is None else (network.value,),
        )
    ]


def supervisors_of(connection: Connection, codes: Sequence[str], day: date) -> set[str]:
    """Return the units that supervise any of these on `day` (R2)."""
    return {
        row[0]
        for row in connection.rows(
            "SELECT source FROM links WHERE network = 'supervision'"
            f" AND target IN ({marks(len(codes))})"
            " AND (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?)",
            [*codes, day.isoformat(), day.isoformat()],
        )
    }


def save(connection: Connection, rows: Sequence[Link]) -> None:
    """Write links; one is the same as another by network, ends and first day."""
    connection.execute_many(
        "INSERT INTO links (network, source, target, valid_from, valid_to) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (network, source, target, COALESCE(valid_from, ''))"
        " DO UPDATE SET valid_to = excluded.valid_to",
        [
            (
                link.network.value,
                link.source,
                link.target,
                day_text(link.valid_from),
                day_text(link.valid_to),
            )
            for link in rows
        ],
    )


def duties(connection: Connection, unit: str | None = None) -> list[Duty]:
    """Return the duties of one unit, or of all, in the order entered."""
    where = "" if unit is None else " WHERE unit = ?"
    return [
        Duty(*row)
        for row in connection.rows(
            f"SELECT unit, duty, duty_en, source FROM duties{where} ORDER BY position",
            () if unit is None else (unit,),
        )
    ]


def save_duties(connection: Connection, rows: Sequence[Duty]) -> None:
    """Add duties."""
    connection.execute_many(
        "INSERT INTO duties (unit, duty, duty_en, source) VALUES (?, ?, ?, ?)",
        [(row.unit, row.duty, row.duty_en, row.source) for row in rows],
    )
