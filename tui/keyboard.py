"""What keys do in the whole program: their configuration, their names, and the palette."""

from __future__ import annotations

import pkgutil
from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.command import CommandPalette, Provider
from textual.dom import DOMNode
from textual.screen import Screen

import tui
from catalogue import t
from tui.keys import MOVES, key_word, known_ids
from tui.widgets.notice import Tone

if TYPE_CHECKING:
    from exchange.config import Loaded


def _acts() -> type[Provider]:
    """Return what the palette asks; nothing of it is imported before it is opened."""
    from tui.palette import Acts

    return Acts


class Keyboard(App[None]):
    """The base of the app: takes the keys of the configuration, and finds acts by name."""

    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_acts}
    loaded: Loaded

    @abstractmethod
    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Say something in the line of notices."""

    def take_keys(self) -> None:
        """Use the keys of the configuration; say which of them name nothing."""
        keys = dict(self.loaded.settings.preferences.keys)
        if not keys:
            return
        self.set_keymap(keys)
        modules = [found.name for found in pkgutil.walk_packages(tui.__path__, "tui.")]
        unknown = sorted(keys.keys() - known_ids(modules))
        if unknown:
            self.say(t("app.keys_unknown", names=unknown), Tone.ERROR)

    def handle_bindings_clash(
        self,
        clashed_bindings: set[Binding],
        node: DOMNode,  # noqa: ARG002 - Textual's signature
    ) -> None:
        """Say which keys of the configuration take the same key."""
        names = sorted(binding.id or binding.action for binding in clashed_bindings)
        self.say(t("app.keys_clash", names=names), Tone.ERROR)

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as it is printed on keyboards: `Ctrl+P`, `F2`, `Esc`."""
        return key_word(binding)

    def action_command_palette(self) -> None:
        """Find a view or an act by its name."""
        if not CommandPalette.is_open(cast(App[object], self)):
            self.push_screen(CommandPalette(placeholder=t("app.palette_placeholder")))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield every view and every act that a key does here, in words."""
        seen: set[str] = set()
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.id is None or binding.action in seen or not active.enabled:
                continue
            if binding.id == "palette" or binding.id in MOVES:
                continue
            seen.add(binding.action)
            yield SystemCommand(
                f"{t(binding.description)} {self.get_key_display(binding)}",
                t(binding.tooltip),
                lambda active=active: self.run_worker(
                    self.run_action(active.binding.action, active.node), exit_on_error=False
                ),
            )
