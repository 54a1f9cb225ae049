"""The pictures, one at a time: rates, backlog, areas, targets, and the city as tiles."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from catalogue import t
from domain.instants import Instant
from domain.people import Actor
from exchange.picture_text import picture_lines
from exchange.pictures import Asked, Drawing, PlotKind, drawing
from storage.store import Store
from tui.widgets.page_dialog import Page, PageDialog

_STYLES = {
    "plain": "$foreground",
    "strong": "bold $foreground",
    "quiet": "$quiet",
    "accent": "$accent",
    "soon": "$warning",
    "late": "$error",
}
_FRAME = 8
_KINDS = tuple(PlotKind)


class PicturesDialog(PageDialog[None]):
    """Shows a picture, and the others one key away.

    | Key | Does |
    |---|---|
    | `←` `→` | another picture |
    | `↑` `↓` | scroll |
    """

    WIDTH: ClassVar[int] = 120
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right", "turn(1)", "plot.next", show=False, id="plot_next", tooltip="plot.next_help"
        ),
        Binding(
            "left", "turn(-1)", "plot.next", show=False, id="plot_back", tooltip="plot.next_help"
        ),
    ]

    def __init__(self, kind: PlotKind) -> None:
        """Take the picture to begin with."""
        super().__init__()
        self.kind = kind
        self._found: Drawing | None = None

    def title_text(self) -> str:
        """Return the title."""
        return t("plot.page")

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("plot.keys")

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()
        self._load()

    def _load(self) -> None:
        kind = self.kind

        def question(store: Store, _actor: Actor, at: Instant) -> Drawing:
            with store.reading():
                return drawing(store, kind, Asked(at))

        self.ask(question, self._show, refused=self.refuse, group="picture")

    def _show(self, found: Drawing) -> None:
        self._found = found
        self._draw(self.size.width)
        self.query_one(Page).scroll_home(animate=False)

    def _draw(self, width: int) -> None:
        if self._found is None:
            return
        choices = Content("  ").join(
            Content.styled(
                f"[{t(f'plot.kind_{kind}')}]"
                if kind is self.kind
                else f" {t(f'plot.kind_{kind}')} ",
                "bold $accent" if kind is self.kind else "$quiet",
            )
            for kind in _KINDS
        )
        lines = picture_lines(self._found, min(self.WIDTH, width) - _FRAME)
        drawn = [
            Content.assemble(*((text, _STYLES[style]) for text, style in line)) for line in lines
        ]
        self.write(Content("\n").join([choices, Content(""), *drawn]))

    def on_resize(self, event: events.Resize) -> None:
        """Draw as wide as there is room."""
        super().on_resize(event)
        self._draw(event.size.width)

    def action_turn(self, by: int) -> None:
        """Show another picture."""
        self.kind = _KINDS[(_KINDS.index(self.kind) + by) % len(_KINDS)]
        self._load()
