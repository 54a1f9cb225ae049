"""Supervision: notices, who has owed longest, contradicted zeros, places nobody looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import ContentSwitcher, Static

from actions.matters import MatterView
from actions.reconciling import BlindSpot, Contradiction
from actions.spot_checks import SpotCheck
from actions.supervision import BLIND_DAYS, Debtor, Notice
from actions.turns import Possible
from catalogue import t
from domain.errors import LianluoError, Message
from domain.matters import Matter
from domain.permissions import Action
from tui.matter_words import (
    head_words,
)
from tui.views.base import Subject
from tui.views.filtered import FILTER, FilteredView, back
from tui.views.matter_acts import possible_question
from tui.views.matter_forms import explain_form, notice_form
from tui.views.reconciling import AskDialog, contradiction_lines, reconcile_all, unasked_question
from tui.views.supervision_rows import (
    COLUMNS,
    RUNS,
    SECTIONS,
    Sight,
    check_words,
    drawn,
    late_words,
    obligation_of,
    owed_words,
    searched,
    standing,
    supervision_question,
    things,
)
from tui.views.unit_card import UnitCard
from tui.views.urging import copy_urging
from tui.widgets.choices import Choices
from tui.widgets.filter_line import FilterLine
from tui.widgets.fitting import name_of
from tui.widgets.form import Form, FormDialog
from tui.widgets.notice import Tone
from tui.widgets.rows import Rows
from tui.widgets.virtual import Cell, Lines


class SupervisionView(FilteredView):
    """Four lists, one at a time, and for supervisors a fifth: unlikely runs of zeros.

    | Key | Does |
    |---|---|
    | `n`, `←` `→` | another list |
    | `Enter` | opens the notice, explains what is owed or a zero, opens a unit's card |
    | `i`, `s`, `r`, `v` | issues, signs for, replies to, reviews a notice |
    | `u` | asks for an explanation of every contradicted zero |
    | `/` | filters |
    """

    title_key: ClassVar[str] = "app.view_supervision"
    help_key: ClassVar[str] = "supervision_ui.help"
    DEFAULT_CSS = """
    SupervisionView { layout: vertical; }
    SupervisionView .bar { height: 1; }
    SupervisionView #supervision-sections { width: 1fr; }
    SupervisionView #supervision-check { width: auto; height: 1; color: $quiet; }
    SupervisionView #supervision-sum { height: 1; margin-bottom: 1; color: $quiet; }
    SupervisionView #supervision-lists { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "issue", "keys.issue", id="issue", tooltip="keys.issue_help"),
        Binding("s", "sign", "keys.sign", id="sign", tooltip="keys.sign_help"),
        Binding("r", "reply", "keys.reply", id="reply", tooltip="keys.reply_help"),
        Binding("v", "review", "keys.review", id="review", tooltip="keys.review_help"),
        Binding("u", "reconcile", "keys.reconcile", id="reconcile", tooltip="keys.reconcile_help"),
        Binding(
            "n,right",
            "section(1)",
            "supervision_ui.section",
            id="section",
            key_display="n",
            tooltip="supervision_ui.section_help",
        ),
        Binding(
            "left",
            "section(-1)",
            "supervision_ui.section",
            show=False,
            id="section_back",
            tooltip="supervision_ui.section_help",
        ),
        Binding("c", "card", "lists.card", show=False, id="card", tooltip="lists.card_help"),
        FILTER,
        back("supervision_back"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._section = SECTIONS[0]
        self._sight: Sight | None = None
        self._shown: dict[str, list[int]] = {}

    def compose(self) -> ComposeResult:
        """Compose the sections, the last check, and the lists."""
        with Horizontal(classes="bar"):
            yield Choices(self._section_words, id="supervision-sections")
            yield Static("", id="supervision-check")
        yield Static("", id="supervision-sum", markup=False)
        yield FilterLine(id="supervision-filter")
        with ContentSwitcher(id="supervision-lists", initial="supervision-notices"):
            for section in (*SECTIONS, RUNS):
                yield Rows(COLUMNS[section], id=f"supervision-{section}")

    @property
    def sections(self) -> tuple[str, ...]:
        """Return the lists of whoever looks: hints to make a spot check are for supervisors."""
        hints = self._sight is not None and self._sight.checks is not None
        return (*SECTIONS, RUNS) if hints else SECTIONS

    @property
    def rows(self) -> Rows:
        """Return the list shown."""
        return self.query_one(f"#supervision-{self._section}", Rows)

    def load(self) -> None:
        """Read everything again."""
        self.ask(supervision_question, self._show)

    def forget(self) -> None:
        """Let nothing of what one person may see stand before the next."""
        self._sight = None
        self._shown = {}
        for rows in self.query(Rows):
            rows.show(0, lambda _row, _widths: ())
        self._show_section(SECTIONS[0])

    def _show(self, sight: Sight) -> None:
        self._sight = sight
        if self._section not in self.sections:
            self._show_section(SECTIONS[0])
        self.redraw()
        self.refresh_bindings()

    # -- drawing ---------------------------------------------------------------------------------

    def _section_words(self) -> Sequence[str]:
        if self._sight is None:
            return [t(f"supervision_ui.section_{section}") for section in SECTIONS]
        found = self._sight.found
        waiting = sum(row.view.state.closed_at is None for row in found.notices)
        counts = (waiting, *(len(things(self._sight, each)) for each in self.sections[1:]))
        return [
            f"{t(f'supervision_ui.section_{section}')} {count}"
            for section, count in zip(self.sections, counts, strict=True)
        ]

    def redraw(self) -> None:
        """Draw every list, and the sum of the one shown."""
        sight = self._sight
        if sight is None:
            return
        for section in self.sections:
            texts = [searched(sight, section, i) for i in range(len(things(sight, section)))]
            found = self.matching(texts)
            self._shown[section] = found
            rows = self.query_one(f"#supervision-{section}", Rows)
            rows.show(len(found), partial(_row, sight, section, found))
        self.query_one(Choices).chosen = self.sections.index(self._section)
        self.query_one(Choices).refresh(layout=True)
        self.query_one("#supervision-check", Static).update(check_words(sight.found))
        self.query_one("#supervision-sum", Static).update(self._sum())

    def _sum(self) -> str:
        sight = self._sight
        assert sight is not None
        found = sight.found
        if not self._shown[self._section]:
            none = "none_filtered" if things(sight, self._section) else f"none_{self._section}"
            return t(f"supervision_ui.{none}")
        if self._section == "zeros":
            return t("supervision_ui.sum_zeros", unasked=found.unasked)
        if self._section == "blind":
            return t("supervision_ui.sum_blind", days=BLIND_DAYS)
        return t(f"supervision_ui.sum_{self._section}")

    # -- what is in hand -------------------------------------------------------------------------

    def _under(self, section: str) -> int | None:
        """Return the number of what is under the cursor, where this list is shown."""
        if self._sight is None or self._section != section:
            return None
        shown, cursor = self._shown.get(section, []), self.rows.cursor
        return shown[cursor] if cursor < len(shown) else None

    @property
    def notice(self) -> Notice | None:
        """Return the notice under the cursor."""
        index = self._under("notices")
        return None if index is None or self._sight is None else self._sight.found.notices[index]

    @property
    def debtor(self) -> Debtor | None:
        """Return the unit under the cursor of those that owe."""
        index = self._under("debtors")
        return None if index is None or self._sight is None else self._sight.found.debtors[index]

    @property
    def zero(self) -> MatterView | None:
        """Return the contradicted zero under the cursor."""
        index = self._under("zeros")
        return None if index is None or self._sight is None else self._sight.found.zeros[index]

    @property
    def spot(self) -> BlindSpot | SpotCheck | None:
        """Return the place under the cursor that nobody looks at, or that somebody should."""
        index, sight = self._under("blind"), self._sight
        if index is not None and sight is not None:
            return sight.found.blind[index]
        index = self._under(RUNS)
        if index is None or sight is None or sight.checks is None:
            return None
        return sight.checks[index]

    @property
    def unit_code(self) -> str | None:
        """Return the unit under the cursor."""
        notice, zero = self.notice, self.zero
        if notice is not None:
            return notice.view.matter.unit
        if zero is not None:
            return zero.matter.unit
        row = self.debtor or self.spot
        return None if row is None else row.unit.code

    def selected_subject(self) -> Subject | None:
        """Return what is under the cursor, for `?`, `e` and `y`."""
        sight = self._sight
        if sight is None:
            return None
        view = self.zero if self.notice is None else self.notice.view
        if view is not None:
            cells = [text for text, _ in standing(view, sight) if text]
            told = "  ".join((name_of(view.unit), *cells))
            title = head_words(view.matter, view.workflow)
            return Subject(title, (told,), f"{title}  {told}", obligation_of(view, sight))
        debtor, spot = self.debtor, self.spot
        if debtor is not None:
            told = t(
                "supervision_ui.debtor_told", late=late_words(debtor, sight), count=debtor.count
            )
            title = f"{name_of(debtor.unit)}  {owed_words(debtor, sight)}"
            return Subject(title, (told,), f"{title}  {told}", debtor.longest.obligation.id)
        if spot is not None:
            return Subject(name_of(spot.unit), (), name_of(spot.unit), None)
        return None

    # -- acts ------------------------------------------------------------------------------------

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 - Textual's signature
    ) -> bool | None:
        """Show the keys that make sense here."""
        if action == "issue":
            return self._sight is not None and self._sight.found.may_issue
        if action == "reconcile":
            return self._sight is not None and self._sight.found.may_reconcile
        if action in ("sign", "reply", "review"):
            return self._section == "notices"
        return True

    def why_not(self, action: str) -> Message | None:
        """Return why a notice is not issued, no zero asked about, and none answered here."""
        if self._sight is None:
            return None
        if action in ("sign", "reply", "review"):
            return Message("supervision_ui.no_notice")
        return self.not_allowed(Action.URGE if action == "reconcile" else Action.ISSUE)

    def action_section(self, step: int) -> None:
        """Show another list."""
        place = (self.sections.index(self._section) + step) % len(self.sections)
        self._show_section(self.sections[place])

    @on(Choices.Chosen, "#supervision-sections")
    def _section_chosen(self, event: Choices.Chosen) -> None:
        self._show_section(self.sections[event.index])

    def _show_section(self, section: str) -> None:
        self._section = section
        self.program.say("")
        self.query_one("#supervision-lists", ContentSwitcher).current = f"supervision-{section}"
        self.redraw()
        self.focus_first()
        self.refresh_bindings()

    @on(Lines.Opened)
    def _opened(self) -> None:
        if self.notice is not None:
            self.program.open_matter(self.notice.view.matter.number)
        elif self.zero is not None:
            self._fill(self.zero.matter.number, explain_form)
        elif self.debtor is not None:
            self.action_explain()
        else:
            self.action_card()

    def _fill(self, number: str, make: Callable[[Possible], Form[MatterView]]) -> None:
        def opened(found: Possible) -> None:
            try:
                form = make(found)
            except LianluoError as error:
                self.program.show_error(error)
                return
            self.program.say("")
            self.app.push_screen(FormDialog(form), self._written)

        self.ask(possible_question(number), opened, group="possible")

    def _written(self, view: MatterView | None) -> None:
        if view is not None:
            self.program.say(t("matters_ui.written", number=view.matter.number), Tone.DONE)
            self.load()

    def _do(self, step: str) -> None:
        notice = self.notice
        if notice is None:
            self.program.say(t("supervision_ui.no_notice"))
            return
        self._fill(notice.view.matter.number, lambda found: notice_form(found, step))

    def action_sign(self) -> None:
        """Sign for the notice under the cursor."""
        self._do("sign")

    def action_reply(self) -> None:
        """Reply to the notice under the cursor, with the evidence."""
        self._do("reply")

    def action_review(self) -> None:
        """Accept the reply to the notice under the cursor, or return it."""
        self._do("review")

    def action_issue(self) -> None:
        """Issue a notice to one unit, or to all that missed some days."""
        from tui.widgets.notice_form import NoticeDialog

        self.program.say("")
        self.app.push_screen(NoticeDialog(self.unit_code), self._issued)

    def _issued(self, issued: list[Matter] | None) -> None:
        if issued:
            numbers = [matter.number for matter in issued]
            said = t("supervision_ui.issued_done", count=len(numbers), numbers=numbers)
            self._show_section("notices")
            self.program.say(said, Tone.DONE)
            self.load()

    def action_reconcile(self) -> None:
        """Show the contradicted zeros that nobody was asked about, and ask (R17)."""

        def asked(found: list[Contradiction]) -> None:
            if not found:
                self.program.say(t("supervision_ui.reconcile_none"))
                return
            title = t("supervision_ui.reconcile_title", count=len(found))
            self.app.push_screen(
                AskDialog(title, contradiction_lines(found)),
                lambda yes: self.act(reconcile_all, self._reconciled) if yes else None,
            )

        self.program.say("")
        self.ask(unasked_question, asked, group="unasked")

    def _reconciled(self, opened: list[Matter]) -> None:
        self._show_section("zeros")
        self.program.say(t("supervision_ui.reconciled", count=len(opened)), Tone.DONE)
        self.load()

    def action_card(self) -> None:
        """Open the card of the unit under the cursor."""
        if self.unit_code is not None:
            self.app.push_screen(UnitCard(self.unit_code))

    def action_copy(self) -> None:
        """Copy what is under the cursor; of a unit that owes, a text that urges it."""
        if self.debtor is not None:
            copy_urging(self, self.debtor.unit.code)
        else:
            super().action_copy()


def _row(
    sight: Sight, section: str, found: Sequence[int], row: int, widths: Sequence[int]
) -> Sequence[Cell]:
    return drawn(sight, section, found[row], widths)
