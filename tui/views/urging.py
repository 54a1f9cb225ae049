"""Copying a text that urges a unit, from wherever the unit is under the cursor."""

from __future__ import annotations

from actions.overdue import overdue
from domain.instants import Instant
from domain.networks import Contacts, contacts_of
from domain.obligations import Obligation
from domain.people import Actor
from exchange.urging import urging_text
from storage import people
from storage.store import Store
from storage.units import Selection, get
from tui.asking import Asks
from tui.widgets.text_dialog import CopiedDialog


def copy_urging(asker: Asks, code: str, only: Obligation | None = None) -> None:
    """Copy the text that urges a unit for all that it owes past due, and show what was copied.

    With `only`, for that one obligation, due or not.
    """

    def question(store: Store, _actor: Actor, at: Instant) -> str:
        unit = get(store.connection, code)
        assert unit is not None
        late = [row.obligation for row in overdue(store, at, Selection(unit=code))]
        contacts = contacts_of(people.of_unit(store.connection, code), store.today(at))
        return urging_text(
            unit,
            late if only is None else [only],
            contacts.get(code, Contacts()),
            at,
            store.zone,
            store.calendar,
        )

    def copied(text: str) -> None:
        asker.program.copy_to_clipboard(text)
        asker.program.push_screen(CopiedDialog(text))

    asker.ask(question, copied, group="urging")
