"""Text measured in terminal cells: a Han character takes two, and is never cut in half."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

# What may not begin a line, and what may not end one.
_CLOSING = frozenset("、。,.;:?!)]}%”’》」』】…)],。;:?!")
_PAUSES = frozenset("、。,;:;, ")
_OPENING = frozenset("([{“‘《「『【([")


def pad(text: str, width: int, right: bool = False) -> str:
    """Return the text with blanks up to `width` cells; `right`: before it."""
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks


def fit(text: str, width: int) -> str:
    """Return the text, or as much of it as fits into `width` cells with an ellipsis."""
    if cell_len(text) <= width:
        return text
    kept, used = [], 1
    for character in text:
        used += cell_len(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…" if width > 0 else ""


def wrap(text: str, width: int) -> list[str]:
    """Return the text as lines of at most `width` cells.

    Lines break at blanks and between Han characters, never inside a Latin word or a number
    unless it is longer than a line, and not before closing or after opening punctuation.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if cell_len(line + piece.rstrip()) <= width:
            line += piece
            continue
        if line:
            kept, moved = _at_pause(line, width)
            lines.append(kept)
            line = (moved + piece).lstrip()
        else:
            line = piece
        while cell_len(line.rstrip()) > width:
            head = _head(line, width)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _at_pause(line: str, width: int) -> tuple[str, str]:
    """Return a full line in two where a pause near its end is a better place to break."""
    if cell_len(line[-1]) == 2:
        for index in range(len(line) - 1, 0, -1):
            if cell_len(line[:index]) < width * 2 // 3:
                break
            if line[index - 1] in _PAUSES:
                return line[:index].rstrip(), line[index:]
    return line.rstrip(), ""


def _pieces(text: str) -> Iterator[str]:
    """Yield the parts between which a line may break, each with the blanks after it."""
    piece = ""
    for character in text:
        if piece and _may_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING or before in _OPENING or after == " ":
        return False
    return before == " " or cell_len(before) == 2 or cell_len(after) == 2


def _head(text: str, width: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return text[: max(1, index)]
    return text
