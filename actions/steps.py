"""What the obligations of steps are about: their matters, and the steps themselves (R11, R15)."""

from __future__ import annotations

from collections.abc import Iterable

from actions.workflows import workflows
from domain.matters import Matter, parse_subject
from domain.obligations import Obligation
from domain.values import dataclass
from domain.workflows import Step
from storage import matters
from storage.store import Store


@dataclass(frozen=True, slots=True)
class StepOf:
    """The matter of a step's obligation, the step, and which round of it this is."""

    matter: Matter
    step: Step
    round: int


def steps_of(store: Store, owed: Iterable[Obligation]) -> dict[str, StepOf]:
    """Return what obligations of steps are about, by their id; reports have no place in it."""
    steps = [row for row in owed if row.matter is not None]
    if not steps:
        return {}
    known = matters.by_number(store.connection, {row.matter for row in steps if row.matter})
    table = workflows(store)
    found: dict[str, StepOf] = {}
    for row in steps:
        number, key, round_ = parse_subject(row.subject)
        matter = known[number]
        found[row.id] = StepOf(matter, table[matter.workflow].step(key), round_)
    return found
