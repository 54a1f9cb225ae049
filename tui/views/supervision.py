"""Supervision: notices, who has owed longest, contradicted zeros, places nobody looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from actions.matters import MatterView
from actions.reconciling import BlindSpot
from actions.supervision import BLIND_DAYS, Debtor, Notice, Supervision, supervision
from actions.timelines import nearest
from actions.turns import Possible
from catalogue import t
from domain.calendar import Calendar
from domain.errors import LianluoError
from domain.instants import DAY, Instant, Zone
from domain.matters import Matter, subject
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.texts import visible
from storage.store import Store
from tui.matter_words import (
    LINE_STYLES,
    due_word,
    head_words,
    late_word,
    left_word,
    light_word,
    step_word,
)
from tui.views.base import Subject, View
from tui.views.matter_acts import possible_question
from tui.views.matter_forms import explain_form, notice_form
from tui.views.unit_card import UnitCard
from tui.views.urging import copy_urging, step_titles
from tui.widgets.choices import Choices
from tui.widgets.filter_line import FilterLine
from tui.widgets.fitting import name_of, name_within
from tui.widgets.form import Form, FormDialog
from tui.widgets.notice import Tone
from tui.widgets.rows import Column, Rows
from tui.widgets.virtual import Cell, Lines

SECTIONS = ("notices", "debtors", "zeros", "blind")
_COLUMNS = {
    "notices": (
        Column("matters_ui.col_number", 11),
        Column("supervision_ui.col_side", 4),
        Column("matters_ui.col_title", 12, grow=3),
        Column("supervision_ui.col_from", 10, grow=1, least=100),
        Column("supervision_ui.col_to", 10, grow=1),
        Column("matters_ui.col_step", 10, grow=1),
        Column("matters_ui.col_due", 11),
        Column("matters_ui.col_left", 14, least=112),
        Column("matters_ui.col_light", 7),
    ),
    "debtors": (
        Column("matters_ui.col_light", 7),
        Column("supervision_ui.col_longest", 9, right=True),
        Column("supervision_ui.col_unit", 12, grow=2),
        Column("supervision_ui.col_what", 24, grow=3),
        Column("supervision_ui.col_count", 6, right=True),
        Column("supervision_ui.col_rung", 10, grow=1),
    ),
    "zeros": (
        Column("matters_ui.col_number", 11),
        Column("supervision_ui.col_unit", 10, grow=1),
        Column("supervision_ui.col_zero", 10),
        Column("supervision_ui.col_against", 18, grow=3),
        Column("matters_ui.col_due", 11),
        Column("matters_ui.col_light", 7),
    ),
    "blind": (
        Column("supervision_ui.col_unit", 14, grow=1),
        Column("supervision_ui.col_kind", 14, grow=1),
        Column("supervision_ui.col_seen", 10),
        Column("supervision_ui.col_since", 12, grow=2),
    ),
}
_STALE = DAY
"""Seconds after which the last look at the ladder is said in bold."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is supervised, with what it is shown by; `titles` name the steps owed longest."""

    found: Supervision
    titles: dict[str, str]
    zone: Zone
    calendar: Calendar


def supervision_question(store: Store, actor: Actor, at: Instant) -> Sight:
    """Return what whoever acts has to supervise, or to answer for."""
    found = supervision(store, actor, at)
    longest = [row.longest.obligation for row in found.debtors]
    return Sight(found, step_titles(store, longest, at), store.zone, store.calendar)


class SupervisionView(View):
    """Four lists, one at a time.

    | Key | Does |
    |---|---|
    | `n`, `←` `→` | another list |
    | `Enter` | opens the notice, explains what is owed or a zero, opens a unit's card |
    | `i`, `s`, `r`, `v` | issues, signs for, replies to, reviews a notice |
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
        Binding(
            "slash,ideographic_comma",
            "filter",
            "lists.filter_key",
            id="filter",
            key_display="/",
            tooltip="lists.filter_help",
        ),
        Binding(
            "escape",
            "back",
            "keys.back",
            show=False,
            id="supervision_back",
            tooltip="lists.back_help",
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._section = SECTIONS[0]
        self._words = ""
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
            for section in SECTIONS:
                yield Rows(_COLUMNS[section], id=f"supervision-{section}")

    @property
    def rows(self) -> Rows:
        """Return the list shown."""
        return self.query_one(f"#supervision-{self._section}", Rows)

    def focus_first(self) -> None:
        """Give the keys to the list shown."""
        self.rows.focus()

    def load(self) -> None:
        """Read everything again."""
        self.ask(supervision_question, self._show)

    def relabel(self) -> None:
        """Say everything again; what was read holds."""
        if self._sight is not None:
            self._draw()

    def _show(self, sight: Sight) -> None:
        self._sight = sight
        self._draw()
        self.refresh_bindings()

    # -- drawing ---------------------------------------------------------------------------------

    def _section_words(self) -> Sequence[str]:
        if self._sight is None:
            return [t(f"supervision_ui.section_{section}") for section in SECTIONS]
        found = self._sight.found
        waiting = sum(row.view.state.closed_at is None for row in found.notices)
        counts = (waiting, len(found.debtors), len(found.zeros), len(found.blind))
        return [
            f"{t(f'supervision_ui.section_{section}')} {count}"
            for section, count in zip(SECTIONS, counts, strict=True)
        ]

    def _draw(self) -> None:
        sight = self._sight
        assert sight is not None
        wanted = self._words.casefold()
        for section in SECTIONS:
            texts = [self._text(section, i) for i in range(self._count(section))]
            self._shown[section] = [i for i, text in enumerate(texts) if wanted in text]
            rows = self.query_one(f"#supervision-{section}", Rows)
            rows.show(len(self._shown[section]), self._drawer(section))
        self.query_one(Choices).chosen = SECTIONS.index(self._section)
        self.query_one(Choices).refresh(layout=True)
        self.query_one("#supervision-check", Static).update(_check(sight.found))
        self.query_one("#supervision-sum", Static).update(self._sum())

    def _count(self, section: str) -> int:
        assert self._sight is not None
        found = self._sight.found
        lists: dict[str, Sequence[object]] = {
            "notices": found.notices,
            "debtors": found.debtors,
            "zeros": found.zeros,
            "blind": found.blind,
        }
        return len(lists[section])

    def _text(self, section: str, index: int) -> str:
        assert self._sight is not None
        found = self._sight.found
        if section == "notices":
            matter = found.notices[index].view.matter
            names = [*found.units[matter.unit].names(), *found.units[matter.issuer].names()]
            return " ".join((matter.number, matter.title, *names)).casefold()
        if section == "zeros":
            view = found.zeros[index]
            words = (view.matter.number, view.matter.title, *view.unit.names())
            return " ".join(words).casefold()
        unit = found.debtors[index].unit if section == "debtors" else found.blind[index].unit
        return " ".join(unit.names()).casefold()

    def _sum(self) -> str:
        sight = self._sight
        assert sight is not None
        found = sight.found
        if not self._shown[self._section]:
            none = "none_filtered" if self._count(self._section) else f"none_{self._section}"
            return t(f"supervision_ui.{none}")
        if self._section == "zeros":
            return t("supervision_ui.sum_zeros", unasked=found.unasked)
        if self._section == "blind":
            return t("supervision_ui.sum_blind", days=BLIND_DAYS)
        return t(f"supervision_ui.sum_{self._section}")

    def _drawer(self, section: str) -> Callable[[int, Sequence[int]], Sequence[Cell]]:
        draw = {
            "notices": self._notice_row,
            "debtors": self._debtor_row,
            "zeros": self._zero_row,
            "blind": self._blind_row,
        }[section]
        return lambda index, widths: draw(self._shown[section][index], widths)

    def _notice_row(self, index: int, widths: Sequence[int]) -> Sequence[Cell]:
        sight = self._sight
        assert sight is not None
        row = sight.found.notices[index]
        matter = row.view.matter
        return (
            (matter.number, "quiet"),
            (t("supervision_ui.issued" if row.issued else "supervision_ui.received"), "plain"),
            (visible(matter.title), "strong"),
            (name_within(sight.found.units[matter.issuer], widths[3]), "plain"),
            (name_within(sight.found.units[matter.unit], widths[4]), "plain"),
            *_standing(row.view, sight),
        )

    def _debtor_row(self, index: int, widths: Sequence[int]) -> Sequence[Cell]:
        sight = self._sight
        assert sight is not None
        row = sight.found.debtors[index]
        style = LINE_STYLES[row.longest.light]
        rung = t(f"words.rung_{row.longest.rung}") if row.longest.rung else ""
        return (
            (light_word(row.longest.light), style),
            (_late(row, sight), style),
            (name_within(row.unit, widths[2]), "strong"),
            (_owed(row, sight), "plain"),
            (str(row.count), "plain"),
            (rung, "quiet"),
        )

    def _zero_row(self, index: int, widths: Sequence[int]) -> Sequence[Cell]:
        sight = self._sight
        assert sight is not None
        view = sight.found.zeros[index]
        day, _, against = view.matter.title.partition(" ")
        cells = _standing(view, sight)
        return (
            (view.matter.number, "quiet"),
            (name_within(view.unit, widths[1]), "strong"),
            (day, "plain"),
            (visible(against), "plain"),
            cells[1],
            cells[3],
        )

    def _blind_row(self, index: int, widths: Sequence[int]) -> Sequence[Cell]:
        sight = self._sight
        assert sight is not None
        row = sight.found.blind[index]
        today = sight.zone.day_of(sight.found.at)
        since = t("supervision_ui.never")
        if row.last is not None:
            since = t("words.span_days", days=(today - row.last).days)
        return (
            (name_within(row.unit, widths[0]), "strong"),
            (t(f"words.kind_{row.unit.kind}"), "quiet"),
            (row.last.isoformat() if row.last else "", "plain"),
            (since, "plain"),
        )

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
    def spot(self) -> BlindSpot | None:
        """Return the place under the cursor that nobody looks at."""
        index = self._under("blind")
        return None if index is None or self._sight is None else self._sight.found.blind[index]

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
            cells = [text for text, _ in _standing(view, sight) if text]
            told = "  ".join((name_of(view.unit), *cells))
            title = head_words(view.matter, view.workflow)
            return Subject(title, (told,), f"{title}  {told}", _obligation(view, sight))
        debtor, spot = self.debtor, self.spot
        if debtor is not None:
            told = t("supervision_ui.debtor_told", late=_late(debtor, sight), count=debtor.count)
            title = f"{name_of(debtor.unit)}  {_owed(debtor, sight)}"
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
        if action in ("sign", "reply", "review"):
            return self._section == "notices"
        return True

    def action_section(self, step: int) -> None:
        """Show another list."""
        place = (SECTIONS.index(self._section) + step) % len(SECTIONS)
        self._show_section(SECTIONS[place])

    @on(Choices.Chosen, "#supervision-sections")
    def _section_chosen(self, event: Choices.Chosen) -> None:
        self._show_section(SECTIONS[event.index])

    def _show_section(self, section: str) -> None:
        self._section = section
        self.program.say("")
        self.query_one("#supervision-lists", ContentSwitcher).current = f"supervision-{section}"
        if self._sight is not None:
            self._draw()
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

    def action_filter(self) -> None:
        """Narrow the list to what has a text in it."""
        self.query_one(FilterLine).open()

    def on_filter_line_narrowed(self, event: FilterLine.Narrowed) -> None:
        """Show what has the text in its number, title or unit."""
        self._words = event.text
        if self._sight is not None:
            self._draw()

    def on_filter_line_left(self) -> None:
        """Give the keys back to the list."""
        self.focus_first()

    def action_back(self) -> None:
        """Take the filter away."""
        if self._words:
            self.query_one(FilterLine).action_drop()


def _standing(view: MatterView, sight: Sight) -> tuple[Cell, Cell, Cell, Cell]:
    """Return the open step, its date, what is left, and its light; or that it is over."""
    found = sight.found
    if view.state.closed_at is not None:
        when = sight.zone.show(view.state.closed_at)[5:10]
        return (t("matters_ui.closed"), "quiet"), (when, "quiet"), ("", "quiet"), ("", "quiet")
    step = nearest(found.steps[view.matter.number])
    if step is None:
        return ("", "plain"), ("", "plain"), ("", "plain"), ("", "plain")
    name = step_word(step.line.step, step.line.round)
    if step.light is None or step.line.due_at is None:
        return (name, "plain"), ("", "plain"), ("", "plain"), ("", "plain")
    style = LINE_STYLES[step.light]
    due = due_word(sight.zone, step.line.due_at, sight.zone.day_of(found.at))
    left = left_word(sight.zone, sight.calendar, step.line.due_at, found.at)
    return (name, "plain"), (due, style), (left, style), (light_word(step.light), style)


def _obligation(view: MatterView, sight: Sight) -> str | None:
    step = nearest(sight.found.steps[view.matter.number])
    if step is None or step.obligation is None:
        return None
    return subject(view.matter.number, step.line.step.key, step.line.round)


def _owed(row: Debtor, sight: Sight) -> str:
    owed = row.longest.obligation
    if owed.kind is ObligationKind.REPORT:
        return f"{t('words.obligation_report')} {owed.subject}"
    return f"{owed.matter} {sight.titles.get(owed.id, '')}"


def _late(row: Debtor, sight: Sight) -> str:
    return late_word(sight.zone, row.longest.obligation.due_at, sight.found.at)


def _check(found: Supervision) -> Content:
    """Return when the ladder was last looked at: in bold where that is a day ago or more."""
    if found.checked_at is None:
        return Content.styled(t("supervision_ui.check_never"), "bold $foreground")
    seconds = max(0, found.at - found.checked_at)
    hours = seconds // 3600
    if hours >= 48:
        ago = t("words.span_days", days=hours // 24)
    elif hours:
        ago = t("supervision_ui.hours", hours=hours)
    else:
        ago = t("words.span_minutes", minutes=seconds // 60)
    style = "bold $foreground" if seconds >= _STALE else "$quiet"
    return Content.styled(t("supervision_ui.check", ago=ago), style)
