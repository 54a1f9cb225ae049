"""Pictures as lines of plain characters, measured in cells: they can be read without colour.

Terminal plot libraries count characters, and a Han character is two cells: their columns come
apart in Chinese. The few forms here need no more than blanks and ASCII marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rich.cells import cell_len, set_cell_size

from catalogue import t
from domain.units import Kind
from exchange.pictures import Bar, Bars, Curves, Drawing, Tiles

Piece = tuple[str, str]
"""A text, and the name of its style: plain, strong, quiet, accent, soon or late."""
Line = tuple[Piece, ...]

_LEVELS = 10
_AXIS = 6
_DAY_MOST = 3
_NAME, _LEAST_BAR, _GOOD_BAR = 14, 8, 13
_TILE = 12
_CUT = ".."
_CLOSING = " ,。;:、)%"
"""What begins no line."""


def picture_lines(drawing: Drawing, width: int) -> list[Line]:
    """Return a picture in at most `width` cells: a title, what is drawn, notes."""
    lines: list[Line] = [_one(part, "strong") for part in _broken(drawing.title, width)]
    lines.append(())
    if drawing.empty:
        return [*lines, _one(drawing.empty, "quiet")]
    body = drawing.body
    if isinstance(body, Curves):
        lines += _curves(body, width)
    elif isinstance(body, Bars):
        lines += _bars(body, width)
    else:
        lines += _tiles(body, width)
    lines.append(())
    return lines + [_one(part, "quiet") for note in drawing.notes for part in _broken(note, width)]


def _one(text: str, style: str) -> Line:
    return ((text, style),)


def _broken(text: str, width: int) -> list[str]:
    """Return a sentence in lines of at most `width` cells."""
    found: list[str] = []
    line = ""
    for word in _words(text):
        if line and cell_len(line + word.rstrip()) > width:
            found.append(line.rstrip())
            line = word
        else:
            line += word
    return [*found, line.rstrip()]


def _words(text: str) -> list[str]:
    """Return the parts between which a line may break: after blanks, around Han characters."""
    found = [""]
    for character in text:
        before = found[-1][-1:]
        wide = cell_len(before) == 2 or cell_len(character) == 2
        if before and character not in _CLOSING and (before == " " or wide):
            found.append("")
        found[-1] += character
    return found


def _fit(text: str, width: int, *, right: bool = False) -> str:
    """Return a text in exactly `width` cells."""
    room = width - cell_len(text)
    if room >= 0:
        return " " * room + text if right else text + " " * room
    return set_cell_size(set_cell_size(text, max(0, width - len(_CUT))).rstrip() + _CUT, width)


def _labelled(text: str, width: int) -> str:
    """Return a label in exactly `width` cells; where it is cut, what is in brackets stays."""
    tail = text[text.rfind("(") :] if text.endswith(")") else ""
    room = width - cell_len(tail) - len(_CUT)
    if cell_len(text) <= width or not tail or room < 1:
        return _fit(text, width)
    return _fit(set_cell_size(text, room).rstrip() + _CUT + tail, width)


def _curves(body: Curves, width: int) -> list[Line]:
    room = width - _AXIS - 1
    each = max(1, min(_DAY_MOST, room // max(1, len(body.days))))
    count = min(len(body.days), room // each)
    days = body.days[-count:]
    lines: list[Line] = [_legend([(curve.mark, curve.word) for curve in body.curves])]
    if len(body.curves) > 1:
        lines[0] = (*lines[0], ("   ", "quiet"), ("*", "strong"), (f" {t('plot.both')}", "quiet"))
    grid = [[" "] * count for _ in range(_LEVELS + 1)]
    for curve in body.curves:
        for place, value in enumerate(curve.values[-count:]):
            if value is None:
                continue
            level = level_of(value)
            standing = grid[level][place]
            grid[level][place] = curve.mark if standing == " " else "*"
    for level in range(_LEVELS, -1, -1):
        label = f"{level * 10:>3} %" if level % 2 == 0 else ""
        marks = "".join(mark.ljust(each) for mark in grid[level])
        lines.append(((_fit(label, _AXIS - 1, right=True), "quiet"), (f"|{marks}", "accent")))
    lines.append(_one(" " * (_AXIS - 1) + "+" + "-" * (count * each), "quiet"))
    dates = ""
    for place, day in enumerate(days):
        label = f"{day:%m-%d}"
        at = place * each
        last = place == len(days) - 1
        if place % max(1, -(-8 // each)) == 0 or last:
            at = min(at, count * each - len(label)) if last else at
            if at >= cell_len(dates) + (2 if dates else 0):
                dates += " " * (at - cell_len(dates)) + label
    lines.append(_one(" " * _AXIS + dates, "quiet"))
    if count < len(body.days):
        lines.append(_one(t("plot.days_cut", count=count, whole=len(body.days)), "quiet"))
    return lines


def level_of(value: Fraction) -> int:
    """Return on which line a rate stands, from 0 to 10: full only where it is, none likewise.

    Between them it is rounded half up; what is not full is never drawn as full.
    """
    if value >= 1:
        return _LEVELS
    if value <= 0:
        return 0
    return max(1, min(_LEVELS - 1, int(value * _LEVELS + Fraction(1, 2))))


def _legend(pairs: Sequence[tuple[str, str]]) -> Line:
    found: list[Piece] = []
    for mark, word in pairs:
        found += [("   " if found else "", "quiet"), (mark, "strong"), (f" {word}", "quiet")]
    return tuple(found)


def _bars(body: Bars, width: int) -> list[Line]:
    lines: list[Line] = []
    legend = list(body.legend)
    if body.line_word:
        legend.append(("|", body.line_word))
    if legend:
        lines.append(_legend(legend))
    names = max((cell_len(bar.label) for bar in body.bars), default=0)
    heads = any(bar.head for bar in body.bars)
    told = max((cell_len(bar.told) for bar in body.bars), default=0)
    left = width - 4 - (2 if heads else 0)
    name = min(names, max(_NAME, left - told - _GOOD_BAR))
    room = max(_LEAST_BAR, left - name - told)
    told = min(told, left - name - room)
    marks = [mark for mark, _ in body.legend] or ["#"]
    for bar in body.bars:
        if bar.head:
            lines.append(_one(bar.head, "strong"))
        indent = "  " if heads else ""
        lines.append(
            (
                (indent + _labelled(bar.label, name) + "  ", "plain"),
                *_bar(bar, marks, room),
                ("  " + _fit(bar.told, told).rstrip(), bar.style),
            )
        )
    return lines


def _bar(bar: Bar, marks: Sequence[str], room: int) -> Line:
    """Return the parts of a bar and its line, in exactly `room` cells."""
    cells = "".join(
        mark * count for mark, count in zip(marks, shares(bar.parts, room), strict=False)
    ).ljust(room)
    if bar.line is None:
        return ((cells, bar.style if bar.style != "plain" else "accent"),)
    at = min(room - 1, int(bar.line * room))
    style = bar.style if bar.style != "plain" else "accent"
    return ((cells[:at], style), ("|", "strong"), (cells[at + 1 :], style))


def shares(parts: Sequence[Fraction], room: int) -> list[int]:
    """Return the cells of each part of a bar of `room` cells; what is not nothing gets one.

    Together they are as long as the whole, rounded half up, where there is room.
    """
    found = [max(1, int(part * room)) if part > 0 else 0 for part in parts]
    whole = min(room, int(sum(parts, Fraction(0)) * room + Fraction(1, 2)))
    spare = whole - sum(found)
    if spare > 0 and found:
        found[max(range(len(parts)), key=lambda place: parts[place])] += spare
    while sum(found) > room:
        found[max(range(len(found)), key=found.__getitem__)] -= 1
    return found


def _tiles(body: Tiles, width: int) -> list[Line]:
    across = max((tile.place for tile in body.tiles), default=0) + 1
    each = max(6, min(_TILE, width // across))
    blank = " " * max(
        (cell_len(tile.letter) for tile in body.tiles if tile.letter.strip()), default=1
    )
    lines: list[Line] = []
    before: Kind | None = None
    for number in sorted({tile.line for tile in body.tiles}):
        row = {tile.place: tile for tile in body.tiles if tile.line == number}
        kind = next(iter(row.values())).kind
        if before is not None and kind is not before:
            lines.append(_one("-" * min(width, across * each), "quiet"))
        before = kind
        names: list[Piece] = []
        letters: list[Piece] = []
        for place in range(max(row) + 1):
            tile = row.get(place)
            if tile is None:
                names.append((" " * each, "plain"))
                letters.append((" " * each, "plain"))
                continue
            names.append((_fit(tile.name, each - 1) + " ", "plain"))
            letter = tile.letter if tile.letter.strip() else blank
            letters += [(f"[{letter}]", tile.style), (" " * (each - cell_len(letter) - 2), "plain")]
        lines += [tuple(names), tuple(letters)]
    lines += [(), *_legends(body.legend, width)]
    return lines


def _legends(pairs: Sequence[tuple[str, str]], width: int) -> list[Line]:
    """Return the legend in as many lines as it takes."""
    lines: list[Line] = []
    row: list[tuple[str, str]] = []
    for pair in pairs:
        longer = [*row, pair]
        if row and sum(cell_len(mark + word) + 4 for mark, word in longer) > width:
            lines.append(_legend(row))
            longer = [pair]
        row = longer
    return [*lines, _legend(row)] if row else lines
