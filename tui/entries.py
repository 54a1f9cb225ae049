"""The views of the app, in the order of their keys."""

from __future__ import annotations

from domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A view of the app; its module is imported when it is first shown."""

    name: str
    key: str
    title_key: str
    module: str
    view: str


VIEWS = (
    Entry("today", "1", "app.view_today", "tui.views.today", "TodayView"),
    Entry("board", "2", "app.view_board", "tui.views.board", "BoardView"),
    Entry("networks", "3", "app.view_networks", "tui.views.networks", "NetworksView"),
    Entry("overdue", "4", "app.view_overdue", "tui.views.overdue", "OverdueView"),
    Entry("matters", "5", "app.view_matters", "tui.views.matters", "MattersView"),
    Entry("supervision", "6", "app.view_supervision", "tui.views.supervision", "SupervisionView"),
    Entry(
        "accountability",
        "7",
        "app.view_accountability",
        "tui.views.accountability",
        "AccountabilityView",
    ),
)
