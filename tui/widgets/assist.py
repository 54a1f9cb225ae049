"""Asking other units for what their duty says: several at once, each with its own deadline."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widget import Widget
from textual.widgets import Input, Static

from actions.assisting import Duties, ask
from actions.turns import Possible
from catalogue import listing, pick, t
from domain.instants import Instant
from domain.matters import Matter
from domain.people import Actor
from domain.texts import visible
from storage.store import Store
from tui.matter_words import head_words
from tui.widgets.check_list import CheckList
from tui.widgets.fields import Row
from tui.widgets.filling import FillingDialog


class AssistDialog(FillingDialog[list[Matter]]):
    """Gives the requests made.

    | Key | Does |
    |---|---|
    | `Space` | picks the unit under the cursor |
    | `Enter` | asks those that are picked |
    """

    DEFAULT_CSS = """
    AssistDialog CheckList { max-height: 8; }
    AssistDialog #assist-duty { height: auto; max-height: 3; color: $quiet; }
    AssistDialog Row > .label { width: 12; }
    """

    def __init__(self, found: Possible, units: Sequence[Duties], waiting: set[str]) -> None:
        """Take the matter, the units with duties, and those that have not answered yet."""
        super().__init__()
        self._found = found
        own = found.view.matter.unit
        self._units = {
            unit.code: unit for unit in units if unit.code != own and unit.code not in waiting
        }
        self._waiting = [visible(unit.name) for unit in units if unit.code in waiting]

    def title_text(self) -> str:
        """Return the title."""
        return t("matters_ui.title_assist")

    def content(self) -> list[Widget]:
        """Return the matter, the units, the duty under the cursor, and the text."""
        head = head_words(self._found.view.matter, self._found.view.workflow)
        if self._waiting:
            head += "\n" + t("matters_ui.assist_waiting", units=self._waiting)
        text = Input(id="assist-text", compact=True, placeholder=t("matters_ui.hint_duty"))
        return [
            Static(head, markup=False),
            CheckList(id="assist-units"),
            Static("", id="assist-duty", markup=False),
            Row(t("matters_ui.field_wanted"), text, remark=False),
            self.writes_line(),
        ]

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("matters_ui.assist_keys")

    def on_mount(self) -> None:
        """Show the units."""
        super().on_mount()
        listed = self.query_one(CheckList)
        listed.show(
            [(code, f"{visible(unit.name)}  {_duty(unit)}") for code, unit in self._units.items()]
        )
        self.set_focus(listed)
        self._say()

    def on_check_list_changed(self) -> None:
        """Say what would now be written."""
        self.complain("")
        self._say()

    def on_input_changed(self) -> None:
        """Say what would now be written."""
        self._say()

    def _say(self) -> None:
        listed = self.query_one(CheckList)
        current = self._units.get(listed.current or "")
        self.query_one("#assist-duty", Static).update("" if current is None else _duty(current))
        names = [visible(self._units[code].name) for code in listed.ticked]
        number = self._found.view.matter.number
        said = t("matters_ui.assist_none")
        if names:
            key = "matters_ui.writes_assist" if self._text else "matters_ui.writes_assist_duty"
            said = t(key, number=number, units=names, count=len(names))
        self.say_writes(said)

    @property
    def _text(self) -> str:
        return self.query_one("#assist-text", Input).value.strip()

    def action_write(self) -> None:
        """Ask the units that are picked; once."""
        asked, text = list(self.query_one(CheckList).ticked), self._text
        if self.writing:
            return
        if not asked:
            self.complain(t("matters_ui.assist_none"))
            return
        self.writing = True
        number = self._found.view.matter.number

        def question(store: Store, actor: Actor, at: Instant) -> list[Matter]:
            return ask(store, actor, number, asked, text, at)

        self.act(question, self.dismiss, refused=self.refused)


def _duty(unit: Duties) -> str:
    return listing([visible(pick(duty.duty, duty.duty_en)) for duty in unit.duties])
