"""The daily report, and the amendment of any report: account, areas, findings, reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content as Text
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from actions import drafts as kept
from actions.reporting import Receipt, file
from actions.today import Filing, filing
from catalogue import render, t
from domain.differences import differences
from domain.errors import LianluoError, Refused
from domain.instants import Instant, Zone
from domain.people import Actor
from domain.reports import Content, ReportKind
from domain.texts import visible
from storage.store import Store
from tui.asking import Asks
from tui.drafts import (
    FindingDraft,
    Problems,
    ReportDraft,
    carried,
    draft_of,
    from_json,
    read_report,
    said_otherwise,
    to_json,
)
from tui.facts import changed, content_lines
from tui.places import Place, places
from tui.widgets.confirm import ConfirmDialog
from tui.widgets.fields import Choice, CountInput, Row
from tui.widgets.finding import FindingDialog
from tui.widgets.keys_bar import KeysBar
from tui.widgets.notice import Notice, Rule, Tone
from tui.widgets.short_list import Cells, ShortList
from tui.words import status_word, unit_name
from tui.zero import patrols

DRAFT_SECONDS = 1.0
"""How long after the last key what was typed is kept."""


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
    ReportForm #form { height: 1fr; padding: 0 1; }
    ReportForm Row { margin-bottom: 1; }
    ReportForm #summary { height: 5; }
    ReportForm Row > .after { width: auto; padding: 0 3 0 1; }
    ReportForm Row > .between { width: auto; padding: 0 1 0 0; }
    ReportForm #findings-head { color: $accent; height: 1; }
    ReportForm #findings-problem { color: $error; text-style: bold; height: auto; }
    ReportForm #draft-state { color: $quiet; height: 1; margin-top: 1; }
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

    def __init__(self, unit: str, day: date, *, amending: bool) -> None:
        """Take the unit's code, the day, and whether a report of that day stands already."""
        super().__init__()
        self._unit = unit
        self._day = day
        self._amending = amending
        self._opened: Opened | None = None
        self._findings: tuple[FindingDraft, ...] = ()
        self._places: tuple[Place, ...] = ()
        self._origin = ReportDraft()
        self._saving: Timer | None = None
        self._filing = False

    # -- the form --------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Compose the frame; the fields come with the answer of the store."""
        yield Static("", id="form-title", markup=False)
        yield Rule()
        yield VerticalScroll(id="form", can_focus=False)
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

    def _know_places(self, found: tuple[Place, ...]) -> None:
        self._places = found
        self._show_findings()

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
        await self._fill(begin)
        self._say_state(
            t("forms.draft_restored", at=opened.zone.show(opened.saved_at)[:16])
            if restored
            else t("forms.draft_none")
        )
        weekday = t(f"words.weekday_{self._day.weekday()}")
        key = "forms.amend_title" if self._amending else "forms.daily_title"
        title = t(key, unit=unit_name(found.unit), day=self._day, weekday=weekday)
        self.query_one("#form-title", Static).update(
            Text.styled(title, "bold $accent")
            + "   "
            + Text.styled(self._would_be(found), "$quiet")
        )
        self._write()

    def _write(self) -> None:
        """Put the cursor behind what the account says already."""
        account = self.query_one("#summary", TextArea)
        account.move_cursor(account.document.end)
        self.set_focus(account)

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
        unit = self._opened.filing.unit
        kind = "patrol" if patrols(unit) else "duty"
        self._findings = draft.findings
        form = self.query_one("#form", VerticalScroll)
        await form.remove_children()
        kinds = [(value.value, t(f"words.report_{value}")) for value in reversed(ReportKind)]
        rows = []
        if self._amending:
            rows.append(Row(t("report.fact_kind"), Choice(kinds, draft.kind, id="kind")))
        rows += [
            Row(
                t(f"forms.planned_{kind}"),
                CountInput(draft.planned, id="planned"),
                Static(t(f"forms.count_{kind}"), classes="after"),
                Static(t(f"forms.patrolled_{kind}"), classes="between"),
                CountInput(draft.patrolled, id="patrolled"),
                Static(t(f"forms.count_{kind}"), classes="after"),
            ),
            Row(t("forms.account"), TextArea(draft.summary, id="summary", compact=True)),
        ]
        if self._reason_needed:
            reason = Input(draft.reason, id="reason", compact=True)
            rows.append(Row(t("forms.reason"), reason))
        await form.mount_all(
            [
                *rows,
                Static("", id="findings-head", markup=False),
                Static("", id="findings-problem", markup=False),
                ShortList(id="findings"),
                Static("", id="draft-state", markup=False),
            ]
        )
        self._show_findings()

    @property
    def _reason_needed(self) -> bool:
        assert self._opened is not None
        return self._amending or self._opened.filing.locked

    @property
    def _names(self) -> dict[str, str]:
        return {place.unit.code: unit_name(place.unit) for place in self._places}

    def _show_findings(self) -> None:
        for head in self.query("#findings-head").results(Static):
            head.update(t("forms.findings_head", count=len(self._findings)))
        for listed in self.query("#findings").results(ShortList):
            listed.show([self._finding_line(n, f) for n, f in enumerate(self._findings, 1)])
        self.refresh_bindings()

    def _finding_line(self, no: int, finding: FindingDraft) -> Cells:
        return (
            (str(no), "$quiet"),
            (self._names.get(finding.place, finding.place), "bold"),
            (visible(finding.location), "$foreground"),
            (t(f"areas.{finding.land_class}"), "$foreground"),
            (visible(finding.area), "$foreground"),
        )

    # -- the draft -------------------------------------------------------------------------------

    def _typed(self) -> ReportDraft:
        kind = self.query("#kind").results(Choice)
        reason = self.query("#reason").results(Input)
        return ReportDraft(
            next((choice.value for choice in kind), ReportKind.DAILY.value),
            self.query_one("#planned", Input).value,
            self.query_one("#patrolled", Input).value,
            self.query_one("#summary", TextArea).text,
            next((field.value for field in reason), ""),
            self._findings,
            self._origin.base,
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what was typed, once the typing rests."""
        name = "areas" if event.input.id in ("planned", "patrolled") else event.input.id
        self._changed(name or "")

    def on_text_area_changed(self) -> None:
        """Keep what was typed, once the typing rests."""
        self._changed("summary")

    def on_choice_changed(self) -> None:
        """Keep what was chosen."""
        self._changed("summary")

    def _changed(self, field: str) -> None:
        self._say(field, "")
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(DRAFT_SECONDS, self._save)

    def _save(self) -> None:
        """Keep the draft; one that says no more than the form began with is thrown away."""
        self._saving = None
        if self._opened is None or self._filing:
            return
        typed = self._typed()
        unit, day, body = self._unit, self._day, to_json(typed)
        worth = said_otherwise(typed, self._origin)

        def question(store: Store, actor: Actor, at: Instant) -> str:
            if not worth:
                kept.drop(store, actor, unit, day)
                return ""
            kept.save(store, actor, unit, day, body, at)
            return store.zone.show(at)[11:19]

        self.ask(question, self._saved, group="draft")

    def _saved(self, at: str) -> None:
        self._say_state(t("forms.draft_saved", at=at) if at else t("forms.draft_none"))

    def _say_state(self, text: str) -> None:
        for state in self.query("#draft-state").results(Static):
            state.update(text)

    async def action_discard(self) -> None:
        """Throw the draft away, and begin anew."""
        if self._opened is not None:
            await self._fill(self._origin)
            self._save()
            self._write()

    def action_leave(self) -> None:
        """Leave; what was typed is kept."""
        if self._filing:
            return
        if self._saving is not None:
            self._saving.stop()
            self._save()
            self.program.say(t("forms.draft_kept"))
        self.dismiss(None)

    async def action_carry(self) -> None:
        """Take over what the last report said and this one does not say yet."""
        if self._opened is None:
            return
        last = self._opened.filing.last
        if last is None:
            self.program.say(t("today.no_last"))
            return
        await self._fill(carried(self._typed(), last))
        self.program.say(t("forms.carried", day=last.day))
        self._write()
        self._changed("summary")

    # -- findings --------------------------------------------------------------------------------

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 - Textual's signature
    ) -> bool | None:
        """Show the keys of findings where a finding has the focus."""
        if action in ("edit", "remove"):
            return isinstance(self.focused, ShortList) and bool(self._findings)
        return True

    def action_add(self) -> None:
        """Add a finding."""
        if self._opened is None:
            return
        today = self._opened.filing.today
        number = len(self._findings) + 1
        dialog = FindingDialog(FindingDraft(), number, self._day, today, self._places)
        self.app.push_screen(dialog, self._added)

    def _added(self, finding: FindingDraft | None) -> None:
        if finding is not None:
            self._findings = (*self._findings, finding)
            self._findings_changed()

    def on_short_list_opened(self) -> None:
        """Edit the finding under the cursor."""
        self.action_edit()

    def action_edit(self) -> None:
        """Edit the finding under the cursor."""
        if self._opened is None or not self._findings:
            return
        index = self.query_one("#findings", ShortList).cursor

        def edited(finding: FindingDraft | None) -> None:
            if finding is not None:
                before, after = self._findings[:index], self._findings[index + 1 :]
                self._findings = (*before, finding, *after)
                self._findings_changed()

        today = self._opened.filing.today
        dialog = FindingDialog(self._findings[index], index + 1, self._day, today, self._places)
        self.app.push_screen(dialog, edited)

    def action_remove(self) -> None:
        """Take the finding under the cursor out."""
        if self._findings:
            index = self.query_one("#findings", ShortList).cursor
            self._findings = self._findings[:index] + self._findings[index + 1 :]
            self._findings_changed()

    def _findings_changed(self) -> None:
        self._show_findings()
        self._changed("findings")

    # -- sending ---------------------------------------------------------------------------------

    def _say(self, field: str, text: str) -> None:
        """Put a sentence beside a field, or take it away."""
        if field == "findings":
            for problem in self.query("#findings-problem").results(Static):
                problem.update(text)
            return
        where = {"areas": "patrolled"}.get(field, field)
        for widget in self.query(f"#{where}"):
            if isinstance(widget.parent, Row):
                widget.parent.say(text, wrong=True)

    def action_send(self) -> None:
        """Show what will be written, where nothing is wrong with it."""
        if self._opened is None or self._filing:
            return
        found = self._opened.filing
        read = read_report(
            self._typed(), found.unit, self._day, found.today, reason_needed=self._reason_needed
        )
        for field in ("areas", "summary", "reason", "findings"):
            self._say(field, "")
        if not isinstance(read, Content):
            self._show(read)
            return
        lines = self._preview(read, found)
        if lines is None:
            self.program.say(t("errors.amend_same"), Tone.ERROR)
            return
        key = "forms.amend_confirm" if self._amending else "forms.daily_confirm"
        title = t(key, unit=unit_name(found.unit), day=self._day)

        def confirmed(yes: bool | None) -> None:
            if yes:
                self._send(read)

        self.app.push_screen(ConfirmDialog(title, lines), confirmed)

    def _show(self, problems: Problems) -> None:
        for field, text in problems.items():
            self._say(field, text)
        where = {"areas": "patrolled", "findings": "findings"}
        first = next(iter(problems))
        for widget in self.query(f"#{where.get(first, first)}"):
            if widget.can_focus:
                self.set_focus(widget)

    def _preview(self, content: Content, found: Filing) -> list[Text] | None:
        """Return what will be written, or its difference; None where nothing would change."""
        if not found.standing:
            would_be = t("forms.would_be", status=status_word(found.would_be))
            return [*content_lines(content, self._names), Text(""), Text.styled(would_be, "bold")]
        changes = differences(found.standing[-1].content, content)
        lines = [line for change in changes for line in changed(change, self._names)]
        if not lines:
            return None
        reason = t("forms.amend_reason", reason=visible(self._typed().reason))
        return [*lines, Text(""), Text.styled(reason, "bold")]

    def _send(self, content: Content) -> None:
        self._filing = True
        if self._saving is not None:
            self._saving.stop()
        unit, day, amending = self._unit, self._day, self._amending
        reason, base = self._typed().reason, self._origin.base

        def question(store: Store, actor: Actor, at: Instant) -> Receipt:
            standing = filing(store, actor, unit, day, at).standing
            if standing and standing[-1].number != base:
                raise Refused("forms.amended_meanwhile", receipt=standing[-1].receipt)
            return file(store, actor, unit, day, content, at, amending=amending, reason=reason)

        self.act(question, self.dismiss, refused=self._refused)

    def _refused(self, error: LianluoError) -> None:
        self._filing = False
        self.program.say(render(error.message), Tone.ERROR)

    def relabel(self) -> None:
        """Say the fields again in the language now in use, with what stands in them."""
        if self._opened is not None:
            self.run_worker(self._fill(replace(self._typed())), exclusive=True, group="fill")
