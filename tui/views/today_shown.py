"""What today shows, and which unit and day its keys are about."""

from __future__ import annotations

import asyncio

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from actions.overdue import Owed
from actions.today import UnitDay, today
from catalogue import t
from domain.instants import Instant
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.reports import Status
from storage.store import Store
from tui.desk import Identity, identity
from tui.views.base import Subject, View
from tui.views.today_words import (
    Answer,
    Hand,
    day_line,
    due_groups,
    due_lines,
    overdue_lines,
    receipt_of,
    recent_lines,
    row_words,
    status_lines,
    step_told,
)
from tui.widgets.countdown import Countdown
from tui.widgets.day_strip import DayStrip
from tui.widgets.putting import put
from tui.widgets.short_list import ShortList
from tui.widgets.unit_grid import UnitGrid
from tui.words import clock, unit_name

_WIDE = 118
"""Columns from which the last days are listed beside the rest."""
_VAST = 160
"""Columns from which each of the last days has its findings and its receipt."""
_SHELL = 4
"""Lines of the terminal that are not the view's: title, rule, notices, keys."""
_TALL = 26
"""Lines from which there is room for blank ones between the parts."""


class TodayShown(View):
    """The day of whoever acts, without what is done in it."""

    answer: Answer | None = None
    _unit: str | None = None
    """The unit that an admin looks at instead of the own ones."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._ready = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Compose the parts once there is something to show: each is laid out once, as it stays."""
        if self.answer is None:
            return
        with Vertical(id="today-main"):
            with Horizontal(id="day-line"):
                yield Static("", id="day", markup=False)
                yield Countdown(self.program.now, self._clock)
            yield Static("", id="status", markup=False)
            yield UnitGrid()
            yield Static("", id="grid-sentence", markup=False)
            yield DayStrip(id="strip")
            yield Static("", id="strip-detail", markup=False)
            yield Static("", id="due-head", classes="head", markup=False)
            yield ShortList(id="due")
            yield Static("", id="overdue-head", classes="head -after", markup=False)
            yield ShortList(id="overdue")
        with Vertical(id="today-side"):
            yield Static("", id="recent-head", classes="head", markup=False)
            yield ShortList(id="recent")

    def on_mount(self) -> None:
        """Take the room that there will be, so that what comes is laid out once."""
        self._fit(self.app.size.width, self.app.size.height - _SHELL)

    def on_resize(self, event: events.Resize) -> None:
        """List the last days beside the rest where there is room."""
        if self._fit(event.size.width, event.size.height):
            self._show_unit()

    def _fit(self, width: int, height: int) -> bool:
        """Take the classes of a size; return whether they are others than before."""
        before = self.classes
        self.set_class(width >= _WIDE, "-wide")
        self.set_class(width >= _VAST, "-vast")
        self.set_class(height < _TALL, "-short")
        return self.classes != before

    # -- loading ---------------------------------------------------------------------------------

    def load(self) -> None:
        """Ask for the day, and for who acts where that is not known yet: the store opens once."""
        unit, known = self._unit, self.program.who is not None

        def question(store: Store, actor: Actor, at: Instant) -> tuple[Answer, Identity | None]:
            who = None if known else identity(store, actor, at)
            found = today(store, actor, at, unit)
            return Answer(found, store.zone, store.rules.thresholds()), who

        self.ask(question, self._loaded)

    async def _loaded(self, found: tuple[Answer, Identity | None]) -> None:
        answer, who = found
        if who is not None:
            self.program.meet(who)
        await self.show_data(answer)

    def forget(self) -> None:
        """Let the next day shown be another person's own."""
        self.answer, self._unit = None, None

    async def ready(self) -> None:
        """Return when there is something to see."""
        await self._ready.wait()

    async def show_data(self, answer: Answer) -> None:
        """Show what the store said."""
        first = self.answer is None
        self.answer = answer
        found = answer.today
        self.set_class(answer.several, "-several")
        if not self.children:
            await self.recompose()
        put(self.query_one("#day", Static), day_line(found))
        self._show_countdown(answer)
        self._show_lists(answer)
        if answer.several:
            grid = self.query_one(UnitGrid)
            grid.show(found.units, found.day, found.at, answer.thresholds)
        self._show_unit()
        if first:
            self.focus_first()
        self._ready.set()
        self.refresh_bindings()

    def focus_first(self) -> None:
        """Give the focus to the grid, or to the strip; without a unit, to the lists."""
        if self.answer is None or self.program.view is not self:
            return
        if self.has_class("-several"):
            self.screen.set_focus(self.query_one(UnitGrid))
        elif self.answer.today.units:
            self.screen.set_focus(self.query_one(DayStrip))
        elif self.answer.today.overdue:
            self.screen.set_focus(self.query_one("#overdue"))
        else:
            self.screen.set_focus(self)

    def _clock(self, at: Instant) -> str:
        assert self.answer is not None
        return clock(self.answer.zone, at)

    def _show_countdown(self, answer: Answer) -> None:
        owed = [unit for unit in answer.today.units if unit.obligation is not None]
        open_first = sorted(owed, key=lambda unit: unit.row.filed is not None)
        countdown = self.query_one(Countdown)
        obligation = open_first[0].obligation if open_first else None
        countdown.due_at = obligation.due_at if obligation else None
        countdown.late_until = obligation.missed_at if obligation else None
        countdown.filed = bool(open_first) and open_first[0].row.filed is not None
        countdown.soon_seconds = 60 * answer.thresholds.report_minutes
        countdown.look()

    def _show_unit(self) -> None:
        """Show the unit in hand: its status, its strip, its last days."""
        if self.answer is None:
            return
        put(self.query_one("#status", Static), status_lines(self.answer), sized=True)
        unit_day = self._unit_day
        strip = self.query_one(DayStrip)
        for part in ("#strip", "#strip-detail", "#recent-head", "#recent"):
            self.query_one(part).display = unit_day is not None
        if unit_day is None:
            return
        strip.show(unit_day.strip, self.answer.today.at, self.answer.thresholds)
        self._show_strip_detail()
        row = self.query_one(UnitGrid).selected
        if self.has_class("-several") and row is not None:
            put(self.query_one("#grid-sentence", Static), row.sentence(), sized=True)
        if not self.has_class("-wide"):
            return
        head = t("today.recent_head", unit=unit_name(unit_day.unit))
        put(self.query_one("#recent-head", Static), head)
        self.query_one("#recent", ShortList).show(
            recent_lines(self.answer, unit_day, whole=self.has_class("-vast"))
        )

    def _show_lists(self, answer: Answer) -> None:
        found = answer.today
        lines = due_lines(answer)
        due_head = t("today.due_head") if lines else t("today.due_none")
        put(self.query_one("#due-head", Static), due_head)
        self.query_one("#due", ShortList).show(lines)
        head, count = "today.overdue_none", found.overdue_count + len(found.late_steps)
        if count:
            file = answer.may_file and not found.late_steps
            head = "today.overdue_file" if file else "today.overdue_head"
        put(self.query_one("#overdue-head", Static), t(head, count=count))
        self.query_one("#overdue", ShortList).show(overdue_lines(answer))

    # -- what is selected ------------------------------------------------------------------------

    @property
    def _unit_day(self) -> UnitDay | None:
        """Return the unit in hand: the row of the grid, or the only one."""
        if self.answer is None or not self.answer.today.units:
            return None
        units = self.answer.today.units
        row = self.query_one(UnitGrid).selected if self.has_class("-several") else None
        wanted = row.code if row is not None else units[0].unit.code
        return next((unit for unit in units if unit.unit.code == wanted), units[0])

    @property
    def _listed(self) -> Owed | None:
        """Return what is under the cursor of one of the two lists, where one has the focus."""
        focused = self.screen.focused
        if self.answer is None or not isinstance(focused, ShortList) or not focused.lines:
            return None
        found = self.answer.today
        if focused.id == "due":
            return due_groups(self.answer)[focused.cursor][0]
        if focused.id == "overdue":
            late = [*found.late_steps, *(day.owed for day in found.overdue)]
            return late[focused.cursor]
        return None

    @property
    def _step(self) -> Owed | None:
        """Return the step under the cursor, None where something else is."""
        owed = self._listed
        return owed if owed is not None and owed.obligation.kind is ObligationKind.STEP else None

    @property
    def _hand(self) -> Hand | None:
        """Return the unit and day that keys are about: what has the focus decides."""
        if self.answer is None:
            return None
        found = self.answer.today
        focused = self.screen.focused
        owed = self._listed
        if owed is not None and owed.obligation.kind is ObligationKind.REPORT:
            obligation = owed.obligation
            planned = next((u.planned for u in found.units if u.unit.code == owed.unit.code), None)
            words = t("today.hand_owed", unit=unit_name(owed.unit), day=obligation.day)
            return Hand(owed.unit, obligation.day, planned, False, obligation.id, "", words)
        unit_day = self._unit_day
        if unit_day is None:
            return None
        row = unit_day.row
        strip, recent = self.query_one(DayStrip), self.query_one("#recent", ShortList)
        if focused is strip and strip.selected is not None:
            row = strip.selected
        elif focused is recent and recent.lines:
            row = unit_day.strip[-1 - recent.cursor]
        known = row.status is not Status.NOT_EXPECTED
        return Hand(
            unit_day.unit,
            row.day,
            unit_day.planned,
            row.filed is not None,
            f"R-{row.day:%Y%m%d}-{row.unit.code}" if known else None,
            receipt_of(row),
            row_words(self.answer, row),
        )

    def selected_subject(self) -> Subject | None:
        """Return the step or the day in hand, for `?`, `e` and `y`."""
        step = self._step
        if step is not None and self.answer is not None:
            number, name, about = step_told(self.answer, step)
            title = f"{number}  {name}  {about}"
            return Subject(title, (unit_name(step.unit),), title, step.obligation.id)
        hand = self._hand
        if hand is None:
            return None
        title = f"{unit_name(hand.unit)}  {hand.words}"
        text = f"{title}  {hand.receipt}".strip()
        return Subject(title, (hand.receipt,) if hand.receipt else (), text, hand.obligation_id)

    def _show_strip_detail(self) -> None:
        row = self.query_one(DayStrip).selected
        if row is not None and self.answer is not None:
            put(self.query_one("#strip-detail", Static), row_words(self.answer, row))

    def on_day_strip_moved(self) -> None:
        """Say what the day under the cursor was."""
        self._show_strip_detail()

    def on_unit_grid_moved(self) -> None:
        """Show the row's unit, and what Enter would write."""
        self._show_unit()
