"""Offering what a finding of a report may be the same as: one of the open matters, or a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from actions.matters import MatterView
from actions.reported import alike
from catalogue import t
from domain.findings import Finding
from domain.instants import Instant
from domain.people import Actor
from domain.values import dataclass
from storage.store import Store
from tui.asking import Asks
from tui.drafts import NEW, FindingDraft
from tui.matter_words import near_line
from tui.widgets.pick_dialog import PickDialog


@dataclass(frozen=True, slots=True)
class Offer:
    """The number of a finding, and the matters that it may be the same as, the likest first."""

    no: int
    views: Sequence[MatterView]


def ask_first(
    asker: Asks,
    unit: str,
    day: date,
    findings: Sequence[Finding],
    then: Callable[[Offer | None], object],
) -> None:
    """Ask for the first of these findings that may be an open matter; None where none may be."""
    undecided = [replace(finding, same_as="") for finding in findings]

    def question(store: Store, _actor: Actor, at: Instant) -> Offer | None:
        found = alike(store, unit, day, undecided, at)
        return next((Offer(no, views) for no, views in sorted(found.items())), None)

    asker.ask(question, then, group="same")


def offer(
    asker: Asks, found: Offer, draft: FindingDraft, then: Callable[[FindingDraft], object]
) -> None:
    """Let one of the matters be chosen, or a new one; then give the draft that says so."""
    options = [(view.matter.number, near_line(view)) for view in found.views]
    options.append((NEW, t("forms.same_new")))

    def chosen(key: str | None) -> None:
        if key is not None:
            then(replace(draft, same_as=key))

    asker.program.push_screen(PickDialog("forms.same_title", options), chosen)
