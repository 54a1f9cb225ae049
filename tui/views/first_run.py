"""The first start without a store: three choices in words, then straight to today."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from actions.opening import found
from catalogue import t
from domain.errors import LianluoError, Refused
from domain.people import Actor
from domain.settings import CityRules
from storage.store import open_store
from tui.views.base import View
from tui.widgets.fields import Row
from tui.widgets.notice import Tone
from tui.widgets.short_list import ShortList

DEFAULT_REGISTRY = "guangzhou"


class Way(StrEnum):
    """The three ways to a store."""

    DEMO = "demo"
    REGISTRY = "registry"
    EXISTING = "existing"


WAYS = tuple(Way)


class FirstRunView(View):
    """Makes or opens a store.

    | Key | Does |
    |---|---|
    | `1` `2` `3` | chooses |
    | `Enter` | does what is chosen |
    """

    title_key: ClassVar[str] = "first_run.title"
    help_key: ClassVar[str] = "first_run.help"
    DEFAULT_CSS = """
    FirstRunView { layout: vertical; }
    FirstRunView #welcome { margin: 1 0; height: auto; }
    FirstRunView #ways { margin-bottom: 1; }
    FirstRunView #about { height: auto; color: $quiet; margin-bottom: 1; }
    FirstRunView Row > .remark { width: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"way({number - 1})", "keys.way", show=False)
            for number in range(1, len(WAYS) + 1)
        ),
        Binding("enter", "go", "keys.go", id="go", tooltip="keys.go_help"),
    ]

    _busy = False

    def compose(self) -> ComposeResult:
        """Compose the choices and the fields of the one under the cursor."""
        yield Static(t("first_run.welcome"), id="welcome", markup=False)
        yield ShortList(id="ways")
        yield Static("", id="about", markup=False)
        yield Row(
            t("first_run.label_registry"), Input(DEFAULT_REGISTRY, id="registry", compact=True)
        )
        yield Row(t("first_run.label_store"), Input(id="store", compact=True))

    def load(self) -> None:
        """Show the choices; there is no store to ask."""
        self.query_one("#store", Input).value = str(self._proposed(Way.DEMO))
        self.relabel()
        self.focus_first()

    def relabel(self) -> None:
        """Say everything in the language now in use."""
        self.query_one("#welcome", Static).update(t("first_run.welcome"))
        self.query_one("#ways", ShortList).show(
            [
                ((str(number), "bold $accent"), (t(f"first_run.way_{way}"), "bold"))
                for number, way in enumerate(WAYS, 1)
            ]
        )
        for row, label in zip(self.query(Row), ("registry", "store"), strict=True):
            row.relabel(t(f"first_run.label_{label}"))
        self._show_way()

    def focus_first(self) -> None:
        """Begin in the list of choices."""
        self.screen.set_focus(self.query_one("#ways", ShortList))

    @property
    def _way(self) -> Way:
        return WAYS[self.query_one("#ways", ShortList).cursor]

    def _proposed(self, way: Way) -> Path | str:
        """Return where the store of this way would lie: a demo never takes the real one's place."""
        from exchange.config import default_store

        path = self.program.desk.path
        if way is Way.EXISTING:
            return ""
        return path.with_name("demo.db") if way is Way.DEMO and path == default_store() else path

    def on_short_list_moved(self) -> None:
        """Show the fields of the choice."""
        self._show_way()
        self.query_one("#store", Input).value = str(self._proposed(self._way))

    def _show_way(self) -> None:
        way = self._way
        self.query_one("#about", Static).update(t(f"first_run.about_{way}"))
        rows = list(self.query(Row))
        rows[0].display = way is Way.REGISTRY

    def action_way(self, index: int) -> None:
        """Choose by number."""
        listed = self.query_one("#ways", ShortList)
        listed.cursor = index
        self.screen.set_focus(listed)

    def on_short_list_opened(self) -> None:
        """Do what is chosen."""
        self.action_go()

    def on_input_submitted(self) -> None:
        """Do what is chosen."""
        self.action_go()

    def action_go(self) -> None:
        """Make or open the store, once."""
        field = self.query_one("#store", Input)
        if self._busy:
            return
        if not field.value.strip():
            self.program.say(t("first_run.store_missing"), Tone.ERROR)
            self.screen.set_focus(field)
            return
        self._busy = True
        self.program.say(t("first_run.working"))
        way, path = self._way, Path(field.value.strip()).expanduser()
        registry = self.query_one("#registry", Input).value.strip() or DEFAULT_REGISTRY
        self.work(lambda: self._make(way, path, registry), self._made, refused=self._refused)

    def _make(self, way: Way, path: Path, registry: str) -> Path:
        """Make or open the store in a worker; remember it where the next start would not find it.

        Returns its path.
        """
        from exchange.config import default_store, set_value, user_path

        desk = self.program.desk
        if way is Way.EXISTING:
            open_store(path).close()
        else:
            if path.parent == default_store().parent:
                _make_folder(path.parent)
            at = desk.now()
            actor = Actor(desk.login, desk.login, desk.host)
            rules = desk.settings.applied_to(CityRules())
            if way is Way.DEMO:
                from exchange.demo import found_demo

                found_demo(path, rules, actor, at).close()
            else:
                from exchange.registry import read_registry

                starts = rules.zone().day_of(at)
                found(path, read_registry(registry), rules, starts, actor, at).close()
        if path.absolute() != desk.path.absolute():
            set_value(self.program.loaded.path or user_path(), "store", str(path.absolute()))
        return path

    async def _made(self, path: Path) -> None:
        program = self.program
        await program.enter(path)
        program.say(t("first_run.done", store=str(path)), Tone.DONE)

    def _refused(self, error: LianluoError) -> None:
        self._busy = False
        self.program.show_error(error)


def _make_folder(folder: Path) -> None:
    """Make the user's own data folder; only its owner may look into it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused("errors.folder_missing", folder=str(folder)) from error
