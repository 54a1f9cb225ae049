"""Choosing another person to act as, among the sample people of a demo."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from catalogue import t
from domain.instants import Instant
from domain.people import Actor, Person
from domain.texts import visible
from storage import people, units
from storage.store import Store
from tui.widgets.dialog import Dialog


class PersonDialog(Dialog[str]):
    """A list of everybody, filtered as one types; gives the login chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "keys.down", show=False),
        Binding("up", "step(-1)", "keys.up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._people: list[tuple[str, str]] = []

    def title_text(self) -> str:
        """Return the title."""
        return t("app.person_title")

    def content(self) -> list[Widget]:
        """Return the filter and the list."""
        listed = OptionList(id="people", compact=True, markup=False)
        listed.can_focus = False
        return [Input(placeholder=t("app.person_filter"), id="person-filter", compact=True), listed]

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("app.person_keys")

    def on_mount(self) -> None:
        """Ask who there is."""
        super().on_mount()
        self.ask(_everybody, self._show)

    def _show(self, found: list[tuple[str, str]]) -> None:
        self._people = found
        self._filter("")

    def _filter(self, text: str) -> None:
        listed = self.query_one("#people", OptionList)
        listed.clear_options()
        wanted = text.casefold()
        listed.add_options(
            Option(line, id=login)
            for login, line in self._people
            if _in_order(wanted, f"{login} {line}".casefold())
        )
        self.complain("" if listed.option_count else t("app.person_none"))
        if listed.option_count:
            listed.highlighted = 0

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._filter(event.value.strip())

    def action_step(self, step: int) -> None:
        """Move in the list while the filter keeps the focus."""
        listed = self.query_one("#people", OptionList)
        listed.action_cursor_down() if step > 0 else listed.action_cursor_up()

    def on_input_submitted(self) -> None:
        """Choose the person under the cursor."""
        listed = self.query_one("#people", OptionList)
        if listed.highlighted is not None:
            self.dismiss(listed.get_option_at_index(listed.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose the person clicked."""
        self.dismiss(event.option.id)


def _in_order(wanted: str, text: str) -> bool:
    """Return whether the characters of `wanted` stand in `text` in their order."""
    letters = iter(text)
    return all(letter in letters for letter in wanted if not letter.isspace())


def _everybody(store: Store, actor: Actor, at: Instant) -> list[tuple[str, str]]:
    """Return each login with a line on it, the real login first."""
    today = store.today(at)
    by_login: dict[str, list[Person]] = {}
    for person in people.everyone(store.connection):
        if person.valid_on(today):
            by_login.setdefault(person.login, []).append(person)
    known = units.by_code(
        store.connection, {role.unit for roles in by_login.values() for role in roles}
    )
    order = sorted(by_login, key=lambda login: login != actor.real_login)
    return [
        (
            login,
            visible(
                f"{by_login[login][0].name}  "
                + "  ".join(
                    f"{known[role.unit].name} {t(f'words.role_{role.role}')}"
                    for role in by_login[login]
                )
            ),
        )
        for login in order
    ]
