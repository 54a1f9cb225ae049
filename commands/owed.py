"""What is owed, as `overdue` and `due` print it: one line per obligation (R11, R13)."""

from __future__ import annotations

from collections.abc import Sequence

import catalogue
from actions.overdue import Owed
from catalogue import span, t
from commands import output
from commands.output import Column, Format, Record
from domain.instants import Zone, utc
from domain.lights import Light

FIELDS = (
    "id",
    "kind",
    "unit",
    "name",
    "subject",
    "opened_at",
    "due_at",
    "overdue_seconds",
    "light",
    "rung",
)
STYLES = {Light.RED: "red", Light.AMBER: "yellow"}


def write(form: Format, rows: Sequence[Owed], zone: Zone, *, left: bool, empty: str) -> None:
    """Write obligations; `left`: the table says how long is left, otherwise how long overdue."""
    output.listing(form, rows, FIELDS, as_record, _columns(zone, left), empty)


def as_record(owed: Owed) -> Record:
    """Return an obligation as programs read it; what is not due yet is overdue by less than 0."""
    obligation = owed.obligation
    return {
        "id": obligation.id,
        "kind": obligation.kind.value,
        "unit": owed.unit.code,
        "name": owed.unit.name,
        "subject": obligation.subject,
        "opened_at": utc(obligation.opened_at),
        "due_at": utc(obligation.due_at),
        "overdue_seconds": owed.overdue_seconds,
        "light": owed.light.value,
        "rung": owed.rung,
    }


def light_words(light: Light) -> str:
    """Return a light as a word and a letter (R13)."""
    return f"{t(f'words.light_{light}')} {t(f'words.light_letter_{light}')}"


def overdue_text(owed: Owed, zone: Zone) -> str:
    """Return how long an obligation is overdue: days from its due day on, on that day hours."""
    days = (zone.day_of(owed.at) - zone.day_of(owed.obligation.due_at)).days
    return t("words.span_days", days=days) if days else span(owed.overdue_seconds)


def _columns(zone: Zone, left: bool) -> list[Column[Owed]]:
    return [
        Column(
            "cli.col_light",
            lambda row: light_words(row.light),
            style=lambda row: STYLES.get(row.light, ""),
        ),
        Column(
            "cli.col_left" if left else "cli.col_overdue",
            lambda row: span(-row.overdue_seconds) if left else overdue_text(row, zone),
            right=True,
        ),
        Column("cli.col_unit", lambda row: row.unit.code, rank=2),
        Column("cli.col_name", _name, elastic=True),
        Column("cli.col_kind", lambda row: t(f"words.obligation_{row.obligation.kind}"), rank=4),
        Column("cli.col_subject", lambda row: row.obligation.subject, elastic=True),
        Column("cli.col_due_at", lambda row: zone.show(row.obligation.due_at), rank=3),
        Column("cli.col_rung", lambda row: t(f"words.rung_{row.rung}") if row.rung else "", rank=5),
        Column("cli.col_id", lambda row: row.obligation.id, rank=1),
    ]


def _name(owed: Owed) -> str:
    return catalogue.pick(owed.unit.name, owed.unit.name_en)
