"""The base of views of a list that a line of text narrows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from textual.binding import Binding

from tui.views.base import View
from tui.widgets.filter_line import FilterLine
from tui.widgets.rows import Rows

FILTER = Binding(
    "slash,ideographic_comma",
    "filter",
    "lists.filter_key",
    id="filter",
    key_display="/",
    tooltip="lists.filter_help",
)


def back(id: str) -> Binding:  # noqa: A002 - Textual's name
    """Return the key that takes the filter away, with the view's own id for it."""
    return Binding("escape", "back", "keys.back", show=False, id=id, tooltip="lists.back_help")


class FilteredView(View):
    """A view with a `FilterLine` and a list; `words` are what the list is narrowed to.

    | Key | Does |
    |---|---|
    | `/` | filters |
    | `Esc` | takes the filter away |
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.words = ""

    @property
    def rows(self) -> Rows:
        """Return the list that keys are for."""
        return self.query_one(Rows)

    @abstractmethod
    def redraw(self) -> None:
        """Draw what has the words in it of what was read, where something was."""

    def matching(self, texts: Sequence[str]) -> list[int]:
        """Return which of these casefolded texts have the words in them."""
        wanted = self.words.casefold()
        return [i for i, text in enumerate(texts) if wanted in text]

    def focus_first(self) -> None:
        """Give the keys to the list."""
        self.rows.focus()

    def relabel(self) -> None:
        """Say everything again; what was read holds."""
        self.redraw()

    def action_filter(self) -> None:
        """Narrow the list to what has a text in it."""
        self.query_one(FilterLine).open()

    def on_filter_line_narrowed(self, event: FilterLine.Narrowed) -> None:
        """Show what has the text in it."""
        self.words = event.text
        self.redraw()

    def on_filter_line_left(self) -> None:
        """Give the keys back to the list."""
        self.focus_first()

    def action_back(self) -> None:
        """Take the filter away."""
        if self.words:
            self.query_one(FilterLine).action_drop()


class FilteredList(FilteredView):
    """A filtered view of one list; `in_sight` numbers what is shown of it, row by row."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.in_sight: list[int] = []

    @property
    def index(self) -> int | None:
        """Return the number of what is under the cursor, None where nothing is."""
        return self.in_sight[self.rows.cursor] if self.rows.cursor < len(self.in_sight) else None

    def point_at(self, wanted: Callable[[int], bool]) -> None:
        """Put the cursor on the first thing in sight that is wanted; leave it where none is."""
        row = next((row for row, index in enumerate(self.in_sight) if wanted(index)), None)
        if row is not None:
            self.rows.cursor = row
