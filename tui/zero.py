"""What a zero report will say, worked out from what stands in its fields (R4)."""

from __future__ import annotations

from catalogue import t
from domain.reports import Content, ReportKind
from domain.units import Kind, Unit
from domain.values import dataclass

PATROLLING = (Kind.REGION, Kind.CITY, Kind.DISTRICT, Kind.TOWN, Kind.TEAM)
"""Kinds of unit that patrol; departments file what they refused, cut off, prosecuted."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The areas as (patrolled, planned), None where none are said; or what is missing."""

    areas: tuple[int, int] | None
    problem: str = ""


def patrols(unit: Unit) -> bool:
    """Return whether the unit's zero reports must say how many areas were patrolled."""
    return unit.kind in PATROLLING


def scope(unit: Unit, planned: str, patrolled: str) -> Scope:
    """Return the scope that two fields give; `problem` is a sentence where one is missing."""
    plan, done = number(planned), number(patrolled)
    if plan is None and done is None and not patrols(unit):
        return Scope(None)
    if plan is None:
        return Scope(None, t("forms.planned_missing"))
    if done is None:
        return Scope(None, t("forms.patrolled_missing"))
    return Scope((done, plan))


def number(text: str) -> int | None:
    """Return the count in a field, in plain or full-width digits, or None."""
    plain = text.strip()
    return int(plain) if plain.isdecimal() else None


def sentence(unit: Unit, areas: tuple[int, int] | None) -> str:
    """Return what a zero report of this scope states."""
    kind = "patrol" if patrols(unit) else "duty"
    said = t(f"forms.zero_{kind}")
    if areas is None:
        return said
    done, plan = areas
    content = Content(ReportKind.ZERO, areas_planned=plan, areas_patrolled=done)
    key = "forms.zero_partial" if content.partial else "forms.zero_whole"
    return t(key, said=said, done=done, planned=plan, left=plan - done)
