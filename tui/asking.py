"""Asking the store from a widget or a screen: a worker thread asks, a message brings the answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual.dom import DOMNode
from textual.message import Message
from textual.timer import Timer
from textual.worker import Worker, WorkerState, get_current_worker

from catalogue import t
from domain.errors import LianluoError
from domain.tracing import blamed
from tui.desk import Question
from tui.widgets.notice import Tone

if TYPE_CHECKING:
    from tui.app import LianluoApp

T = TypeVar("T")
PATIENCE = 0.8
"""Seconds after which the program says that it waits for the store."""


class Asks(DOMNode):
    """A mixin for widgets and screens that ask the store; list it before the Textual class.

    That class then hands down none of its looks: a page that lies over the whole screen is named
    beside the screen in the style sheet.
    """

    class Answered(Message, bubble=False):
        """What the store said, as what is to be done with it; None where nobody asks any more."""

        def __init__(self, then: Callable[[], object] | None, patience: Timer) -> None:
            super().__init__()
            self.then = then
            self.patience = patience

    @property
    def program(self) -> LianluoApp:
        """Return the app, as what it is."""
        return cast("LianluoApp", self.app)

    def ask(
        self,
        question: Question[T],
        then: Callable[[T], object],
        *,
        group: str = "load",
        refused: Callable[[LianluoError], object] | None = None,
    ) -> None:
        """Run `question(store, actor, at)` in a thread, then `then(answer)`, a coroutine or not.

        A newer question of the same `group` makes an older one's answer void. An error is shown in
        the app's line of notices, unless `refused` takes it.
        """
        run = partial(self.program.desk.call, question)
        self._start(run, then, refused, group=group, exclusive=True)

    def act(
        self,
        question: Question[T],
        then: Callable[[T], object],
        *,
        refused: Callable[[LianluoError], object] | None = None,
    ) -> None:
        """Do something that writes: like `ask`, but no later question makes its answer void."""
        run = partial(self.program.desk.call, question)
        self._start(run, then, refused, group="act", exclusive=False)

    def work(
        self,
        run: Callable[[], T],
        then: Callable[[T], object],
        *,
        refused: Callable[[LianluoError], object] | None = None,
    ) -> None:
        """Run something that needs no open store in a thread: like `act`."""
        self._start(run, then, refused, group="act", exclusive=False)

    def _start(
        self,
        run: Callable[[], T],
        then: Callable[[T], object],
        refused: Callable[[LianluoError], object] | None,
        *,
        group: str,
        exclusive: bool,
    ) -> None:
        patience = self.set_timer(PATIENCE, self.program.say_waiting)
        self.run_worker(
            partial(self._run, run, then, refused or self.program.show_error, patience),
            thread=True,
            exclusive=exclusive,
            exit_on_error=False,
            group=group,
            name=group,
        )

    def _run(
        self,
        run: Callable[[], Any],
        then: Callable[[Any], object],
        refused: Callable[[LianluoError], object],
        patience: Timer,
    ) -> None:
        worker = get_current_worker()
        reaction: Callable[[], object] | None = None
        try:
            reaction = partial(then, run())
        except LianluoError as error:
            reaction = partial(refused, error)
        finally:
            void = worker.is_cancelled
            self.post_message(self.Answered(None if void else reaction, patience))

    async def on_asks_answered(self, event: Answered) -> None:
        """Do with the answer what was to be done."""
        event.stop()
        event.patience.stop()
        self.program.say_no_more_waiting()
        # An app that is leaving has no screens any more to show an answer on.
        if event.then is not None and self.app.screen_stack:
            done = event.then()
            if iscoroutine(done):
                await done

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say in words what no asker took: a worker's error never ends the program."""
        error = event.worker.error
        if event.state is not WorkerState.ERROR or error is None:
            return
        if isinstance(error, LianluoError):
            self.program.show_error(error)
        else:
            self.program.say(t("app.unexpected", error=blamed(error)), Tone.ERROR)
