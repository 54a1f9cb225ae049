"""Pictures as SVG, and as PNG through resvg: hatching and letters, so that a copy in grey reads.

SVG is text, and these pictures are rectangles, lines and words: a library would only stand
between. Every number that is drawn stands in it in words as well, or as the title of its mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from rich.cells import cell_len

from exchange.pictures import Bar, Bars, Curves, Drawing, Tiles

FONTS = (
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
    "'WenQuanYi Zen Hei','Noto Sans',sans-serif"
)
"""Fonts that have Chinese come first: the Latin of each is good enough for English."""

_WIDTH = 960
_MARGIN = 32
_INK, _QUIET, _RULE, _ACCENT, _LATE, _SOON = (
    "#20262c",
    "#5d6873",
    "#c4c7c4",
    "#1f5f7a",
    "#b3261e",
    "#8a5a00",
)
_CELL = 7.4
"""Pixels of a cell of text at 14 pixels."""
_SHAPES = ("circle", "cross")
_FILLS = {
    "plain": "#dcebf1",
    "accent": "url(#dots)",
    "soon": "url(#soon)",
    "late": "url(#late)",
    "quiet": "#f2f2ee",
    "strong": "#dcebf1",
}
_PATTERNS = (
    '<pattern id="open" width="8" height="8" patternUnits="userSpaceOnUse">'
    f'<rect width="8" height="8" fill="#ffffff"/><path d="M0 8L8 0" stroke="{_ACCENT}"/></pattern>'
    '<pattern id="late" width="8" height="8" patternUnits="userSpaceOnUse">'
    f'<rect width="8" height="8" fill="#fbe9e7"/><path d="M0 0L8 8" stroke="{_LATE}"/></pattern>'
    '<pattern id="soon" width="8" height="8" patternUnits="userSpaceOnUse">'
    f'<rect width="8" height="8" fill="#fdf3e0"/><path d="M0 4H8" stroke="{_SOON}"/></pattern>'
    '<pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse">'
    f'<rect width="8" height="8" fill="#eef5f8"/><circle cx="4" cy="4" r="1.3" fill="{_ACCENT}"/>'
    "</pattern>"
)


class _Sheet:
    """What has been drawn so far, from the top down."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = float(_MARGIN)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = 14,
        fill: str = _INK,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """Write words whose baseline is at `y`."""
        weight = ' font-weight="bold"' if bold else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}"'
            f' text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, title: str = ""
    ) -> None:
        """Draw a rectangle; `title` is shown where it is pointed at."""
        told = f"<title>{escape(title)}</title>" if title else ""
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"'
            f' stroke="{_RULE}">{told}</rect>'
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, stroke: str = _RULE, width: float = 1
    ) -> None:
        """Draw a line."""
        self.parts.append(
            f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{stroke}"'
            f' stroke-width="{width:g}"/>'
        )


def svg(drawing: Drawing) -> str:
    """Return a picture as one SVG document."""
    sheet = _Sheet()
    sheet.y += 18
    sheet.text(_MARGIN, sheet.y, drawing.title, size=18, bold=True)
    sheet.y += 28
    body = drawing.body
    if drawing.empty:
        sheet.text(_MARGIN, sheet.y, drawing.empty, fill=_QUIET)
        sheet.y += 24
    elif isinstance(body, Curves):
        _curves(sheet, body)
    elif isinstance(body, Bars):
        _bars(sheet, body)
    else:
        _tiles(sheet, body)
    for note in drawing.notes if not drawing.empty else ():
        sheet.y += 20
        sheet.text(_MARGIN, sheet.y, note, size=13, fill=_QUIET)
    height = sheet.y + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}"'
        f' width="{_WIDTH}" height="{height:g}" font-family="{FONTS}">'
        f"<title>{escape(drawing.title)}</title><defs>{_PATTERNS}</defs>"
        f'<rect width="{_WIDTH}" height="{height:g}" fill="#ffffff"/>'
        f"{''.join(sheet.parts)}</svg>\n"
    )


def png(drawing: Drawing) -> bytes:
    """Return a picture as PNG at twice its size in points, with the fonts of this machine."""
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg(drawing), zoom=2))


def _legend(sheet: _Sheet, pairs: Sequence[tuple[str, str]]) -> None:
    """Write the legend: each fill or letter with its words, in as many lines as it takes."""
    x = float(_MARGIN)
    for fill, words in pairs:
        wide = 26 + _CELL * cell_len(words) + 20
        if x > _MARGIN and x + wide > _WIDTH - _MARGIN:
            x = float(_MARGIN)
            sheet.y += 22
        if len(fill) > 2:
            sheet.rect(x, sheet.y - 12, 18, 14, fill)
        else:
            sheet.text(x + 9, sheet.y, fill, bold=True, anchor="middle")
        sheet.text(x + 26, sheet.y, words, fill=_QUIET)
        x += wide
    sheet.y += 16


def _curves(sheet: _Sheet, body: Curves) -> None:
    left, right, height = _MARGIN + 52, _WIDTH - _MARGIN, 280
    x = float(_MARGIN)
    for place, curve in enumerate(body.curves):
        colour = (_ACCENT, _QUIET)[place % 2]
        sheet.parts.append(_mark(x + 8, sheet.y - 5, _SHAPES[place % 2], colour, ""))
        sheet.text(x + 20, sheet.y, curve.word, fill=_QUIET)
        x += 60 + _CELL * cell_len(curve.word)
    sheet.y += 20
    top = sheet.y
    for step in range(0, 11, 2):
        y = top + height * (10 - step) / 10
        sheet.line(left, y, right, y)
        sheet.text(left - 8, y + 5, f"{step * 10} %", size=12, fill=_QUIET, anchor="end")
    gap = (right - left) / max(1, len(body.days))
    every = max(1, -(-len(body.days) // 12))
    for place, day in enumerate(body.days):
        if place % every == 0:
            at = left + gap * (place + 0.5)
            sheet.text(at, top + height + 20, f"{day:%m-%d}", size=12, fill=_QUIET, anchor="middle")
    for number, curve in enumerate(body.curves):
        colour = (_ACCENT, _QUIET)[number % 2]
        dash = ' stroke-dasharray="6 4"' if number else ""
        points: list[str] = []
        for place, (value, told) in enumerate(zip(curve.values, curve.told, strict=True)):
            if value is None:
                sheet.parts.append(_path(points, colour, dash))
                points = []
                continue
            at, y = left + gap * (place + 0.5), top + height * (1 - float(value))
            points.append(f"{at:.1f},{y:.1f}")
            title = f"{body.days[place]:%Y-%m-%d} {curve.word} {told}"
            sheet.parts.append(_mark(at, y, _SHAPES[number % 2], colour, title))
        sheet.parts.append(_path(points, colour, dash))
    sheet.y = top + height + 30


def _path(points: Sequence[str], colour: str, dash: str) -> str:
    if len(points) < 2:
        return ""
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}"{dash}/>'


def _mark(x: float, y: float, shape: str, colour: str, title: str) -> str:
    told = f"<title>{escape(title)}</title>" if title else ""
    if shape == "circle":
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="{colour}"'
            f' stroke-width="1.5">{told}</circle>'
        )
    return (
        f'<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8" stroke="{colour}"'
        f' stroke-width="1.5" fill="none">{told}</path>'
    )


_PARTS = (_ACCENT, "url(#open)")


def _bars(sheet: _Sheet, body: Bars) -> None:
    pairs = [(_PARTS[place], words) for place, (_, words) in enumerate(body.legend)]
    if pairs:
        _legend(sheet, [*pairs, *([("|", body.line_word)] if body.line_word else [])])
    name = _CELL * max((cell_len(bar.label) for bar in body.bars), default=0) + 12
    told = _CELL * max((cell_len(bar.told) for bar in body.bars), default=0) + 12
    left = _MARGIN + min(260, name)
    room = max(160.0, _WIDTH - _MARGIN - left - told)
    for bar in body.bars:
        if bar.head:
            sheet.y += 28
            sheet.text(_MARGIN, sheet.y, bar.head, bold=True)
        sheet.y += 22
        sheet.text(left - 12, sheet.y, bar.label, anchor="end")
        _bar(sheet, bar, left, room)
        fill = _LATE if bar.style == "late" and bar.line is not None else _INK
        sheet.text(left + room + 12, sheet.y, bar.told, fill=fill)
    sheet.y += 12


def _bar(sheet: _Sheet, bar: Bar, left: float, room: float) -> None:
    x = left
    title = f"{bar.label} {bar.told}"
    for place, part in enumerate(bar.parts):
        width = room * float(part)
        fill = "url(#late)" if bar.style == "late" else _PARTS[place % len(_PARTS)]
        if width:
            sheet.rect(x, sheet.y - 12, width, 14, fill, title)
        x += width
    if bar.line is not None:
        at = left + room * float(bar.line)
        sheet.line(at, sheet.y - 16, at, sheet.y + 6, _INK, 2)


def _tiles(sheet: _Sheet, body: Tiles) -> None:
    across = max((tile.place for tile in body.tiles), default=0) + 1
    each = min(144.0, (_WIDTH - 2 * _MARGIN) / across)
    top = sheet.y - 12
    kinds = sorted({(tile.line, tile.kind) for tile in body.tiles})
    below = {line: number for number, (line, _) in enumerate(kinds)}
    shift = 0.0
    offsets: dict[int, float] = {}
    before = None
    for line, kind in kinds:
        shift += 20.0 if before is not None and kind != before else 0.0
        before = kind
        offsets[line] = top + 66 * below[line] + shift
    for tile in body.tiles:
        x, y = _MARGIN + each * tile.place, offsets[tile.line]
        sheet.rect(x, y, each - 6, 60, _FILLS[tile.style], tile.told)
        size = 14 if cell_len(tile.name) * _CELL < each - 14 else 11
        middle = x + (each - 6) / 2
        sheet.rect(x + 9, y + 6, each - 24, 48, "#ffffff")
        sheet.text(middle, y + 24, tile.name, size=size, anchor="middle")
        sheet.text(middle, y + 48, tile.letter, size=18, anchor="middle", bold=True)
    sheet.y = max(offsets.values(), default=top) + 90
    _legend(sheet, body.legend)
