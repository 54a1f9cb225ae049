"""Today: have I filed, and what falls due next."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from domain.instants import Instant
from domain.people import Actor
from storage.store import Store
from tui.views.base import View


class TodayView(View):
    """The day of whoever acts."""

    title_key: ClassVar[str] = "app.view_today"

    def compose(self) -> ComposeResult:
        """Compose the line of the day."""
        yield Static("", id="day")

    def load(self) -> None:
        """Ask for the day."""

        def question(store: Store, _actor: Actor, at: Instant) -> str:
            return store.today(at).isoformat()

        self.ask(question, self.show_data)

    def show_data(self, day: str) -> None:
        """Show the day."""
        self.query_one("#day", Static).update(day)
