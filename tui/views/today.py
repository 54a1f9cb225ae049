"""Today: have I filed, what am I overdue with, and what falls due next."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.binding import Binding, BindingType

from actions.reporting import Receipt, file_zero
from catalogue import t
from domain.errors import Message
from domain.instants import Instant
from domain.people import Actor
from domain.permissions import Action
from domain.reports import ReportKind
from storage.store import Store
from tui.views.today_shown import TodayShown
from tui.widgets.countdown import Countdown
from tui.widgets.day_strip import DayStrip
from tui.widgets.notice import Tone
from tui.widgets.short_list import ShortList
from tui.widgets.unit_grid import UnitGrid
from tui.words import status_word

_WIDE = 118
"""Columns from which the last days are listed beside the rest."""
_VAST = 160
"""Columns from which each of the last days has its findings and its receipt."""
_SHELL = 4
"""Lines of the terminal that are not the view's: title, rule, notices, keys."""
_TALL = 26
"""Lines from which there is room for blank ones between the parts."""


class TodayView(TodayShown):
    """The day of whoever acts.

    | Key | Does |
    |---|---|
    | `z` | files a zero report |
    | `d` | opens the daily report |
    | `a` | amends what was filed |
    | `u` | for an admin: another unit's day |
    | `Enter` | files the day under the cursor, or opens what was filed |
    """

    title_key: ClassVar[str] = "app.view_today"
    help_key: ClassVar[str] = "today.help"
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the keys that follow at once: `z6` and Enter may come in one piece.
        Binding("z", "zero", "keys.zero", id="zero", tooltip="keys.zero_help", priority=True),
        Binding("d", "daily", "keys.daily", id="daily", tooltip="keys.daily_help"),
        Binding("a", "amend", "keys.amend", id="amend", tooltip="keys.amend_help"),
        Binding("u", "unit", "keys.unit", id="unit", tooltip="keys.unit_help"),
    ]

    # -- acts ------------------------------------------------------------------------------------

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 - Textual's signature
    ) -> bool | None:
        """Show the keys that make sense here."""
        found = None if self.answer is None else self.answer.today
        if action == "unit":
            return found is not None and found.admin
        if action in ("zero", "daily", "amend"):
            return (
                self.answer is not None and bool(self.answer.today.units) and self.answer.may_file
            )
        return True

    def why_not(self, action: str) -> Message | None:
        """Return why nothing is filed from here: no unit to file for, or no right to."""
        if self.answer is None:
            return None
        if action == "unit":
            return Message("today.unit_not")
        return self.not_allowed(Action.FILE)

    async def action_zero(self) -> None:
        """Open the zero dialog of the day in hand; keys that follow at once are for it."""
        from tui.widgets.zero import ZeroDialog

        hand = self._hand
        if hand is None:
            return
        self.program.say("")
        grid = self.query_one(UnitGrid)
        if grid.has_focus and not hand.filed:
            grid.edit()
            return
        typed = grid.selected if grid.editing else None
        planned, patrolled = hand.planned, ""
        if typed is not None:
            planned = typed.planned_number if typed.planned_number is not None else planned
            patrolled = typed.texts[1]
        await self.app.push_screen(ZeroDialog(hand.unit, hand.day, planned, patrolled), self._filed)

    def on_unit_grid_filed(self, event: UnitGrid.Filed) -> None:
        """File the row as its sentence says."""
        row = event.row
        found = row.scope
        if not row.open or found.problem or self.answer is None:
            self.program.say(row.sentence(), Tone.PLAIN if not row.open else Tone.ERROR)
            return
        unit, day, areas = row.code, self.answer.today.day, found.areas

        def question(store: Store, actor: Actor, at: Instant) -> Receipt:
            return file_zero(store, actor, unit, day, at, areas=areas)

        self.act(question, self._filed_row)

    def _filed_row(self, receipt: Receipt) -> None:
        self._filed(receipt)
        self.query_one(UnitGrid).edit_next()

    def _filed(self, receipt: Receipt | None) -> None:
        """Show the receipt, and look again."""
        if receipt is None or self.answer is None:
            return
        shown = self.answer.zone.show(receipt.revision.filed_at)[11:]
        self.program.say(
            t(
                "today.filed_before" if receipt.repeated else "today.filed",
                receipt=receipt.number,
                at=shown,
                status=status_word(receipt.status),
                seal=receipt.seal,
            ),
            Tone.DONE,
        )
        self.load()

    def action_daily(self) -> None:
        """Open the daily report of the day in hand."""
        hand = self._hand
        if hand is not None:
            kind = ReportKind.DAILY
            self._open_form(hand.unit.code, hand.day, amending=hand.filed, kind=kind)

    def action_amend(self) -> None:
        """Amend the report of the day in hand."""
        hand = self._hand
        if hand is None:
            return
        if not hand.filed:
            self.program.say(t("today.nothing_to_amend", day=hand.day))
            return
        self._open_form(hand.unit.code, hand.day, amending=True)

    def _open_form(
        self, unit: str, day: date, *, amending: bool, kind: ReportKind | None = None
    ) -> None:
        from tui.views.report_form import ReportForm

        self.program.say("")
        self.app.push_screen(ReportForm(unit, day, amending=amending, kind=kind), self._filed)

    def action_unit(self) -> None:
        """Choose the unit whose day is shown; none brings the own ones back."""
        from tui.widgets.units import UnitDialog

        self.app.push_screen(UnitDialog(), self._unit_chosen)

    def _unit_chosen(self, code: str | None) -> None:
        if code is not None:
            self._unit = code or None
            self.answer = None
            # The countdown moves by itself and must not ask for what is forgotten.
            self.query_one(Countdown).due_at = None
            self.load()

    async def on_day_strip_opened(self, _event: DayStrip.Opened) -> None:
        """Open the day: what was filed, or the zero dialog where nothing was."""
        await self._open()

    async def on_unit_grid_opened(self) -> None:
        """Open the row: what was filed, or its fields where nothing was."""
        await self._open()

    async def on_short_list_opened(self, _event: ShortList.Opened) -> None:
        """Open the line: file it late, or read what was filed."""
        await self._open()

    async def _open(self) -> None:
        step = self._step
        if step is not None and step.obligation.matter is not None:
            self.program.open_matter(step.obligation.matter)
            return
        hand = self._hand
        if hand is None or self.answer is None:
            return
        if hand.filed:
            from tui.views.report_panel import ReportDialog

            self.app.push_screen(ReportDialog(hand.unit.code, hand.day))
        elif hand.day > self.answer.today.day:
            self.program.say(t("today.not_yet", day=hand.day))
        else:
            await self.action_zero()
