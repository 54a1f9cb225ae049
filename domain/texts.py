"""Text from elsewhere, made safe to show: nothing in it steers a terminal or turns a line."""

from __future__ import annotations

import re

# C0 and C1 controls, the soft hyphen, zero-width, bidirectional and other characters that format
# and are not seen, line separators, tags, and halves of characters that no encoding can write.
_CHARACTERS = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff]"
)
_BREAKS = "\r\n?|[\x85\u2028\u2029]"
_BUT_BREAKS = f"(?![\n\t]){_CHARACTERS}"
_BUT_LINES = f"(?!\n){_CHARACTERS}"


def visible(text: str) -> str:
    """Return a text as one line without characters that a terminal obeys instead of showing.

    Line breaks and tabs become blanks, everything else of the kind a question mark.
    """
    return text if text.isprintable() else re.sub(_CHARACTERS, _shown, text)


def visible_lines(text: str) -> list[str]:
    """Return the lines of a text, each made safe as `visible` does."""
    return [visible(line) for line in text.splitlines()]


def _shown(match: re.Match[str]) -> str:
    return " " if match[0] in "\t\n\v\f\r\u2028\u2029" else "?"


def plain(text: str) -> str:
    """Return a text as files carry it: with plain line ends, without what steers a terminal."""
    return re.sub(_BUT_BREAKS, "", re.sub(_BREAKS, "\n", text))


def escaped(json: str) -> str:
    """Return a JSON text with what steers a terminal as `\\u` escapes, which mean the same."""
    return json if json.isascii() and "\x7f" not in json else re.sub(_BUT_LINES, _escape, json)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
