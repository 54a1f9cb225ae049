"""The daily report, and the amendment of any report: account, areas, findings, reason."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content as Text
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from actions import drafts as kept
from actions.reporting import Receipt, file, repeats
from actions.today import Filing, filing
from catalogue import render, t
from domain.errors import LianluoError, Refused
from domain.findings import Finding
from domain.instants import Instant, Zone
from domain.people import Actor
from domain.reports import Content, ReportKind
from domain.values import dataclass
from storage.store import Store
from tui.asking import Asks
from tui.desk import Question
from tui.drafts import (
    FindingDraft,
    ReportDraft,
    carried,
    draft_of,
    from_json,
    read_finding,
    read_report,
    said_otherwise,
    to_json,
)
from tui.facts import preview_lines
from tui.places import Place, places
from tui.views.same_finding import Offer, ask_first, offer
from tui.widgets.confirm import ConfirmDialog
from tui.widgets.finding import FindingDialog
from tui.widgets.keys_bar import KeysBar
from tui.widgets.notice import Notice, Rule, Tone
from tui.widgets.report_fields import ReportFields, Wanted
from tui.words import status_word, unit_name


@dataclass(frozen=True, slots=True)
class Opened:
    """What the store knew when the form was opened."""

    filing: Filing
    zone: Zone
    draft: ReportDraft | None
    saved_at: Instant


class ReportForm(Asks, Screen[Receipt]):
    """A form over the whole screen. What is typed is kept as a draft until it is filed.

    | Key | Does |
    |---|---|
    | `F2` | shows what will be written, and files it |
    | `F3` | adds a finding |
    | `F4` | takes over what the last report said |
    | `F8` | throws the draft away |
    | `Esc` | leaves; the draft is kept |
    """

    DEFAULT_CSS = """
    ReportForm #form-title { height: 1; padding: 0 1; }
    ReportForm #draft-state { color: $quiet; height: 1; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2,ctrl+s", "send", "keys.file", id="send", tooltip="keys.send_help"),
        Binding("f3", "add", "keys.add", id="add", tooltip="keys.add_help"),
        Binding("enter", "edit", "keys.edit", id="edit", tooltip="keys.edit_help"),
        Binding(
            "delete,backspace", "remove", "keys.remove", id="remove", tooltip="keys.remove_help"
        ),
        Binding("f4", "carry", "keys.carry", id="carry", tooltip="keys.carry_help"),
        Binding("f8", "discard", "keys.discard", id="discard", tooltip="keys.discard_help"),
        Binding("escape", "leave", "keys.back", id="leave", tooltip="keys.leave_help"),
    ]

    def __init__(
        self, unit: str, day: date, *, amending: bool, kind: ReportKind | None = None
    ) -> None:
        """Take the unit's code, the day, and whether a report of that day stands already.

        `kind` is what it is to become, where that was said; else what stands is kept.
        """
        super().__init__()
        self._unit = unit
        self._day = day
        self._amending = amending
        self._kind = kind
        self._opened: Opened | None = None
        self._places: tuple[Place, ...] = ()
        self._origin = ReportDraft()
        self._kept = self._origin
        self._saving: Timer | None = None
        self._filing = False

    # -- the form --------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Compose the frame; the fields come with the answer of the store."""
        yield Static("", id="form-title", markup=False)
        yield Rule()
        yield ReportFields()
        yield Static("", id="draft-state", markup=False)
        yield Notice()
        yield KeysBar()

    def on_mount(self) -> None:
        """Ask what the form begins with, and for the registry."""
        unit, day, amending = self._unit, self._day, self._amending

        def question(store: Store, actor: Actor, at: Instant) -> Opened:
            found = filing(store, actor, unit, day, at)
            if amending and not found.standing:
                raise Refused("errors.nothing_to_amend", unit=found.unit.name, day=day)
            read = kept.read(store, actor, found.unit.code, day)
            draft = None if read is None else from_json(read[0])
            return Opened(found, store.zone, draft, 0 if read is None else read[1])

        self.ask(question, self._open, refused=self._not_opened)
        self.ask(places, self._know_places, group="places")

    @property
    def _fields(self) -> ReportFields:
        return self.query_one(ReportFields)

    def _know_places(self, found: tuple[Place, ...]) -> None:
        self._places = found
        self._fields.names = {place.unit.code: unit_name(place.unit) for place in found}
        self._fields.show_findings()

    def _not_opened(self, error: LianluoError) -> None:
        self.dismiss(None)
        self.program.call_later(self.program.show_error, error)

    async def _open(self, opened: Opened) -> None:
        self._opened = opened
        found = opened.filing
        # Somebody may have filed since the view looked: then this is an amendment.
        self._amending = bool(found.standing)
        if found.standing:
            self._origin = draft_of(found.standing[-1].content, found.standing[-1].number)
        else:
            self._origin = ReportDraft(planned="" if found.planned is None else str(found.planned))
        draft = opened.draft
        restored = draft is not None and draft.base == self._origin.base
        begin = draft if draft is not None and restored else self._origin
        if not restored and self._kind is not None:
            begin = replace(begin, kind=self._kind.value)
        await self._fill(begin)
        self._say_state(
            t("forms.draft_restored", at=opened.zone.show(opened.saved_at)[:16])
            if restored
            else t("forms.draft_none")
        )
        self._show_title(found)
        self._fields.write()

    def _show_title(self, found: Filing) -> None:
        weekday = t(f"words.weekday_{self._day.weekday()}")
        key = "forms.amend_title" if self._amending else "forms.daily_title"
        title = t(key, unit=unit_name(found.unit), day=self._day, weekday=weekday)
        self.query_one("#form-title", Static).update(
            Text.styled(title, "bold $accent")
            + "   "
            + Text.styled(self._would_be(found), "$quiet")
        )

    def _would_be(self, found: Filing) -> str:
        if not found.may_file:
            return t("forms.may_not", unit=unit_name(found.unit))
        if found.locked and not found.may_file_locked:
            return t("forms.locked")
        if found.standing:
            return t("forms.amends", receipt=found.standing[-1].receipt)
        return t("forms.would_be", status=status_word(found.would_be))

    async def _fill(self, draft: ReportDraft) -> None:
        assert self._opened is not None
        self._kept = draft
        unit = self._opened.filing.unit
        await self._fields.fill(draft, Wanted(unit, self._amending, self._reason_needed))

    @property
    def _reason_needed(self) -> bool:
        assert self._opened is not None
        return self._amending or self._opened.filing.locked

    # -- the draft -------------------------------------------------------------------------------

    def _typed(self) -> ReportDraft:
        return self._fields.typed(self._origin.base)

    def on_report_fields_changed(self) -> None:
        """Keep what was typed, once the typing rests."""
        if self._saving is not None:
            self._saving.stop()
        if not self._fields.ready or self._typed() == self._kept:
            self._saving = None
            return
        self._saving = self.set_timer(self.program.draft_seconds, self._save)

    def _save(self) -> None:
        """Keep the draft; one that says no more than the form began with is thrown away."""
        question = self._keeping()
        if question is not None:
            # The app asks: a form that is left takes its own questions with it.
            self.program.ask(question, self._saved, group="draft")

    async def keep(self) -> None:
        """Keep what was typed since the draft was last kept, and return when it is."""
        if self._saving is not None:
            self._saving.stop()
            question = self._keeping()
            if question is not None:
                # Nobody is there any more to be told that it could not be kept.
                with suppress(LianluoError):
                    await asyncio.to_thread(self.program.desk.call, question)

    def _keeping(self) -> Question[str] | None:
        """Return what keeps the draft as it now is and says when, None where there is none."""
        self._saving = None
        if self._opened is None or self._filing or not self._fields.ready:
            return None
        typed = self._kept = self._typed()
        unit, day, body = self._unit, self._day, to_json(typed)
        worth = said_otherwise(typed, self._origin)

        def question(store: Store, actor: Actor, at: Instant) -> str:
            if not worth:
                kept.drop(store, actor, unit, day)
                return ""
            kept.save(store, actor, unit, day, body, at)
            return store.zone.show(at)[11:19]

        return question

    def _saved(self, at: str) -> None:
        self._say_state(t("forms.draft_saved", at=at) if at else t("forms.draft_none"))

    def _say_state(self, text: str) -> None:
        if self.is_attached:
            self.query_one("#draft-state", Static).update(text)

    async def action_discard(self) -> None:
        """Throw the draft away, and begin anew."""
        if self._opened is not None:
            await self._fill(self._origin)
            self._save()
            self._fields.write()

    def action_leave(self) -> None:
        """Leave; what was typed is kept."""
        if self._filing:
            return
        if self._saving is not None:
            self._saving.stop()
            self._save()
        worth = self._fields.ready and said_otherwise(self._typed(), self._origin)
        self.dismiss(None)
        self.program.say(t("forms.draft_kept") if worth else "")

    async def action_carry(self) -> None:
        """Take over what the last report said and this one does not say yet."""
        if self._opened is None:
            return
        last = self._opened.filing.last
        if last is None:
            self.program.say(t("today.no_last"))
            return
        typed = self._typed()
        await self._fill(carried(typed, last))
        self._kept = typed
        self.program.say(t("forms.carried", day=last.day))
        self._fields.write()
        self.on_report_fields_changed()

    # -- findings --------------------------------------------------------------------------------

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 - Textual's signature
    ) -> bool | None:
        """Show the keys of findings where a finding has the focus."""
        if action in ("edit", "remove"):
            return self._fields.cursor is not None
        return True

    def _edit(self, index: int, finding: FindingDraft) -> None:
        if self._opened is None:
            return

        def edited(changed: FindingDraft | None) -> None:
            if changed is not None:
                self._fields.put(index, changed)
                self._look_for_same(index, changed)

        today = self._opened.filing.today
        dialog = FindingDialog(finding, index + 1, self._day, today, self._places)
        self.app.push_screen(dialog, edited)

    def _look_for_same(self, index: int, draft: FindingDraft) -> None:
        """Offer the open matters that a finding is like, as soon as it is typed."""
        if self._opened is None:
            return
        read = read_finding(draft, index + 1, self._day, self._opened.filing.today)
        if isinstance(read, Finding):
            self._offer_same([read], lambda: None, lambda: None)

    def _offer_same(
        self, findings: Sequence[Finding], decided: Callable[[], object], none: Callable[[], object]
    ) -> None:
        """Offer what the first of these findings is like, then go on; where it is `none`, so."""

        def asked(found: Offer | None) -> None:
            if found is None:
                none()
                return
            index = found.no - 1
            draft = self._fields.findings[index]

            def put(answer: FindingDraft) -> None:
                self._fields.put(index, answer)
                decided()

            offer(self, found, draft, put)

        ask_first(self, self._unit, self._day, findings, asked)

    def action_add(self) -> None:
        """Add a finding."""
        self._edit(len(self._fields.findings), FindingDraft())

    def on_report_fields_opened(self) -> None:
        """Edit the finding under the cursor."""
        self.action_edit()

    def action_edit(self) -> None:
        """Edit the finding under the cursor."""
        index = self._fields.cursor
        if index is not None:
            self._edit(index, self._fields.findings[index])

    def action_remove(self) -> None:
        """Take the finding under the cursor out."""
        index = self._fields.cursor
        if index is not None:
            self._fields.put(index, None)

    # -- sending ---------------------------------------------------------------------------------

    def action_send(self) -> None:
        """Show what will be written, where nothing is wrong with it."""
        if self._opened is None or self._filing:
            return
        found = self._opened.filing
        read = read_report(
            self._typed(), found.unit, self._day, found.today, reason_needed=self._reason_needed
        )
        if not isinstance(read, Content):
            self._fields.show(read)
            return
        drafts = self._fields.findings
        undecided = [one for one in read.findings if not drafts[one.no - 1].same_as]
        if undecided:
            self._offer_same(undecided, self.action_send, lambda: self._confirm(read, found))
        else:
            self._confirm(read, found)

    def _confirm(self, read: Content, found: Filing) -> None:
        lines = preview_lines(read, found, self._fields.names, self._typed().reason)
        key = "forms.amend_confirm" if self._amending else "forms.daily_confirm"
        title = t(key, unit=unit_name(found.unit), day=self._day)

        def confirmed(yes: bool | None) -> None:
            if yes:
                self._send(read)

        self.app.push_screen(ConfirmDialog(title, lines), confirmed)

    def _send(self, content: Content) -> None:
        self._filing = True
        if self._saving is not None:
            self._saving.stop()
        unit, day, amending = self._unit, self._day, self._amending
        reason, base = self._typed().reason, self._origin.base

        def question(store: Store, actor: Actor, at: Instant) -> Receipt:
            standing = filing(store, actor, unit, day, at).standing
            again = repeats(standing, actor, content, reason, amending=amending)
            if standing and standing[-1].number != base and not again:
                raise Refused("forms.amended_meanwhile", receipt=standing[-1].receipt)
            return file(store, actor, unit, day, content, at, amending=amending, reason=reason)

        self.act(question, self.dismiss, refused=self._refused)

    def _refused(self, error: LianluoError) -> None:
        self._filing = False
        self.program.say(render(error.message), Tone.ERROR)

    def relabel(self) -> None:
        """Say the fields again in the language now in use, with what stands in them."""
        if self._opened is not None:
            self._show_title(self._opened.filing)
            self.run_worker(self._fill(self._typed()), exclusive=True, group="fill")
