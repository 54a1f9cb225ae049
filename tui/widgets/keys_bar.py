"""The bottom line: what the keys do here."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from catalogue import t

LATER = (
    *("open", "filter", "explain", "copy", "leave", "district", "all_units", "unfiled"),
    *("unit", "person", "language", "look"),
    *("today", "board", "networks", "overdue", "quit", "rest", "back"),
)
"""Bindings that stand after the acts of the view, in this order."""
LAST = ("help", "palette")
"""Bindings that stand last."""
KEPT = (*LAST, "open", "leave", "explain")
"""Bindings that are left out last where the line is short."""
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
        self._drawn: Content | None = None
        """What is painted, None where it is about to be anew."""

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        before = self._drawn
        if before is not None and not self._line().is_same(before):
            self._drawn = None
            self.refresh()

    def render(self) -> Content:
        """Draw the keys."""
        self._drawn = self._line()
        return self._drawn

    def _line(self) -> Content:
        """Return the keys that fit, those of `KEPT` first of all, each in its place."""
        shown = self._shown()
        room = self.size.width + _GAP
        fitting = set()
        for entry in sorted(shown, key=lambda entry: entry[2].binding.id not in KEPT):
            if _width(entry) <= room:
                room -= _width(entry)
                fitting.add(entry[2].binding.action)
        line = Content("")
        self._hits = []
        for key, text, active in shown:
            if active.binding.action not in fitting:
                continue
            if line:
                line += " " * _GAP
            start = cell_len(line.plain)
            line += Content.styled(key, "bold $accent") + " " + Content.styled(text, "$quiet")
            self._hits.append((start, cell_len(line.plain), active))
        return line

    def _shown(self) -> list[tuple[str, str, ActiveBinding]]:
        found: dict[str, tuple[str, str, ActiveBinding]] = {}
        focused = self.screen.focused
        writing = focused is not None and focused.check_consume_key("question_mark", "?")
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or not active.enabled or binding.action in found:
                continue
            key = self.app.get_key_display(binding)
            if writing and binding.id == "help":
                key = "F1"
            found[binding.action] = (key, t(binding.description), active)
        return sorted(found.values(), key=lambda entry: place(entry[2].binding.id))

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the mouse does."""
        for start, end, active in self._hits:
            if start <= event.x - 1 < end:
                await self.app.run_action(active.binding.action, active.node)
                return


def place(binding_id: str | None) -> int:
    """Return where a binding stands among the others; those not named come first, as declared."""
    order = (*LATER, *LAST)
    return order.index(binding_id) + 1 if binding_id in order else 0


def _width(entry: tuple[str, str, ActiveBinding]) -> int:
    return cell_len(entry[0]) + 1 + cell_len(entry[1]) + _GAP
