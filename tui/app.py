"""The app: the shell around the views, and what all of them share.

The first frame is the shell alone; the view and its data come after it.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import ContentSwitcher

import catalogue
from catalogue import t
from domain.errors import LianluoError
from domain.texts import visible
from tui.asking import Asks
from tui.desk import Desk, Identity, identity
from tui.entries import VIEWS, Entry
from tui.keyboard import Keyboard
from tui.keys import key_word
from tui.theme import THEMES
from tui.views.base import Explained, View
from tui.widgets.keys_bar import KeysBar
from tui.widgets.notice import Notice, Rule, Tone
from tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from domain.instants import Instant
    from exchange.config import Loaded


_HOLD = 0.4
"""Seconds that the first view waits for its data before it is drawn without them."""


def run(
    path: Path, loaded: Loaded, *, login: str, as_login: str | None = None, host: str = ""
) -> int:
    """Show the UI of the store at `path` until it is left; return the exit code."""
    app = LianluoApp(path, loaded, login=login, as_login=as_login, host=host)
    app.run()
    return app.return_code or 0


def collect_from_here() -> None:
    """Let memory be cleared of what comes from now on; what stands by now stays to the end."""
    gc.freeze()
    gc.enable()


class LianluoApp(Asks, Keyboard):
    """The shell: title line, view, notices, keys.

    | Key | Does |
    |---|---|
    | `1`–`7` | shows a view |
    | `?`, `F1` | explains what has the focus |
    | `Ctrl+P` | finds every view and act by name |
    | `L` | Chinese or English |
    | `T` | dark or light |
    | `w` | in a demo: another person acts |
    | `q` | leaves; `Ctrl+Q` does so from a form too |
    """

    TITLE = "lianluo"
    CSS_PATH = "app.tcss"
    ESCAPE_TO_MINIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                entry.key,
                f"view('{entry.name}')",
                entry.title_key,
                id=entry.name,
                show=False,
                tooltip=entry.title_key,
            )
            for entry in VIEWS
        ),
        Binding(
            "question_mark,fullwidth_question_mark,f1",
            "help",
            "keys.help",
            id="help",
            key_display="?",
            tooltip="keys.help_help",
        ),
        Binding(
            "ctrl+p",
            "command_palette",
            "keys.palette",
            id="palette",
            key_display="Ctrl+P",
            priority=True,
            tooltip="keys.palette_help",
        ),
        Binding("w", "person", "keys.person", id="person", tooltip="keys.person_help"),
        Binding("L", "language", "keys.language", id="language", tooltip="keys.language_help"),
        Binding("T", "look", "keys.look", id="look", show=False, tooltip="keys.look_help"),
        Binding("q", "quit_views", "keys.quit", id="quit", show=False, tooltip="keys.quit_help"),
    ]

    def __init__(
        self,
        path: Path,
        loaded: Loaded,
        *,
        login: str,
        as_login: str | None = None,
        host: str = "",
        clock: Callable[[], float] = time.time,
        watch_seconds: float = 1.0,
    ) -> None:
        """Take the store's path, which need not exist, and the clock that the whole UI reads."""
        super().__init__()
        self._clock = clock
        self.loaded = loaded
        self.desk = Desk(
            path,
            loaded.settings,
            login=login,
            as_login=as_login,
            host=host,
            now=self.now,
            watch_seconds=watch_seconds,
        )
        self.who: Identity | None = None
        self._minute = self.now() // 60
        self._waiting = False
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = loaded.settings.preferences.theme

    # -- the shell -------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Compose the shell; the views come when they are shown."""
        yield TitleBar(self._tabs, lambda: t("app.name"), self._person)
        yield Rule()
        yield ContentSwitcher(id="views")
        yield Notice()
        yield KeysBar()

    draft_seconds = 1.0
    """How long after the last key what was typed is kept."""

    def on_mount(self) -> None:
        """Go on once the first frame is drawn."""
        self.call_after_refresh(self._begin)

    def now(self) -> Instant:
        """Return the instant now, whole seconds since the epoch."""
        return int(self._clock())

    @property
    def open(self) -> bool:
        """Return whether there is a store to look at."""
        return self.who is not None or self.desk.path.exists()

    async def _begin(self) -> None:
        self.take_keys()
        if not self.open:
            await self._show(Entry("first_run", "", "", "tui.views.first_run", "FirstRunView"))
            collect_from_here()
            return
        await self.enter()

    async def enter(self, path: Path | None = None) -> None:
        """Show today's view of the store at `path`, or at the path of the start."""
        if path is not None:
            self.desk.path = path
        self.run_worker(self._watch, thread=True, exit_on_error=False, group="watch")
        self.set_interval(1, self._tick)
        self.run_worker(self._first(), exit_on_error=False, group="first")

    async def _first(self) -> None:
        """Show the first view with its data, in one frame where the store answers soon."""
        with self.batch_update():
            await self._show(VIEWS[0])
            if self.view is not None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.view.ready(), _HOLD)
        if self.who is None:
            # The first view's answer brings who acts with it, but may be late or refused.
            self.ask(identity, self.meet, group="identity")
        collect_from_here()

    def _watch(self) -> None:
        self.desk.watch(lambda: self.call_from_thread(self.on_store_changed))

    def _tick(self) -> None:
        """Look again when a minute is over: statuses change at the cut-off and at midnight."""
        minute = self.now() // 60
        if minute != self._minute:
            self._minute = minute
            self._look_again(lambda view: view.on_minute())

    def on_store_changed(self) -> None:
        """Let the view shown look again, and the others when they are shown next."""
        self._look_again(lambda view: view.on_store_changed())

    def _look_again(self, look: Callable[[View], None]) -> None:
        self.ask(identity, self.meet, group="identity")
        for view in self.query(View):
            if view is self.view:
                look(view)
            else:
                view.stale = True
        for screen in self.screen_stack[1:]:
            changed = getattr(screen, "on_store_changed", None)
            if changed is not None:
                changed()

    def on_unmount(self) -> None:
        """End the watch."""
        self.desk.close()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keep the cursor of fields from blinking: only the countdown moves by itself."""
        if hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = False

    # -- views -----------------------------------------------------------------------------------

    @property
    def _switcher(self) -> ContentSwitcher:
        return self._main.query_one("#views", ContentSwitcher)

    @property
    def _main(self) -> Screen[object]:
        return self.screen_stack[0]

    @property
    def view(self) -> View | None:
        """Return the view shown."""
        found = self._switcher.visible_content
        return found if isinstance(found, View) else None

    async def action_view(self, name: str) -> None:
        """Show a view, making it first where it was not shown yet."""
        if self.open:
            self.say("")
            while getattr(self.screen, "leaves_for_views", False):
                await self.screen.dismiss(None)
            await self._show(next(entry for entry in VIEWS if entry.name == name))

    async def _show(self, entry: Entry) -> None:
        switcher = self._switcher
        if all(view.id != entry.name for view in switcher.children):
            module = importlib.import_module(entry.module)
            made = cast(View, getattr(module, entry.view)(id=entry.name))
            await switcher.add_content(made)
        switcher.current = entry.name
        self._main.query_one(TitleBar).current = entry.name
        if self.view is not None:
            self.view.shown()

    async def on_title_bar_chosen(self, event: TitleBar.Chosen) -> None:
        """Show the view whose tab was clicked."""
        await self.action_view(event.view)

    def _tabs(self) -> Sequence[tuple[str, str, str]]:
        if not self.open:
            return []
        keymap = self.loaded.settings.preferences.keys
        return [
            (e.name, key_word(Binding(keymap.get(e.name, e.key).split(",")[0], "")), t(e.title_key))
            for e in VIEWS
        ]

    # -- who acts --------------------------------------------------------------------------------

    def meet(self, who: Identity) -> None:
        """Take note of who acts."""
        if who == self.who:
            return
        self.who = who
        self._main.query_one(TitleBar).refresh()
        self.refresh_bindings()

    def _person(self) -> Sequence[str]:
        who = self.who
        if who is None:
            return []
        mark = f"  [{t('words.demo')}]" if who.demo else ""
        unit = catalogue.pick(who.units[0].name, who.units[0].name_en) if who.units else ""
        more = t("app.more_units", count=len(who.units)) if len(who.units) > 1 else ""
        longest = "  ".join(part for part in (who.name, unit + more) if part)
        forms = (longest + mark, who.name + mark, who.login + mark, mark.strip())
        return [visible(form) for form in forms]

    def act_as(self, login: str) -> None:
        """Let another person act, as an admin may; every view looks again."""
        self.desk.as_login = None if login == self.desk.login else login
        for view in self.query(View):
            view.forget()
        self.on_store_changed()

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 - Textual's signature
    ) -> bool | None:
        """Leave letters and digits alone in a form; show the key for another person in a demo."""
        if action in ("view", "quit_views", "person") and self._on_form:
            return False
        if action == "person":
            return self.who is not None and self.who.demo
        return True

    @property
    def _on_form(self) -> bool:
        """Return whether a form stands before the views; a dialog or a page to read is none."""
        return any(
            not screen.is_modal and not getattr(screen, "leaves_for_views", False)
            for screen in self.screen_stack[1:]
        )

    async def action_quit(self) -> None:
        """Leave the program; what is being typed in a form is kept first."""
        for screen in self.screen_stack:
            keep = getattr(screen, "keep", None)
            if keep is not None:
                await keep()
        await super().action_quit()

    async def action_quit_views(self) -> None:
        """Leave the program."""
        await self.action_quit()

    def action_person(self) -> None:
        """Choose who acts, in a demo."""
        from tui.widgets.people import PersonDialog

        self.push_screen(PersonDialog(), lambda login: self.act_as(login) if login else None)

    # -- words -----------------------------------------------------------------------------------

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Say something in the line of notices; nothing brings its rule back."""
        for notice in self.screen.query(Notice) or self._main.query(Notice):
            notice.tone = tone
            notice.text = text

    def show_error(self, error: LianluoError) -> None:
        """Say in words what went wrong."""
        self.say(visible(catalogue.render(error.message)), Tone.ERROR)

    def say_waiting(self) -> None:
        """Say that the store is busy and that the program waits for it."""
        self._waiting = True
        self.say(t("app.waiting"))

    def say_no_more_waiting(self) -> None:
        """Take back that the program waits."""
        if not self._waiting:
            return
        self._waiting = False
        for notice in self.screen.query(Notice) or self._main.query(Notice):
            if notice.text == t("app.waiting"):
                notice.text = ""

    def _fatal_error(self) -> None:
        """Leave with a sentence instead of a traceback, where a mistake leaves nothing else."""
        # Textual's own traceback shows the values of variables, which are reports and people.
        from domain.tracing import blamed, traced

        error = self._exception or Exception()
        debugging = [traced(error)] if "debug" in self.features else []
        self._exit_renderables = [*debugging, t("app.unexpected", error=blamed(error))]
        self._close_messages_no_wait()

    def action_language(self) -> None:
        """Change between Chinese and English, at once and everywhere."""
        catalogue.use("en" if catalogue.language() == "zh" else "zh")
        self.say("")
        for screen in self.screen_stack:
            for node in screen.walk_children(with_self=True):
                relabel = getattr(node, "relabel", None)
                if relabel is not None:
                    relabel()
            screen.refresh(layout=True)
            for widget in screen.query("*"):
                widget.refresh(layout=True)

    def action_look(self) -> None:
        """Change between the dark and the light look."""
        self.theme = "light" if self.theme == "dark" else "dark"

    def action_help(self) -> None:
        """Explain what has the focus."""
        from tui.widgets.help import HelpDialog

        shown = self.screen if isinstance(self.screen, Explained) else self.view
        self.push_screen(HelpDialog(shown, self.screen.active_bindings))

    def explain(self, obligation_id: str) -> None:
        """Show why an obligation is what it is (R14)."""
        from tui.views.explanation import ExplanationDialog

        self.push_screen(ExplanationDialog(obligation_id))

    def open_matter(self, number: str, told: str = "") -> None:
        """Show the page of a matter; say there what brought it there."""
        from tui.views.matter_page import MatterPage

        self.push_screen(MatterPage(number, told))
