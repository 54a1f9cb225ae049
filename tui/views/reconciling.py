"""Asking for explanations of contradicted zeros: what will be asked is shown before it is (R17)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from actions.reconciling import Contradiction, looked_back, reconcile, unasked
from catalogue import t
from domain.instants import Instant
from domain.matters import Matter
from domain.people import Actor
from domain.texts import visible
from storage.store import Store
from storage.units import Selection
from tui.widgets.confirm import ConfirmDialog
from tui.widgets.fitting import name_of

_SHOWN = 12
"""How many are told one by one."""


class AskDialog(ConfirmDialog):
    """Shows what will be asked, and of whom."""

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("supervision_ui.reconcile_keys")


def unasked_question(store: Store, _actor: Actor, at: Instant) -> list[Contradiction]:
    """Return the contradicted zeros of the look-back that nobody was asked about."""
    return unasked(store, *looked_back(store, store.today(at)), Selection(), at)


def reconcile_all(store: Store, actor: Actor, at: Instant) -> list[Matter]:
    """Ask for an explanation of each of them."""
    return reconcile(store, actor, *looked_back(store, store.today(at)), Selection(), at)


def contradiction_lines(found: Sequence[Contradiction]) -> list[Content]:
    """Return a line for each zero: whose, of which day, and what stands against it."""
    lines = [
        Content(
            t(
                "supervision_ui.reconcile_line",
                unit=name_of(row.unit),
                day=row.day,
                number=row.matter.number,
                title=visible(row.matter.title),
            )
        )
        for row in found[:_SHOWN]
    ]
    if len(found) > _SHOWN:
        lines.append(Content(t("supervision_ui.reconcile_more", count=len(found) - _SHOWN)))
    return lines
