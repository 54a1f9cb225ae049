"""The bottom line: what the keys do here."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from catalogue import t

LATER = ("open", "filter", "explain", "copy", "unit", "person", "language", "rest", "back", "leave")
"""Bindings that stand after the acts of the view, in this order."""
LAST = ("help", "palette")
"""Bindings that stand last and are never left out."""
_GAP = 2


class KeysBar(Widget):
    """Shows the keys of what has the focus, as many as fit whole; a click does the same.

    A binding's description is a catalogue key, so the line follows the language.
    """

    DEFAULT_CSS = """
    KeysBar { height: 1; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__(id="keys-bar")
        self._hits: list[tuple[int, int, ActiveBinding]] = []

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Content:
        """Draw the keys that fit, those of `LAST` first of all."""
        shown = self._shown()
        room = self.size.width + _GAP
        last = [entry for entry in shown if entry[2].binding.id in LAST]
        room -= sum(_width(entry) for entry in last)
        fitting: list[tuple[str, str, ActiveBinding]] = []
        for entry in shown:
            if entry not in last and _width(entry) <= room:
                room -= _width(entry)
                fitting.append(entry)
        line = Content("")
        self._hits = []
        for key, text, active in [*fitting, *last]:
            if line:
                line += " " * _GAP
            start = cell_len(line.plain)
            line += Content.styled(key, "bold $accent") + " " + Content.styled(text, "$quiet")
            self._hits.append((start, cell_len(line.plain), active))
        return line

    def _shown(self) -> list[tuple[str, str, ActiveBinding]]:
        found: dict[str, tuple[str, str, ActiveBinding]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or not active.enabled or binding.action in found:
                continue
            key = self.app.get_key_display(binding)
            found[binding.action] = (key, t(binding.description), active)
        return sorted(found.values(), key=lambda entry: _place(entry[2].binding.id))

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the mouse does."""
        for start, end, active in self._hits:
            if start <= event.x - 1 < end:
                await self.app.run_action(active.binding.action, active.node)
                return


def _place(binding_id: str | None) -> int:
    order = (*LATER, *LAST)
    return order.index(binding_id) + 1 if binding_id in order else 0


def _width(entry: tuple[str, str, ActiveBinding]) -> int:
    return cell_len(entry[0]) + 1 + cell_len(entry[1]) + _GAP
