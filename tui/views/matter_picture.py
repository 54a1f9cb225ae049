"""The small picture of matters: bars of plain characters that can be read without colour."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content

from actions.pictures import AGES, Ages, Picture, Week, picture
from catalogue import t
from domain.instants import Instant
from domain.people import Actor
from storage.store import Store
from tui.widgets.fitting import fit, name_of
from tui.widgets.page_dialog import PageDialog

_MARKS = (("-", "$quiet"), ("=", "$foreground"), ("#", "bold $accent"))
"""The mark of each age, youngest first: one character a matter, or a share of them."""
_NAME = 14
_MOST = 14
"""Districts at most; more is the list's business."""


def picture_text(found: Picture, width: int) -> Content:
    """Return the picture in `width` cells."""
    legend = "   ".join(
        f"{mark} {text}" for (mark, _), text in zip(_MARKS, _age_words(), strict=True)
    )
    lines = [
        Content.styled(t("matters_ui.ages_head"), "$accent"),
        Content.styled(legend, "$quiet"),
    ]
    shown = found.ages[:_MOST]
    most = max((row.whole for row in shown), default=0)
    lines += [_age_line(row, most, width) for row in shown]
    if not shown:
        lines.append(Content(t("matters_ui.none")))
    elif len(found.ages) > len(shown):
        left = len(found.ages) - len(shown)
        lines.append(Content.styled(t("matters_ui.ages_more", count=left), "$quiet"))
    lines += [Content(""), Content.styled(t("matters_ui.weeks_head"), "$accent")]
    lines += _week_lines(found.weeks, width)
    return Content("\n").join(lines)


def _age_words() -> list[str]:
    young, old = AGES
    return [
        t("matters_ui.age_young", days=young),
        t("matters_ui.age_middle", first=young + 1, last=old),
        t("matters_ui.age_old", days=old),
    ]


def _age_line(row: Ages, most: int, width: int) -> Content:
    told = t("matters_ui.age_told", count=f"{row.whole:>3}", days=f"{row.oldest:>3}")
    head = f"{fit(name_of(row.unit), _NAME)} {told}  "
    room = max(1, width - cell_len(head))
    line = Content(head)
    parts = _shares(row.counts, min(row.whole, room) if most <= room else room * row.whole // most)
    for (mark, style), cells in reversed(list(zip(_MARKS, parts, strict=True))):
        line += Content.styled(mark * cells, style)
    return line


def _shares(counts: Sequence[int], cells: int) -> list[int]:
    """Return how many of the cells each count gets; none that counts gets none."""
    whole = sum(counts)
    found = [max(1, cells * count // whole) if count else 0 for count in counts]
    spare = cells - sum(found)
    if spare > 0:
        found[max(range(len(counts)), key=counts.__getitem__)] += spare
    return found


def _week_lines(weeks: Sequence[Week], width: int) -> list[Content]:
    """Return a line a week: three bars side by side, each with its number."""
    room = max(4, (width - 7) // 3 - 5)
    kinds = ("opened", "filed", "closed")
    most = max((max(week.opened, week.filed, week.closed) for week in weeks), default=0)
    head = Content(" " * 7)
    for kind in kinds:
        head += Content.styled(fit(t(f"matters_ui.week_{kind}"), room + 5), "$quiet")
    lines = [head]
    for week in weeks:
        line = Content.styled(f"{week.first:%m-%d}  ", "$quiet")
        for kind in kinds:
            number: int = getattr(week, kind)
            bar = "#" * (number if most <= room else -(-number * room // most))
            line += f"{number:>3} " + Content.styled(bar, "$accent") + " " * (room - len(bar) + 1)
        lines.append(line)
    return lines


class PictureDialog(PageDialog[None]):
    """Shows the picture."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Picture | None = None

    def title_text(self) -> str:
        """Return the title."""
        return t("matters_ui.bars_title")

    def keys_text(self) -> str:
        """Return how to leave."""
        return t("matters_ui.bars_keys")

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()

        def question(store: Store, _actor: Actor, at: Instant) -> Picture:
            return picture(store, at)

        self.ask(question, self._show, refused=self.refuse)

    def _show(self, found: Picture) -> None:
        self._found = found
        self.write(picture_text(found, min(self.WIDTH, self.size.width) - 8))

    def on_resize(self, event: events.Resize) -> None:
        """Draw the bars as wide as there is room."""
        super().on_resize(event)
        if self._found is not None:
            self.write(picture_text(self._found, min(self.WIDTH, event.size.width) - 8))
