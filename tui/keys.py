"""Keys as people read them, and the keys that a configuration gives (`[keys]`)."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character

from catalogue import t

MOVES = frozenset(("up", "down", "left", "right", "page_up", "page_down", "first", "last"))
"""Bindings that move the cursor: keys one presses, nothing one looks for by name."""
_WORDS = {
    "escape": "Esc",
    "enter": "Enter",
    "delete": "Del",
    "backspace": "Backspace",
    "space": "Space",
    "tab": "Tab",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "fullwidth_question_mark": "?",
}
_ARROWS = ("up", "down", "left", "right")
_FUNCTION_KEY = re.compile(r"f\d{1,2}")


def key_word(binding: Binding) -> str:
    """Return a binding's key as it is printed on keyboards: `Ctrl+P`, `F2`, `Esc`, `z`."""
    if binding.key_display:
        return binding.key_display
    *modifiers, key = binding.key.split("+")
    word = t(f"keys.arrow_{key}") if key in _ARROWS else _WORDS.get(key)
    if word is None:
        upper = modifiers or _FUNCTION_KEY.fullmatch(key)
        word = key.upper() if upper else key_to_character(key) or key
    return "+".join((*(modifier.capitalize() for modifier in modifiers), word))


def known_ids(modules: Iterable[str]) -> set[str]:
    """Return the ids of every binding of the classes that these modules define.

    Imports them: for whoever has keys of his own.
    """
    found: set[str] = set()
    for name in modules:
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, DOMNode):
                for base in value.__mro__:
                    bindings = Binding.make_bindings(vars(base).get("BINDINGS", ()))
                    found |= {binding.id for binding in bindings if binding.id}
    return found
