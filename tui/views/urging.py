"""Copying a text that urges a unit, from wherever the unit is under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from actions.matters import show
from actions.overdue import overdue
from domain.instants import Instant
from domain.matters import parse_subject
from domain.networks import Contacts, contacts_of
from domain.obligations import Obligation, ObligationKind
from domain.people import Actor
from domain.texts import visible
from exchange.urging import urging_text
from storage import people
from storage.store import Store
from storage.units import Selection, get
from tui.asking import Asks
from tui.matter_words import step_word
from tui.widgets.text_dialog import CopiedDialog


def copy_urging(asker: Asks, code: str, only: Obligation | None = None) -> None:
    """Copy the text that urges a unit for all that it owes past due, and show what was copied.

    With `only`, for that one obligation, due or not.
    """

    def question(store: Store, _actor: Actor, at: Instant) -> str:
        unit = get(store.connection, code)
        assert unit is not None
        late = [row.obligation for row in overdue(store, at, Selection(unit=code))]
        owed = late if only is None else [only]
        contacts = contacts_of(people.of_unit(store.connection, code), store.today(at))
        return urging_text(
            unit,
            owed,
            contacts.get(code, Contacts()),
            at,
            store.zone,
            store.calendar,
            step_titles(store, owed, at),
        )

    def copied(text: str) -> None:
        asker.program.copy_to_clipboard(text)
        asker.program.push_screen(CopiedDialog(text))

    asker.ask(question, copied, group="urging")


def step_titles(store: Store, owed: Sequence[Obligation], at: Instant) -> dict[str, str]:
    """Return what each step among these is about, by the obligation's id: its name and title."""
    found: dict[str, str] = {}
    for row in owed:
        if row.kind is ObligationKind.STEP and row.matter is not None:
            view = show(store, row.matter, at)
            _, key, round_ = parse_subject(row.subject)
            step = step_word(view.workflow.step(key), round_)
            found[row.id] = f"{step}  {visible(view.matter.title)}"
    return found
