"""Text from elsewhere, made safe to show: nothing in it steers a terminal or turns a line."""

from __future__ import annotations

import re

# C0 and C1 controls, the soft hyphen, zero-width, bidirectional and other characters that format
# and are not seen, line separators, tags, and halves of characters that no encoding can write.
_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff]"
)
_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_STEERING_BUT_BREAKS = re.compile(f"(?![\n\t]){_STEERING.pattern}")


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


def plain(text: str) -> str:
    """Return a text as files carry it: with plain line ends, without what steers a terminal."""
    return _STEERING_BUT_BREAKS.sub("", _BREAKS.sub("\n", text))


def escaped(json: str) -> str:
    """Return a JSON text with what steers a terminal as `\\u` escapes, which mean the same."""
    return json if json.isascii() and "\x7f" not in json else _ESCAPED.sub(_escape, json)


_ESCAPED = re.compile(f"(?!\n){_STEERING.pattern}")


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
