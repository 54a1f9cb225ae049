"""What every view is: a widget with a title, keys, a way to load, and something selected.

A new view is one file with one subclass of `View`, one line in `tui/entries.py:VIEWS`, and its
words in the catalogue. It overrides `load`, which asks the store (`self.ask`) and hands the answer
to a method of its own; `selected_subject`, for `?`, `e` and `y`; and `relabel` where it has texts.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Protocol, runtime_checkable

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widget import Widget

from catalogue import render, t
from domain.errors import Message
from domain.permissions import Action, refusal
from domain.texts import visible
from domain.values import dataclass
from tui.asking import Asks
from tui.widgets.notice import Tone


@dataclass(frozen=True, slots=True)
class Subject:
    """What is selected in a view: `title` and `lines` for `?`, `text` for `y`, the id for `e`."""

    title: str
    lines: tuple[str, ...] = ()
    text: str = ""
    obligation_id: str | None = None


@runtime_checkable
class Explained(Protocol):
    """What `?` explains: a view, or a page over the whole screen."""

    title_key: ClassVar[str]
    help_key: ClassVar[str]

    def selected_subject(self) -> Subject | None:
        """Return what is selected, or None."""


class View(Asks, Widget, can_focus=True):
    """The base of all views.

    | Key | Does |
    |---|---|
    | `e` | explains what is selected |
    | `y` | copies what is selected |
    | `b` | shows pictures |
    """

    title_key: ClassVar[str] = ""
    """Catalogue key of the name on the tab."""
    help_key: ClassVar[str] = ""
    """Catalogue key of the paragraph that `?` shows."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "explain", "keys.explain", id="explain", tooltip="keys.explain_help"),
        Binding("y", "copy", "keys.copy", id="copy", tooltip="keys.copy_help"),
        Binding("b", "picture", "plot.key", show=False, id="picture", tooltip="plot.key_help"),
    ]
    picture: ClassVar[str] = "rates"
    """The picture that `b` begins with."""

    stale = False
    """Whether the store changed while another view was shown."""

    def on_mount(self) -> None:
        """Load as soon as the view is there."""
        self.load()

    @abstractmethod
    async def ready(self) -> None:
        """Return when there is something to see; at once unless overridden."""

    def load(self) -> None:
        """Ask the store for what the view shows."""

    def on_store_changed(self) -> None:
        """Look again: somebody wrote, or another person acts."""
        self.load()

    def on_minute(self) -> None:
        """Look again at what time changes; at everything unless overridden."""
        self.on_store_changed()

    def forget(self) -> None:
        """Begin anew, before another person acts; what is shown comes with the next load."""

    def shown(self) -> None:
        """Take the stage: catch up on changes, and take the focus."""
        if self.stale:
            self.stale = False
            self.on_store_changed()
        self.focus_first()

    def focus_first(self) -> None:
        """Give the focus to the part that keys are for; the view itself unless overridden."""
        self.focus()

    def relabel(self) -> None:
        """Say everything again, in the language now in use; loads again unless overridden."""
        self.load()

    def selected_subject(self) -> Subject | None:
        """Return what is selected, or None."""
        return None

    def why_not(self, action: str) -> Message | None:  # noqa: ARG002 - for who overrides it
        """Return why an act that `check_action` withholds is not to be had here, None: no word."""
        return None

    def on_key(self, event: Key) -> None:
        """Say why a key of the view does nothing: it is not shown, yet somebody may know it."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if self.check_action(binding.action, ()) is not True:
                said = self.why_not(binding.action)
                if said is not None:
                    event.stop()
                    self.program.say(visible(render(said)), Tone.ERROR)

    def not_allowed(self, action: Action) -> Message | None:
        """Return that whoever acts may not do this, in the words of the refusal."""
        who = self.program.who
        if who is None:
            return None
        return refusal(action, who.login).message

    def action_explain(self) -> None:
        """Explain the selected obligation."""
        subject = self.selected_subject()
        if subject is None or subject.obligation_id is None:
            self.program.say(t("app.nothing_to_explain"))
            return
        self.program.explain(subject.obligation_id)

    def action_picture(self) -> None:
        """Show pictures, beginning with the view's own."""
        from exchange.pictures import PlotKind
        from tui.views.pictures import PicturesDialog

        self.program.say("")
        self.app.push_screen(PicturesDialog(PlotKind(self.picture)))

    def action_copy(self) -> None:
        """Copy the selected thing's text, over SSH too (OSC 52)."""
        subject = self.selected_subject()
        if subject is None or not subject.text:
            self.program.say(t("app.nothing_to_copy"))
            return
        self.app.copy_to_clipboard(subject.text)
        self.program.say(t("app.copied"))
