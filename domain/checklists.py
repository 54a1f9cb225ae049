"""The checklist of grassroots land offices: standards, states with evidence, and their sums."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from domain.errors import Refused, UsageError
from domain.instants import Instant
from domain.units import Kind, Unit
from domain.values import dataclass


class Section(StrEnum):
    """What a standard is about."""

    ORGANISATION = "organisation"
    STAFF = "staff"
    PREMISES = "premises"
    EQUIPMENT = "equipment"


class State(StrEnum):
    """What was found of a standard; `not_needed`: it does not hold for this office."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Standard:
    """One line of the checklist."""

    code: str
    section: Section
    standard: str
    standard_en: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one standard at one office: the state, its day, and the evidence."""

    unit: str
    item: str
    state: State
    day: date
    evidence: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was said, as it is recorded: which revision, when and by whom."""

    said: Said
    revision: int
    at: Instant
    login: str
    real_login: str


@dataclasses.dataclass(slots=True)
class Counts:
    """How many standards of some offices are in each state; `unseen` were never looked at."""

    met: int = 0
    partly: int = 0
    not_met: int = 0
    not_needed: int = 0
    unseen: int = 0

    def add(self, state: State | None) -> None:
        """Count one standard of one office."""
        name = "unseen" if state is None else state.value
        setattr(self, name, getattr(self, name) + 1)

    def merge(self, other: Counts) -> None:
        """Add another's counts."""
        for name in ("met", "partly", "not_met", "not_needed", "unseen"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def asked(self) -> int:
        """Return how many standards hold, seen or not: what `met` is a part of."""
        return self.met + self.partly + self.not_met + self.unseen


def count(states: Iterable[State | None]) -> Counts:
    """Return the counts of states; None for what was never looked at."""
    found = Counts()
    for state in states:
        found.add(state)
    return found


def parse_state(text: str) -> State:
    """Return the state of a word; raises UsageError naming them all."""
    try:
        return State(text.strip().lower().replace("-", "_"))
    except ValueError:
        raise UsageError("checklist.state_unknown", state=text, states=list(State)) from None


def check_said(unit: Unit, said: Said, today: date) -> None:
    """Refuse what is said of a unit that is no office, of a day to come, or without evidence."""
    if unit.kind is not Kind.TOWN:
        raise Refused("checklist.not_an_office", unit=unit.called)
    if said.day > today:
        raise Refused("checklist.future", day=said.day)
    if not said.evidence.strip():
        raise Refused("checklist.evidence_missing")
