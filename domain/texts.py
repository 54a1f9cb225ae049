"""Text from elsewhere, made safe to show: nothing in it steers a terminal or turns a line."""

from __future__ import annotations

import re

# C0 and C1 controls, the soft hyphen, zero-width and bidirectional marks, line separators, and
# halves of characters that no encoding can write.
_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)


def visible(text: str) -> str:
    """Return a text as one line without characters that a terminal obeys instead of showing.

    Line breaks and tabs become blanks, everything else of the kind a question mark.
    """
    return text if text.isascii() and text.isprintable() else _STEERING.sub(_shown, text)


def visible_lines(text: str) -> list[str]:
    """Return the lines of a text, each made safe as `visible` does."""
    return [visible(line) for line in text.splitlines()]


def _shown(match: re.Match[str]) -> str:
    return " " if match[0] in "\t\n\v\f\r\u2028\u2029" else "?"
