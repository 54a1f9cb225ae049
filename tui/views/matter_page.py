"""One matter in full: facts, the steps as a line in time, who was asked, what was done."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from actions.assisting import answers
from actions.matters import show
from actions.referring import referrals
from actions.timelines import TimelineStep, nearest, timelines
from catalogue import t
from domain.errors import LianluoError
from domain.instants import Instant
from domain.matters import subject
from domain.people import Actor
from domain.timelines import Progress
from storage import people, units
from storage.store import Store
from tui.desk import Question
from tui.matter_words import head_words
from tui.views.base import Subject
from tui.views.matter_acts import MatterActs
from tui.views.matter_text import (
    Sight,
    assist_lines,
    entry_text,
    facts_text,
    history_lines,
    matter_text,
    state_text,
    step_detail,
    step_lines,
)
from tui.widgets.keys_bar import KeysBar
from tui.widgets.notice import Notice, Rule, Tone
from tui.widgets.short_list import ShortList
from tui.widgets.text_dialog import TextDialog


def sight_question(number: str) -> Question[Sight]:
    """Ask for a matter with all that its page shows."""

    def question(store: Store, _actor: Actor, at: Instant) -> Sight:
        with store.reading():
            view = show(store, number, at)
            asked = (*answers(store, number, at), *referrals(store, number, at))
            steps = timelines(store, [view, *asked], at)
            matter = view.matter
            codes = {matter.unit, matter.issuer, matter.place, *(a.matter.unit for a in asked)}
            logins = {entry.login for entry in view.entries} | {
                entry.real_login for entry in view.entries
            }
            names = {
                login: found[0].name
                for login in logins
                if (found := people.of_login(store.connection, login))
            }
            owners = units.by_code(store.connection, codes - {""})
        return Sight(
            view,
            steps[matter.number],
            asked,
            steps,
            owners,
            names,
            at,
            store.zone,
            store.calendar,
        )

    return question


class MatterPage(Screen[None], MatterActs):
    """A page over the whole screen.

    | Key | Does |
    |---|---|
    | `Enter` | opens a request, or reads an entry in full |
    | `e` | explains the step under the cursor |
    | `y` | copies the matter as text |
    | `m` | makes a paper of it |
    | `Esc` | goes back |
    """

    leaves_for_views: ClassVar[bool] = True
    """A key of another view leaves the page."""
    DEFAULT_CSS = """
    MatterPage #matter-title { height: 1; padding: 0 1; text-style: bold; color: $accent; }
    MatterPage #matter-facts { height: auto; max-height: 8; padding: 0 1; }
    MatterPage .head { height: 1; padding: 0 1; color: $accent; }
    MatterPage .head.-after { margin-top: 1; }
    MatterPage.-short .head.-after { margin-top: 0; }
    MatterPage ShortList { padding: 0 1; }
    MatterPage #matter-steps { max-height: 12; }
    MatterPage #matter-step { height: auto; max-height: 2; padding: 0 1; color: $quiet; }
    MatterPage #matter-assists { max-height: 4; }
    MatterPage.-short #matter-steps { max-height: 7; }
    MatterPage.-short #matter-assists { max-height: 2; }
    MatterPage #matter-history { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "explain", "keys.explain", id="explain", tooltip="keys.explain_help"),
        Binding("y", "copy", "keys.copy", id="copy", tooltip="keys.copy_help"),
        Binding("m", "paper", "keys.paper", id="paper", tooltip="keys.paper_help"),
        Binding("escape", "back", "keys.back", id="back", tooltip="keys.back_help"),
    ]
    title_key: ClassVar[str] = "matters_ui.page"
    help_key: ClassVar[str] = "matters_ui.page_help"

    def __init__(self, number: str, told: str = "") -> None:
        """Take the matter's number, and what is to be said when it opens."""
        super().__init__()
        self._told = told
        self.number = number
        self.sight: Sight | None = None

    def compose(self) -> ComposeResult:
        """Compose the parts; they fill when the answer comes."""
        yield Static("", id="matter-title", markup=False)
        yield Rule()
        yield Static("", id="matter-facts", markup=False)
        yield Static("", id="matter-steps-head", classes="head -after", markup=False)
        yield ShortList(id="matter-steps")
        yield Static("", id="matter-step", markup=False)
        yield Static("", id="matter-assists-head", classes="head -after", markup=False)
        yield ShortList(id="matter-assists")
        yield Static("", id="matter-history-head", classes="head -after", markup=False)
        yield ShortList(id="matter-history")
        yield Notice()
        yield KeysBar()

    def on_mount(self) -> None:
        """Say what brought it here, and ask."""
        notice = self.query_one(Notice)
        notice.tone, notice.text = Tone.DONE, self._told
        self.load()

    def on_resize(self) -> None:
        """Spare the blank lines where there is no room."""
        self.set_class(self.size.height < 30, "-short")
        if self.sight is not None:
            self._draw()

    def load(self) -> None:
        """Read the matter again."""
        self.ask(sight_question(self.number), self._show, refused=self._gone)

    def on_store_changed(self) -> None:
        """Look again: somebody wrote, or the minute passed."""
        self.load()

    def relabel(self) -> None:
        """Say everything again; what was read holds."""
        if self.sight is not None:
            self._draw()

    def _gone(self, error: LianluoError) -> None:
        if self.sight is None:
            self.dismiss(None)
        self.program.call_later(self.program.show_error, error)

    def _show(self, sight: Sight) -> None:
        first = self.sight is None
        self.sight = sight
        self._draw()
        if first:
            steps = self.query_one("#matter-steps", ShortList)
            near = nearest(sight.steps)
            steps.cursor = sight.steps.index(near) if near is not None else len(sight.steps) - 1
            self.set_focus(steps)
            self._draw_step()

    def _draw(self) -> None:
        sight = self.sight
        assert sight is not None
        view = sight.view
        title = head_words(view.matter, view.workflow)
        self.query_one("#matter-title", Static).update(title)
        facts = state_text(sight) + "\n" + facts_text(sight, self.size.width - 2)
        self.query_one("#matter-facts", Static).update(facts)
        self.query_one("#matter-steps-head", Static).update(t("matters_ui.steps"))
        self.query_one("#matter-steps", ShortList).show(step_lines(sight))
        self._draw_step()
        asked = sight.asked
        for part in ("#matter-assists-head", "#matter-assists"):
            self.query_one(part).display = bool(asked)
        done = sum(each.state.closed_at is not None for each in asked)
        head = t("matters_ui.assists", count=len(asked), done=done)
        self.query_one("#matter-assists-head", Static).update(head)
        self.query_one("#matter-assists", ShortList).show(assist_lines(sight))
        history = t("matters_ui.history", count=len(view.entries))
        self.query_one("#matter-history-head", Static).update(history)
        self.query_one("#matter-history", ShortList).show(history_lines(sight))

    def _draw_step(self) -> None:
        if self.sight is None:
            return
        step = self.selected_step
        text = "" if step is None else step_detail(self.sight, step)
        self.query_one("#matter-step", Static).update(text)

    def on_short_list_moved(self) -> None:
        """Say more of the step under the cursor."""
        self._draw_step()

    # -- what is in hand -------------------------------------------------------------------------

    @property
    def selected_step(self) -> TimelineStep | None:
        """Return the step under the cursor."""
        if self.sight is None or not self.sight.steps:
            return None
        cursor = self.query_one("#matter-steps", ShortList).cursor
        return self.sight.steps[min(cursor, len(self.sight.steps) - 1)]

    def matter_in_hand(self) -> str | None:
        """Return the page's matter."""
        return self.number

    def step_in_hand(self) -> str | None:
        """Return the step under the cursor where it is open."""
        step = self.selected_step
        if step is None or step.line.progress is not Progress.OPEN:
            return None
        return step.line.step.key

    def acted(self, number: str, told: str) -> None:
        """Look again, or show the page of the new matter."""
        if number == self.number:
            self.program.say(told, Tone.DONE)
            self.load()
        else:
            self.program.open_matter(number, told)

    def selected_subject(self) -> Subject | None:
        """Return the step under the cursor, for `?` and `e`."""
        sight, step = self.sight, self.selected_step
        if sight is None or step is None:
            return None
        owed = step.obligation
        name = None
        if owed is not None:
            name = subject(self.number, step.line.step.key, step.line.round)
        lines = (step_detail(sight, step),)
        return Subject(
            head_words(sight.view.matter, sight.view.workflow), lines, matter_text(sight), name
        )

    # -- acts ------------------------------------------------------------------------------------

    def on_short_list_opened(self) -> None:
        """Open the request under the cursor, read the entry, or do the step."""
        sight, focused = self.sight, self.focused
        if sight is None or not isinstance(focused, ShortList):
            return
        if focused.id == "matter-assists":
            self.program.open_matter(sight.asked[focused.cursor].matter.number)
        elif focused.id == "matter-history":
            entry = sight.history[focused.cursor]
            title = t("matters_ui.entry", number=self.number, seq=entry.seq)
            self.program.push_screen(TextDialog(title, entry_text(sight, entry)))
        else:
            self.action_explain()

    def action_explain(self) -> None:
        """Explain the step under the cursor."""
        found = self.selected_subject()
        if found is None or found.obligation_id is None:
            self.program.say(t("app.nothing_to_explain"))
            return
        self.program.explain(found.obligation_id)

    def action_copy(self) -> None:
        """Copy the matter as text."""
        if self.sight is not None:
            self.app.copy_to_clipboard(matter_text(self.sight))
            self.program.say(t("app.copied"))

    def action_paper(self) -> None:
        """Make a paper of the matter."""
        from tui.views.matter_papers import offer

        if self.sight is not None:
            offer(self, self.sight.view)

    def action_back(self) -> None:
        """Leave the page."""
        self.dismiss(None)
