"""The top line: all views fit where the terminal is narrow, and a click finds them."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

import catalogue
from catalogue import t
from tui.entries import VIEWS
from tui.widgets.title_bar import TitleBar

PERSON = ("市规划局联络员  市规划局", "市规划局联络员", "plan")


class Bar(App[None]):
    """The line alone, with every view of the program."""

    def compose(self) -> ComposeResult:
        """Compose the line."""
        yield TitleBar(self.tabs, lambda: t("app.name"), lambda: PERSON)

    def tabs(self) -> list[tuple[str, str, str]]:
        """Return the views as the program has them."""
        return [(entry.name, entry.key, t(entry.title_key)) for entry in VIEWS]


@pytest.mark.parametrize("width", [80, 100, 120, 160])
@pytest.mark.parametrize("lang", catalogue.LANGUAGES)
async def test_every_view_is_there_and_is_found_by_the_mouse(lang: str, width: int) -> None:
    catalogue.use(lang)
    app = Bar()
    async with app.run_test(size=(width, 24)):
        bar = app.query_one(TitleBar)
        line = bar.render().plain
        assert cell_len(line) <= bar.size.width
        for view, key, title in app.tabs():
            start, end = next((a, b) for a, b, name in bar._hits if name == view)
            before = line[: line.index(f"{key} {title}")]
            assert (start, end - start) == (cell_len(before), cell_len(f"{key} {title}"))


@pytest.mark.parametrize(
    ("width", "person"), [(80, "市规划局联络员"), (120, "市规划局联络员  市规划局")]
)
async def test_the_person_is_said_as_fully_as_there_is_room(width: int, person: str) -> None:
    catalogue.use("zh")
    app = Bar()
    async with app.run_test(size=(width, 24)):
        assert app.query_one(TitleBar).render().plain.endswith("  " + person)
